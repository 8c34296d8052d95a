"""The words the language model knows, and the word each token of a text counts as.

Reads tokens of any Vietnamese text. A word is a syllable (lower case, old-style tones), a frequent abbreviation or
foreign word as printed ("UBND", "Internet"), or a class: numbers by their shape, the end of a clause, all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from diacritics.syllables import level

CLASSES = ("<p>", "<unk>", "<n1>", "<n2>", "<n3>", "<n4>", "<year>", "<n5>", "<nn>")
"""Clause boundary; unknown; whole numbers of one, two, three, four and more digits, years; figures with . , or /."""

BOUNDARY, UNKNOWN = 0, 1

LM_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,/]\d+)*|[.;:!?…]")
"""A run of letters, a figure, or a mark that ends a clause; everything else is not seen by the language model."""


@dataclass(frozen=True)
class Vocabulary:
    """Words by id. Ids fit into 16 bits."""

    words: tuple[str, ...]
    ids: dict[str, int] = field(repr=False)
    shapes: dict[str, int] = field(repr=False)
    """Words of three letters and more that are no syllables, by :func:`shape`."""

    @staticmethod
    def of(words: Iterable[str]) -> Vocabulary:
        listed = tuple(words)
        ids = {w: i for i, w in reversed(list(enumerate(listed)))}
        for i, word in enumerate(listed):
            if len(word) > 3 and i >= len(CLASSES):
                ids.setdefault(word.lower(), i)
        foreign = range(len(CLASSES), len(listed))
        shapes = {shape(listed[i]): i for i in reversed(foreign) if len(listed[i]) > 2 and not listed[i].islower()}
        return Vocabulary(listed, ids, shapes)

    def id_of_syllable(self, printed: str, syllable: str) -> int:
        """:meth:`id_of` a ``printed`` word of which the levelled form is known to be ``syllable``."""
        return self.ids.get(printed, self.ids.get(syllable, UNKNOWN))

    def id_of(self, token: str) -> int:
        """The id ``token`` counts as; ``token`` is a match of :data:`LM_TOKEN`."""
        first = token[0]
        if first.isdigit():
            return self.ids[number_class(token)]
        if not first.isalpha():
            return BOUNDARY
        found = self.ids.get(token)
        if found is None:
            found = self.ids.get(level(token))
        if found is None and len(token) > 3:
            found = self.ids.get(token.lower())
        return UNKNOWN if found is None else found


_SHAPE = str.maketrans({"l": "I", "1": "I", "|": "I", "0": "O"})


def shape(word: str) -> str:
    """``word`` with letters made one that print alike without serifs: what "VNeID" and "VNelD" have in common."""
    return word.translate(_SHAPE)


def number_class(token: str) -> str:
    if not token.isdecimal():
        return "<nn>"
    if len(token) == 4 and token[:2] in ("19", "20"):
        return "<year>"
    return f"<n{min(len(token), 5)}>"
