"""Words in doubt judged once more, by the words on both sides of them: "địa phương tién phong" -> "tiên phong".

The decoder's language model looks three words back. The network of :mod:`diacritics.context_model` looks at five words
on each side; what it says is mixed with what the decoder came to. A word in doubt near another one is judged under the
other's likeliest readings, each as far as it is likely.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diacritics.context_model import AROUND, SIDE
from diacritics.lattice import Draft
from diacritics.model import context_model
from diacritics.tokens import Atom
from diacritics.vocabulary import BOUNDARY

Index = NDArray[np.int64]
Values = NDArray[np.float64]

_IN_DOUBT = 0.995
"""Words less probable than this are judged once more."""
_RIVAL = 1e-4
"""Least probability of a reading that may still win."""
_DECODED, _CONTEXT, _READ = 0.8, 0.2, 0.1
"""What the decoder's log probability, the network's, and the channel's score weigh."""
_NEAR = 2
"""How far away a word in doubt has its other readings tried."""
_OTHERS = 3
_LIKELY_OTHER = 0.01
_LEAST_AS_READ = 0.05


class Entry(NamedTuple):
    """A word of the best path, its place in the text, its row in the draft (-1 if it is there as context only)."""

    start: int
    word: int
    row: int


def entries(draft: Draft, path: Sequence[int]) -> list[Entry]:
    """The words of ``path`` in order, boundaries once each; pieces of words and merged words are context only."""
    result: list[Entry] = []
    end = 0
    for number, run in groupby(path, key=draft.slot.__getitem__):
        rows = list(run)
        if number < 0:
            if not result or result[-1].word != BOUNDARY:
                result.append(Entry(end, BOUNDARY, -1))
            continue
        start, end, whole = draft.slots[number]
        if len(rows) == 1:
            result.append(Entry(start, draft.word[rows[0]], rows[0] if whole else -1))
        else:
            result += [Entry(start, draft.word[row], -1) for row in rows]
    return result


def within(first: Sequence[Entry], second: Sequence[Entry], again: Sequence[Sequence[Atom]]) -> list[Entry]:
    """The words of a ``second`` reading of the stretches ``again`` amid those of the ``first``, as their context."""
    starts = [stretch[0].start for stretch in again]

    def inside(entry: Entry) -> bool:
        at = bisect_right(starts, entry.start) - 1
        return at >= 0 and entry.start < again[at][-1].end

    context = (Entry(entry.start, entry.word, -1) for entry in first if not inside(entry))
    return sorted([*context, *filter(inside, second)], key=lambda entry: entry.start)


def rescore(draft: Draft, line: Sequence[Entry], probability: Values) -> None:
    """Share the ``probability`` of the readings (rows of ``draft``) of each word in doubt among them anew."""
    slots = _in_doubt(draft, line, probability)
    if not slots:
        return
    words = np.full(len(line) + 2 * SIDE, BOUNDARY)
    words[SIDE:-SIDE] = [entry.word for entry in line]
    word, read = draft.lattice.word, draft.lattice.score
    contexts: list[Index] = []
    slot_of: list[int] = []
    share: list[float] = []
    for number, (at, _) in enumerate(slots.items()):
        as_read = words[at + SIDE + AROUND]
        others = list(_others(slots, at, words, word, probability))
        contexts += [as_read, *(np.where(at + AROUND == place, other, as_read) for place, other, _ in others)]
        share += [max(_LEAST_AS_READ, 1.0 - sum(p for _, _, p in others)), *(p for _, _, p in others)]
        slot_of += [number] * (1 + len(others))
    rows = list(slots.values())
    sizes = np.array([len(r) for r in rows])
    context_sizes = sizes[slot_of]
    owner = np.repeat(np.arange(len(contexts)), context_sizes)
    flat = np.concatenate([rows[number] for number in slot_of])
    fits = context_model().log_probability(np.array(contexts), owner, word[flat]) + np.log(share)[owner]
    first = np.cumsum([0, *sizes])[slot_of]
    place = np.arange(len(owner)) - np.repeat(np.cumsum(context_sizes) - context_sizes, context_sizes) + first[owner]
    fit = np.full(int(sizes.sum()), -np.inf)
    np.logaddexp.at(fit, place, fits)
    flat = np.concatenate(rows)
    owner = np.repeat(np.arange(len(rows)), sizes)
    before = probability[flat]
    total = _DECODED * np.log(before) + _CONTEXT * fit + _READ * read[flat]
    best = np.full(len(rows), -np.inf)
    np.maximum.at(best, owner, total)
    after = np.exp(total - best[owner])
    probability[flat] = after * (np.bincount(owner, before) / np.bincount(owner, after))[owner]


def _in_doubt(draft: Draft, line: Sequence[Entry], probability: Values) -> dict[int, Index]:
    """The places (in ``line``) of words in doubt, each with the rows of its readings, likeliest first."""
    own = {draft.slot[e.row]: i for i, e in enumerate(line) if e.row >= 0 and probability[e.row] < _IN_DOUBT}
    rivals: dict[int, list[int]] = {place: [] for place in own.values()}
    for row in np.flatnonzero(probability > _RIVAL).tolist():
        if (place := own.get(draft.slot[row])) is not None:
            rivals[place].append(row)
    found = {place: np.array(rows) for place, rows in rivals.items() if len(rows) > 1}
    return {place: rows[np.argsort(-probability[rows], kind="stable")] for place, rows in found.items()}


def _others(
    slots: dict[int, Index], at: int, words: Index, word: Index, probability: Values
) -> Iterator[tuple[int, int, float]]:
    """Other likely readings of words in doubt near ``at``: their place, the word, its probability."""
    for place in range(at - _NEAR, at + _NEAR + 1):
        if place == at or place not in slots:
            continue
        rows = slots[place][:_OTHERS]
        shares = probability[rows] / probability[slots[place]].sum()
        for other, share in zip(word[rows].tolist(), shares.tolist(), strict=True):
            if other != words[place + SIDE] and share > _LIKELY_OTHER:
                yield place, other, share
