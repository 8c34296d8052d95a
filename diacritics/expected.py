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
from diacritics.lattice import Draft, Slot
from diacritics.model import language_model
from diacritics.tokens import levelled
from diacritics.vocabulary import BOUNDARY

Index = NDArray[np.int64]
Values = NDArray[np.float64]

_UNLIKELY = -7.0
"""A word as unlikely as this behind the words before it, and no help to the word behind it, may be wrong."""
_UNHELPFUL = -4.0
_UNLIKELY_LETTER = -5.0
"""A letter that stands alone, as unlikely as this, may be the rest of a word."""
_POORLY_READ = -7.0
_DOUBTFUL = 0.6
_NEIGHBOURS = 2
_GAP = 6.0
"""How far a word may lie behind the best that is there."""
_MOST = 16
_WEAK = 3.0
"""The most that context can make good of what a neighbour lacks."""
_LONGEST = 16
_ROUNDING = 0.1
"""By how much a likelihood may exceed 1: logarithms, rounded, with a share of any context."""


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
    lattice = draft.lattice
    points, word, score = (lattice.start, lattice.end), lattice.word, lattice.score
    order = np.argsort(points[0], kind="stable"), np.argsort(points[1], kind="stable")
    places = points[0][order[0]], points[1][order[1]]
    standing = score + language_model().frequencies[word]
    guesses = load_channel("garbled").spoilt([levelled(s.printed) for s in spots])
    sides = tuple(
        _side(places[i], order[i], points, word, probability, standing)
        for i, points in ((1, [s.start for s in spots]), (0, [s.end for s in spots]))
    )
    rows = np.concatenate([s.rows for s in spots])
    owner = np.repeat(np.arange(len(spots)), [len(s.rows) for s in spots])
    best = np.full(len(spots), -np.inf)
    np.maximum.at(best, owner, _fits(word[rows], score[rows], owner, sides, best, weight))
    ids = np.concatenate([g.spelling.ids[g.rows] for g in guesses])
    read = np.concatenate([g.scores for g in guesses]).astype(np.float64)
    bounds = np.cumsum([0, *(len(g.rows) for g in guesses)])
    fits = _fits(ids, read, np.repeat(np.arange(len(spots)), np.diff(bounds)), sides, best - _GAP, weight)
    result: dict[int, Candidates] = {}
    for spot, guess, start, end in zip(spots, guesses, bounds, bounds[1:], strict=False):
        at = start + np.argsort(-fits[start:end], kind="stable")[:_MOST]
        at = at[fits[at] > -np.inf]
        if not len(at):
            continue
        there = dict(zip(word[spot.rows].tolist(), score[spot.rows].tolist(), strict=True))
        kept = [i for i in at.tolist() if read[i] > there.get(int(ids[i]), -99.0) + 0.5]
        if kept:
            result[draft.slots[spot.slot].start] = Candidates(
                tuple(guess.spelling.words[row] for row in guess.rows[np.array(kept) - start].tolist()),
                tuple(ids[kept].tolist()),
                tuple(read[kept].tolist()),
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
            place = draft.slots[slot]
            doubtful = probability[row] < _DOUBTFUL or draft.score[row] < _POORLY_READ
            doubtful |= own < (_UNLIKELY_LETTER if place.end - place.start == 1 else _UNLIKELY) and beyond < _UNHELPFUL
            suspect[slot] = suspect.get(slot, False) or doubtful
    spans = sorted((draft.slots[s].start, draft.slots[s].end) for s, wrong in suspect.items() if wrong)
    if not spans:
        return []
    start, end, whole = np.array(draft.slots).T
    at = np.searchsorted([a for a, _ in spans], start, "right") - 1
    within = (whole > 0) & (at >= 0) & (end <= np.array([b for _, b in spans])[at])
    slots = np.array(draft.slot)
    by_slot = np.argsort(slots, kind="stable")
    bounds = np.searchsorted(slots, np.arange(len(draft.slots) + 1), sorter=by_slot).tolist()
    points = draft.lattice
    result = []
    for number in np.flatnonzero(within).tolist():
        own = draft.slots[number]
        printed = text[own.start : own.end]
        if len(printed) > _LONGEST or (len(printed) == 1 and not _stands_alone(text, own)):
            continue
        if ABBREVIATION.fullmatch(printed) or printed.isdecimal() or not any(c.isalpha() for c in printed):
            continue
        rows = by_slot[bounds[number] : bounds[number + 1]]
        if len(rows) > 1:
            result.append(Spot(number, printed, int(points.start[rows[0]]), int(points.end[rows[0]]), rows))
    return result


def _stands_alone(text: str, place: Slot) -> bool:
    """Whether a small letter is at ``place``, blanks around it."""
    around = text[max(0, place.start - 1) : place.start] + text[place.end : place.end + 1]
    return text[place.start].islower() and (not around or around.isspace())


def _side(
    places: Index, order: Index, points: Sequence[int], word: Index, probability: Values, standing: Values
) -> tuple[Index, Values]:
    """The likeliest words at each point, and by how much each lies behind the best (as far as context cannot help it).

    Where there are fewer, the rest lie behind by an infinite amount.
    """
    words, behind = np.zeros((len(points), _NEIGHBOURS), dtype=np.int64), np.full((len(points), _NEIGHBOURS), -np.inf)
    for i, (low, high) in enumerate(np.searchsorted(places, [[p, p + 1] for p in points]).tolist()):
        rows = order[low:high]
        rows = rows[np.lexsort((-standing[rows], -probability[rows]))][:_NEIGHBOURS]
        words[i, : len(rows)] = word[rows]
        behind[i, : len(rows)] = np.maximum(standing[rows] - standing[rows].max(initial=-99.0), -_WEAK)
    return words, behind


def _fits(
    words: Index,
    scores: Values,
    owner: Index,
    sides: Sequence[tuple[Index, Values]],
    least: Values,
    weight: float,
) -> Values:
    """``scores`` plus how well the words stand between the neighbours of their spots (``owner``): left, then right.

    On each side the best neighbour counts. -inf where no more than the ``least`` of the spot can come out.
    """
    model = language_model()
    result = scores.copy()
    for (neighbours, behind), before in zip(sides, (True, False), strict=True):
        alive = np.flatnonzero(result > least[owner] - _ROUNDING)
        own, spot = words[alive], owner[alive]
        best = np.full(len(own), -np.inf)
        for other, cost in zip(neighbours.T, behind.T, strict=True):
            pair = (other[spot], own) if before else (own, other[spot])
            np.maximum(best, likelihoods(model, *pair) + cost[spot], out=best)
        best[best == -np.inf] = 0.0
        fit = np.full(len(result), -np.inf)
        fit[alive] = result[alive] + weight * best
        result = fit
    result[result <= least[owner]] = -np.inf
    return result
