"""Photographs of a sheet: seen at an angle, on a darker ground.

Flattened are only pictures in which a bright sheet lies on a darker ground and its opposite sides are not parallel (or
it lies so far askew that no letters would tell). A scan, whatever its borders, is neither; what is seen of every
thirtieth of an inch tells that at next to no cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.skew import MOST_SKEW
from pipeline.intake.source import Pixels, Raster

Points = npt.NDArray[np.float64]

LEAST_CONVERGENCE = 0.4
"""Degrees between opposite sides of a sheet from which it is flattened."""
LEAST_SHARE = 0.25
"""Of the picture that a sheet takes at least."""
_LOOKED_AT = 30.0  # dots an inch
_LETTERS = 20.0  # points; no stroke is so wide
_DARKER = 0.65  # times the brightness of the paper; the ground is darker than that
_GROUND = 0.4  # of the picture's rim that shows the ground, at least
_STEP = 2.0  # pixels, at that resolution, from a sheet's side to where ground and paper are compared
_STRAIGHT = 1.5  # pixels, at the resolution looked at, that a sheet's outline may leave its sides by
_A4 = (595.0, 842.0)
_LIKE_A4 = 0.12  # by which the sides' ratio may differ, seen at an angle


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet laid flat; ``back``: 3 x 3 matrix from its points to points of the picture it was found in."""

    flat: Raster
    back: Points

    def over(self, width: float, height: float) -> tuple[float, ...]:
        """The matrix, by rows, from points of the picture to points of a page of that size that the sheet covers."""
        covering = np.diag([width / self.flat.width, height / self.flat.height, 1.0])
        return tuple((covering @ np.linalg.inv(self.back)).ravel().tolist())


def sheet_of(raster: Raster) -> Sheet | None:
    """The sheet in a photograph, laid flat; None where the picture is the page already."""
    corners = find_corners(raster.pixels, raster.dpi)
    if corners is None or not (_converges(corners) or _askew(corners) > MOST_SKEW - 1):
        return None
    top, right, bottom, left = (float(np.hypot(*(b - a))) for a, b in _sides(corners))
    width, height = max(top, bottom), max(left, right)
    size = _paper_size(width / height)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    there = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
    pixels = cv2.warpPerspective(
        raster.pixels, there, (round(width), round(height)), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    to_pixels = np.diag([width / size[0], height / size[1], 1.0])
    to_points = np.diag([raster.width / raster.pixels.shape[1], raster.height / raster.pixels.shape[0], 1.0])
    back = to_points @ np.linalg.inv(there) @ to_pixels
    return Sheet(Raster(np.asarray(pixels, dtype=np.uint8), *size), np.asarray(back, dtype=np.float64))


def find_corners(pixels: Pixels, dpi: float) -> Points | None:
    """The corners, in pixels, of a bright sheet on a darker ground: clockwise from the top left; None without one."""
    step = max(1, round(dpi / _LOOKED_AT))
    small = pixels[::step, ::step]
    grey = small if small.ndim == 2 else cv2.cvtColor(np.ascontiguousarray(small), cv2.COLOR_BGR2GRAY)
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    bright = float(np.percentile(grey, 90))
    ground = rim[rim < _DARKER * bright]
    if len(ground) < _GROUND * len(rim):
        return None
    side = max(3, round(_LETTERS * dpi / step / 72)) | 1
    closed = cv2.morphologyEx(np.ascontiguousarray(grey), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    paper = np.asarray(closed, dtype=np.uint8)
    # Brightness is a matter of ratios: paper in a shadow lies between the lit paper and the ground.
    between = float(np.sqrt(max(1.0, np.percentile(ground, 75)) * bright))
    lit = cv2.threshold(paper, between, 255, cv2.THRESH_BINARY)[1]
    outlines, _ = cv2.findContours(lit, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea, default=None)
    if outline is None or cv2.contourArea(outline) < LEAST_SHARE * lit.size:
        return None
    corners = _quadrilateral(outline[:, 0].astype(np.float64))
    return corners * step if corners is not None and _stands_out(corners, paper) else None


def _quadrilateral(outline: Points) -> Points | None:
    """The corners of an outline that has four straight sides, from lines laid along them."""
    hull = cv2.convexHull(outline.astype(np.float32))
    around = cv2.arcLength(hull, closed=True)
    for tolerance in np.arange(0.01, 0.1, 0.01):
        rough = cv2.approxPolyDP(hull, tolerance * around, closed=True)[:, 0].astype(np.float64)
        if len(rough) <= 4:
            break
    if len(rough) != 4:
        return None
    rough = _clockwise(rough)
    lines = []
    for a, b in _sides(rough):
        length = float(np.hypot(*(b - a)))
        along = (outline - a) @ (b - a) / length**2
        away = np.abs((outline - a) @ np.array([a[1] - b[1], b[0] - a[0]])) / length
        near = outline[(along > 0.08) & (along < 0.92) & (away < 0.03 * length)]
        if len(near) < 0.5 * length:
            return None
        dx, dy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
        if float(np.median(np.abs((near - [x, y]) @ np.array([-dy, dx])))) > _STRAIGHT:
            return None
        lines.append((dx, dy, x, y))
    return np.array([_crossing(lines[k - 1], lines[k]) for k in range(4)])


def _stands_out(corners: Points, paper: Pixels) -> bool:
    """Whether it gets dark right outside all four sides: a shadow falls off slowly, and what is out of the picture is
    not seen."""
    height, width = paper.shape
    for a, b in _sides(corners):
        outwards = np.array([b[1] - a[1], a[0] - b[0]]) / np.hypot(*(b - a))
        along = a + np.linspace(0.1, 0.9, 40)[:, None] * (b - a)
        levels = []
        for place in (along + _STEP * outwards, along - _STEP * outwards):
            x, y = np.round(place).astype(np.int64).T
            if min(x.min(), y.min()) < 0 or x.max() >= width or y.max() >= height:
                return False
            levels.append(float(np.median(paper[y, x])))
        if levels[0] > _DARKER * levels[1]:
            return False
    return True


def _crossing(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, float]:
    dx, dy, x, y = one
    ex, ey, u, v = other
    t = ((u - x) * ey - (v - y) * ex) / (dx * ey - dy * ex)
    return x + t * dx, y + t * dy


def _clockwise(corners: Points) -> Points:
    """Ordered clockwise (y runs down) from the one nearest to the top left."""
    middle = corners.mean(axis=0)
    turned = corners[np.argsort(np.arctan2(*(corners - middle).T[::-1]))]
    return np.roll(turned, -int(np.argmin(turned.sum(axis=1))), axis=0)


def _sides(corners: Points) -> list[tuple[Points, Points]]:
    """Top, right, bottom, left."""
    return list(pairwise([*corners, corners[0]]))


def _angles(corners: Points) -> Points:
    """Of top, right, bottom and left, in degrees by which they leave level or plumb."""
    top, right, bottom, left = (np.degrees(np.arctan2(*(b - a)[::-1])) for a, b in _sides(corners))
    return np.array([top, right - 90, (bottom - 180 + 180) % 360 - 180, left + 90])


def _converges(corners: Points) -> bool:
    top, right, bottom, left = _angles(corners).tolist()
    return bool(max(abs(top - bottom), abs(left - right)) >= LEAST_CONVERGENCE)


def _askew(corners: Points) -> float:
    return float(np.abs(_angles(corners)).max())


def _paper_size(ratio: float) -> tuple[float, float]:
    """Points of a sheet of width / height ``ratio``: A4 either way where it may be, else as long as A4."""
    width, height = _A4
    if abs(ratio * height / width - 1) < _LIKE_A4:
        return width, height
    if abs(ratio * width / height - 1) < _LIKE_A4:
        return height, width
    return (height * ratio, height) if ratio < 1 else (height, height / ratio)
