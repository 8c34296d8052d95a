"""Vietnamese text levelled for search: small letters, one place for the tone, with marks and without. Reads any text.

Texts are found by their words without marks, so that "benh an dien tu" finds "bệnh án điện tử"; who searches with marks
is shown what has them, so that "sở" does not find "số". Words are cut here and not by the database: SQLite and
PostgreSQL then agree on what a word is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

INDEXED = 60_000
"""Characters of one text that are indexed for search; a tsvector of PostgreSQL holds 1 MB at most."""
KEY = 200
"""Characters of a key that is indexed as a whole; an index row of PostgreSQL holds some 2,700 bytes."""
_WORD = re.compile(r"[^\W_]+")
_WORD_LENGTH = 100  # characters; longer runs of letters are no words
_MOST_PIECES = 65_536
# Old and new style differ in these syllable ends only: "hòa" and "hoà", "khỏe" and "khoẻ", "thủy" and "thuỷ".
_OLD = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
_NEW = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
_NEW_STYLE = dict(zip(_OLD, _NEW, strict=True))
_OLD_STYLE = re.compile("|".join(_NEW_STYLE))


def marked_words(text: str) -> list[str]:
    """The words of ``text`` in small letters with their marks, tones in one place."""
    levelled = unicodedata.normalize("NFC", text).lower()
    if len(levelled) != len(text):  # a few capitals become two characters, which need composing again
        levelled = unicodedata.normalize("NFC", levelled)
    return [_in_new_style(word[:_WORD_LENGTH]) for word in _WORD.findall(levelled)]


def _in_new_style(word: str) -> str:
    return _OLD_STYLE.sub(lambda found: _NEW_STYLE[found[0]], word)


@lru_cache(maxsize=65536)
def without_marks(word: str) -> str:
    """``word`` in small letters without tones and marks: "Đổi" gives "doi"."""
    kept = (c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(kept).replace("đ", "d"))


def fold(text: str) -> str:
    """The words of ``text`` without marks, one space between them: "Sở Y tế," gives "so y te"."""
    return " ".join(map(without_marks, marked_words(text)))


@lru_cache(maxsize=4096)  # plans of a province name the same units
def key(text: str) -> str:
    """A folded name short enough for an index."""
    return fold(text[: 2 * KEY])[:KEY]


def number_key(number: str) -> str:
    """A document number for comparison: "57- NQ/TW" and "57-nq/tw" are one."""
    return "".join(map(without_marks, marked_words(number[: 2 * KEY])))[:KEY]


class _Pieces(dict[str, str]):
    """The words of what stands between two spaces, as ``words`` writes them; the same pieces come all the time."""

    def __init__(self, words: Callable[[str], str]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, piece: str) -> str:
        found = self._words(piece)
        if len(piece) <= _WORD_LENGTH:
            if len(self) >= _MOST_PIECES:
                self.clear()
            self[piece] = found
        return found


_FOLDED = _Pieces(fold)
_MARKED = _Pieces(lambda piece: " ".join(marked_words(piece)))


def index_words(*texts: str | None) -> tuple[str, str]:
    """What a search index holds of ``texts``: their words without marks, and with them."""
    pieces = " ".join(filter(None, texts))[:INDEXED].split()
    folded, marked = map(_FOLDED.__getitem__, pieces), map(_MARKED.__getitem__, pieces)
    return " ".join(filter(None, folded)), " ".join(filter(None, marked))
