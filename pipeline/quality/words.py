"""Two texts side by side, word by word: what stayed, what went, what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    for step in LCSseq.opcodes(own, theirs):
        i, i_end, j, j_end = step.src_start, step.src_end, step.dest_start, step.dest_end
        if step.tag == "equal":
            pieces.append(Piece("same", " ".join(own[i:i_end])))
            continue
        if i < i_end:
            pieces.append(Piece("gone", " ".join(own[i:i_end])))
        if j < j_end:
            pieces.append(Piece("new", " ".join(theirs[j:j_end])))
    return pieces
