"""Labels of headings, broken by OCR: what stands at the start of a line and is no word.

Reads raw text of any kind. Finds "I11. MUC TIEU", "V.TO CHUC", "HII. KINH PHI" and says what they should be. In garbled
text the labels of the whole document are read as one sequence, for numbering is a language: of two headings "II." with
"IV." behind them the second is "III.", and "11 Thuong xuyen" between "1." and "1.2." is "1.1.".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A stretch of the text and what it should be."""

    start: int
    end: int
    text: str
    guessed: bool = False
    """Whether a letter more or less was needed: likely, but for a person to look at."""


_ROMAN = re.compile(
    r"(?m)^(?P<indent>[^\S\n]*)(?P<label>[IVXLl1|!H]{1,6})(?P<dot>\.)(?P<gap>[^\S\n]*)(?=[A-ZĐÀ-Ỹ&][A-Za-zĐÀ-ỹ])"
)
_LETTER = re.compile(r"(?m)^[^\S\n]*(?P<label>[a-zđ])(?=\)\s)")
_TIGHT = re.compile(r"(?m)^[^\S\n]*(?P<label>\d{1,2}(?:\.\d{1,2}){0,3}\.)(?=[A-ZĐ][A-Za-z0-9])")
_NUMBER = re.compile(
    r"(?m)^[^\w\n]{0,4}(?P<label>\d{1,2}(?:\.\d{1,2}){1,3}(?=[.\s])|\d{1,2}(?=\.\s))\.?\s*(?=[A-ZĐÀ-Ỹ])"
)
_BARE_NUMBER = re.compile(r"(?m)^[^\S\n]*(?P<label>\d{2,3})(?=[^\S\n]+[A-ZĐÀ-Ỹ][a-zà-ỹ])")
_ENDED = re.compile(r"(?:^|[.;:][^\S\n]*|\n[^\S\n]*)\n\Z")
"""How the text before a line ends when the line begins something new."""

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI")
_VALUES = {numeral: value for value, numeral in enumerate(_NUMERALS, 1)}
_STROKES = str.maketrans(dict.fromkeys("l1|!L", "I"))
_CAPITALS = re.compile(r"[A-ZĐÀ-Ỹ&]{2}")

_Number = tuple[int, ...]


def find_labels(text: str, *, garbled: bool) -> Iterator[Code]:
    """Labels of ``text``, in no order, those included that are right already (so that nothing else mends them)."""
    yield from _roman(text, garbled=garbled)
    for match in _LETTER.finditer(text):
        yield Code(match.start("label"), match.end("label"), match["label"])
    if garbled:
        for match in _TIGHT.finditer(text):
            yield Code(match.start("label"), match.end("label"), match["label"] + " ")
        yield from _bare_numbers(text)


def _readings(label: str) -> list[str]:
    """The numerals ``label`` may stand for by its strokes; H is II or a single I."""
    plain = label.translate(_STROKES)
    return [n for n in dict.fromkeys((plain.replace("H", "II"), plain.replace("H", "I"))) if n in _VALUES]


def _roman(text: str, *, garbled: bool) -> Iterator[Code]:
    found = []
    for match in _ROMAN.finditer(text):
        label = match["label"]
        capitals = _CAPITALS.match(text, match.end())
        if label.isdecimal() or (len(label) == 1 and label in "LH") or (set(label) & set("LH") and not capitals):
            continue
        found.append((match, [_VALUES[n] for n in _readings(label)]))
    values = _in_sequence([values for _, values in found]) if garbled else [next(iter(v), 0) for _, v in found]
    for (match, _), value in zip(found, values, strict=True):
        start = match.end("indent")
        tight = garbled and not match["gap"]
        if value:
            yield Code(start, match.end("dot"), _NUMERALS[value - 1] + "." + (" " if tight else ""))
        elif _CAPITALS.match(text, match.end()):
            yield Code(start, match.end("dot"), match["label"] + ".")


def _in_sequence(readings: list[list[int]]) -> list[int]:
    """The value of each label; one that cannot be read, or repeats its forerunner, takes the place left free."""
    values: list[int] = []
    for i, own in enumerate(readings):
        before = values[-1] if values else 0
        after = readings[i + 1] if i + 1 < len(readings) else []
        value = before + 1 if before + 1 in own else next(iter(own), 0)
        free = not after or before + 2 in after
        if free and value in (0, before) and before + 1 < len(_NUMERALS):
            value = before + 1 if before else value
        values.append(value)
    return values


def _bare_numbers(text: str) -> Iterator[Code]:
    """Numbers at the start of a line that lost their dots: "11 Thuong xuyen" where 1.1 must stand."""
    labels: list[tuple[int, _Number]] = [
        (m.start("label"), tuple(map(int, m["label"].split(".")))) for m in _NUMBER.finditer(text)
    ]
    labels += [(m.start(), ()) for m in _ROMAN.finditer(text)]
    labels.sort()
    starts = [start for start, _ in labels]
    for match in _BARE_NUMBER.finditer(text):
        if not _ENDED.search(text, max(0, match.start() - 200), match.start()):
            continue
        at = bisect_left(starts, match.start())
        before = labels[at - 1][1] if at else ()
        after = labels[at][1] if at < len(labels) else ()
        for number in ((*before[:-1], before[-1] + 1), (*before, 1)) if before else ():
            missing = len(number) > 1 and (after == _next(number) or len(after) < len(number))
            if missing and _holds(match["label"], "".join(map(str, number))):
                yield Code(match.start("label"), match.end("label"), ".".join(map(str, number)) + ".")
                break


def _next(number: _Number) -> _Number:
    return (*number[:-1], number[-1] + 1)


def _holds(printed: str, digits: str) -> bool:
    """Whether ``printed`` is ``digits`` with at most one digit more."""
    rest = iter(printed)
    return len(printed) - len(digits) in (0, 1) and all(d in rest for d in digits)
