"""Abbreviations of a garbled document settled by the document itself.

A reader of the wrong language writes D for Đ. "XDCDAT" is "XDCĐAT" when the same text says "xây dựng cộng đồng an
toàn"; abbreviations that need no explanation ("PGĐ") stand in ``data/codes.toml``. A run of capitals met once that is
one letter away from an abbreviation met several times is that abbreviation ("KHpN" beside "KHCN").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from diacritics.codes import code_tables
from diacritics.model import vocabulary
from diacritics.result import Token
from diacritics.syllables import is_valid_syllable, strip_marks

_ABBREVIATION = re.compile(r"[A-ZĐ&]{2,12}")
_ALMOST = re.compile(r"[A-ZĐ]{2}\w{1,6}[A-ZĐ]|[A-ZĐ]\w[A-ZĐ]{2,6}")
"""A run of capitals with one small letter or figure among them, or none."""
_SETTLED = 3
"""How often an abbreviation must stand in the text to settle others."""
_LONG = 4
"""Letters from which the abbreviation of an organ is no other one."""
_UNSURE = 0.7
_ALIKE = ("CGOQDĐ", "EFB", "ILTJ", "UV", "HMN", "PRB", "XK")
"""Capitals that are read for each other: "PHCN" is no "KHCN"."""


def settle(tokens: Sequence[Token]) -> Iterator[Token]:
    """``tokens`` of one text, its abbreviations in the form that the text as a whole speaks for."""
    printed = Counter(t.text for t in tokens if _ABBREVIATION.fullmatch(t.text))
    if not printed and not any(_ALMOST.fullmatch(t.printed) for t in tokens):
        yield from tokens
        return
    spelled = _spelled_out(printed, tokens)
    frequent = [a for a, n in printed.items() if n >= _SETTLED and len(a) > 3 and not is_valid_syllable(a)]
    for token in tokens:
        text = token.text
        if _ALMOST.fullmatch(token.printed) and printed[text] < _SETTLED and token.confidence < _UNSURE:
            text = next((a for a in frequent if _one_apart(token.printed, a)), text)
        text = spelled.get(text, text)
        yield token if text == token.text else token._replace(text=text, changed=text != token.printed)


def _one_apart(printed: str, known: str) -> bool:
    """Whether one letter was misread, added or lost; a capital is only misread for one that looks like it."""
    if len(printed) == len(known):
        wrong = [(a, b) for a, b in zip(printed, known, strict=True) if a != b]
        return len(wrong) == 1 and (not wrong[0][0].isupper() or any(set(wrong[0]) <= set(alike) for alike in _ALIKE))
    longer, shorter = sorted((printed, known), key=len, reverse=True)
    return len(longer) - len(shorter) == 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _spelled_out(abbreviations: Iterable[str], tokens: Sequence[Token]) -> dict[str, str]:
    """The abbreviations in which some D is a Đ, by their form with D."""
    words = [w for t in tokens for w in t.text.split() if w.isalpha() and len(w) > 1 and not w.isupper()]
    initials = "".join(w[0].upper() if w[0].upper() == "Đ" else strip_marks(w[0]).upper()[:1] for w in words)
    plain = initials.replace("Đ", "D")
    if len(plain) != len(initials):
        return {}
    result = {}
    for whole in abbreviations:
        parts = [_with_bars(part, plain, initials) if "D" in part else part for part in whole.split("&")]
        if (spelled := "&".join(parts)) != whole:
            result[whole] = spelled
    return result


def _with_bars(part: str, plain: str, initials: str) -> str:
    """``part`` with Đ where most words it may stand for begin with đ; an abbreviation in use ("DVC") stays as it is."""
    if part in (known := _well_known()):
        return known[part]
    if len(part) < 3 or "Đ" in part:
        return part
    votes: Counter[str] = Counter()
    at = plain.find(part)
    while at >= 0:
        votes[initials[at : at + len(part)]] += 1
        at = plain.find(part, at + 1)
    spelled = max(votes, key=lambda v: (votes[v], v), default=part)
    return part if part in vocabulary().ids and spelled not in vocabulary().ids else spelled


@lru_cache(maxsize=1)
def _well_known() -> dict[str, str]:
    tables = code_tables()
    organs = (organ for organ in tables["organs"] if len(organ) >= _LONG)
    return {word.replace("Đ", "D"): word for word in [*organs, *tables["abbreviations"]]}
