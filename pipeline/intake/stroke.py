"""How heavy the type of a word is: the width of its strokes, from the ink itself.

For a shape of ink of area A whose rows hold Nh runs and whose columns hold Nv runs, A / sqrt(Nh^2 + Nv^2) is the width
of its strokes whichever way they go (after M. W. Crofton's formula for the length of a curve from its crossings).
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.ocr import OcrWord

Grey = npt.NDArray[np.uint8]

BOLDER = 1.22
"""Times the page's usual stroke from which a word is bold; stems of bold faces have 1.4 to 1.6 times the regular."""


def strokes(ink: Grey, words: Sequence[OcrWord]) -> list[float]:
    """Stroke width of each word in pixels; ``ink`` is 255 where there is ink; 0.0 for a word without."""
    dark = (ink > 0).astype(np.uint8)
    starts = dark.copy()
    starts[:, 1:] &= 1 - dark[:, :-1]
    area, across = _sums(dark), _sums(starts)
    starts = dark.copy()
    starts[1:] &= 1 - dark[:-1]
    down = _sums(starts)
    widths = []
    for word in words:
        box = word.x0, word.y0, word.x1, word.y1
        runs = float(np.hypot(_inside(across, *box), _inside(down, *box)))
        widths.append(_inside(area, *box) / runs if runs else 0.0)
    return widths


def bold_words(ink: Grey, words: Sequence[OcrWord]) -> list[bool | None]:
    """Whether each word is heavier than the page's usual type; None for those too short to tell."""
    widths = strokes(ink, words)
    letters = [sum(c.isalpha() for c in word.text) for word in words]
    weighed = sorted((width, n) for width, n in zip(widths, letters, strict=True) if n >= 2 and width > 0)
    if len(weighed) < 8:
        return [None] * len(words)
    # The usual type is the lighter part of the page: a page of headings must not make bold the norm.
    counts = np.cumsum([n for _, n in weighed])
    usual = weighed[int(np.searchsorted(counts, 0.4 * counts[-1]))][0]
    return [width > BOLDER * usual if n >= 2 and width > 0 else None for width, n in zip(widths, letters, strict=True)]


def _sums(values: Grey) -> npt.NDArray[np.int32]:
    return np.asarray(cv2.integral(values), dtype=np.int32)


def _inside(sums: npt.NDArray[np.int32], x0: int, y0: int, x1: int, y1: int) -> int:
    height, width = sums.shape
    x0, x1 = sorted((min(max(0, x0), width - 1), min(max(0, x1), width - 1)))
    y0, y1 = sorted((min(max(0, y0), height - 1), min(max(0, y1), height - 1)))
    return int(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0])
