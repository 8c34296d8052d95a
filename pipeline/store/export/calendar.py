"""Deadlines as an iCalendar file (RFC 5545): all-day events for days, to-dos for what has no day.

A recurring deadline is one event with its rule, followed from the plan's issue to the end of its last year and anchored
as :mod:`pipeline.store.recurrence` says. Deadlines without a day (ongoing, conditional, recurring in a plan without a
date) become to-dos without one. The identifiers depend on document and deadline only: importing again replaces.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

from icalendar import Alarm, Calendar, Component, Event, Todo
from icalendar.prop import vRecur

from pipeline.store.export.files import Links, clean
from pipeline.store.export.records import Due, PlanRecords, deadline_words
from pipeline.store.recurrence import Recurrence, Window, recur
from schemas import PlanDocument

ZONE = "Asia/Ho_Chi_Minh"
ALARM = dt.timedelta(days=-3)
"""Before the day something is due: a week-end may lie between."""
REPORT = "Báo cáo"
_NAMES = uuid.UUID("5f0f0a0e-6c5b-5c62-9d0a-6b65686f6163")
_SUMMARY = 150  # characters; calendars show one line
_STAMP = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def write(plans: Iterator[PlanRecords], path: Path, links: Links) -> list[str]:
    """Write a calendar with every deadline, the header first and each component as it comes. It holds no links."""
    calendar = Calendar()
    calendar.add("prodid", "-//kehoach//deadlines//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Thời hạn nhiệm vụ")
    calendar.add("x-wr-timezone", ZONE)
    head, end = calendar.to_ical().split(b"END:VCALENDAR")
    undated = 0
    with path.open("wb") as file:
        file.write(head)
        for plan in plans:
            for component in _components(plan):
                undated += component.name == "VTODO"
                file.write(component.to_ical())
        file.write(b"END:VCALENDAR" + end)
    if undated == 1:
        return ["1 deadline without a day is a to-do, not an event"]
    return [f"{undated} deadlines without a day are to-dos, not events"] if undated else []


def _components(plan: PlanRecords) -> Iterator[Component]:
    owners = [(each.dues, each.text, each.leads, each.others, each.page) for each in plan.assignments]
    owners += [(aim.dues, aim.text, (), (), aim.page) for aim in plan.aims]
    for dues, text, leads, others, page in owners:
        for due in dues:
            component = _timed(due, plan.window)
            _describe(component, due, plan, text, leads, others, page)
            yield component


def _timed(due: Due, window: Window | None) -> Component:
    """An event on the days of a deadline, a to-do when it has none."""
    deadline = due.deadline
    if not due.days:
        todo = Todo()
        if deadline.rrule:
            todo.add("comment", f"RRULE:{deadline.rrule}")
        return todo
    event = Event()
    event.add("dtstart", due.days[0])
    event.add("dtend", due.days[0] + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    recurrence = recur(deadline.rrule, window) if deadline.rrule else None
    if recurrence:
        event.add("rrule", _rule(recurrence, due.days[-1]))
    event.add_component(_alarm())
    return event


def _rule(recurrence: Recurrence, last: dt.date) -> vRecur:
    rule: vRecur = vRecur.from_ical(recurrence.rule)
    rule["UNTIL"] = [last]
    return rule


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Sắp đến hạn")
    alarm.add("trigger", ALARM)
    return alarm


def _describe(
    component: Component,
    due: Due,
    plan: PlanRecords,
    text: str,
    leads: tuple[str, ...],
    others: tuple[str, ...],
    page: int | None,
) -> None:
    report = due.deadline.subject == "report"
    summary = clean(" ".join(f"{REPORT}: {text}".split() if report else text.split()))
    component.add("summary", summary if len(summary) <= _SUMMARY else summary[: _SUMMARY - 1] + "…")
    lines = [
        text,
        f"Thời hạn: {deadline_words(due.deadline)}",
        f"Điều kiện: {due.deadline.condition}" if due.deadline.condition else "",
        f"Chủ trì: {'; '.join(leads)}" if leads else "",
        f"Phối hợp: {'; '.join(others)}" if others else "",
        plan.title,
        f"{plan.document.source.file}, trang {page}" if page else plan.document.source.file,
    ]
    component.add("description", clean("\n".join(line for line in lines if line)))
    component.add("uid", _uid(plan.document, due))
    component.add("dtstamp", _stamp(plan.document))
    categories = [clean(name) for name in leads] + ([REPORT] if report else [])
    if categories:
        component.add("categories", categories)


def _uid(document: PlanDocument, due: Due) -> str:
    return f"{uuid.uuid5(_NAMES, f'{document.source.sha256}/{due.id}')}@kehoach"


def _stamp(document: PlanDocument) -> dt.datetime:
    """The plan's issue: the time of writing would make every export another file."""
    issued = document.header.issued_on or ""
    return dt.datetime.fromisoformat(f"{issued}T00:00:00+00:00") if len(issued) == 10 else _STAMP
