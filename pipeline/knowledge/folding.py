"""Vietnamese text levelled for comparison with the tables of knowledge.

OCR and authors differ in marks, case and the place of a tone; the tables are matched on what remains when those are
taken away.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz, process

_VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"  # ranges over them mix both cases
LOWER = "a-zđ" + _VOWELS
"""Small Vietnamese letters, to stand inside the brackets of a pattern."""
UPPER = "A-ZĐ" + _VOWELS.upper()
"""Vietnamese capitals, likewise."""

_NOT_WORD = re.compile(r"[^\w&%/]+")
_LETTERS_A_WORD = 12  # more than most words have


class _Unmarked(dict[int, int | None]):
    """A table for ``str.translate`` that drops combining marks; it learns each character when it first comes."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_UNMARKED = _Unmarked()


def share_of_capitals(text: str) -> float:
    """How many of the letters are capitals, 0..1; 0 where there is no letter."""
    letters = [c for c in text if c.isalpha()]
    return sum(map(str.isupper, letters)) / len(letters) if letters else 0.0


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without marks ("Ủy ban" -> "uy ban"), character for character where the text is NFC."""
    text = text.replace("Đ", "D").replace("đ", "d")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_UNMARKED)).lower()


@lru_cache(maxsize=65536)
def fold_words(text: str) -> tuple[str, ...]:
    """The folded words of ``text`` without punctuation."""
    return tuple(word for word in _NOT_WORD.split(fold(text)) if word)


def alike(one: str, other: str) -> float:
    """Likeness of two phrases in 0..1, marks and case aside."""
    return fuzz.ratio(" ".join(fold_words(one)), " ".join(fold_words(other))) / 100


def starts_like(text: str, phrase: str, threshold: float = 0.88) -> float:
    """Likeness of the first words of ``text`` to ``phrase``, 0 when below ``threshold``."""
    wanted, count = _levelled(phrase)
    return fuzz.ratio(_opening(text, count), wanted, score_cutoff=100 * threshold) / 100


@lru_cache(maxsize=1024)
def _levelled(phrase: str) -> tuple[str, int]:
    """A phrase of the tables as it is compared, and how many words it has."""
    words = fold_words(phrase)
    return " ".join(words), len(words)


@lru_cache(maxsize=1024)
def _opening(text: str, count: int) -> str:
    """The first words of ``text``; it is compared with many phrases that have as many."""
    words = fold_words(text[: _LETTERS_A_WORD * (count + 1)])
    if len(words) <= count:  # the last one may be cut off
        words = fold_words(text)
    return " ".join(words[:count])


def starts_like_any(text: str, phrases: tuple[str, ...], threshold: float = 0.88) -> bool:
    """Whether ``text`` starts like one of many phrases."""
    return any(
        process.extractOne(_opening(text, count), wanted, scorer=fuzz.ratio, score_cutoff=100 * threshold)
        for count, wanted in _by_length(phrases)
    )


@lru_cache(maxsize=64)
def _by_length(phrases: tuple[str, ...]) -> tuple[tuple[int, list[str]], ...]:
    """Phrases as they are compared, by how many words they have."""
    groups: dict[int, list[str]] = {}
    for phrase in phrases:
        wanted, count = _levelled(phrase)
        groups.setdefault(count, []).append(wanted)
    return tuple(groups.items())


def find_phrase(words: list[str], phrase: str, threshold: float = 0.84) -> tuple[int, int] | None:
    """Where ``phrase`` stands among ``words``: (first, behind last), the likeliest place; None when nowhere."""
    wanted, size = _levelled(phrase)
    folded = [" ".join(fold_words(word)) for word in words]
    best: tuple[float, int, int] | None = None
    for start in range(len(words)):
        for length in range(max(1, size - 1), size + 4):  # dashes may stand between the words
            if start + length > len(words):
                break
            here = " ".join(filter(None, folded[start : start + length]))
            score = fuzz.ratio(here, wanted) / 100
            if score >= threshold and (best is None or score > best[0]):
                best = (score, start, start + length)
    return (best[1], best[2]) if best else None
