"""What went wrong, in Vietnamese, for the clerks who read the report: the sentences of ``templates/failures.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pipeline.errors import KehoachError

HOLE = "{}"
"""Stands in a sentence for what differs: a figure, a name."""
Part = Literal["reasons", "remedies"]


def reason_words(error: KehoachError) -> str:
    """What is wrong, in Vietnamese; for a sentence that is not known, what kind of thing went wrong."""
    return _translated("reasons", error.reason) or _table()["kinds"].get(error.kind, "")


def remedy_words(error: KehoachError) -> str:
    """What to do, in Vietnamese; nothing for a sentence that is not known."""
    return _translated("remedies", error.remedy)


def known_sentences(part: Part) -> set[str]:
    """The English sentences that have a Vietnamese one, with :data:`HOLE` for what differs."""
    return set(_table()[part])


def _translated(part: Part, sentence: str) -> str:
    for pattern, words in _patterns(part):
        if found := pattern.fullmatch(sentence):
            return words.format(*found.groups())
    return ""


@cache
def _patterns(part: Part) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with fewer holes first: they say more."""
    table = sorted(_table()[part].items(), key=lambda entry: entry[0].count(HOLE))
    return tuple(
        (re.compile("(.*)".join(map(re.escape, english.split(HOLE))), re.DOTALL), vietnamese)
        for english, vietnamese in table
    )


@cache
def _table() -> dict[str, dict[str, str]]:
    file = resources.files("pipeline.batch") / "templates" / "failures.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
