"""What restoration returns: tokens and their other readings."""

from __future__ import annotations

from typing import NamedTuple


class Alternative(NamedTuple):
    """Another reading of a token and its probability."""

    text: str
    score: float


class Token(NamedTuple):
    """A piece of the input from ``start`` to ``end`` and what it is restored to.

    A token may span two printed words that were one, and its text may hold a space where one printed word was two.
    """

    printed: str
    text: str
    start: int
    end: int
    confidence: float
    changed: bool
    alternatives: tuple[Alternative, ...] = ()
