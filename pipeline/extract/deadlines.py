"""Deadlines: by when, during which or how often an item is to be done or reported.

Reads running sentences (:func:`find_deadlines`), values that are a deadline as a whole (:func:`read_deadline_value`:
the part of an attribute line behind its colon, a cell of a "Thời gian" column) and products that come back
(:func:`find_recurring_deliverables`: "Báo cáo hằng tháng"). Rules: contract.md, "deadlines" and "Cases settled";
words: knowledge/deadlines.toml; normal form of recurrences: RFC 5545, section 3.3.10.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from spacy.tokens import Doc

from pipeline.extract.language import read
from pipeline.extract.specks import tidy
from pipeline.extract.times import Time, times_in
from pipeline.knowledge import load_table
from pipeline.values import Text
from schemas import Deadline

Subject = Literal["item", "report"]

_STOPS = frozenset({".", ";", "…", "...", "!", "?"})
_BREAKS = _STOPS | {":", ",", "("}
_LEAD_IN = frozenset(load_table("deadlines")["lead_in"]["words"])
_PLACES = frozenset({"trên", "cho", "tại", "với", "đến", "ở", "bằng", "về"})
_LOOK_BACK = 10  # tokens within which a document's number claims the date behind it


@dataclass(frozen=True, slots=True)
class Clause:
    """A deadline in the making: tokens ``first`` up to ``last`` of the document, and its normal form."""

    first: int
    last: int
    kind: str
    start: dt.date | None = None
    due: dt.date | None = None
    rrule: str | None = None
    inferred: bool = False
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A word or figure of repetition ("hằng quý", "6 tháng/lần"); ``bound`` ones mean something only with a date."""

    first: int
    last: int
    rrule: str
    bound: bool = False
    counted: bool = False


class Sentence:
    """A tokenized text with the marks of :mod:`.language` by label, and the questions the rules ask of it."""

    def __init__(self, string: str) -> None:
        self.doc: Doc = read(string)
        self.phrases: dict[str, list[tuple[int, int]]] = {}
        for span in self.doc.spans["phrases"]:
            self.phrases.setdefault(span.label_, []).append((span.start, span.end))
        self.codes = [span.start for span in self.doc.spans["codes"]]
        self.times = times_in(self.doc)
        self.recurrences = list(_recurrences(self))

    def word(self, i: int) -> str:
        return self.doc[i].lower_ if 0 <= i < len(self.doc) else ""

    def opens(self, i: int) -> bool:
        """Whether token ``i`` is the first of its sentence (bullets and quotes aside)."""
        k = i - 1
        while k >= 0 and not self.doc[k].is_alpha and self.doc[k].text not in _BREAKS and not self.doc[k].is_digit:
            k -= 1
        return k < 0 or self.doc[k].text in _STOPS or self.doc[k].is_space

    def behind_break(self, i: int) -> bool:
        return self.opens(i) or self.word(i - 1) in _BREAKS

    def sentence_start(self, i: int) -> int:
        """First token of the sentence or of the part between semicolons that holds token ``i``."""
        k = i
        while k > 0 and self.doc[k - 1].text not in _STOPS and not self.doc[k - 1].text.startswith("\n"):
            k -= 1
        return k

    def sentence_end(self, i: int) -> int:
        k = i
        while k < len(self.doc) and self.doc[k].text not in _STOPS and not self.doc[k].text.startswith("\n"):
            k += 1
        return k

    def any(self, label: str, begin: int, end: int) -> bool:
        """Whether a phrase of the label lies within the tokens ``begin`` up to ``end``."""
        return any(begin <= a and b <= end for a, b in self.phrases.get(label, ()))

    def ending_at(self, label: str, i: int) -> tuple[int, int] | None:
        """A phrase of the label that ends right before token ``i`` (or takes its "ngày" in)."""
        return next((p for p in self.phrases.get(label, ()) if p[0] < i and p[1] in (i, i + 1)), None)

    def starting_at(self, label: str, i: int) -> tuple[int, int] | None:
        return next((p for p in self.phrases.get(label, ()) if p[0] == i), None)

    def lead_in(self, i: int) -> int:
        """First token of the words of time that run up to token ``i``: "trước", "chậm nhất là", "Từ nay đến"."""
        k = i
        begin = self.sentence_start(i)
        while k > begin and self.word(k - 1) in _LEAD_IN:
            k -= 1
        while k < i and self.word(k) in ("là", "ngày"):
            k += 1
        return k


# --- running sentences ------------------------------------------------------------------------------------------------


def find_deadlines(text: Text, plan_year: int, *, earliest: dt.date | None = None) -> list[Deadline]:
    """Deadlines that a statement sets for itself, in printed order.

    ``plan_year`` stands in for a year that is not printed (then ``inferred`` names the field). Dates before
    ``earliest`` (the plan's own day) are memories, not deadlines. Dates of cited documents, and years that only name a
    plan or a phase, are left alone.
    """
    sentence = Sentence(text.string)
    clauses = [
        *_timed(sentence, plan_year, earliest),
        *_unbound(sentence),
        *_ongoing_openings(sentence),
        *_terms(sentence),
    ]
    return _deadlines(text, sentence, clauses, None)


def _timed(sentence: Sentence, plan_year: int, earliest: dt.date | None) -> Iterator[Clause]:
    for time in sentence.times:
        if is_citation(sentence, time) or _is_commemoration(sentence, time):
            continue
        recurring = _recurring_with_date(sentence, time)
        if recurring is not None:
            yield recurring
            continue
        if not _is_meant(sentence, time):
            continue
        clause = _clause(sentence, time, plan_year)
        if clause is not None and (earliest is None or clause.due is None or clause.due >= earliest):
            yield clause


def _clause(sentence: Sentence, time: Time, plan_year: int) -> Clause | None:
    due = time.due_in(plan_year)
    if due is None or time.kind == "day":
        return None
    start = time.start_in(plan_year) if time.kind == "period" else None
    printed = time.year or (time.until.year if time.until else None)
    if start is not None and start > due:  # "từ tháng 11 đến tháng 3 (năm 2026)": over the turn of the year
        start, due = _over_new_year(time, plan_year)
    if time.kind == "period" and (start is None or due is None or start > due):
        return None
    return Clause(sentence.lead_in(time.first), time.last, time.kind, start, due, inferred=printed is None)


def _over_new_year(time: Time, plan_year: int) -> tuple[dt.date | None, dt.date | None]:
    """Start and end of a period whose end lies earlier in the calendar: the end's year, if printed, stands."""
    end = time.until
    if end is None or end.month is None or time.month is None:
        return None, None
    last = end.year or (time.year or plan_year) + 1
    return replace(time, year=last - 1).start_in(plan_year), replace(end, year=last).due_in(plan_year)


def is_citation(sentence: Sentence, time: Time) -> bool:
    """Whether the time is the date of a document ("… số 57-NQ/TW ngày 22/12/2024", "ban hành ngày 5/6/2024")."""
    first = time.first
    begin = max(sentence.sentence_start(first), first - _LOOK_BACK)
    for a, b in sentence.phrases.get("before", []):  # "theo Công văn số … trước ngày 30/9": the limit frees the date
        if (
            begin <= a < first
            and sentence.word(a) not in ("đến", "tới", "thời", "cuối", "dự", "hoàn", "hết")
            and b > begin
        ):
            begin = max(begin, a)
    if any(begin <= code < first for code in sentence.codes):
        return time.kind in ("date", "month", "year")
    named = [p for p in sentence.phrases.get("dated", []) if begin <= p[0] and p[1] <= first]
    return time.kind == "date" and any(
        first - b <= 1 or "số" in [sentence.word(k) for k in range(b, first)] for a, b in named
    )


def _is_commemoration(sentence: Sentence, time: Time) -> bool:
    begin = max(sentence.sentence_start(time.first), time.first - 8)
    return any(begin <= a < time.first for a, _ in sentence.phrases.get("commemoration", []))


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
        return not named and (led or sentence.opens(first) or (time.year is not None and sentence.behind_break(first)))
    if base == "year":
        if time.kind == "period" and not led:
            return False
        if sentence.any("document", max(begin, first - 3), first) and not sentence.behind_break(first):
            return False
        opening = sentence.opens(first) or sentence.word(first - 1) in (":", "(")
        if opening and (led or sentence.word(time.last) in (",", ":")):
            return not sentence.any("document", time.first, time.last)
        if not led or sentence.word(first) in ("năm",):
            return False
        return _at_goal(sentence, first) or not sentence.any("document", begin, first)
    return False


def _at_goal(sentence: Sentence, first: int) -> bool:
    """Whether the time stands right behind a break or a word of aim: ", đến năm 2030", "phấn đấu đến năm 2030"."""
    words = (sentence.word(first - 2), sentence.word(first - 1))
    return (
        sentence.word(first - 1) in _BREAKS
        or words in {("phấn", "đấu"), ("hoàn", "thành")}
        or words[1] in ("đạt", "xong")
    )


def _ongoing_openings(sentence: Sentence) -> Iterator[Clause]:
    """ "Thường xuyên phối hợp …" governs the item's verb when it opens the sentence, nowhere else."""
    for a, b in sentence.phrases.get("ongoing", []):
        capital = sentence.doc[a].text[:1].isupper()
        if capital and sentence.opens(a) and b < len(sentence.doc) and sentence.word(b) not in _STOPS:
            yield Clause(a, b, "ongoing")
            return


def _terms(sentence: Sentence) -> Iterator[Clause]:
    """ "trong vòng 05 ngày làm việc kể từ ngày …": a term that runs from an event."""
    for a, b in sentence.phrases.get("condition", []):
        if sentence.doc[a:b].text.lower() not in ("trong vòng", "trong thời hạn"):
            continue
        if _duration_at(sentence, b):
            end = sentence.sentence_end(b)
            comma = next((k for k in range(b, end) if sentence.word(k) == ","), end)
            yield Clause(a, comma, "conditional")


# --- recurrences ------------------------------------------------------------------------------------------------------


def _recurrences(sentence: Sentence) -> Iterator[Recurrence]:
    for recurrence in _named_recurrences(sentence):
        yield recurrence
        last = recurrence.last  # "hằng tháng, quý, năm": the word of repetition stands once
        while (
            not recurrence.bound and sentence.word(last) in (",", "và", "/") and sentence.word(last + 1) in _MONTHS_OF
        ):
            if re.match(r"\d|[ivx]+$", sentence.word(last + 2)):
                break
            yield Recurrence(last + 1, last + 2, _monthly(_MONTHS_OF[sentence.word(last + 1)]))
            last += 2


def _named_recurrences(sentence: Sentence) -> Iterator[Recurrence]:
    rules = {" ".join(key.split()): rule for key, rule in load_table("deadlines")["recurrence"].items()}
    for a, b in sentence.phrases.get("recurrence", []):
        yield Recurrence(a, b, rules[" ".join(sentence.word(k) for k in range(a, b))])
    for span in sentence.doc.spans["times"]:
        if span.label_ in ("every", "times_per", "months"):
            rule = _counted_rule(span.text.lower(), span.label_)
            if rule is not None:
                yield Recurrence(span.start, span.end, rule, bound=span.label_ == "months", counted=True)


_NUMBER_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "chín": 9}
_MONTHS_OF = {"quý": 3, "năm": 12, "tháng": 1}


def _counted_rule(words: str, label: str) -> str | None:
    """ "6 tháng/lần" -> every six months; "02 lần/năm" -> every six months; "01 lần/tuần" -> weekly."""
    numbers = [
        int(w) if w.isdigit() else _NUMBER_WORDS[w]
        for w in re.findall(r"\d+|[^\W\d]+", words)
        if w.isdigit() or w in _NUMBER_WORDS
    ]
    units = [w for w in re.findall(r"[^\W\d]+", words) if w in ("tuần", "tháng", "quý", "năm")]
    if not numbers or not units or numbers[0] < 1:
        return None
    count, unit = numbers[0], units[0]
    if label == "times_per":
        if unit == "tuần":
            return "FREQ=WEEKLY" if count == 1 else None
        months, rest = divmod(_MONTHS_OF[unit], count)
        return _monthly(months) if rest == 0 and months else None
    if unit == "tuần":
        return "FREQ=WEEKLY" + (f";INTERVAL={count}" if count > 1 else "")
    return _monthly(count * _MONTHS_OF[unit])


def _monthly(months: int) -> str:
    if months % 12 == 0:
        return "FREQ=YEARLY" + (f";INTERVAL={months // 12}" if months > 12 else "")
    return "FREQ=MONTHLY" + (f";INTERVAL={months}" if months > 1 else "")


def _recurring_with_date(sentence: Sentence, time: Time) -> Clause | None:
    """A day without a year beside a word of repetition: "hằng năm trước ngày 15/11", "trước ngày 20 hằng tháng"."""
    if time.year is not None or time.kind not in ("date", "day", "month"):
        return None
    first = sentence.lead_in(time.first)
    begin = sentence.sentence_start(time.first)
    near = _neighbour(sentence, first, time.last) or _shared(sentence, time)
    if time.kind == "day":
        quarter_end = _quarter_month(sentence, time.last)
        if quarter_end is not None:
            return Clause(first, quarter_end, "recurring", rrule=f"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY={time.day}")
        if near is None or not near.rrule.startswith("FREQ=MONTHLY"):
            return None
        return Clause(
            min(first, near.first), max(time.last, near.last), "recurring", rrule=f"{near.rrule};BYMONTHDAY={time.day}"
        )
    rule = f"FREQ=YEARLY;BYMONTH={time.month}" + (f";BYMONTHDAY={time.day}" if time.day else "")
    if near is not None:
        return Clause(min(first, near.first), max(time.last, near.last), "recurring", rrule=rule)
    periodic = [p for p in sentence.phrases.get("periodic", []) if begin <= p[0] < first]
    if time.kind == "date" and periodic:
        return Clause(periodic[-1][0] if periodic[-1][1] == first else first, time.last, "recurring", rrule=rule)
    return None


def _shared(sentence: Sentence, time: Time) -> Recurrence | None:
    """ "trước ngày 31/5 và 30/11 hằng năm": the word of repetition behind the last day goes for all of them."""
    for other in sentence.times:
        between = [sentence.word(k) for k in range(time.last, other.first)]
        if other.first > time.last and other.year is None and other.kind == time.kind and len(between) <= 3:
            if all(w in (",", "và", "trước", "ngày") for w in between):
                found = _neighbour(sentence, sentence.lead_in(other.first), other.last)
                return found if found is not None and found.first >= other.last else None
            return None
    return None


def _neighbour(sentence: Sentence, first: int, last: int) -> Recurrence | None:
    """A recurrence right before or right behind a date, brackets and commas aside."""
    for recurrence in sentence.recurrences:
        before = [sentence.word(k) for k in range(recurrence.last, first)]
        behind = [sentence.word(k) for k in range(last, recurrence.first)]
        if recurrence.last <= first and len(before) <= 2 and all(w in ("(", ",", ":", "vào") for w in before):
            return recurrence
        if (
            recurrence.first >= last
            and len(behind) <= 1
            and all(w in (",", "của") for w in behind)
            and not recurrence.bound
        ):
            return recurrence
    return None


def _quarter_month(sentence: Sentence, i: int) -> int | None:
    """Behind a day: "(của) tháng cuối quý", "tháng đầu quý sau"; the end of these words."""
    k = i + 1 if sentence.word(i) == "của" else i
    if [sentence.word(k), sentence.word(k + 2)] == ["tháng", "quý"] and sentence.word(k + 1) in ("cuối", "đầu", "thứ"):
        return k + 3 + (sentence.word(k + 3) == "sau")
    return None


def _unbound(sentence: Sentence) -> Iterator[Clause]:
    """Recurrences without a date that govern the item's verb ("Hằng quý đánh giá …"), not a noun."""
    taken = {
        (r.first, r.last)
        for t in sentence.times
        if t.year is None
        for r in [_neighbour(sentence, sentence.lead_in(t.first), t.last)]
        if r is not None and _recurring_with_date(sentence, t) is not None
    }
    governs = False
    previous: Recurrence | None = None
    for recurrence in sorted(sentence.recurrences, key=lambda r: r.first):
        if recurrence.bound or (recurrence.first, recurrence.last) in taken:
            continue
        listed = (
            previous is not None
            and governs
            and all(sentence.word(k) in (",", "và", "/") for k in range(previous.last, recurrence.first))
        )
        governs = listed or recurrence.counted or _governs(sentence, recurrence)
        previous = recurrence
        if governs:
            first = recurrence.first
            while [sentence.word(first - 2), sentence.word(first - 1)] in (["định", "kỳ"], ["thường", "xuyên"]):
                first -= 2
            yield Clause(first, recurrence.last, "recurring", rrule=recurrence.rrule)


def _governs(sentence: Sentence, recurrence: Recurrence) -> bool:
    first, last = recurrence.first, recurrence.last
    begin = sentence.sentence_start(first)
    while last < len(sentence.doc) and sentence.word(last) in (",", "và", "/"):
        following = next((r for r in sentence.recurrences if r.first == last + 1), None)
        if following is None:
            break
        last = following.last
    at_end = last >= len(sentence.doc) or sentence.word(last) in _STOPS | {",", ")", "/"}
    verb_behind = sentence.starting_at("verb", last) is not None
    periodic = [sentence.word(first - 2), sentence.word(first - 1)] == ["định", "kỳ"]
    if sentence.opens(first):
        return True
    if sentence.word(first - 1) in (",", ":", "("):
        return verb_behind or (sentence.word(first - 1) == "(" and at_end)
    if periodic and not sentence.any("report", max(begin, first - 4), first):
        return at_end or verb_behind
    if verb_behind:
        return True
    named = sentence.any("document", begin, first)
    if not named and sentence.word(last) in _PLACES and sentence.any("verb", first - 2, first):
        return True  # "tuyên truyền hằng tháng trên Đài": right behind the verb, in front of where it is done
    return at_end and not sentence.any("document", begin, first) and sentence.any("verb", begin, first)


# --- values that are deadlines as a whole -----------------------------------------------------------------------------


def read_deadline_value(text: Text, plan_year: int, subject: Subject = "item") -> list[Deadline]:
    """Deadlines of a "Thời gian" attribute or cell: every part of it says when, be it only under a condition."""
    deadlines: list[Deadline] = []
    for part in _parts(tidy(text)):
        sentence = Sentence(part.string)
        clauses = list(_value_clauses(sentence, plan_year))
        deadlines += _deadlines(part, sentence, clauses, subject)
    return _without_repeats(deadlines)


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
        if is_citation(sentence, time) or (
            condition is not None and time.first > condition and not _limits(sentence, time)
        ):
            continue
        clause = _recurring_with_date(sentence, time) or _clause(sentence, time, plan_year)
        if clause is not None:
            found.append(clause)
            covered.update(range(clause.first, clause.last))
    for a, b in sentence.phrases.get("ongoing", []):
        if not covered & set(range(a, b)) and (condition is None or b <= condition):
            found.append(Clause(a, b, "ongoing"))
            covered.update(range(a, b))
    for recurrence in sentence.recurrences:
        free = not covered & set(range(recurrence.first, recurrence.last))
        if free and not recurrence.bound and (condition is None or recurrence.first < condition):
            found.append(Clause(recurrence.first, recurrence.last, "recurring", rrule=recurrence.rrule))
            covered.update(range(recurrence.first, recurrence.last))
    yearly = _this_year(sentence) if not found else None
    if yearly is not None:
        found.append(Clause(0, len(doc), "year", due=dt.date(plan_year, 12, 31), inferred=True))
    elif condition is not None and not any(c.first >= condition for c in found):
        found.append(Clause(condition, _end_of_words(sentence), "conditional"))
    elif not found and any(t.is_alpha for t in doc):
        known = condition is not None or any(_duration_at(sentence, k) for k in range(len(doc)))
        found.append(Clause(0, _end_of_words(sentence), "conditional", sure=1.0 if known else 0.6))
    elif found:
        found += [Clause(a, b, "conditional") for a, b in _free_durations(sentence, covered)]
    yield from sorted(found, key=lambda c: c.first)


def _condition_start(sentence: Sentence) -> int | None:
    """Where a condition opens: at the value's start, or behind a comma or a bracket."""
    starts = [
        a
        for a, _ in sentence.phrases.get("condition", [])
        if sentence.behind_break(a) or sentence.word(a - 1) == "ngay"
    ]
    return min(starts, default=None)


def _limits(sentence: Sentence, time: Time) -> bool:
    """A date inside a condition that stands for itself: "Sau khi …, trước 30/6/2026"."""
    first = sentence.lead_in(time.first)
    return first < time.first and sentence.word(first - 1) in (",", "(", ";")


def _this_year(sentence: Sentence) -> bool | None:
    words = [t.lower_ for t in sentence.doc if t.is_alpha]
    openings = (["trong"], ["cuối"], ["hết"], ["đến", "hết"], ["đến", "cuối"], ["trước"])
    return True if any(words == [*o, "năm"] for o in openings) else None


def _duration_at(sentence: Sentence, i: int) -> int | None:
    """End of a duration that begins at token ``i``: "05 ngày làm việc", "18 tháng"."""
    if not re.fullmatch(r"\d{1,3}", sentence.word(i)):
        return None
    for unit in load_table("deadlines")["conditional"]["duration_units"]:
        words = unit.split()
        if [sentence.word(i + 1 + k) for k in range(len(words))] == words:
            return i + 1 + len(words)
    return None


def _free_durations(sentence: Sentence, covered: set[int]) -> Iterator[tuple[int, int]]:
    for i in range(len(sentence.doc)):
        end = _duration_at(sentence, i)
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
    sentence = Sentence(text.string)
    clauses = [Clause(r.first, r.last, "recurring", rrule=r.rrule) for r in sentence.recurrences if not r.bound]
    reports = "báo cáo" in text.string.lower()
    return _deadlines(text, sentence, clauses, "report") if reports else []


# --- the contract's form ----------------------------------------------------------------------------------------------


def _deadlines(text: Text, sentence: Sentence, clauses: Iterable[Clause], subject: Subject | None) -> list[Deadline]:
    return _without_repeats(
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
    sources = [s.model_copy(update={"confidence": round(s.confidence * clause.sure, 3)}) for s in printed.sources()]
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


def _without_repeats(deadlines: Iterable[Deadline]) -> list[Deadline]:
    kept: dict[tuple[str, str | None, str | None, str | None, str | None], Deadline] = {}
    for deadline in deadlines:
        kept.setdefault((deadline.kind, deadline.start, deadline.due, deadline.rrule, deadline.condition), deadline)
    return list(kept.values())
