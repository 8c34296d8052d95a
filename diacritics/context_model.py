"""A small network that tells how well a word stands between the words on both sides of it.

The five words before and the five behind, each as a vector by its place, give one vector (a hidden layer between);
its product with a word's own vector is how well that word fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diacritics.vocabulary import UNKNOWN

Ids = NDArray[np.int64]
Weights = NDArray[np.float32]
Values = NDArray[np.float64]

SIDE = 5
"""Words on each side that are looked at."""
AROUND = np.array([*range(-SIDE, 0), *range(1, SIDE + 1)])
"""Where they stand."""
_COMMON = 1024
"""Words over which probabilities are made to sum to 1: they make nine tenths of texts."""


@dataclass(frozen=True)
class ContextModel:
    """Layers of the network. The vocabulary's first words have a vector each in ``words``, the others share one."""

    places: Weights
    """The vector of each word of the vocabulary, as one that stands nearby."""
    hidden: Weights
    hidden_bias: Weights
    fitting: Weights
    fitting_bias: Weights
    words: Weights
    words_bias: Weights
    rare: Weights
    """log share of each word that has no vector of its own (and, first, of unknown ones) among all these."""

    @staticmethod
    def load(arrays: Mapping[str, NDArray[np.generic]]) -> ContextModel:
        return ContextModel(**{name: values.astype(np.float32) for name, values in arrays.items()})

    def log_probability(self, around: Ids, owner: Ids, word: Ids) -> Values:
        """log p(word | the words around its place), nearly: the rarest words are left out of the sum.

        ``around``: a row of words for each place (:data:`AROUND`); ``owner``: the row of each ``word``.
        """
        near = self.places[around].reshape(len(around), -1)
        wanted = np.maximum(near @ self.hidden + self.hidden_bias, 0.0) @ self.fitting + self.fitting_bias
        common = wanted @ self.words[:_COMMON].T + self.words_bias[:_COMMON]
        top = common.max(axis=1)
        total = top + np.log(np.exp(common - top[:, None]).sum(axis=1))
        own = np.where(word < len(self.words), word, UNKNOWN)
        result = np.einsum("ij,ij->i", wanted[owner], self.words[own]) + self.words_bias[own] - total[owner]
        rare = np.where(word == UNKNOWN, 0, word - len(self.words) + 1)
        found: Values = result + np.where((own == UNKNOWN), self.rare[np.maximum(rare, 0)], 0.0)
        return found
