"""An n-gram model of Vietnamese words: Kneser-Ney smoothing, read from compact tables.

Pairs, by far the most often asked for, stand in a map of one bit for each possible pair. Each higher order has one hash
table: of the hash of an n-gram's packed word ids (16 bits each) the high bits choose a bucket, 16 other bits are kept
as a fingerprint, so a lookup that should fail succeeds about once in 30,000 times. Beside each n-gram stand the
logarithms of its probability and of its back-off weight in a byte each. Scores are natural logarithms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]

LOG_STEP = 0.0625
"""Scores are stored in steps of a sixteenth: 255 steps reach down to -15.9."""

_BUCKET = 2
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)


def pack(words: tuple[Ids, ...]) -> NDArray[np.uint64]:
    """Up to four words as one key, the last in the low bits. Callers keep orders apart by table."""
    key = words[0].astype(np.uint64)
    for word in words[1:]:
        key = (key << np.uint64(16)) | word.astype(np.uint64)
    return key


def _hashed(keys: NDArray[np.uint64], bits: int) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    mixed = keys * _MULTIPLIER
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _SECOND
    mixed ^= mixed >> np.uint64(32)
    return (mixed >> np.uint64(64 - bits)).astype(np.int64), (mixed & np.uint64(0xFFFF)).astype(np.uint16)


def quantised(scores: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.round(-scores / LOG_STEP), 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Pairs:
    """The n-grams of order 2, by first word, then second.

    Bit s of row f of ``kept`` tells whether word s behind word f is among them; ``before`` counts those that come
    before the bits of each element of ``kept``.
    """

    kept: NDArray[np.uint64]
    before: NDArray[np.int32]
    width: int
    """Elements of a row of ``kept``."""
    scores: NDArray[np.uint8]
    backoffs: NDArray[np.uint8]

    @staticmethod
    def build(
        keys: NDArray[np.uint64], scores: NDArray[np.float64], backoffs: NDArray[np.float64], size: int
    ) -> dict[str, NDArray[np.generic]]:
        """The arrays to store for :meth:`load`; ``keys`` are sorted, ``size`` is that of the vocabulary."""
        return {
            "sizes": np.bincount((keys >> np.uint64(16)).astype(np.int64), minlength=size).astype(np.uint16),
            "seconds": (keys & np.uint64(0xFFFF)).astype(np.uint16),
            "scores": quantised(scores),
            "backoffs": quantised(backoffs),
        }

    @staticmethod
    def load(arrays: Mapping[str, NDArray[np.generic]]) -> Pairs:
        sizes, seconds = arrays["sizes"].astype(np.int64), arrays["seconds"].astype(np.int64)
        width = (len(sizes) + 63) // 64
        element = np.repeat(np.arange(len(sizes)) * width, sizes) + (seconds >> 6)
        kept = np.zeros(len(sizes) * width, dtype=np.uint64)
        starts = np.flatnonzero(np.diff(element, prepend=-1))
        kept[element[starts]] = np.bitwise_or.reduceat(_bit(seconds), starts)
        before = np.zeros(len(kept), dtype=np.int32)
        np.cumsum(np.bitwise_count(kept[:-1]), dtype=np.int32, out=before[1:])
        return Pairs(kept, before, width, arrays["scores"].astype(np.uint8), arrays["backoffs"].astype(np.uint8))

    def find(self, first: Ids, second: Ids) -> tuple[Ids, Ids]:
        """Which of the pairs are kept, and the entry of each of those."""
        element = first * self.width
        element += second >> 6
        bits, bit = self.kept[element], _bit(second)
        known = np.flatnonzero(bits & bit)
        lower = bits[known] & (bit[known] - np.uint64(1))
        entries: Ids = self.before[element[known]].astype(np.int64) + np.bitwise_count(lower)
        return known, entries


def _bit(second: Ids) -> NDArray[np.uint64]:
    return np.uint64(1) << (second & 63).astype(np.uint64)


@dataclass(frozen=True)
class Table:
    """The n-grams of one order, by bucket: ``starts[b]`` to ``starts[b + 1]`` are the entries of bucket b."""

    starts: NDArray[np.int32]
    fingerprints: NDArray[np.uint16]
    scores: NDArray[np.uint8]
    backoffs: NDArray[np.uint8] | None
    bits: int
    depth: int

    @staticmethod
    def build(
        keys: NDArray[np.uint64], scores: NDArray[np.float64], backoffs: NDArray[np.float64] | None
    ) -> dict[str, NDArray[np.generic]]:
        """The arrays to store for :meth:`load`."""
        bits = max(1, int(np.ceil(np.log2(max(1, len(keys)) / _BUCKET))))
        buckets, prints = _hashed(keys, bits)
        order = np.lexsort((prints, buckets))
        result: dict[str, NDArray[np.generic]] = {
            "sizes": np.bincount(buckets, minlength=1 << bits).astype(np.uint8),
            "prints": prints[order],
            "scores": quantised(scores[order]),
        }
        if backoffs is not None:
            result["backoffs"] = quantised(backoffs[order])
        return result

    @staticmethod
    def load(arrays: Mapping[str, NDArray[np.generic]]) -> Table:
        sizes = arrays["sizes"]
        starts = np.zeros(len(sizes) + 1, dtype=np.int32)
        np.cumsum(sizes, dtype=np.int32, out=starts[1:])  # in no wider type on the way
        return Table(
            starts,
            arrays["prints"].astype(np.uint16, copy=False),
            arrays["scores"].astype(np.uint8, copy=False),
            arrays["backoffs"].astype(np.uint8, copy=False) if "backoffs" in arrays else None,
            len(sizes).bit_length() - 1,
            int(sizes.max(initial=0)),
        )

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The entry of each key, -1 where there is none."""
        buckets, prints = _hashed(keys, self.bits)
        at = self.starts[buckets].astype(np.int64)
        end = self.starts[buckets + 1]
        found = np.full(len(keys), -1, dtype=np.int64)
        open_ = np.flatnonzero(at < end)
        at, end, prints = at[open_], end[open_], prints[open_]
        while len(open_):
            hit = self.fingerprints[at] == prints
            found[open_[hit]] = at[hit]
            at += 1
            go_on = ~hit & (at < end)
            open_, at, end, prints = open_[go_on], at[go_on], end[go_on], prints[go_on]
        return found


@dataclass(frozen=True)
class LanguageModel:
    """Tables of orders 3 and up over those of pairs and of single words."""

    unigrams: Scores
    unigram_backoffs: Scores
    frequencies: Scores
    """log share of each word in running text, whatever stands before it."""
    pairs: Pairs
    tables: tuple[Table, ...]

    @property
    def order(self) -> int:
        return 2 + len(self.tables)

    @cached_property
    def commonness(self) -> list[float]:
        """``frequencies``, to be looked up one by one."""
        listed: list[float] = self.frequencies.tolist()
        return listed

    def score(self, *words: Ids) -> Scores:
        """log p(last word | the words before), element by element; as many words as given, at most ``order``."""
        if len(words) == 1:
            return self.unigrams[words[0]]
        if len(words) == 2:
            known, entries = self.pairs.find(*words)
            result = self.unigram_backoffs[words[0]] + self.unigrams[words[1]]
            result[known] = self.pairs.scores[entries] * np.float32(-LOG_STEP)
            return result
        contexts, above = self._kept(words[:-1])
        table = self.tables[len(words) - 3]
        entries = table.find(pack(tuple(w[contexts] for w in words)))
        found = entries >= 0
        result = np.zeros(len(words[0]), dtype=np.float32)
        result[contexts] = self._backoffs(len(words) - 1)[above] * np.float32(-LOG_STEP)
        missing = np.ones(len(result), dtype=bool)
        missing[contexts[found]] = False
        rest = np.flatnonzero(missing)
        result[rest] += self.score(*(w[rest] for w in words[1:]))
        result[contexts[found]] = table.scores[entries[found]] * np.float32(-LOG_STEP)
        return result

    def _kept(self, words: tuple[Ids, ...]) -> tuple[Ids, Ids]:
        """Which n-grams are in the model, and the entry of each of those; none is without the one it begins with."""
        if len(words) == 2:
            return self.pairs.find(*words)
        within, _ = self._kept(words[:-1])
        entries = self.tables[len(words) - 3].find(pack(tuple(w[within] for w in words)))
        found = entries >= 0
        return within[found], entries[found]

    def _backoffs(self, order: int) -> NDArray[np.uint8]:
        backoffs = self.pairs.backoffs if order == 2 else self.tables[order - 3].backoffs
        assert backoffs is not None
        return backoffs
