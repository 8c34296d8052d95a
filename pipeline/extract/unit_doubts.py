"""Doubts about units read from a list: words that stand between the names and belong to none.

Reads the value of "Chủ trì: …" or a cell after its units were found. Capitals left over behind a unit ("Trung tâm Xúc
tiến Đầu tư, -Thương mại và Du lịch") are most likely the rest of its name, cut off by a speck or a misread sign.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas import UnitRef

_LEFT_OVER = 0.5  # confidence left to a unit behind which words of a name are left over
_FEWEST = 2  # capitals left over that are more than a name's initial or a speck


def doubted(units: Sequence[UnitRef], spans: Sequence[tuple[int, int]], words: Sequence[str]) -> list[UnitRef]:
    """The units, those less sure behind which capitals are left over; ``spans`` are their places among ``words``."""
    result = []
    for k, unit in enumerate(units):
        behind = spans[k + 1][0] if k + 1 < len(spans) else len(words)
        result.append(_less_sure(unit) if _names_left(words[spans[k][1] : behind]) else unit)
    return result


def _names_left(words: Sequence[str]) -> bool:
    """Whether capitals stand among the words, brackets aside."""
    depth = 0
    count = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        count += depth == 0 and word.isalpha() and word[:1].isupper()
    return count >= _FEWEST


def _less_sure(unit: UnitRef) -> UnitRef:
    if unit.source is None:
        return unit
    sure = round(unit.source.confidence * _LEFT_OVER, 3)
    return unit.model_copy(update={"source": unit.source.model_copy(update={"confidence": sure})})
