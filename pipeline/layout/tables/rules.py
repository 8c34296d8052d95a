"""Ruled lines in a straightened grey page picture (rows x columns, 0 black, 255 white).

A rule is a long thin dark stroke along one axis. Scans break it, fade it, double it, bend it a little, put speckle on
it and seals across it. It is found by directional morphology at lengths given in points, so that resolution does not
matter: short strokes first (letters have none that long), bridged over small gaps, then only what is long stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.ink import shade_of
from pipeline.intake.pieces import connected, spare
from pipeline.intake.scale import smaller
from pipeline.layout.tables.bits import Bits, Mask, packed, unpacked

Grey = npt.NDArray[np.uint8]

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
DARKER = 14  # levels of grey by which ink is darker than its neighbourhood
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


@dataclass(frozen=True, slots=True)
class Strokes:
    """Long strokes down a picture and their pixels; ``bridged``: those of short ones too."""

    rules: list[Rule]
    mask: Mask
    bridged: Mask


def find_rules(gray: Grey, dpi: float) -> PageRules:
    """All rules of a picture, underlines included: only crossings tell a table (see ``grid``)."""
    return rules_of(dark(gray, dpi), dpi)


def rules_of(ink: Mask, dpi: float, down: Strokes | None = None) -> PageRules:
    """As :func:`find_rules`, from the ink of a picture (:func:`dark`); ``down``: its :func:`strokes_down`."""
    horizontal, across_mask = _with_pieces(_long_strokes(transposed(ink), dpi, "horizontal"), dpi)
    vertical, down_mask = _with_pieces(down or strokes_down(ink, dpi), dpi)
    return PageRules(horizontal, vertical, transposed(across_mask), down_mask, ink, dpi)


def strokes_down(ink: Mask, dpi: float) -> Strokes:
    """Strokes that may be vertical rules, some of them broken: where there is none, there is no table."""
    return _long_strokes(ink, dpi, "vertical")


def transposed(picture: Mask) -> Mask:
    """Rows as columns: what runs across runs down then, as vertical strokes do."""
    return cast(Mask, cv2.transpose(picture))


def straight_strokes(ink: Mask, dpi: float) -> list[Rule]:
    """Vertical strokes that no pen makes (horizontal ones of a transposed picture): rules and underlines, those in
    short pieces left out."""
    scale = dpi / POINTS_PER_INCH
    whole = packed(ink).closed_down(_odd(NICK * scale))
    return _strokes(unpacked(whole.opened_down(_odd(STRAIGHT * scale))), scale)[0]


def dark(gray: Grey, dpi: float) -> Mask:
    """Ink: what is darker than its neighbourhood. Faint rules count, even shading does not.

    Local mean thresholding, the window wider than any stroke.
    """
    window = max(3, round(24 * dpi / POINTS_PER_INCH)) | 1
    smooth = _without_shading(cast(Grey, cv2.GaussianBlur(gray, (3, 3), 0)), dpi)
    mean = cv2.blur(smooth, (window, window), borderType=cv2.BORDER_REPLICATE)
    # As cv2.adaptiveThreshold, at half its time.
    local = cv2.threshold(cv2.subtract(mean, smooth), DARKER - 1, 255, cv2.THRESH_BINARY)[1]
    # Inside a broad black bar the neighbourhood is black too.
    return cast(Mask, cv2.bitwise_or(local, cv2.threshold(gray, BLACK - 1, 255, cv2.THRESH_BINARY_INV)[1]))


def _without_shading(smooth: Grey, dpi: float) -> Grey:
    """The picture with the coloured ground of header rows as bright as paper: its border would be taken for ink."""
    side = _odd(SHADED * dpi / POINTS_PER_INCH)
    if min(smooth.shape) <= side:
        return smooth
    ground = cast(Grey, cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)))
    white = paper(smooth)
    shaded = (ground < SHADE * white).view(np.uint8)
    if not cv2.countNonZero(shaded):
        return smooth
    lift = shaded * (np.uint8(white) - ground)  # what the ground lacks to be paper
    return cast(Grey, cv2.add(smooth, lift))  # 255 at most


def _with_pieces(strokes: Strokes, dpi: float) -> tuple[tuple[Rule, ...], Mask]:
    """The long strokes with the pieces that broke off them, and all their pixels."""
    rules, mask = strokes.rules, strokes.mask
    if rules:
        rest = cv2.subtract(strokes.bridged, mask)
        pieces, pieces_mask = _strokes(rest, dpi / POINTS_PER_INCH, beside=tuple(rules))
        rules, mask = rules + pieces, cast(Mask, cv2.bitwise_or(mask, pieces_mask))
    return tuple(sorted(rules, key=lambda r: (r.position, r.start))), mask


def _bridged(ink: Bits, scale: float, axis: str) -> Bits:
    """Short strokes down ``ink``, over small gaps between them."""
    whole = ink.closed_down(_odd(NICK * scale))
    # Closing fills letters as well; filled letters are broader than rules.
    broad = whole.opened_across(_odd(BROAD * scale))
    length = _odd(SHORT_STROKE[axis] * scale)
    short = ink.opened_down(length) | whole.without(broad).opened_down(length)
    # One pixel to either side makes the stairs of a slightly sloping rule overlap, so that closing can bridge them.
    return short.dilated_across(3).closed_down(_odd(GAP[axis] * scale))


def _long_strokes(ink: Mask, dpi: float, axis: str) -> Strokes:
    """What is long enough for a rule and runs down ``ink`` (transposed for horizontal ones)."""
    scale = dpi / POINTS_PER_INCH
    bridged = _bridged(packed(ink), scale, axis)
    long = bridged.opened_down(_odd(LONG_STROKE[axis] * scale))
    rules, mask = _strokes(unpacked(long), scale)
    # A rule that a pen stroke or seal runs into makes one piece with it: only what is straight for long is the rule.
    straight = long.without(packed(mask)).opened_down(_odd(STRAIGHT * scale))
    freed, freed_mask = _strokes(unpacked(straight), scale)
    return Strokes(rules + freed, cast(Mask, cv2.bitwise_or(mask, freed_mask)), unpacked(bridged))


def _strokes(ink: cv2.typing.MatLike, scale: float, *, beside: Sequence[Rule] | None = None) -> tuple[list[Rule], Mask]:
    """Thin strokes down ``ink``, and their pixels; with ``beside`` only those that go on on the line of one of these
    rules: what is left of a broken one."""
    mask = np.zeros(ink.shape, np.uint8)
    x0, y0, across, down = cv2.boundingRect(ink)
    if not across:
        return [], mask
    part, inside = ink[y0 : y0 + down, x0 : x0 + across], mask[y0 : y0 + down, x0 : x0 + across]
    labels, stats, middles = connected(part)
    y, width, height, area = (stats[:, k].astype(np.float64) for k in (1, 2, 3, 4))
    x, y = np.asarray(middles[:, 0] + x0, dtype=np.float64), y + y0
    thickness = np.maximum(1.0, area / np.maximum(1.0, height) - 2)  # the ground has no height where ink is all over
    thin = (thickness <= THICKEST * scale) & (width <= (BEND + THICKEST) * scale + SLOPE * height)
    thin[0] = False
    if beside is not None:
        thin &= _on_line_of(beside, x, y, y + height, scale)
    found = []
    for k in np.flatnonzero(thin).tolist():
        found.append(Rule(float(x[k]), float(y[k]), float(y[k] + height[k]), float(thickness[k])))
        left, top, w, h = stats[k, :4].tolist()
        place = np.s_[top : top + h, left : left + w]
        inside[place][labels[place] == k] = 255
    return found, mask


def _on_line_of(
    rules: Sequence[Rule],
    position: npt.NDArray[np.float64],
    start: npt.NDArray[np.float64],
    end: npt.NDArray[np.float64],
    scale: float,
) -> npt.NDArray[np.bool_]:
    """Which of the strokes lie on the line of a rule and not far from it."""
    found = np.zeros(len(position), bool)
    for rule in rules:
        found |= (
            (np.abs(position - rule.position) <= COLLINEAR * scale)
            & (rule.start - FAR_PIECE * scale <= end)
            & (start <= rule.end + FAR_PIECE * scale)
        )
    return found


def _odd(length: float) -> int:
    return max(3, round(length)) | 1


def erase_rules(gray: Grey, rules: PageRules, cells: Iterable[tuple[float, float, float, float]]) -> Grey:
    """The picture without the rules along the sides of ``cells`` (x0, y0, x1, y1 in pixels of the rules' picture, which
    may be coarser); letters stay.

    Only what is near a cell's side goes: inside a merged cell the stem of a capital may stand where a rule runs above
    and below it.
    """
    band = round(rules.pixels(BEND))
    near_rows, near_columns = np.zeros(rules.ink.shape, np.uint8), np.zeros(rules.ink.shape, np.uint8)
    for cell in cells:
        left, top, right, bottom = (max(0, round(v)) for v in cell)
        for y in (top, bottom):
            near_rows[max(0, y - band) : y + band + 1, max(0, left - band) : right + band + 1] = 255
        for x in (left, right):
            near_columns[top : bottom + 1, max(0, x - band) : x + band + 1] = 255
    mask = cv2.bitwise_or(
        cv2.bitwise_and(rules.horizontal_mask, near_rows), cv2.bitwise_and(rules.vertical_mask, near_columns)
    )
    grown = cv2.dilate(mask, np.ones((3, 3), np.uint8), iterations=max(1, round(rules.dpi / 200)))
    if grown.shape != gray.shape:
        grown = cv2.resize(grown, gray.shape[::-1], interpolation=cv2.INTER_NEAREST)
    clean = gray.copy()
    clean[grown > 0] = paper(gray)
    return clean


def erase_specks(gray: Grey, dpi: float) -> tuple[Grey, Mask]:
    """The picture without dust: small dots that stand away from all letters (tone marks and full stops do not). And its
    ink, one pixel for :func:`~pipeline.intake.pieces.spare` pixels of the picture each way."""
    step = spare(dpi)
    ink = dark(smaller(gray, 1 / step), dpi / step)
    labels, stats, _ = connected(ink)
    points = dpi / step / POINTS_PER_INCH
    small = (stats[:, cv2.CC_STAT_WIDTH] < SPECK * points) & (stats[:, cv2.CC_STAT_HEIGHT] < SPECK * points)
    small[0] = False
    dots = [(k, np.s_[y : y + h, x : x + w]) for k in np.flatnonzero(small) for x, y, w, h in [stats[k, :4].tolist()]]
    letters = ink.copy()
    for k, place in dots:
        letters[place][labels[place] == k] = 0
    reach = 2 * round(FROM_LETTER * points) + 1
    near = cv2.dilate(letters, np.ones((reach, reach), np.uint8))
    clean, white = gray.copy(), paper(gray)
    for _, (rows, columns) in dots:
        if not near[rows, columns].any():
            # Its blurred edge goes with it; nothing else is near.
            (top, bottom), (left, right) = ((max(0, s.start - 1), s.stop + 1) for s in (rows, columns))
            clean[step * top : step * bottom, step * left : step * right] = white
            ink[top:bottom, left:right] = 0
    return clean, ink


def paper(gray: Grey) -> int:
    """The shade of the blank page: the bright half's median."""
    return shade_of(gray, 0.75) if gray.size else 255
