"""The trained artefact in ``diacritics/data``: vocabulary, language model, channels. Loaded once, on first use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diacritics.context_model import ContextModel
from diacritics.language_model import LanguageModel, Pairs, Table
from diacritics.vocabulary import Vocabulary

MODEL_FILE = "language-model.npz"
CONTEXT_FILE = "context-model.npz"
VOCABULARY_FILE = "vocabulary.txt"


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    text = resources.files(__package__).joinpath(f"data/{VOCABULARY_FILE}").read_text(encoding="utf-8")
    return Vocabulary.of(text.split("\n")[:-1])


@lru_cache(maxsize=1)
def language_model() -> LanguageModel:
    with resources.as_file(resources.files(__package__).joinpath(f"data/{MODEL_FILE}")) as path:
        return read_model(path)


@lru_cache(maxsize=1)
def context_model() -> ContextModel:
    with (
        resources.as_file(resources.files(__package__).joinpath(f"data/{CONTEXT_FILE}")) as path,
        np.load(path) as stored,
    ):
        return ContextModel.load(dict(stored))


def read_model(path: Path) -> LanguageModel:
    """The language model stored at ``path``."""
    with np.load(path) as stored:
        arrays: dict[str, NDArray[np.generic]] = dict(stored)
    tables: list[Table] = []
    while own := _of_order(arrays, len(tables) + 3):
        tables.append(Table.load(own))
    unigrams, backoffs, frequencies = (
        arrays[name].astype(np.float32) for name in ("unigrams", "unigram_backoffs", "frequencies")
    )
    return LanguageModel(unigrams, backoffs, frequencies, Pairs.load(_of_order(arrays, 2)), tuple(tables))


def _of_order(arrays: Mapping[str, NDArray[np.generic]], order: int) -> dict[str, NDArray[np.generic]]:
    prefix = f"{order}."
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}
