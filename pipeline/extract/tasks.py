"""Tasks of the sections: bullets, numbered statements and paragraphs with the attribute lines under them.

Reads sections of role ``tasks`` ("III. NHIỆM VỤ VÀ GIẢI PHÁP"). Rows of tables are read by :mod:`.table_tasks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.extract.abbreviations import UnitLore
from pipeline.extract.attributes import AttributeValue, attributes_in
from pipeline.extract.citations import find_citations
from pipeline.extract.closing_brackets import closing_bracket
from pipeline.extract.context import PlanContext
from pipeline.extract.deadline_values import find_recurring_deliverables, read_deadline_value
from pipeline.extract.deadlines import find_deadlines, without_repeats
from pipeline.extract.leaves import Leaf, heading_above, label_path, leaves, points_elsewhere
from pipeline.extract.quantities import find_money, read_budget
from pipeline.extract.sentences import may_set_time
from pipeline.extract.surety import no_surer
from pipeline.extract.units import units_in
from pipeline.values import Outline, Text
from schemas import Deadline, Task, UnitRef

_HEADED = 0.6  # confidence of a date that stands in the heading above
_DATED = frozenset({"date", "month", "quarter", "period"})
_STOP = re.compile(r"[.;(]\s*(?=[^\W\d_])")
_UNITS = frozenset({"lead", "coordinate", "lead_coordinate"})
_COST = re.compile(r"(?:kinh phí|dự toán)[^.;]{0,40}?\d[\d.,]*\s*\w+(?:\s+đồng)?", re.IGNORECASE)


def read_section_tasks(outline: Outline, plan: PlanContext) -> list[Task]:
    """Every task of the sections in printed order; ids are given when all tasks are known."""
    found = [leaf for section in outline.sections for leaf in leaves(section, frozenset({"tasks"}), attributes=True)]
    found = [f for f in found if not f.closing and (f.number is not None or not points_elsewhere(f.text))]
    return [section_task("", leaf, plan) for leaf in found]


def section_task(item_id: str, leaf: Leaf, plan: PlanContext) -> Task:
    own = find_deadlines(leaf.text, plan.year, earliest=plan.issued_on)
    stated = Stated(
        [
            *_inline(leaf.text, plan.lore),
            *(a for a in leaf.attributes if not (own and a.inherited and a.kind == "deadline")),
        ],
        plan,
    )
    sources = leaf.text.sources()
    group = heading_above(leaf)
    deadlines = without_repeats([*own, *stated.deadlines])
    return Task(
        id=item_id,
        number=leaf.number,
        text=leaf.text.string,
        section=label_path(leaf.chain),
        group=group.string if group else None,
        context=leaf.context.string if leaf.context else None,
        lead_units=stated.lead,
        coordinating_units=stated.coordinating,
        deliverable=stated.deliverable,
        deadlines=deadlines or _of_heading(leaf, plan),
        budget_vnd=stated.budget if stated.budget is not None else _own_budget(leaf.text.string),
        notes=stated.notes,
        citations=find_citations(leaf.text),
        origin="section",
        source=sources[0] if sources else None,
        sources=sources,
    )


def _of_heading(leaf: Leaf, plan: PlanContext) -> list[Deadline]:
    """When all that stands under the nearest heading is due: "2. Nhiệm vụ hoàn thành trước ngày 15/8/2025"; less sure.

    A year alone, and what comes back or goes on, names the group ("1. Nhiệm vụ thường xuyên") and sets no date.
    """
    heading = heading_above(leaf)
    if heading is None or leaf.headed or not may_set_time(heading.string):
        return []
    found = find_deadlines(no_surer(heading, _HEADED), plan.year, earliest=plan.issued_on)
    return [deadline for deadline in found if deadline.kind in _DATED]


class Stated:
    """What the attribute lines under one item state, united (contract, "Attribute lines")."""

    def __init__(self, attributes: Iterable[AttributeValue], plan: PlanContext) -> None:
        self.lead: list[UnitRef] = []
        self.coordinating: list[UnitRef] = []
        self.deadlines: list[Deadline] = []
        self.budget: int | None = None
        products: list[Text] = []
        notes: list[Text] = []
        for attribute in attributes:
            value = attribute.value
            match attribute.kind:
                case "lead":
                    add_units(self.lead, units_in(value, plan.lore))
                case "coordinate":
                    add_units(self.coordinating, units_in(value, plan.lore))
                case "lead_coordinate":
                    units = units_in(value, plan.lore)
                    add_units(self.lead, units[:1])
                    add_units(self.coordinating, units[1:])
                case "deadline":
                    self.deadlines += read_deadline_value(value, plan.year)
                case "report_deadline":
                    self.deadlines += read_deadline_value(value, plan.year, "report")
                case "deliverable":
                    products.append(value)
                    self.deadlines += find_recurring_deliverables(value)
                case "budget" if self.budget is None:
                    self.budget = read_budget(value.string)
                case "notes":
                    notes.append(value)
        self.deliverable = _joined(products)
        self.notes = _joined(notes)


def _inline(text: Text, lore: UnitLore) -> list[AttributeValue]:
    """ "… văn bản. Cơ quan chủ trì: Sở Tư pháp; thời gian: …", "… (Công an xã)": units named behind the statement."""
    if named := closing_bracket(text, lore):
        return named
    for stop in _STOP.finditer(text.string):
        stated = attributes_in(text.slice(stop.end()))
        if stated and stated[0].kind in _UNITS and ":" in text.string[stop.end() :]:
            return [a for a in stated if a.kind in _UNITS]
    return []


def _own_budget(string: str) -> int | None:
    """The sum that the statement itself gives as its cost ("…, kinh phí 45 triệu đồng"), where it is the only one."""
    match = _COST.search(string)
    if match is None:
        return None
    sums = find_money(string)
    return sums[0] if len(sums) == 1 and find_money(match.group()) else None


def _joined(texts: Iterable[Text]) -> str | None:
    return "; ".join(t.string.rstrip(" .;") for t in texts) or None


def add_units(units: list[UnitRef], more: Iterable[UnitRef]) -> None:
    """Units not yet named, in order."""
    for unit in more:
        if all((unit.name, unit.parent) != (u.name, u.parent) for u in units):
            units.append(unit)
