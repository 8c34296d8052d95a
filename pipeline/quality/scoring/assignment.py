"""Which item of the prediction stands for which golden item.

The most alike first, each item used once, none below nine tenths. A globally best assignment differs only where two
texts are each nearly equal to two others; the common measure of the field takes the most alike first, and so do we.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from pipeline.quality.scoring.levelling import NEAR

Similarities = npt.NDArray[np.float64]


def similarities(gold: Sequence[str], found: Sequence[str], least: float = 0.0) -> Similarities:
    """Similarity 0..1 of each golden text (rows) and each found one (columns), both levelled; 0 below ``least``."""
    if not gold or not found:
        return np.zeros((len(gold), len(found)))
    cutoff = max(0.0, 100 * least - 0.01)  # the cut-off only saves work; what counts is compared below
    ratios = process.cdist(gold, found, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float64) / 100
    places: dict[str, list[int]] = {}
    for j, text in enumerate(found):
        places.setdefault(text, []).append(j)
    for i, text in enumerate(gold):
        ratios[i, places.get(text, [])] = 1.0
    return ratios


def assign(gold: Sequence[str], found: Sequence[str], least: float = NEAR) -> list[tuple[int, int]]:
    """Pairs (golden index, found index) of levelled texts, most alike first."""
    ratios = similarities(gold, found, least)
    rows, columns = np.nonzero(ratios >= least)
    scored = sorted(zip(ratios[rows, columns].tolist(), rows.tolist(), columns.tolist(), strict=True), reverse=True)
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for _, i, j in scored:
        if i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            pairs.append((i, j))
    return pairs
