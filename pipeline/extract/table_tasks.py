"""Tasks from the rows of tables: one a numbered row, with its units, deadlines and money.

Reads tables joined over their pages (:class:`pipeline.values.Table`) whose columns :mod:`.table_columns` understood.
Rules: contract.md, "tables" and "tasks".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.extract.citations import find_citations
from pipeline.extract.context import PlanContext
from pipeline.extract.deadlines import without_repeats
from pipeline.extract.table_cells import cell, first_cell, row_budget, row_deadlines, row_units, spoken_for, texts_of
from pipeline.extract.table_checks import is_count_row
from pipeline.extract.table_columns import ROW_NUMBER, Columns
from pipeline.extract.tasks import add_units
from pipeline.knowledge.cells import is_total
from pipeline.values import Table, Text
from schemas import Task

_SPECK = 2  # letters; cells of fewer are strokes of the scan or dashes
_MEANT = {"lead": "leading units", "coordinate": "units that take part", "deadline": "times"}


@dataclass(frozen=True, slots=True)
class RowDoubt:
    """What a person should look at in a row; ``task`` is the place of the row's task among those of the table."""

    code: str
    message: str
    page: int | None
    task: int | None = None


@dataclass(frozen=True, slots=True)
class TableTasks:
    """The tasks of one table, and what its rows leave to be looked at."""

    tasks: tuple[Task, ...]
    doubts: tuple[RowDoubt, ...] = ()


def read_table_tasks(
    table: Table, table_id: str, columns: Columns, plan: PlanContext, money: str | None = None
) -> TableTasks:
    """One task a numbered row; group rows name the group of those below them.

    ``table.rows`` keep the text of a cell merged over several rows in the first of them (contract.md, "tables"). What
    such a cell says of units and times holds for every row it covers: their tasks have it too, less sure, with a doubt.
    Where the number and the statement themselves are merged, the rows under them add to their task. ``money`` is the
    unit of sums of which no heading tells it.
    """
    name = columns.first("task") if columns.first("task") is not None else columns.first("project")
    number = columns.first("number")
    if name is None:
        return TableTasks(())
    unnumbered = number is None or not any(ROW_NUMBER.match(cell(row, number)) for row in table.rows)
    tasks: list[Task] = []
    doubts: list[RowDoubt] = []
    group: str | None = None
    goes_on = False  # the row above gave or extended a task
    for k, (row, taken) in enumerate(spoken_for(table, columns)):
        label = cell(row, number)
        if is_total(label) or is_total(cell(row, name)):
            goes_on = False
            continue
        heading = _group_heading(table.rows[k], number, name, label)
        if heading is not None:
            following = cell(table.rows[k + 1], number) if k + 1 < len(table.rows) else ""
            numbered = ROW_NUMBER.match(label) and not _is_heading(heading)
            if heading and not (numbered and not following.startswith(label.rstrip(".)") + ".")):
                group, goes_on = heading, False
                continue
        text = row[name]
        page = text.words[0].page if text.words else next((c.words[0].page for c in row if c.words), None)
        if is_count_row([c.string for c in row]):
            continue
        if not text.string.strip():
            if goes_on and not label:
                more = _with_row(tasks[-1], row, columns, plan)
                if more != tasks[-1]:
                    tasks[-1] = more
                    message = f"{table_id}, row {k + 1}: read as part of the task above, whose cells cover it"
                    doubts.append(RowDoubt("table_cell_merged", message, page, len(tasks) - 1))
            continue
        if not unnumbered and not ROW_NUMBER.match(label):
            message = f"{table_id}, row {k + 1}: no number before {text.string[:60]!r}"
            doubts.append(RowDoubt("table_row_without_number", message, page))
            if not any(cell(row, c) for kind in ("lead", "deadline") for c in columns.all(kind)):
                continue
        tasks.append(_row_task(row, table_id, columns, name, label, group, plan, money))
        goes_on = True
        if taken:
            message = f"{table_id}, row {k + 1}: taken from a cell above that covers it: {taken[:60]!r}"
            doubts.append(RowDoubt("table_cell_merged", message, page, len(tasks) - 1))
        doubts += _not_understood(row, columns, tasks[-1], len(tasks) - 1)
    return TableTasks(tuple(tasks), tuple(doubts))


def _with_row(task: Task, row: Sequence[Text], columns: Columns, plan: PlanContext) -> Task:
    """The task with the units, times and products that a further row adds to it."""
    lead, helping = row_units(row, columns, plan.lore)
    leading, coordinating = list(task.lead_units), list(task.coordinating_units)
    add_units(leading, lead)
    add_units(coordinating, helping)
    product = first_cell(row, columns, "deliverable")
    return task.model_copy(
        update={
            "lead_units": leading,
            "coordinating_units": coordinating,
            "deadlines": without_repeats([*task.deadlines, *row_deadlines(row, columns, plan)]),
            "deliverable": "; ".join(filter(None, (task.deliverable, product))) or None,
        }
    )


def _not_understood(row: Sequence[Text], columns: Columns, task: Task, place: int) -> Iterator[RowDoubt]:
    """Filled cells of columns for units and times of which nothing came."""
    given = {"lead": task.lead_units, "coordinate": task.coordinating_units, "deadline": task.deadlines}
    for kind, values in given.items():
        filled = (row[c] for c in columns.all(kind) if sum(x.isalpha() for x in cell(row, c)) > _SPECK)
        lost = next(filled, None)
        if lost is not None and not values:
            page = lost.words[0].page if lost.words else None
            message = f"{lost.string.strip()[:60]!r} stands in a column for {_MEANT[kind]}, but none was understood"
            yield RowDoubt("table_cell_not_understood", message, page, place)


def _group_heading(row: Sequence[Text], number: int | None, name: int, label: str) -> str | None:
    """The heading of a row that fills nothing but its number and its heading; None for other rows."""
    filled = [k for k, cell in enumerate(row) if cell.string.strip() and k != number]
    whole = " ".join(row[k].string.strip() for k in filled)
    if filled and number is not None and not label[:1].isdigit() and _is_heading(whole):
        return whole  # a heading that the grid cut into pieces
    if len(filled) != 1:
        return None
    if filled[0] != name and label:
        return None
    heading = row[filled[0]].string.strip()
    if number is not None and not label:
        roman = re.match(r"^(?:[IVX]{1,5}|[A-Z])\s*[.)]\s+(.+)$", heading, re.DOTALL)
        return roman[1] if roman else (heading if heading.isupper() else None)
    return heading


def _is_heading(string: str) -> bool:
    letters = [c for c in string if c.isalpha()]
    return len(string.split()) >= 3 and sum(c.isupper() for c in letters) >= 0.9 * len(letters)


def _row_task(
    row: Sequence[Text],
    table_id: str,
    columns: Columns,
    name: int,
    label: str,
    group: str | None,
    plan: PlanContext,
    money: str | None,
) -> Task:
    lead, helping = row_units(row, columns, plan.lore)
    printed = ROW_NUMBER.match(label)
    sources = row[name].sources()
    text = row[name].string.strip()
    noted = [row[k] for k in columns.all("notes") if cell(row, k)]
    return Task(
        id="",
        number=printed[1] if printed else None,
        text=text.replace("\n", " ") if "\n" in text and not re.search(r"\n\s*[-+•]", text) else text,
        section=table_id,
        group=group,
        lead_units=lead,
        coordinating_units=helping,
        deliverable=first_cell(row, columns, "deliverable"),
        deadlines=row_deadlines(row, columns, plan),
        budget_vnd=row_budget(row, columns, money),
        notes=texts_of(noted),
        citations=find_citations(Text.join([row[name], *noted], "; ")),
        origin="table",
        source=sources[0] if sources else None,
        sources=sources,
    )
