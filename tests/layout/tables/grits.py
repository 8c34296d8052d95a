"""How alike two tables are: GriTS for structure and content, and the share of cells found.

GriTS as in :func:`pipeline.quality.scoring.tables.grits_of`, on matrices with an entry a field: spanning cells are
repeated over their fields, and entries are compared by topology or by content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

import numpy as np
from rapidfuzz.distance import LCSseq

from pipeline.quality.scoring.tables import grits_of

Span = tuple[int, int, int, int]  # row, column, rows, columns
T = TypeVar("T")


def cell_f1(found: Iterable[Span], drawn: Iterable[Span]) -> float:
    """F1 of cells with exactly their place and span."""
    a, b = set(found), set(drawn)
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def grits_top(found: Iterable[Span], drawn: Iterable[Span]) -> float:
    """Topology: an entry is its cell's span seen from the field; two are as alike as their rectangles overlap."""
    return _grits(_matrix(found, _relative), _matrix(drawn, _relative), _overlap)


def grits_con(found: Mapping[Span, str], drawn: Mapping[Span, str]) -> float:
    """Content: an entry is its cell's text; two are as alike as their longest common subsequence is long."""
    return _grits(_matrix(found, lambda s, *_: found[s]), _matrix(drawn, lambda s, *_: drawn[s]), _alike)


def _matrix(cells: Iterable[Span], entry: Callable[[Span, int, int], T]) -> list[list[T]]:
    fields = {
        (r, c): entry(span, r, c)
        for span in cells
        for r in range(span[0], span[0] + span[2])
        for c in range(span[1], span[1] + span[3])
    }
    rows, columns = 1 + max(r for r, _ in fields), 1 + max(c for _, c in fields)
    return [[fields[r, c] for c in range(columns)] for r in range(rows)]


def _relative(span: Span, row: int, column: int) -> Span:
    return span[0] - row, span[1] - column, span[2], span[3]


@cache
def _overlap(a: Span, b: Span) -> float:
    height = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    width = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(0, height) * max(0, width)
    return common / (a[2] * a[3] + b[2] * b[3] - common)


@cache
def _alike(a: str, b: str) -> float:
    return 2 * LCSseq.similarity(a, b) / (len(a) + len(b)) if a or b else 1.0


def _grits(a: Sequence[Sequence[T]], b: Sequence[Sequence[T]], similarity: Callable[[T, T], float]) -> float:
    fields = np.array([[[[similarity(x, y) for y in row_b] for row_b in b] for x in row_a] for row_a in a])
    return grits_of(fields.transpose(1, 3, 0, 2))  # column of a, column of b, row of a, row of b
