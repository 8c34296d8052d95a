"""Counting n-grams with numpy and turning the counts into a pruned back-off model.

Modified Kneser-Ney smoothing (Chen and Goodman 1999): p(w|h) = max(c(hw) - D, 0)/c(h) + g(h) p(w|h'), where h' is h
without its first word, g(h) the mass that discount and pruning set free, and c below the highest order the number of
different words an n-gram follows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diacritics.language_model import Pairs, Table

Keys = NDArray[np.uint64]
Values = NDArray[np.float64]

_SHIFT = np.uint64(16)
_MASK = np.uint64(0xFFFF)
_SLIP_RATIO = 150.0
"""The corpus holds some text that was itself read badly ("chuyên đôi sô"): once against hundreds of the right form."""


def count(sequences: Sequence[tuple[NDArray[np.uint16], float]], order: int) -> tuple[Keys, Values]:
    """Sorted distinct n-grams of all sequences and their weighted counts."""
    keys: Keys = np.zeros(0, dtype=np.uint64)
    counts: Values = np.zeros(0)
    for ids, weight in sequences:
        packed = ids[: len(ids) - order + 1].astype(np.uint64)
        for i in range(1, order):
            packed <<= _SHIFT
            packed |= ids[i : len(ids) - order + 1 + i]
        own, own_counts = np.unique(packed, return_counts=True)
        del packed
        keys, counts = _merged(keys, counts, own, own_counts.astype(np.float64) * weight)
    return keys, counts


def _merged(keys: Keys, counts: Values, more: Keys, more_counts: Values) -> tuple[Keys, Values]:
    if not len(keys):
        return more, more_counts
    at = np.minimum(np.searchsorted(keys, more), len(keys) - 1)
    known = keys[at] == more
    counts[at[known]] += more_counts[known]
    all_keys = np.concatenate([keys, more[~known]])
    order = np.argsort(all_keys, kind="stable")
    return all_keys[order], np.concatenate([counts, more_counts[~known]])[order]


class _Order:
    """One order of the model while it is made: sorted keys with log probability, contexts with log back-off."""

    def __init__(self, keys: Keys, logp: Values) -> None:
        self.keys, self.logp = keys, logp
        self.backoff: Values = np.zeros(len(keys))

    def find(self, keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return at, self.keys[at] == keys


def _logp(orders: list[_Order], keys: Keys, order: int) -> Values:
    """log p of n-grams under the lower orders made so far."""
    if order == 1:
        return orders[0].logp[keys.astype(np.int64)]
    at, known = orders[order - 1].find(keys)
    result = np.where(known, orders[order - 1].logp[at], 0.0)
    rest = keys[~known]
    if len(rest):
        shorter = rest & np.uint64((1 << (16 * (order - 1))) - 1)
        result[~known] = _backoff(orders, rest >> _SHIFT, order - 1) + _logp(orders, shorter, order - 1)
    return result


def _backoff(orders: list[_Order], contexts: Keys, order: int) -> Values:
    if order == 1:
        return orders[0].backoff[contexts.astype(np.int64)]
    at, known = orders[order - 1].find(contexts)
    return np.where(known, orders[order - 1].backoff[at], 0.0)


def estimate(
    sequences: Sequence[tuple[NDArray[np.uint16], float]],
    vocabulary_size: int,
    minimum: Sequence[float],
    limits: Sequence[int],
    bare: NDArray[np.uint16],
) -> dict[str, NDArray[np.generic]]:
    """Arrays of a model of order ``len(limits) + 1``.

    ``minimum[i]`` is the least weighted count kept in order i + 2, ``limits[i]`` the number of n-grams kept there:
    those that change the model most (count times gain in log probability over backing off). ``bare`` maps each word to
    one that stands for all words like it but for their marks.
    """
    highest = len(limits) + 1
    weighted = {n: _without_slips(*count(sequences, n), bare, n) for n in range(2, highest + 1)}
    orders = [_single_words(vocabulary_size, weighted[2][0])]
    for order in range(2, highest + 1):
        keys, counts = weighted.pop(order)
        if order < highest:
            keys, counts, seen = _continuations(keys, counts, weighted[order + 1][0], order)
        else:
            seen = counts
        keys, logp, backoff = _one_order(orders, keys, counts, seen, minimum[order - 2], limits[order - 2], order)
        orders[order - 2].backoff[:] = backoff
        orders.append(_Order(keys, logp))
    return _arrays(orders) | {"frequencies": _frequencies(sequences, vocabulary_size).astype(np.float32)}


def _shares(counts: Values) -> Values:
    """log share of each word, none of them nought."""
    floor = 0.1
    logs: Values = np.log((counts + floor) / (counts.sum() + floor * len(counts)))
    return logs


def _frequencies(sequences: Sequence[tuple[NDArray[np.uint16], float]], size: int) -> Values:
    weights = np.zeros(size)
    for ids, weight in sequences:
        weights += np.bincount(ids, minlength=size) * weight
    return _shares(weights)


def _single_words(size: int, pairs: Keys) -> _Order:
    """Single words by the number of words they follow."""
    follows = np.bincount((pairs & _MASK).astype(np.int64), minlength=size).astype(np.float64)
    return _Order(np.arange(size, dtype=np.uint64), _shares(follows))


def _continuations(keys: Keys, weighted: Values, longer: Keys, order: int) -> tuple[Keys, Values, Values]:
    """The number of different words each n-gram of ``keys`` follows (Kneser and Ney 1995), and its weighted count."""
    suffixes, follows = np.unique(longer & np.uint64((1 << (16 * order)) - 1), return_counts=True)
    at = np.minimum(np.searchsorted(suffixes, keys), len(suffixes) - 1)
    return keys, np.where(suffixes[at] == keys, follows[at], 1).astype(np.float64), weighted


def _one_order(
    orders: list[_Order], keys: Keys, counts: Values, seen: Values, least: float, limit: int, order: int
) -> tuple[Keys, Values, Values]:
    """Kept n-grams of one order, their log probabilities, and the log back-off weights of the order below."""
    contexts = keys >> _SHIFT
    starts = np.flatnonzero(np.concatenate([[True], contexts[1:] != contexts[:-1]]))
    sizes = np.diff(np.append(starts, len(keys)))
    totals = np.repeat(np.add.reduceat(counts, starts), sizes)
    direct = np.maximum(counts - _discounts(counts), 0.0) / totals
    freed = np.repeat(1.0 - np.add.reduceat(direct, starts), sizes)
    lower = np.exp(_logp(orders, keys & np.uint64((1 << (16 * (order - 1))) - 1), order - 1))
    gain = seen * np.log1p(direct / np.maximum(freed * lower, 1e-12))
    keep = seen >= least
    if order > 2:
        keep &= _backoff_exists(orders[order - 2], contexts)
    if keep.sum() > limit:
        keep &= gain > np.partition(gain[keep], -limit)[-limit]
    keys, contexts, direct, lower = keys[keep], contexts[keep], direct[keep], lower[keep]
    starts = np.flatnonzero(np.concatenate([[True], contexts[1:] != contexts[:-1]]))
    sizes = np.diff(np.append(starts, len(keys)))
    mass = np.maximum(1.0 - np.add.reduceat(direct, starts), 1e-6)
    backoff = np.zeros(len(orders[order - 2].keys))
    at, known = orders[order - 2].find(contexts[starts])
    backoff[at[known]] = np.log(mass[known])
    return keys, np.log(direct + np.repeat(mass, sizes) * lower), backoff


def _discounts(counts: Values) -> Values:
    """What is taken off each count: more from higher ones (Chen and Goodman 1999), never more than the count."""
    discounts: Values = np.minimum(counts, np.select([counts < 1.5, counts < 2.5], [0.7, 1.05], 1.4))
    return discounts


def _without_slips(keys: Keys, counts: Values, bare: NDArray[np.uint16], order: int) -> tuple[Keys, Values]:
    """Without n-grams that are most likely slips of another one that differs in marks only and is far more frequent."""
    shapes = np.zeros(len(keys), dtype=np.uint64)
    for i in reversed(range(order)):
        words = (keys >> np.uint64(16 * i)) & _MASK
        shapes = (shapes << _SHIFT) | bare[words.astype(np.int64)]
    by_shape = np.argsort(shapes, kind="stable")
    shapes = shapes[by_shape]
    starts = np.flatnonzero(np.concatenate([[True], shapes[1:] != shapes[:-1]]))
    most = np.empty(len(keys))
    most[by_shape] = np.repeat(np.maximum.reduceat(counts[by_shape], starts), np.diff(np.append(starts, len(keys))))
    keep = counts * _SLIP_RATIO >= most
    return keys[keep], counts[keep]


def _backoff_exists(order: _Order, contexts: Keys) -> NDArray[np.bool_]:
    """Whether the context is itself kept in the order below, so that its back-off weight has a place."""
    return order.find(contexts)[1]


def _arrays(orders: list[_Order]) -> dict[str, NDArray[np.generic]]:
    result: dict[str, NDArray[np.generic]] = {
        "unigrams": orders[0].logp.astype(np.float32),
        "unigram_backoffs": orders[0].backoff.astype(np.float32),
    }
    pairs = Pairs.build(orders[1].keys, orders[1].logp, orders[1].backoff, len(orders[0].keys))
    tables = [pairs, *(Table.build(o.keys, o.logp, o.backoff if o is not orders[-1] else None) for o in orders[2:])]
    return result | {f"{i}.{name}": values for i, table in enumerate(tables, 2) for name, values in table.items()}
