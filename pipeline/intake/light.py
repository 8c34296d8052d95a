"""Light that falls unevenly on the paper: shadows and vignettes of photographs, the fold of a book.

One threshold for the whole page takes a shadow for ink. So where the paper's own brightness differs much over the
page, the picture is divided by it; evenly lit scans stay as they are.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.scale import smaller

Grey = npt.NDArray[np.uint8]

UNEVEN = 0.15
"""Of the paper's brightness that its brighter and darker tenths must differ by. Scans stay below 0.08."""
DARKEST = 0.35
"""Of the paper's brightness: what is darker all around is no paper but a border or a picture."""
_WORKING_DPI = 30.0
_LETTERS = 20.0  # points; no stroke, seal rings apart, is so wide


def evenly_lit(grey: Grey, dpi: float) -> Grey:
    """The picture as if its paper were equally bright everywhere."""
    factor = min(1.0, _WORKING_DPI / dpi)
    small = smaller(grey, factor)
    side = max(3, round(_LETTERS * factor * dpi / 72)) | 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    bright = float(np.percentile(paper, 90))
    lit = paper[paper > DARKEST * bright]
    if lit.size == 0 or bright - float(np.percentile(lit, 10)) < UNEVEN * bright:
        return grey
    paper = cv2.GaussianBlur(np.maximum(paper, np.uint8(DARKEST * bright)), (0, 0), side / 2)
    wide = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cast(Grey, cv2.divide(grey, wide, scale=255))
