"""Recurrence rules on the calendar: on which days a recurring deadline of a plan falls. Reads RFC 5545 rules.

A rule without a day ("hằng quý": ``FREQ=MONTHLY;INTERVAL=3``) means by the end of each period, as the contract has it
for months, quarters and years that stand alone: it is anchored to the last day of the quarter, half-year, month or
year, and to Friday of the week. A rule is followed from the plan's day of issue to the end of its last year; a plan
without date and year has no such window, and its recurrences have no dates.

The days of a window are tried one by one: slower than a solver for rules that hit, but bounded for those that never do.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from schemas import Deadline, Header

LONGEST_WINDOW = 15
"""Years; a plan that names 2050 among its years gets no dates beyond."""
MOST_OCCURRENCES = 600
"""Of one rule; more say "always" and not "by then"."""

_KNOWN = {"FREQ", "INTERVAL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYDAY"}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class Window:
    """The days during which a plan is carried out, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule followed through a window: ``rule`` is anchored to a day, ``days`` are those it falls on, one at least."""

    rule: str
    window: Window
    days: tuple[dt.date, ...]


def plan_window(header: Header) -> Window | None:
    """From the day of issue (or the first year the plan is for) to the end of its last year; None when unknown."""
    issued = header.issued_on
    first = dt.date.fromisoformat(issued if len(issued) == 10 else f"{issued}-01") if issued else None
    years = [*header.plan_years, *([first.year] if first else [])]
    if not years:
        return None
    first = first or dt.date(min(years), 1, 1)
    return Window(first, dt.date(min(max(years), first.year + LONGEST_WINDOW), 12, 31))


def due_days(deadline: Deadline, window: Window | None) -> tuple[dt.date, ...]:
    """The days by which what the deadline belongs to is due; none for ongoing and conditional ones."""
    if deadline.due:
        return (dt.date.fromisoformat(deadline.due),)
    recurrence = recur(deadline.rrule, window) if deadline.rrule else None
    return recurrence.days if recurrence else ()


@lru_cache(maxsize=4096)
def recur(rule: str, window: Window | None) -> Recurrence | None:
    """The rule within the window; None when there is no window, no day in it, or the rule cannot be followed."""
    if window is None:
        return None
    try:
        parts = _anchored(_parts(rule))
        falls = _predicate(parts, window.first)
    except ValueError:
        return None
    most = min(int(parts.pop("COUNT", MOST_OCCURRENCES)), MOST_OCCURRENCES)
    days: list[dt.date] = []
    for ordinal in range(window.first.toordinal(), window.last.toordinal() + 1):
        day = dt.date.fromordinal(ordinal)
        if falls(day):
            days.append(day)
            if len(days) == most:
                break
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    return Recurrence(text, window, tuple(days)) if days else None


def _parts(rule: str) -> dict[str, str]:
    """The rule's parts. Raises :class:`ValueError` when one is unknown or given twice."""
    pairs = [part.partition("=")[::2] for part in rule.split(";")]
    parts = dict(pairs)
    if len(parts) != len(pairs) or not set(parts) <= _KNOWN:
        raise ValueError(f"rule that is not followed: {rule!r}")
    return parts


def _anchored(parts: Mapping[str, str]) -> dict[str, str]:
    """The rule with a day: the last of the year or month it names, Friday of the week."""
    anchored = dict(parts)
    dated = "BYMONTHDAY" in parts or "BYDAY" in parts
    if parts["FREQ"] == "YEARLY":
        anchored.setdefault("BYMONTH", "12")
    if parts["FREQ"] in ("YEARLY", "MONTHLY") and not dated:
        anchored["BYMONTHDAY"] = "-1"
    if parts["FREQ"] == "WEEKLY" and not dated:
        anchored["BYDAY"] = "FR"
    return anchored


def _predicate(parts: Mapping[str, str], first: dt.date) -> Callable[[dt.date], bool]:
    """Whether the rule falls on a day. Raises :class:`ValueError` for numbers out of range."""
    months = _numbers(parts, "BYMONTH", 1, 12)
    month_days = _numbers(parts, "BYMONTHDAY", -31, 31)
    weekdays = _weekdays(parts)
    in_period = _in_period(parts["FREQ"], _interval(parts), first)

    def falls(day: dt.date) -> bool:
        if (months and day.month not in months) or not in_period(day):
            return False
        length = calendar.monthrange(day.year, day.month)[1]
        if month_days and day.day not in month_days and day.day - length - 1 not in month_days:
            return False
        if not weekdays:
            return True
        nth, nth_last = (day.day - 1) // 7 + 1, -((length - day.day) // 7) - 1
        here = day.weekday()
        return bool({(0, here), (nth, here), (nth_last, here)} & weekdays)

    return falls


def _interval(parts: Mapping[str, str]) -> int:
    (interval,) = _numbers(parts, "INTERVAL", 1, 1000) or {1}
    _numbers(parts, "COUNT", 1, 1_000_000)
    return interval


def _in_period(frequency: str, interval: int, first: dt.date) -> Callable[[dt.date], bool]:
    """Whether the rule's year, month, week or day is one of every ``interval``.

    Quarters and half-years end with those of the calendar, not so many months after the plan's issue.
    """
    if frequency == "YEARLY":
        return lambda day: (day.year - first.year + 1) % interval == 0
    if frequency == "MONTHLY":
        if 12 % interval == 0:
            return lambda day: day.month % interval == 0
        start = first.year * 12 + first.month
        return lambda day: (day.year * 12 + day.month - start) % interval == 0
    if frequency == "WEEKLY":
        monday = first.toordinal() - first.weekday()
        return lambda day: (day.toordinal() - monday) // 7 % interval == 0
    return lambda day: (day.toordinal() - first.toordinal()) % interval == 0


def _numbers(parts: Mapping[str, str], name: str, low: int, high: int) -> set[int]:
    numbers = {int(number) for number in parts[name].split(",")} if name in parts else set()
    if any(not low <= number <= high or number == 0 for number in numbers):
        raise ValueError(f"{name} out of range: {parts[name]}")
    return numbers


def _weekdays(parts: Mapping[str, str]) -> set[tuple[int, int]]:
    """Pairs of ordinal within the month (0: each) and weekday."""
    found: set[tuple[int, int]] = set()
    for day in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        match = _BYDAY.fullmatch(day)
        if match is None or (match[1] and parts["FREQ"] not in ("MONTHLY", "YEARLY")):
            raise ValueError(f"BYDAY that is not followed: {day}")
        found.add((int(match[1] or 0), _WEEKDAYS.index(match[2])))
    return found
