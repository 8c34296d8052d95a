"""A page's picture made ready for reading: grey, upright, straight, without seals, borders and specks.

What was found on the prepared picture is brought back to the page by :meth:`Prepared.to_points`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.colour import grey_of
from pipeline.intake.ink import ink_of, paper_of, with_stronger_strokes, without_border, without_specks
from pipeline.intake.light import evenly_lit
from pipeline.intake.pieces import Pieces, pieces_of
from pipeline.intake.seals import Seal, without_seals
from pipeline.intake.skew import find_skew
from pipeline.intake.source import Raster
from pipeline.values import Box

Grey = npt.NDArray[np.uint8]

LEAST_SKEW = 0.1  # degrees: below, turning blurs more than it straightens


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture ready for reading, and the way back.

    ``turned``: quarter turns clockwise that were made first; ``angle``: degrees clockwise made after them.
    ``back``: 3 x 3 matrix from pixels of ``grey`` to points of the page as displayed (a perspective one for a sheet
    that was photographed). ``pieces``: those of the picture before it was straightened.
    """

    grey: Grey
    ink: Grey
    dpi: float
    angle: float
    turned: int
    back: npt.NDArray[np.float64]
    pieces: Pieces
    seals: tuple[Seal, ...] = ()

    def to_points(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A rectangle in pixels as a box on the page. Its centre is turned back, its sides keep their length."""
        return Box(x0, y0, x1, y1).projected(self.back.ravel().tolist())


def prepare(raster: Raster, turned: int = 0) -> Prepared:
    """``turned``: quarter turns clockwise that bring the page upright."""
    grey = evenly_lit(grey_of(raster.pixels, raster.dpi), raster.dpi)
    if turned % 4:
        grey = np.ascontiguousarray(np.rot90(grey, -turned))
    dpi = raster.dpi if turned % 2 == 0 else raster.pixels.shape[1] * 72 / raster.width
    ink = ink_of(grey)
    grey, ink = without_border(grey, ink, dpi)
    grey, ink = without_specks(grey, ink, dpi)
    pieces = pieces_of(ink, dpi)
    angle = find_skew(pieces).angle
    height, width = grey.shape
    back = _from_turned(turned, width, height, raster)
    if abs(angle) >= LEAST_SKEW:
        paper = paper_of(grey)
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
        grey = cast(
            Grey,
            cv2.warpAffine(
                grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)
            ),
        )
        ink = ink_of(grey)
        undo = np.vstack([cv2.invertAffineTransform(turn), [0, 0, 1]])
        back = back @ undo
    else:
        angle = 0.0
    grey, ink, seals = without_seals(grey, ink, dpi, pieces)
    return Prepared(with_stronger_strokes(grey), ink, dpi, angle, turned % 4, back, pieces, seals)


def _from_turned(turned: int, width: int, height: int, raster: Raster) -> npt.NDArray[np.float64]:
    """From pixels of the turned picture (``width`` x ``height``) to page points."""
    along, down = raster.width / raster.pixels.shape[1], raster.height / raster.pixels.shape[0]
    turns = {
        0: [[along, 0, 0], [0, down, 0], [0, 0, 1]],
        1: [[0, along, 0], [-down, 0, down * width], [0, 0, 1]],
        2: [[-along, 0, along * width], [0, -down, down * height], [0, 0, 1]],
        3: [[0, -along, along * height], [down, 0, 0], [0, 0, 1]],
    }
    return np.array(turns[turned % 4], dtype=np.float64)
