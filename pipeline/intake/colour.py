"""Coloured ink over black text: red seals and blue signatures go, what was written in colour stays.

In the channel of its own colour an ink is nearly as bright as paper, while black is dark in all channels; so the text
under a seal can be kept. Small things in colour are no seal: a name from a red stamp pad, a number in blue ink.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.ink import paper_of
from pipeline.intake.pieces import Labels, Numbers, connected
from pipeline.intake.scale import smaller
from pipeline.intake.seals import RADII

Grey = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.uint8]

COLOURED = 35
"""Least lead of a channel over the others for a pixel to have its colour; JPEG blurs colours at black letters."""
FAINT = 18
"""Least lead beside a seal or a signature: the edges of its strokes, and all of it in a pale copy."""
LARGE = 45.0
"""Points; no handwritten number or stamped line is as high, seals have 85 to 110, signatures 50 and more."""
_LEAST_SHARE = 0.0003  # of coloured pixels on the page
_FINEST_COLOUR = 150.0
"""Dots an inch from which colour is looked for at half size: JPEG keeps it no finer."""
_BLUE, _RED = 0, 2  # channels
_WORKING_DPI = 75.0
_INKED = 150  # brightness of the darkest channel below which there is ink
_SEAL_BLACKER, _PEN_BLACKER = 0.65, 0.8
"""Of an ink's brightness in its own channel: where it is darker than that, something black lies under it. A pen's is
the darker ink: less would take the letters it crosses."""
_FEWEST_CORNERS = 12
_TRIED_CIRCLES = 150
_ON_CIRCLE = 0.5  # of a hull's corners
_GAP = 8  # pixels at the working resolution by which a seal parts the strokes of a pen


def grey_of(pixels: Pixels, dpi: float) -> Grey:
    """The picture (blue, green, red) in grey, seals and signatures gone."""
    if pixels.ndim == 2:
        return pixels
    grey = cast(Grey, cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    step = 1 if dpi < _FINEST_COLOUR else 2
    small = smaller(pixels, 1 / step)
    seals, pens = _seals(_lead(small, _RED), dpi / step), _pens(_lead(small, _BLUE), dpi / step)
    if seals is not None:  # a pen's stroke on a seal is part of the signature, however small
        grey = _lifted(grey, pixels, _RED, seals, _SEAL_BLACKER)
        pens = seals if pens is None else cast(Grey, cv2.max(pens, seals))
    return grey if pens is None else _lifted(grey, pixels, _BLUE, pens, _PEN_BLACKER)


def _lead(pixels: Pixels, channel: int) -> Grey:
    """By how much a channel is brighter than both others."""
    one, other = (cv2.extractChannel(pixels, k) for k in range(3) if k != channel)
    return cast(Grey, cv2.subtract(cv2.extractChannel(pixels, channel), cv2.max(one, other)))


def share_of_colour(pixels: Pixels, x0: int, y0: int, x1: int, y1: int) -> float:
    """How much of the ink in a rectangle of a picture (blue, green, red) is a pen's or a pad's; 0.0 in grey ones."""
    part = pixels[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
    if part.ndim == 2 or part.size == 0:
        return 0.0
    darkest, brightest = part.min(axis=2), part.max(axis=2)
    inked = darkest < _INKED
    count = int(inked.sum())
    return float((inked & (brightest - darkest > COLOURED)).sum()) / count if count else 0.0


def _lifted(grey: Grey, pixels: Pixels, own: int, region: Grey, blacker: float) -> Grey:
    """``grey`` with the ink of the colour of channel ``own`` gone from ``region``, which may be smaller."""
    region = cast(Grey, cv2.resize(region, grey.shape[::-1], interpolation=cv2.INTER_NEAREST))
    x, y, width, height = cv2.boundingRect(region)
    at = np.s_[y : y + height, x : x + width]
    inside, channel, ahead = region[at] > 0, pixels[at][:, :, own], _lead(pixels[at], own)
    ink = inside & (ahead > COLOURED)
    if not ink.any():
        return grey
    paper = paper_of(grey)
    black = blacker * float(np.median(channel[ink]))
    faint = (inside & (ahead > FAINT)).astype(np.uint8)
    near = inside & (cv2.dilate(faint, np.ones((7, 7), np.uint8)) > 0)
    result = grey.copy()
    result[at] = np.where(near, np.where(channel > black, np.maximum(paper, grey[at]), channel), grey[at])
    return result


def _seals(lead: Grey, dpi: float) -> Grey | None:
    """1 inside the outlines of seals, else 0, at a working resolution; None where there is none.

    A name from a red pad that touches a round seal stays: it lies outside its circle.
    """
    found = _pieces(lead, dpi, reach=1)
    if found is None:
        return None
    labels, stats, point = found
    region = np.zeros(labels.shape, np.uint8)
    for k in np.flatnonzero(np.minimum(_long(stats), stats[:, cv2.CC_STAT_HEIGHT]) >= LARGE * point).tolist():
        x, y, w, h, _ = (int(v) for v in stats[k])
        piece = (labels[y : y + h, x : x + w] == k).astype(np.uint8)
        circle = _circle(piece, point)
        if circle is not None:
            cv2.circle(region, (round(x + circle[0]), round(y + circle[1])), round(circle[2]), 1, -1)
        else:
            region[y : y + h, x : x + w] |= piece
            cv2.ellipse(region, ((x + w / 2, y + h / 2), (w * 1.03, h * 1.03), 0), 1, -1)
    return region if region.any() else None


def _pens(lead: Grey, dpi: float) -> Grey | None:
    """1 where signatures are, else 0, at a working resolution; None where there is none. A seal under it parts a
    signature's strokes."""
    found = _pieces(lead, dpi, reach=_GAP // 2)
    if found is None:
        return None
    labels, stats, point = found
    size, height = _long(stats) - _GAP + 2, stats[:, cv2.CC_STAT_HEIGHT] - _GAP + 2
    large = (size >= LARGE * point) & (height >= LARGE * point / 2)  # a stamped line is long but low
    return large[labels].astype(np.uint8) if large.any() else None


def _pieces(lead: Grey, dpi: float, reach: int) -> tuple[Labels, Numbers, float] | None:
    """Pieces of a colour, pixels up to ``2 * reach`` apart joined, at a working resolution: which of them each pixel
    belongs to (0: none), their statistics, and pixels a point; None where there is next to no colour."""
    coloured = cv2.threshold(lead, COLOURED, 255, cv2.THRESH_BINARY)[1]
    if cv2.countNonZero(coloured) < _LEAST_SHARE * coloured.size:
        return None
    factor = min(1.0, _WORKING_DPI / dpi)
    small = smaller(cast(Grey, coloured), factor)
    joined = cv2.dilate((small > 60).astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    labels, stats, _ = connected(joined)
    stats[0] = 0  # paper
    return labels, stats, factor * dpi / 72


def _long(stats: Numbers) -> Numbers:
    return np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])


def _circle(piece: Grey, point: float) -> tuple[float, float, float] | None:
    """Centre and radius of the round seal that most of a piece's hull lies on; None where it is not round.

    The best of circles through three corners of the hull (random sample consensus; M. A. Fischler, R. C. Bolles, 1981).
    """
    inked = np.argwhere(piece)[:, ::-1].astype(np.int32)
    hull = cv2.convexHull(inked)[:, 0].astype(np.float64)
    if len(hull) < _FEWEST_CORNERS:
        return None
    chance = np.random.default_rng(0)
    chosen = np.array([chance.choice(len(hull), 3, replace=False) for _ in range(_TRIED_CIRCLES)])
    (ax, ay), (bx, by), (cx, cy) = (hull[chosen[:, k]].T for k in range(3))
    # Circumcentres of the triangles.
    twice = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
    twice[np.abs(twice) < 1e-6] = np.nan  # three in a line
    a, b, c = ax**2 + ay**2, bx**2 + by**2, cx**2 + cy**2
    x, y = (
        (a * (by - cy) + b * (cy - ay) + c * (ay - by)) / twice,
        (a * (cx - bx) + b * (ax - cx) + c * (bx - ax)) / twice,
    )
    radius = np.hypot(ax - x, ay - y)
    away = np.abs(np.hypot(hull[:, 0] - x[:, None], hull[:, 1] - y[:, None]) - radius[:, None])
    low, high = RADII
    on_it = (away < 1.5).sum(axis=1) * ((radius > low * point) & (radius < high * point))
    best = int(np.argmax(on_it))
    if on_it[best] < _ON_CIRCLE * len(hull):
        return None
    return float(x[best]), float(y[best]), float(radius[best])
