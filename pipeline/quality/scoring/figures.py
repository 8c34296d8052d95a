"""Figures: counts of what agrees, what the answer has, what was found, and the shares made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """``value`` is an F1, or a share when ``found`` is None; None where there is nothing to judge.

    ``hits`` of the ``gold`` golden values were found, among ``found`` found ones.
    """

    value: float | None
    hits: float
    gold: float
    found: float | None = None

    @property
    def precision(self) -> float | None:
        """Share of the found values that are right."""
        return self.hits / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of the golden values that were found."""
        return self.hits / self.gold if self.gold else None

    def as_json(self) -> dict[str, Any]:
        """The figure and its counts."""
        counts: dict[str, Any] = {"value": self.value, "hits": self.hits, "gold": self.gold}
        if self.found is not None:
            counts |= {"found": self.found, "precision": self.precision, "recall": self.recall}
        return counts


def f1(hits: float, gold: float, found: float) -> Figure:
    """Harmonic mean of precision and recall."""
    return Figure(2 * hits / (gold + found) if gold + found else None, hits, gold, found)


def share(hits: float, gold: float) -> Figure:
    """Part of the golden values that is right."""
    return Figure(hits / gold if gold else None, hits, gold)


def bags(pairs: Iterable[tuple[Iterable[Hashable], Iterable[Hashable]]], gold: int, found: int) -> Figure:
    """F1 of values that are compared as bags, each pair on its own; ``gold`` and ``found`` count all of them."""
    hits = sum((Counter(own) & Counter(theirs)).total() for own, theirs in pairs)
    return f1(hits, gold, found)


def pooled(figures: Iterable[Figure]) -> Figure | None:
    """All counts taken together, as one figure; None when there are none."""
    known = [figure for figure in figures if figure.value is not None]
    if not known:
        return None
    hits, gold = sum(figure.hits for figure in known), sum(figure.gold for figure in known)
    if known[0].found is None:
        return share(hits, gold)
    return f1(hits, gold, sum(figure.found or 0 for figure in known))


def mean(values: Iterable[float | None]) -> float | None:
    """Mean of what is known."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
