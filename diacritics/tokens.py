"""Cutting text, clean or garbled, into atoms: the pieces that are restored one by one.

An atom is a run of letters and digits, with the signs that OCR puts in place of letters when the text is garbled
("ngh¢", "co’", "s@"); figures with their inner marks ("22/12/2024", "1.500,5") are one atom. Addresses of mail and web
are never cut. What stands between atoms is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from diacritics.codes import find_codes

NOISE = "¢¥€§$£@%&#*|\\©®°~’'`´‘?{}<>=^¡¿†‡⁄_"
"""Signs that a reader of the wrong language writes for letters, most frequent first in ``¢`` ơ, ợ, ệ; ``@`` ở, ờ."""

_FIGURE = r"\d+(?:[.,/]\d+)+(?![^\W_])|\d+(?:[.,]\d+)?%"
_ADDRESS = (
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}|(?<!\w)(?:https?://|www\.)\S{1,2000}"
    r"|(?<![\w.])\w{1,63}(?:\.\w{1,63}){0,6}\.(?:vn|com|org|net)(?:/\S{0,500})?(?![^\W_])"
)
ADDRESS = re.compile(_ADDRESS)
_NOISE_CLASS = re.escape(NOISE)

_PAIR = r"[A-ZĐ]{2,8}(?:&[A-ZĐ]{2,8})+(?![^\W_])"

_WHOLE = rf"(?P<address>{_ADDRESS})|(?P<code>{_PAIR})|(?P<figure>{_FIGURE})"
_CLEAN = re.compile(rf"{_WHOLE}|(?P<word>[^\W_]+)|(?P<stop>[.;:!?…])")
_GARBLED = re.compile(rf"{_WHOLE}|(?P<word>(?:[^\W_]|[{_NOISE_CLASS}])+)|(?P<stop>[.;:!…])")

_LEVELLED = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ﬁ": "fi", "ﬂ": "fl"})


def levelled(word: str) -> str:
    """``word`` with signs made one that no reader tells apart: the form under which noise is counted."""
    return word if word.isascii() else word.translate(_LEVELLED)


_MOST_CHANGES = 3


def is_scrap(word: str) -> bool:
    """Whether ``word`` jumps so often between small letters, capitals and the rest that it never was a word.

    Of 17,000 words read with the wrong language none does ("_" is a ruled line, not a letter); scraps read out of
    pictures and stamps mostly do.
    """
    kinds = [1 if c.islower() else 2 if c.isupper() else 0 for c in word if c != "_"]
    return sum(a != b and (a, b) != (2, 1) for a, b in pairwise(kinds)) > _MOST_CHANGES


class Kind(Enum):
    CODE = "code"
    WORD = "word"
    FIGURE = "figure"
    ADDRESS = "address"
    STOP = "stop"


_KINDS = {kind.value: kind for kind in Kind}


class Atom(NamedTuple):
    """A piece of the text: ``text`` is what stands from ``start`` to ``end``."""

    text: str
    start: int
    end: int
    kind: Kind
    mended: str | None = None
    """What a code should be; None for all other atoms."""
    guessed: bool = False
    """Whether that is in doubt."""


def atoms(text: str, *, garbled: bool) -> Iterator[Atom]:
    """The atoms of ``text`` in order. ``garbled``: signs may stand for letters."""
    pattern = _GARBLED if garbled else _CLEAN
    at = 0
    for code in find_codes(text, garbled=garbled):
        yield from _plain_atoms(pattern, text, at, code.start)
        yield Atom(text[code.start : code.end], code.start, code.end, Kind.CODE, code.text, code.guessed)
        at = code.end
    yield from _plain_atoms(pattern, text, at, len(text))


def _plain_atoms(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Atom]:
    for match in pattern.finditer(text, start, end):
        yield Atom(match[0], *match.span(), _KINDS[match.lastgroup or "word"])
