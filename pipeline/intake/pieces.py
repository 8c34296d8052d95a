"""Connected pieces of ink: letters, marks, dashes, specks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.scale import smaller

Grey = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]

WORKING_DPI = 150.0
"""Enough to tell letters from marks and to find a line's base to a third of a point, at a quarter of the work."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Boxes of the pieces of a picture in points, and which piece each pixel of ``labels`` belongs to (0: none)."""

    left: Values
    top: Values
    width: Values
    height: Values
    labels: npt.NDArray[np.int32]
    dpi: float

    def at(self, x: Values, y: Values) -> npt.NDArray[np.int32]:
        """The pieces at places given in points, as indices into the boxes; -1 where there is paper."""
        rows, columns = self.labels.shape
        row = np.clip((y * self.dpi / 72).astype(np.int64), 0, rows - 1)
        column = np.clip((x * self.dpi / 72).astype(np.int64), 0, columns - 1)
        return np.asarray(self.labels[row, column] - 1, dtype=np.int32)


def coarser(ink: Grey, factor: float) -> Grey:
    """``ink`` at ``factor`` of its size: 255 where three eighths of the ground are inked."""
    return np.asarray(cv2.threshold(smaller(ink, factor), 95, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def pieces_of(ink: Grey, dpi: float) -> Pieces:
    """The pieces of ``ink`` (255 where there is ink), at a working resolution."""
    factor = WORKING_DPI / dpi
    if factor < 0.8:
        ink, dpi = coarser(ink, factor), dpi * factor
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    box = stats[1:].astype(np.float64) * 72 / dpi
    return Pieces(box[:, 0], box[:, 1], box[:, 2], box[:, 3], np.asarray(labels, dtype=np.int32), dpi)
