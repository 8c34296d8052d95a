"""Rows of a table as full lists of fields, one a column: what the header, joining and numbering steps work on.

Reads :class:`~pipeline.values.PageTable` (restored); pictures play no part any more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.layout.tables.paragraphs import without_leading_marker
from pipeline.values import PageTable, Text

ROMAN = re.compile(r"[IVXLC]{1,7}")
_ROMAN_AS_READ = re.compile(r"(?!\d+\W?$)[IVXLCHl1|!]{1,7}[.)/]?")  # "H" for "II", "IH" for "III"
_NUMBER = re.compile(r"\(?\d{1,4}(?:[.,]\d{1,3})*[.)/]?\)?")
_LETTER = re.compile(r"\(?[A-Za-zĐđ][.)]?\)?")
_LABELLED = re.compile(
    r"(?P<label>[IVXLC]{1,7}|[A-ZĐ]|\d{1,3}(?:\.\d{1,3})*)\s*[.)/:\-–]\s*(?=\S)"
    r"|(?P<bare>[IVXLC]{1,7})\s+(?=[^\W\d_])"
)
_NOTHING = Text("")
LEAST_HEADING = 2  # words of a heading that shares the first field with its label


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row; ``covered`` when a merged cell that begins elsewhere lies over it."""

    text: Text = _NOTHING
    opens_item: bool = False  # its first line carried a bullet
    covered: bool = False
    above: bool = False  # that cell begins in a row above, in the same column
    width: int = 1  # columns and rows of the cell that begins here
    height: int = 1

    @property
    def string(self) -> str:
        return self.text.string


Row = tuple[Field, ...]


def dense_rows(table: PageTable) -> list[Row]:
    """All rows of a table on a page, as long as its columns."""
    grid = [[Field() for _ in range(table.columns)] for _ in range(table.rows)]
    for cell in table.cells:
        for r in range(cell.row, min(table.rows, cell.row + cell.row_span)):
            for c in range(cell.column, min(table.columns, cell.column + cell.column_span)):
                grid[r][c] = Field(covered=True, above=r > cell.row and c == cell.column)
        text, marked = without_leading_marker(cell.text)
        grid[cell.row][cell.column] = Field(text, marked, width=cell.column_span, height=cell.row_span)
    return [tuple(row) for row in grid]


def is_label(string: str) -> bool:
    """Whether a first cell numbers its row: "01", "1.", "2.1", "III", "a)"."""
    string = string.strip()
    return bool(_NUMBER.fullmatch(string) or ROMAN.fullmatch(string.rstrip(".)")) or _LETTER.fullmatch(string))


def is_blank(row: Sequence[Field]) -> bool:
    return not any(f.string for f in row)


def group_row(row: Row) -> Row | None:
    """A row that only heads the rows below it: label in the first field, heading in the second; else None.

    On paper it is a cell merged over (nearly) all columns, or a roman numeral and a heading with nothing behind them.
    In a dump, which tells no merged cells, its label and heading stand in the first field.
    """
    if len(row) < 3:
        return None
    filled = [k for k, f in enumerate(row) if f.string]
    if filled == [0]:
        label, heading = _split_label(row[0].text)
        if label is None or (row[0].width < len(row) - 1 and len(heading.string.split()) < LEAST_HEADING):
            return None
        return (replace(row[0], text=label, width=1), Field(heading), *(Field() for _ in row[2:]))
    if filled == [0, 1] and (row[1].width >= len(row) - 2 or _ROMAN_AS_READ.fullmatch(row[0].string.strip())):
        return (*row[:2], *(Field() for _ in row[2:]))
    if filled == [1] and row[1].width >= len(row) - 1:
        return row
    return None


def _split_label(text: Text) -> tuple[Text, Text] | tuple[None, Text]:
    match = _LABELLED.match(text.string)
    if match is None:
        return None, text
    group = "label" if match["label"] else "bare"
    return text.slice(match.start(group), match.end(group)), text.slice(match.end())


def texts(row: Row) -> tuple[Text, ...]:
    return tuple(f.text for f in row)
