"""Doubts about units read from a list: words that stand between the names and belong to none.

Reads the value of "Chủ trì: …" or a cell after its units were found. Capitals left over behind a unit ("Trung tâm Xúc
tiến Đầu tư, -Thương mại và Du lịch") are most likely the rest of its name, cut off by a speck or a misread sign.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from schemas import UnitRef

_LEFT_OVER = 0.5  # confidence left to a unit behind which words of a name are left over
_FEWEST = 2  # capitals left over that are more than a name's initial or a speck


def doubted(units: Sequence[UnitRef], spans: Sequence[tuple[int, int]], doc: Doc) -> list[UnitRef]:
    """The units, those less sure behind which capitals are left over; ``spans`` are their tokens in ``doc``."""
    result = []
    for k, unit in enumerate(units):
        behind = spans[k + 1][0] if k + 1 < len(spans) else len(doc)
        result.append(_less_sure(unit) if _names_left(doc, spans[k][1], behind) else unit)
    return result


def _names_left(doc: Doc, first: int, last: int) -> bool:
    """Whether capitals stand in these tokens, brackets aside."""
    depth = 0
    count = 0
    for token in doc[first:last]:
        depth += (token.text == "(") - (token.text == ")")
        count += depth == 0 and token.is_alpha and token.text[:1].isupper()
    return count >= _FEWEST


def _less_sure(unit: UnitRef) -> UnitRef:
    if unit.source is None:
        return unit
    sure = round(unit.source.confidence * _LEFT_OVER, 3)
    return unit.model_copy(update={"source": unit.source.model_copy(update={"confidence": sure})})
