"""Ruled lines in a straightened grey page picture (rows x columns, 0 black, 255 white).

A rule is a long thin dark stroke along one axis. Scans break it, fade it, double it, bend it a little, put speckle on
it and seals across it. It is found by directional morphology at lengths given in points, so that resolution does not
matter: short strokes first (letters have none that long), bridged over small gaps, then only what is long stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
"""0 where there is nothing, 255 where there is something."""

POINTS_PER_INCH = 72.0

# Lengths in points. Body text is 13 to 14 pt (Nghị định 30/2020/NĐ-CP, Phụ lục I), in tables 9 to 13 pt: horizontal
# strokes of letters stay below 6 pt, ascenders below 10 pt.
SHORT_STROKE = {"horizontal": 7.0, "vertical": 9.0}
NICK = 2.0  # what noise takes out of a rule; closing more would fill letters
BROAD = 2.0  # no rule that noise breaks is so thick
GAP = {"horizontal": 8.0, "vertical": 5.0}  # lines of text stand closer than their ascenders are high: mind the gap
LONG_STROKE = {"horizontal": 18.0, "vertical": 20.0}
THICKEST = 4.5  # a heavy table frame; thicker are scanner borders and bars
BEND = 5.0  # a rule of any length may leave its axis by so much, plus SLOPE times its length
SLOPE = 0.01
STRAIGHT = 45.0  # no stroke of a pen runs level for so long
SHADED = 8.0  # broader dark areas are ground, not strokes
SHADE = 0.85  # of the paper's brightness
BLACK = 70
COLLINEAR = 1.5  # how far a short piece may stand from the line of a rule it belongs to
FAR_PIECE = 60.0  # and how far along that line
SPECK = 2.5  # the largest side of dust; full stops and tone marks are as small
FROM_LETTER = 4.0  # but they stand nearer than that to a letter


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, in pixels: where it stands across its axis, and from where to where it runs along it."""

    position: float
    start: float
    end: float
    thickness: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class PageRules:
    """Horizontal and vertical rules of a picture, the pixels they cover (gaps bridged), and all its ink."""

    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]
    horizontal_mask: Mask
    vertical_mask: Mask
    ink: Mask
    dpi: float

    def pixels(self, points: float) -> float:
        return points * self.dpi / POINTS_PER_INCH


def find_rules(gray: Grey, dpi: float) -> PageRules:
    """All rules of a picture, underlines included: only crossings tell a table (see ``grid``)."""
    ink = dark(gray, dpi)
    across, across_mask = _rules(ink, dpi, "horizontal")
    down, down_mask = _rules(np.ascontiguousarray(ink.T), dpi, "vertical")
    return PageRules(across, down, across_mask, np.ascontiguousarray(down_mask.T), ink, dpi)


def dark(gray: Grey, dpi: float) -> Mask:
    """Ink: what is darker than its neighbourhood. Faint rules count, even shading does not.

    Local mean thresholding, the window wider than any stroke.
    """
    window = max(3, round(24 * dpi / POINTS_PER_INCH)) | 1
    smooth = _without_shading(cast(Grey, cv2.GaussianBlur(gray, (3, 3), 0)), dpi)
    local = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 14)
    local[gray < BLACK] = 255  # inside a broad black bar the neighbourhood is black too
    return cast(Mask, local)


def _without_shading(smooth: Grey, dpi: float) -> Grey:
    """The picture with the coloured ground of header rows as bright as paper: its border would be taken for ink."""
    side = _odd(SHADED * dpi / POINTS_PER_INCH)
    if min(smooth.shape) <= side:
        return smooth
    ground = cast(Grey, cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)))
    white = paper(smooth)
    shaded = ground < SHADE * white
    if not shaded.any():
        return smooth
    lifted = smooth.astype(np.int16) + np.where(shaded, white - ground.astype(np.int16), 0)
    return cast(Grey, np.clip(lifted, 0, 255).astype(np.uint8))


def _rules(ink: Mask, dpi: float, axis: str) -> tuple[tuple[Rule, ...], Mask]:
    """Rules that run along the columns of ``ink`` (transpose it for vertical ones)."""
    scale = dpi / POINTS_PER_INCH
    whole = cast(Mask, cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _odd(NICK * scale)), np.uint8)))
    # Closing fills letters as well; filled letters are broader than rules.
    broad = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((_odd(BROAD * scale), 1), np.uint8))
    short = cv2.bitwise_or(
        _open(ink, SHORT_STROKE[axis] * scale),
        _open(cast(Mask, cv2.subtract(whole, broad)), SHORT_STROKE[axis] * scale),
    )
    # One pixel to either side makes the stairs of a slightly sloping rule overlap, so that closing can bridge them.
    wide = cv2.dilate(short, np.ones((3, 1), np.uint8))
    bridged = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((1, _odd(GAP[axis] * scale)), np.uint8))
    long = _open(cast(Mask, bridged), LONG_STROKE[axis] * scale)
    rules, mask = _strokes(long, scale)
    # A rule that a pen stroke or seal runs into makes one piece with it: only what is straight for long is the rule.
    crossed = _open(cast(Mask, cv2.subtract(long, mask)), STRAIGHT * scale)
    freed, freed_mask = _strokes(crossed, scale)
    rules, mask = rules + freed, cv2.bitwise_or(mask, freed_mask)
    pieces, piece_masks = _strokes(cast(Mask, cv2.subtract(cast(Mask, bridged), mask)), scale, each=True)
    added = [k for k, piece in enumerate(pieces) if _belongs(piece, rules, scale)]
    if added:
        chosen = np.zeros(len(pieces) + 1, np.uint8)
        chosen[np.array(added) + 1] = 255
        mask = cv2.bitwise_or(mask, chosen[piece_masks])
        rules += [pieces[k] for k in added]
    return tuple(sorted(rules, key=lambda r: (r.position, r.start))), cast(Mask, mask)


def _strokes(ink: Mask, scale: float, *, each: bool = False) -> tuple[list[Rule], npt.NDArray[Any]]:
    """Thin strokes of ``ink``, and their pixels: 255, or with ``each`` the stroke's place in the list plus one."""
    count, labels, stats, centroids = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, width, height, area = (stats[:, k].astype(np.float64) for k in (0, 2, 3, 4))
    thickness = np.maximum(1.0, area / width - 2)
    thin = (thickness <= THICKEST * scale) & (height <= (BEND + THICKEST) * scale + SLOPE * width)
    thin[0] = False
    keep = np.zeros(count, np.int32 if each else np.uint8)
    places = np.flatnonzero(thin)
    keep[places] = np.arange(1, len(places) + 1) if each else 255
    found = [Rule(float(centroids[k][1]), float(x[k]), float(x[k] + width[k]), float(thickness[k])) for k in places]
    return found, keep[labels]


def _belongs(piece: Rule, rules: Sequence[Rule], scale: float) -> bool:
    """Whether a short stroke goes on on the line of a rule: what is left of a broken one."""
    return any(
        abs(piece.position - rule.position) <= COLLINEAR * scale
        and rule.start - FAR_PIECE * scale <= piece.end
        and piece.start <= rule.end + FAR_PIECE * scale
        for rule in rules
    )


def _open(ink: Mask, length: float) -> Mask:
    return cast(Mask, cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, _odd(length)), np.uint8)))


def _odd(length: float) -> int:
    return max(3, round(length)) | 1


def erase_rules(gray: Grey, rules: PageRules, cells: Iterable[tuple[float, float, float, float]]) -> Grey:
    """The picture without the rules along the sides of ``cells`` (x0, y0, x1, y1); letters stay.

    Only what is near a cell's side goes: inside a merged cell the stem of a capital may stand where a rule runs above
    and below it.
    """
    band = round(rules.pixels(BEND))
    near_rows, near_columns = np.zeros(gray.shape, np.uint8), np.zeros(gray.shape, np.uint8)
    for x0, y0, x1, y1 in cells:
        left, top, right, bottom = (max(0, round(v)) for v in (x0, y0, x1, y1))
        for y in (top, bottom):
            near_rows[max(0, y - band) : y + band + 1, max(0, left - band) : right + band + 1] = 255
        for x in (left, right):
            near_columns[top : bottom + 1, max(0, x - band) : x + band + 1] = 255
    mask = cv2.bitwise_or(
        cv2.bitwise_and(rules.horizontal_mask, near_rows), cv2.bitwise_and(rules.vertical_mask, near_columns)
    )
    grown = cv2.dilate(mask, np.ones((3, 3), np.uint8), iterations=max(1, round(rules.dpi / 200)))
    clean = gray.copy()
    clean[grown > 0] = paper(gray)
    return clean


def erase_specks(gray: Grey, dpi: float) -> Grey:
    """The picture without dust: small dots that stand away from all letters (tone marks and full stops do not)."""
    ink = dark(gray, dpi)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    points = dpi / POINTS_PER_INCH
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    small = (width < SPECK * points) & (height < SPECK * points)
    small[0] = False
    large = ~small
    large[0] = False
    reach = round(FROM_LETTER * points)
    letters = cv2.dilate(np.where(large[labels], 255, 0).astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8))
    touched = np.zeros(count, bool)
    touched[np.unique(labels[letters > 0])] = True
    dust = np.where((small & ~touched)[labels], 255, 0).astype(np.uint8)
    clean = gray.copy()
    clean[cv2.dilate(dust, np.ones((3, 3), np.uint8)) > 0] = paper(gray)
    return clean


def paper(gray: Grey) -> int:
    """The shade of the blank page: the bright half's median."""
    sample = gray[::4, ::4]
    return int(np.percentile(sample, 75)) if sample.size else 255
