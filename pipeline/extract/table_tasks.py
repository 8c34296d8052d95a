"""Tasks from tables: what each column means, what the table is for, one task a numbered row.

Reads tables joined over their pages (:class:`pipeline.values.Table`). Columns are known by their headings, compared
fuzzily with knowledge/columns.toml, and by what their cells hold where a heading is lost. Rules: contract.md,
"tables" and "tasks".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from pipeline.extract.attributes import led_and_helped
from pipeline.extract.citations import find_citations
from pipeline.extract.context import PlanContext
from pipeline.extract.deadline_values import find_recurring_deliverables, read_deadline_value
from pipeline.extract.deadlines import without_repeats
from pipeline.extract.language import read
from pipeline.extract.quantities import money_unit, read_budget
from pipeline.extract.tasks import add_units
from pipeline.extract.units import units_in
from pipeline.knowledge import load_table
from pipeline.knowledge.labels import KnownLabels, best_label, label_key
from pipeline.values import Table, Text
from schemas import Deadline, Task, UnitRef

TableRole = Literal["tasks", "projects", "other"]

_NUMBER = re.compile(r"^[(\[]?\s*(\d{1,3}(?:\.\d{1,3}){0,3}|[a-zđ])\s*[.)\]:]?$")
_ROMAN = re.compile(r"^[(\[]?\s*[IVXLl1|]{1,6}\s*[.)\]]?$")
_SPECK = 2  # letters; cells of fewer are strokes of the scan or dashes
_MEANT = {"lead": "leading units", "coordinate": "units that take part", "deadline": "times"}
_SHARED = ("lead", "coordinate", "lead_coordinate", "deadline")
"""What a cell merged over several rows says of each of them; money and notes may be meant for all of them together."""
_INHERITED_CONFIDENCE = 0.6
_WITH = frozenset({"lead", "coordinate", "lead_coordinate", "deadline", "deliverable", "budget"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The kind of each column (a heading of columns.toml, or None), and the printed headings."""

    kinds: tuple[str | None, ...]
    headings: tuple[str, ...]

    def all(self, kind: str) -> list[int]:
        return [k for k, own in enumerate(self.kinds) if own == kind]

    def first(self, kind: str) -> int | None:
        return next(iter(self.all(kind)), None)


def read_columns(table: Table) -> Columns:
    """What the columns mean: by heading, and by content where no heading tells."""
    headings = tuple(table.columns)
    kinds: list[str | None] = [_kind_of_heading(h) for h in headings]
    for k, kind in enumerate(kinds):
        if kind is None:
            kinds[k] = _kind_of_cells([row[k] for row in table.rows if k < len(row)], kinds, k, headings[k])
    return Columns(tuple(kinds), headings)


def _kind_of_heading(heading: str) -> str | None:
    """The kind whose label is most like the heading, else the longest label found inside it."""
    bare = re.sub(r"\([^()]*\)", " ", heading)
    words = label_key(bare).split()
    if "chu" in words and "phoi" in words:
        return "lead_coordinate"  # both in one heading, whatever OCR made of the sign between them
    match = best_label(bare, _labels(), least=0.84) or best_label(heading, _labels(), least=0.84)
    if match is not None:
        return match.kind
    key = f" {label_key(bare)} "
    inside = [
        (len(label), kind)
        for kind, labels in _labels().items()
        for label in labels
        if f" {label} " in key and len(label) > 5
    ]
    return max(inside)[1] if inside else None


@cache
def _labels() -> KnownLabels:
    columns = load_table("columns")
    return KnownLabels({kind: tuple(label_key(x) for x in entry["labels"]) for kind, entry in columns.items()})


def _kind_of_cells(cells: Sequence[Text], kinds: Sequence[str | None], place: int, heading: str) -> str | None:
    """A lost heading's meaning from its cells: running numbers, deadlines, long statements.

    A heading that can be read and names nothing to be done ("Tên lớp") is not overruled by long cells.
    """
    filled = [c.string.strip() for c in cells if c.string.strip()]
    if len(filled) < 2:
        return None
    numbered = sum(bool(_NUMBER.match(c) or _ROMAN.match(c)) for c in filled)
    if place == 0 and "number" not in kinds and numbered >= 0.7 * len(filled):
        return "number"
    docs = [read(c) for c in filled if len(c) < 60]
    timed = sum(bool(doc.spans["times"]) for doc in docs)
    ongoing = sum(label_key(c).startswith("thuong xuyen") for c in filled)
    if "deadline" not in kinds and timed + ongoing >= 0.6 * len(filled):
        return "deadline"
    words = sum(len(c.split()) for c in filled) / len(filled)
    lost = sum(c.isalpha() for c in heading) <= _SPECK
    if lost and not {"task", "project"} & set(kinds) and words >= 6 and place <= 2:
        return "task"
    return None


def table_role(columns: Columns, title: str | None) -> TableRole:
    """``tasks`` or ``projects`` where the table says what is to be done and by whom or when; else ``other``."""
    kinds = set(columns.kinds)
    if "person" in kinds:
        return "other"
    if "project" in kinds and kinds & (_WITH | {"funding_source"}):
        return "projects"
    if "task" in kinds and kinds & (_WITH - {"budget"}):
        projects = title is not None and re.search(r"\bdự án\b", title, re.IGNORECASE)
        return "projects" if projects and not re.search(r"nhiệm vụ", title or "", re.IGNORECASE) else "tasks"
    return "other"


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


def read_table_tasks(table: Table, table_id: str, columns: Columns, plan: PlanContext) -> TableTasks:
    """One task a numbered row; group rows name the group of those below them.

    ``table.rows`` keep the text of a cell merged over several rows in the first of them (contract.md, "tables"). What
    such a cell says of units and times holds for every row it covers: their tasks have it too, less sure, with a doubt.
    """
    name = columns.first("task") if columns.first("task") is not None else columns.first("project")
    number = columns.first("number")
    if name is None:
        return TableTasks(())
    unnumbered = number is None or not any(_NUMBER.match(_cell(row, number)) for row in table.rows)
    tasks: list[Task] = []
    doubts: list[RowDoubt] = []
    group: str | None = None
    for k, printed in enumerate(table.rows):
        row, inherited = _with_shared_cells(table, k, columns)
        label = _cell(row, number) if number is not None else ""
        heading = _group_heading(printed, number, name, label)
        if heading is not None:
            following = _cell(table.rows[k + 1], number) if number is not None and k + 1 < len(table.rows) else ""
            numbered = _NUMBER.match(label) and not _is_heading(heading)
            if heading and not (numbered and not following.startswith(label.rstrip(".)") + ".")):
                group = heading
                continue
        text = row[name]
        if not text.string.strip() or _is_count_row(row):
            continue
        if not unnumbered and not _NUMBER.match(label):
            page = text.words[0].page if text.words else None
            message = f"{table_id}, row {k + 1}: no number before {text.string[:60]!r}"
            doubts.append(RowDoubt("table_row_without_number", message, page))
            if not any(_cell(row, c) for kind in ("lead", "deadline") for c in columns.all(kind)):
                continue
        tasks.append(_row_task(row, table_id, columns, name, label, group, plan))
        if inherited:
            page = text.words[0].page if text.words else None
            message = f"{table_id}, row {k + 1}: taken from a cell merged over several rows: {inherited[:60]!r}"
            doubts.append(RowDoubt("table_cell_merged", message, page, len(tasks) - 1))
        doubts += _not_understood(row, columns, tasks[-1], len(tasks) - 1)
    return TableTasks(tuple(tasks), tuple(doubts))


def _with_shared_cells(table: Table, k: int, columns: Columns) -> tuple[tuple[Text, ...], str]:
    """Row ``k`` with the units and times of the merged cells that cover it, less sure, and their text."""
    row = list(table.rows[k])
    taken = []
    for covered, column, first in table.covered:
        if covered == k and columns.kinds[column] in _SHARED and not row[column].string.strip():
            text = table.rows[first][column]
            words = tuple(w._replace(confidence=min(w.confidence, _INHERITED_CONFIDENCE)) for w in text.words)
            row[column] = replace(text, words=words)
            taken.append(text.string.strip())
    return tuple(row), "; ".join(text for text in taken if text)


def _not_understood(row: Sequence[Text], columns: Columns, task: Task, place: int) -> Iterator[RowDoubt]:
    """Filled cells of columns for units and times of which nothing came."""
    given = {"lead": task.lead_units, "coordinate": task.coordinating_units, "deadline": task.deadlines}
    for kind, values in given.items():
        filled = (row[c] for c in columns.all(kind) if sum(x.isalpha() for x in _cell(row, c)) > _SPECK)
        cell = next(filled, None)
        if cell is not None and not values:
            page = cell.words[0].page if cell.words else None
            message = f"{cell.string.strip()[:60]!r} stands in a column for {_MEANT[kind]}, but none was understood"
            yield RowDoubt("table_cell_not_understood", message, page, place)


def _cell(row: Sequence[Text], column: int | None) -> str:
    return row[column].string.strip() if column is not None and column < len(row) else ""


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


def _is_count_row(row: Sequence[Text]) -> bool:
    """A row that only numbers the columns: "(1) (2) (3)", "A B 1 2"."""
    cells = [c.string.strip(" ()") for c in row if c.string.strip()]
    return len(cells) >= 3 and all(re.fullmatch(r"\d{1,2}|[A-Z]|\d=\d[+\d]*", c) for c in cells)


def _row_task(
    row: Sequence[Text], table_id: str, columns: Columns, name: int, label: str, group: str | None, plan: PlanContext
) -> Task:
    lead: list[UnitRef] = []
    coordinating: list[UnitRef] = []
    deadlines: list[Deadline] = []
    for k in columns.all("lead"):
        led, helped = led_and_helped(row[k])
        add_units(lead, units_in(led, plan.lore))
        if helped is not None:
            add_units(coordinating, units_in(helped, plan.lore))
    for k in columns.all("coordinate"):
        add_units(coordinating, units_in(row[k], plan.lore))
    for k in columns.all("lead_coordinate"):
        units = units_in(row[k], plan.lore)
        add_units(lead, units[:1])
        add_units(coordinating, units[1:])
    for k in columns.all("deadline"):
        deadlines += read_deadline_value(row[k], plan.year)
    for k in columns.all("deliverable"):
        deadlines += find_recurring_deliverables(row[k])
    budget = next(
        (
            b
            for k in columns.all("budget")
            if (b := read_budget(_cell(row, k), money_unit(columns.headings[k]))) is not None
        ),
        None,
    )
    printed = _NUMBER.match(label)
    sources = row[name].sources()
    text = row[name].string.strip()
    noted = [row[k] for k in columns.all("notes") if _cell(row, k)]
    return Task(
        id="",
        number=printed[1] if printed else None,
        text=text.replace("\n", " ") if "\n" in text and not re.search(r"\n\s*[-+•]", text) else text,
        section=table_id,
        group=group,
        lead_units=lead,
        coordinating_units=coordinating,
        deliverable=_first_cell(row, columns, "deliverable"),
        deadlines=without_repeats(deadlines),
        budget_vnd=budget,
        notes="; ".join(n.string.strip() for n in noted) or None,
        citations=find_citations(Text.join([row[name], *noted], "; ")),
        origin="table",
        source=sources[0] if sources else None,
        sources=sources,
    )


def _first_cell(row: Sequence[Text], columns: Columns, kind: str) -> str | None:
    return next((c for k in columns.all(kind) if (c := _cell(row, k))), None)
