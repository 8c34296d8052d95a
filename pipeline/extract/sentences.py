"""A tokenized statement or value and the questions that the rules of deadlines ask of it.

Reads one paragraph, attribute value or cell through :mod:`.language` and :mod:`.times`.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from pipeline.extract.language import (
    code_places,
    deadline_phrases,
    level,
    levelled_words,
    marks,
    printed_words,
    read,
)
from pipeline.extract.repetitions import TIMES_OF_DAY, recurrences_in
from pipeline.extract.times import Time, times_in
from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold

STOPS = frozenset({".", ";", "…", "...", "!", "?"})
_WITHIN = frozenset({":", ",", "("})  # a sentence
BREAKS = STOPS | _WITHIN
_LEAD_IN = frozenset(load_table("deadlines")["lead_in"]["words"])
_LOOK_BACK = 10  # tokens within which a document's number claims the date behind it
_CLOCK = re.compile(r"\d{1,2}[hg](\d\d)?'?")
_HOURS = re.compile(r"\d{1,2} giờ( \d{1,2}( phút)?)?")


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


class Sentence:
    """A tokenized text with the marks of :mod:`.language` by label, and the questions the rules ask of it."""

    def __init__(self, string: str) -> None:
        self.doc: Doc = read(string)
        self.phrases = marks(self.doc, "phrases")
        self._words = levelled_words(self.doc)
        self.texts = printed_words(self.doc)
        self._breaks = [i for i, text in enumerate(self.texts) if text in BREAKS or text.startswith("\n")]
        self._stops = [i for i in self._breaks if self.texts[i] not in _WITHIN]
        self._pauses = [i for i, word in enumerate(self._words) if word in (",", ")")]
        self.figures = [i for i, word in enumerate(self._words) if word[0].isdigit()]
        self.codes = code_places(self.doc)
        self.times = times_in(self.doc)
        self.recurrences = list(recurrences_in(self))

    def word(self, i: int) -> str:
        return self._words[i] if 0 <= i < len(self._words) else ""

    def words(self, i: int, count: int) -> str:
        return " ".join([self.word(k) for k in range(i, i + count)])

    def places(self, word: str) -> list[int]:
        """The tokens that are ``word``."""
        return [i for i, other in enumerate(self._words) if other == word] if word in self._words else []

    def opens(self, i: int) -> bool:
        """Whether token ``i`` is the first of its sentence (bullets and quotes aside)."""
        k = i - 1
        while k >= 0 and not (self.texts[k].isalpha() or self.texts[k] in BREAKS or self.texts[k].isdigit()):
            k -= 1
        return k < 0 or self.texts[k] in STOPS or self.texts[k].isspace()

    def behind_break(self, i: int) -> bool:
        return self.opens(i) or self.word(i - 1) in BREAKS

    def sentence_start(self, i: int) -> int:
        """First token of the sentence or of the part between semicolons that holds token ``i``."""
        return _behind(self._stops, i)

    def clause_start(self, i: int) -> int:
        """First token since the last comma, colon or bracket before token ``i``."""
        return _behind(self._breaks, i)

    def sentence_end(self, i: int) -> int:
        n = bisect_left(self._stops, i)
        return self._stops[n] if n < len(self._stops) else max(i, len(self.texts))

    def clause_end(self, i: int) -> int:
        """The comma or closing bracket at or behind token ``i``; the end of its sentence where none comes before."""
        n, end = bisect_left(self._pauses, i), self.sentence_end(i)
        return min(self._pauses[n], end) if n < len(self._pauses) else end

    def any(self, label: str, begin: int, end: int) -> bool:
        """Whether a phrase of the label lies within the tokens ``begin`` up to ``end``."""
        return any(begin <= a and b <= end for a, b in self.phrases.get(label, ()))

    def ending_at(self, label: str, i: int) -> tuple[int, int] | None:
        """A phrase of the label that ends right before token ``i`` (or takes its "ngày" in)."""
        return next((p for p in self.phrases.get(label, ()) if p[0] < i and p[1] in (i, i + 1)), None)

    def starting_at(self, label: str, i: int) -> tuple[int, int] | None:
        return next((p for p in self.phrases.get(label, ()) if p[0] == i), None)

    def lead_in(self, i: int) -> int:
        """First token of the words of time that run up to token ``i``: "trước", "chậm nhất là", "trước 16 giờ ngày"."""
        k = i
        begin = self.sentence_start(i)
        while k > begin:
            if self.word(k - 1) in _LEAD_IN or self.word(k - 1) in TIMES_OF_DAY:
                k -= 1
            elif self.word(k - 1) == "các" and self.word(k - 2) in _LEAD_IN:  # "vào các tháng 3, 6"
                k -= 2
            elif (clock := self._clock_before(k)) is not None and clock >= begin:
                k = clock
            else:
                break
        while k < i and self.word(k) in ("là", "ngày", "nay"):
            k += 1
        return k

    def clock_at(self, i: int) -> int | None:
        """End of a time of day that begins at token ``i``."""
        return next((k for k in range(min(i + 4, len(self.doc)), i, -1) if self._clock_before(k) == i), None)

    def _clock_before(self, i: int) -> int | None:
        """First token of a time of day that ends right before token ``i``: "16 giờ", "16 giờ 30 phút", "17h00"."""
        if _CLOCK.fullmatch(self.word(i - 1)):
            return i - 1
        if "giờ" not in self._words[max(0, i - 3) : max(0, i)]:
            return None
        for length in (4, 3, 2):
            words = " ".join(self.word(k) for k in range(i - length, i))
            if _HOURS.fullmatch(words):
                return i - length
        return None


_SETTING = ("recurrence", "ongoing", "this_year", "event_opening", "event_ending", "event")
"""Labels of the phrases that may set a deadline without a figure or a unit of time."""
_UNITS_OF_TIME = frozenset({"ngày", "tuần", "tháng", "thang", "quý", "qúy", "năm"})
_COUNTED_UNITS = frozenset({"ngay", "tuan", "thang", "nam", "gio", "phut"})  # whatever their marks
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d")
# figures that may be a time without a unit beside them ("2026", "30/9", "T6", "06 đến 15-11"), "quý" without its mark
_TIME_IN_FIGURES = re.compile(r"(?:19|20)\d\d|\d\s*[-–]\s*\d|\d\s*/|/\s*\d|T\.?\d")
_UNMARKED_QUARTER = re.compile(r"(?<!\w)[Qq][Uu][YyIi]\s+(?:I{1,3}|IV)(?!\w)")


def _behind(borders: Sequence[int], i: int) -> int:
    """The token behind the last of ``borders`` that stands before token ``i``; the first of all where there is none."""
    n = bisect_left(borders, i)
    return borders[n - 1] + 1 if n else min(i, 0)


def may_set_time(string: str) -> bool:
    """Whether a sentence can set a deadline at all: it has figures that may be a time or count units of time, a unit of
    time, or all words of a phrase that may.

    Most statements have none of them, and need not be asked for each kind of deadline.
    """
    has_figure = _FIGURE.search(string) is not None
    if has_figure and _TIME_IN_FIGURES.search(string):
        return True
    words = set(map(level, _WORD.findall(string)))
    if not _UNITS_OF_TIME.isdisjoint(words) or _has_all_of_one(words, _setting_words()):
        return True
    unmarked = set(map(fold, words))
    counted = has_figure and not _COUNTED_UNITS.isdisjoint(unmarked)
    quarter = "quy" in words and _UNMARKED_QUARTER.search(string) is not None
    return counted or quarter or _has_all_of_one(unmarked, _unmarked_setting_words())


_Phrases = Mapping[str, Sequence[frozenset[str]]]
"""The words of each of many phrases, in any order, by the longest of them."""


def _has_all_of_one(words: Set[str], phrases: _Phrases) -> bool:
    return any(phrase <= words for longest in words & phrases.keys() for phrase in phrases[longest])


@cache
def _setting_words() -> _Phrases:
    phrases = deadline_phrases()
    return _by_longest_word(phrase for label in _SETTING for phrase in phrases[label])


@cache
def _unmarked_setting_words() -> _Phrases:
    return _by_longest_word(map(fold, load_table("deadlines")["ongoing"]["openings"]))


def _by_longest_word(phrases: Iterable[str]) -> _Phrases:
    found: dict[str, list[frozenset[str]]] = {}
    for phrase in phrases:
        words = frozenset(map(level, _WORD.findall(phrase)))
        found.setdefault(max(words, key=len), []).append(words)
    return found


# --- times that are none of the item's --------------------------------------------------------------------------------


def is_citation(sentence: Sentence, time: Time) -> bool:
    """Whether the time is the date of a document ("… số 57-NQ/TW ngày 22/12/2024", "ban hành ngày 5/6/2024")."""
    first = time.first
    if time.kind == "date" and sentence.word(first - 1) in ("đến", "tới"):  # "từ ngày ban hành Kế hoạch đến ngày …"
        return False
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


def is_scope(sentence: Sentence, time: Time) -> bool:
    """Whether the time is the span that is looked into ("thời kỳ thanh tra: từ năm 2022 đến năm 2024")."""
    begin = max(sentence.sentence_start(time.first), time.first - 6)
    return sentence.any("scope", begin, time.first)


def is_commemoration(sentence: Sentence, time: Time) -> bool:
    """Whether the day belongs to a feast, an anniversary or a rule's entry into force, not to the item."""
    lead = {sentence.word(k) for k in range(sentence.lead_in(time.first), time.first)}
    if time.kind == "period" or lead & {"trước", "chậm", "muộn"}:  # "Tháng hành động … từ ngày 01/6 đến 30/6"
        return False
    begin = max(sentence.sentence_start(time.first), time.first - 8)
    return any(begin <= a < time.first for a, _ in sentence.phrases.get("commemoration", []))
