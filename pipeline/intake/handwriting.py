"""Handwriting in the blanks of the letterhead: the number behind "Số:", the day and month of the date.

The engine reads a pen's figures as some other figures, at times with confidence; so what was written by hand is told
from its ink. Printed figures are equally high and stand on one line, in the colour of the page; a pen's are neither.
Words are those of the straightened picture, as read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from pipeline.intake.ocr import Grey, OcrWord
from pipeline.intake.pieces import connected

HANDWRITTEN = 0.3
"""Most confidence of a word that was written by hand: such figures were read right once in ten tries."""
DEPTH = 0.45
"""Share of the page's height in which the letterhead ends."""
TALL = 1.3
"""Times the height of the capitals in its line that a figure is higher only when a pen wrote it."""
UNEVEN = 0.25
"""Of that height by which the heads or feet of figures differ only when a pen wrote them."""
_LEAST = 4.5  # points: lower pieces are marks, dots and commas
_HIGHEST = 24.0  # points: higher ones are no figures but strokes across lines
_NUMBER = re.compile(r"^[Ss]\S{1,2}?[:.;,]|^S[oốôóồ6]$")
_DAY, _MONTH, _YEAR = re.compile(r"ng\w{1,2}y$"), re.compile(r"th\w{1,2}ng$"), re.compile(r"n\w{1,2}m$")


Colour = Callable[[int, int, int, int], float]
"""The share of the ink in a rectangle (x0, y0, x1, y1, in pixels) that has a colour; 0.0 in a grey picture."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to be filled in, from ``x0`` to ``x1`` in a line that runs from ``y0`` to ``y1``; the line's words."""

    x0: int
    x1: int
    y0: int
    y1: int
    line: tuple[OcrWord, ...]


def with_doubt(words: Sequence[OcrWord], ink: Grey, colour: Colour, dpi: float) -> list[OcrWord]:
    """``words`` with those that a pen wrote into the letterhead's blanks held for doubtful."""
    doubted: set[int] = set()
    for blank in letterhead_blanks(words, len(ink)):
        if is_handwritten(blank, ink, colour, dpi):
            doubted |= {id(word) for word in blank.line if min(word.x1, blank.x1) > max(word.x0, blank.x0)}
    return [
        word._replace(confidence=min(word.confidence, HANDWRITTEN)) if id(word) in doubted else word for word in words
    ]


def letterhead_blanks(words: Sequence[OcrWord], height: int) -> list[Blank]:
    """The blanks of the first line with a number and of the first with a date, on a page of ``height`` pixels."""
    lines = [list(group) for _, group in groupby(words, key=lambda word: word.line)]
    top = [line for line in lines if line[0].y1 < DEPTH * height]
    numbers = next(filter(None, (list(_number_blank(line)) for line in top)), [])
    dates = next(filter(None, (list(_date_blanks(line)) for line in top)), [])
    return [*numbers, *dates]


def _number_blank(line: Sequence[OcrWord]) -> Iterator[Blank]:
    """Between "Số:" at the line's beginning and the stroke before the signs."""
    opening = line[0]
    signs = next((w for w in line if "/" in w.text and any(c.isupper() for c in w.text[w.text.index("/") :])), None)
    if signs is None or not _NUMBER.match(opening.text):
        return
    colon = re.search(r"[:.;,]", opening.text)
    start = _inside(opening, colon.end() if colon else len(opening.text))
    end = _inside(signs, signs.text.index("/"))
    if end > start:
        yield _blank(start, end, line)


def _date_blanks(line: Sequence[OcrWord]) -> Iterator[Blank]:
    """Between "ngày", "tháng" and "năm" behind the name of a place and a comma."""
    day = next((k for k, w in enumerate(line) if k and _DAY.search(w.text) and line[k - 1].text[-1] in ",.;"), None)
    if day is None:
        return
    month = next((k for k, w in enumerate(line) if k > day and _MONTH.search(w.text)), None)
    year = next((k for k, w in enumerate(line) if month and k > month and _YEAR.search(w.text)), None)
    for left, right in ((day, month), (month, year)):
        if left is not None and right is not None and line[right].x0 > line[left].x1:
            yield _blank(line[left].x1, line[right].x0, line)


def _blank(x0: int, x1: int, line: Sequence[OcrWord]) -> Blank:
    y0, y1 = int(np.median([w.y0 for w in line])), int(np.median([w.y1 for w in line]))
    return Blank(x0, x1, y0, y1, tuple(line))


def is_handwritten(blank: Blank, ink: Grey, colour: Colour, dpi: float) -> bool:
    """Whether a pen filled the blank."""
    point = dpi / 72
    height = blank.y1 - blank.y0
    above, below = max(0, blank.y0 - height), blank.y1 + height // 2
    x, y, w, h = _pieces(ink[above:below], point)
    middle = x + w / 2
    inside = (middle > blank.x0) & (middle < blank.x1)
    if not inside.any():
        return False
    if colour(blank.x0, above, blank.x1, below) > 0.5:
        return True
    left, right = min(word.x0 for word in blank.line), max(word.x1 for word in blank.line)
    printed = h[~inside & (middle > left) & (middle < right)]
    if not len(printed):
        return False
    capital = float(np.percentile(printed, 75))
    heads, feet = y[inside], (y + h)[inside]
    return bool(h[inside].max() > TALL * capital or max(np.ptp(heads), np.ptp(feet)) > UNEVEN * capital)


Values = npt.NDArray[np.float64]


def _pieces(ink: Grey, point: float) -> tuple[Values, Values, Values, Values]:
    """Left, top, width and height, in pixels, of the pieces of ink that may be figures or letters."""
    stats = connected(ink).stats[1:].astype(np.float64)
    x, y, w, h = (stats[:, k] for k in range(4))
    keep = (h >= _LEAST * point) & (h <= _HIGHEST * point)
    return x[keep], y[keep], w[keep], h[keep]


def _inside(word: OcrWord, index: int) -> int:
    """Where the letter ``index`` of a word begins, letters taken for equally wide."""
    return round(word.x0 + (word.x1 - word.x0) * index / len(word.text))
