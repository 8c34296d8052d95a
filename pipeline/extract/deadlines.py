"""Deadlines: by when, during which or how often an item is to be done or reported.

Reads running sentences; values that are a deadline as a whole are read by :mod:`.deadline_values`. Rules: contract.md,
"deadlines" and "Cases settled"; words: knowledge/deadlines.toml.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from pipeline.extract.conditions import conditions
from pipeline.extract.figures import mend_figures
from pipeline.extract.quarters import mend_quarters
from pipeline.extract.recurrences import recurring_with_date, unbound
from pipeline.extract.sentences import (
    BREAKS,
    STOPS,
    Clause,
    Sentence,
    is_citation,
    is_commemoration,
    is_scope,
    may_set_time,
)
from pipeline.extract.times import Time
from pipeline.values import Text
from schemas import Deadline

Subject = Literal["item", "report"]

_BACKWARDS = 0.4  # a period whose months run backwards within the year printed behind them
_BEGINS = 0.5  # "từ tháng 7/2025": when the item begins
_QUALIFIED = 5  # tokens in front of "trong năm" that may make it part of a noun: "các vụ việc xảy ra trong năm"
_NAMED_SO = frozenset({"chi", "dục", "toán"})  # "chi thường xuyên", "Trung tâm Giáo dục thường xuyên"
_SUBJECT = 8  # tokens of a subject in front of "thường xuyên" and the verb
_DONE = frozenset({"thực", "hiện", "triển", "khai", "duy", "trì", "thời", "gian", ":"})  # in front of "thường xuyên"
_OR_MORE = frozenset({"trở lên", "trở xuống"})  # "đạt điểm từ 7/10 trở lên": figures, no day
_DURING_PHASE = "trong giai đoạn"
_YEAR_INFERRED = 0.95  # a year that was concluded is a little less sure than one that was read


def find_deadlines(text: Text, plan_year: int, *, earliest: dt.date | None = None) -> list[Deadline]:
    """Deadlines that a statement sets for itself, in printed order.

    ``plan_year`` stands in for a year that is not printed (then ``inferred`` names the field). Dates before
    ``earliest`` (the plan's own day) are memories, not deadlines. Dates of cited documents, and years that only name a
    plan or a phase, are left alone.
    """
    if not may_set_time(text.string):
        return []
    text = mend_quarters(mend_figures(text))
    sentence = Sentence(text.string)
    clauses = [
        *_timed(sentence, plan_year, earliest),
        *unbound(sentence),
        *_ongoing_openings(sentence),
        *_ongoing_of_subject(sentence),
        *_ongoing_parts(sentence),
        *_this_year(sentence, plan_year),
        *conditions(sentence),
    ]
    return deadlines_of(text, sentence, clauses, None)


def _timed(sentence: Sentence, plan_year: int, earliest: dt.date | None) -> Iterator[Clause]:
    meant: Time | None = None  # the last time that counts: one listed behind it counts too
    for time in sentence.times:
        if is_citation(sentence, time) or is_commemoration(sentence, time) or is_scope(sentence, time):
            continue
        if sentence.words(time.last, 2) in _OR_MORE:
            continue
        recurring = recurring_with_date(sentence, time)
        if recurring is not None:
            yield recurring
            continue
        if not (_is_meant(sentence, time) or (meant is not None and _is_listed(sentence, meant, time))):
            continue
        clause = clause_of(sentence, time, plan_year)
        if clause is not None and (earliest is None or clause.due is None or clause.due >= earliest):
            meant = time
            yield clause


def _is_listed(sentence: Sentence, previous: Time, time: Time) -> bool:
    """ "trong tháng 10/2025 và tháng 3/2026": the second of a list."""
    between = [sentence.word(k) for k in range(previous.last, time.first)]
    joined = len(between) <= 3 and all(w in (",", "và", "hoặc", "vào", "trong", "ngày") for w in between)
    return joined and bool(between) and time.kind == previous.kind


def clause_of(sentence: Sentence, time: Time, plan_year: int) -> Clause | None:
    """The deadline that the time sets, ``plan_year`` standing in for a year not printed; None where it sets none."""
    words = (sentence.word(time.last), sentence.word(time.last + 1))
    if words[0] == "năm" and words[1] in ("sau", "tới", "kế", "tiếp", "liền"):  # "trước ngày 15/01 năm sau"
        plan_year += 1
    due = time.due_in(plan_year)
    if due is None or time.kind == "day":
        return None
    start = time.start_in(plan_year) if time.kind == "period" else None
    printed = time.year or (time.until.year if time.until else None)
    backwards = start is not None and start > due
    if backwards:  # "từ tháng 11 đến tháng 3 (năm 2026)": over the turn of the year
        start, due = _over_new_year(time, plan_year)
    sure = 1.0
    if backwards and printed is not None and not {"-", "–"}.isdisjoint(sentence.texts[time.first : time.last]):
        sure = _BACKWARDS  # "tháng 9-7/2025": more likely a misread figure
    if time.kind == "period" and (start is None or due is None or start > due):
        return None
    first = sentence.lead_in(time.first)
    if sentence.words(first - 3, 3) == _DURING_PHASE:
        first -= 3
    if (goes_on := _goes_on_from(sentence, time.last)) is not None:
        return Clause(first, goes_on, "ongoing")
    # "từ tháng 7/2025" says when the item begins, not when it is due: kept, but for a person to look at
    if time.kind != "period" and sentence.word(time.first - 1) == "từ":
        sure = _BEGINS
    return Clause(first, time.last, time.kind, start, due, inferred=printed is None, sure=sure)


def _goes_on_from(sentence: Sentence, i: int) -> int | None:
    """Behind a time: "trở đi", "và các năm tiếp theo", "và những năm sau"; the end of these words."""
    if sentence.word(i) in ("trở", "về") and sentence.word(i + 1) in ("đi", "sau"):
        return i + 2
    words = [sentence.word(k) for k in range(i, i + 5)]
    if words[0] in ("và", ",") and words[1] in ("các", "những") and words[2] == "năm":
        return {"tiếp": i + 5, "sau": i + 4, "kế": i + 5}.get(words[3])
    return None


def _over_new_year(time: Time, plan_year: int) -> tuple[dt.date | None, dt.date | None]:
    """Start and end of a period whose end lies earlier in the calendar: the end's year, if printed, stands."""
    end = time.until
    if end is None or end.month is None or time.month is None:
        return None, None
    last = end.year or (time.year or plan_year) + 1
    return replace(time, year=last - 1).start_in(plan_year), replace(end, year=last).due_in(plan_year)


def _is_meant(sentence: Sentence, time: Time) -> bool:
    """Whether the time in a running sentence is when the item is due, not part of a name."""
    first = sentence.lead_in(time.first)
    led = first < time.first or bool(
        sentence.ending_at("before", time.first) or sentence.ending_at("during", time.first)
    )
    begin = sentence.sentence_start(time.first)
    base = time.until.kind if time.until is not None and time.kind == "period" else time.kind
    if base == "date":
        has_word = sentence.doc[time.first].norm_ == "ngay" or sentence.word(time.first - 1) == "ngày"
        return time.year is not None or led or has_word or sentence.opens(time.first)
    if base in ("month", "quarter"):
        named = sentence.any("document", max(begin, first - 3), first) and not led
        ends = sentence.word(time.last) in STOPS | {",", ")", ""}
        done = time.year is not None and ends and _is_done(sentence, first)  # "trình ban hành tháng 5/2026."
        week = sentence.doc[time.first].norm_ != "thang" and base == "month" and time.month is not None
        last = sentence.word(time.last) in STOPS | {""} and sentence.word(first - 1) == ","  # "…, tuần 2 tháng 11."
        placed = (
            led
            or done
            or (last and week)
            or sentence.opens(first)
            or (time.year is not None and sentence.behind_break(first))
        )
        return (not named and placed) or _fills_brackets(sentence, time, first)
    if base == "year":
        if time.kind == "period" and not led:
            return _is_phase_meant(sentence, time)
        if time.kind == "year" and sentence.word(time.first - 1) == "từ" and _goes_on_from(sentence, time.last) is None:
            return False  # "Từ năm 2026, người dân được …": since when, not by when
        if {"trước", "vào"} & {sentence.word(k) for k in range(first, time.first)} and time.kind == "year":
            return True  # "tổng kết Đề án vào cuối năm 2025": no name of a document says so
        if sentence.any("document", max(begin, first - 3), first) and not sentence.behind_break(first):
            return False
        opening = sentence.opens(first) or sentence.word(first - 1) in (":", "(")
        if opening and (led or sentence.word(time.last) in (",", ":")):
            return not sentence.any("document", time.first, time.last)
        if sentence.behind_break(first) and sentence.word(time.last) in ("đạt", "phấn", "hoàn"):
            return True  # "năm 2026 đạt 80%, năm 2027 đạt 90%"
        if not led or sentence.word(first) in ("năm",):
            return False
        # "đến năm …" may end the name of a plan a sentence long, "trong năm …" only one nearby
        since = begin if sentence.word(time.first - 1) in ("đến", "tới", "") else sentence.clause_start(first)
        if sentence.word(first) == "trong" and sentence.words(begin, 2) in ("hoàn thành", "phấn đấu"):
            return sentence.word(time.last) in STOPS | {"", ","}  # "Hoàn thành mục tiêu … trong năm 2026."
        return _at_goal(sentence, first) or not sentence.any("document", since, first)
    return False


def _is_phase_meant(sentence: Sentence, time: Time) -> bool:
    """ "… tại 60 trường trong giai đoạn 2026-2028.": during which, at the end of what is done; else a plan's name."""
    during = sentence.words(time.first - 3, 3) == _DURING_PHASE
    return during and sentence.word(time.last) in STOPS | {"", ",", ")"}


def _fills_brackets(sentence: Sentence, time: Time, first: int) -> bool:
    """ "các tháng cao điểm (tháng 4-5 và tháng 9-11)", "(02 lớp, tháng 3 và tháng 8)": nothing else, or a count.

    Likewise behind a colon, to the end: "Khám sức khỏe tiền hôn nhân: tháng 4, tháng 9."
    """
    if sentence.word(first - 1) == "," and sentence.word(first - 3).isdigit():
        first -= 3
    opening = sentence.word(first - 1)
    if opening not in ("(", ":"):
        return False
    last = time.last
    for other in sentence.times:
        if other.first >= last and all(sentence.word(k) in (",", "và", ";") for k in range(last, other.first)):
            last = other.last
    return sentence.word(last) in ({")"} if opening == "(" else STOPS | {""})


def _is_done(sentence: Sentence, first: int) -> bool:
    """Whether the words since the last comma say that something is done, and name no document."""
    begin = sentence.clause_start(first)
    return sentence.any("verb", begin, first) and not sentence.any("document", begin, first)


def _at_goal(sentence: Sentence, first: int) -> bool:
    """Whether the time stands right behind a break or a word of aim: ", đến năm 2030", "phấn đấu đến năm 2030"."""
    words = (sentence.word(first - 2), sentence.word(first - 1))
    return (
        sentence.word(first - 1) in BREAKS
        or words in {("phấn", "đấu"), ("hoàn", "thành")}
        or words[1] in ("đạt", "xong")
    )


def _ongoing_openings(sentence: Sentence) -> Iterator[Clause]:
    """ "Thường xuyên phối hợp …" governs the item's verb where it opens a sentence or a part behind ";"."""
    for a, b in sentence.phrases.get("ongoing", []):
        capital = sentence.texts[a][:1].isupper() or sentence.word(a - 1) == ";"
        if capital and sentence.opens(a) and sentence.word(b) not in STOPS | {"", ",", "và"}:
            yield Clause(a, b, "ongoing")
            return


def _ongoing_of_subject(sentence: Sentence) -> Iterator[Clause]:
    """ "Hai ngành thường xuyên trao đổi thông tin": between who acts, in a few words, and the act."""
    for a, b in sentence.phrases.get("ongoing", []):
        begin = sentence.sentence_start(a)
        subject = range(begin, a)
        if (
            0 < len(subject) <= _SUBJECT
            and sentence.word(a - 1) not in _NAMED_SO
            and all(sentence.texts[k].isalpha() for k in subject)
            and not sentence.any("document", begin, a)
            and not sentence.any("verb", begin, a)
            and sentence.starting_at("verb", b) is not None
        ):
            yield Clause(a, b, "ongoing")


def _ongoing_parts(sentence: Sentence) -> Iterator[Clause]:
    """ "(chủ trì: …; thực hiện thường xuyên)": a part of a bracket that says nothing but how long."""
    for a, b in sentence.phrases.get("ongoing", []):
        first = a
        while sentence.word(first - 1) in _DONE:
            first -= 1
        if sentence.word(first - 1) in ("(", ";") and sentence.word(b) in (")", ";") and not sentence.opens(a):
            yield Clause(a, b, "ongoing")


def _this_year(sentence: Sentence, plan_year: int) -> Iterator[Clause]:
    """ "hoàn thành trong năm": the plan's own year, where nothing else follows the word."""
    for a, b in sentence.phrases.get("this_year", []):
        ends = b >= len(sentence.doc) or sentence.word(b) in STOPS | {",", ")"}
        if sentence.words(a, b - a) == "trong năm" and not _done_this_year(sentence, a):
            continue
        if ends and not any(t.first < b and a < t.last for t in sentence.times):
            yield Clause(a, b, "year", due=dt.date(plan_year, 12, 31), inferred=True)


def _done_this_year(sentence: Sentence, i: int) -> bool:
    """ "Kiểm tra ít nhất 30% đơn vị trong năm": what opens with an act, not a noun that the words qualify."""
    begin = sentence.sentence_start(i)
    opening = next((k for k in range(begin, i) if sentence.texts[k].isalpha()), i)
    counted = {"số", "các", "những", "phát", "sinh", "đã", "xảy", "diễn"} & {
        sentence.word(k) for k in range(max(begin, i - _QUALIFIED), i)
    }
    return sentence.starting_at("verb", opening) is not None and not counted and not sentence.any("document", begin, i)


# --- the contract's form ----------------------------------------------------------------------------------------------


def deadlines_of(text: Text, sentence: Sentence, clauses: Iterable[Clause], subject: Subject | None) -> list[Deadline]:
    return without_repeats(
        [
            _deadline(text, sentence, c, subject or _subject(sentence, c))
            for c in sorted(clauses, key=lambda c: (c.first, c.last))
        ]
    )


def _deadline(text: Text, sentence: Sentence, clause: Clause, subject: Subject) -> Deadline:
    first, last = sentence.doc[clause.first], sentence.doc[clause.last - 1]
    end = last.idx + len(last)
    if (
        text.string.count("(", first.idx, end) > text.string.count(")", first.idx, end)
        and text.string[end : end + 1] == ")"
    ):
        end += 1
    printed = text.slice(first.idx, end)
    sure = clause.sure * (_YEAR_INFERRED if clause.inferred else 1.0)
    sources = printed.sources(sure)
    return Deadline(
        text=printed.string,
        kind=clause.kind,  # type: ignore[arg-type]
        subject=subject,
        start=clause.start.isoformat() if clause.start else None,
        due=clause.due.isoformat() if clause.due else None,
        rrule=clause.rrule,
        condition=printed.string if clause.kind == "conditional" else None,
        inferred=["due"] if clause.inferred else [],
        source=sources[0] if sources else None,
        sources=sources,
    )


def _subject(sentence: Sentence, clause: Clause) -> Subject:
    """``report`` where the sentence around the clause speaks of reporting or sending in."""
    begin, end = sentence.sentence_start(clause.first), sentence.sentence_end(clause.last - 1)
    return "report" if sentence.any("report", begin, end) else "item"


def without_repeats(deadlines: Iterable[Deadline]) -> list[Deadline]:
    kept: dict[tuple[str, str | None, str | None, str | None, str | None], Deadline] = {}
    for deadline in deadlines:
        kept.setdefault((deadline.kind, deadline.start, deadline.due, deadline.rrule, deadline.condition), deadline)
    return list(kept.values())
