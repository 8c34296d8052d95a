"""What the whole document says and each item needs: the plan's year, its day, what it teaches about units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.extract.abbreviations import UnitLore
from schemas import Header


@dataclass(frozen=True, slots=True)
class PlanContext:
    """``year`` stands in for years that are not printed, ``issued_on`` is the earliest day a deadline can fall on."""

    year: int
    lore: UnitLore
    issued_on: dt.date | None = None


def plan_year(header: Header) -> int | None:
    """The year of the plan: the one it is for, else the year of issue where it is for several."""
    issued = int(header.issued_on[:4]) if header.issued_on else None
    years = header.plan_years
    if len(years) == 1:
        # "đến năm 2030" names the end of a phase, not the year of the work
        return years[0] if issued is None or years[0] - issued <= 1 else issued
    if issued is not None:
        return issued
    return years[0] if years else None


def issue_day(header: Header) -> dt.date | None:
    """The day of issue; the first of the month where the day was left blank."""
    if header.issued_on is None:
        return None
    return dt.date.fromisoformat(header.issued_on if len(header.issued_on) == 10 else f"{header.issued_on}-01")
