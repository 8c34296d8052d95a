"""Pictures at a coarser resolution, where only what is large counts."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
_SAME = 1e-3  # of the size: a pixel in a thousand


def smaller(picture: Picture, factor: float) -> Picture:
    """``picture`` at ``factor`` (at most 1) of its size, each pixel the mean of those that it stands for.

    Resolutions that a PDF tells are off by rounding (300.000006 dpi). A factor that is 1/n but for that is taken as
    1/n: averaging whole pixels takes OpenCV a tenth of the time.
    """
    whole = max(1, round(1 / factor))
    if abs(factor * whole - 1) < _SAME:
        factor = 1 / whole
    return cast(Picture, cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
