"""Vietnamese text as it is searched: without marks and case, so that "chuyen doi so" finds "chuyển đổi số"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.quality.scoring.levelling import bare


def searchable(text: str) -> str:
    """``text`` without marks, case and runs of blanks."""
    return " ".join(bare(text).casefold().split())


def finds(query: str, folded: str) -> bool:
    """Whether every word of ``query`` stands in ``folded``, a text made by :func:`searchable`."""
    return all(word in folded for word in searchable(query).split())


def texts_of(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_of(part)
