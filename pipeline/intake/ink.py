"""Ink that is no writing: black borders of the scanner, specks.

Grey 0 is black. Each function gives new pictures.
"""

from __future__ import annotations

import math
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.pieces import Pieces, coarser, connected, placed, spare

Grey = npt.NDArray[np.uint8]

_BLEACHED = 250  # brightness of paper that the scanner has driven to white
_DARKER = np.array([round(255 * (level / 255) ** 1.5) for level in range(256)], dtype=np.uint8)
_THICKER_THAN_RULES = 6.0  # points
_COARSE_DPI = 100.0
_SPECK = 2.4  # points; a full stop has less than two, a bullet more than three
_CROWD = 3  # spots within eleven points to either side that are no specks of a grey scan


def ink_of(grey: Grey) -> Grey:
    """255 where there is ink (Otsu's threshold, from every other row), else 0."""
    level, _ = cv2.threshold(np.ascontiguousarray(grey[::2]), 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return cast(Grey, cv2.threshold(grey, level, 255, cv2.THRESH_BINARY_INV)[1])


def is_bitonal(grey: Grey) -> bool:
    """Whether the picture has two tones only, as a scanner's black-and-white mode or a fax makes."""
    return all(
        np.count_nonzero(_histogram(np.ascontiguousarray(grey[::step, ::step]))) <= 2
        for step in (24, 3)  # most pictures are told by the few pixels of the first look
    )


def paper_of(grey: Grey) -> int:
    """The shade of the paper: the median of the picture."""
    return shade_of(grey, 0.5)


def shade_of(grey: Grey, share: float) -> int:
    """The shade that ``share`` of the picture's pixels do not exceed, from one in sixteen."""
    sample = np.ascontiguousarray(grey[::4, ::4])
    return int(np.searchsorted(_histogram(sample).cumsum(), math.ceil(share * sample.size)))


def _histogram(grey: Grey) -> npt.NDArray[np.int64]:
    """How many pixels of a picture whose rows lie side by side have each of the 256 levels."""
    return cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().astype(np.int64)


def with_stronger_strokes(grey: Grey) -> Grey:
    """Half-tones of a bleached scan made darker; any other picture as it is.

    A scanner that drives paper to pure white bleaches thin strokes too, above all the marks over letters: "thẩm" is
    read "thâm". On five pages of such scans this left 22 wrong syllables after restoration where there were 32; on
    grey photocopies it did harm.
    """
    if paper_of(grey) < _BLEACHED or is_bitonal(grey):
        return grey
    return cast(Grey, cv2.LUT(grey, _DARKER))


def without_border(grey: Grey, ink: Grey, dpi: float) -> tuple[Grey, Grey]:
    """Dark bands along the edges painted white: the scanner's lid, shadows of a book, the edge of a photocopy.

    A band is thicker than any stroke of a letter or a rule, or a line right at the edge; a table frame that touches the
    edge is neither.
    """
    edges = (ink[:3], ink[-3:], ink[:, :3], ink[:, -3:])
    if max(float((edge > 0).mean()) for edge in edges) < 0.1:
        return grey, ink
    # Bands are found at a coarse scale: nothing thin has to be told apart.
    factor = min(1.0, _COARSE_DPI / dpi)
    coarse = coarser(ink, factor)
    height, width = coarse.shape
    side = round(_THICKER_THAN_RULES * factor * dpi / 72)
    thick = cv2.morphologyEx(coarse, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    mask = np.zeros_like(coarse)
    for source, wanted in ((thick, _is_long), (coarse, _is_line_at_edge)):
        labels, stats, _ = connected(source)
        touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
        for k in touching.tolist():
            if k and wanted(stats[k], height, width):
                x, y, across, down = stats[k, :4].tolist()
                place = np.s_[y : y + down, x : x + across]
                mask[place][labels[place] == k] = 1
    if not mask.any():
        return grey, ink
    mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    wide = cv2.resize(mask, (ink.shape[1], ink.shape[0]), interpolation=cv2.INTER_NEAREST) > 0
    paper = paper_of(grey)
    grey, ink = grey.copy(), ink.copy()
    grey[wide], ink[wide] = paper, 0
    return grey, ink


def _is_long(stat: npt.NDArray[np.int32], height: int, width: int) -> bool:
    return bool(stat[cv2.CC_STAT_HEIGHT] > 0.2 * height or stat[cv2.CC_STAT_WIDTH] > 0.2 * width)


def _is_line_at_edge(stat: npt.NDArray[np.int32], height: int, width: int) -> bool:
    x, y, w, h, _ = (int(v) for v in stat)
    upright = w < 0.02 * width and h > 0.2 * height and (x == 0 or x + w == width)
    level = h < 0.02 * height and w > 0.2 * width and (y == 0 or y + h == height)
    return upright or level


def without_specks(grey: Grey, ink: Grey, dpi: float) -> tuple[Grey, Grey, Pieces]:
    """Specks painted over: small spots that stand far from any letter, and grains of a bitonal scan.

    A tone mark or the dot of a letter stands within half a line of it, so spots near letters stay. In a grey scan, so
    do spots amid others: leaders, letters of faint print that came apart, half-tones. The engine would count what is
    left over to the word above or below, misread it ("tháng" as "Pu"), and specks at the margin pass for bullets.

    The pieces of ink come too, specks without size.
    """
    bitonal = is_bitonal(grey)
    step = 1 if bitonal else spare(dpi)  # a grain may be a pixel
    point = dpi / step / 72
    found = connected(coarser(ink, 1 / step))
    labels, stats, _ = found
    pieces = placed(found, dpi / step)
    area = stats[:, cv2.CC_STAT_AREA]
    tall = np.maximum(stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH])
    letter = (stats[:, cv2.CC_STAT_HEIGHT] >= 4.0 * point) & (area >= 3.0 * point * point)
    letter[0] = False
    small = (tall < (3.5 if bitonal else _SPECK) * point) & ~letter
    # A dash that opens a list item stands alone too, but is flat.
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    small &= ~((width >= 2.0 * point) & (width >= 2 * height))
    small[0] = False
    # Near: within 5 points of a letter, seen at a coarse scale.
    scale = max(1, round(2 * point))
    rows, columns = -(-labels.shape[0] // scale) + 1, -(-labels.shape[1] // scale) + 1
    field = _covered(np.asarray(stats[letter, :4], dtype=np.int32), scale, rows, columns)
    field = np.asarray(cv2.dilate(field, np.ones((5, 5), np.uint8)), dtype=np.uint8)
    middle_x = (stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] // 2) // scale
    middle_y = (stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] // 2) // scale
    lonely = small & (field[middle_y, middle_x] == 0)
    if bitonal:
        remove = lonely | (small & (area <= max(2.0, 0.35 * point * point)))
    else:
        places = np.asarray((middle_y * columns + middle_x)[small], dtype=np.int64)
        spots = np.bincount(places, minlength=rows * columns).reshape(rows, columns).astype(np.float32)
        around = cv2.boxFilter(spots, -1, (11, 11), normalize=False, borderType=cv2.BORDER_CONSTANT)
        remove = lonely & (around[middle_y, middle_x] < _CROWD)
    if not remove.any():
        return grey, ink, pieces
    grey, ink = grey.copy(), ink.copy()
    paper = 255 if bitonal else paper_of(grey)
    for k in np.flatnonzero(remove).tolist():
        x, y, w, h = stats[k, :4].tolist()
        if bitonal:
            place = np.s_[y : y + h, x : x + w]
            gone = labels[place] == k
            grey[place][gone], ink[place][gone] = paper, 0
        else:  # its blurred edge goes with it; nothing else is near
            place = np.s_[step * max(0, y - 1) : step * (y + h + 1), step * max(0, x - 1) : step * (x + w + 1)]
            grey[place], ink[place] = paper, 0
    return grey, ink, pieces.without(remove[1:])


def _covered(boxes: npt.NDArray[np.int32], scale: int, rows: int, columns: int) -> Grey:
    """1 where a field of ``rows`` x ``columns`` squares of ``scale`` pixels is touched by a box (x, y, w, h)."""
    x0, y0 = boxes[:, 0] // scale, boxes[:, 1] // scale
    x1, y1 = (boxes[:, 0] + boxes[:, 2]) // scale + 1, (boxes[:, 1] + boxes[:, 3]) // scale + 1
    steps = np.zeros((rows + 2, columns + 2), np.int32)  # how many boxes begin less how many end here, down and across
    for y, x, step in ((y0, x0, 1), (y1, x1, 1), (y0, x1, -1), (y1, x0, -1)):
        np.add.at(steps, (y, x), step)
    return (steps.cumsum(axis=0).cumsum(axis=1)[:rows, :columns] > 0).astype(np.uint8)
