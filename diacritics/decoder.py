"""Finding the best path through lattices of candidate words, all paragraphs of a text at once.

A lattice has points (places between atoms) and nodes (a candidate word from one point to a later one), so that a node
may span two atoms and two nodes may share one. The path is sought in rounds, coarse to fine: with pairs of nodes under
the bigram model, then with the surviving pairs as states under the trigram model, and so on. In each round an edge that
no near-best path uses is dropped, so that the last round, in which probabilities are summed, is small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diacritics.language_model import LanguageModel, Scores, pack

Index = NDArray[np.int64]
Values = NDArray[np.float64]

_ANY_CONTEXT = np.float32(-4.0)
"""log share of words taken to stand in no context: the words before may be past mending."""
_RICH = np.float32(np.log(3.0))
_REMEMBERED = np.float32(-2.0)
"""log share of words taken to follow their word as they do elsewhere in the same text."""
_CONFIDENT = 2.2
"""A word is remembered when any other lies this far behind (in nats)."""

Gaps = tuple[float, float]
"""How far below the best path (in nats) an edge may lie and survive the rounds with pairs and with triples."""


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
class Memory:
    """What a first reading of the text was sure of: how often words occur in it, and after which words."""

    words: Values  # log share, by word
    pairs: NDArray[np.uint64]  # sorted
    follows: Values  # log p(second | first), by pair


@dataclass(frozen=True)
class Decoded:
    """The nodes of the best path, in order, and the probability of every node that survived (0 elsewhere)."""

    path: Index
    probability: Values
    memory: Memory


@dataclass(frozen=True)
class _Graph:
    """States and edges of one round. ``words`` are the last words of each state, the state's own node last."""

    node: Index
    level: Index
    words: tuple[Index, ...]
    source: Index
    target: Index
    likelihood: Values
    channel: Values
    weight: float

    @property
    def score(self) -> Values:
        return self.weight * self.likelihood + self.channel


def decode(lattice: Lattice, model: LanguageModel, weight: float, gaps: Gaps, memory: Memory | None = None) -> Decoded:
    """The best path under channel scores plus ``weight`` times the language model's.

    What the last round is sure of tells which words and pairs are at home in this text; the text is then judged once
    more by that, so that one clear instance of a name or term settles the others. ``memory`` is that of an earlier
    reading of the same text.
    """
    states = np.arange(len(lattice.word))
    levels = lattice.level[lattice.end]
    graph = _joined(lattice, states, levels, (lattice.word,), lattice.start, lattice.end, model, weight)
    for order in range(3, model.order + 1):
        keep = _behind_best(graph, lattice) <= gaps[order - 3]
        source, target = graph.source[keep], graph.target[keep]
        words = (*(w[source] for w in graph.words), graph.words[-1][target])
        node, level = graph.node[target], graph.level[target]
        graph = _joined(lattice, node, level, words, source, target, model, weight)
    if memory is None:
        memory = _remember(lattice, graph, _behind_best(graph, lattice), model.frequencies)
    return _summed(replace(graph, likelihood=_mixed(lattice, graph, memory)), lattice, memory)


def likelihoods(model: LanguageModel, *words: Index) -> Values:
    """log p(last word | the words before), a little of it in no context: the words before may be past mending."""
    mixed = np.logaddexp(model.score(*words), model.frequencies[words[-1]] + _ANY_CONTEXT)
    result: Values = mixed.astype(np.float64)
    return result


def _remember(lattice: Lattice, graph: _Graph, behind: Values, frequencies: Scores) -> Memory:
    """Counts over the nodes that have no rival near the best path; of single words those this text is rich in."""
    near = behind <= _CONFIDENT
    source, target = graph.node[graph.source[near]], graph.node[graph.target[near]]
    nodes = np.unique(target)
    _, place, rivals = np.unique(lattice.start[nodes], return_inverse=True, return_counts=True)
    sure = np.zeros(len(lattice.word), dtype=bool)
    sure[nodes[rivals[place] == 1]] = True
    counts = np.bincount(lattice.word[sure], minlength=len(frequencies)).astype(np.float64)
    both = sure[source] & sure[target]
    pairs = np.unique(np.stack([source[both], target[both]]), axis=1)
    keys, often = np.unique(pack((lattice.word[pairs[0]], lattice.word[pairs[1]])), return_counts=True)
    first = (keys >> np.uint64(16)).astype(np.int64)
    with np.errstate(divide="ignore"):
        shares = np.log(counts / max(1.0, counts.sum()))
    shares[shares < frequencies + _RICH] = -np.inf
    return Memory(shares, keys, np.log(often / (counts[first] + 1.0)))


def _mixed(lattice: Lattice, graph: _Graph, memory: Memory) -> Values:
    """The likelihood of each edge mixed with what is remembered of its words."""
    before, last = lattice.word[graph.node[graph.source]], lattice.word[graph.node[graph.target]]
    result = np.logaddexp(graph.likelihood, memory.words[last] + _ANY_CONTEXT)
    if len(memory.pairs):
        keys = pack((before, last))
        at = np.minimum(np.searchsorted(memory.pairs, keys), len(memory.pairs) - 1)
        known = np.flatnonzero(memory.pairs[at] == keys)
        result[known] = np.logaddexp(result[known], memory.follows[at[known]] + _REMEMBERED)
    mixed: Values = result
    return mixed


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
    likelihood = likelihoods(model, *(w[source] for w in words), words[-1][target])
    return _Graph(node, level, words, source, target, likelihood, lattice.score[node[target]], weight)


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


def _forward(graph: _Graph, combine: np.ufunc) -> Values:
    incoming = np.zeros(len(graph.node), dtype=bool)
    incoming[graph.target] = True
    initial = np.where(incoming, -np.inf, 0.0)
    return _sweep(graph.level, graph.source, graph.target, graph.score, initial, combine)


def _both_ways(graph: _Graph, lattice: Lattice, combine: np.ufunc) -> tuple[Values, Values]:
    initial = np.where(np.isin(graph.node, lattice.last), 0.0, -np.inf)
    backward = _sweep(-graph.level, graph.target, graph.source, graph.score, initial, combine)
    return _forward(graph, combine), backward


def _behind_best(graph: _Graph, lattice: Lattice) -> Values:
    """By how much the best path through each edge falls short of the best of its paragraph."""
    forward, backward = _both_ways(graph, lattice, np.maximum)
    best = _per_paragraph(graph, lattice, forward, np.maximum)
    through = forward[graph.source] + graph.score + backward[graph.target]
    behind: Values = best[lattice.paragraph[graph.node[graph.target]]] - through
    return behind


def _per_paragraph(graph: _Graph, lattice: Lattice, values: Values, combine: np.ufunc) -> Values:
    """``values`` of the final states, combined for each paragraph."""
    result = np.full(len(lattice.last), -np.inf)
    final = np.isin(graph.node, lattice.last)
    combine.at(result, lattice.paragraph[graph.node[final]], values[final])
    return result


def _summed(graph: _Graph, lattice: Lattice, memory: Memory) -> Decoded:
    forward, backward = _both_ways(graph, lattice, np.logaddexp)
    total = _per_paragraph(graph, lattice, forward, np.logaddexp)
    share = np.exp(forward + backward - total[lattice.paragraph[graph.node]])
    probability = np.zeros(len(lattice.word))
    np.add.at(probability, graph.node, share)
    return Decoded(_best_path(graph, lattice), np.minimum(probability, 1.0), memory)


def _best_path(graph: _Graph, lattice: Lattice) -> Index:
    order = np.lexsort((graph.source, graph.target))
    source, target, score = graph.source[order], graph.target[order], graph.score[order]
    bounds = np.searchsorted(target, np.arange(len(graph.node) + 1))
    forward = _forward(graph, np.maximum)
    ways = forward[source] + score
    final = np.flatnonzero(np.isin(graph.node, lattice.last))
    final = final[np.lexsort((-forward[final], lattice.paragraph[graph.node[final]]))]
    paragraphs = lattice.paragraph[graph.node[final]]
    ends = final[np.concatenate([[True], paragraphs[1:] != paragraphs[:-1]])]
    path: list[int] = []
    for end in ends.tolist():
        state, own = end, [int(graph.node[end])]
        while (first := bounds[state]) < (last := bounds[state + 1]):
            state = source[first + int(ways[first:last].argmax())]
            own.append(int(graph.node[state]))
        path += own[::-1]
    return np.array(path, dtype=np.int64)
