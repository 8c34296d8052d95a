"""Masks in bits: what OpenCV's morphology makes of the same masks in bytes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.layout.tables.bits import Mask, packed, unpacked


def noise(height: int, width: int) -> Mask:
    """Blots of many sizes, cut by the picture's sides."""
    grain = np.random.default_rng(height * width).random((height, width)).astype(np.float32)
    blots = cv2.GaussianBlur(grain, (9, 9), 0) > cv2.GaussianBlur(grain, (31, 31), 0)
    return np.where(blots, 255, 0).astype(np.uint8)


def across(length: int) -> Mask:
    return np.ones((1, length), np.uint8)


def down(length: int) -> Mask:
    return np.ones((length, 1), np.uint8)


SIZES = [(90, 63), (90, 64), (90, 65), (40, 200), (5, 130), (130, 5)]


@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("length", [3, 5, 9, 25])
def test_bits_are_opened_and_closed_as_bytes_are(height: int, width: int, length: int) -> None:
    mask = noise(height, width)
    bits = packed(mask)
    pairs = [
        (bits, mask),
        (bits.dilated_down(length), cv2.dilate(mask, down(length))),
        (bits.dilated_across(length), cv2.dilate(mask, across(length))),
        (bits.opened_down(length), cv2.morphologyEx(mask, cv2.MORPH_OPEN, down(length))),
        (bits.opened_across(length), cv2.morphologyEx(mask, cv2.MORPH_OPEN, across(length))),
        (bits.closed_down(length), cv2.morphologyEx(mask, cv2.MORPH_CLOSE, down(length))),
    ]
    for ours, theirs in pairs:
        assert np.array_equal(unpacked(ours), theirs)


def test_bits_are_joined_and_taken_away() -> None:
    one, other = noise(40, 70), noise(40, 70)[::-1].copy()
    assert np.array_equal(unpacked(packed(one) | packed(other)), one | other)
    assert np.array_equal(unpacked(packed(one).without(packed(other))), one & ~other)
