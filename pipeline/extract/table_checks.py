"""Tables that look misread: headings that swallowed rows, one table taken for two, rows cut by grid or page break.

Reads the tables of an assembled document with the tasks made of their rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.extract.table_totals import check_totals
from pipeline.knowledge.labels import label_key
from schemas import PlanDocument, PlanTable, PlanWarning, Task

_LONGEST_HEADING = 14  # words; longer column headings have swallowed rows
_CAPITALS = 8  # letters; fewer may be an abbreviation in each cell
_ROMAN = re.compile(r"[IVXỊ]{1,5}[.)]?")
_COLUMN_NUMBER = re.compile(r"\W?\(\d{1,2}\)\W?|\W?\d{1,2}=[\d+x*-]+\W?")

_MISREAD = re.compile(
    r"\b\d{1,2}/\d{1,2}/\d{0,3}[^\W\d_]\w*|"  # 30/4/202G
    r"\b[Qq]u[ýy]\s+(?!0?[1-4]\b)[\dIlH]*[\dlH]\w*(?:/\d+)?|"  # Quý 11/2026, Quý IH
    r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d.,%])"  # 1,260: thousands are parted by points
)


def check_tables(document: PlanDocument) -> Iterator[PlanWarning]:
    """A warning for each table or row that looks misread; rows are told as "tb1, row 3"."""
    for table in document.tables:
        page = table.pages[0] if table.pages else None
        reason = odd_headings(table.columns)
        if reason is not None:
            message = f"the headings of {table.id} look misread ({reason}): compare its columns with the page"
            yield PlanWarning(code="table_headings_doubtful", message=message, page=page, item_id=table.id)
        yield from check_totals(table)
        yield from _rows(table, [task for task in document.tasks if task.section == table.id])
    for one, other in pairwise(document.tables):
        if _goes_on(one, other):
            for table in (one, other):
                message = f"{one.id} and {other.id} follow each other with the same columns: they may be one table"
                page = table.pages[0] if table.pages else None
                yield PlanWarning(code="table_split", message=message, page=page, item_id=table.id)


def odd_headings(columns: Sequence[str]) -> str | None:
    """What speaks against the texts being column headings; None where nothing does."""
    if len(columns) > 2 and any(not heading.strip() for heading in columns):
        return "a column has none"
    longest = max(columns, key=lambda heading: len(heading.split()), default="")
    if len(longest.split()) > _LONGEST_HEADING:
        return f"{longest[:50]!r} is long for one"
    tails = Counter(tail for h in columns if len((tail := h.rpartition(" - ")[2]).split()) >= 4)
    return "one text stands in several" if any(times > 1 for times in tails.values()) else None


def _rows(table: PlanTable, tasks: Sequence[Task]) -> Iterator[PlanWarning]:
    for k, row in enumerate(table.rows):
        if is_cut_heading(row):
            shown = " | ".join(cell for cell in row if cell)[:80]
            yield _row_warning(table, k, f"{shown!r} looks like a heading cut up")
        elif (figure := next(filter(None, map(misread_figure, row)), None)) is not None:
            yield _row_warning(table, k, f"{figure!r} looks misread")
        elif is_count_row(row):
            yield _row_warning(table, k, "column numbers and part of another row")
            if k > 0:  # the numbers are repeated at the head of a page: the row before may go on behind them
                yield _row_warning(table, k - 1, "may go on in the next row, behind the page break")
                task = next((t for t in tasks if t.text and t.text in table.rows[k - 1]), None)
                if task is not None:
                    message = f"task {task.text[:60]!r} may go on behind the page break: compare it with the page"
                    page = task.source.page if task.source else None
                    yield PlanWarning(code="statement_doubtful", message=message, page=page, item_id=task.id)


def _row_warning(table: PlanTable, row: int, what: str) -> PlanWarning:
    page = table.pages[0] if len(table.pages) == 1 else None  # rows do not tell theirs
    message = f"{table.id}, row {row + 1}: {what}"
    return PlanWarning(code="table_row_doubtful", message=message, page=page, item_id=table.id)


def is_cut_heading(row: Sequence[str]) -> bool:
    """Capitals in several cells: a heading across the columns that the grid cut into pieces."""
    pieces = [cell for cell in row if sum(map(str.isalpha, cell)) >= 2 and not _ROMAN.fullmatch(cell.strip())]
    letters = [c for piece in pieces for c in piece if c.isalpha()]
    return len(pieces) >= 2 and len(letters) >= _CAPITALS and sum(c.isupper() for c in letters) >= 0.9 * len(letters)


def is_count_row(row: Sequence[str]) -> bool:
    """ "(1) | (2) | (3)", alone or with pieces of another row in some cells."""
    numbers = [cell for cell in row if _COLUMN_NUMBER.fullmatch(cell.strip())]
    return len(numbers) >= 3 and 2 * len(numbers) > len(row)


def misread_figure(cell: str) -> str | None:
    """The first date, quarter or sum in the cell that is written as none is written; None where all are sound."""
    match = _MISREAD.search(cell)
    return match.group() if match else None


def _goes_on(one: PlanTable, other: PlanTable) -> bool:
    """Whether the second table stands right behind the first and has the same headings, or headings begun alike."""
    if not one.pages or not other.pages or not 0 <= other.pages[0] - one.pages[-1] <= 1:
        return False
    mine, theirs = _begun(one), _begun(other)
    return len(mine & theirs) >= max(2, 0.6 * min(len(mine), len(theirs)))


def _begun(table: PlanTable) -> set[str]:
    """The headings up to a dash: what stands behind it is a second tier, or a row that was taken for one."""
    return {label_key(heading.partition(" - ")[0]) for heading in table.columns} - {""}
