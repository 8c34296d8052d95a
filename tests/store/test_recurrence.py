"""Recurring deadlines on the calendar, against dateutil's own reading of RFC 5545."""

from __future__ import annotations

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.store.recurrence import MOST_OCCURRENCES, Window, plan_window, recur
from schemas import Header

YEAR = Window(dt.date(2026, 2, 12), dt.date(2026, 12, 31))


def days(rule: str, window: Window = YEAR) -> list[str]:
    found = recur(rule, window)
    return [day.isoformat() for day in found.days] if found else []


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("FREQ=MONTHLY;INTERVAL=3", ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]),
        ("FREQ=MONTHLY;INTERVAL=6", ["2026-06-30", "2026-12-31"]),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", ["2026-03-15", "2026-06-15", "2026-09-15", "2026-12-15"]),
        ("FREQ=YEARLY", ["2026-12-31"]),
        ("FREQ=YEARLY;BYMONTH=9", ["2026-09-30"]),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15", ["2026-11-15"]),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5", []),  # before the plan
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", ["2026-02-16", "2026-02-23"]),
    ],
)
def test_a_rule_without_a_day_means_the_end_of_its_period(rule: str, wanted: list[str]) -> None:
    assert days(rule) == wanted


def test_a_bare_month_and_week() -> None:
    assert days("FREQ=MONTHLY")[:2] == ["2026-02-28", "2026-03-31"]
    assert days("FREQ=WEEKLY")[:2] == ["2026-02-13", "2026-02-20"]  # Fridays


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;INTERVAL=0", "FREQ=YEARLY;BYMONTH=13", "FREQ=MONTHLY;BYSETPOS=1", "FREQ=MONTHLY;BYDAY=XX",
     "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;FREQ=WEEKLY"],
)  # fmt: skip
def test_what_cannot_be_followed_has_no_days(rule: str) -> None:
    assert days(rule) == []


def test_there_is_an_end() -> None:
    assert len(days("FREQ=DAILY", Window(dt.date(2026, 1, 1), dt.date(2041, 12, 31)))) == MOST_OCCURRENCES


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (Header(issued_on="2026-03-05", plan_years=[2026]), (dt.date(2026, 3, 5), dt.date(2026, 12, 31))),
        (Header(issued_on="2025-12", plan_years=[2026, 2030]), (dt.date(2025, 12, 1), dt.date(2030, 12, 31))),
        (Header(plan_years=[2027]), (dt.date(2027, 1, 1), dt.date(2027, 12, 31))),
        (Header(issued_on="2026-03-05", plan_years=[2199]), (dt.date(2026, 3, 5), dt.date(2041, 12, 31))),
    ],
)
def test_a_plan_is_followed_to_the_end_of_its_last_year(header: Header, wanted: tuple[dt.date, dt.date]) -> None:
    assert plan_window(header) == Window(*wanted)
    assert plan_window(Header()) is None
    assert recur("FREQ=MONTHLY", None) is None


_month_days = st.lists(st.integers(1, 31), min_size=1, max_size=3, unique=True)
# Not "MO" and "-1TH" in one rule: dateutil takes what is both, RFC 5545 (3.3.10) and this program what is either.
_weekdays = st.one_of(
    st.lists(st.sampled_from(["MO", "WE", "FR"]), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(["2TU", "-1TH", "1SA"]), min_size=1, max_size=3, unique=True),
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]),
    st.integers(1, 12),
    st.lists(st.integers(1, 12), max_size=3, unique=True),
    _month_days,
    _weekdays,
    st.booleans(),
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)),
)
def test_days_agree_with_dateutil(
    frequency: str,
    interval: int,
    months: list[int],
    month_days: list[int],
    weekdays: list[str],
    by_week: bool,
    first: dt.date,
) -> None:
    """The rule that goes into a calendar, read there, falls on the days that were found here."""
    window = Window(first, dt.date(first.year + 1, 12, 31))
    rule = f"FREQ={frequency};INTERVAL={interval}"
    rule += f";BYMONTH={','.join(map(str, months))}" if months else ""
    if by_week:
        plain = [day for day in weekdays if len(day) == 2] or ["SA"]
        rule += f";BYDAY={','.join(weekdays if frequency in ('MONTHLY', 'YEARLY') else plain)}"
    elif frequency != "WEEKLY":
        rule += f";BYMONTHDAY={','.join(map(str, month_days))}"
    found = recur(rule, window)
    if found is None:
        return
    start = dt.datetime.combine(found.days[0], dt.time())
    read = rrulestr(f"{found.rule};UNTIL={found.days[-1]:%Y%m%d}", dtstart=start)
    assert [moment.date() for moment in read] == list(found.days)
