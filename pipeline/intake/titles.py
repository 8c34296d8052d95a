"""The signer's title over a seal, read line by line.

A deputy's title is often stamped right under the printed one of the head ("GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), so close that
the marks of one touch the other; the engine takes both for one line and reads neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.missed import CutLine, is_text, with_missed
from pipeline.intake.ocr import OcrWord
from pipeline.intake.seals import Seal
from pipeline.intake.second import NOTHING

Grey = npt.NDArray[np.uint8]

SURE = 0.8
"""Mean confidence of the letters of a line above which it is not read again."""
_ABOVE, _BELOW = 58.0, 0.38
"""Where titles stand: from so many points above the seal to that share of its radius below its top."""
_LEFT, _RIGHT = 1.6, 3.6  # radii of the seal
_SLOPES = np.arange(-4.0, 4.1, 0.5)  # degrees; stamps are put on by hand
_INKED = 0.06  # share of the fullest row that a row of a line holds
_LOW, _HIGH = 5.0, 17.0  # points of a line's height; higher are two lines that touch
_SEAM = (0.4, 0.62)  # of the height of two lines, where one ends


@dataclass(frozen=True, slots=True)
class TitleLine(CutLine):
    """A line over a seal, turned level."""

    def covers(self, word: OcrWord) -> bool:
        """Whether the middle of ``word`` lies on the line."""
        height, width = self.cutting.shape
        x, y = (word.x0 + word.x1) / 2 - self.x, (word.y0 + word.y1) / 2 - self.y
        return bool(0 <= x < width and 0 <= y < height)


def find_titles(grey: Grey, ink: Grey, seals: Sequence[Seal], words: Sequence[OcrWord], dpi: float) -> list[TitleLine]:
    """The lines over the seals that were not read well."""
    lines = [line for seal in seals for line in _lines_over(grey, ink, seal, dpi)]
    return [line for line in lines if _confidence([word for word in words if line.covers(word)]) < SURE]


def with_titles(
    words: Sequence[OcrWord], titles: Sequence[TitleLine], answers: Sequence[Sequence[OcrWord]]
) -> list[OcrWord]:
    """``words``, those on a line of ``titles`` replaced where ``answers`` read more of it."""
    found = list(words)
    for title, read in zip(titles, answers, strict=True):
        before = [word for word in found if title.covers(word)]
        if not is_text(read) or _worth(read) <= _worth(before):
            continue
        found = with_missed([word for word in found if not title.covers(word)], [title], [read])
    return found


def _confidence(words: Sequence[OcrWord]) -> float:
    """Of the letters, in the mean; 0.0 where there are none."""
    size = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / size if size else 0.0


def _worth(words: Sequence[OcrWord]) -> float:
    """Letters that were read, those of words that may as well be none counted against the others."""
    return sum((word.confidence - NOTHING) * len(word.text) for word in words)


def _lines_over(grey: Grey, ink: Grey, seal: Seal, dpi: float) -> list[TitleLine]:
    point = dpi / 72
    width = ink.shape[1]
    x0, x1 = max(0, round(seal.x - _LEFT * seal.radius)), min(width, round(seal.x + _RIGHT * seal.radius))
    y0 = max(0, round(seal.y - seal.radius - _ABOVE * point))
    y1 = max(0, round(seal.y - (1 - _BELOW) * seal.radius))
    zone = ink[y0:y1, x0:x1]
    if zone.size == 0 or not zone.any():
        return []
    slope = max(_SLOPES.tolist(), key=lambda angle: _levelness(_turned(zone, angle, 0)))
    level = _turned(zone, slope, 0) > 0
    picture = _turned(grey[y0:y1, x0:x1], slope, int(np.median(grey[y0:y1, x0:x1])))
    pad = round(1.2 * point)
    lines = []
    for top, bottom in _rows(level, point):
        columns = np.flatnonzero(level[top:bottom].any(axis=0))
        left, right = max(0, int(columns[0]) - 2 * pad), int(columns[-1]) + 1 + 2 * pad
        above = max(0, top - pad)
        cutting = np.ascontiguousarray(picture[above : bottom + pad, left:right])
        lines.append(TitleLine(x0 + left, y0 + above, cutting))
    return lines


def _turned(picture: Grey, degrees: float, paper: int) -> Grey:
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,))
    return np.asarray(turned, dtype=np.uint8)


def _levelness(ink: Grey) -> float:
    """How sharply rows of ink and paper part (W. Postl, 1986)."""
    return float((np.diff((ink > 0).sum(axis=1).astype(np.float64)) ** 2).sum())


def _rows(ink: npt.NDArray[np.bool_], point: float) -> list[tuple[int, int]]:
    """First and last row of each line of ``ink``; two that touch are parted where there is least of it."""
    counts = np.convolve(ink.sum(axis=1).astype(np.float64), np.ones(3) / 3, "same")
    held = np.concatenate([[False], counts > _INKED * counts.max(), [False]])
    edges = np.flatnonzero(held[1:] != held[:-1]).tolist()
    rows = []
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        high = (bottom - top) / point
        if high > _HIGH:
            low, end = (round(top + share * (bottom - top)) for share in _SEAM)
            seam = low + int(np.argmin(counts[low:end]))
            rows += [(top, seam), (seam, bottom)]
        elif high >= _LOW:
            rows.append((top, bottom))
    return [(top, bottom) for top, bottom in rows if ink[top:bottom].any()]
