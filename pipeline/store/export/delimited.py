"""Assignments as CSV for Excel: UTF-8 with a byte-order mark, no cell that becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from pipeline.store.export.files import Links, clean, harmless
from pipeline.store.export.records import PlanRecords
from pipeline.store.export.rows import ASSIGNMENTS, Cell, assignment_cells, numbered


def write(plans: Iterator[PlanRecords], path: Path, links: Links) -> list[str]:
    """Write a row for each assignment, with a link to its page behind the columns of the sheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(column.heading for column in ASSIGNMENTS), "Liên kết"])
        for number, each, plan in numbered(plans):
            link = links.to(Path(plan.name), plan.document.source.file, each.page)
            writer.writerow([_cell(cell) for cell in (*assignment_cells(number, each, plan), link)])
    return []


def _cell(value: Cell) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else harmless(clean(value)) if isinstance(value, str) else str(value)
