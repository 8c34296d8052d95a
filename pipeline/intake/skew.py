"""How a page is turned: the small angle of a sheet laid askew, and quarter turns.

Found from the letters' places alone. Letters of one line stand on one base line, so that at the right angle their lower
edges fall into few rows (projection profile of base points; W. Postl, 1986; H. S. Baird, 1987).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.intake.pieces import Pieces

Points = npt.NDArray[np.float64]

MOST_SKEW = 8.0  # degrees
FINEST = 0.05  # degrees
FEWEST_LETTERS = 25
MOST_LETTERS = 10_000
"""Letters looked at: a dense page has 4,000; of a picture's grain there are millions."""
_LETTER_HEIGHT = (3.0, 30.0)  # points; smaller are specks and marks, larger pictures and borders


@dataclass(frozen=True, slots=True)
class Skew:
    """``angle``: degrees by which the lines rise to the right (turn the picture clockwise by it); ``sharpness``: how
    much of all letters stands on common base lines, 0..1."""

    angle: float
    sharpness: float


def find_skew(pieces: Pieces) -> Skew:
    """The skew of the lines of text, to a twentieth of a degree; zero where there are too few letters to tell."""
    x0, _, x1, y1 = _letters(pieces)
    return _best((x0 + x1) / 2, y1)


def runs_sideways(pieces: Pieces) -> bool:
    """Whether the lines of text run up or down the picture rather than across it."""
    x0, y0, x1, y1 = _letters(pieces)
    if len(x0) < 4 * FEWEST_LETTERS:
        return False
    across = _best((x0 + x1) / 2, y1)
    # Of sideways letters either edge may be the base: the sharper one counts.
    down = max((_best((y0 + y1) / 2, edge) for edge in (x0, x1)), key=lambda skew: skew.sharpness)
    return down.sharpness > 1.3 * across.sharpness


def _letters(pieces: Pieces) -> tuple[Points, Points, Points, Points]:
    """x0, y0, x1, y1, in points, of the pieces that have a letter's size."""
    low, high = _LETTER_HEIGHT
    size = np.maximum(pieces.width, pieces.height)
    keep = (size >= low) & (size <= high) & (np.minimum(pieces.width, pieces.height) > 0.6)
    kept = np.flatnonzero(keep)
    kept = kept[:: 1 + len(kept) // MOST_LETTERS]
    x, y = pieces.left[kept], pieces.top[kept]
    return x, y, x + pieces.width[kept], y + pieces.height[kept]


def _best(along: Points, base: Points) -> Skew:
    if len(along) < FEWEST_LETTERS:
        return Skew(0.0, 0.0)
    angle, span = 0.0, MOST_SKEW
    step = 0.4
    best = 0.0
    while step >= FINEST:
        tried = np.arange(angle - span, angle + span + step / 2, step)
        scores = _sharpness(along, base, tried)
        k = int(np.argmax(scores))
        angle, best = float(tried[k]), float(scores[k])
        span, step = step, step / 4
    return Skew(round(angle, 2) if abs(angle) >= FINEST else 0.0, best)


def _sharpness(along: Points, base: Points, angles: Points) -> Points:
    """Mean share of letters in the row of each letter at each of ``angles``, rows one point high; two grids so that no
    line is split."""
    rows = base + along * np.tan(np.radians(angles))[:, None]
    rows -= rows.min(axis=1, keepdims=True)
    most = int(rows.max()) + 2
    first = most * np.arange(len(angles))[:, None]  # number of the topmost row
    total = np.zeros(len(angles))
    for shift in (0.0, 0.5):
        count = np.bincount(((rows + shift).astype(np.int64) + first).ravel(), minlength=most * len(angles))
        total += (count.reshape(len(angles), most).astype(np.float64) ** 2).sum(axis=1) / len(along) ** 2
    return np.asarray(total / 2, dtype=np.float64)
