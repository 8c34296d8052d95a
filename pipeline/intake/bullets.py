"""Dashes that open a list item, found in the ink where the OCR engine left them out.

Tesseract's page analysis takes a short stroke apart from its line for noise, above all when the line is indented; but
"- " is what tells a list item from a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.ocr import OcrWord

Grey = npt.NDArray[np.uint8]

CONFIDENCE = 0.9
_FARTHEST = 40.0  # points between the dash and its item's first word: a tab
_NEAREST = 1.0


def with_dashes(ink: Grey, words: Sequence[OcrWord], dpi: float) -> list[OcrWord]:
    """``words`` with a "-" before each line that has the ink of a dash, and no word, to its left."""
    if not words:
        return []
    point = dpi / 72
    result: list[OcrWord] = []
    boxes = np.array([(w.x0, w.y0, w.x1, w.y1) for w in words])
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        first = line[0]
        if any(c.isalnum() for c in first.text):
            dash = _dash_before(first, line, ink, boxes, point)
            if dash is not None:
                x, y, w, h = dash
                result.append(OcrWord("-", x, y, x + w, y + h, CONFIDENCE, first.line, first.block))
        result += line
    return result


def _dash_before(
    first: OcrWord,
    line: Sequence[OcrWord],
    ink: Grey,
    boxes: npt.NDArray[np.int_],
    point: float,
) -> tuple[int, int, int, int] | None:
    # The band of the small letters: accents and descenders stretch a word's box, the line's median does less so.
    top = float(np.median([word.y0 for word in line]))
    bottom = float(np.median([word.y1 for word in line]))
    height = max(bottom - top, 6 * point)
    left, roof = max(0, round(first.x0 - (_FARTHEST + 12) * point)), max(0, round(top - height))
    part = ink[roof : round(bottom + height), left : first.x0]
    if part.size == 0:
        return None
    stats = np.asarray(cv2.connectedComponentsWithStats(part, connectivity=8)[2], dtype=np.int32)[1:]
    x, y, w, h, area = (stats[:, k] for k in range(5))
    x, y = x + left, y + roof
    middle = y + h / 2
    near = (x + w <= first.x0 - _NEAREST * point) & (x >= first.x0 - _FARTHEST * point)
    level = (middle > top + 0.35 * height) & (middle < top + 0.85 * height)
    if int((near & (y < bottom) & (y + h > top) & (h > 0.35 * height)).sum()):
        return None  # letters stand there: another column, a label that was not read
    shape = (w >= 2.2 * point) & (w <= 10 * point) & (h <= 2.4 * point) & (w >= 1.6 * h) & (area >= 0.55 * w * h)
    found = np.flatnonzero(near & level & shape)
    if len(found) != 1:
        return None
    k = int(found[0])
    taken = (boxes[:, 0] < x[k] + w[k]) & (boxes[:, 2] > x[k]) & (boxes[:, 1] < y[k] + h[k]) & (boxes[:, 3] > y[k])
    if taken.any():
        return None
    return int(x[k]), int(y[k]), int(w[k]), int(h[k])
