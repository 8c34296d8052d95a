"""Upright rectangles on a page, in points from its top left.

:mod:`pipeline.values` hands them on with the values that stand in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import hypot
from typing import NamedTuple, TypeVar

from pipeline.stored import keep_by_values


class Box(NamedTuple):
    """An upright rectangle on a page, in points from the top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def x_centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y_centre(self) -> float:
        return (self.y0 + self.y1) / 2

    def union(self, other: Box) -> Box:
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def turned(self, quarters: int, width: float, height: float) -> Box:
        """The box turned clockwise by quarter turns about the centre of a page of ``width`` x ``height``."""
        box = self
        for _ in range(quarters % 4):
            box = Box(
                width / 2 + (height / 2 - box.y1),
                height / 2 + (box.x0 - width / 2),
                width / 2 + (height / 2 - box.y0),
                height / 2 + (box.x1 - width / 2),
            )
        return box

    def as_tuple(self) -> tuple[float, float, float, float]:
        return (round(self.x0, 1), round(self.y0, 1), round(self.x1, 1), round(self.y1, 1))


keep_by_values(Box)

Projection = Callable[[float, float, float, float], Box]
"""From the sides of a box (x0, y0, x1, y1) to a box."""


def projection(matrix: Sequence[float]) -> Projection:
    """Boxes seen through a 3 x 3 ``matrix`` (by rows): their middle moved, their sides as long as their middle lines
    become, and upright again whether or not the matrix turns them by a quarter."""
    a, b, c, d, e, f, g, h, i = matrix
    if g == h == 0:  # no perspective: all lengths along a side change alike
        across, along = hypot(a, d) / i, hypot(b, e) / i
        sideways = abs(d) > abs(a)

        def moved(x0: float, y0: float, x1: float, y1: float) -> Box:
            middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
            x, y = (a * middle_x + b * middle_y + c) / i, (d * middle_x + e * middle_y + f) / i
            half_width, half_height = across * (x1 - x0) / 2, along * (y1 - y0) / 2
            if sideways:
                half_width, half_height = half_height, half_width
            return Box(x - half_width, y - half_height, x + half_width, y + half_height)

        return moved

    def place(x: float, y: float) -> tuple[float, float]:
        scale = g * x + h * y + i
        return (a * x + b * y + c) / scale, (d * x + e * y + f) / scale

    def seen(x0: float, y0: float, x1: float, y1: float) -> Box:
        middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
        x, y = place(middle_x, middle_y)
        (left, up), (right, down) = place(x0, middle_y), place(x1, middle_y)
        across, along = right - left, down - up
        (left, up), (right, down) = place(middle_x, y0), place(middle_x, y1)
        width, height = hypot(across, along), hypot(right - left, down - up)
        if abs(along) > abs(across):
            width, height = height, width
        return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    return seen


def union(boxes: Iterable[Box | None]) -> Box | None:
    """The smallest box around all of ``boxes``; None when none of them is known."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    lefts, tops, rights, bottoms = zip(*known, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


T = TypeVar("T")


def side_by_side(
    one: Iterable[T], other: Iterable[T], left: Callable[[T], float], same: Callable[[T, T], bool]
) -> list[tuple[list[T], list[T]]]:
    """Two readings of a line aligned by the ink they were read from, from left to right.

    ``left`` is where a word begins, ``same`` whether two words stand on the same ink. What stands together is in one
    pair; either side may be empty.
    """
    pairs: list[tuple[list[T], list[T]]] = []
    marked = [(word, 0) for word in one] + [(word, 1) for word in other]
    for word, side in sorted(marked, key=lambda entry: (left(entry[0]), entry[1])):
        if pairs and any(same(word, opposite) for opposite in pairs[-1][1 - side]):
            pairs[-1][side].append(word)
        else:
            pairs.append(([word], []) if side == 0 else ([], [word]))
    return pairs
