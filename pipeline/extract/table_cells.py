"""Cells of a table's row as values: units, deadlines, sums, and what a row takes over from others.

A cell merged over several rows, or one that says "nt" (như trên), speaks for its row with the words of a cell above it;
a cross in the column of a quarter or month says when (knowledge/cells.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.extract.abbreviations import UnitLore, canonical_name
from pipeline.extract.attributes import led_and_helped
from pipeline.extract.context import PlanContext
from pipeline.extract.deadline_values import find_recurring_deliverables, read_deadline_value
from pipeline.extract.deadlines import without_repeats
from pipeline.extract.quantities import money_unit, read_budget
from pipeline.extract.surety import no_surer
from pipeline.extract.table_columns import Columns
from pipeline.extract.tasks import add_units
from pipeline.extract.units import units_in
from pipeline.knowledge import load_table
from pipeline.knowledge.cells import is_ditto, is_mark
from pipeline.values import PlacedWord, Table, Text
from schemas import Deadline, UnitRef

SHARED = ("lead", "coordinate", "lead_coordinate", "deadline")
"""What a cell merged over several rows says of each of them; money and notes may be meant for all of them together."""
REPEATED = (*SHARED, "deliverable")
"""What "nt" may repeat."""
_TAKEN_OVER = 0.6  # confidence of words taken from another row
_AS_PRINTED = 0.5  # confidence of a unit that no rule knows
_LONGEST_NAME = 7  # words of one
_PART = re.compile(r"[^;\n]+")
_BETWEEN_COMMAS = re.compile(r"[^\s,][^,]*")


def cell(row: Sequence[Text], column: int | None) -> str:
    """The text of a field; "" outside the row."""
    return row[column].string.strip() if column is not None and column < len(row) else ""


def first_cell(row: Sequence[Text], columns: Columns, kind: str) -> str | None:
    """The first filled field of a kind."""
    return next((c for k in columns.all(kind) if (c := cell(row, k))), None)


def spoken_for(table: Table, columns: Columns) -> Iterator[tuple[tuple[Text, ...], str]]:
    """Each row with what it takes from cells above it, less sure, and the text that it took."""
    over = {(row, column): first for row, column, first in table.covered}
    above: dict[int, Text] = {}
    for k, printed in enumerate(table.rows):
        row, taken = list(printed), []
        for column, kind in enumerate(columns.kinds):
            string = cell(row, column)
            if kind in SHARED and not string and (k, column) in over:
                row[column] = no_surer(table.rows[over[k, column]][column], _TAKEN_OVER)
            elif kind in REPEATED and column in above and is_ditto(string):
                row[column] = no_surer(above[column], _TAKEN_OVER)
            if cell(row, column):
                above[column] = row[column]
                if cell(row, column) != string:
                    taken.append(cell(row, column))
        yield tuple(row), "; ".join(taken)


def row_units(row: Sequence[Text], columns: Columns, lore: UnitLore) -> tuple[list[UnitRef], list[UnitRef]]:
    """The units that lead and those that help."""
    lead: list[UnitRef] = []
    helping: list[UnitRef] = []
    for k in columns.all("lead"):
        led, helped = led_and_helped(row[k])
        add_units(lead, _cell_units(led, lore))
        if helped is not None:
            add_units(helping, units_in(helped, lore))
    for k in columns.all("coordinate"):
        add_units(helping, _cell_units(row[k], lore))
    for k in columns.all("lead_coordinate"):
        units = _cell_units(row[k], lore)
        add_units(lead, units[:1])
        add_units(helping, units[1:])
    return lead, helping


def _cell_units(text: Text, lore: UnitLore) -> list[UnitRef]:
    """Units of a cell; an entry that no rule knows is a name as printed, less sure ("Tổng phụ trách Đội")."""
    units = units_in(text, lore)
    parts = [text.slice(*part.span()) for part in _PART.finditer(text.string)]
    known = [units if part is text else units_in(part, lore) for part in parts]
    unknown = [list(_unknown_names(part, found, lore)) for part, found in zip(parts, known, strict=True)]
    if not any(unknown):
        return units
    entries: list[UnitRef] = []
    for names, found in zip(unknown, known, strict=True):
        add_units(entries, [*names, *found])
    return entries


def _unknown_names(part: Text, known: Sequence[UnitRef], lore: UnitLore) -> Iterator[UnitRef]:
    """What stands before the first unit that a rule knows: "VNPT Tân Hà, Viettel Tân Hà, UBND các xã" has two."""
    if not known:
        if _is_name(part.string):
            yield _as_printed(part, lore)
        return
    first = max(0, part.string.find(known[0].text))
    for found in _BETWEEN_COMMAS.finditer(part.string, 0, first):
        name = part.slice(*found.span())
        if not _is_name(name.string) or units_in(name, lore):
            return
        yield _as_printed(name, lore)


def _is_name(string: str) -> bool:
    words = string.split()
    verbs = load_table("units")["tails"]["list_verbs"]
    return (
        1 <= len(words) <= _LONGEST_NAME
        and words[0][0].isupper()
        and all(any(c.isalpha() for c in word) or word in "-–&," for word in words)
        and sum(c.isalpha() for c in string) > len(words) + 1
        and not any(string.lower().startswith(verb) for verb in verbs)
        and not is_ditto(string)
    )


def _as_printed(text: Text, lore: UnitLore) -> UnitRef:
    sources = no_surer(text, _AS_PRINTED).sources()
    name = canonical_name(text.string, lore)
    return UnitRef(name=name, parent=None, text=text.string, source=sources[0] if sources else None)


def row_deadlines(row: Sequence[Text], columns: Columns, plan: PlanContext) -> list[Deadline]:
    """When the row's task is due, and its recurring products."""
    deadlines: list[Deadline] = []
    for k in columns.all("deadline"):
        time = columns.time(k)
        marked = is_mark(row[k].string)
        if marked and time is not None:
            deadlines += read_deadline_value(_in_place_of(row[k], time), plan.year)
        elif not marked:
            deadlines += read_deadline_value(row[k], plan.year)
    for k in columns.all("deliverable"):
        deadlines += find_recurring_deliverables(row[k])
    return without_repeats(deadlines)


def _in_place_of(mark: Text, string: str) -> Text:
    """``string`` where a mark stands on paper."""
    words = tuple(
        PlacedWord(0, len(string), w.page, w.box, min(w.confidence, _TAKEN_OVER), w.printed) for w in mark.words[:1]
    )
    return Text(string, words)


def row_budget(row: Sequence[Text], columns: Columns, unit: str | None = None) -> int | None:
    """The row's sum in đồng, of the column of totals where there are several; ``unit`` where headings name none."""
    places = columns.all("budget")
    totals = [k for k in places if re.search(r"\b[Tt]ổng\b", columns.headings[k])]
    sums = (read_budget(cell(row, k), money_unit(columns.headings[k]) or unit) for k in (*totals, *places))
    return next((found for found in sums if found is not None), None)


def texts_of(cells: Iterable[Text]) -> str | None:
    """Filled cells, joined by a semicolon."""
    return "; ".join(c.string.strip() for c in cells if c.string.strip()) or None
