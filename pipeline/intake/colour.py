"""Coloured ink over black text: red seals and blue signatures go, what was written in colour stays.

In the channel of its own colour an ink is nearly as bright as paper, while black is dark in all channels; so the text
under a seal can be kept. Small things in colour are no seal: a name from a red stamp pad, a number in blue ink.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.uint8]

COLOURED = 35
"""Least lead of a channel over the others for a pixel to have its colour; JPEG blurs colours at black letters."""
LARGE = 45.0
"""Points; no handwritten number or stamped line is as high, seals have 85 to 110, signatures 50 and more."""
_LEAST_SHARE = 0.0003  # of coloured pixels on the page
_WORKING_DPI = 75.0
_INKED = 150  # brightness of the darkest channel below which there is ink


def grey_of(pixels: Pixels, dpi: float) -> Grey:
    """The picture (blue, green, red) in grey, seals and signatures gone."""
    if pixels.ndim == 2:
        return pixels
    grey = cast(Grey, cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    blue, green, red = cv2.split(pixels)
    # In its own channel the ink is that much of the paper's brightness; below, something black lies there too.
    paper = int(np.median(grey[::4, ::4]))
    for own, others, filled, bright in (
        (red, cv2.max(blue, green), True, 0.72),
        (blue, cv2.max(red, green), False, 0.47),
    ):
        region = _large(cv2.subtract(own, others), dpi, filled=filled)
        if region is not None:
            lifted = np.where(own > bright * paper, paper, own)
            grey = np.where(region, lifted, grey).astype(np.uint8)
    return grey


def share_of_colour(pixels: Pixels, x0: int, y0: int, x1: int, y1: int) -> float:
    """How much of the ink in a rectangle of a picture (blue, green, red) is a pen's or a pad's; 0.0 in grey ones."""
    part = pixels[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
    if part.ndim == 2 or part.size == 0:
        return 0.0
    darkest, brightest = part.min(axis=2), part.max(axis=2)
    inked = darkest < _INKED
    count = int(inked.sum())
    return float((inked & (brightest - darkest > COLOURED)).sum()) / count if count else 0.0


def _large(lead: cv2.typing.MatLike, dpi: float, *, filled: bool) -> npt.NDArray[np.bool_] | None:
    """Pixels of a colour that belong to something large; None where there is nothing large.

    ``filled``: what stands inside its outline counts too (the star and the letters of a seal).
    """
    coloured = (np.asarray(lead) > COLOURED).astype(np.uint8)
    if float(coloured.mean()) < _LEAST_SHARE:
        return None
    factor = min(1.0, _WORKING_DPI / dpi)
    small = cv2.resize(coloured * np.uint8(255), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    joined = cv2.dilate((small > 60).astype(np.uint8), np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    size = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    height = stats[:, cv2.CC_STAT_HEIGHT]
    least = LARGE * factor * dpi / 72
    # A stamped line is long but low: only what is high as well is a seal, and a signature at least half so.
    large = (size >= least) & (height >= (least if filled else least / 2))
    large[0] = False
    if not large.any():
        return None
    region = large[labels].astype(np.uint8)
    if filled:
        for x, y, w, h, _ in stats[large].tolist():
            cv2.ellipse(region, ((x + w / 2, y + h / 2), (w * 1.03, h * 1.03), 0), 1, -1)
    height_px, width_px = coloured.shape
    wide = cv2.resize(region, (width_px, height_px), interpolation=cv2.INTER_NEAREST)
    near = cv2.dilate(coloured, np.ones((7, 7), np.uint8))
    return np.asarray((wide > 0) & (near > 0))
