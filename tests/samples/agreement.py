"""How far a converted plan agrees with its golden answer, field by field.

Items of a list are paired by their texts, best first, at a likeness of at least 0.9; figures are F1 (lists) or shares
of the golden items (sub-fields), 0 to 1. Blanks, case, dashes, quotes and punctuation at the ends do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from rapidfuzz import fuzz

from schemas import Source
from schemas.plan import Duty, Objective, PlanDocument, Section, Target, Task, UnitRef

Item = TypeVar("Item")
ALIKE = 90.0
NEAR = 12.0
"""Points by which a box may be off: scans are skewed, and printed boxes hold the line spacing too."""


def level(text: str | None) -> str:
    """The text without what does not count."""
    plain = unicodedata.normalize("NFC", text or "").casefold()
    plain = re.sub(r"[“”„\"’‘']", "'", re.sub(r"[–—−]", "-", plain))
    return re.sub(r"\s+", " ", plain).strip(" .;:,/-")


def packed(text: str | None) -> str:
    """``text`` without blanks and points: "KT.GIÁM ĐỐC" and "KT. GIÁM ĐỐC" are one."""
    return re.sub(r"[\s.]", "", level(text))


def pairs(gold: Sequence[Item], found: Sequence[Item], text: Callable[[Item], str]) -> list[tuple[Item, Item]]:
    """Pairs of alike items, each used once."""
    likeness = [
        (fuzz.ratio(level(text(g)), level(text(f))), -i, -j) for i, g in enumerate(gold) for j, f in enumerate(found)
    ]
    left, right, out = set(range(len(gold))), set(range(len(found))), []
    for score, i, j in sorted(likeness, reverse=True):
        if score >= ALIKE and -i in left and -j in right:
            left.discard(-i)
            right.discard(-j)
            out.append((gold[-i], found[-j]))
    return out


def f1(hits: int, gold: int, found: int) -> float:
    """Harmonic mean of precision and recall; 1 when there is nothing to find and nothing was found."""
    return 2 * hits / (gold + found) if gold + found else 1.0


def bags(gold: Iterable[Hashable], found: Iterable[Hashable]) -> float:
    """F1 of two bags of values."""
    one, other = Counter(gold), Counter(found)
    return f1((one & other).total(), one.total(), other.total())


def unit(reference: UnitRef) -> str:
    """A unit's name as compared: "Các" before it does not count."""
    return re.sub(r"^(các|những) ", "", level(reference.name))


def sections(document: PlanDocument) -> list[str]:
    """Label path and title of every section."""

    def walk(nodes: Sequence[Section], path: str) -> Iterable[str]:
        for node in nodes:
            here = f"{path}.{level(node.label)}"
            yield f"{here} {level(node.title)}"
            yield from walk(node.children, here)

    return list(walk(document.sections, ""))


def deadlines(document: PlanDocument) -> list[tuple[str | None, ...]]:
    """Normal forms of the deadlines of all items."""
    every = [deadline for _, item in document.items() for deadline in item.deadlines]
    return [(entry.kind, entry.start, entry.due, entry.rrule) for entry in every]


def units_of(field: str, tasks: list[tuple[Task, Task]], gold: PlanDocument, found: PlanDocument) -> float:
    """F1 of the units of paired tasks; those of unpaired tasks count as missed or invented."""
    named = [[Counter(map(unit, getattr(task, field))) for task in pair] for pair in tasks]
    hits = sum((wanted & got).total() for wanted, got in named)
    totals = [sum(len(getattr(task, field)) for task in document.tasks) for document in (gold, found)]
    return f1(hits, *totals)


def cells(document: PlanDocument) -> dict[tuple[int, int, int], str]:
    """All filled cells of all tables by table, row and column."""
    return {
        (number, row, column): level(cell)
        for number, table in enumerate(document.tables)
        for row, entries in enumerate(table.rows)
        for column, cell in enumerate(entries)
        if cell
    }


def near(gold: Source | None, found: Source | None) -> bool:
    """Whether a place found is on the right page and overlaps the place where the item was printed."""
    if gold is None or found is None or gold.page != found.page:
        return False
    if gold.bbox is None or found.bbox is None:
        return True
    left, top, right, bottom = gold.bbox
    x0, y0, x1, y1 = found.bbox
    inside = left - NEAR <= x0 and x1 <= right + NEAR and top - NEAR <= y0 and y1 <= bottom + NEAR
    return inside and x1 > x0 and y1 > y0


def agreement(gold: PlanDocument, found: PlanDocument) -> dict[str, float]:
    """Figures by field."""
    header = gold.header.model_dump(exclude={"sources", "inferred"})
    read = found.header.model_dump(exclude={"sources", "inferred"})
    headings = [(g, f) for g, f in pairs(sections(gold), sections(found), str) if g.split()[0] == f.split()[0]]
    objectives = pairs(gold.objectives, found.objectives, lambda item: item.text)
    tasks = pairs(gold.tasks, found.tasks, lambda item: item.text)
    duties = [[duty for entry in document.responsibilities for duty in entry.duties] for document in (gold, found)]
    paired_duties = pairs(duties[0], duties[1], lambda duty: duty.text)
    wanted_cells, found_cells = cells(gold), cells(found)
    same_cells = sum(fuzz.ratio(text, found_cells.get(at, "")) >= ALIKE for at, text in wanted_cells.items())
    placed: list[tuple[Objective | Task | Duty, Objective | Task | Duty]] = [*objectives, *tasks, *paired_duties]

    def targets(items: Sequence[Target]) -> list[Hashable]:
        return [(float(target.value), target.comparator) for target in items]

    return {
        "header": sum(value == read[name] for name, value in header.items()) / len(header),
        "citations": bags(
            ((entry.number, entry.issued_on) for basis in gold.legal_bases for entry in basis.citations),
            ((entry.number, entry.issued_on) for basis in found.legal_bases for entry in basis.citations),
        ),
        "sections": f1(len(headings), len(sections(gold)), len(sections(found))),
        "objectives": f1(len(objectives), len(gold.objectives), len(found.objectives)),
        "targets": bags(
            (target for item in gold.objectives for target in targets(item.targets)),
            (target for item in found.objectives for target in targets(item.targets)),
        ),
        "tasks": f1(len(tasks), len(gold.tasks), len(found.tasks)),
        "lead_units": units_of("lead_units", tasks, gold, found),
        "coordinating_units": units_of("coordinating_units", tasks, gold, found),
        "deliverable": share(level(g.deliverable) == level(f.deliverable) for g, f in tasks if g.deliverable),
        "budget": share(g.budget_vnd == f.budget_vnd for g, f in tasks),
        "responsible_units": bags(*([unit(entry.unit) for entry in plan.responsibilities] for plan in (gold, found))),
        "duties": f1(len(paired_duties), len(duties[0]), len(duties[1])),
        "deadlines": bags(deadlines(gold), deadlines(found)),
        "tables": f1(same_cells, len(wanted_cells), len(found_cells)),
        "recipients": f1(
            len(pairs(gold.recipients, found.recipients, lambda entry: entry.name)),
            len(gold.recipients),
            len(found.recipients),
        ),
        "signature": share(
            packed(getattr(gold.signature, name)) == packed(getattr(found.signature, name, None))
            for name in ("capacity", "position", "name")
        ),
        "funding": float(fuzz.ratio(level(gold.funding), level(found.funding)) >= ALIKE),
        "places": share(near(g.source, f.source) for g, f in placed),
    }


def share(facts: Iterable[bool]) -> float:
    """Share of facts that hold; 1 when there is none."""
    known = list(facts)
    return sum(known) / len(known) if known else 1.0
