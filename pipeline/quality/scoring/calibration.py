"""What the confidences are worth: how often leaves of each band are right, and how many wrong ones were told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pipeline.quality.scoring.leaves import Leaf

BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True)
class Band:
    """Leaves with a confidence from ``low`` up to ``high``: how many, how many of them right, their mean confidence."""

    low: float
    high: float
    leaves: int
    right: int
    confidence: float

    @property
    def accuracy(self) -> float:
        """Share that is right."""
        return self.right / self.leaves


@dataclass(frozen=True)
class Calibration:
    """Counts of leaves; ``error`` is the expected calibration error over the bands (Naeini et al. 2015)."""

    leaves: int
    wrong: int
    wrong_told: int
    missing: int
    missing_told: int
    warned: int
    warned_right: int
    bands: tuple[Band, ...]

    @property
    def told(self) -> float | None:
        """Share of the wrong leaves that a person was pointed at."""
        return self.wrong_told / self.wrong if self.wrong else None

    @property
    def error(self) -> float | None:
        """Mean distance of confidence and accuracy, weighted by leaves."""
        if not self.leaves:
            return None
        return sum(abs(band.accuracy - band.confidence) * band.leaves for band in self.bands) / self.leaves

    def as_json(self) -> dict[str, Any]:
        """Counts, shares and the reliability table."""
        return {
            "leaves": self.leaves,
            "wrong": self.wrong,
            "wrong_told": self.wrong_told,
            "told": self.told,
            "missing": self.missing,
            "missing_told": self.missing_told,
            "warned": self.warned,
            "warned_right": self.warned_right,
            "expected_calibration_error": self.error,
            "bands": [
                {"low": b.low, "high": b.high, "leaves": b.leaves, "right": b.accuracy, "confidence": b.confidence}
                for b in self.bands
            ],
        }


def calibrate(leaves: Iterable[Leaf]) -> Calibration:
    """The figures over all ``leaves``."""
    every = list(leaves)
    values = [leaf for leaf in every if leaf.value is not None]
    wrong = [leaf for leaf in values if not leaf.right]
    missing = [leaf for leaf in every if leaf.value is None]
    return Calibration(
        leaves=len(values),
        wrong=len(wrong),
        wrong_told=sum(leaf.told for leaf in wrong),
        missing=len(missing),
        missing_told=sum(leaf.told for leaf in missing),
        warned=sum(leaf.warned for leaf in values),
        warned_right=sum(leaf.warned and leaf.right for leaf in values),
        bands=tuple(_bands(values)),
    )


def _bands(leaves: Sequence[Leaf]) -> Iterable[Band]:
    for low, high in pairwise(BANDS):
        inside = [leaf for leaf in leaves if low <= leaf.confidence < high or high == 1.0 == leaf.confidence]
        if inside:
            mean = sum(leaf.confidence for leaf in inside) / len(inside)
            yield Band(low, high, len(inside), sum(leaf.right for leaf in inside), mean)
