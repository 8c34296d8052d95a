"""Comparing printed labels with known ones, though OCR may have broken letters or marks.

Reads single labels: a column heading ("Thời gian hoàn thành"), the words before a colon ("Đơn vị chủ trì").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.knowledge.folding import fold

_LETTERS_PER_ERROR = 7  # misread letters a label may have: one, and one more for each so many
_NOT_LETTERS = re.compile(r"[^0-9a-z%/&]+")


@lru_cache(maxsize=20_000)
def label_key(string: str) -> str:
    """``fold`` with punctuation and white space levelled to single blanks."""
    return _NOT_LETTERS.sub(" ", fold(string)).strip()


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """``kind`` of the known label most like a printed one, and how like it is, 0..1."""

    kind: str
    score: float


class KnownLabels(dict[str, tuple[str, ...]]):
    """Kind -> label keys (:func:`label_key`)."""

    @cached_property
    def by_length(self) -> dict[int, list[tuple[str, str, int]]]:
        """Length of a printed key -> the labels that it may be a misreading of: kind, label, letters misread at most.

        A key's length tells most labels from it at once.
        """
        found: dict[int, list[tuple[str, str, int]]] = {}
        for kind, labels in self.items():
            for label in labels:
                errors = max(1, len(label) // _LETTERS_PER_ERROR)
                for length in range(len(label) - errors, len(label) + errors + 1):
                    found.setdefault(length, []).append((kind, label, errors))
        return found


def best_label(printed: str, known: KnownLabels, least: float = 0.86) -> LabelMatch | None:
    """The kind in ``known`` whose label is most like ``printed``; None below ``least``.

    The likeness is the normalised edit similarity of the folded labels, so a lost mark costs nothing and a wrong
    letter little; of equals the first in the table wins.
    """
    key = label_key(printed)
    if not key:
        return None
    best: LabelMatch | None = None
    for kind, label, errors in known.by_length.get(len(key), ()):
        if key != label and Levenshtein.distance(key, label, score_cutoff=errors) > errors:
            continue  # "Chương trình" is not "Công trình", however like it is
        score = 1.0 if key == label else fuzz.ratio(key, label) / 100
        if score >= least and (best is None or score > best.score):
            best = LabelMatch(kind, score)
    return best
