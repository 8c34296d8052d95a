"""Words that open the formal parts of a document on the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold_words


@dataclass(frozen=True, slots=True)
class ZoneWords:
    """Folded phrases, words joined by single spaces."""

    motto: tuple[str, ...]
    recipients: tuple[str, ...]
    capacity: frozenset[str]
    offices: tuple[str, ...]
    digital_signature: tuple[str, ...]
    stamps: tuple[str, ...]


@cache
def zone_words() -> ZoneWords:
    data = load_table("zones")

    def phrases(key: str) -> tuple[str, ...]:
        return tuple(" ".join(fold_words(phrase)) for phrase in data[key])

    return ZoneWords(
        motto=phrases("motto"),
        recipients=phrases("recipients"),
        capacity=frozenset(phrases("capacity")),
        offices=phrases("offices"),
        digital_signature=phrases("digital_signature"),
        stamps=phrases("stamps"),
    )
