"""A page's picture made ready for reading: grey, upright, straight, without seals, borders and specks.

What was found on the prepared picture is brought back to the page by :meth:`Prepared.to_points`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.boxes import Projection, projection
from pipeline.intake.colour import grey_of
from pipeline.intake.ink import ink_of, paper_of, with_stronger_strokes, without_border, without_specks
from pipeline.intake.light import evenly_lit
from pipeline.intake.pieces import Pieces
from pipeline.intake.seals import Seal, without_seals
from pipeline.intake.skew import find_skew
from pipeline.intake.source import Raster

Grey = npt.NDArray[np.uint8]

FINE_DPI = 250.0  # from here on strokes are broad enough to be turned by the four pixels around, not sixteen
LEAST_SKEW = 0.15  # degrees: a tenth is within the error of finding it, and turning blurs
_BLUR = 4  # pixels around the ink that its edges reach


@dataclass(frozen=True)
class Prepared:
    """A picture ready for reading, and the way back.

    ``turned``: quarter turns clockwise that were made first; ``angle``: degrees clockwise made after them.
    ``back``: 3 x 3 matrix from pixels of ``grey`` to points of the page as displayed (a perspective one for a sheet
    that was photographed).
    """

    grey: Grey
    ink: Grey
    dpi: float
    angle: float
    turned: int
    back: npt.NDArray[np.float64]
    seals: tuple[Seal, ...] = ()

    @cached_property
    def to_points(self) -> Projection:
        """From a rectangle in pixels to a box on the page. Its centre is turned back, its sides keep their length."""
        return projection(self.back.ravel().tolist())


@dataclass(frozen=True, slots=True)
class Swept:
    """A page's picture in grey, without border and specks, not yet straightened; ``turned``: quarter turns clockwise
    that were made."""

    grey: Grey
    ink: Grey
    pieces: Pieces
    raster: Raster
    turned: int = 0

    @property
    def dpi(self) -> float:
        across = self.turned % 2 == 1
        return self.raster.pixels.shape[1] * 72 / self.raster.width if across else self.raster.dpi

    def turn(self, quarters: int) -> Swept:
        """The same picture turned by quarter turns clockwise."""
        if quarters % 4 == 0:
            return self
        grey, ink = (np.ascontiguousarray(np.rot90(picture, -quarters)) for picture in (self.grey, self.ink))
        return replace(self, grey=grey, ink=ink, pieces=self.pieces.turn(quarters), turned=(self.turned + quarters) % 4)


def prepare(raster: Raster, turned: int = 0) -> Prepared:
    """``turned``: quarter turns clockwise that bring the page upright."""
    return straightened(swept(raster).turn(turned))


def swept(raster: Raster) -> Swept:
    """The page's picture as it lies, without what is no writing."""
    grey = evenly_lit(grey_of(raster.pixels, raster.dpi), raster.dpi)
    grey, ink = without_border(grey, ink_of(grey), raster.dpi)
    return Swept(*without_specks(grey, ink, raster.dpi), raster)


def straightened(page: Swept) -> Prepared:
    """The page ready for reading, its lines level."""
    grey, ink, pieces, dpi = page.grey, page.ink, page.pieces, page.dpi
    angle = find_skew(pieces).angle
    height, width = grey.shape
    back = _from_turned(page.turned, width, height, page.raster)
    if abs(angle) >= LEAST_SKEW:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
        grey = _turned(grey, ink, turn, cv2.INTER_LINEAR if dpi >= FINE_DPI else cv2.INTER_CUBIC)
        ink = ink_of(grey)
        undo = np.vstack([cv2.invertAffineTransform(turn), [0, 0, 1]])
        back = back @ undo
    else:
        angle = 0.0
    grey, ink, seals = without_seals(grey, ink, dpi, pieces)
    return Prepared(with_stronger_strokes(grey), ink, dpi, angle, page.turned, back, seals)


def _turned(grey: Grey, ink: Grey, turn: cv2.typing.MatLike, way: int) -> Grey:
    """The picture turned by a 2 x 3 matrix. What holds no ink comes out as paper: turning it costs as much as ink."""
    height, width = grey.shape
    x, y, across, down = cv2.boundingRect(ink)
    corners = np.array([[x, x + across, x, x + across], [y, y, y + down, y + down], [1, 1, 1, 1]], dtype=np.float64)
    moved = turn @ corners
    x0, y0 = (max(0, int(low) - _BLUR) for low in moved.min(axis=1))
    x1, y1 = (min(size, int(high) + _BLUR + 1) for high, size in zip(moved.max(axis=1), (width, height), strict=True))
    paper = paper_of(grey)
    turned = np.full_like(grey, paper)
    here = turn - np.array([[0, 0, x0], [0, 0, y0]])
    turned[y0:y1, x0:x1] = cv2.warpAffine(
        grey, here, (x1 - x0, y1 - y0), flags=way, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)
    )
    return turned


def _from_turned(turned: int, width: int, height: int, raster: Raster) -> npt.NDArray[np.float64]:
    """From pixels of the turned picture (``width`` x ``height``) to page points."""
    along, down = raster.width / raster.pixels.shape[1], raster.height / raster.pixels.shape[0]
    turns = {
        0: [[along, 0, 0], [0, down, 0], [0, 0, 1]],
        1: [[0, along, 0], [-down, 0, down * width], [0, 0, 1]],
        2: [[-along, 0, along * width], [0, -down, down * height], [0, 0, 1]],
        3: [[0, -along, along * height], [down, 0, 0], [0, 0, 1]],
    }
    return np.array(turns[turned], dtype=np.float64)
