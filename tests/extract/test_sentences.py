"""What may set a deadline is told by a few words; nothing that sets one is passed over."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import deadlines
from pipeline.extract.language import deadline_phrases
from pipeline.extract.sentences import may_set_time
from pipeline.values import Text

PHRASES = sorted({phrase for listed in deadline_phrases().values() for phrase in listed})
BETWEEN = ["Sở Y tế", ",", ".", "(", ")", "và", "II", "một", "hai", "tháng", "quý", "nửa", "đầu", "lần", "/", "buổi"]
FIGURES = [
    "5",
    "05",
    "16",
    "31",
    "2026",
    "30/9",
    "06 - 15-11",
    "9/2025",
    "T6",
    "T6-T8",
    "Q3/2025",
    "3O/6/2O26",
    "l/2026",
]
FIGURES += [
    "100%",
    "57-NQ/TW",
    "16h30",
    "ngày",
    "ngay",
    "nam",
    "thang",
    "giờ",
    "phút",
    "đến",
    "quy",
    "Quy",
    "qui",
    "IV",
]
PIECES = st.sampled_from([*PHRASES, *BETWEEN]) | st.sampled_from([*BETWEEN, *FIGURES])


@pytest.mark.parametrize(
    "statement",
    [
        "Tăng cường tuyên truyền về an toàn thực phẩm.",
        "Phối hợp với Sở Y tế tổ chức hội nghị.",
        "",
        "Quán triệt",
        "ít nhất 5 lớp theo quy định tại Nghị quyết số 57-NQ/TW",
    ],
)
def test_ordinary_statements_need_not_be_asked(statement: str) -> None:
    assert not may_set_time(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "xong trong quý II",
        "HẰNG NĂM đánh giá",
        "Thuong xuyen kiểm tra",
        "Khi có tin bão, sơ tán dân",
        "quy II",
        "đến 30/9",
        "sau 5 phut",
    ],
)
def test_words_of_time_events_and_figures_are_seen(statement: str) -> None:
    assert may_set_time(statement)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, min_size=1, max_size=8), st.booleans())
def test_what_sets_a_deadline_is_never_passed_over(pieces: list[str], capital: bool) -> None:
    statement = " ".join(pieces)
    text = Text(statement[:1].upper() + statement[1:] if capital else statement)
    with patch.object(deadlines, "may_set_time", lambda string: True):
        asked = deadlines.find_deadlines(text, 2025)
    assert deadlines.find_deadlines(text, 2025) == asked
