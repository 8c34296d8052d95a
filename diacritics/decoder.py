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

from diacritics.graph import Graph, backward, best_sources, forward, joined
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
    has one first and one last node; ``last[p]`` is the last node of paragraph p.
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
class _Round:
    """The states of one round (``words``: their last words, that of the state's own ``node`` last) and their edges."""

    graph: Graph
    node: Index
    words: tuple[Index, ...]
    last: Index
    """The states that end a paragraph."""
    likelihood: Values
    channel: Values

    def score(self, weight: float) -> Values:
        return weight * self.likelihood + self.channel


def decode(lattice: Lattice, model: LanguageModel, weight: float, gaps: Gaps, memory: Memory | None = None) -> Decoded:
    """The best path under channel scores plus ``weight`` times the language model's.

    What the last round is sure of tells which words and pairs are at home in this text; the text is then judged once
    more by that, so that one clear instance of a name or term settles the others. ``memory`` is that of an earlier
    reading of the same text.
    """
    nodes = np.arange(len(lattice.word))
    now = _round(lattice, nodes, lattice.start, lattice.end, (lattice.word,), model)
    for order in range(3, model.order + 1):
        source, target = _near_best(now, lattice, weight, gaps[order - 3])
        words = (*(w[source] for w in now.words), now.words[-1][target])
        now = _round(lattice, now.node[target], source, target, words, model)
    if memory is None:
        memory = _remember(lattice, now, _near_best(now, lattice, weight, _CONFIDENT), model.frequencies)
    return _summed(replace(now, likelihood=_mixed(lattice, now, memory)), lattice, weight, memory)


def likelihoods(model: LanguageModel, *words: Index) -> Values:
    """log p(last word | the words before), a little of it in no context: the words before may be past mending."""
    mixed = np.logaddexp(model.score(*words), model.frequencies[words[-1]] + _ANY_CONTEXT)
    result: Values = mixed.astype(np.float64)
    return result


def _remember(lattice: Lattice, now: _Round, near: tuple[Index, Index], frequencies: Scores) -> Memory:
    """Counts over the nodes that have no rival ``near`` the best path; of single words those this text is rich in."""
    source, target = now.node[near[0]], now.node[near[1]]
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


def _mixed(lattice: Lattice, now: _Round, memory: Memory) -> Values:
    """The likelihood of each edge mixed with what is remembered of its words."""
    before, last = now.words[-1][now.graph.source], now.words[-1][now.graph.target]
    result = np.logaddexp(now.likelihood, memory.words[last] + _ANY_CONTEXT)
    if len(memory.pairs):
        keys = pack((before, last))
        at = np.minimum(np.searchsorted(memory.pairs, keys), len(memory.pairs) - 1)
        known = np.flatnonzero(memory.pairs[at] == keys)
        result[known] = np.logaddexp(result[known], memory.follows[at[known]] + _REMEMBERED)
    mixed: Values = result
    return mixed


def _round(
    lattice: Lattice, node: Index, begin: Index, finish: Index, words: tuple[Index, ...], model: LanguageModel
) -> _Round:
    """The states given and edges from each to all that begin where it finishes, with what the model says of them."""
    level = lattice.level[lattice.end[node]]
    order = np.lexsort((finish, level))
    node, words = node[order], tuple(w[order] for w in words)
    graph = joined(begin[order], finish[order], level[order])
    sizes = np.diff(graph.leads.starts, append=len(graph.source))
    contexts = (np.repeat(w[graph.leads.states], sizes) for w in words)
    likelihood = likelihoods(model, *contexts, words[-1][graph.target])
    last = np.flatnonzero(np.isin(node, lattice.last))
    return _Round(graph, node, words, last, likelihood, lattice.score[node][graph.target])


def _near_best(now: _Round, lattice: Lattice, weight: float, gap: float) -> tuple[Index, Index]:
    """The edges (source and target) through which a path leads that falls short of the best by no more than ``gap``."""
    graph, score = now.graph, now.score(weight)
    before, behind = forward(graph, score, np.maximum), backward(graph, score, now.last, np.maximum)
    best = _per_paragraph(now, lattice, before, np.maximum)[lattice.paragraph[now.node]]
    source = graph.source
    near = best[source] - (before[source] + score + behind[graph.target]) <= gap
    return source[near], graph.target[near]


def _per_paragraph(now: _Round, lattice: Lattice, values: Values, combine: np.ufunc) -> Values:
    """``values`` of the last states, combined for each paragraph."""
    result = np.full(len(lattice.last), -np.inf)
    combine.at(result, lattice.paragraph[now.node[now.last]], values[now.last])
    return result


def _summed(now: _Round, lattice: Lattice, weight: float, memory: Memory) -> Decoded:
    score = now.score(weight)
    before = forward(now.graph, score, np.logaddexp)
    behind = backward(now.graph, score, now.last, np.logaddexp)
    total = _per_paragraph(now, lattice, before, np.logaddexp)
    share = np.exp(before + behind - total[lattice.paragraph[now.node]])
    probability = np.bincount(now.node, share, len(lattice.word))
    return Decoded(_best_path(now, lattice, score), np.minimum(probability, 1.0), memory)


def _best_path(now: _Round, lattice: Lattice, score: Values) -> Index:
    reached = forward(now.graph, score, np.maximum)
    sources = best_sources(now.graph, score, reached)
    paragraph = lattice.paragraph[now.node[now.last]]
    last = now.last[np.lexsort((-reached[now.last], paragraph))]
    ends = last[np.flatnonzero(np.diff(np.sort(paragraph), prepend=-1))]
    path: list[int] = []
    for state in ends.tolist():
        own = []
        while state >= 0:
            own.append(state)
            state = sources[state]
        path += own[::-1]
    return now.node[path]
