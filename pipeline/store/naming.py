"""Names of units as people type them: what to say when no plan has such a unit."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import fuzz, process

from pipeline.errors import InputError
from pipeline.store import folding

NEAR = 60.0
"""Least likeness, in per cent, of a name that may have been meant."""
OFFERED = 3


def near(typed: str, names: Collection[str]) -> list[str]:
    """The names most like what was typed, marks and case left aside, the likeliest first."""
    folded = {name: folding.fold(name) for name in sorted(names)}
    found = process.extract(folding.fold(typed), folded, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=OFFERED)
    return [name for _, _, name in found]


def no_such_unit(typed: str, names: Collection[str], where: str) -> InputError:
    """The error to raise; it names the units that may have been meant."""
    likely = near(typed, names)
    remedy = f"is it one of: {'; '.join(likely)}?" if likely else "kehoach query units lists them"
    return InputError(f"no plan in {where} names a unit {typed!r}", remedy=remedy)
