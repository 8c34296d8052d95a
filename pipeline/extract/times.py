"""Times named in a text: dates, months, quarters, years, ranges and lists of them, as calendar values.

Reads the spans of times that :mod:`.language` marks ("ngày 05 tháng 12", "Quý II/2026", "06 - 15/11/2017",
"2025-2027") and turns each into one or more :class:`Time`. What a time means for an item is decided in
:mod:`.deadlines`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span

from pipeline.extract.language import time_spans
from pipeline.knowledge import load_table

_TO_WORDS = frozenset({"-", "–", "—", "đến", "tới"})
_FIGURES = re.compile(r"\d+")
_FILLERS = frozenset({"hết", "ngày", "cuối", "đầu", "trước", "vào"})
_CLOCK = re.compile(r"\d{1,2}[hg]\d{0,2}|\d{1,2} giờ(?: \d{1,2}(?: phút)?)?")
_MONTH_COUNTS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "chín": 9}
_SHORT = {"I": 1, "II": 2, "III": 3, "IV": 4}
_GRAIN = {"date": 0, "month": 1, "quarter": 2, "year": 3}


@dataclass(frozen=True, slots=True)
class Time:
    """A point or stretch of the calendar named by the tokens ``first`` up to ``last``.

    ``kind`` is the contract's (``date``, ``month``, ``quarter``, ``year``, ``period``) or ``day`` (a day of no month).
    ``month`` and ``day`` are kept for recurrences; ``year`` is None where none is printed.
    """

    first: int
    last: int
    kind: str
    year: int | None
    month: int | None = None
    day: int | None = None
    until: Time | None = None  # end of a period

    def start_in(self, year: int) -> dt.date | None:
        """First day, ``year`` standing in where none is printed; None for a day that does not exist."""
        return (
            calendar_day(self.year or year, self.month or 1, self.day or 1)
            if self.kind != "quarter"
            else calendar_day(self.year or year, (self.month or 3) - 2, 1)
        )

    def due_in(self, year: int) -> dt.date | None:
        """Last day, ``year`` standing in where none is printed; None for a day that does not exist."""
        own = self.year or year
        if self.until is not None:
            return self.until.due_in(year)
        if self.day is not None and self.month is not None:
            return calendar_day(own, self.month, self.day)
        month = self.month or 12
        return calendar_day(own, month, calendar.monthrange(own, month)[1]) if 1 <= month <= 12 else None


def times_in(doc: Doc) -> list[Time]:
    """Every time of the document in order; ranges joined, lists apart, a year printed once given to its neighbours."""
    times = [time for span in time_spans(doc) for time in _values(span)]
    return _share_years(doc, _join_ranges(doc, times))


def calendar_day(year: int, month: int, day: int) -> dt.date | None:
    """The day; None where the calendar has none such."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _values(span: Span) -> Iterator[Time]:
    def time(kind: str, year: int | None = None, month: int | None = None, day: int | None = None) -> Time:
        return Time(span.start, span.end, kind, year, month, day)

    numbers = [int(figures) for figures in _FIGURES.findall(span.text)]
    years = [n for n in numbers if n >= 1900]
    small = [n for n in numbers if n < 1900]
    year = years[-1] if years else None
    match span.label_:
        case "date" | "day_month":
            yield time("date", year, small[1], small[0])
        case "short_date":
            yield time("date", 2000 + small[2], small[1], small[0])
        case "day":
            yield time("day", None, None, small[0])
        case "day_list":
            in_month = any(t.text == "/" or t.norm_ == "thang" for t in span)
            for day in small[:-1] if in_month else small:
                yield time("date" if in_month else "day", year, small[-1] if in_month else None, day)
        case "week":  # the contract knows no weeks: due within the month
            month = next(t.i for t in span if t.norm_ == "thang")
            named = [int(t.text) for t in span if t.i > month and t.is_digit and int(t.text) < 1900]
            yield time("month", year, named[0] if named else _month_in_words(span.doc[month : span.end]))
        case "day_range":
            begin, end = time("date", year, small[2], small[0]), time("date", year, small[2], small[1])
            yield replace(begin, kind="period", until=end)
        case "month" | "month_year":
            yield time("month", year, small[0] if small else _month_in_words(span))
        case "month_range" | "quarter_range":
            quarters = span.label_ == "quarter_range"
            kind = "quarter" if quarters else "month"
            first, second = (3 * q for q in _quarters(span)[:2]) if quarters else small[:2]
            start = first - 2 if quarters else first
            yield replace(time(kind, year, first), kind="period", month=start, until=time(kind, year, second))
        case "month_list":
            yield from (time("month", year, month) for month in small)
        case "quarter_list":
            yield from (time("quarter", year, 3 * quarter) for quarter in _quarters(span))
        case "quarter" | "quarter_year":
            yield time("quarter", year, 3 * _quarters(span)[0])
        case "part_of_year":
            count = 6 if span[0].lower_ == "nửa" else small[0] if small else _MONTH_COUNTS[span[0].lower_]
            begins = any(t.lower_ == "đầu" for t in span)
            yield replace(
                time("month", year, 1 if begins else 13 - count),
                kind="period",
                until=time("month", year, count if begins else 12),
            )
        case "year":
            yield time("year", year)
        case "year_range":
            yield replace(time("year", years[0]), kind="period", until=time("year", years[1]))


def _quarters(span: Span) -> list[int]:
    """Numbers of the quarters named; strokes are counted, for OCR reads "II" as "Il", "lI" or "11"."""
    found = []
    for token in span:
        if re.fullmatch(r"[IlL1|]{1,3}", token.text):
            found.append(len(token.text))
        elif re.fullmatch(r"[IlL1|]V", token.text):
            found.append(4)
        elif re.fullmatch(r"0?[1-4]", token.text):
            found.append(int(token.text))
        elif short := re.fullmatch(r"Q\.?(I{1,3}|IV|[1-4])", token.text):
            found.append(_SHORT.get(short[1]) or int(short[1]))
    return found or [1]


def _month_in_words(span: Span) -> int:
    words = load_table("deadlines")["month_words"]
    return int(next((words[t.lower_] for t in span[1:] if t.lower_ in words), 1))


def _join_ranges(doc: Doc, times: list[Time]) -> list[Time]:
    """ "từ ngày 30/10 đến 03/11/2017", "tháng 3 đến hết tháng 6/2026", "…, kết thúc vào ngày …": two times, a reach."""
    result: list[Time] = []
    for time in times:
        previous = result[-1] if result else None
        if (
            previous is not None
            and previous.until is None
            and time.until is None
            and time.kind in _GRAIN
            and previous.kind in _GRAIN
            and _is_reach(doc, previous.last, time.first)
            and (previous.kind != "year" or time.kind == "year" or doc[max(0, previous.first - 1)].lower_ == "từ")
        ):
            begin = previous if previous.year else replace(previous, year=time.year)
            month = begin.month - 2 if begin.kind == "quarter" and begin.month else begin.month
            result[-1] = replace(begin, kind="period", month=month, last=time.last, until=time)
        else:
            result.append(time)
    return result


def _is_reach(doc: Doc, begin: int, end: int) -> bool:
    between = _CLOCK.sub("", " ".join(doc[i].lower_ for i in range(begin, end))).split()
    ends = between[:3] == [",", "kết", "thúc"]
    behind = between[3 if ends else 1 :]
    return bool(between) and (ends or between[0] in _TO_WORDS) and all(w in _FILLERS for w in behind)


def _share_years(doc: Doc, times: list[Time]) -> list[Time]:
    """ "trước ngày 25/5 và 10/11/2026": the year stands once, behind the last."""
    result = list(times)
    for k in range(len(result) - 2, -1, -1):
        here, behind = result[k], result[k + 1]
        if here.year is None and behind.year is not None and here.kind == behind.kind:
            between = [doc[i].lower_ for i in range(here.last, behind.first)]
            if len(between) <= 3 and all(w in (",", "và", "&", "hoặc", "trước", "ngày", "tháng") for w in between):
                result[k] = replace(here, year=behind.year)
    return result
