"""Titles of those who sign, as the table has them, from lines that a seal or a pen broke.

Form of text: one line of the signature column, "PHÓ GIÁM ĐỐC", "Q. GIÁM ĐỐC", "TRƯỞNG PHÒNG NGHIỆP VỤ Y", "lÓ GIẮM
ĐỘC". Which title the head of a body bears stands in knowledge/signature.toml: a reading that is not exact is only
believed where the issuing body has such a head.
"""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz

from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold, fold_words, share_of_capitals
from pipeline.knowledge.forms import signature_words

_ACTING = re.compile(r"^\W*(?P<sign>Q|Quyền|QUYỀN)\b[.,\s]+(?=\S)")
_REMNANT = re.compile(r"^\S{0,2}[oóòỏÓÒ0]\W*$", re.IGNORECASE)  # of "PHÓ": "lÓ", "HÓ", "iO"
_ALIKE = 80.0
_EXACT = 96.0
_SURE = 88.0
_BY_ORDER = 92.0
_NEAR = 3.0  # titles that score so close to each other are not told apart


def read_position(string: str, issuer: str | None = None) -> str | None:
    """The signer's title that a line states ("PHÓ GIÁM ĐỐC"), broken letters mended; None when it states none."""
    acting = _ACTING.match(string)
    bare = re.sub(r"[^\w\s.,\-]", " ", string[acting.end() :] if acting else string).strip(" .,-")
    if share_of_capitals(bare) < 0.6:
        return None
    sign = re.match(r"^(\S{1,3})[.\s]+(?=\S)", bare)
    below = known_title(bare[sign.end() :], issuer) if sign else None
    known = deputy_of(below) if sign and below and _REMNANT.match(sign[1]) else None
    known = known or known_title(bare, issuer) or below
    if known is not None and acting:
        return f"{acting['sign'].upper()}. {known}" if acting["sign"] == "Q" else f"{acting['sign'].upper()} {known}"
    return known


def known_exactly(printed: str, position: str) -> bool:
    """Whether a line prints the title that was read from it, broken marks aside."""
    wanted = "".join(fold_words(position))
    here = fold_words(printed)
    return fuzz.ratio("".join(here), wanted) >= _SURE and abs(len(here) - len(fold_words(position))) <= 1


def known_title(string: str, issuer: str | None = None) -> str | None:
    """The title of the table most like ``string``; what the signer's title adds to it ("GIÁM ĐỐC SỞ") stays."""
    words = string.split()
    folded = "".join(fold_words(string))
    scored = ((fuzz.ratio(folded, bare, score_cutoff=_ALIKE), title) for title, bare, _ in _titles())
    best = sorted(((score, title) for score, title in scored if score), reverse=True)
    if best and best[0][0] >= _EXACT:
        return best[0][1].upper()
    for title, bare, size in _titles():
        if len(words) > size and fuzz.ratio("".join(fold_words(" ".join(words[:size]))), bare) >= 90:
            rest = " ".join(words[size:])
            return f"{title.upper()} {rest}" if rest.isupper() else title.upper()
    fitting = [(score, title) for score, title in best if _fits(title, issuer, score)]
    if fitting and not any(score > fitting[0][0] - _NEAR for score, _ in fitting[1:] if issuer is None):
        return fitting[0][1].upper()
    if issuer is not None and not fitting:
        return _end_of_title(folded, issuer)
    return None


@cache
def _titles() -> tuple[tuple[str, str, int], ...]:
    """The titles of the table, each as it is compared and with the number of its words."""
    listed = [(title, fold_words(title)) for title in signature_words().positions]
    return tuple((title, "".join(words), len(words)) for title, words in listed)


def _fits(title: str, issuer: str | None, score: float) -> bool:
    """Whether ``issuer`` has such a head or deputy; everything fits an issuer that is not known."""
    heads = heads_of(issuer)
    return (
        not heads
        or any(title in (head, (deputy_of(head) or "").lower()) for head in heads)
        or (score >= _BY_ORDER and _subordinate(title))
    )


def _subordinate(title: str) -> bool:
    """Those who sign by order (TL.) head a part of the body."""
    return any(title.startswith(word) for word in load_table("signature")["subordinate"])


def _end_of_title(folded: str, issuer: str) -> str | None:
    """The head's title of which a seal left the end ("tỤC TRƯỞNG" of a Chi cục)."""
    for head in heads_of(issuer):
        whole = "".join(fold_words(head))
        if len(folded) >= 6 and len(whole) > len(folded) and fuzz.ratio(whole[-len(folded) :], folded) >= 85:
            return head.upper()
    return None


@cache
def heads_of(issuer: str | None) -> tuple[str, ...]:
    """Titles of the heads of such a body, small letters; none where the table does not know it."""
    words = fold_words(issuer or "")
    entries = load_table("signature")["heads"]
    fits = [kind for kind in entries if words[: len(fold_words(kind))] == fold_words(kind)]
    return tuple(entries[max(fits, key=lambda kind: len(fold_words(kind)))]) if fits else ()


def deputy_of(head: str) -> str | None:
    """The deputy's title: PHÓ GIÁM ĐỐC of GIÁM ĐỐC, THỨ TRƯỞNG of BỘ TRƯỞNG; None for a deputy's own."""
    if fold(head).startswith(("pho ", "thu truong")):
        return None
    table = load_table("signature")["deputies"]
    return str(table.get(head.lower(), f"phó {head}")).upper()
