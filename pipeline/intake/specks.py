"""Boxes of words that a speck made higher than their line.

The engine counts a speck above or below a word as part of it: the box is then twice as high as the line, its middle
lies between two lines, and the layout would put a word that was read well into a line of its own. The engine knows
which line the word stands in; its neighbours there say how high it may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2

from pipeline.intake.ocr import Grey, OcrWord

_NEIGHBOURS = 4  # to either side, at most: a line may slope a little
_FEWEST = 2  # neighbours that say where the line runs
_BEYOND = 0.3  # heights of its neighbours that a word may rise above or hang below all of them
_SPECK = 0.3  # of the ink in a word's box that may lie outside the line; more is a large letter, a seal, a signature


def within_lines(parts: Sequence[Sequence[OcrWord]], ink: Grey) -> list[list[OcrWord]]:
    """The words of ``parts`` (of lines), none with a box that only specks carry beyond its line.

    ``ink`` is 255 where there is ink.
    """
    return [_within_line(part, ink) if len(part) > _FEWEST else list(part) for part in parts]


def _within_line(part: Sequence[OcrWord], ink: Grey) -> list[OcrWord]:
    boxed = [(w.y0, w.y1) if any(map(str.isalnum, w.text)) else None for w in part]
    result = []
    for k, word in enumerate(part):
        around = boxed[max(0, k - _NEIGHBOURS) : k] + boxed[k + 1 : k + 1 + _NEIGHBOURS]
        result.append(_trimmed(word, _level([box for box in around if box]), ink))
    return result


def _level(near: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """``near``, top and bottom each, without those that are far higher than the rest: they have specks too."""
    highest = 1.4 * _median([bottom - top for top, bottom in near]) if near else 0.0
    return [(top, bottom) for top, bottom in near if bottom - top <= highest]


def _trimmed(word: OcrWord, near: Sequence[tuple[int, int]], ink: Grey) -> OcrWord:
    if len(near) < _FEWEST:
        return word
    top, bottom = min([y0 for y0, _ in near]), max([y1 for _, y1 in near])
    if word.y0 >= top and word.y1 <= bottom:
        return word
    room = _BEYOND * _median([y1 - y0 for y0, y1 in near])
    y0 = top if word.y0 < top - room else word.y0
    y1 = bottom if word.y1 > bottom + room else word.y1
    if (y0, y1) == (word.y0, word.y1) or y1 - y0 < room:
        return word
    whole, kept = (cv2.countNonZero(ink[a:b, word.x0 : word.x1]) for a, b in ((word.y0, word.y1), (y0, y1)))
    return replace(word, y0=y0, y1=y1) if kept >= (1 - _SPECK) * whole else word


def _median(values: list[int]) -> float:
    """As that of :mod:`statistics`, at a tenth of its time: it is asked for twice a word."""
    values.sort()
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
