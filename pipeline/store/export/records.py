"""What sheets, calendars and tables show of a plan: assignments, objectives, units, deadlines, doubtful values.

Reads validated documents. Every export is made of these records, so that all of them say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.store import folding, naming
from pipeline.store.changes import vietnamese_date
from pipeline.store.plans import Plan
from pipeline.store.recurrence import Window, due_days, plan_window
from schemas import Citation, Deadline, PlanDocument, UnitRef, warning_words
from schemas.plan import Item


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records are wanted; None for all. ``unit``: see :mod:`pipeline.store.naming`.

    ``anywhere``: no name begins with ``unit``, so those are meant that hold it further on.
    """

    unit: str | None = None
    document: str | None = None
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    anywhere: bool = False

    @property
    def dated(self) -> bool:
        return self.due_from is not None or self.due_to is not None

    def wants_document(self, document: PlanDocument) -> bool:
        """Named by its number or by its file."""
        if self.document is None:
            return True
        number = document.header.document_number
        same_number = bool(number) and folding.number_key(number or "") == folding.number_key(self.document)
        return same_number or self.document == document.source.file

    def wants_units(self, names: Sequence[str]) -> bool:
        """One of the units is meant."""
        wants = naming.holds if self.anywhere else naming.begins
        return self.unit is None or any(wants(self.unit, folding.key(name)) for name in names)

    def wanted_days(self, days: Sequence[dt.date]) -> tuple[dt.date, ...]:
        """Those within the days asked for; all where none were."""
        first, last = self.due_from or dt.date.min, self.due_to or dt.date.max
        return tuple(day for day in days if first <= day <= last)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of an item with the days it falls on: of those within the days asked for (``wanted``), else all."""

    id: str
    deadline: Deadline
    days: tuple[dt.date, ...]
    wanted: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task, or a duty of a unit: who does what by when, on what ground."""

    kind: str
    id: str
    number: str | None
    text: str
    group: str | None
    leads: tuple[str, ...]
    others: tuple[str, ...]
    deliverable: str | None
    dues: tuple[Due, ...]
    citations: tuple[str, ...]
    budget_vnd: int | None
    page: int | None
    confidence: float | None

    @property
    def first_due(self) -> dt.date | None:
        """The earliest day of any deadline that was asked for."""
        return min((day for due in self.dues if due.wanted for day in due.days), default=None)

    @property
    def when(self) -> str:
        """The deadlines as printed, with the date where the print does not show it."""
        return when_words(self.dues)


@dataclass(frozen=True, slots=True)
class Aim:
    """An objective with its targets."""

    id: str
    text: str
    section: str
    horizon: int | None
    targets: tuple[str, ...]
    dues: tuple[Due, ...]
    page: int | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """A unit and how much it is named for."""

    name: str
    parent: str | None
    leads: int
    others: int
    duties: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that a person should look at, and why, in Vietnamese."""

    code: str
    reason: str
    page: int | None
    item_id: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class PlanRecords:
    """All records of one plan that were asked for."""

    name: str
    document: PlanDocument
    window: Window | None
    assignments: tuple[Assignment, ...]
    aims: tuple[Aim, ...]
    units: tuple[UnitLoad, ...]
    doubts: tuple[Doubt, ...]

    @property
    def deadlines(self) -> int:
        """How many deadlines the records have."""
        return sum(len(each.dues) for each in self.assignments) + sum(len(aim.dues) for aim in self.aims)

    @property
    def title(self) -> str:
        """The plan in a line: kind, number, what it is about."""
        header = self.document.header
        number = f"số {header.document_number}" if header.document_number else ""
        return " ".join(part for part in (header.document_type, number, header.title) if part)


def records_of(plan: Plan, filters: Filters) -> PlanRecords | None:
    """The records of a plan; None when the plan itself is not wanted."""
    document = plan.document
    if not filters.wants_document(document):
        return None
    window = plan_window(document.header)
    dues = _dues(document, window, filters)
    assignments = tuple(
        each
        for each in _assignments(document, dues)
        if filters.wants_units((*each.leads, *each.others)) and (not filters.dated or _wanted(each.dues))
    )
    aims = tuple(
        aim for aim in _aims(document, dues) if filters.unit is None and (not filters.dated or _wanted(aim.dues))
    )
    units = tuple(unit for unit in _units(document, assignments) if filters.wants_units((unit.name,)))
    kept = {each.id for each in assignments} | {aim.id for aim in aims} if filters.unit or filters.dated else None
    doubts = tuple(doubt for doubt in _doubts(document) if kept is None or doubt.item_id in kept)
    return PlanRecords(plan.name, document, window, assignments, aims, units, doubts)


def deadline_words(deadline: Deadline) -> str:
    """ "Quý II/2026 (30/06/2026)": the printed words, and the date where they do not hold it already."""
    day = vietnamese_date(deadline.due)
    if deadline.start:
        return f"{deadline.text} ({vietnamese_date(deadline.start)} - {day})"
    digits = [part.lstrip("0") for part in day.split("/")]
    printed = [part.lstrip("0") for part in folding.marked_words(deadline.text)]
    return f"{deadline.text} ({day})" if day and not all(part in printed for part in digits) else deadline.text


def when_words(dues: Sequence[Due]) -> str:
    """The deadlines of an item in a line; one that another names already is not repeated.

    "trước ngày 31/5 và 30/11 hằng năm" are two deadlines, the second of them "30/11 hằng năm".
    """
    told = [deadline_words(due.deadline) for due in dues]
    folded = [f" {folding.fold(words)} " for words in told]
    return "; ".join(
        words
        for n, words in enumerate(told)
        if not any(c.isdigit() for c in words)
        or not any(folded[n] in other and (folded[n] != other or m < n) for m, other in enumerate(folded) if m != n)
    )


def citation_words(citation: Citation) -> str:
    """A cited document as one writes it."""
    words = f"{citation.type} số {citation.number}"
    if citation.issued_on:
        words += f" ngày {vietnamese_date(citation.issued_on)}"
    return f"{words} của {citation.issuer}" if citation.issuer else words


def _dues(document: PlanDocument, window: Window | None, filters: Filters) -> dict[str, list[Due]]:
    """The deadlines of each item."""
    dues: dict[str, list[Due]] = {}
    for registered in document.deadlines:
        days = due_days(registered, window)
        wanted = filters.wanted_days(days)
        dues.setdefault(registered.item_id, []).append(Due(registered.id, registered, wanted or days, bool(wanted)))
    return dues


def _assignments(document: PlanDocument, dues: dict[str, list[Due]]) -> Iterator[Assignment]:
    for task in document.tasks:
        yield Assignment(
            kind="task",
            id=task.id,
            number=task.number,
            text=task.text,
            group=task.group or task.context,
            leads=_names(task.lead_units),
            others=_names(task.coordinating_units),
            deliverable=task.deliverable,
            dues=tuple(dues.get(task.id, ())),
            citations=tuple(map(citation_words, task.citations)),
            budget_vnd=task.budget_vnd,
            page=_page(task),
            confidence=_confidence(task),
        )
    for charge in document.responsibilities:
        for duty in charge.duties:
            yield Assignment(
                kind="duty",
                id=duty.id,
                number=charge.label,
                text=duty.text,
                group=duty.context,
                leads=_names([charge.unit]),
                others=(),
                deliverable=None,
                dues=tuple(dues.get(duty.id, ())),
                citations=(),
                budget_vnd=None,
                page=_page(duty),
                confidence=_confidence(duty),
            )


def _aims(document: PlanDocument, dues: dict[str, list[Due]]) -> Iterator[Aim]:
    for item in document.objectives:
        targets = tuple(f"{target.comparator} {target.value:.12g} {target.unit}" for target in item.targets)
        own = (item.id, item.text, item.section, item.horizon, targets, tuple(dues.get(item.id, ())))
        yield Aim(*own, _page(item), _confidence(item))


def _units(document: PlanDocument, assignments: Sequence[Assignment]) -> Iterator[UnitLoad]:
    for unit in document.units:
        leads = sum(unit.name in each.leads for each in assignments if each.kind == "task")
        others = sum(unit.name in each.others for each in assignments)
        duties = sum(unit.name in each.leads for each in assignments if each.kind == "duty")
        yield UnitLoad(unit.name, unit.parent, leads, others, duties)


def _doubts(document: PlanDocument) -> Iterator[Doubt]:
    texts = {item.id: item.text for _, item in document.items()}
    texts |= {deadline.id: deadline.text for deadline in document.deadlines}
    texts |= {unit.id: unit.name for unit in document.units}
    for warning in document.warnings:
        text = texts.get(warning.item_id) if warning.item_id else None
        reason = warning_words(warning.code, warning.message)
        yield Doubt(warning.code, reason, warning.page, warning.item_id, text)


def _names(units: Sequence[UnitRef]) -> tuple[str, ...]:
    return tuple(unit.name for unit in units)


def _wanted(dues: Sequence[Due]) -> bool:
    return any(due.wanted for due in dues)


def _page(item: Item) -> int | None:
    return item.source.page if item.source else None


def _confidence(item: Item) -> float | None:
    return item.source.confidence if item.source else None
