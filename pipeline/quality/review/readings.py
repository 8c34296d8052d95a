"""What was read at a place before restoration, and what else it may mean: asked of whoever can read.

The review knows results, not how plans are read; the command that starts it hands in a reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Doubted:
    """A piece of the text that restoration changed or doubts, with its other readings, likeliest first."""

    printed: str
    text: str
    confidence: float
    alternatives: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """``printed``: the words at the place as the engine or the text layer gave them; None where that is not known."""

    printed: str | None
    doubted: tuple[Doubted, ...]


class Reader(Protocol):
    """Looks up a box (PDF points from the top left) on a page (from 1) of a file, and judges ``text`` found there."""

    def __call__(self, sha256: str, page: int | None, box: Box | None, text: str) -> Reading: ...


def no_reader(sha256: str, page: int | None, box: Box | None, text: str) -> Reading:
    """Knows nothing."""
    return Reading(None, ())
