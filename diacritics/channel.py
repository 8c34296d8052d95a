"""The noisy channel: which clean words may stand behind a noisy one, and how probable the noise is.

A channel file (``data/channel-*.tsv``) holds counts learned from pairs: for each clean word, onset, rime and letter the
noisy forms it was read as. The probability of a noisy word given a clean one mixes three models, whole word first:

    p(noisy | clean) = (1 - u) c(clean, noisy) / c(clean) + u (a p_parts + (1 - a) p_letters)

where u falls with c(clean), but not below a fifth: the layers of real scanners garble in ways no training page had.
``p_parts`` multiplies onset and rime; ``p_letters`` gives each clean letter zero to three noisy characters and lets any
letter be read twice ("thyuc" for "thực": ự read as y and as u).
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from diacritics.model import language_model, vocabulary
from diacritics.syllables import TONES, strip_marks, syllables
from diacritics.trie import RARE, Trie

MAX_SEGMENT = 3
_WORD_PRIOR = 40.0
_LEAST_UNSEEN = 0.2
_PARTS_SHARE = 0.5
_PART_PRIOR = 4.0
_KIN_SHARES = (0.82, 0.12, 0.06)
"""Of a letter's noise, the shares told by its own counts, by letters that differ in tone, by those of the same base."""
_READ_TWICE = math.log(0.01)
_INSERTED = math.log(5e-4)
_SHAPELESS = -2.5
"""Cost of taking a word that begins with a digit or a sign for one that begins with a capital."""
_ALIKE = {"0": "o", "1": "ilr", "2": "az", "5": "s", "6": "dbo", "8": "sbo", "9": "gqo", "3": "o", "4": "a"}
"""Digits and the letters that look like them; real layers hold more of these than pages made for training."""
_LEAST = {"vowel": (5e-3, 3e-4), "plain": (5e-4, 5e-5), "consonant": (2e-4, 3e-5)}
"""Least probability of losing a letter and of reading it as any one given character, by class: vowels with marks
suffer most."""
_LEAST_ALIKE = 2e-3
_ALL_DIGITS = math.log(0.03)
"""Where one letter of a word was read as a digit, the others often are too ("601" for "đổi")."""
_LEAST_SEVERAL = 1e-6
_LEAST_PARTS = 1e-6
_LEAST_LETTERS = -25.0
_LONGEST = 24
"""Characters of a noisy word beyond which no single word can stand behind it."""
_BEAM = 48
_BEAM_GAP = 11.0
_DAMAGED = (-8.0, -7.5, -9.5, -12.0)
"""log probability that a stroke or a speck spoilt one letter, by the number of signs it was then read as."""
_WRECK = -15.5
"""A word of which no reading is better than this, together with how common it is, is searched again with any letter
spoilt."""
_WRECK_BEAM = 160
_WRECK_GAP = 16.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A clean word that may stand behind a noisy one; ``score`` is log p(noisy | clean)."""

    word: str
    score: float


@dataclass(frozen=True)
class Channel:
    """One channel, ready to be asked. Build with :func:`load_channel`."""

    name: str
    word_totals: dict[str, int]
    by_noisy_word: dict[str, list[tuple[str, int]]]
    onsets: dict[str, list[tuple[str, float]]]
    rimes: dict[str, list[tuple[str, float]]]
    letter_ids: dict[str, int]
    segment_ids: dict[str, int]
    alike: dict[str, list[int]]  # the letters (rows of ``emission``) that look like each digit
    emission: NDArray[np.float32]  # log p(segment | letter), by letter and segment; segment 0 is an unknown character
    tries: dict[str, Trie]
    common: dict[str, float]  # log probability of each syllable, lower case, in any text
    memory: dict[str, tuple[Reading, ...]] = field(default_factory=dict, repr=False)

    def readings(self, noisy: Sequence[str]) -> list[tuple[Reading, ...]]:
        """The likely clean words behind each noisy word, best first."""
        missing = sorted({w for w in noisy if w not in self.memory and len(w) <= _LONGEST})
        if missing:
            if len(self.memory) > 200_000:
                self.memory.clear()
            self._learn(missing)
        return [self.memory.get(w, ()) for w in noisy]

    def _learn(self, noisy: list[str]) -> None:
        letters: dict[str, dict[str, float]] = {w: {} for w in noisy}
        for case, trie in self.tries.items():
            asked = sorted((w for w in noisy if _may_be(case, w) and not self._well_known(w)), key=len)
            for start in range(0, len(asked), 256):
                for word, found in zip(
                    asked[start : start + 256], self._search(trie, asked[start : start + 256]), strict=True
                ):
                    shape = _SHAPELESS if case == "title" and not word[0].isalpha() else 0.0
                    letters[word].update({w: s + shape for w, s in found.items()})
        for word in noisy:
            self.memory[word] = self._combined(word, letters[word])
        wrecks: dict[str, list[str]] = defaultdict(list)
        for word in sorted((w for w in noisy if _may_be_wreck(w) and self._unexplained(w)), key=len):
            shaped = "upper" if word.isupper() else "title" if word[0].isupper() and word[1:].islower() else "lower"
            wrecks[shaped].append(word)
        for shaped, words in wrecks.items():
            for start in range(0, len(words), 32):
                some = words[start : start + 32]
                for word, found in zip(some, self._search(self.tries[shaped], some, damaged=True), strict=True):
                    for clean, score in found.items():
                        letters[word][clean] = max(score, letters[word].get(clean, -math.inf))
                    self.memory[word] = self._combined(word, letters[word], _WRECK_BEAM)

    def _unexplained(self, noisy: str) -> bool:
        readings = self.memory[noisy]
        return all(r.score + self.common.get(r.word.lower(), RARE) < _WRECK for r in readings)

    def _well_known(self, noisy: str) -> bool:
        return len(noisy) > 2 and sum(n for _, n in self.by_noisy_word.get(noisy, ())) >= 50

    def _combined(self, noisy: str, letters: dict[str, float], most: int = _BEAM) -> tuple[Reading, ...]:
        parts: dict[str, float] = defaultdict(float)
        for cut in range(min(4, len(noisy))):
            rimes = self.rimes.get(noisy[cut:])
            if not rimes:
                continue
            for onset, p in self.onsets.get(noisy[:cut], ()):
                for rime, q in rimes:
                    if p * q < _LEAST_PARTS:
                        break
                    word = onset + rime
                    parts[word] += p * q
        seen = dict(self.by_noisy_word.get(noisy, ()))
        known = syllables()
        ranked = []
        for word in {*parts, *seen, *letters}:
            lower = word.lower()
            if word in parts and word not in letters and word not in seen:
                of_one_case = word == lower or word.isupper() or word == lower.capitalize()
                if not of_one_case or lower not in known:
                    continue
            total = self.word_totals.get(word, 0)
            letter = math.exp(letters[word]) if word in letters else 0.0
            part = parts.get(word, 0.0)
            mixed = _PARTS_SHARE * part + (1 - _PARTS_SHARE) * letter
            unseen = max(_LEAST_UNSEEN, _WORD_PRIOR / (total + _WORD_PRIOR))
            p = unseen * mixed + (1 - unseen) * seen.get(word, 0) / max(total, 1)
            if p > 1e-12:
                score = math.log(p)
                ranked.append((-score - self.common.get(lower, RARE), word, score))
        ranked.sort()
        return tuple(Reading(word, score) for _, word, score in ranked[:most])

    def _search(self, trie: Trie, noisy: list[str], *, damaged: bool = False) -> list[dict[str, float]]:
        """Clean words of ``trie`` with log p_letters, found by a beam over its levels, all noisy words at once.

        ``damaged``: any letter may have been spoilt.
        """
        beam, gap = (_WRECK_BEAM, _WRECK_GAP) if damaged else (_BEAM, _BEAM_GAP)
        count, longest = len(noisy), max(map(len, noisy))
        segments = self._segments(noisy, longest)  # [word, end, length, letter]
        if damaged:
            spoilt = np.array(_DAMAGED, dtype=np.float32)[:, None]
            segments = np.maximum(
                segments, np.where(np.tri(longest + 1, MAX_SEGMENT + 1, dtype=bool)[:, :, None], spoilt, -np.inf)
            )
        table = np.ascontiguousarray(segments.transpose(0, 3, 1, 2))
        ends: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]] = []
        lengths = np.array([len(w) for w in noisy])
        owner = np.arange(count)
        node = np.zeros(count, dtype=np.int64)
        score = np.full((count, longest + 1), -np.inf, dtype=np.float32)
        score[:, 0] = 0.0
        while len(owner):
            children = trie.child_count[node].astype(np.int64)
            parent = np.repeat(np.arange(len(node)), children)
            if not len(parent):
                break
            offset = np.arange(len(parent)) - np.repeat(np.cumsum(children) - children, children)
            node = trie.first_child[node][parent].astype(np.int64) + offset
            owner = owner[parent]
            before = score[parent]
            letter = trie.letters[node]
            emitted = table[owner, letter]  # [state, end, length]
            score = before + emitted[:, :, 0]
            for k in range(1, MAX_SEGMENT + 1):
                np.maximum(score[:, k:], before[:, :-k] + emitted[:, k:, k], out=score[:, k:])
            best = score.max(axis=1)
            top = np.full(count, -np.inf, dtype=np.float32)
            np.maximum.at(top, owner, best)
            keep = np.flatnonzero(best > top[owner] - gap)
            order = keep[np.lexsort((-best[keep], owner[keep]))]
            rank = np.arange(len(order)) - np.searchsorted(owner[order], owner[order])
            keep = order[rank < beam * 4]
            node, owner, score = node[keep], owner[keep], score[keep]
            final = score[np.arange(len(owner)), lengths[owner]]
            whole = np.flatnonzero((final > _LEAST_LETTERS) & (trie.weights[node] > -np.inf))
            ends.append((owner[whole], node[whole], final[whole]))
        return _best_ends(trie, count, ends, beam)

    def _segments(self, noisy: list[str], longest: int) -> NDArray[np.float32]:
        """log p(the k characters that end at j | letter) for each noisy word, j, k and letter."""
        letters = len(self.emission)
        rows = self.alike
        table = np.full((len(noisy), longest + 1, MAX_SEGMENT + 1, letters), -np.inf, dtype=np.float32)
        table[:, :, 0, :] = self.emission[:, self.segment_ids[""]]
        for i, word in enumerate(noisy):
            for j in range(1, len(word) + 1):
                for k in range(1, min(MAX_SEGMENT, j) + 1):
                    known = self.segment_ids.get(word[j - k : j])
                    if known is not None:
                        table[i, j, k] = self.emission[:, known]
                    elif k == 1:
                        table[i, j, k] = self.emission[:, 0]
                if len(word) > 1 and word.isdecimal() and word[j - 1] in rows:
                    alike = rows[word[j - 1]]
                    table[i, j, 1, alike] = np.maximum(table[i, j, 1, alike], _ALL_DIGITS)
                if j >= 2:
                    first, second = table[i, j - 1, 1], table[i, j, 1]
                    more = np.maximum(first + second + _READ_TWICE, np.maximum(first, second) + _INSERTED)
                    np.maximum(table[i, j, 2], more, out=table[i, j, 2])
                if j >= 3:
                    more = np.maximum(table[i, j - 1, 2], table[i, j, 2]) + _INSERTED
                    np.maximum(table[i, j, 3], more, out=table[i, j, 3])
        return table


def _best_ends(
    trie: Trie, count: int, ends: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]], beam: int
) -> list[dict[str, float]]:
    """The likeliest words reached for each of ``count`` noisy words, frequent ones first among equals."""
    found: list[dict[str, float]] = [{} for _ in range(count)]
    if not ends:
        return found
    owner, node, score = (np.concatenate(column) for column in zip(*ends, strict=True))
    order = np.lexsort((node, -(score + trie.weights[node]), owner))
    owner, node, score = owner[order], node[order], score[order]
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    for i in np.flatnonzero(rank < beam).tolist():
        word = trie.words[node[i]]
        if word is not None:
            found[owner[i]][word] = float(score[i])
    return found


def _may_be_wreck(noisy: str) -> bool:
    """Whether ``noisy`` looks like a spoilt syllable: not like a name, an abbreviation or a foreign word."""
    if len(noisy) < 3 or not any(c.isalpha() for c in noisy):
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
    if case == "foreign":
        return len(noisy) > 3 and any(c.isupper() for c in noisy[1:])
    return upper >= 1 and 2 * upper >= sum(c.isalpha() for c in noisy)


@lru_cache(maxsize=4)
def load_channel(name: str) -> Channel:
    """The channel of ``data/channel-<name>.tsv``."""
    text = resources.files(__package__).joinpath(f"data/channel-{name}.tsv").read_text(encoding="utf-8")
    tables: dict[str, dict[str, tuple[int, list[tuple[str, int]]]]] = {
        k: {} for k in ("word", "onset", "rime", "letter")
    }
    for line in text.split("\n"):
        if line:
            kind, clean, total, *cells = line.split("\t")
            tables[kind][clean] = int(total), [(s, int(n)) for s, n in zip(cells[::2], cells[1::2], strict=True)]
    by_noisy: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for clean, (_, forms) in tables["word"].items():
        for noisy, n in forms:
            by_noisy[noisy].append((clean, n))
    letter_ids = {c: i for i, c in enumerate(sorted(tables["letter"]))}
    segments = sorted({s for _, forms in tables["letter"].values() for s, _ in forms} | {""})
    segment_ids = {s: i + 1 for i, s in enumerate(segments)}
    foreign = [w for w in vocabulary().words if len(w) > 2 and not w.islower() and w.isalpha()]
    common = dict(zip(vocabulary().words, language_model().frequencies.tolist(), strict=True))
    tries = {"foreign": Trie.of(foreign, letter_ids, common)} | {
        case: Trie.of(map(shape, syllables()), letter_ids, common)
        for case, shape in (("lower", str.lower), ("title", str.capitalize), ("upper", str.upper))
    }
    return Channel(
        name,
        {clean: total for clean, (total, _) in tables["word"].items()},
        dict(by_noisy),
        _inverted(tables["onset"]),
        _inverted(tables["rime"]),
        letter_ids,
        segment_ids,
        {d: [row for c, row in letter_ids.items() if strip_marks(c).lower() in _ALIKE[d]] for d in _ALIKE},
        _emission(tables["letter"], letter_ids, segment_ids),
        tries,
        common,
    )


def _inverted(table: Mapping[str, tuple[int, list[tuple[str, int]]]]) -> dict[str, list[tuple[str, float]]]:
    result: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for clean, (total, forms) in table.items():
        for noisy, n in forms:
            result[noisy].append((clean, n / (total + _PART_PRIOR)))
    for readings in result.values():
        readings.sort(key=lambda r: (-r[1], r[0]))
    return dict(result)


def _without_tone(letter: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", letter) if c not in TONES))


def _emission(
    table: Mapping[str, tuple[int, list[tuple[str, int]]]], letters: Mapping[str, int], segments: Mapping[str, int]
) -> NDArray[np.float32]:
    """log p(segment | letter): counts of the letter and its kin, above a floor."""
    counts = np.zeros((len(letters), len(segments) + 1))
    for letter, (_, forms) in table.items():
        for segment, n in forms:
            counts[letters[letter], segments[segment]] = n
    probability = np.zeros_like(counts)
    kinds: tuple[Callable[[str], str], ...] = (lambda letter: letter, _without_tone, strip_marks)
    for share, kin in zip(_KIN_SHARES, kinds, strict=True):
        groups: dict[str, list[int]] = defaultdict(list)
        for letter, i in letters.items():
            groups[kin(letter)].append(i)
        for rows in groups.values():
            total = counts[rows].sum(axis=0)
            probability[rows] += share * total / max(1.0, total.sum())
    least = np.full_like(probability, _LEAST_SEVERAL)
    single = [0, *(i for s, i in segments.items() if len(s) == 1)]
    for letter, row in letters.items():
        base = strip_marks(letter).lower()
        kind = "consonant" if base not in "aeiouy" else "plain" if letter.isascii() else "vowel"
        least[row, segments[""]], least[row, single] = _LEAST[kind]
        for digit, alike in _ALIKE.items():
            if base in alike and digit in segments:
                least[row, segments[digit]] = _LEAST_ALIKE
    probability = np.maximum(probability, least)
    result: NDArray[np.float32] = np.log(probability).astype(np.float32)
    return result
