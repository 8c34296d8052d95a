"""Pages that lie on their side or stand on their head.

Sideways pages show in where their letters stand; which way up, only reading tells. So a band of the page is read either
way, and only where there is reason to doubt.
"""

from __future__ import annotations

import numpy as np

from pipeline.intake.image import Prepared, prepare
from pipeline.intake.ocr import Reader
from pipeline.intake.pieces import Pieces
from pipeline.intake.skew import runs_sideways
from pipeline.intake.source import Raster

FEWEST_WORDS = 3


def upright(raster: Raster, reader: Reader) -> Prepared:
    """The page's picture ready for reading, its lines running across and the right way up."""
    prepared = prepare(raster)
    sideways = runs_sideways(prepared.pieces)
    if not sideways and not looks_upside_down(prepared.pieces):
        return prepared
    ways = (1, 3) if sideways else (0, 2)
    tried = [prepared if way == 0 else prepare(raster, way) for way in ways]
    return max(tried, key=lambda one: readability(one, reader))


def looks_upside_down(pieces: Pieces) -> bool:
    """Whether the shapes of the lines speak for a page on its head; only then both ways are read.

    Vietnamese bears most of its marks, and all its ascenders, above the letters: small pieces of ink stand above the
    middle of their line more often than below.
    """
    above, below = marks_above_and_below(pieces)
    return below > above


def marks_above_and_below(pieces: Pieces) -> tuple[int, int]:
    """How many small pieces of ink hang right above a letter, and how many right below one."""
    width, height = pieces.width, pieces.height
    letter = (height >= 4) & (height <= 20) & (width <= 25)
    mark = (height >= 0.8) & (height < 4) & (width >= 0.8) & (width < 9)
    middle = pieces.left + width / 2
    reach = 2.5  # points between a mark and its letter
    is_letter = np.append(letter, False)  # index -1, paper, is no letter
    under = is_letter[pieces.at(middle, pieces.top + height + reach)]
    over = is_letter[pieces.at(middle, pieces.top - reach)]
    return int((mark & under & ~over).sum()), int((mark & over & ~under).sum())


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
