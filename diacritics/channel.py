"""The noisy channel: which clean words may stand behind a noisy one, and how probable the noise is.

A channel rests on counts learned from pairs (:mod:`diacritics.channel_file`): for each clean word, onset, rime and
letter the noisy forms it was read as. The probability of a noisy word given a clean one mixes three models, whole word
first:

    p(noisy | clean) = (1 - u) c(clean, noisy) / c(clean) + u (a p_parts + (1 - a) p_letters)

where u falls with c(clean), but not below a fifth: the layers of real scanners garble in ways no training page had.
``p_parts`` multiplies onset and rime; ``p_letters`` gives each clean letter zero to three noisy characters and lets any
letter be read twice ("thyuc" for "thực": ự read as y and as u).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from diacritics.model import language_model, vocabulary
from diacritics.spelling import MAX_SEGMENT, Index, Scores, Spelling, batches
from diacritics.syllables import strip_marks
from diacritics.tokens import is_scrap

_PARTS_SHARE = 0.5
_READ_TWICE = math.log(0.01)
_INSERTED = math.log(5e-4)
_SHAPELESS = -2.5
"""Cost of taking a word that begins with a digit or a sign for one that begins with a capital."""
_ALL_DIGITS = math.log(0.03)
"""Where one letter of a word was read as a digit, the others often are too ("601" for "đổi")."""
_LEAST_LETTERS = -25.0
_LEAST_SHARE = 1e-12
_LEAST_PARTS = 1e-6
_FOREIGN_GAP = 2
"""Letters that a foreign word may gain or lose."""
_BATCH = 64
"""Noisy words scored at once: few enough for the processor's cache."""
_MOST_SPOILT = 250
_MOST_REMEMBERED = 200_000
_MOST_GUESSES = 5_000
_LONGEST = 24
"""Characters of a noisy word beyond which no single word can stand behind it."""
_BEAM = 32
_BEAM_GAP = 11.0
_DAMAGED = (-8.0, -7.5, -9.5, -12.0)
"""log probability that a stroke or a speck spoilt one letter, by the number of signs it was then read as."""
_WRECK = -15.5
"""A word of which no reading is better than this, together with how common it is, is searched again with any letter
spoilt."""
_WRECK_BEAM = 64
_ONE_LEFT = -9.0
"""log probability that a given letter is all that is left of a word."""
_MOST_LEFT = 400


class Reading(NamedTuple):
    """A clean word that may stand behind a noisy one, its id in the vocabulary; ``score`` is log p(noisy | clean)."""

    word: str
    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Guess:
    """Clean words (rows of ``spelling``) that may stand behind a spoilt one, and log p(noisy | clean) by letters."""

    spelling: Spelling
    rows: Index
    scores: Scores


Shares = dict[str, tuple[Index, NDArray[np.float64]]]
"""The clean onsets (rimes) that may stand behind a noisy one, as indices, with their probabilities."""


@dataclass(frozen=True)
class Shape:
    """Clean words of one shape and what the channel knows of them and of their parts."""

    spelling: Spelling
    onsets: Shares
    rimes: Shares
    unseen: NDArray[np.float64]
    """The share of each word's noise that its own counts do not tell."""
    index: dict[str, int] = field(repr=False)

    def of_parts(self, noisy: str) -> Iterator[tuple[Index, NDArray[np.float64]]]:
        """Clean words (rows of ``spelling``) and the shares of p(noisy | clean) that onset and rime give, by cuts."""
        for cut in range(min(4, len(noisy))):
            onset, rime = self.onsets.get(noisy[:cut]), self.rimes.get(noisy[cut:])
            if onset is not None and rime is not None:
                rows = self.spelling.place[onset[0][:, None], rime[0]]
                shares = onset[1][:, None] * rime[1]
                real = (rows >= 0) & (shares > _LEAST_PARTS)
                rows = rows[real]
                yield rows, _PARTS_SHARE * shares[real] * self.unseen[rows]

    def as_whole(self, seen: Mapping[str, float]) -> tuple[Index, NDArray[np.float64]]:
        """Clean words (rows) among ``seen`` and their shares."""
        known = [(self.index[w], share) for w, share in seen.items() if w in self.index]
        return np.array([r for r, _ in known], dtype=np.int64), np.array([p for _, p in known])


@dataclass(frozen=True)
class Channel:
    """One channel, ready to be asked. Build with :func:`diacritics.channel_file.load_channel`."""

    name: str
    by_noisy_word: dict[str, dict[str, float]]
    """c(clean, noisy) / c(clean) times the share told by counts, by noisy word and clean word."""
    well_known: frozenset[str]
    """Noisy words seen so often that their letters need no asking."""
    segment_ids: dict[str, int]
    alike: dict[str, list[int]]  # the letters (columns of ``emission``) that look like each digit
    emission: Scores  # log p(segment | letter), by segment and letter; 0 is an unknown character, the last impossible
    shapes: dict[str, Shape]
    foreign: dict[int, Spelling]
    """Words that are no syllables, by length."""
    memory: dict[str, tuple[Reading, ...]] = field(default_factory=dict, repr=False)
    guesses: dict[str, Guess] = field(default_factory=dict, repr=False)

    def readings(self, noisy: Sequence[str]) -> list[tuple[Reading, ...]]:
        """The likely clean words behind each noisy word, best first."""
        missing = sorted({w for w in noisy if w not in self.memory and len(w) <= _LONGEST})
        if missing:
            if len(self.memory) > _MOST_REMEMBERED:
                self.memory.clear()
            self._learn(missing)
        return [self.memory.get(w, ()) for w in noisy]

    def _learn(self, noisy: list[str]) -> None:
        found: dict[str, list[Reading]] = {w: [] for w in noisy}
        for case in self.shapes:
            asked = [w for w in noisy if _may_be(case, w)]
            for batch in batches(asked, _BATCH):
                for word, readings in zip(batch, self._of_shape(case, batch), strict=True):
                    found[word] += readings
        for batch in batches((w for w in noisy if _may_be_foreign(w)), _BATCH):
            for word, readings in zip(batch, self._foreign(batch), strict=True):
                found[word] += readings
        for word in noisy:
            self.memory[word] = _ranked(found[word] + self._remembered(word))
        wrecks: dict[str, list[str]] = defaultdict(list)
        for word in noisy:
            if _may_be_wreck(word) and self._unexplained(word):
                wrecks[_shape_of(word)].append(word)
        for shaped, words in wrecks.items():
            for batch in batches(words, _BATCH):
                for word, readings in zip(batch, self._of_shape(shaped, batch, damaged=True), strict=True):
                    self.memory[word] = _ranked([*readings, *self.memory[word]])

    def _unexplained(self, noisy: str) -> bool:
        common = language_model().commonness
        return all(r.score + common[r.id] < _WRECK for r in self.memory[noisy])

    def _remembered(self, noisy: str) -> list[Reading]:
        """Readings that only counts of whole words tell: words in mixed case, foreign words."""
        known = vocabulary()
        seen = self.by_noisy_word.get(noisy, {})
        return [Reading(w, known.id_of(w), math.log(p)) for w, p in seen.items() if p > _LEAST_SHARE]

    def spoilt(self, noisy: Sequence[str]) -> list[Guess]:
        """For each noisy word the clean words that come nearest if strokes or specks spoilt any of their letters."""
        if len(self.guesses) > _MOST_GUESSES:
            self.guesses.clear()
        missing = {w for w in noisy if w not in self.guesses}
        for case in self.shapes:
            spelling = self.shapes[case].spelling
            for batch in batches((w for w in missing if _shape_of(w) == case), _BATCH):
                if len(batch[0]) == 1:
                    self.guesses.update({letter: _remains(spelling, letter) for letter in batch})
                    continue
                letters = spelling.scores(self._segments(batch, damaged=True))
                weighed = letters + spelling.common[:, None]
                best = np.argpartition(-weighed, _MOST_SPOILT, axis=0)[:_MOST_SPOILT]
                for i, word in enumerate(batch):
                    rows = np.sort(best[:, i])
                    self.guesses[word] = Guess(spelling, rows, letters[rows, i])
        return [self.guesses[w] for w in noisy]

    def _of_shape(self, case: str, noisy: list[str], *, damaged: bool = False) -> list[list[Reading]]:
        """Readings of noisy words of one length among the clean words of one shape."""
        shape = self.shapes[case]
        spelling = shape.spelling
        asked = [i for i, w in enumerate(noisy) if damaged or w not in self.well_known]
        letters = np.full((len(spelling.words), len(noisy)), -np.inf, dtype=np.float32)
        if asked:
            letters[:, asked] = spelling.scores(self._segments([noisy[i] for i in asked], damaged=damaged))
            if case == "title":
                letters[:, [i for i in asked if not noisy[i][0].isalpha()]] += _SHAPELESS
        row, owner = _near_best(spelling, letters)
        rows, owners, shares = [row], [owner], [np.zeros(len(row))]
        for i, word in enumerate(noisy):
            for row, share in (*shape.of_parts(word), shape.as_whole(self.by_noisy_word.get(word, {}))):
                rows.append(row)
                owners.append(np.full(len(row), i))
                shares.append(share)
        keys, at = np.unique(np.concatenate(owners) * len(spelling.words) + np.concatenate(rows), return_inverse=True)
        owner, row = np.divmod(keys, len(spelling.words))
        p = np.bincount(at, np.concatenate(shares), len(keys)).astype(np.float64)
        p += shape.unseen[row] * (1 - _PARTS_SHARE) * np.exp(letters[row, owner])
        real = p > _LEAST_SHARE
        return _likely(spelling, row[real], owner[real], np.log(p[real]), len(noisy), _WRECK_BEAM if damaged else _BEAM)

    def _foreign(self, noisy: list[str]) -> list[list[Reading]]:
        segments = self._segments(noisy)
        result: list[list[Reading]] = [[] for _ in noisy]
        for length, spelling in self.foreign.items():
            if abs(length - len(noisy[0])) <= _FOREIGN_GAP:
                letters = spelling.scores(segments)
                row, owner = _near_best(spelling, letters)
                score = letters[row, owner] + math.log(1 - _PARTS_SHARE)
                found = _likely(spelling, row, owner, score, len(noisy), _BEAM)
                for own, more in zip(result, found, strict=True):
                    own += more
        return result

    def _segments(self, noisy: list[str], *, damaged: bool = False) -> Scores:
        """log p(the k characters that end at j | letter) for noisy words of one length, by letter, k, j and word.

        ``damaged``: any letter may have been spoilt.
        """
        places = len(noisy[0]) + 1
        ids = np.full((MAX_SEGMENT + 1, places, len(noisy)), len(self.emission) - 1)
        ids[0] = self.segment_ids[""]
        for i, word in enumerate(noisy):
            for j in range(1, places):
                ids[1, j, i] = self.segment_ids.get(word[j - 1], 0)
                for k in range(2, min(MAX_SEGMENT, j) + 1):
                    ids[k, j, i] = self.segment_ids.get(word[j - k : j], -1)
        table = self.emission[ids]  # by k, j, word, letter
        for i, word in enumerate(noisy):
            if len(word) > 1 and word.isdecimal():
                for j, digit in enumerate(word, 1):
                    alike = self.alike.get(digit, [])
                    table[1, j, i, alike] = np.maximum(table[1, j, i, alike], _ALL_DIGITS)
        one, two, three = table[1], table[2], table[3]
        twice = np.maximum(one[1:-1] + one[2:] + _READ_TWICE, np.maximum(one[1:-1], one[2:]) + _INSERTED)
        np.maximum(two[2:], twice, out=two[2:])
        np.maximum(three[3:], np.maximum(two[2:-1], two[3:]) + _INSERTED, out=three[3:])
        if damaged:
            for k, cost in enumerate(_DAMAGED):
                np.maximum(table[k, k:], cost, out=table[k, k:])
        return np.ascontiguousarray(table.transpose(3, 0, 1, 2))


def _remains(spelling: Spelling, letter: str) -> Guess:
    """The most common words of which ``letter`` may be all that is left."""
    holding = np.array([i for i, word in enumerate(spelling.words) if letter in strip_marks(word)], dtype=np.int64)
    rows = np.sort(holding[np.argsort(-spelling.common[holding], kind="stable")[:_MOST_LEFT]])
    return Guess(spelling, rows, np.full(len(rows), _ONE_LEFT, dtype=np.float32))


def _near_best(spelling: Spelling, letters: Scores) -> tuple[Index, Index]:
    """Clean and noisy words (rows and columns of ``letters``) of which likelihood and frequency lie near the best."""
    weighed = letters + spelling.common[:, None]
    weighed[letters < _LEAST_LETTERS] = -np.inf
    least = np.maximum(weighed.max(axis=0) - _BEAM_GAP, -99.0)
    row, owner = np.nonzero(weighed >= least)
    return row, owner


def _likely(
    spelling: Spelling,
    row: Index,
    owner: Index,
    score: NDArray[np.floating],
    count: int,
    most: int,
) -> list[list[Reading]]:
    """The likeliest words of ``spelling`` (rows) for each of ``count`` noisy words (owners)."""
    order = np.lexsort((row, -score - spelling.common[row], owner))
    owner, row, score = owner[order], row[order], score[order]
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    kept = rank < most
    owner, row, score = owner[kept], row[kept], score[kept]
    result: list[list[Reading]] = [[] for _ in range(count)]
    words = spelling.words
    for i, r, number, value in zip(
        owner.tolist(), row.tolist(), spelling.ids[row].tolist(), score.tolist(), strict=True
    ):
        result[i].append(Reading(words[r], number, value))
    return result


def _ranked(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Each word once, the likeliest first."""
    common = language_model().commonness
    best: dict[str, Reading] = {}
    for reading in readings:
        known = best.get(reading.word)
        if known is None or reading.score > known.score:
            best[reading.word] = reading
    return tuple(sorted(best.values(), key=lambda r: (-r.score - common[r.id], r.word)))


def _may_be_wreck(noisy: str) -> bool:
    """Whether ``noisy`` looks like a spoilt syllable: not like a name, an abbreviation or a foreign word."""
    if len(noisy) < 3 or not any(c.isalpha() for c in noisy) or is_scrap(noisy):
        return False
    plain = noisy.isascii() and noisy.isalpha()
    speakable = not set(noisy.lower()).isdisjoint("aeiouy")
    return not plain or noisy.islower() or not (noisy.isupper() or speakable)


def _may_be(case: str, noisy: str) -> bool:
    """Whether a noisy word may stem from a clean word in lower case, with a capital first, or in capitals."""
    upper = sum(c.isupper() for c in noisy)
    if case == "lower":
        return upper == 0 or (upper == 1 and noisy[0] in "IO") or (upper < len(noisy) and noisy[0].islower())
    if case == "title":
        return not noisy[0].islower()
    return upper >= 1 and 2 * upper >= sum(c.isalpha() for c in noisy)


def _shape_of(noisy: str) -> str:
    """The shape of the clean word; one capital among signs ("K&") begins a word."""
    if noisy.isupper() and sum(c.isalpha() for c in noisy) > 1:
        return "upper"
    return "title" if noisy[0].isupper() and (noisy.isupper() or noisy[1:].islower()) else "lower"


def _may_be_foreign(noisy: str) -> bool:
    return len(noisy) > 3 and any(c.isupper() for c in noisy[1:]) and not is_scrap(noisy)
