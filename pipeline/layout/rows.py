"""Words gathered to rows of print, in a frame in which the lines of the page run level.

Reads words with boxes, OCR or text layer, not yet restored.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.values import Box, Word


@dataclass(frozen=True, slots=True)
class LevelWord:
    """A word with its box in the levelled frame."""

    word: Word
    box: Box


@dataclass(frozen=True, slots=True)
class Row:
    """Words side by side, from left to right."""

    words: tuple[LevelWord, ...]

    @property
    def box(self) -> Box:
        return _around(self.words)

    @property
    def text(self) -> str:
        return " ".join(w.word.text for w in self.words)

    @property
    def y(self) -> float:
        """The height at which the row runs: the middle of its words, weighted by their length, so that neither a high
        bracket nor a low comma moves it."""
        total = sum(w.box.width for w in self.words) or 1.0
        return sum(w.box.y_centre * w.box.width for w in self.words) / total


def levelled(
    words: Iterable[Word], angle: float, width: float, height: float, flat: Sequence[float] = ()
) -> list[LevelWord]:
    """Words in a frame turned about the page's centre by ``angle`` degrees clockwise, in which lines run level.

    ``flat``: as in a :class:`PageReading`, what lays a photographed sheet flat before.
    """
    turns = round(angle / 90)
    fine = math.radians(angle - 90 * turns)
    cosine, sine = math.cos(fine), math.sin(fine)
    result = []
    for word in words:
        if word.box is None:
            continue
        box = (word.box.projected(flat) if flat else word.box).turned(turns, width, height)
        x, y = box.x_centre - width / 2, box.y_centre - height / 2
        x, y = x * cosine - y * sine + width / 2, x * sine + y * cosine + height / 2
        half_width, half_height = box.width / 2, box.height / 2
        result.append(LevelWord(word, Box(x - half_width, y - half_height, x + half_width, y + half_height)))
    return result


def has_letters(text: str) -> bool:
    """Whether ``text`` holds a letter or digit; a lone accent ("ˆ") is none, though Unicode calls it a letter."""
    return any(c.isalnum() and unicodedata.category(c) != "Lm" for c in text)


def letter_height(words: Sequence[LevelWord]) -> float:
    """The usual height of a word's box, in points; 12.0 where there are no words."""
    heights = [w.box.height for w in words if sum(c.isalnum() for c in w.word.text) >= 2]
    return median(heights) if heights else 12.0


def rows_of(words: Sequence[LevelWord]) -> list[Row]:
    """Words gathered to rows, from top to bottom.

    A word joins the row whose words near it are level with it; of several, the nearest in height.
    """
    usual = letter_height(words)
    rows: list[list[LevelWord]] = []  # each in order of its words' middles, so that the nearest is found by bisection
    reach: list[tuple[float, float]] = []  # top and bottom of each row's words: most rows are far away
    for word in sorted(words, key=_big_first(usual)):
        top, bottom = word.box.y0, word.box.y1
        best: tuple[float, int] | None = None
        for k, (highest, lowest) in enumerate(reach):
            if top > lowest + usual or bottom < highest - usual:
                continue
            near = _nearest(rows[k], word)
            apart = abs(near.box.y_centre - word.box.y_centre)
            if (best is None or apart < best[0]) and _level(near.box, word.box, usual):
                best = (apart, k)
        if best is None:
            rows.append([word])
            reach.append((top, bottom))
        else:
            k = best[1]
            insort(rows[k], word, key=_middle)
            reach[k] = (min(top, reach[k][0]), max(bottom, reach[k][1]))
    ordered = [Row(tuple(sorted(row, key=lambda w: w.box.x0))) for row in rows]
    return sorted(ordered, key=lambda row: row.y)


def _middle(word: LevelWord) -> float:
    return word.box.x_centre


def _nearest(row: Sequence[LevelWord], word: LevelWord) -> LevelWord:
    """The word of ``row``, which is in order of middles, whose middle is nearest to that of ``word``."""
    middle = _middle(word)
    place = bisect_left(row, middle, key=_middle)
    return min(row[max(0, place - 1) : place + 1], key=lambda other: abs(_middle(other) - middle))


def _big_first(usual: float) -> Callable[[LevelWord], tuple[int, float, float]]:
    """Words of the usual height found the rows; punctuation and scraps then join them."""
    return lambda w: (0 if 0.6 * usual <= w.box.height <= 1.7 * usual else 1, w.box.y_centre, w.box.x0)


def _level(one: Box, other: Box, usual: float) -> bool:
    overlap = min(one.y1, other.y1) - max(one.y0, other.y0)
    least = min(one.height, other.height)
    if least < 0.5 * usual:  # a dash, a full stop: its middle lies within the other's height
        small, tall = (one, other) if one.height < other.height else (other, one)
        return tall.y0 - 0.1 * usual <= small.y_centre <= tall.y1 + 0.1 * usual
    return overlap > 0.5 * least and abs(one.y_centre - other.y_centre) < 0.5 * max(usual, least)


def split(row: Row, x: float) -> tuple[Row | None, Row | None]:
    """The row's words left and right of ``x``."""
    left = tuple(w for w in row.words if w.box.x_centre < x)
    right = tuple(w for w in row.words if w.box.x_centre >= x)
    return (Row(left) if left else None, Row(right) if right else None)


def widest_gap(row: Row, low: float, high: float) -> tuple[float, float] | None:
    """The widest white gap between two neighbouring words whose middle lies between ``low`` and ``high``: its ends."""
    best: tuple[float, float] | None = None
    for before, after in zip(row.words, row.words[1:], strict=False):
        start, end = before.box.x1, after.box.x0
        if low <= (start + end) / 2 <= high and (best is None or end - start > best[1] - best[0]):
            best = (start, end)
    return best


def _around(words: Sequence[LevelWord]) -> Box:
    box = words[0].box
    for other in words[1:]:
        box = box.union(other.box)
    return box
