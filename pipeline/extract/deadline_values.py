"""Values that are deadlines as a whole: the part of a "Thời gian" line behind its colon, a cell of such a column.

Everything in them says when, be it only under a condition ("Sau khi …") or as a duration ("≤ 20 ngày làm việc").
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache

from pipeline.extract.conditions import duration_at
from pipeline.extract.deadlines import Subject, clause_of, deadlines_of, without_repeats
from pipeline.extract.figures import mend_figures
from pipeline.extract.language import level
from pipeline.extract.quarters import mend_quarters
from pipeline.extract.recurrences import is_taken, recurring_with_date
from pipeline.extract.sentences import Clause, Sentence, is_citation
from pipeline.extract.specks import tidy
from pipeline.extract.times import Time
from pipeline.knowledge import load_table
from pipeline.values import Text
from schemas import Deadline

_SESSION = 10  # tokens from a session to the year that tells which one: "kỳ họp thường lệ của HĐND tỉnh cuối năm …"


def read_deadline_value(text: Text, plan_year: int, subject: Subject = "item") -> list[Deadline]:
    """Deadlines of a "Thời gian" attribute or cell: every part of it says when, be it only under a condition."""
    deadlines: list[Deadline] = []
    for part in _parts(mend_quarters(mend_figures(tidy(text)))):
        if is_left_open(part.string):
            continue
        sentence = Sentence(part.string)
        clauses = list(_value_clauses(sentence, plan_year))
        deadlines += deadlines_of(part, sentence, clauses, subject)
    return without_repeats(deadlines)


def is_left_open(string: str) -> bool:
    """Whether the value refers to a schedule without saying whose: "Theo lộ trình", "Đúng tiến độ"."""
    return _left_open().fullmatch(string) is not None


@cache
def _left_open() -> re.Pattern[str]:
    phrases = "|".join(r"\W+".join(phrase.split()) for phrase in load_table("deadlines")["conditional"]["open"])
    return re.compile(rf"\W*(?:{phrases})\W*", re.IGNORECASE)


def _parts(text: Text) -> Iterator[Text]:
    """Pieces between semicolons, line breaks and full stops (not those of a date or a number)."""
    start = 0
    for stop in re.finditer(r"[;\n]|\.(?=\s+[^\W\d_]|\s*$)", text.string):
        yield text.slice(start, stop.start())
        start = stop.end()
    yield text.slice(start)


def _value_clauses(sentence: Sentence, plan_year: int) -> Iterator[Clause]:
    doc = sentence.doc
    covered: set[int] = set()
    found: list[Clause] = []
    condition = _condition_start(sentence)
    for time in sentence.times:
        if sentence.words(sentence.lead_in(time.first) - 2, 2) in ("định hướng", "tầm nhìn"):
            continue  # "2026-2030, định hướng 2035"
        if _is_of_session(sentence, time):
            continue
        if is_citation(sentence, time) or (
            condition is not None and time.first > condition and not _limits(sentence, time)
        ):
            continue
        clause = recurring_with_date(sentence, time) or clause_of(sentence, time, plan_year)
        if clause is not None:
            found.append(clause)
            covered.update(range(clause.first, clause.last))
    for a, b in sentence.phrases.get("ongoing", []):
        if not covered & set(range(a, b)) and (condition is None or b <= condition):
            found.append(Clause(a, b, "ongoing"))
            covered.update(range(a, b))
    for recurrence in sentence.recurrences:
        free = not covered & set(range(recurrence.first, recurrence.last)) and not is_taken(sentence, recurrence, found)
        if free and not recurrence.bound and (condition is None or recurrence.first < condition):
            found.append(
                Clause(recurrence.first, recurrence.last, "recurring", rrule=recurrence.rrule, sure=recurrence.sure)
            )
            covered.update(range(recurrence.first, recurrence.last))
    if any(c.kind == "recurring" for c in found):  # "Hằng năm, bắt đầu từ năm 2026"
        found = [c for c in found if not _starts(sentence, c)]
    if not found and _this_year(sentence):
        found.append(Clause(0, len(doc), "year", due=dt.date(plan_year, 12, 31), inferred=True))
    elif condition is not None and not any(c.first >= condition for c in found):
        found.append(Clause(condition, _end_of_words(sentence), "conditional"))
    elif not found and any(map(str.isalpha, sentence.texts)):
        known = condition is not None or any(duration_at(sentence, k) for k in range(len(doc)))
        found.append(Clause(0, _end_of_words(sentence), "conditional", sure=1.0 if known else 0.6))
    elif found:
        found += [Clause(a, b, "conditional") for a, b in _free_durations(sentence, covered)]
    yield from sorted(found, key=lambda c: c.first)


def _starts(sentence: Sentence, clause: Clause) -> bool:
    """Whether the clause only says from when on something comes back."""
    words = [sentence.word(k) for k in range(clause.first, clause.last)]
    return clause.kind in ("year", "month", "quarter", "date") and (
        "từ" in words[:3] or sentence.word(clause.first - 1) == "từ"
    )


def _is_of_session(sentence: Sentence, time: Time) -> bool:
    """ "Trình kỳ họp thường lệ giữa năm 2026": the year tells which session, an event whose day is not set yet."""
    sessions = load_table("deadlines")["conditional"]["sessions"]
    begin = max(sentence.clause_start(time.first), time.first - _SESSION)
    before = sentence.words(begin, time.first - begin)
    return time.kind in ("year", "period") and any(re.search(rf"(?<!\w){s}(?!\w)", before) for s in sessions)


def _condition_start(sentence: Sentence) -> int | None:
    """Where a condition opens: at the value's start, or behind a comma or a bracket."""
    starts = [
        a
        for a, _ in sentence.phrases.get("condition", [])
        if sentence.behind_break(a) or sentence.word(a - 1) in ("ngay", "hoặc")
    ]
    return min(starts, default=None)


def _limits(sentence: Sentence, time: Time) -> bool:
    """A date inside a condition that stands for itself: "Sau khi …, trước 30/6/2026"."""
    first = sentence.lead_in(time.first)
    return first < time.first and sentence.word(first - 1) in (",", "(", ";")


def _this_year(sentence: Sentence) -> bool:
    """ "Trong năm", "Cả năm", "Đến hết năm": the plan's own year and nothing else."""
    words = " ".join(level(word) for word in sentence.texts if word.isalpha())
    return words in load_table("deadlines")["this_year"]["values"]


def _free_durations(sentence: Sentence, covered: set[int]) -> Iterator[tuple[int, int]]:
    for i in range(len(sentence.doc)):
        end = duration_at(sentence, i)
        if end is not None and not covered & set(range(i, end)):
            yield (i - 1 if sentence.word(i - 1) in ("≤", "<", "~") else i), end


def _end_of_words(sentence: Sentence) -> int:
    end = len(sentence.doc)
    while (
        end > 1 and (sentence.doc[end - 1].is_punct or sentence.doc[end - 1].is_space) and sentence.word(end - 1) != ")"
    ):
        end -= 1
    return end


def find_recurring_deliverables(text: Text) -> list[Deadline]:
    """Repetitions of a product: "Báo cáo hằng tháng" is due every month (contract, "Recurring deliverables")."""
    if "báo cáo" not in text.string.lower():
        return []
    sentence = Sentence(text.string)
    clauses = [Clause(r.first, r.last, "recurring", rrule=r.rrule) for r in sentence.recurrences if not r.bound]
    return deadlines_of(text, sentence, clauses, "report")
