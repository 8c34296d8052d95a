"""The tables of the language model: what was put in is found, and nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from diacritics.language_model import LOG_STEP, Pairs, Table, pack

SIZE = 200


@given(st.sets(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), min_size=1, max_size=300))
def test_pairs_are_found_by_their_words_and_no_others(kept: set[tuple[int, int]]) -> None:
    keys = np.array(sorted((a << 16) | b for a, b in kept), dtype=np.uint64)
    scores = -LOG_STEP * (np.arange(len(keys)) % 256)
    pairs = Pairs.load(Pairs.build(keys, scores, scores, SIZE))
    first, second = (w.ravel() for w in np.mgrid[:SIZE, :SIZE])
    known, entries = pairs.find(first, second)
    assert sorted(zip(first[known].tolist(), second[known].tolist(), strict=True)) == sorted(kept)
    assert entries.tolist() == list(range(len(kept)))
    assert (pairs.scores[entries] == np.arange(len(kept)) % 256).all()


def test_triples_are_found_among_others() -> None:
    words = tuple(np.arange(5000) * step % 997 for step in (1, 7, 31))
    keys = np.unique(pack(words))
    table = Table.load(Table.build(keys, np.zeros(len(keys)), None))
    assert (np.sort(table.find(keys)) == np.arange(len(keys))).all()
    others = keys + np.uint64(1 << 40)
    assert (table.find(others[~np.isin(others, keys)]) >= 0).mean() < 0.01
