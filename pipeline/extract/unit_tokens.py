"""A tokenized text with the words of unit names marked, and the questions that the rules of units ask of it.

Reads headings, statements, attribute values and cells through :mod:`.language`. Words: knowledge/units.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from spacy.tokens import Doc

from pipeline.extract.abbreviations import UnitLore
from pipeline.extract.language import level, levelled_words, marks, printed_words, read, unit_openings

# a first word that is a token of its own, behind signs at most
_FIRST_WORD = re.compile(r"(?:[\W_]*\s)?([^\W\d_]+)(?=[\s,:;]|$)")


class Tokens:
    """A tokenized text with the marks of the table ``units``, by where they start."""

    def __init__(self, string: str, lore: UnitLore, tails: str = "tail") -> None:
        self._string = string
        self.doc, self._marks, self._words = _marked(string)
        self.texts = printed_words(self.doc)
        self.lore = lore
        self.tails = tails  # which words end a name: "list_tail" in lists, whose parts are names as a whole

    def __len__(self) -> int:
        return len(self._words)

    def word(self, i: int) -> str:
        return self._words[i] if 0 <= i < len(self._words) else ""

    def at(self, label: str, i: int) -> int | None:
        """End of the longest phrase of the label that starts at token ``i``."""
        here = self._marks.get(i)
        return here.get(label) if here is not None else None

    def is_marked(self, i: int) -> bool:
        """Whether any phrase starts at token ``i``."""
        return i in self._marks

    def is_capital(self, i: int) -> bool:
        return 0 <= i < len(self.texts) and self.texts[i][:1].isupper()

    def is_abbreviation(self, i: int) -> bool:
        return 0 <= i < len(self.texts) and self.lore.is_body(self.texts[i])

    def chars(self, first: int, last: int) -> tuple[int, int]:
        token = self.doc[last - 1]
        return self.doc[first].idx, token.idx + len(token)

    def printed(self, first: int, last: int) -> str:
        """The characters of the tokens ``first`` up to ``last``."""
        start, end = self.chars(first, min(last, len(self.texts)))
        return self._string[start:end]


@lru_cache(maxsize=128)
def _marked(string: str) -> tuple[Doc, Mapping[int, Mapping[str, int]], Sequence[str]]:
    """The tokens, the ends of the marks by first token and label, and the levelled words: a heading is asked twice."""
    doc = read(string)
    ends: dict[int, dict[str, int]] = {}
    for label, spans in marks(doc, "units").items():
        name = label.removesuffix("_folded")
        for first, last in spans:
            here = ends.setdefault(first, {})
            here[name] = max(last, here.get(name, 0))
    return doc, ends, ["\n" if "\n" in word else word for word in levelled_words(doc)]


def may_open_unit(string: str, lore: UnitLore) -> bool:
    """Whether the first word may begin a unit's name, or words that lead to one; most statements open with a verb."""
    first = _FIRST_WORD.match(string)
    return first is None or level(first[1]) in unit_openings() or lore.is_body(first[1])
