"""Boxes of words that a speck made higher than their line.

The engine counts a speck above or below a word as part of it: the box is then twice as high as the line, its middle
lies between two lines, and the layout would put a word that was read well into a line of its own. The engine knows
which line the word stands in; its neighbours there say how high it may be.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from pipeline.intake.ocr import Grey, OcrWord

_NEIGHBOURS = 4  # to either side, at most: a line may slope a little
_FEWEST = 2  # neighbours that say where the line runs
_BEYOND = 0.3  # heights of its neighbours that a word may rise above or hang below all of them
_SPECK = 0.3  # of the ink in a word's box that may lie outside the line; more is a large letter, a seal, a signature
_Reach = tuple[int, int, int]
"""Top, bottom and height of a word."""


def within_lines(parts: Sequence[Sequence[OcrWord]], ink: Grey) -> list[list[OcrWord]]:
    """The words of ``parts`` (of lines), none with a box that only specks carry beyond its line.

    ``ink`` is 255 where there is ink.
    """
    return [_within_line(part, ink) if len(part) > _FEWEST else list(part) for part in parts]


def _within_line(part: Sequence[OcrWord], ink: Grey) -> list[OcrWord]:
    boxed = [(w.y0, w.y1, w.y1 - w.y0) if any(map(str.isalnum, w.text)) else None for w in part]
    result = []
    for k, word in enumerate(part):
        around = boxed[max(0, k - _NEIGHBOURS) : k] + boxed[k + 1 : k + 1 + _NEIGHBOURS]
        result.append(_trimmed(word, _level([box for box in around if box]), ink))
    return result


def _level(near: list[_Reach]) -> list[_Reach]:
    """``near`` without those that are far higher than the rest: they have specks too."""
    heights = sorted([height for _, _, height in near])
    if not heights or heights[-1] <= (highest := 1.4 * _median(heights)):
        return near
    return [reach for reach in near if reach[2] <= highest]


def _trimmed(word: OcrWord, near: list[_Reach], ink: Grey) -> OcrWord:
    if len(near) < _FEWEST:
        return word
    tops, bottoms, heights = zip(*near, strict=True)
    top, bottom = min(tops), max(bottoms)
    if word.y0 >= top and word.y1 <= bottom:
        return word
    room = _BEYOND * _median(sorted(heights))
    y0 = top if word.y0 < top - room else word.y0
    y1 = bottom if word.y1 > bottom + room else word.y1
    if (y0, y1) == (word.y0, word.y1) or y1 - y0 < room:
        return word
    whole, kept = (cv2.countNonZero(ink[a:b, word.x0 : word.x1]) for a, b in ((word.y0, word.y1), (y0, y1)))
    return word._replace(y0=y0, y1=y1) if kept >= (1 - _SPECK) * whole else word


def _median(values: Sequence[int]) -> float:
    """Of ascending values; as that of :mod:`statistics`, at a tenth of its time: it is asked for twice a word."""
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
