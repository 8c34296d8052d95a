"""Names of units as people type them: which are meant, and what to say when no plan has such a unit.

A name is meant that begins with what was typed, word by word and without marks: "so giao duc" means "Sở Giáo dục và Đào
tạo" and not "Các cơ sở giáo dục". Only where no name begins so are those meant that hold it further on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.errors import InputError
from pipeline.store import folding

NEAR = 60.0
"""Least likeness, in per cent, of a name that may have been meant."""
OFFERED = 3
SHOWN = 6
"""Names that are shown of those that a part of a name was taken for."""
LEADING = ("các", "UBND", "Ủy ban nhân dân", "HĐND", "Hội đồng nhân dân", "lãnh đạo", "thủ trưởng", "giám đốc")
"""Words that may stand before the name proper: who types "xã" means "UBND các xã"."""


@lru_cache(maxsize=16)
def _beginning(typed: str) -> re.Pattern[str]:
    leading = "|".join(folding.fold(words) for words in LEADING)
    return re.compile(rf"(?:(?:{leading}) )*{re.escape(folding.key(typed))}(?: |$)")


def begins(typed: str, key: str) -> bool:
    """The folded name ``key`` begins with what was typed, leading words left aside."""
    return bool(folding.fold(typed)) and bool(_beginning(typed).match(key))


def holds(typed: str, key: str) -> bool:
    """The folded name ``key`` has what was typed somewhere, in whole words."""
    wanted = folding.key(typed)
    return bool(wanted) and f" {wanted} " in f" {key} "


def meant(typed: str, keys: Collection[str]) -> list[str]:
    """The folded names among ``keys`` that are meant, in order."""
    found = [key for key in keys if begins(typed, key)]
    return sorted(found or [key for key in keys if holds(typed, key)])


def taken_for(typed: str, names: Sequence[str], count: int) -> str:
    """What to tell who typed a part of a name: the first of the ``count`` names that it was taken for."""
    more = f" and {count - SHOWN} more" if count > SHOWN else ""
    return f"unit {typed!r} taken for: {'; '.join(names[:SHOWN])}{more}"


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
