"""Pages that lie on their side or stand on their head.

Sideways pages show in where their letters stand; which way up, only reading tells. So a band of the page is read either
way, and only where there is reason to doubt.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.intake.image import Prepared, prepare
from pipeline.intake.ocr import Reader
from pipeline.intake.skew import runs_sideways
from pipeline.intake.source import Raster

FEWEST_WORDS = 3


def upright(raster: Raster, reader: Reader) -> Prepared:
    """The page's picture ready for reading, its lines running across and the right way up."""
    prepared = prepare(raster)
    sideways = runs_sideways(prepared.ink, prepared.dpi)
    if not sideways and not looks_upside_down(prepared):
        return prepared
    ways = (1, 3) if sideways else (0, 2)
    tried = [prepared if way == 0 else prepare(raster, way) for way in ways]
    return max(tried, key=lambda one: readability(one, reader))


def looks_upside_down(prepared: Prepared) -> bool:
    """Whether the shapes of the lines speak for a page on its head; only then both ways are read.

    Vietnamese bears most of its marks, and all its ascenders, above the letters: small pieces of ink stand above the
    middle of their line more often than below.
    """
    above, below = marks_above_and_below(prepared)
    return below > above


def marks_above_and_below(prepared: Prepared) -> tuple[int, int]:
    """How many small pieces of ink hang right above a letter, and how many right below one."""
    point = prepared.dpi / 72
    _, labels, stats, _ = cv2.connectedComponentsWithStats(prepared.ink, connectivity=8)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    letter = (height >= 4 * point) & (height <= 20 * point) & (width <= 25 * point)
    mark = (height >= 0.8 * point) & (height < 4 * point) & (width >= 0.8 * point) & (width < 9 * point)
    letter[0] = mark[0] = False
    rows, columns = labels.shape
    middle = np.clip(left + width // 2, 0, columns - 1)
    reach = max(1, round(2.5 * point))
    under = labels[np.clip(top + height + reach, 0, rows - 1), middle]
    over = labels[np.clip(top - reach, 0, rows - 1), middle]
    above = int((mark & letter[under] & ~letter[over]).sum())
    below = int((mark & letter[over] & ~letter[under]).sum())
    return above, below


def readability(prepared: Prepared, reader: Reader) -> float:
    """Sum of confidences over the letters read in the most inked band of the page."""
    profile = (prepared.ink > 0).sum(axis=1).astype(np.int64)
    height = max(1, round(1.6 * prepared.dpi))
    sums = np.convolve(profile, np.ones(min(height, len(profile)), np.int64), "valid")
    start = int(np.argmax(sums))
    words = reader.read(np.ascontiguousarray(prepared.grey[start : start + height]), dpi=round(prepared.dpi))
    good = [word for word in words if word.confidence > 0.5 and sum(c.isalpha() for c in word.text) >= 2]
    if len(good) < FEWEST_WORDS:
        return 0.0
    return sum(word.confidence * len(word.text) for word in good)
