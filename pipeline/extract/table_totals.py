"""Columns of figures that do not add up to what their row of totals says: a figure was misread, or the author slipped.

Reads the tables of an assembled document. Lone figures in narrow cells are what OCR misreads most and what no other
rule can tell; a sum tells. Words of totals: knowledge/cells.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.knowledge.cells import is_total, never_adds_up
from schemas import PlanTable, PlanWarning

_FEWEST = 3  # figures that are added up; two may agree or differ by chance
_GROUP = re.compile(r"[IVX]{1,5}\.?|[A-ZĐ]\.?|")  # labels of rows that may be sums themselves
_FIGURE = re.compile(r"\d{1,3}(?:\.\d{3}){1,4}|\d{1,15}(?:,\d{1,6})?")
_ROUNDED = Decimal("0.01")  # of a total: figures that are printed rounded add up to a little more or less


def check_totals(table: PlanTable) -> Iterator[PlanWarning]:
    """A warning for each column whose figures add up to another total than is printed.

    Only tables with one row of totals, at either end, and without groups of rows: what a total among others adds up
    is a guess.
    """
    totals = [k for k, row in enumerate(table.rows) if _adds_up(row)]
    if len(totals) != 1 or totals[0] not in (0, len(table.rows) - 1):
        return
    total = table.rows[totals[0]]
    rows = [row for k, row in enumerate(table.rows) if k != totals[0]]
    if any(_GROUP.fullmatch(row[0].strip()) for row in rows if row):
        return
    for column, heading in enumerate(table.columns):
        printed = _figure(_cell(total, column))
        if printed is None or never_adds_up(heading):
            continue
        cells = [_cell(row, column) for row in rows]
        figures = [figure for cell in cells if (figure := _figure(cell)) is not None]
        if len(figures) < _FEWEST or 2 * len(figures) < len(rows) or printed <= max(figures):
            continue
        added = sum(figures, Decimal(0))
        exact = printed == printed.to_integral_value() and added == added.to_integral_value()
        if added != printed if exact else abs(added - printed) > _ROUNDED * printed:
            message = (
                f"{table.id}, column {heading!r}: its figures add up to {_shown(added)}, its total says"
                f" {_shown(printed)}: compare the column with the page"
            )
            page = table.pages[0] if len(table.pages) == 1 else None
            yield PlanWarning(code="table_total_differs", message=message, page=page, item_id=table.id)


def _adds_up(row: Sequence[str]) -> bool:
    return any(is_total(cell) for cell in row[:3])


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _figure(cell: str) -> Decimal | None:
    """The figure that the whole cell is, points parting thousands: "1.214", "12,5"."""
    if not _FIGURE.fullmatch(cell):
        return None
    return Decimal(cell.replace(".", "").replace(",", "."))


def _shown(figure: Decimal) -> str:
    """As it is printed in Vietnam."""
    return f"{figure:,}".translate(str.maketrans(",.", ".,"))
