from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.citations import citation_spans, find_citations
from pipeline.values import Text

Found = list[tuple[str, str, str | None, str | None]]


def found(string: str) -> Found:
    return [(c.type, c.number, c.issued_on, c.issuer) for c in find_citations(Text(string))]


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        (
            "Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị về đột phá",
            [("Nghị quyết", "57-NQ/TW", "2024-12-22", "Bộ Chính trị")],
        ),
        (
            "Căn cứ Luật khám bệnh, chữa bệnh số 40/2009/QH12, ngày 23 tháng 11 năm 2009;",
            [("Luật", "40/2009/QH12", "2009-11-23", None)],
        ),
        (
            "Căn cứ Nghị định số 109/2016/NĐ-CP, ngày 01/7/2016, của Chính phủ quy định cấp chứng chỉ",
            [("Nghị định", "109/2016/NĐ-CP", "2016-07-01", "Chính phủ")],
        ),
        ("theo quy định tại Kế hoạch 274/KH-UBND.", [("Kế hoạch", "274/KH-UBND", None, None)]),
        (
            "Chương trình hành động số 32-CTr/TU ngày 24 tháng 02 năm 2025 của Ban Thường vụ Tỉnh ủy về thực hiện",
            [("Chương trình hành động", "32-CTr/TU", "2025-02-24", "Ban Thường vụ Tỉnh ủy")],
        ),
        (
            "Công văn số 130/SYT-TCCB ngày 21 tháng 02 năm 2012 Sở Y tế về việc thực hiện",
            [("Công văn", "130/SYT-TCCB", "2012-02-21", "Sở Y tế")],
        ),
        (
            "Thực hiện Hướng dẫn số 05-HD/BTGTW của Ban Tuyên giáo Trung ương ngày 15/01/2026",
            [("Hướng dẫn", "05-HD/BTGTW", "2026-01-15", "Ban Tuyên giáo Trung ương")],
        ),
        (
            "Quyết định số 1675/QĐ-UBND ngày 09 tháng 8 năm 2017 của Ủy ban nhân dân tỉnh Trường Sơn về việc quy định",
            [("Quyết định", "1675/QĐ-UBND", "2017-08-09", "Ủy ban nhân dân tỉnh Trường Sơn")],
        ),
        (
            "Thông tư số 39/2013/TT-BGDĐT ngày 04/12/2013 của Bộ trưởng Bộ Giáo dục và Đào tạo hướng dẫn",
            [("Thông tư", "39/2013/TT-BGDĐT", "2013-12-04", "Bộ trưởng Bộ Giáo dục và Đào tạo")],
        ),
        ("quyết định số 8119/QĐ-SYT", [("Quyết định", "8119/QĐ-SYT", None, None)]),
        ("(Nghị quyết số 11/NQ-CP (STT4))", [("Nghị quyết", "11/NQ-CP", None, None)]),
    ],
)
def test_a_citation_in_each_form(string: str, expected: Found) -> None:
    assert found(string) == expected


def test_nested_citations_each_once() -> None:
    string = (
        "Thực hiện Kế hoạch số 181/KH-UBND ngày 25/02/2025 của Ủy ban nhân dân tỉnh Trường Sơn về thực hiện Nghị quyết "
        "số 03/NQ-CP của Chính phủ về thực hiện Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 của Bộ Chính trị "
        "(sau đây gọi tắt là Nghị quyết số 57-NQ/TW)"
    )
    assert [(c[1], c[2]) for c in found(string)] == [
        ("181/KH-UBND", "2025-02-25"),
        ("03/NQ-CP", None),
        ("57-NQ/TW", "2024-12-22"),
    ]


def test_a_later_mention_supplies_the_date() -> None:
    assert found("Nghị quyết số 57-NQ/TW; Nghị quyết số 57-NQ/TW ngày 22/12/2024")[0][2] == "2024-12-22"


def test_numbers_behind_one_kind_share_it() -> None:
    assert [
        c[:2] for c in found("các Nghị quyết số 18-NQ/TW, số 19-NQ/TW và 20-NQ/TW của Ban Chấp hành Trung ương")
    ] == [
        ("Nghị quyết", "18-NQ/TW"),
        ("Nghị quyết", "19-NQ/TW"),
        ("Nghị quyết", "20-NQ/TW"),
    ]


@pytest.mark.parametrize(
    ("string", "number", "date"),
    [
        ("Nghị quyết số 57- NQ/TW ngày 22/12/2024", "57-NQ/TW", "2024-12-22"),
        ("Quyết định số 81 19/QĐ-SYT ngày 29/12/2016", "8119/QĐ-SYT", "2016-12-29"),
        ("Nghị quyết số.03/NQ-CP ngày 09/01/2025", "03/NQ-CP", "2025-01-09"),
        ("Nghị quyết số 57-NQ/TVW ngày 22 tháng - 12 năm 2024", "57-NQ/TW", "2024-12-22"),
        ("Công văn số 130/SYT-TCCB ngày 2Ì tháng 02 năm 2012", "130/SYT-TCCB", "2012-02-21"),
        ("Kế hoạch số 31/KH-SDL 10/01/2025 của Sở Du lịch", "31/KH-SDL", "2025-01-10"),
    ],
)
def test_what_ocr_breaks_is_mended(string: str, number: str, date: str) -> None:
    assert [(c[1], c[2]) for c in found(string)] == [(number, date)]


@pytest.mark.parametrize(
    "string",
    [
        "trước ngày 30/9/2025 và trong giai đoạn 2026-2030",
        "Luật Thanh tra năm 2022",
        "bệnh Covid-19, trực 24/7 tại 50/63 tỉnh",
        "Kế hoạch số /KH-SYT ngày /3/2026",
        "thanh toán 100% chi phí",
    ],
)
def test_what_has_no_number_of_a_document_is_no_citation(string: str) -> None:
    assert found(string) == []


def test_an_impossible_date_is_left_out() -> None:
    assert found("Kế hoạch số 5/KH-UBND ngày 31/02/2025")[0][2] is None


@given(st.text(alphabet="Kế hoạch số 0123456789/-KHUBND.,;()ngày tháng năm của ", max_size=80))
def test_spans_are_in_order_and_do_not_overlap(string: str) -> None:
    spans = citation_spans(string)
    assert all(0 <= s.start < s.end <= len(string) for s in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(st.integers(1, 9999), st.dates(min_value=__import__("datetime").date(1990, 1, 1)))
def test_any_number_and_date_come_back(number: int, day: object) -> None:
    import datetime as dt

    assert isinstance(day, dt.date)
    string = f"Kế hoạch số {number}/KH-UBND ngày {day.day:02d}/{day.month}/{day.year:04d} của UBND tỉnh"
    assert found(string) == [("Kế hoạch", f"{number}/KH-UBND", day.isoformat(), "UBND tỉnh")]


@pytest.mark.parametrize(
    ("printed", "issuer"),
    [
        ("Kế hoạch số 19/KH-ATTP ngày 30/01/2024 của Chi cục An toàn vệ sinh thực phẩm về công tác năm", None),
        ("Công văn số 102/CNTT-YT ngày 12/3/2018 của Cục Công nghệ thông tin về việc tăng cường", None),
        ("Giấy mời số 296/GM-KCB ngày 13/10/2017 của Cục Quản lý Khám, chữa bệnh, Bộ Y tế về việc", None),
        ("Kế hoạch số 194/KH-BCĐ ngày 01/11/2017 của Ban Chỉ đạo Phòng, chống HIV/AIDS tỉnh về tháng", None),
        ("Quyết định số 5/QĐ-TTg ngày 02/3/2020 của Thủ tướng Chính phủ thông qua đề án", "Thủ tướng Chính phủ"),
        ("Công văn số 9/STT ngày 03/3/2020 của Sở Du lịch, thực hiện kế hoạch năm", "Sở Du lịch"),
    ],
)
def test_issuers_with_small_words_and_commas_in_their_names(printed: str, issuer: str | None) -> None:
    named = printed.split(" của ", 1)[1]
    whole = issuer or re.split(r" về |, Bộ", named)[0]
    assert [c.issuer for c in find_citations(Text(printed))] == [whole]


def test_a_regulation_on_working_together_is_no_letter() -> None:
    (citation,) = find_citations(Text("Căn cứ Quy chế phối hợp số 02/QCPH-CAT-LĐLĐ ngày 11/4/2023 giữa hai ngành"))
    assert (citation.type, citation.number) == ("Quy chế phối hợp", "02/QCPH-CAT-LĐLĐ")
