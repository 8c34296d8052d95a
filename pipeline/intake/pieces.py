"""Connected pieces of ink: letters, marks, dashes, specks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.scale import smaller

Grey = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int32]
Labels = npt.NDArray[np.uint16] | npt.NDArray[np.int32]

LEAST_DPI = 140.0
"""Enough to tell letters from marks and to find a line's base to a third of a point."""


class Connected(NamedTuple):
    """The pieces of a picture, pixels that meet at corners joined.

    ``labels``: the piece that each pixel belongs to, 0 for the ground. Of each piece, the ground the first of them:
    ``stats``: left, top, width, height and pixels (columns ``cv2.CC_STAT_…``); ``middles``: mean x and y.
    """

    labels: Labels
    stats: Numbers
    middles: Values


def connected(ink: cv2.typing.MatLike) -> Connected:
    """The pieces of what is not 0 in ``ink``, which has pixels."""
    try:  # numbers of 16 bits take half the time
        _, labels, stats, middles = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_16U)
    except cv2.error:  # more than 65,535 pieces: noise
        _, labels, stats, middles = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    return Connected(cast(Labels, labels), cast(Numbers, stats), cast(Values, middles))


@dataclass(frozen=True, slots=True)
class Pieces:
    """Boxes of the pieces of a picture in points, and which piece each pixel of ``labels`` belongs to (0: none)."""

    left: Values
    top: Values
    width: Values
    height: Values
    labels: Labels
    dpi: float

    def without(self, gone: npt.NDArray[np.bool_]) -> Pieces:
        """The same pieces, those ``gone`` without size."""
        return replace(self, width=np.where(gone, 0, self.width), height=np.where(gone, 0, self.height))

    def turn(self, quarters: int) -> Pieces:
        """The pieces of the picture turned by quarter turns clockwise."""
        turned = self
        for _ in range(quarters % 4):
            height = turned.labels.shape[0] * 72 / turned.dpi
            turned = Pieces(
                height - turned.top - turned.height,
                turned.left,
                turned.height,
                turned.width,
                np.rot90(turned.labels, -1),
                turned.dpi,
            )
        return turned

    def at(self, x: Values, y: Values) -> npt.NDArray[np.int32]:
        """The pieces at places given in points, as indices into the boxes; -1 where there is paper."""
        rows, columns = self.labels.shape
        row = np.clip((y * self.dpi / 72).astype(np.int64), 0, rows - 1)
        column = np.clip((x * self.dpi / 72).astype(np.int64), 0, columns - 1)
        return self.labels[row, column].astype(np.int32) - 1


def coarser(ink: Grey, factor: float) -> Grey:
    """``ink`` at ``factor`` of its size: 255 where three eighths of the ground are inked."""
    if factor == 1:
        return ink
    return np.asarray(cv2.threshold(smaller(ink, factor), 95, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def spare(dpi: float) -> int:
    """How many pixels of a picture, each way, may be taken for one where only the places of letters count."""
    return max(1, int(dpi / LEAST_DPI))


def pieces_of(ink: Grey, dpi: float) -> Pieces:
    """The pieces of ``ink`` (255 where there is ink), at a resolution that is enough for letters."""
    step = spare(dpi)
    return placed(connected(coarser(ink, 1 / step)), dpi / step)


def placed(found: Connected, dpi: float) -> Pieces:
    """What was ``found`` in a picture of ``dpi``, in points."""
    box = found.stats[1:].astype(np.float64) * 72 / dpi
    return Pieces(box[:, 0], box[:, 1], box[:, 2], box[:, 3], found.labels, dpi)
