"""Round seals of grey and bitonal scans, and the pen that signed across them, taken off the print under them.

A seal lies over the signer's title and name, and no colour tells it from print. It is known by its ring: a circle of a
seal's size that is inked nearly all round. The rings go, and what lies wholly within; the strokes of a pen beside it
go as well, for they join letters to one piece that the engine takes for a picture. Lines of print that a pen crosses
stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.ink import is_bitonal, paper_of
from pipeline.intake.pieces import Pieces, connected
from pipeline.intake.scale import smaller

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

RADII = (30.0, 66.0)
"""Points, of seals: 36 mm across for most bodies, up to 45 mm."""
INNER = 0.7
"""Of its radius: the inner ring of a seal, between the two stands the name of the state and of the body."""
ROUND = 0.7
"""Share of a ring that is inked, at least. Loops of a pen and round letters of a logo have less than half."""
_WORKING_DPI = 75.0
_WIDEST = 5.0  # radii of the largest seal that it may be with a pen's strokes; what is wider is a table or a picture
_TRIED = 4  # circles a piece of ink
_ANGLES = np.linspace(0, 2 * np.pi, 180, endpoint=False)
_RINGED = 0.45  # share of a radius that is inked for it to be part of a ring
_RING = 0.025  # of the radius: half the width of a ring
_OUTSIDE = 1.2  # radii: no ring is looked for beyond
_AROUND = (2.2, 2.6, 4.0, 2.4)  # radii to the left, above, to the right and below that a signature takes
_PEN = (45.0, 28.0)  # points; no letter nor mark is as wide or as high
_LETTER = (4.5, 18.0)  # points of height
_LETTERS = 2  # pieces of a letter's height side by side that make a line
_NOT_OF_SEAL = 7.0  # points of height; letters between the rings of a seal have five or six
_SOLID = 0.3  # share of its box that a letter fills; strokes of a pen fill less
_WITHIN = 0.95  # share of a piece's pixels that lie within the seal for it to be part of it
_LIGHTER = 40  # levels of grey by which the ring of a seal that was no black one stands out from print


@dataclass(frozen=True, slots=True)
class Seal:
    """A round seal: centre and radius of its outer ring in pixels."""

    x: float
    y: float
    radius: float


def without_seals(grey: Grey, ink: Grey, dpi: float, pieces: Pieces) -> tuple[Grey, Grey, tuple[Seal, ...]]:
    """The picture and its ``ink`` (255) without round seals and what was signed across them, and the seals.

    ``pieces``: those of the ink; where none has a seal's size, nothing else is looked at.
    """
    low, high = 1.4 * RADII[0], _WIDEST * RADII[1]
    if not ((np.minimum(pieces.width, pieces.height) >= low) & (np.maximum(pieces.width, pieces.height) <= high)).any():
        return grey, ink, ()
    seals = tuple(find_seals(ink, dpi))
    for seal in seals:
        grey, ink = _without(grey, ink, seal, dpi)
    return grey, ink, seals


def find_seals(ink: Grey, dpi: float) -> list[Seal]:
    """The round seals of a page, from the top."""
    factor = min(1.0, _WORKING_DPI / dpi)
    small = smaller(ink, factor)
    point = dpi * factor / 72
    low, high = (radius * point for radius in RADII)
    dark = np.asarray(small > 60, dtype=np.uint8)
    labels, stats, _ = connected(dark)
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    wanted = (size.min(axis=1) >= 1.4 * low) & (size.max(axis=1) <= _WIDEST * high)
    wanted[0] = False  # paper
    found: list[Seal] = []
    for k in np.flatnonzero(wanted).tolist():
        x, y, width, height = (int(v) for v in stats[k, :4])
        piece = np.asarray(labels[y : y + height, x : x + width] == k, dtype=np.uint8)
        seal = _ring(piece, low, high)
        if seal is not None:
            found.append(Seal((x + seal.x) / factor, (y + seal.y) / factor, seal.radius / factor))
    return sorted(found, key=lambda seal: seal.y)


def _ring(piece: Grey, low: float, high: float) -> Seal | None:
    """The seal in a piece of ink (1), in its pixels; None where there is none.

    Circles by the gradients of the edges (J. Illingworth, J. Kittler, 1987), each moved to where most of it is inked.
    """
    blurred = cv2.GaussianBlur(cv2.copyMakeBorder(piece * 255, 8, 8, 8, 8, cv2.BORDER_CONSTANT), (3, 3), 0)
    circles = cv2.HoughCircles(
        blurred, cv2.HOUGH_GRADIENT, dp=1.5, minDist=30, param1=120, param2=35, minRadius=int(low), maxRadius=int(high)
    )
    if circles is None:
        return None
    best, share = None, ROUND
    for x, y, radius in circles.reshape(-1, 3)[:_TRIED].astype(float):
        here, inked = _fitted(piece, x - 8, y - 8, radius)
        if inked > share:
            best, share = here, inked
    if best is None:
        return None
    outer, inked = _fitted(piece, best.x, best.y, best.radius / INNER)
    return outer if inked > ROUND / 1.4 and outer.radius <= high else best


def _fitted(piece: Grey, x: float, y: float, radius: float) -> tuple[Seal, float]:
    """The circle near the given one that is inked most of all, and what share of it is."""
    steps = np.arange(-4, 5, dtype=np.float64)
    longer = np.arange(-5, 8, dtype=np.float64)
    grid = np.stack(np.meshgrid(x + steps, y + steps, radius + longer, indexing="ij"), axis=-1).reshape(-1, 3)
    columns = (grid[:, 0:1] + grid[:, 2:3] * np.cos(_ANGLES)).round().astype(np.int32)
    rows = (grid[:, 1:2] + grid[:, 2:3] * np.sin(_ANGLES)).round().astype(np.int32)
    height, width = piece.shape
    outside = (rows < 0) | (rows >= height) | (columns < 0) | (columns >= width)
    inked = piece[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)].astype(np.float64)
    inked[outside] = 0
    shares = inked.mean(axis=1)
    best = int(np.argmax(shares + 0.002 * grid[:, 2]))  # of two rings side by side the outer
    return Seal(*(float(v) for v in grid[best])), float(shares[best])


def _without(grey: Grey, ink: Grey, seal: Seal, dpi: float) -> tuple[Grey, Grey]:
    height, width = ink.shape
    left, above, right, below = _AROUND
    x0, x1 = max(0, round(seal.x - left * seal.radius)), min(width, round(seal.x + right * seal.radius))
    y0, y1 = max(0, round(seal.y - above * seal.radius)), min(height, round(seal.y + below * seal.radius))
    area = np.s_[y0:y1, x0:x1]
    part = ink[area] > 0
    across, down = (np.arange(x0, x1) - seal.x) ** 2, (np.arange(y0, y1) - seal.y) ** 2
    away = np.sqrt(np.add.outer(down, across)) / seal.radius  # hypot() takes four times as long
    rings = np.zeros_like(part)
    near = np.ix_(down < (_OUTSIDE * seal.radius) ** 2, across < (_OUTSIDE * seal.radius) ** 2)
    rings[near] = part[near] & _on_rings(part[near], away[near])
    shade = _shade_between(grey[area], part, rings, away) if not is_bitonal(grey) else None
    if shade is None:
        rest = part & ~rings
        off = _pen_and_seal(rest, away, dpi / 72)
        gone = (rings & ~_bridged(rest & ~off, seal.radius)) | off
    else:
        gone = (away < 1.05) & (grey[area] > shade)
    grey, ink = grey.copy(), ink.copy()
    ink[area][gone] = 0
    edge = np.asarray(cv2.dilate(gone.astype(np.uint8), np.ones((3, 3), np.uint8)), dtype=np.bool_)
    grey[area][edge & (ink[area] == 0)] = paper_of(grey)
    return grey, ink


def _on_rings(part: Mask, away: npt.NDArray[np.float64]) -> Mask:
    """Where the rings run: at distances from the centre (in radii) at which much of the round is inked."""
    bins = (away * 100).astype(np.uint8)
    ground, inked = (cv2.calcHist([bins], [0], mask, [256], [0, 256]).ravel() for mask in (None, part.view(np.uint8)))
    ringed = inked / np.maximum(ground, 1) > _RINGED
    ringed[:55] = ringed[115:] = False
    rings = ringed | np.roll(ringed, 1) | np.roll(ringed, -1)
    return cv2.LUT(bins, rings.view(np.uint8)).view(np.bool_)


def _bridged(kept: Mask, radius: float) -> Mask:
    """``kept`` and the gaps that a ring left in its strokes."""
    side = 2 * round(_RING * radius) + 1
    closed = cv2.morphologyEx(kept.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return np.asarray(closed, dtype=np.bool_)


def _shade_between(grey: Grey, part: Mask, rings: Mask, away: npt.NDArray[np.float64]) -> float | None:
    """The level of grey between a lighter seal and print; None where the seal is as dark as print."""
    outside = grey[part & (away > 1.1)]
    if not rings.any() or outside.size == 0:
        return None
    seal, print_ = float(np.median(grey[rings])), float(np.percentile(outside, 20))
    return (seal + print_) / 2 if seal - print_ > _LIGHTER else None


def _pen_and_seal(part: Mask, away: npt.NDArray[np.float64], point: float) -> Mask:
    """Pieces that lie within the seal or are a pen's; not where a pen crosses a line of print."""
    labels, stats, _ = connected(part.astype(np.uint8))
    pixels = np.maximum(1, stats[:, cv2.CC_STAT_AREA])
    within = np.bincount(labels[away < 1.01], minlength=len(stats)) / pixels > _WITHIN
    wide, high = stats[:, cv2.CC_STAT_WIDTH] / point, stats[:, cv2.CC_STAT_HEIGHT] / point
    pen = (wide > _PEN[0]) | (high > _PEN[1])
    within[0] = pen[0] = False
    solid = stats[:, cv2.CC_STAT_AREA] / (stats[:, cv2.CC_STAT_WIDTH] * stats[:, cv2.CC_STAT_HEIGHT]) > _SOLID
    letters = ~within & ~pen & solid & (high > _LETTER[0]) & (high < _LETTER[1])
    letters[0] = False
    side_by_side = np.zeros(part.shape[0], dtype=np.int32)
    for k in np.flatnonzero(letters).tolist():
        top = int(stats[k, cv2.CC_STAT_TOP])
        side_by_side[top : top + int(stats[k, cv2.CC_STAT_HEIGHT])] += 1
    middle = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] // 2
    within &= ~((high > _NOT_OF_SEAL) & (wide > 0.5 * _NOT_OF_SEAL) & solid & (side_by_side[middle] >= 2 * _LETTERS))
    gone = np.take(pen | within, labels, mode="clip")  # "clip": nothing to look up goes wrong
    crossed = side_by_side >= _LETTERS
    gone[crossed] = np.take(within & ~pen, labels[crossed], mode="clip")
    return gone
