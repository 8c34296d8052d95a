"""How alike two tables are: GriTS for structure and content, and the share of cells found.

Grid Table Similarity of Smock, Pesala and Abraham, "GriTS: Grid table similarity metric for table structure
recognition" (ICDAR 2023): both tables as matrices with an entry a field, spanning cells repeated over their fields;
the most similar pair of substructures (rows and columns in order, some left out) is found by the factored heuristic:
rows aligned by the best alignment of their entries, columns likewise, each by dynamic programming. The score is
2 * (sum of the entries' similarities) / (entries of both tables), a lower bound of the exact measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq

Span = tuple[int, int, int, int]  # row, column, rows, columns
T = TypeVar("T")
Scores = npt.NDArray[np.float64]


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
    size = len(a) * len(a[0]) + len(b) * len(b[0])
    fields = np.array([[[[similarity(x, y) for y in row_b] for row_b in b] for x in row_a] for row_a in a])
    scores = fields.transpose(0, 2, 1, 3)  # row of a, row of b, column of a, column of b
    rows = _aligned(np.array([[_best(pair) for pair in of_row] for of_row in scores]))
    columns = _aligned(np.array([[_best(pair) for pair in of_column] for of_column in scores.transpose(2, 3, 0, 1)]))
    return float(2 * sum(scores[i, j, k, m] for i, j in rows for k, m in columns) / size)


def _table(scores: Scores) -> Scores:
    """Best total of an alignment in order, for every pair of beginnings."""
    height, width = scores.shape
    best = np.zeros((height + 1, width + 1))
    for i in range(height):
        for j in range(width):
            best[i + 1, j + 1] = max(best[i, j] + scores[i, j], best[i, j + 1], best[i + 1, j])
    return best


def _best(scores: Scores) -> float:
    return float(_table(scores)[-1, -1])


def _aligned(scores: Scores) -> list[tuple[int, int]]:
    best = _table(scores)
    i, j = scores.shape
    pairs = []
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]
