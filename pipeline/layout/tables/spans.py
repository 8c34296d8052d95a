"""Cells merged over columns and rows in the header of a text dump, which tells only where text stands.

A heading over several columns leaves the fields to its right empty, and the row below fills them; a heading without
such a row below it runs down to the last row of the header.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.layout.tables.header import DEEPEST, names_number_column
from pipeline.layout.tables.rows import Field, is_label
from pipeline.values import Cell

LONGEST = 60  # letters of a heading in a lower row
FEWEST = 2  # headings that stand below a common one

_Ranges = list[tuple[int, int]]
"""First and last column of each heading of a row that has headings below it."""


def with_header_spans(cells: Sequence[Cell], rows: int, columns: int) -> Iterator[Cell]:
    """``cells``, those of a header of several rows with the spans that the empty fields tell."""
    filled = {(cell.row, cell.column): cell for cell in cells if cell.text}
    first = filled.get((0, 0))
    if first is None or not names_number_column((Field(first.text),)):
        yield from cells
        return
    wide: list[_Ranges] = []
    within = [(0, columns - 1)]
    while len(wide) < min(DEEPEST, rows) - 1:
        below = _with_headings_below(filled, len(wide), within, columns)
        if not below:
            break
        wide.append(below)
        within = below
    depth = len(wide) + 1
    for cell in cells:
        if depth == 1 or cell.row >= depth:
            yield cell
        elif cell.text:
            under = wide[cell.row] if cell.row < depth - 1 else []
            last = next((end for begin, end in under if begin == cell.column), None)
            if last is None:
                yield replace(cell, row_span=depth - cell.row)
            else:
                yield replace(cell, column_span=last + 1 - cell.column)


def _with_headings_below(filled: Mapping[tuple[int, int], Cell], row: int, within: _Ranges, columns: int) -> _Ranges:
    """The headings of ``row`` that the row below divides; none where that row is one of data."""
    ranges = []
    for begin, end in within:
        starts = [c for c in range(begin, end + 1) if (row, c) in filled]
        stops = [*(c - 1 for c in starts[1:]), end]
        ranges += [(a, b) for a, b in zip(starts, stops, strict=True) if b > a]
    below = [c for c in range(columns) if (row + 1, c) in filled]
    deeper = [c for c in range(columns) if (row + 2, c) in filled]
    divided = [(a, b) for a, b in ranges if _is_divided(a, b, below) or (a in below and _is_divided(a, b, deeper))]
    inside = all(any(a <= c <= b for a, b in divided) for c in below)
    texts = [filled[row + 1, c].text.string for c in below]
    headings = all(len(text) <= LONGEST and not is_label(text) for text in texts)
    return divided if below and inside and headings else []


def _is_divided(first: int, last: int, headings: Sequence[int]) -> bool:
    return sum(first <= c <= last for c in headings) >= FEWEST
