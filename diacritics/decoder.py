"""Finding the best path through lattices of candidate words, all paragraphs of a text at once.

A lattice has points (places between atoms) and nodes (a candidate word from one point to a later one), so that a node
may span two atoms and two nodes may share one. The path is sought in rounds, coarse to fine: with pairs of nodes under
the bigram model, then with the surviving pairs as states under the trigram model, and so on. In each round an edge that
no near-best path uses is dropped, so that the last round, in which probabilities are summed, is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diacritics.language_model import LanguageModel

Index = NDArray[np.int64]
Values = NDArray[np.float64]

GAPS = (10.0, 8.0, 12.0)
"""How far below the best path (in nats) an edge may lie and survive rounds 2, 3, …"""


@dataclass(frozen=True)
class Lattice:
    """Nodes of all paragraphs. Points are numbered so that each node leads to a higher point of its paragraph.

    ``level`` gives each point's place in its paragraph: all points of one level are handled together. Each paragraph
    has one first and one last node; ``last[p]`` is the last node of paragraph p. Nodes are sorted by the level of
    ``end``.
    """

    start: Index
    end: Index
    word: Index
    score: Values
    level: Index
    paragraph: Index
    last: Index


@dataclass(frozen=True)
class Decoded:
    """The nodes of the best path, in order, and the probability of every node that survived (0 elsewhere)."""

    path: Index
    probability: Values


@dataclass(frozen=True)
class _Graph:
    """States and edges of one round. ``words`` are the last words of each state, the state's own node last."""

    node: Index
    level: Index
    words: tuple[Index, ...]
    source: Index
    target: Index
    score: Values


def decode(lattice: Lattice, model: LanguageModel, weight: float) -> Decoded:
    """The best path under channel scores plus ``weight`` times the language model's."""
    graph = _joined(
        lattice,
        np.arange(len(lattice.word)),
        lattice.level[lattice.end],
        (lattice.word,),
        lattice.start,
        lattice.end,
        model,
        weight,
    )
    for order in range(3, model.order + 1):
        keep = _near_best(graph, lattice, GAPS[order - 3])
        source, target = graph.source[keep], graph.target[keep]
        words = (*(w[source] for w in graph.words), graph.words[-1][target])
        graph = _joined(lattice, graph.node[target], graph.level[target], words, source, target, model, weight)
    return _summed(graph, lattice)


def _joined(
    lattice: Lattice,
    node: Index,
    level: Index,
    words: tuple[Index, ...],
    begin: Index,
    finish: Index,
    model: LanguageModel,
    weight: float,
) -> _Graph:
    """The graph whose states are given and whose edges lead from each state to those that begin where it finishes."""
    order = np.argsort(level, kind="stable")
    node, level, begin, finish = node[order], level[order], begin[order], finish[order]
    words = tuple(w[order] for w in words)
    by_begin = np.argsort(begin, kind="stable")
    sorted_begin = begin[by_begin]
    low = np.searchsorted(sorted_begin, finish, "left")
    sizes = np.searchsorted(sorted_begin, finish, "right") - low
    source = np.repeat(np.arange(len(node)), sizes)
    offset = np.arange(len(source)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    target = by_begin[np.repeat(low, sizes) + offset]
    grams = (*(w[source] for w in words), words[-1][target])
    score = weight * model.score(*grams).astype(np.float64) + lattice.score[node[target]]
    return _Graph(node, level, words, source, target, score)


def _levels(levels: Index, edges_at: Index) -> list[tuple[int, int]]:
    """Ranges of edges (sorted by level) that share a level."""
    values = levels[edges_at]
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(values)], strict=True))


def _sweep(levels: Index, source: Index, target: Index, score: Values, initial: Values, combine: np.ufunc) -> Values:
    """Scores of the best (or all) ways to each target, level by level; ``initial`` holds the states without a way."""
    result = initial.copy()
    order = np.lexsort((target, levels[target]))
    source, target, score = source[order], target[order], score[order]
    first = np.concatenate([[True], target[1:] != target[:-1]])
    for a, b in _levels(levels, target):
        starts = np.flatnonzero(first[a:b])
        ways = result[source[a:b]] + score[a:b]
        result[target[a:b][starts]] = combine.reduceat(ways, starts)
    return result


def _both_ways(graph: _Graph, lattice: Lattice, combine: np.ufunc) -> tuple[Values, Values]:
    count = len(graph.node)
    incoming = np.zeros(count, dtype=bool)
    incoming[graph.target] = True
    forward = _sweep(graph.level, graph.source, graph.target, graph.score, np.where(incoming, -np.inf, 0.0), combine)
    final = np.isin(graph.node, lattice.last)
    backward = _sweep(-graph.level, graph.target, graph.source, graph.score, np.where(final, 0.0, -np.inf), combine)
    return forward, backward


def _near_best(graph: _Graph, lattice: Lattice, gap: float) -> NDArray[np.bool_]:
    if not len(graph.source):
        return np.zeros(0, dtype=bool)
    forward, backward = _both_ways(graph, lattice, np.maximum)
    best = _per_paragraph(graph, lattice, forward + backward, np.maximum)
    through = forward[graph.source] + graph.score + backward[graph.target]
    return through >= best[lattice.paragraph[graph.node[graph.target]]] - gap


def _per_paragraph(graph: _Graph, lattice: Lattice, values: Values, combine: np.ufunc) -> Values:
    """``values`` of the final states, combined for each paragraph."""
    result = np.full(len(lattice.last), -np.inf)
    final = np.isin(graph.node, lattice.last)
    combine.at(result, lattice.paragraph[graph.node[final]], values[final])
    return result


def _summed(graph: _Graph, lattice: Lattice) -> Decoded:
    forward, backward = _both_ways(graph, lattice, np.logaddexp)
    total = _per_paragraph(graph, lattice, forward, np.logaddexp)
    share = np.exp(forward + backward - total[lattice.paragraph[graph.node]])
    probability = np.zeros(len(lattice.word))
    np.add.at(probability, graph.node, share)
    return Decoded(_best_path(graph, lattice), np.minimum(probability, 1.0))


def _best_path(graph: _Graph, lattice: Lattice) -> Index:
    forward, _ = _both_ways(graph, lattice, np.maximum)
    ways = forward[graph.source] + graph.score
    order = np.lexsort((graph.source, -ways, graph.target))
    targets = graph.target[order]
    first = np.concatenate([[True], targets[1:] != targets[:-1]])
    before = np.full(len(graph.node), -1)
    before[targets[first]] = graph.source[order][first]
    final = np.flatnonzero(np.isin(graph.node, lattice.last))
    final = final[np.lexsort((-forward[final], lattice.paragraph[graph.node[final]]))]
    paragraphs = lattice.paragraph[graph.node[final]]
    ends = final[np.concatenate([[True], paragraphs[1:] != paragraphs[:-1]])]
    path: list[int] = []
    for end in ends.tolist():
        state, own = end, []
        while state >= 0:
            own.append(int(graph.node[state]))
            state = int(before[state])
        path += own[::-1]
    return np.array(path, dtype=np.int64)


def node_order(levels: Sequence[int]) -> list[int]:
    """The order in which to hand nodes to :class:`Lattice`."""
    return sorted(range(len(levels)), key=lambda i: levels[i])
