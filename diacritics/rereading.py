"""Which words a second reading asks again: those that expected words join and the few around them.

Their neighbours stand as the first reading left them: what it read far away does not change with them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from diacritics.candidates import Candidates
from diacritics.lattice import Draft
from diacritics.tokens import Atom
from diacritics.tokens import Kind as AtomKind

_SETTLED = 0.9999
"""A word this probable is not asked again wherever it stands."""
_ASKED = 2
"""Words to each side of an expected one that are asked again."""
_CONTEXT = 3
"""Words that stand fixed at each edge: as many as the language model looks back."""


def windows(
    batch: Sequence[Sequence[Atom]],
    more: Container[int],
    draft: Draft,
    path: Sequence[int],
    probability: NDArray[np.float64],
) -> tuple[list[list[Atom]], dict[int, Candidates]]:
    """The stretches to be read again, and the words that stand fixed in them, by where they start.

    ``more``: where the words start that have got further candidates; ``path`` and ``probability``: what the first
    reading of ``batch`` (``draft``) came to.
    """
    rows = {draft.slots[draft.slot[row]].start: row for row in path if draft.slot[row] >= 0}
    whole = {start: row for start, row in rows.items() if draft.slots[draft.slot[row]].whole}
    found: list[list[Atom]] = []
    settled: dict[int, Candidates] = {}
    for clause in _clauses(batch):
        centres = [i for i, atom in enumerate(clause) if atom.start in more]
        if not centres:
            continue
        for low, high in _stretches(clause, centres, whole):
            found.append(clause[low:high])
            for i in range(low, high):
                row = whole.get(clause[i].start)
                if row is None or clause[i].start in more:
                    continue
                if probability[row] > _SETTLED or min(abs(i - centre) for centre in centres) > _ASKED:
                    own = (draft.text[row],), (draft.word[row],), (draft.score[row],)
                    settled[clause[i].start] = Candidates(*own, 0, poor=False)
    return found, settled


def _stretches(clause: Sequence[Atom], centres: Sequence[int], whole: Container[int]) -> Iterator[tuple[int, int]]:
    """From where to where ``clause`` is read again around ``centres``: far enough that fixed words stand at the edges.

    Words that were merged, split or taken with a speck (not ``whole``) cannot be fixed.
    """
    fixed = [atom.kind is not AtomKind.WORD or atom.start in whole for atom in clause]
    start = end = 0
    for centre in centres:
        low, high = _edge(fixed, centre, -1), _edge(fixed, centre, 1) + 1
        if end and low > end:
            yield start, end
            start = low
        elif not end:
            start = low
        start, end = min(start, low), max(end, high)
    yield start, end


def _edge(fixed: Sequence[bool], centre: int, step: int) -> int:
    """The last of the words from ``centre`` on in one direction that belong to its stretch."""
    at, sure = centre, 0
    while 0 <= at + step < len(fixed) and sure < _CONTEXT:
        at += step
        sure = sure + 1 if fixed[at] and abs(at - centre) > _ASKED else 0
    return at


def _clauses(batch: Sequence[Sequence[Atom]]) -> Iterator[list[Atom]]:
    """The paragraphs cut behind marks that no small letter follows (before one the mark may be a speck)."""
    for paragraph in batch:
        clause: list[Atom] = []
        for atom in paragraph:
            if clause and clause[-1].kind is AtomKind.STOP and not atom.text[0].islower():
                yield clause
                clause = []
            clause.append(atom)
        if clause:
            yield clause


def asked_again(again: Sequence[Sequence[Atom]], settled: Container[int]) -> Callable[[int], bool]:
    """Tells whether what starts at a place is in a stretch read ``again`` and not among the ``settled``."""
    starts = [stretch[0].start for stretch in again]
    ends = [stretch[-1].end for stretch in again]

    def asked(start: int) -> bool:
        at = bisect_right(starts, start) - 1
        return at >= 0 and start < ends[at] and start not in settled

    return asked
