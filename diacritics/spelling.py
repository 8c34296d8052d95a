"""Clean words cut into onset and rime, all of them scored at once against noisy words.

What a word's letters were read as is scored exactly (by dynamic programming), but each onset and each rime only once:
7,104 syllables share 28 onsets and some 700 rimes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from diacritics.syllables import onset_length

Index = NDArray[np.int64]
Scores = NDArray[np.float32]

MAX_SEGMENT = 3
"""Noisy characters that one clean letter may be read as."""
_LEAST_ONSET = -16.0
"""An onset read as such noise (log probability) is none: the words that begin with it are passed over."""


@dataclass(frozen=True)
class Strings:
    """Distinct strings as a tree of letters: node 0 is the root, the nodes of a level follow those of the one above.

    ``levels`` holds, for each level, the parents of its nodes and their letters; ``ends`` the node of each string.
    """

    levels: tuple[tuple[Index, Index], ...]
    ends: Index
    backward: bool

    @staticmethod
    def of(strings: Sequence[str], letter_ids: Mapping[str, int], *, backward: bool) -> Strings:
        ends = [0] * len(strings)
        spelled = [s[::-1] if backward else s for s in strings]
        nodes = {"": 0}
        levels = []
        for depth in range(max(map(len, spelled), default=0)):
            known = len(nodes)
            for prefix in sorted({s[: depth + 1] for s in spelled if len(s) > depth}):
                nodes[prefix] = len(nodes)
            own = list(nodes)[known:]
            parents = np.array([nodes[p[:-1]] for p in own])
            levels.append((parents, np.array([letter_ids[p[-1]] for p in own])))
        ends = [nodes[s] for s in spelled]
        return Strings(tuple(levels), np.array(ends, dtype=np.int64), backward)

    def scores(self, segments: Scores) -> Scores:
        """log p(noise | string), by string, place and noisy word.

        ``segments``: log p(the k characters that end at place j | letter), by letter, k, j and noisy word. The noise of
        a string runs from the word's start to the place, or (``backward``) from the place to the word's end.
        """
        places, words = segments.shape[2:]
        result = np.full((1 + sum(len(p) for p, _ in self.levels), places, words), -np.inf, dtype=np.float32)
        result[0, places - 1 if self.backward else 0] = 0.0
        at = 1
        for parents, letters in self.levels:
            before, own = result[parents], result[at : at + len(parents)]
            np.add(before, segments[letters, 0], out=own)
            for k in range(1, min(MAX_SEGMENT, places - 1) + 1):
                emitted = segments[letters, k, k:]
                if self.backward:
                    emitted += before[:, k:]
                    np.maximum(own[:, :-k], emitted, out=own[:, :-k])
                else:
                    emitted += before[:, :-k]
                    np.maximum(own[:, k:], emitted, out=own[:, k:])
            at += len(parents)
        return result[self.ends]


@dataclass(frozen=True)
class Spelling:
    """Clean words of one shape (small letters, a capital first, capitals), sorted by onset, then rime."""

    words: tuple[str, ...]
    ids: Index
    common: Scores
    """log frequency of each word in any text."""
    onset: Index
    rime: Index
    onsets: Strings
    rimes: Strings
    onset_ids: dict[str, int] = field(repr=False)
    rime_ids: dict[str, int] = field(repr=False)
    place: Index = field(repr=False)
    """The word of each onset and rime, -1 where there is none."""
    groups: tuple[tuple[int, int, int], ...]
    """Onset, first word and end of the words that begin with it."""

    @staticmethod
    def of(words: Iterable[tuple[str, int, float]], letter_ids: Mapping[str, int], *, cut: bool = True) -> Spelling:
        """Of (word, id, log frequency); words with a letter that has no id are left out. ``cut``: in onset and rime."""
        letters = frozenset(letter_ids)
        parts = [
            (w[:at], w[at:], w, i, f)
            for w, i, f in words
            if letters.issuperset(w)
            for at in (onset_length(w) if cut else 0,)
        ]
        parts.sort()
        onsets = {o: i for i, o in enumerate(sorted({p[0] for p in parts}))}
        rimes = {r: i for i, r in enumerate(sorted({p[1] for p in parts}))}
        onset = np.array([onsets[p[0]] for p in parts], dtype=np.int64)
        rime = np.array([rimes[p[1]] for p in parts], dtype=np.int64)
        place = np.full((len(onsets), len(rimes)), -1, dtype=np.int64)
        place[onset, rime] = np.arange(len(parts))
        bounds = np.searchsorted(onset, np.arange(len(onsets) + 1)).tolist()
        return Spelling(
            tuple(p[2] for p in parts),
            np.array([p[3] for p in parts], dtype=np.int64),
            np.array([p[4] for p in parts], dtype=np.float32),
            onset,
            rime,
            Strings.of(list(onsets), letter_ids, backward=False),
            Strings.of(list(rimes), letter_ids, backward=True),
            onsets,
            rimes,
            place,
            tuple((i, bounds[i], bounds[i + 1]) for i in range(len(onsets))),
        )

    def scores(self, segments: Scores) -> Scores:
        """log p(noisy word | clean word) letter by letter, by clean and noisy word; see :meth:`Strings.scores`."""
        onsets, rimes = self.onsets.scores(segments), self.rimes.scores(segments)
        result = np.full((len(self.words), segments.shape[3]), -np.inf, dtype=np.float32)
        for onset, place in zip(*np.nonzero(onsets.max(axis=2) > _LEAST_ONSET), strict=True):
            _, start, end = self.groups[onset]
            whole = rimes[self.rime[start:end], place]
            whole += onsets[onset, place]
            np.maximum(result[start:end], whole, out=result[start:end])
        return result


def by_length(words: Iterable[tuple[str, int, float]], letter_ids: Mapping[str, int]) -> dict[int, Spelling]:
    """Spellings of words that are no syllables, by the number of their letters."""
    groups: dict[int, list[tuple[str, int, float]]] = {}
    for word in words:
        groups.setdefault(len(word[0]), []).append(word)
    spellings = {n: Spelling.of(own, letter_ids, cut=False) for n, own in sorted(groups.items())}
    return {n: spelling for n, spelling in spellings.items() if spelling.words}


def batches(words: Iterable[str], size: int) -> Iterator[list[str]]:
    """The words sorted, in lists of at most ``size`` words of the same length."""
    batch: list[str] = []
    for word in sorted(words, key=lambda w: (len(w), w)):
        if batch and (len(batch) == size or len(word) != len(batch[0])):
            yield batch
            batch = []
        batch.append(word)
    if batch:
        yield batch
