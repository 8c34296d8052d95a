"""Error rates of a recognised text against the true one: characters, words, characters without Vietnamese marks.

Reads plain text, pages parted by form feeds. White space is folded, kinds of dash and quote are levelled; "hằng" and
"hàng" (hằng năm, hàng năm) cannot be told apart by syllable, as both are written for the other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.quality.scoring.levelling import bare, level


@dataclass(frozen=True)
class TextFigures:
    """``syllables`` and ``exact``: shares that agree, without and with case and punctuation; the rest: error rates."""

    syllables: float
    exact: float
    cer: float
    wer: float
    cer_no_marks: float

    def as_json(self) -> dict[str, float]:
        """All figures by name."""
        return asdict(self)


_DASHES = re.compile("[–—−]")
_QUOTES = re.compile("[“”„\"’‘']")


def folded(text: str) -> str:
    """``text`` with one kind of blank, dash and quote."""
    text = unicodedata.normalize("NFC", text).replace("\f", " ")
    return " ".join(_DASHES.sub("-", _QUOTES.sub("'", text)).split())


def _syllables(text: str) -> list[str]:
    words = (re.sub(r"^\W+|\W+$", "", level(word)) for word in text.split())
    return ["hàng" if word == "hằng" else word for word in words if word]


def text_figures(true: str, other: str) -> TextFigures:
    """The error rates of ``other``; rates are by the length of ``true`` and may pass 1."""
    true, other = folded(true), folded(other)
    own, theirs = _syllables(true), _syllables(other)
    words, other_words = true.split(), other.split()
    wrong_words = Levenshtein.distance(words, other_words) / max(1, len(words))
    return TextFigures(
        syllables=1 - Levenshtein.distance(own, theirs) / max(1, len(own)),
        exact=1 - wrong_words,
        cer=Levenshtein.distance(true, other) / max(1, len(true)),
        wer=wrong_words,
        cer_no_marks=Levenshtein.distance(bare(true), bare(other)) / max(1, len(true)),
    )
