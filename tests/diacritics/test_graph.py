"""Ways through a graph, against all of them counted one by one."""

from __future__ import annotations

from itertools import pairwise
from math import log
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from diacritics.graph import Graph, backward, best_sources, forward, joined

# Two paragraphs of joints 0 to 5 and 6 to 9: a state is where it begins and where it finishes.
LEVELS = [0, 1, 2, 3, 4, 5, 0, 1, 2, 3]
FIXED = {(0, 1), (1, 5), (6, 7), (7, 9)}
Spans = list[tuple[int, int]]

spans = st.lists(
    st.sampled_from([(a, b) for a in range(1, 5) for b in range(a + 1, 5)] + [(7, 8), (8, 9), (1, 3), (3, 5)]),
    max_size=14,
).map(lambda more: sorted([*FIXED, *more], key=lambda span: (LEVELS[span[1]], span[1])))


def ways(own: Spans, state: int) -> list[list[int]]:
    """All ways to ``state`` from a state that none precedes."""
    before = [s for s, span in enumerate(own) if span[1] == own[state][0]]
    return [[*way, state] for s in before for way in ways(own, s)] or [[state]]


def graph_of(own: Spans) -> Graph:
    begin, finish = np.array(own).T
    return joined(begin, finish, np.array(LEVELS)[finish])


def scored(graph: Graph, way: list[int], score: NDArray[np.float64]) -> float:
    at = {pair: i for i, pair in enumerate(zip(graph.source.tolist(), graph.target.tolist(), strict=True))}
    return float(sum(score[at[a, b]] for a, b in pairwise(way)))


@given(spans)
def test_edges_lead_from_each_state_to_all_that_begin_where_it_finishes(own: Spans) -> None:
    graph = graph_of(own)
    edges = list(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
    assert sorted(edges) == [(a, b) for a, x in enumerate(own) for b, y in enumerate(own) if x[1] == y[0]]
    assert graph.source.tolist() == sorted(graph.source.tolist())
    assert (graph.source[graph.incoming] == graph.origin).all()
    assert sorted(graph.incoming.tolist()) == list(range(len(edges)))


@given(spans, st.randoms(use_true_random=False))
def test_best_and_all_ways(own: Spans, chance: Random) -> None:
    graph = graph_of(own)
    score = np.array([-chance.random() for _ in graph.source])
    best, every = forward(graph, score, np.maximum), forward(graph, score, np.logaddexp)
    sources = best_sources(graph, score, best)
    for state in range(len(own)):
        sums = {tuple(way): scored(graph, way, score) for way in ways(own, state)}
        assert best[state] == pytest.approx(max(sums.values()))
        assert every[state] == pytest.approx(log(sum(np.exp(list(sums.values())))))
        way = [state]
        while sources[way[-1]] >= 0:
            way.append(sources[way[-1]])
        assert sums[tuple(way[::-1])] == pytest.approx(best[state])
    last = np.flatnonzero([span[1] in (5, 9) for span in own])
    behind = backward(graph, score, last, np.maximum)
    assert best[last].max() == pytest.approx((best + behind).max())
