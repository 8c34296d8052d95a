"""What changed between two versions of a plan: items added, removed, changed. Reads validated documents.

Ids are numbered in reading order, so one task more shifts all behind it; items are matched by what they say. Equal
texts first, then the same number and place, then the likeliest text.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from pipeline.store import folding
from schemas import Deadline, Duty, Objective, PlanDocument, Task

ALIKE = 60.0
"""Least likeness, in per cent, of two texts that are versions of one item."""
_COMPARED = 4_000  # characters of a text that likeness looks at

_HEADER = ("document_type", "document_number", "parent_authority", "issuing_authority", "place", "issued_on", "title")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``field`` is None where a whole item came or went; ``old`` and ``new`` are for people to read."""

    change: Literal["added", "removed", "changed"]
    item_kind: Literal["header", "objective", "task", "duty"]
    item_id: str | None
    field: str | None
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class _Comparable:
    """An item as it is compared: ``place`` is where it stands, ``fields`` what it says beside its text."""

    id: str
    text: str
    place: str
    fields: dict[str, str | None]


def compare(old: PlanDocument, new: PlanDocument) -> list[Change]:
    """Differences of ``new`` from ``old``: header, objectives, tasks, duties, in this order."""
    found = list(_header_changes(old, new))
    kinds: tuple[tuple[Literal["objective", "task", "duty"], Callable[[PlanDocument], list[_Comparable]]], ...] = (
        ("objective", lambda plan: [_objective(item) for item in plan.objectives]),
        ("task", lambda plan: [_task(item) for item in plan.tasks]),
        ("duty", lambda plan: [_duty(c.unit.name, item) for c in plan.responsibilities for item in c.duties]),
    )
    for kind, items in kinds:
        for before, after in _match(items(old), items(new)):
            if before is None and after is not None:
                found.append(Change("added", kind, after.id, None, None, after.text))
            elif before is not None and after is None:
                found.append(Change("removed", kind, before.id, None, before.text, None))
            elif before is not None and after is not None:
                found.extend(_differences(kind, before, after))
    return found


def _header_changes(old: PlanDocument, new: PlanDocument) -> Iterator[Change]:
    for name in _HEADER:
        before, after = getattr(old.header, name), getattr(new.header, name)
        if before != after:
            yield Change("changed", "header", None, name, before, after)


def _differences(
    kind: Literal["objective", "task", "duty"], before: _Comparable, after: _Comparable
) -> Iterator[Change]:
    if before.text != after.text:
        yield Change("changed", kind, after.id, "text", before.text, after.text)
    for name, value in after.fields.items():
        if before.fields[name] != value:
            yield Change("changed", kind, after.id, name, before.fields[name], value)


def _match(
    old: Sequence[_Comparable], new: Sequence[_Comparable]
) -> list[tuple[_Comparable | None, _Comparable | None]]:
    """Pairs in the order of ``new``, what has no counterpart with None; what was removed comes last."""
    partner: dict[int, int] = {}
    left = list(range(len(old)))
    for same in (lambda item: (folding.fold(item.text), item.place), lambda item: folding.fold(item.text)):
        waiting = defaultdict(list)
        for i in left:
            waiting[same(old[i])].append(i)
        for j, item in enumerate(new):
            if j not in partner and waiting.get(same(item)):
                partner[j] = waiting[same(item)].pop(0)
        taken = set(partner.values())
        left = [i for i in left if i not in taken]
    _match_alike(old, new, left, partner)
    taken = set(partner.values())
    pairs: list[tuple[_Comparable | None, _Comparable | None]] = [
        (old[partner[j]] if j in partner else None, item) for j, item in enumerate(new)
    ]
    return pairs + [(item, None) for i, item in enumerate(old) if i not in taken]


def _match_alike(
    old: Sequence[_Comparable], new: Sequence[_Comparable], left: Sequence[int], partner: dict[int, int]
) -> None:
    """Add to ``partner`` the likeliest pairs of what is left, best first; a shared place breaks ties."""
    right = [j for j in range(len(new)) if j not in partner]
    if not left or not right:
        return
    likeness = process.cdist(
        [folding.fold(old[i].text[:_COMPARED]) for i in left],
        [folding.fold(new[j].text[:_COMPARED]) for j in right],
        scorer=fuzz.ratio,
        score_cutoff=ALIKE,
    )
    pairs = [
        (-float(likeness[a][b]), old[i].place != new[j].place, i, j)
        for a, i in enumerate(left)
        for b, j in enumerate(right)
        if likeness[a][b] >= ALIKE
    ]
    used: set[int] = set()
    for _, _, i, j in sorted(pairs):
        if i not in used and j not in partner:
            used.add(i)
            partner[j] = i


def _objective(item: Objective) -> _Comparable:
    targets = "; ".join(f"{target.comparator} {target.value:g} {target.unit}" for target in item.targets)
    return _Comparable(item.id, item.text, item.section, {"targets": targets, "deadlines": _when(item.deadlines)})


def _task(item: Task) -> _Comparable:
    fields = {
        "lead_units": "; ".join(unit.name for unit in item.lead_units),
        "coordinating_units": "; ".join(unit.name for unit in item.coordinating_units),
        "deliverable": item.deliverable,
        "deadlines": _when(item.deadlines),
        "budget_vnd": None if item.budget_vnd is None else str(item.budget_vnd),
    }
    return _Comparable(item.id, item.text, f"{item.section} {item.number}", fields)


def _duty(unit: str, item: Duty) -> _Comparable:
    return _Comparable(item.id, item.text, unit, {"unit": unit, "deadlines": _when(item.deadlines)})


def _when(deadlines: Sequence[Deadline]) -> str:
    return "; ".join(when(deadline) for deadline in deadlines)


def when(deadline: Deadline) -> str:
    """A deadline in few words: its dates as they are written in Vietnam, else as printed."""
    due = vietnamese_date(deadline.due)
    if deadline.start:
        return f"{vietnamese_date(deadline.start)} - {due}"
    return due or deadline.text


def vietnamese_date(day: str | dt.date | None) -> str:
    """30/09/2025; empty for None."""
    if day is None:
        return ""
    return f"{dt.date.fromisoformat(day) if isinstance(day, str) else day:%d/%m/%Y}"
