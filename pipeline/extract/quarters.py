"""Quarters whose roman numeral OCR broke: "Quý 11/2026", "quý H/2025", and "Quý II" printed "Quý III".

Reads the word behind "quý". A lost or added stroke leaves another quarter that looks as good, three months off, so
strokes are counted by width where the word's place on paper is known: in Times New Roman (Nghị định 30/2020/NĐ-CP) an
"I" is a third of the type size wide, and the words around tell the type size. Where width and reading agree the
reading stands, where width clearly tells another numeral it is mended, where nothing tells the word loses confidence.
Tables: knowledge/quarters.toml.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.extract.language import level
from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold
from pipeline.values import PlacedWord, Text

_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
_BEARING = 0.02  # white space at each end of a word that its box leaves out, in type sizes
_BEARING_OF_STOPS = 0.07  # behind a full stop, comma, colon
_NEAR = 0.32  # of a stroke: a width further from every whole number tells nothing
_NEIGHBOURS = 6  # words on each side that tell the type size
_DOUBTFUL = 0.4  # confidence of a numeral that nothing confirms; below the mark of the cross-checks
_MENDED = 0.75

_CANDIDATE = re.compile(
    r"(?<!\w)(?P<word>qu[ýyíỳỷỹỵi]|qúy)\s+(?P<numeral>[^\s\d/.,;:()–-]{1,3}|1{1,3}|[Il|]1{1,2}|1[Il|V]{1,2}|H1)"
    r"(?=(?P<year>\s*[/-]\s*(?:19|20)\d\d|\s+(?:năm\s+)?(?:19|20)\d\d)|[\s/.,;:()–-]|$)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:[-–,&]|và|đến|tới)\s*(?P<numeral>[HIl1|]{1,3}V?)(?![\w])")


@dataclass(frozen=True, slots=True)
class Mend:
    """Characters ``start`` to ``end`` read as ``numeral``; the confidence left to the word (None: its own)."""

    start: int
    end: int
    numeral: str
    confidence: float | None


def mend_quarters(text: Text) -> Text:
    """The text with the numerals of its quarters mended, words keeping their places; doubtful ones lose confidence."""
    if "q" not in text.string and "Q" not in text.string:
        return text
    mends = list(_mends(text))
    for mend in reversed(mends):
        text = _replaced(text, mend)
    return text


def _mends(text: Text) -> Iterator[Mend]:
    for found in _CANDIDATE.finditer(text.string):
        plain = level(found["word"]) in ("quý", "qúy")
        end = found.end("numeral")
        if found["numeral"].isupper() or plain:
            mend = _mend(text, found.start("numeral"), end, dated=found["year"] is not None, sure_word=plain)
            if mend is None:
                continue
            yield mend
            following = _LISTED.match(text.string, end)
            while following is not None:
                listed = _mend(text, following.start("numeral"), following.end("numeral"), dated=False, sure_word=True)
                if listed is None:
                    break
                yield listed
                following = _LISTED.match(text.string, following.end())


def _mend(text: Text, start: int, end: int, *, dated: bool, sure_word: bool) -> Mend | None:
    """What the numeral in these characters is, None where it is none."""
    reading = text.string[start:end]
    table = load_table("quarters")
    strokes = len(reading) if all(c in table["strokes"]["signs"] for c in reading) and reading != "L" else None
    number = strokes if strokes is not None else table["readings"].get(reading)
    if reading == "IV":
        number = 4
    guessed = number is None and dated and reading in table["guesses"]
    if guessed:
        number = table["guesses"][reading]
    clean = reading in _ROMAN.values()
    if number is None or number > 4 or not (sure_word or (clean and dated)) or (strokes == 1 and reading in "!iTJ"):
        return None
    if reading == "1" and not dated and not _word_at(text, start):
        return None
    placed = _word_at(text, start)
    measured = _strokes_by_width(text, placed, start, end) if placed and number < 4 and not guessed else None
    if placed is None or placed.box is None:
        doubt = None if clean or reading == "1" else (_DOUBTFUL if guessed else _MENDED)
        return Mend(start, end, reading if reading == "1" else _ROMAN[number], doubt)
    if number == 4 or guessed:
        return Mend(start, end, _ROMAN[number], _DOUBTFUL if guessed else (None if clean else _MENDED))
    if measured is None:
        return Mend(start, end, "1" if reading == "1" else _ROMAN[number], _DOUBTFUL)
    if measured == number:
        return Mend(start, end, _ROMAN[number], None if clean else _MENDED)
    # OCR drops or adds one stroke; more is a speck in the word's box
    return Mend(start, end, _ROMAN[measured], _MENDED if abs(measured - number) == 1 else _DOUBTFUL)


def _word_at(text: Text, position: int) -> PlacedWord | None:
    return next((w for w in text.words if w.start <= position < w.end), None)


def _strokes_by_width(text: Text, word: PlacedWord, start: int, end: int) -> int | None:
    """Strokes that the numeral's width has room for, 1 to 3; None where the type size or the rest is unknown."""
    size = _type_size(text, word)
    rest = _width(text.string[word.start : start] + text.string[end : word.end])
    bearings = _bearings(text.string[word.start : word.end])
    if word.box is None or size is None or rest is None:
        return None
    strokes = (word.box.width / size + bearings - rest) / (_letter_widths()["I"])
    nearest = round(strokes)
    return nearest if 1 <= nearest <= 3 and abs(strokes - nearest) <= _NEAR else None


def _type_size(text: Text, word: PlacedWord) -> float | None:
    """Points of type, from the widths of the words around on the same page."""
    place = text.words.index(word)
    around: Sequence[PlacedWord] = text.words[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
    sizes = []
    for other in around:
        width = _width(text.string[other.start : other.end])
        if other is not word and other.box is not None and other.page == word.page and width is not None and width > 1:
            sizes.append(other.box.width / (width - _bearings(text.string[other.start : other.end])))
    return statistics.median(sizes) if sizes else None


def _bearings(word: str) -> float:
    return _BEARING + (_BEARING_OF_STOPS if word[-1:] in ".,;:" else _BEARING)


def _width(letters: str) -> float | None:
    """Width in type sizes; None with a sign of unknown width."""
    widths = [_letter_widths().get(c) or _letter_widths().get(_bare(c)) for c in letters]
    return sum(w for w in widths if w is not None) if all(w is not None for w in widths) else None


def _bare(letter: str) -> str:
    folded = fold(letter.lower())
    return folded.upper() if letter.isupper() else folded


@cache
def _letter_widths() -> dict[str, float]:
    table = load_table("quarters")["widths"]
    widths = {chr(ord("a") + k): w for k, w in enumerate(table["lower"])}
    widths |= {chr(ord("A") + k): w for k, w in enumerate(table["upper"])}
    widths |= dict.fromkeys("0123456789", table["digit"]) | table["signs"]
    return {letter: width / 1000 for letter, width in widths.items()}


def _replaced(text: Text, mend: Mend) -> Text:
    """The text with these characters replaced, the words behind shifted."""
    shift = len(mend.numeral) - (mend.end - mend.start)
    words = []
    for word in text.words:
        if word.start >= mend.end:
            words.append(word._replace(start=word.start + shift, end=word.end + shift))
        elif word.end > mend.start:
            confidence = word.confidence if mend.confidence is None else min(word.confidence, mend.confidence)
            words.append(word._replace(end=word.end + shift, confidence=confidence))
        else:
            words.append(word)
    return Text(text.string[: mend.start] + mend.numeral + text.string[mend.end :], tuple(words))
