from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.language import code_places, language, level, read, time_spans


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Chủ trì, phối hợp.", ["Chủ", "trì", ",", "phối", "hợp", "."]),
        ("trước ngày 30/9/2025", ["trước", "ngày", "30", "/", "9", "/", "2025"]),
        ("Nghị quyết số 12-NQ/TU; 40/2009/QH12", ["Nghị", "quyết", "số", "12-NQ/TU", ";", "40/2009/QH12"]),
        ("Sở KH&CN", ["Sở", "KH&CN"]),
        ("chủ trì/phối hợp", ["chủ", "trì", "/", "phối", "hợp"]),
        ("Kế hoạch-Tài chính,Sở", ["Kế", "hoạch", "-", "Tài", "chính", ",", "Sở"]),
        ("11.500.000 đồng (3,5%)", ["11.500.000", "đồng", "(", "3,5", "%", ")"]),
        ("“học tập số”...", ["“", "học", "tập", "số", "”", "..."]),
    ],
)
def test_tokens_are_words_numbers_codes_and_signs(text: str, tokens: list[str]) -> None:
    assert [t.text for t in read(text)] == tokens


@given(st.text())
def test_tokens_lose_nothing(text: str) -> None:
    assert "".join(t.text_with_ws for t in read(text)) == text


@pytest.mark.parametrize(
    ("printed", "levelled"), [("Hoá", "hóa"), ("hàng", "hằng"), ("Quí", "quý"), ("quy", "quy"), ("thuỷ", "thủy")]
)
def test_spellings_that_mean_the_same_are_levelled(printed: str, levelled: str) -> None:
    assert level(printed) == levelled


@pytest.mark.parametrize(
    ("text", "span", "label"),
    [
        ("ngày 05 tháng 12 năm 2025", "ngày 05 tháng 12 năm 2025", "date"),
        ("ngay 05 thang 12 nam 2025", "ngay 05 thang 12 nam 2025", "date"),  # marks lost by OCR
        ("Quý Il/2026", "Quý Il/2026", "quarter_year"),
        ("từ ngày 06 - 15/11/2017", "ngày 06 - 15/11/2017", "day_range"),
        ("6 tháng/lần", "6 tháng/lần", "every"),
        ("02 lần/năm", "02 lần/năm", "times_per"),
    ],
)
def test_times_are_marked_whole(text: str, span: str, label: str) -> None:
    doc = read(text)
    assert [(s.text, s.label_) for s in time_spans(doc)] == [(span, label)]


def test_codes_of_documents_are_marked() -> None:
    doc = read("Kế hoạch số 181/KH-UBND và 57-NQ/TW trên 30/9/2025")
    assert [doc[i].text for i in code_places(doc)] == ["181/KH-UBND", "57-NQ/TW"]


def test_thousands_of_tokens_a_second() -> None:
    language()
    text = "Giao Phòng Kế hoạch - Tài chính chủ trì, báo cáo trước ngày 30/9/2025. " * 60
    begin = time.perf_counter()
    tokens = len(read(text))
    assert tokens / (time.perf_counter() - begin) > 2000
