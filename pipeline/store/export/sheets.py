"""A workbook as offices print it: assignments, objectives, units, deadlines, doubtful values. No cell is a formula.

Rows are written as they come and kept nowhere, so that a workbook may be as long as the format allows: 1,048,576 rows a
sheet, then a sheet more. Times in the file are fixed, so that the same results give the same bytes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from pipeline.store.changes import vietnamese_date
from pipeline.store.export.files import Links, clean
from pipeline.store.export.records import Due, PlanRecords, when_words
from pipeline.store.export.rows import ASSIGNMENTS, PAGE, PRINTED, SHEETS, Cell, Column, assignment_cells

MOST_ROWS = 1_048_576
MOST_LINKS = 65_530
"""Links on a sheet; Excel drops them all when there are more."""
LONGEST = 32_767
"""Characters in a cell."""
LINE = 15.0
"""Points from line to line in the default font."""
TALLEST = 409.0
"""Points of the tallest row that Excel knows."""
LETTERS = 0.95
"""Letters that a unit of column width holds, less what breaking at words leaves empty."""

_THIN = Side(style="thin", color="FFB0B0B0")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="FFDCE6F1")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
_LINK = Font(color="FF0563C1", underline="single")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


@dataclass(slots=True)
class _Sheet:
    """One kind of sheet; goes on to another when one is full."""

    book: Workbook
    title: str
    columns: Sequence[Column]
    sheet: Any = None
    parts: int = 0
    rows: int = 0
    links: int = 0
    count: int = 0
    cut: int = 0
    unlinked: int = 0

    def append(self, cells: Sequence[Cell], link: str | None = None, linked: int = -1) -> None:
        """Add a row; the cell at index ``linked`` leads to ``link``."""
        if self.sheet is None or self.rows == MOST_ROWS:
            self._begin()
        self.rows += 1
        made = [self._cell(value) for value in cells]
        if link and linked >= 0 and made[linked].value is not None:
            if self.links < MOST_LINKS:
                self.links += 1
                place = f"{get_column_letter(linked + 1)}{self.rows}"
                made[linked].hyperlink = Hyperlink(ref=place, target=link)
                made[linked].font = _LINK
            else:
                self.unlinked += 1
        self.sheet.row_dimensions[self.rows].height = self._height(made)
        self.sheet.append(made)
        del self.sheet.row_dimensions[self.rows]  # written; thousands of them would stay in memory

    def next(self) -> int:
        """The number of the next row for people."""
        self.count += 1
        return self.count

    def finish(self) -> None:
        """Set the filter over what was written; a sheet without rows keeps its headings."""
        if self.sheet is None:
            self._begin()
        self.sheet.auto_filter.ref = f"A1:{get_column_letter(len(self.columns))}{self.rows}"
        if self.columns is ASSIGNMENTS:
            self.sheet.print_area = f"A1:{get_column_letter(PRINTED)}{self.rows}"

    def _begin(self) -> None:
        if self.sheet is not None:
            self.finish()
        self.parts += 1
        self.sheet = self.book.create_sheet(self.title if self.parts == 1 else f"{self.title} ({self.parts})")
        self.rows, self.links = 1, 0
        for index, column in enumerate(self.columns, 1):
            self.sheet.column_dimensions[get_column_letter(index)].width = column.width
        self.sheet.freeze_panes = "A2"
        setup = self.sheet.page_setup
        setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.print_title_rows = "1:1"
        self.sheet.oddFooter.center.text = "&P/&N"
        self.sheet.row_dimensions[1].height = 2 * LINE + 3
        self.sheet.append([self._head(column.heading) for column in self.columns])

    def _height(self, cells: Sequence[Any]) -> float:
        """Points for the longest wrapped cell: not every program finds them by itself."""
        texts = zip((str(cell.value or "") for cell in cells), self.columns, strict=True)
        lines = max(
            sum(math.ceil((len(line) + 1) / (column.width * LETTERS)) for line in text[:LONGEST].split("\n"))
            for text, column in texts
        )
        return min(LINE * lines + 3, TALLEST)

    def _head(self, heading: str) -> Any:
        cell = WriteOnlyCell(self.sheet, heading)
        cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), _HEAD, _GRID, _CENTRED
        return cell

    def _cell(self, value: Cell) -> Any:
        if isinstance(value, str):
            value = clean(value)
            if len(value) > LONGEST:
                value = value[: LONGEST - 1] + "…"
                self.cut += 1
        if isinstance(value, int) and abs(value) > 2**53:
            value = str(value)
        cell = WriteOnlyCell(self.sheet, value or None if isinstance(value, str) else value)
        if isinstance(value, str) and value:
            cell.data_type = "s"  # never "f": text that begins with = stays text
            cell.quotePrefix = True
        if isinstance(value, dt.date):
            cell.number_format = "DD/MM/YYYY"
        elif isinstance(value, int):
            cell.number_format = "#,##0" if abs(value) >= 10_000 else "0"
        cell.border, cell.alignment = _GRID, _WRAPPED
        return cell


def write(plans: Iterator[PlanRecords], path: Path, links: Links) -> list[str]:
    """Write the workbook; what a sheet cannot hold is told."""
    book = Workbook(write_only=True)
    try:
        return _write(book, plans, path, links)
    finally:  # else what was left open complains when it is thrown away
        for sheet in book.worksheets:
            if not sheet.closed:
                with contextlib.suppress(OSError):  # a full disk has been told of
                    sheet.close()


def _write(book: Workbook, plans: Iterator[PlanRecords], path: Path, links: Links) -> list[str]:
    sheets = [_Sheet(book, title, columns) for title, columns in SHEETS.items()]
    assignments, aims, units, dues, doubts = sheets
    for sheet in sheets:
        sheet._begin()
    for plan in plans:
        _assignments(plan, links, assignments)
        _aims(plan, links, aims)
        for unit in plan.units:
            own = (unit.name, unit.parent, unit.leads, unit.others, unit.duties)
            units.append([units.next(), *own, *_named(plan)])
        _dues(plan, links, dues)
        for doubt in plan.doubts:
            own_cells = (doubt.page, doubt.reason, doubt.text, doubt.code)
            doubts.append([doubts.next(), *own_cells, *_named(plan)], _link(plan, links, doubt.page), 1)
    for sheet in sheets:
        sheet.finish()
    loose = path.with_name(path.name + ".loose")
    try:
        book.save(loose)
        _fix_times(loose, path)
    finally:
        loose.unlink(missing_ok=True)
    cut, unlinked = sum(sheet.cut for sheet in sheets), sum(sheet.unlinked for sheet in sheets)
    notes = [f"{cut} texts cut at {LONGEST} characters, which is all a cell holds"] if cut else []
    return notes + ([f"{unlinked} rows without a link: a sheet holds {MOST_LINKS}"] if unlinked else [])


def _assignments(plan: PlanRecords, links: Links, sheet: _Sheet) -> None:
    for each in plan.assignments:
        sheet.append(assignment_cells(sheet.next(), each, plan), _link(plan, links, each.page), PAGE)


def _aims(plan: PlanRecords, links: Links, sheet: _Sheet) -> None:
    for aim in plan.aims:
        own = (aim.text, "; ".join(aim.targets), aim.horizon, when_words(aim.dues), aim.section, aim.page)
        sheet.append([sheet.next(), *own, *_named(plan)], _link(plan, links, aim.page), 6)


def _dues(plan: PlanRecords, links: Links, sheet: _Sheet) -> None:
    owners = [(each.dues, each.text, "; ".join(each.leads), each.page) for each in plan.assignments]
    owners += [(aim.dues, aim.text, "", aim.page) for aim in plan.aims]
    for dues, text, leads, page in owners:
        for due in dues:
            place = due.deadline.source.page if due.deadline.source else page
            own = (due.days[0] if due.days else None, due.deadline.text, _repeated(due), text, leads, place)
            sheet.append([sheet.next(), *own, *_named(plan)], _link(plan, links, place), 6)


def _repeated(due: Due) -> str | None:
    """The days of a recurring deadline, the rule where there are none."""
    if due.deadline.rrule is None:
        return None
    shown = "; ".join(map(vietnamese_date, due.days[:12]))
    return (f"{shown}; …" if len(due.days) > 12 else shown) or due.deadline.rrule


def _named(plan: PlanRecords) -> tuple[Cell, Cell]:
    return plan.document.header.document_number, plan.document.source.file


def _link(plan: PlanRecords, links: Links, page: int | None) -> str | None:
    return links.to(Path(plan.name), plan.document.source.file, page) if page else None


def _fix_times(loose: Path, path: Path) -> None:
    """Copy the workbook with one and the same time for all its parts, in the file's directory and its properties."""
    with zipfile.ZipFile(loose) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with old.open(entry) as source, new.open(info, "w", force_zip64=True) as target:
                if entry.filename == "docProps/core.xml":
                    target.write(_MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", source.read()))
                    continue
                while block := source.read(1 << 20):
                    target.write(block)
