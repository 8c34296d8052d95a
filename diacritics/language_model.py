"""An n-gram model of Vietnamese words: Kneser-Ney smoothing, read from compact hash tables.

Each order n has one table. The packed word ids of an n-gram (16 bits each) are hashed; the high bits choose a bucket,
16 other bits are kept as a fingerprint, so a lookup that should fail succeeds about once in 30,000 times. Beside the
fingerprint stand the logarithms of the probability and of the back-off weight in a byte each. Scores are natural
logarithms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
        np.cumsum(sizes, out=starts[1:])
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
    """Tables of orders 2 and up over a dense table of single words."""

    unigrams: Scores
    unigram_backoffs: Scores
    frequencies: Scores
    """log share of each word in running text, whatever stands before it."""
    tables: tuple[Table, ...]

    @property
    def order(self) -> int:
        return 1 + len(self.tables)

    def score(self, *words: Ids) -> Scores:
        """log p(last word | the words before), element by element; as many words as given, at most ``order``."""
        order = len(words)
        if order == 1:
            return self.unigrams[words[0]]
        table = self.tables[order - 2]
        entries = table.find(pack(words))
        result = table.scores[entries].astype(np.float32) * np.float32(-LOG_STEP)
        missing = np.flatnonzero(entries < 0)
        if len(missing):
            rest = tuple(w[missing] for w in words)
            result[missing] = self._backoff(rest[:-1]) + self.score(*rest[1:])
        return result

    def _backoff(self, context: tuple[Ids, ...]) -> Scores:
        if len(context) == 1:
            return self.unigram_backoffs[context[0]]
        table = self.tables[len(context) - 2]
        entries = table.find(pack(context))
        assert table.backoffs is not None
        result = table.backoffs[entries].astype(np.float32) * np.float32(-LOG_STEP)
        result[entries < 0] = 0.0
        return result
