"""States and the edges between them, of all paragraphs side by side, and the best or all ways through them.

Every state begins at one joint and finishes at another, further on; edges lead from each state to all that begin where
it finishes. A joint's edges are thus all pairs of two lists, so that they are laid out by arithmetic, both by source
and by target, and need no sorting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """The states that have edges on one side, in the order of those edges."""

    states: Index
    starts: Index
    """The first edge of each."""
    levels: list[tuple[int, int, int, int]]
    """From which to which state, and from which to which edge, each level runs."""

    @staticmethod
    def of(states: Index, sizes: Index, level: Index) -> Side:
        """``sizes``: the number of edges of each state; ``level``: that of the joint they meet at, ascending."""
        starts = np.cumsum(sizes) - sizes
        first = np.flatnonzero(np.diff(level, prepend=-1))
        bounds = [*first.tolist(), len(states)]
        edges = [*starts[first].tolist(), int(sizes.sum())]
        return Side(states, starts, list(zip(bounds, bounds[1:], edges, edges[1:], strict=False)))


@dataclass(frozen=True)
class Graph:
    """``source`` and ``target`` give the states of each edge; edges are sorted by source."""

    states: int
    source: Index
    target: Index
    leads: Side
    enters: Side
    incoming: Index
    """The edges sorted by target."""
    origin: Index
    """The source of each of those."""


def joined(begin: Index, finish: Index, level: Index) -> Graph:
    """The graph of states that begin and finish at the joints given, and finish at the ``level`` given.

    States are sorted by level, then by ``finish``.
    """
    states = len(finish)
    opens = np.flatnonzero(np.diff(finish, prepend=-1))
    ins = np.diff(opens, append=states)
    place = np.full(int(max(begin.max(initial=0), finish.max(initial=0))) + 1, -1)
    place[finish[opens]] = np.arange(len(opens))
    origins = place[begin]
    by_begin = np.argsort(origins, kind="stable")
    entered = by_begin[np.count_nonzero(origins < 0) :]
    joint = origins[entered]
    outs = np.bincount(joint, minlength=len(opens))
    before = np.cumsum(outs) - outs

    sizes = np.repeat(outs, ins)
    leading = np.flatnonzero(sizes)
    leads = Side.of(leading, sizes[leading], level[leading])
    first = np.cumsum(sizes) - sizes
    edges = np.arange(int(sizes.sum()))
    target = entered[edges + np.repeat(np.repeat(before, ins) - first, sizes)]

    sizes_in = ins[joint]
    enters = Side.of(entered, sizes_in, level[opens[joint]])
    steps = edges - np.repeat(enters.starts, sizes_in)
    row = first[opens[joint]] + np.arange(len(joint)) - before[joint]
    incoming = np.repeat(row, sizes_in) + steps * np.repeat(outs[joint], sizes_in)
    origin = np.repeat(opens[joint], sizes_in) + steps
    return Graph(states, np.repeat(np.arange(states), sizes), target, leads, enters, incoming, origin)


def forward(graph: Graph, score: Values, combine: np.ufunc) -> Values:
    """The scores of the best (or all) ways to each state, given those of the edges."""
    result = np.zeros(graph.states)
    score, origin, side = score[graph.incoming], graph.origin, graph.enters
    for first, end, low, high in side.levels:
        ways = result[origin[low:high]]
        ways += score[low:high]
        result[side.states[first:end]] = combine.reduceat(ways, side.starts[first:end] - low)
    return result


def backward(graph: Graph, score: Values, last: Index, combine: np.ufunc) -> Values:
    """The scores of the best (or all) ways from each state to one of the ``last``."""
    result = np.full(graph.states, -np.inf)
    result[last] = 0.0
    target, side = graph.target, graph.leads
    for first, end, low, high in reversed(side.levels):
        ways = result[target[low:high]]
        ways += score[low:high]
        result[side.states[first:end]] = combine.reduceat(ways, side.starts[first:end] - low)
    return result


def best_sources(graph: Graph, score: Values, reached: Values) -> list[int]:
    """The state before each on the best way to it, -1 where none is; ``reached``: what :func:`forward` gave."""
    sizes = np.diff(graph.enters.starts, append=len(score))
    best = np.repeat(reached[graph.enters.states], sizes)
    hits = np.flatnonzero(reached[graph.origin] + score[graph.incoming] == best)[::-1]
    result = np.full(graph.states, -1)
    result[graph.target[graph.incoming[hits]]] = graph.origin[hits]  # of several the first, which is written last
    sources: list[int] = result.tolist()
    return sources
