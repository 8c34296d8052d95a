"""Text that the OCR engine's page analysis left out, found in the ink.

Lines that stand alone (a page number, the signer's office beside the recipients) are at times taken for pictures or
noise. Pieces of ink of a letter's size that no word covers are gathered to lines and read one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.ocr import OcrWord
from pipeline.intake.pieces import coarser, connected, spare

Grey = npt.NDArray[np.uint8]

LEAST_CONFIDENCE = 0.5
"""Of a line found in this way: below, it was a scribble."""
MOST_LINES = 40
"""On a page; more pieces than that are no text but a picture."""
_LETTER = (4.5, 18.0)  # points of height
_WIDEST = 24.0  # points of a letter
_JOINED = 60.0  # points of a word whose letters run into each other in poor print or from a stamp
_NEIGHBOUR = 14.0  # points between words of one line, at most


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line to be read by itself, cut out of the picture at (``x``, ``y``)."""

    x: int
    y: int
    cutting: Grey


@dataclass(frozen=True, slots=True)
class MissedLine(CutLine):
    """A line that was left out; ``lone``: no wider than a page number."""

    lone: bool


def find_missed(grey: Grey, ink: Grey, words: Sequence[OcrWord], dpi: float) -> list[MissedLine]:
    """The lines that ``words`` leave out; none where nothing was left out, or so much that it is a picture."""
    boxes = missed_lines(ink, words, dpi)
    if len(boxes) > MOST_LINES:
        return []
    pad = round(4 * dpi / 72)
    lines = []
    for x0, y0, x1, y1 in boxes:
        x, y = max(0, x0 - pad), max(0, y0 - pad)
        cutting = np.ascontiguousarray(grey[y : y1 + pad, x : x1 + pad])
        lines.append(MissedLine(x, y, cutting, lone=x1 - x0 <= _WIDEST * dpi / 72))
    return lines


def with_missed(
    words: Sequence[OcrWord], missed: Sequence[CutLine], answers: Sequence[Sequence[OcrWord]]
) -> list[OcrWord]:
    """``words`` and those of the ``missed`` lines that ``answers`` read as text, numbered as further lines."""
    found = list(words)
    line = 1 + max((word.line for word in words), default=-1)
    block = 1 + max((word.block for word in words), default=-1)
    for place, read in zip(missed, answers, strict=True):
        if not is_text(read):
            continue
        found += [word.moved(place.x, place.y)._replace(line=line, block=block) for word in read]
        line, block = line + 1, block + 1
    return found


def missed_lines(ink: Grey, words: Sequence[OcrWord], dpi: float) -> list[tuple[int, int, int, int]]:
    """Boxes, in pixels, of rows of letter-like pieces that lie outside all words."""
    page_height = len(ink)
    step = spare(dpi)
    rest = coarser(ink, 1 / step) if step > 1 else ink.copy()
    factor = len(rest) / page_height
    point = dpi * factor / 72
    room = 2 * point
    boxes = np.array([(word.x0, word.y0, word.x1, word.y1) for word in words], dtype=np.float64).reshape(-1, 4) * factor
    places = np.maximum(0, np.rint(boxes + np.array([-room, -room, room, room]))).astype(np.int64)
    for left, top, right, bottom in places.tolist():
        rest[top:bottom, left:right] = 0
    outlines = _outlines(rest)
    x, y, w, h = np.array([cv2.boundingRect(outline) for outline in outlines], dtype=np.int64).reshape(-1, 4).T
    low, high = _LETTER
    letter = (h >= low * point) & (h <= high * point) & (w <= _JOINED * point) & (w >= 0.8 * point)
    area = np.array([_area(rest, outlines[k]) for k in np.flatnonzero(letter).tolist()], dtype=np.int64)
    x, y, w, h = x[letter], y[letter], w[letter], h[letter]
    solid = area / (w * h)  # seals and signatures are thin lines in large boxes
    letter = (solid > np.where(w <= _WIDEST * point, 0.18, 0.3)) & (solid < 0.95)
    x, y, w, h = x[letter], y[letter], w[letter], h[letter]
    rows: list[list[int]] = []
    for k in np.argsort(x, kind="stable").tolist():
        for row in rows:
            last = row[-1]
            level = min(y[k] + h[k], y[last] + h[last]) - max(y[k], y[last]) > 0.5 * min(h[k], h[last])
            if level and x[k] - (x[last] + w[last]) < _NEIGHBOUR * point:
                row.append(k)
                break
        else:
            rows.append([k])
    result = []
    for row in rows:
        x0, x1 = int(x[row].min()), int((x[row] + w[row]).max())
        y0, y1 = int(y[row].min()), int((y[row] + h[row]).max())
        if len(row) <= 3:
            # Two or three letters that stand alone at the top or foot of the page are its number, else they are scraps:
            # beside words, strokes of those words that their boxes leave out.
            at_edge = y0 < 0.1 * len(rest) or y0 > 0.9 * len(rest)
            if not at_edge or _is_beside((x0, y0, x1, y1), boxes, _NEIGHBOUR * point):
                continue
        # Marks above and below the letters belong to the line though they are no letters.
        box = (x0, max(0.0, y0 - 3.5 * point), x1, y1 + 2.5 * point)
        left, top, right, bottom = (round(v / factor) for v in box)
        result.append((left, top, right, bottom))
    return result


def _outlines(ink: Grey) -> list[cv2.typing.MatLike]:
    """Those of the pieces of ink. Where there is little ink they take an eighth of the time that it takes to number all
    pixels."""
    outlines, nesting = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    return [outlines[k] for k in range(len(outlines)) if nesting[0, k, 3] < 0]  # others go round holes


def _area(ink: Grey, outline: cv2.typing.MatLike) -> int:
    """Pixels of the piece that an outline goes round."""
    x, y, width, height = cv2.boundingRect(outline)
    column, row = outline[0, 0].tolist()
    found = connected(ink[y : y + height, x : x + width])
    return int(found.stats[found.labels[row - y, column - x], cv2.CC_STAT_AREA])


def _is_beside(box: tuple[int, int, int, int], boxes: npt.NDArray[np.float64], reach: float) -> bool:
    """Whether one of ``boxes`` is level with ``box`` and at most ``reach`` to its left or right."""
    x0, y0, x1, y1 = box
    level = np.minimum(boxes[:, 3], y1) - np.maximum(boxes[:, 1], y0) > 0.5 * (y1 - y0)
    near = (boxes[:, 0] - x1 < reach) & (x0 - boxes[:, 2] < reach)
    return bool((level & near).any())


def is_text(words: Sequence[OcrWord]) -> bool:
    """Whether a line that was read by itself is text, and no scribble."""
    letters = [word for word in words if any(c.isalnum() for c in word.text)]
    if not letters:
        return False
    size = sum(len(word.text) for word in letters)
    return sum(word.confidence * len(word.text) for word in letters) >= LEAST_CONFIDENCE * size
