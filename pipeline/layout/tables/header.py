"""The header of a table: how many rows it has, what its columns are called, and whether a page repeats it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.layout.tables.rows import Row, is_label

DEEPEST = 4  # header levels seen in plans: at most three, and a row of column numbers
SAME_HEADING = 70.0  # similarity of a repeated header's text, OCR errors included

_NUMBER_COLUMN = frozenset({"stt", "tt", "sott", "so", "sothutu", "no"})
_COLUMN_NUMBER = re.compile(r"[(\[]?\s*(?:\d{1,2}|[A-Za-z])\s*[)\]]?(?:\s*=.*)?")


def header_depth(rows: Sequence[Row]) -> int:
    """Rows of the header at the top of ``rows``; 0 when the table starts with data."""
    if not rows or not _is_header(rows[0]):
        return 0
    depth = max((f.height for f in rows[0] if f.string and f.width < len(rows[0])), default=1)
    if depth == 1 and any(1 < f.width < len(rows[0]) for f in rows[0]) and len(rows) > 1 and not rows[1][0].string:
        depth = 2  # headings over several columns, whose names stand below
    return min(depth, DEEPEST, len(rows))


def _is_header(row: Row) -> bool:
    first = row[0].string.strip()
    if names_number_column(row):
        return True
    if is_label(first):
        return False
    filled = [f for f in row if f.string]
    return (
        len(filled) >= 2
        and len(filled) + sum(f.covered for f in row) >= len(row) - 1
        and all(len(f.string) <= 90 and not f.opens_item for f in filled)
    )


def names_number_column(row: Row) -> bool:
    """Whether a row begins with the heading of a number column ("STT", "TT", "Số TT"): no row of data does."""
    return fold(row[0].string) in _NUMBER_COLUMN


def is_numbering(row: Row) -> bool:
    """A row of column numbers: "(1) (2) (3)", "1 2 3=1+2", "A B 1 2"."""
    filled = [f.string.strip() for f in row if f.string]
    return len(filled) >= max(2, len(row) - 1) and all(_COLUMN_NUMBER.fullmatch(s) for s in filled) and _ascends(filled)


def _ascends(labels: Sequence[str]) -> bool:
    """At least two neighbours in sequence, and no number twice (a row of data may hold small numbers too)."""
    values = [int(m[0]) if (m := re.search(r"\d+", s.split("=")[0])) else None for s in labels]
    steps = sum(1 for a, b in pairwise(values) if a is not None and b is not None and b - a == 1)
    numbers = [v for v in values if v is not None]
    return steps >= max(1, len(numbers) - 2) and len(set(numbers)) == len(numbers)


def column_names(header: Sequence[Row], columns: int) -> tuple[str, ...]:
    """One name a column: the headings above it from the top level down, joined by " - "."""
    names = []
    for column in range(columns):
        parts: list[str] = []
        for level in range(len(header)):
            string = " ".join(_heading(header, level, column).split())
            if string and string not in parts:
                parts.append(string)
        names.append(" - ".join(parts))
    return tuple(names)


def _heading(header: Sequence[Row], level: int, column: int) -> str:
    """The heading whose cell lies over the field at ``level`` and ``column``."""
    for r in range(level, -1, -1):
        for c in range(column, -1, -1):
            field = header[r][c]
            if not field.covered:
                if r + field.height > level and c + field.width > column:
                    return field.string
                break
    return header[level][column].string


def repeats(header: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Whether ``rows`` begin with ``header`` again, OCR errors aside."""
    if not header or len(rows) < len(header):
        return False
    wanted = " ".join(fold(f.string) for row in header for f in row if f.string)
    found = " ".join(fold(f.string) for row in rows[: len(header)] for f in row if f.string)
    return bool(wanted) and fuzz.ratio(wanted, found) >= SAME_HEADING


def fold(string: str) -> str:
    """Letters and digits only, without case and diacritics."""
    plain = unicodedata.normalize("NFD", string.casefold().replace("đ", "d"))
    return "".join(c for c in plain if c.isalnum())
