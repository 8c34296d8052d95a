"""A trie of clean words, level by level in flat arrays, so that a beam can walk it for many noisy words at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RARE = -14.0
"""log frequency taken for words that have none."""


@dataclass(frozen=True)
class Trie:
    """Clean words letter by letter; node 0 is the root, children of a node stand together."""

    letters: NDArray[np.int16]
    first_child: NDArray[np.int32]
    child_count: NDArray[np.int32]
    words: tuple[str | None, ...]
    weights: NDArray[np.float32]
    """log frequency of the word that ends at each node, -inf where none does."""

    @staticmethod
    def of(words: Iterable[str], letter_ids: Mapping[str, int], common: Mapping[str, float]) -> Trie:
        listed = sorted({w for w in words if all(c in letter_ids for c in w)})
        letters, first, count, ends = [0], [0], [0], [None]  # type: list[int], list[int], list[int], list[str | None]
        level: list[tuple[int, int, int]] = [(0, 0, len(listed))]  # node, range of words below it
        depth = 0
        while level:
            following = []
            for node, start, stop in level:
                if start < stop and len(listed[start]) == depth:
                    ends[node] = listed[start]
                    start += 1
                first[node] = len(letters)
                while start < stop:
                    letter = listed[start][depth]
                    end = start
                    while end < stop and listed[end][depth] == letter:
                        end += 1
                    following.append((len(letters), start, end))
                    letters.append(letter_ids[letter])
                    first.append(0)
                    count.append(0)
                    ends.append(None)
                    start = end
                count[node] = len(letters) - first[node]
            level = following
            depth += 1
        return Trie(
            np.array(letters, dtype=np.int16),
            np.array(first, dtype=np.int32),
            np.array(count, dtype=np.int32),
            tuple(ends),
            np.array([-np.inf if w is None else common.get(w.lower(), RARE) for w in ends], dtype=np.float32),
        )
