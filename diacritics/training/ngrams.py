"""Counting n-grams with numpy and turning the counts into a pruned back-off model.

Interpolated absolute discounting (Ney, Essen and Kneser 1994): p(w|h) = max(c(hw) - D, 0)/c(h) + g(h) p(w|h'), where
h' is h without its first word and g(h) the mass the discount and the pruning set free.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from diacritics.language_model import Table

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
    discounts: Sequence[float],
    bare: NDArray[np.uint16],
) -> dict[str, NDArray[np.generic]]:
    """Arrays of a model of order ``len(limits) + 1``.

    ``minimum[i]`` is the least weighted count kept in order i + 2, ``limits[i]`` the number of n-grams kept there:
    those that change the model most (count times gain in log probability over backing off). ``bare`` maps each word to
    one that stands for all words like it but for their marks.
    """
    _, weights = _unigrams(sequences, vocabulary_size)
    floor = 0.1
    logp = np.log((weights + floor) / (weights.sum() + floor * vocabulary_size))
    orders = [_Order(np.arange(vocabulary_size, dtype=np.uint64), logp)]
    for order in range(2, len(limits) + 2):
        keys, counts = _without_slips(*count(sequences, order), bare, order)
        least, limit, discount = minimum[order - 2], limits[order - 2], discounts[order - 2]
        contexts = keys >> _SHIFT
        starts = np.flatnonzero(np.concatenate([[True], contexts[1:] != contexts[:-1]]))
        sizes = np.diff(np.append(starts, len(keys)))
        totals = np.repeat(np.add.reduceat(counts, starts), sizes)
        direct = np.maximum(counts - discount * np.minimum(1.0, counts), 0.0) / totals
        freed = np.repeat(1.0 - np.add.reduceat(direct, starts), sizes)
        lower = np.exp(_logp(orders, keys & np.uint64((1 << (16 * (order - 1))) - 1), order - 1))
        full = np.log(direct + freed * lower)
        gain = counts * (full - np.log(np.maximum(freed, 1e-9) * lower))
        keep = counts >= least
        if order > 2:
            keep &= _backoff_exists(orders[order - 2], contexts)
        if keep.sum() > limit:
            keep &= gain > np.partition(gain[keep], -limit)[-limit]
        keys, contexts, direct, lower = keys[keep], contexts[keep], direct[keep], lower[keep]
        starts = np.flatnonzero(np.concatenate([[True], contexts[1:] != contexts[:-1]]))
        sizes = np.diff(np.append(starts, len(keys)))
        mass = np.maximum(1.0 - np.add.reduceat(direct, starts), 1e-6)
        # interpolated probability of the kept; the free mass goes by the lower order to kept and others alike
        logp = np.log(direct + np.repeat(mass, sizes) * lower)
        at, known = orders[order - 2].find(contexts[starts])
        orders[order - 2].backoff[at[known]] = np.log(mass[known])
        orders.append(_Order(keys, logp))
    return _arrays(orders)


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


def _unigrams(sequences: Sequence[tuple[NDArray[np.uint16], float]], size: int) -> tuple[NDArray[np.int64], Values]:
    weights = np.zeros(size)
    for ids, weight in sequences:
        weights += np.bincount(ids, minlength=size) * weight
    return np.arange(size), weights


def _backoff_exists(order: _Order, contexts: Keys) -> NDArray[np.bool_]:
    """Whether the context is itself kept in the order below, so that its back-off weight has a place."""
    return order.find(contexts)[1]


def _arrays(orders: list[_Order]) -> dict[str, NDArray[np.generic]]:
    result: dict[str, NDArray[np.generic]] = {
        "unigrams": orders[0].logp.astype(np.float32),
        "unigram_backoffs": orders[0].backoff.astype(np.float32),
    }
    for i, order in enumerate(orders[1:], 2):
        backoffs = order.backoff if i < len(orders) else None
        for name, values in Table.build(order.keys, order.logp, backoffs).items():
            result[f"{i}.{name}"] = values
    return result
