"""A tokenized statement or value and the questions that the rules of deadlines ask of it.

Reads one paragraph, attribute value or cell through :mod:`.language` and :mod:`.times`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.extract.language import read
from pipeline.extract.times import Time, times_in
from pipeline.knowledge import load_table

STOPS = frozenset({".", ";", "…", "...", "!", "?"})
BREAKS = STOPS | {":", ",", "("}
MONTHS_OF = {"quý": 3, "năm": 12, "tháng": 1}
_LEAD_IN = frozenset(load_table("deadlines")["lead_in"]["words"])
_LOOK_BACK = 10  # tokens within which a document's number claims the date behind it
_NUMBER_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "chín": 9}


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
        while k >= 0 and not self.doc[k].is_alpha and self.doc[k].text not in BREAKS and not self.doc[k].is_digit:
            k -= 1
        return k < 0 or self.doc[k].text in STOPS or self.doc[k].is_space

    def behind_break(self, i: int) -> bool:
        return self.opens(i) or self.word(i - 1) in BREAKS

    def sentence_start(self, i: int) -> int:
        """First token of the sentence or of the part between semicolons that holds token ``i``."""
        k = i
        while k > 0 and self.doc[k - 1].text not in STOPS and not self.doc[k - 1].text.startswith("\n"):
            k -= 1
        return k

    def clause_start(self, i: int) -> int:
        """First token since the last comma, colon or bracket before token ``i``."""
        k = i
        while k > 0 and self.doc[k - 1].text not in BREAKS and not self.doc[k - 1].text.startswith("\n"):
            k -= 1
        return k

    def sentence_end(self, i: int) -> int:
        k = i
        while k < len(self.doc) and self.doc[k].text not in STOPS and not self.doc[k].text.startswith("\n"):
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


# --- times that are none of the item's --------------------------------------------------------------------------------


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


def is_commemoration(sentence: Sentence, time: Time) -> bool:
    begin = max(sentence.sentence_start(time.first), time.first - 8)
    return any(begin <= a < time.first for a, _ in sentence.phrases.get("commemoration", []))


# --- words of repetition ----------------------------------------------------------------------------------------------


def _recurrences(sentence: Sentence) -> Iterator[Recurrence]:
    for recurrence in _named_recurrences(sentence):
        yield recurrence
        last = recurrence.last  # "hằng tháng, quý, năm": the word of repetition stands once
        while not recurrence.bound and sentence.word(last) in (",", "và", "/") and sentence.word(last + 1) in MONTHS_OF:
            if re.match(r"\d|[ivx]+$", sentence.word(last + 2)):
                break
            yield Recurrence(last + 1, last + 2, _monthly(MONTHS_OF[sentence.word(last + 1)]))
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
        months, rest = divmod(MONTHS_OF[unit], count)
        return _monthly(months) if rest == 0 and months else None
    if unit == "tuần":
        return "FREQ=WEEKLY" + (f";INTERVAL={count}" if count > 1 else "")
    return _monthly(count * MONTHS_OF[unit])


def _monthly(months: int) -> str:
    if months % 12 == 0:
        return "FREQ=YEARLY" + (f";INTERVAL={months // 12}" if months > 12 else "")
    return "FREQ=MONTHLY" + (f";INTERVAL={months}" if months > 1 else "")
