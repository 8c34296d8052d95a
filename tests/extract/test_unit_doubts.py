"""Units behind which part of a name is left over are less sure than others."""

from __future__ import annotations

import pytest

from pipeline.extract.units import units_in
from pipeline.values import Line, Text, Word
from tests.extract.builders import LORE


def confidences(value: str) -> list[float]:
    text = Text.of_lines([Line(1, tuple(Word(w, w, confidence=0.9) for w in value.split()))])
    return [unit.source.confidence if unit.source else -1.0 for unit in units_in(text, LORE)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Sở Nội vụ; Sở Tài chính", [0.9, 0.9]),
        ("Trung tâm Xúc tiến Đầu tư; Thương mại và Du lịch", [0.45]),
        ("Trung tâm Xúc tiến Đầu tư, -Thương mại và Du lịch", [0.9]),  # a speck behind a comma
        ("Sở Nội vụ (đồng chí Trần Văn Mẫu phụ trách)", [0.9]),
    ],
)
def test_capitals_left_over_behind_a_unit(value: str, expected: list[float]) -> None:
    assert confidences(value) == expected
