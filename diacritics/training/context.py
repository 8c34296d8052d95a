"""Training the network of :mod:`diacritics.context_model` with numpy: which word stands between others.

Softmax over the words of the batch and some drawn at random, corrected for how likely each is to be among them (Jean
and others 2015); Adam (Kingma and Ba 2015). Some neighbours are put wrong on purpose, as readings have it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from diacritics.context_model import AROUND, SIDE
from diacritics.vocabulary import BOUNDARY, UNKNOWN

Ids = NDArray[np.int64]
Weights = NDArray[np.float32]
Layers = dict[str, Weights]

EPOCHS = {
    "tnt305_legal_admin_docs": 4.0,
    "nq57_masterplan": 3.0,
    "phapdien_bo_phap_dien": 0.33,
    "vlc_laws": 1.0,
    "tthc_bqp_congbot": 1.0,
    "tnt305_viwiki": 0.2,
    "viwik19_wiki": 0.2,
}
"""How often each word of a file is asked for."""

_OWN_VECTOR = 5120
"""Words that have a vector of their own: they make 99.9 % of texts."""
_PLACE, _HIDDEN, _FITTING = 64, 512, 128
_BATCH = 2048
_DRAWN = 512
_RATE, _LAST_RATE, _RISE = 2e-3, 1e-5, 200
_FIRST_MOMENT, _SECOND_MOMENT = 0.9, 0.98
_WRONG = 0.04
"""Share of neighbours put wrong; of these, how many become a word that differs in its marks (the rest unknown)."""
_WRONG_MARKS = 0.8


def train_context(
    sequences: Mapping[str, NDArray[np.uint16]], size: int, bare: NDArray[np.uint16]
) -> dict[str, NDArray[np.generic]]:
    """The arrays of the model of a vocabulary of ``size`` words; ``bare`` tells words alike but for their marks."""
    draw = np.random.default_rng(1)
    text, asked = _positions(sequences, draw)
    own = min(_OWN_VECTOR, size)
    counts = np.bincount(text[asked], minlength=size).astype(np.float64)
    rare = np.concatenate([counts[[UNKNOWN]], counts[own:]]) + 0.1
    kept = counts[:own].copy()
    kept[UNKNOWN] += counts[own:].sum()
    shares = (kept + 1.0) / (kept.sum() + own)
    layers = _layers(size, own, draw) | {"words_bias": np.log(shares).astype(np.float32)}
    chance = np.log(1.0 - (1.0 - shares) ** _BATCH * (1.0 - 1.0 / own) ** _DRAWN).astype(np.float32)
    moments = {name: (np.zeros_like(v), np.zeros_like(v)) for name, v in layers.items()}
    alike = _Alike(bare, size)
    steps = max(1, len(asked) // _BATCH)
    for step in range(steps):
        at = asked[step * _BATCH : (step + 1) * _BATCH]
        around = alike.spoil(text[at[:, None] + AROUND].astype(np.int64), draw)
        word = text[at].astype(np.int64)
        word[word >= own] = UNKNOWN
        slopes = _slopes(layers, around, word, draw.integers(0, own, _DRAWN), chance)
        rate = _RATE * min(1.0, (step + 1) / _RISE) * (1.0 - step / steps) + _LAST_RATE
        _adam(layers, moments, slopes, rate, step + 1)
    result: dict[str, NDArray[np.generic]] = {name: values.astype(np.float16) for name, values in layers.items()}
    return result | {"rare": np.log(rare / rare.sum()).astype(np.float16)}


def _positions(
    sequences: Mapping[str, NDArray[np.uint16]], draw: np.random.Generator
) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """The files as one text, boundaries between, and the places of the words that are asked for, in random order."""
    between = np.full(SIDE, BOUNDARY, dtype=np.uint16)
    pieces, places, at = [between], [], SIDE
    for file, epochs in EPOCHS.items():
        own = sequences[file]
        whole = int(epochs)
        times = [np.arange(len(own))] * whole
        places += [at + p for p in (*times, draw.permutation(len(own))[: int((epochs - whole) * len(own))])]
        pieces += [own, between]
        at += len(own) + SIDE
    text, asked = np.concatenate(pieces), np.concatenate(places).astype(np.int32)
    asked = asked[text[asked] != BOUNDARY]
    draw.shuffle(asked)
    return text, asked


class _Alike:
    """Words that differ in their marks alone."""

    def __init__(self, bare: NDArray[np.uint16], size: int) -> None:
        self._order = np.argsort(bare, kind="stable")
        starts = np.searchsorted(bare[self._order], np.arange(size + 1))
        self._start, self._count = starts[bare], starts[bare.astype(np.int64) + 1] - starts[bare]

    def spoil(self, words: Ids, draw: np.random.Generator) -> Ids:
        wrong = draw.random(words.shape, dtype=np.float32) < _WRONG
        own = words[wrong]
        other = self._order[self._start[own] + (draw.random(len(own)) * self._count[own]).astype(np.int64)]
        words[wrong] = np.where(draw.random(len(own)) < _WRONG_MARKS, other, UNKNOWN)
        return words


def _layers(size: int, own: int, draw: np.random.Generator) -> Layers:
    def noise(rows: int, columns: int, scale: float) -> Weights:
        return (draw.standard_normal((rows, columns)) * scale).astype(np.float32)

    near = len(AROUND) * _PLACE
    return {
        "places": noise(size, _PLACE, 0.3),
        "hidden": noise(near, _HIDDEN, (2.0 / near) ** 0.5),
        "hidden_bias": np.zeros(_HIDDEN, np.float32),
        "fitting": noise(_HIDDEN, _FITTING, (1.0 / _HIDDEN) ** 0.5),
        "fitting_bias": np.zeros(_FITTING, np.float32),
        "words": noise(own, _FITTING, 0.05),
    }


def _slopes(layers: Layers, around: Ids, word: Ids, drawn: Ids, chance: Weights) -> Layers:
    """The gradient of the mean loss of a batch."""
    near = layers["places"][around].reshape(len(around), -1)
    hidden = np.maximum(near @ layers["hidden"] + layers["hidden_bias"], 0.0)
    wanted = hidden @ layers["fitting"] + layers["fitting_bias"]
    asked, true = np.unique(np.concatenate([word, drawn]), return_inverse=True)
    vectors = layers["words"][asked]
    error = wanted @ vectors.T
    error += layers["words_bias"][asked] - chance[asked]
    error -= error.max(axis=1, keepdims=True)
    np.exp(error, out=error)
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(word)), true[: len(word)]] -= 1.0
    error /= len(word)
    words, bias = np.zeros_like(layers["words"]), np.zeros_like(layers["words_bias"])
    words[asked], bias[asked] = error.T @ wanted, error.sum(axis=0)
    to_wanted = error @ vectors
    to_hidden = to_wanted @ layers["fitting"].T
    to_hidden *= hidden > 0.0
    to_near = (to_hidden @ layers["hidden"].T).reshape(-1, layers["places"].shape[1])
    return {
        "places": _summed(to_near, around.ravel(), len(layers["places"])),
        "hidden": near.T @ to_hidden,
        "hidden_bias": to_hidden.sum(axis=0),
        "fitting": hidden.T @ to_wanted,
        "fitting_bias": to_wanted.sum(axis=0),
        "words": words,
        "words_bias": bias,
    }


def _summed(rows: Weights, owner: Ids, size: int) -> Weights:
    """The sum of the rows of each owner."""
    order = np.argsort(owner, kind="stable")
    owner = owner[order]
    starts = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
    result = np.zeros((size, rows.shape[1]), dtype=np.float32)
    result[owner[starts]] = np.add.reduceat(rows[order], starts, axis=0)
    return result


def _adam(layers: Layers, moments: dict[str, tuple[Weights, Weights]], slopes: Layers, rate: float, step: int) -> None:
    """One step down; ``layers`` and ``moments`` change in place."""
    stride = np.float32(rate * (1.0 - _SECOND_MOMENT**step) ** 0.5 / (1.0 - _FIRST_MOMENT**step))
    for name, slope in slopes.items():
        first, second = moments[name]
        first *= np.float32(_FIRST_MOMENT)
        first += np.float32(1.0 - _FIRST_MOMENT) * slope
        second *= np.float32(_SECOND_MOMENT)
        second += np.float32(1.0 - _SECOND_MOMENT) * slope * slope
        layers[name] -= stride * first / (np.sqrt(second) + np.float32(1e-7))
