"""Words that a speck on the paper stuck together, parted again: "Sở.cử", "đổi-số", "2017.của"; and those that one tore
apart, without it: "thực. hiện".
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diacritics.model import language_model, vocabulary
from diacritics.result import Token
from diacritics.syllables import is_valid_syllable

_TOGETHER = 2.0
"""log p(second | first) / p(second) above which a dash between two words is a speck."""
_ONE_WORD = 4.5
"""The same above which a full stop between two words is one: "thực hiện" has 5.1, "y tế" 5.8. A comma that was read as
a full stop stands between words that only often follow each other: "phòng, chống" has 3.9, "xã, phường" 3.0."""


def parted(text: str, tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens with a blank where only a speck or a comma stood between two words ("đổi-số", "sở,y", "y.tế")."""
    before: Token | None = None
    for token in tokens:
        if before is not None:
            gap = text[before.end : token.start]
            if gap == " ":
                yield before
            elif before.text.isalnum() and (token.text[:1].islower() or _in_capitals(before, token)):
                yield _with_blank(before, gap, token)
            else:
                yield before
        before = token
    if before is not None:
        yield before


def _in_capitals(before: Token, token: Token) -> bool:
    """Whether both are syllables in capitals, not an abbreviation's parts ("SỞ Y-TẾ", not "KH-UBND")."""
    return token.text.isupper() and before.text.isupper() and all(is_valid_syllable(t.text) for t in (before, token))


def _with_blank(token: Token, gap: str, following: Token) -> Token:
    dash = gap == "-" and following.text.isalpha() and _belong_together(token.text, following.text)
    speck = gap == "" and not token.printed[-1:].isalnum() and len(token.printed) > 1
    dot = gap == "." and all(is_valid_syllable(t.text) or len(t.text) == 4 for t in (token, following))
    comma = gap == "," and token.text.isalpha()
    if gap.strip() == "." and gap[-1:].isspace() and gap.count("\n") < 2 and _are_one_word(token, following):
        dotted = gap[: gap.index(".") + 1]
        return token._replace(printed=token.printed + dotted, end=token.end + len(dotted), changed=True)
    if not (comma or dash or speck or (dot and len(token.text) > 1 and len(following.text) > 1)):
        return token
    behind = ", " if gap == "," else " "
    return token._replace(printed=token.printed + gap, text=token.text + behind, end=token.end + len(gap), changed=True)


def _are_one_word(first: Token, second: Token) -> bool:
    """Whether both are syllables of a word, in small letters but for the first."""
    syllables = all(t.text.isalpha() and is_valid_syllable(t.text) for t in (first, second))
    return syllables and second.text.islower() and _attraction(first.text, second.text) > _ONE_WORD


def _belong_together(first: str, second: str) -> bool:
    """Whether ``second`` follows ``first`` far more often than it follows words in general."""
    return _attraction(first, second) > _TOGETHER


def _attraction(first: str, second: str) -> float:
    """log p(second | first) / p(second)."""
    ids = [np.array([vocabulary().id_of(word)]) for word in (first, second)]
    model = language_model()
    return float(model.score(*ids)[0] - model.unigrams[ids[1]][0])
