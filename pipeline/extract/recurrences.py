"""Repetition: days that come back every year, quarter or month, and repetitions that govern an item's verb.

Reads sentences ("báo cáo định kỳ hằng năm trước ngày 15/11", "Hằng quý đánh giá …"). Normal form: RFC 5545, 3.3.10.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.sentences import STOPS, Clause, Recurrence, Sentence
from pipeline.extract.times import Time

_PLACES = frozenset({"trên", "cho", "tại", "với", "đến", "ở", "bằng", "về"})


def recurring_with_date(sentence: Sentence, time: Time) -> Clause | None:
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


def unbound(sentence: Sentence) -> Iterator[Clause]:
    """Recurrences without a date that govern the item's verb ("Hằng quý đánh giá …"), not a noun."""
    taken = {
        (r.first, r.last)
        for t in sentence.times
        if t.year is None
        for r in [_neighbour(sentence, sentence.lead_in(t.first), t.last)]
        if r is not None and recurring_with_date(sentence, t) is not None
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
    at_end = last >= len(sentence.doc) or sentence.word(last) in STOPS | {",", ")", "/"}
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
