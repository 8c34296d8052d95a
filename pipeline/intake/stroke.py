"""How heavy the type of a word is: the width of its strokes, from the ink itself.

For a shape of ink of area A whose rows hold Nh runs and whose columns hold Nv runs, A / sqrt(Nh^2 + Nv^2) is the width
of its strokes whichever way they go (after M. W. Crofton's formula for the length of a curve from its crossings).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.ocr import OcrWord

Grey = npt.NDArray[np.uint8]

BOLDER = 1.22
"""Times the page's usual stroke from which a word is bold; stems of bold faces have 1.4 to 1.6 times the regular."""


def strokes(ink: Grey, words: Sequence[OcrWord]) -> list[float]:
    """Stroke width of each word in pixels; ``ink`` is 255 where there is ink; 0.0 for a word without."""
    count = cv2.countNonZero
    across, down = np.empty_like(ink), np.empty_like(ink)  # the first pixel of each run
    across[:, :1], down[:1] = ink[:, :1], ink[:1]
    cv2.subtract(ink[:, 1:], ink[:, :-1], across[:, 1:])
    cv2.subtract(ink[1:], ink[:-1], down[1:])
    widths = []
    for word in words:
        place = slice(max(0, word.y0), max(0, word.y1)), slice(max(0, word.x0), max(0, word.x1))
        dark = ink[place]
        runs = hypot(count(across[place]), count(down[place])) if dark.size else 0.0
        widths.append(count(dark) / runs if runs else 0.0)
    return widths


def bold_words(ink: Grey, words: Sequence[OcrWord]) -> list[bool | None]:
    """Whether each word is heavier than the page's usual type; None for those too short to tell."""
    letters = [sum(map(str.isalpha, word.text)) for word in words]
    told = [k for k, n in enumerate(letters) if n >= 2]
    widths = dict(zip(told, strokes(ink, [words[k] for k in told]), strict=True))
    weighed = sorted((width, letters[k]) for k, width in widths.items() if width > 0)
    if len(weighed) < 8:
        return [None] * len(words)
    # The usual type is the lighter part of the page: a page of headings must not make bold the norm.
    counts = np.cumsum([n for _, n in weighed])
    usual = weighed[int(np.searchsorted(counts, 0.4 * counts[-1]))][0]
    heavy = {k: width > BOLDER * usual for k, width in widths.items() if width > 0}
    return [heavy.get(k) for k in range(len(words))]
