"""Two texts side by side, word by word: what stayed, what went, what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from rapidfuzz.distance import LCSseq

Change = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Piece:
    """Words in a row that share a fate: ``same`` in both texts, ``gone`` from the first, ``new`` in the second."""

    change: Change
    text: str


def compare_words(before: str, after: str) -> list[Piece]:
    """The pieces in reading order; what is replaced goes before what replaces it."""
    own, theirs = before.split(), after.split()
    pieces: list[Piece] = []
    gone: list[str] = []
    new: list[str] = []

    def close() -> None:
        """What was replaced since the last common words: first what went, then what came."""
        for change, words in (("gone", gone), ("new", new)):
            if words:
                pieces.append(Piece(cast(Change, change), " ".join(words)))
                words.clear()

    for step in LCSseq.opcodes(own, theirs):
        if step.tag == "equal":
            close()
            pieces.append(Piece("same", " ".join(own[step.src_start : step.src_end])))
        else:
            gone += own[step.src_start : step.src_end]
            new += theirs[step.dest_start : step.dest_end]
    close()
    return pieces
