"""Pages that lie on their side or stand on their head.

Sideways pages show in where their letters stand; which way up, only reading tells. So a band of the page is read either
way, and only where there is reason to doubt.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.intake.image import Prepared, straightened, swept
from pipeline.intake.ocr import PSM_PAGE, Grey, OcrWord, Reader
from pipeline.intake.pieces import Pieces
from pipeline.intake.skew import runs_sideways
from pipeline.intake.source import Raster

FEWEST_WORDS = 3


def upright(raster: Raster, reader: Reader) -> Prepared:
    """The page's picture ready for reading, its lines running across and the right way up."""
    page = swept(raster)
    sideways = runs_sideways(page.pieces)
    prepared = straightened(page.turn(1) if sideways else page)
    if not sideways and not looks_upside_down(page.pieces):
        return prepared
    return straightened(page.turn(3 if sideways else 2)) if reads_upside_down(prepared, reader) else prepared


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


def reads_upside_down(prepared: Prepared, reader: Reader) -> bool:
    """Whether more is read of the most inked band of the page when it is turned on its head."""
    profile = np.asarray(cv2.reduce(prepared.ink, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F))[:, 0]
    height = max(1, round(1.6 * prepared.dpi))
    start = int(np.argmax(np.convolve(profile, np.ones(min(height, len(profile))), "valid")))
    band = np.ascontiguousarray(prepared.grey[start : start + height])
    ways: list[Grey] = [band, np.ascontiguousarray(np.rot90(band, 2))]
    as_it_is, on_its_head = reader.read_many(ways, dpi=round(prepared.dpi), psm=PSM_PAGE)
    return _readability(on_its_head) > _readability(as_it_is)


def _readability(words: Sequence[OcrWord]) -> float:
    """Sum of confidences over the letters read."""
    good = [word for word in words if word.confidence > 0.5 and sum(c.isalpha() for c in word.text) >= 2]
    if len(good) < FEWEST_WORDS:
        return 0.0
    return sum(word.confidence * len(word.text) for word in good)
