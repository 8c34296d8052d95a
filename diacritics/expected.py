"""Words the context expects where what was read suits none: "công chﬁp, viên chức" -> "công chức, viên chức".

The lattice holds the likeliest words by the channel alone. A stroke, a fold or a stamp spoils letters beyond what the
channel has seen, and then the right word is not among them. Where the best path is unlikely, every syllable is weighed
once more, any of its letters spoilt, together with the words beside it; the few that may win join the lattice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diacritics.candidates import ABBREVIATION, Candidates
from diacritics.channel_file import load_channel
from diacritics.decoder import likelihoods
from diacritics.lattice import Draft
from diacritics.model import language_model
from diacritics.tokens import levelled
from diacritics.vocabulary import BOUNDARY

Index = NDArray[np.int64]
Values = NDArray[np.float64]

_UNLIKELY = -7.0
"""A word as unlikely as this behind the words before it, and no help to the word behind it, may be wrong."""
_UNHELPFUL = -4.0
_POORLY_READ = -7.0
_DOUBTFUL = 0.6
_NEIGHBOURS = 2
_GAP = 6.0
"""How far a word may lie behind the best that is there."""
_MOST = 16
_WEAK = 3.0
"""The most that context can make good of what a neighbour lacks."""
_LONGEST = 16


@dataclass(frozen=True)
class Spot:
    """A printed word that may be past reading: its nodes in the draft and the points it stands between."""

    slot: int
    printed: str
    start: int
    end: int
    rows: Index


def expected(draft: Draft, text: str, path: Sequence[int], probability: Values, weight: float) -> dict[int, Candidates]:
    """More candidates for words that the best ``path`` through ``draft`` leaves unlikely, by where they start."""
    spots = _spots(draft, text, path, probability)
    if not spots:
        return {}
    points = np.array(draft.start), np.array(draft.end)
    word, score = np.array(draft.word), np.array(draft.score)
    order = np.argsort(points[0], kind="stable"), np.argsort(points[1], kind="stable")
    places = points[0][order[0]], points[1][order[1]]
    standing = score + language_model().frequencies[word]
    guesses = load_channel("garbled").spoilt([levelled(s.printed) for s in spots])
    result: dict[int, Candidates] = {}
    for spot, guess in zip(spots, guesses, strict=True):
        after = _beside(places[0], order[0], spot.end, probability, standing)
        before = _beside(places[1], order[1], spot.start, probability, standing)
        left, right = (word[before], _behind(standing[before])), (word[after], _behind(standing[after]))
        own = word[spot.rows]
        best = (score[spot.rows] + weight * _fit(own, left, right)).max()
        fit = guess.scores + weight * _fit(guess.ids, left, right)
        at = np.argsort(-fit, kind="stable")[:_MOST]
        there = dict(zip(own.tolist(), score[spot.rows].tolist(), strict=True))
        kept = [
            i for i in at[fit[at] > best - _GAP].tolist() if guess.scores[i] > there.get(int(guess.ids[i]), -99.0) + 0.5
        ]
        if kept:
            result[draft.slots[spot.slot].start] = Candidates(
                tuple(guess.words[i] for i in kept),
                tuple(guess.ids[kept].tolist()),
                tuple(guess.scores[kept].tolist()),
                -1,
                poor=True,
            )
    return result


def _spots(draft: Draft, text: str, path: Sequence[int], probability: Values) -> list[Spot]:
    """Printed words that were read poorly, are unlikely where they stand, or have been merged, split or left out."""
    ids = np.array([BOUNDARY, BOUNDARY, *(draft.word[row] for row in path)])
    likely = likelihoods(language_model(), ids[:-2], ids[1:-1], ids[2:])
    following = np.append(likely[1:], 0.0)
    suspect: dict[int, bool] = {}
    for row, own, beyond in zip(path, likely.tolist(), following.tolist(), strict=True):
        slot = draft.slot[row]
        if slot >= 0:
            doubtful = probability[row] < _DOUBTFUL or draft.score[row] < _POORLY_READ
            suspect[slot] = suspect.get(slot, False) or doubtful or (own < _UNLIKELY and beyond < _UNHELPFUL)
    spans = sorted((draft.slots[s].start, draft.slots[s].end) for s, wrong in suspect.items() if wrong)
    if not spans:
        return []
    starts = np.array([a for a, _ in spans])
    slots = np.array(draft.slot)
    by_slot = np.argsort(slots, kind="stable")
    slots = slots[by_slot]
    result = []
    for number, own in enumerate(draft.slots):
        at = int(np.searchsorted(starts, own.start, "right")) - 1
        printed = text[own.start : own.end]
        if not own.whole or at < 0 or own.end > spans[at][1] or not 1 < len(printed) <= _LONGEST:
            continue
        if ABBREVIATION.fullmatch(printed) or printed.isdecimal() or not any(c.isalpha() for c in printed):
            continue
        rows = by_slot[slice(*np.searchsorted(slots, [number, number + 1]))]
        if len(rows) > 1:
            result.append(Spot(number, printed, draft.start[rows[0]], draft.end[rows[0]], rows))
    return result


def _beside(points: Index, order: Index, point: int, probability: Values, standing: Values) -> Index:
    """The likeliest nodes at a point."""
    low, high = np.searchsorted(points, [point, point + 1])
    rows = order[low:high]
    return rows[np.lexsort((-standing[rows], -probability[rows]))][:_NEIGHBOURS]


def _behind(standing: Values) -> Values:
    """By how much each neighbour lies behind the best, as far as context cannot make it good."""
    result: Values = np.maximum(standing - standing.max(initial=-99.0), -_WEAK)
    return result


def _fit(words: Index, left: tuple[Index, Values], right: tuple[Index, Values]) -> Values:
    """How well words stand between their neighbours: the best of log p(word | left) and of log p(right | word)."""
    model = language_model()
    result = np.zeros(len(words))
    for (neighbours, behind), before in ((left, True), (right, False)):
        if len(neighbours):
            own, other = np.tile(words, len(neighbours)), np.repeat(neighbours, len(words))
            likely = likelihoods(model, other, own) if before else likelihoods(model, own, other)
            result += (likely.reshape(len(neighbours), len(words)) + behind[:, None]).max(axis=0)
    return result
