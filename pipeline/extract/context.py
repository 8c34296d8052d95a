"""What the whole document says and each item needs: the plan's year, its day, what it teaches about units."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.abbreviations import UnitLore
from pipeline.values import Block, Paragraph, Table
from schemas import Header

_TITLE_LINES = 6  # paragraphs above the table of an appendix
_NAMED_YEAR = re.compile(r"\bnăm\s+(20\d\d)\b", re.IGNORECASE)
_DATED = re.compile(r"\bngày\s+\d{1,2}(?:/|\s+tháng\s+)\d{1,2}(?:/|\s+năm\s+)(20\d\d)\b", re.IGNORECASE)


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


def year_above_tables(body: Sequence[Block]) -> int | None:
    """The year that the lines above the first table name, for an appendix that came without its plan.

    "… CẢI CÁCH HÀNH CHÍNH NĂM 2026", "(Kèm theo Quyết định số 15/QĐ-SXD ngày 09/01/2026 …)".
    """
    first = next((k for k, block in enumerate(body[: _TITLE_LINES + 1]) if isinstance(block, Table)), 0)
    texts = [block.text.string for block in body[:first] if isinstance(block, Paragraph)]
    years = [found for pattern in (_NAMED_YEAR, _DATED) for text in texts for found in pattern.findall(text)]
    return int(years[0]) if years else None
