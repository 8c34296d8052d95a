"""Words gathered to rows of print, in a frame in which the lines of the page run level.

Reads words with boxes, OCR or text layer, not yet restored.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import NamedTuple

from pipeline.boxes import projection
from pipeline.values import Box, Word


class LevelWord(NamedTuple):
    """A word with its box in the levelled frame."""

    word: Word
    box: Box


@dataclass(frozen=True)
class Row:
    """Words side by side, from left to right. What is asked of a row many times is worked out once."""

    words: tuple[LevelWord, ...]

    @cached_property
    def box(self) -> Box:
        lefts, tops, rights, bottoms = zip(*[w.box for w in self.words], strict=True)
        return Box(min(lefts), min(tops), max(rights), max(bottoms))

    @cached_property
    def text(self) -> str:
        return " ".join([w.word.text for w in self.words])

    @cached_property
    def y(self) -> float:
        """The height at which the row runs: the middle of its words, weighted by their length, so that neither a high
        bracket nor a low comma moves it."""
        total = weighed = 0.0
        for word in self.words:
            x0, y0, x1, y1 = word.box
            total += x1 - x0
            weighed += (y0 + y1) / 2 * (x1 - x0)
        return weighed / (total or 1.0)


def levelled(
    words: Iterable[Word], angle: float, width: float, height: float, flat: Sequence[float] = ()
) -> list[LevelWord]:
    """Words in a frame turned about the page's centre by ``angle`` degrees clockwise, in which lines run level.

    ``flat``: as in a :class:`PageReading`, what lays a photographed sheet flat before.
    """
    turns = round(angle / 90)
    fine = math.radians(angle - 90 * turns)
    cosine, sine = math.cos(fine), math.sin(fine)
    seen = projection(flat) if flat else None
    result = []
    for word in words:
        if word.box is None:
            continue
        box = seen(*word.box) if seen else word.box
        x0, y0, x1, y1 = box.turned(turns, width, height) if turns else box
        x, y = (x0 + x1) / 2 - width / 2, (y0 + y1) / 2 - height / 2
        x, y = x * cosine - y * sine + width / 2, x * sine + y * cosine + height / 2
        half_width, half_height = (x1 - x0) / 2, (y1 - y0) / 2
        result.append(LevelWord(word, Box(x - half_width, y - half_height, x + half_width, y + half_height)))
    return result


def has_letters(text: str) -> bool:
    """Whether ``text`` holds a letter or digit; a lone accent ("ˆ") is none, though Unicode calls it a letter."""
    return any(c.isalnum() and unicodedata.category(c) != "Lm" for c in text)


def letter_height(words: Sequence[LevelWord]) -> float:
    """The usual height of a word's box, in points; 12.0 where there are no words."""
    heights = [w.box.height for w in words if sum(map(str.isalnum, w.word.text)) >= 2]
    return median(heights) if heights else 12.0


def rows_of(words: Sequence[LevelWord], usual: float) -> list[Row]:
    """Words gathered to rows, from top to bottom; ``usual``: their :func:`letter_height`.

    A word joins the row whose words near it are level with it; of several, the nearest in height.
    """
    rows: list[list[LevelWord]] = []
    middles: list[list[float]] = []  # of each row's words, ascending, so that the nearest is found by bisection
    reach: list[tuple[float, float]] = []  # between which heights words may join each row: most rows are far away
    for word in sorted(words, key=_big_first(usual)):
        x0, top, x1, bottom = word.box
        middle, height = (x0 + x1) / 2, (top + bottom) / 2
        best: tuple[float, int] | None = None
        for k in [k for k, (highest, lowest) in enumerate(reach) if highest <= bottom and top <= lowest]:
            near = rows[k][_nearest(middles[k], middle)].box
            apart = abs(near.y_centre - height)
            if (best is None or apart < best[0]) and _level(near, word.box, usual):
                best = (apart, k)
        if best is None:
            rows.append([word])
            middles.append([middle])
            reach.append((top - usual, bottom + usual))
        else:
            k = best[1]
            place = bisect_right(middles[k], middle)
            rows[k].insert(place, word)
            middles[k].insert(place, middle)
            reach[k] = (min(top - usual, reach[k][0]), max(bottom + usual, reach[k][1]))
    ordered = [Row(tuple(sorted(row, key=lambda w: w.box.x0))) for row in rows]
    return sorted(ordered, key=lambda row: row.y)


def _nearest(middles: Sequence[float], middle: float) -> int:
    """The place of that of the ascending ``middles`` which is nearest to ``middle``; of two, the left one."""
    place = bisect_left(middles, middle)
    if place == len(middles) or (place and middle - middles[place - 1] <= middles[place] - middle):
        return place - 1
    return place


def _big_first(usual: float) -> Callable[[LevelWord], tuple[int, float, float]]:
    """Words of the usual height found the rows; punctuation and scraps then join them."""
    return lambda w: (0 if 0.6 * usual <= w.box.height <= 1.7 * usual else 1, w.box.y_centre, w.box.x0)


def _level(one: Box, other: Box, usual: float) -> bool:
    _, top, _, bottom = one
    _, other_top, _, other_bottom = other
    overlap = min(bottom, other_bottom) - max(top, other_top)
    least = min(bottom - top, other_bottom - other_top)
    if least < 0.5 * usual:  # a dash, a full stop: its middle lies within the other's height
        small, tall = (one, other) if one.height < other.height else (other, one)
        return tall.y0 - 0.1 * usual <= small.y_centre <= tall.y1 + 0.1 * usual
    return overlap > 0.5 * least and abs((top + bottom) / 2 - (other_top + other_bottom) / 2) < 0.5 * max(usual, least)


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
