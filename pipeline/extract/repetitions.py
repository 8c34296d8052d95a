"""Words and figures of repetition ("hằng quý", "6 tháng/lần", "thứ Bảy tuần cuối hằng tháng") and their rules.

Reads a tokenized statement or value. Normal form: RFC 5545, 3.3.10; words: knowledge/deadlines.toml, "recurrence".
What a repetition governs is decided in :mod:`.recurrences`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.extract.language import time_spans
from pipeline.knowledge import load_table

if TYPE_CHECKING:
    from pipeline.extract.sentences import Sentence

MONTHS_OF = {"quý": 3, "năm": 12, "tháng": 1}
TIMES_OF_DAY = frozenset({"sáng", "trưa", "chiều", "tối", "đêm"})
_BEFORE_WEEKDAY = frozenset({"(", ",", "vào", "ngày", "các", "trước", "chậm", "nhất", "là"})
_LOOK_AHEAD = 10  # tokens within which the days of "hằng tuần" are named
_NUMBER_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "chín": 9}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A word or figure of repetition ("hằng quý", "6 tháng/lần"); ``bound`` ones mean something only with a date."""

    first: int
    last: int
    rrule: str
    bound: bool = False
    counted: bool = False
    sure: float = 1.0


def recurrences_in(sentence: Sentence) -> Iterator[Recurrence]:
    """Every word and figure of repetition in the sentence."""
    for recurrence in _named_recurrences(sentence):
        yield recurrence
        last = recurrence.last  # "hằng tháng, quý, 6 tháng, năm": the word of repetition stands once
        while not recurrence.bound and sentence.word(last) in (",", "và", "/", "hoặc"):
            listed = listed_unit(sentence, last + 1)
            if listed is None:
                break
            yield listed
            last = listed.last


def listed_unit(sentence: Sentence, i: int) -> Recurrence | None:
    """A bare unit of time, or a number of months, in a list of repetitions."""
    unit, behind = sentence.word(i), sentence.word(i + 1)
    if unit in MONTHS_OF and not re.match(r"\d|[ivx]+$|học$", behind):
        return Recurrence(i, i + 1, monthly(MONTHS_OF[unit]))
    count = int(unit) if unit.isdigit() else _NUMBER_WORDS.get(unit)
    if count == 1 and behind == "năm":
        return Recurrence(i, i + 2, monthly(12))
    if count in (3, 6, 9) and behind == "tháng" and sentence.word(i + 2) not in ("đầu", "cuối"):
        return Recurrence(i, i + 2, "FREQ=YEARLY;BYMONTH=9" if count == 9 else monthly(count))
    return None


def _named_recurrences(sentence: Sentence) -> Iterator[Recurrence]:
    rules = _recurrence_rules()
    counted = [span for span in time_spans(sentence.doc) if span.label_ in ("every", "times_per", "months")]
    for a, b in sentence.phrases.get("recurrence", []):
        if not any(span.start <= a and b <= span.end for span in counted):  # "mỗi quý" of "mỗi quý 01 lần"
            rule = rules[" ".join(sentence.word(k) for k in range(a, b))]
            if rule == "FREQ=WEEKLY":
                yield _on_weekdays(sentence, a, b)
            elif rule == "FREQ=MONTHLY" and (in_week := _on_weekday_of_month(sentence, a, b)) is not None:
                yield in_week
            elif not _names_day(sentence, b):
                yield Recurrence(a, b, rule)
    for i in sentence.places("tuần"):  # "báo cáo tuần trước 14 giờ thứ Tư"
        if sentence.words(i - 2, 3) == "báo cáo tuần" and (weekly := _on_weekdays(sentence, i, i + 1)).counted:
            yield weekly
    for span in counted:
        counted_rule = _counted_rule(span.text.lower(), span.label_)
        if counted_rule is not None:
            rule, sure = counted_rule
            yield Recurrence(span.start, span.end, rule, bound=span.label_ == "months", counted=True, sure=sure)


@cache
def _recurrence_rules() -> dict[str, str]:
    return {" ".join(key.split()): rule for key, rule in load_table("deadlines")["recurrence"].items()}


def _on_weekdays(sentence: Sentence, first: int, last: int) -> Recurrence:
    """ "hằng tuần" with the days named beside it: "thứ Hai, thứ Năm hằng tuần", "hằng tuần vào sáng Chủ nhật"."""
    days: list[str] = []
    k = first
    while True:
        if (day := _weekday(sentence, k - 2)) is not None:
            days.insert(0, day)
            k -= 2
        elif days and sentence.word(k - 1) in (",", "và") and _weekday(sentence, k - 3) is not None:
            k -= 1
        else:
            break
    begin, end = (k if days else first), last
    if not days:
        ahead = last
        while ahead < last + _LOOK_AHEAD:  # "hằng tuần (trước 14 giờ thứ Tư)"
            if sentence.word(ahead) in TIMES_OF_DAY | _BEFORE_WEEKDAY:
                ahead += 1
            elif clock := sentence.clock_at(ahead):
                ahead = clock
            else:
                break
        while (day := _weekday(sentence, ahead)) is not None:
            days.append(day)
            end = ahead + 2
            ahead = end + 1 if sentence.word(end) in (",", "và") else end
    if not days:
        return Recurrence(first, last, "FREQ=WEEKLY")
    while sentence.word(begin - 1) in TIMES_OF_DAY | {"ngày", "các"}:
        begin -= 1
    return Recurrence(begin, end, f"FREQ=WEEKLY;BYDAY={','.join(dict.fromkeys(days))}", counted=True)


def _on_weekday_of_month(sentence: Sentence, first: int, last: int) -> Recurrence | None:
    """ "ngày thứ Bảy tuần cuối hằng tháng": the first or the last such day of each month."""
    week = {"tuần đầu": "1", "tuần cuối": "-1"}.get(sentence.words(first - 2, 2))
    day = _weekday(sentence, first - 4)
    if week is None or day is None:
        return None
    begin = first - 4
    while sentence.word(begin - 1) in TIMES_OF_DAY | {"ngày"}:
        begin -= 1
    return Recurrence(begin, last, f"FREQ=MONTHLY;BYDAY={week}{day}", counted=True)


def _names_day(sentence: Sentence, i: int) -> bool:
    """Whether the unit of time in front of token ``i`` only begins a name: "ngày cuối quý | III"."""
    if sentence.word(i - 1) == "quý":
        return re.fullmatch(r"[ivx]+|0?[1-4]", sentence.word(i)) is not None
    return sentence.word(i - 1) == "ngày" and _weekday(sentence, i) is not None


def _weekday(sentence: Sentence, i: int) -> str | None:
    """RFC 5545 day of the two words at ``i``: "thứ Năm" -> TH, "Chủ nhật" -> SU."""
    found: str | None = load_table("deadlines")["weekdays"].get(f"{sentence.word(i)} {sentence.word(i + 1)}")
    return found


def _counted_rule(words: str, label: str) -> tuple[str, float] | None:
    """Rule and how sure it is: "6 tháng/lần" and "02 lần/năm" are every six months, "01 lần/tuần" is weekly.

    RFC 5545 cannot say "3 lần/tuần" without naming the days: the unit's own frequency stands for it, in doubt.
    """
    numbers = [
        int(w) if w.isdigit() else _NUMBER_WORDS[w]
        for w in re.findall(r"\d+|[^\W\d]+", words)
        if w.isdigit() or w in _NUMBER_WORDS
    ]
    units = [w for w in re.findall(r"[^\W\d]+", words) if w in ("ngày", "tuần", "tháng", "quý", "năm")]
    if not units or (numbers and numbers[0] < 1):
        return None
    count, unit = (numbers[0] if numbers else 1), units[0]
    plain = {"ngày": "FREQ=DAILY", "tuần": "FREQ=WEEKLY"}.get(unit)
    if label == "times_per":
        stated = re.search(
            r"(\w+)\s+(?:lần|đợt|kỳ|cuộc|buổi|phiên|số|tin|bài)", words
        )  # "01 tháng 02 lần": the number in front of "lần" counts
        if stated is not None:
            count = int(stated[1]) if stated[1].isdigit() else _NUMBER_WORDS.get(stated[1], count)
        if count < 1:
            return None
        if plain is not None:
            return plain, 1.0 if count == 1 else 0.5
        if re.search(r"buổi|phiên|số|tin|bài", words):  # "04 tin/tháng" is how much, not how often
            return monthly(MONTHS_OF[unit]), 0.8
        months, rest = divmod(MONTHS_OF[unit], count)
        if rest == 0 and months:
            return monthly(months), 1.0
        weeks, rest = divmod(4 * MONTHS_OF[unit], count)
        if rest == 0 and weeks:
            return "FREQ=WEEKLY" + (f";INTERVAL={weeks}" if weeks > 1 else ""), 0.8
        return monthly(MONTHS_OF[unit]), 0.5
    if plain is not None:
        return plain + (f";INTERVAL={count}" if count > 1 else ""), 1.0
    return monthly(count * MONTHS_OF[unit]), 1.0


def monthly(months: int) -> str:
    """The rule for every so many months."""
    if months % 12 == 0:
        return "FREQ=YEARLY" + (f";INTERVAL={months // 12}" if months > 12 else "")
    return "FREQ=MONTHLY" + (f";INTERVAL={months}" if months > 1 else "")
