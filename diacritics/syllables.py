"""The closed set of Vietnamese syllables: validity, tone placement, marks. Reads any Unicode text; works on NFC.

Vietnamese is written in syllables of the form onset + rime + tone. Some 7,000 of them occur in print; they are listed
in ``data/syllables.txt`` (lower case, tone placed the old way: "hòa", "thủy"), attested at least five times in the
training corpus. This module needs nothing but that list, so that triage can use it at no cost.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources

TONES = "̣̀́̃̉"
"""Grave, acute, tilde, hook above, dot below: huyền, sắc, ngã, hỏi, nặng."""

_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_VOWELS = "aăâeêioôơuưy"
_ONSET = re.compile(r"(?:ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdđghklmnpqrstvx])(?=.)", re.DOTALL)

_NUCLEUS = re.compile(rf"^(qu(?=[{_VOWELS}])|gi(?=[{_VOWELS}])|[^\W{_VOWELS}]*)([{_VOWELS}]+)([^\W{_VOWELS}]*)$")

# Rimes whose tone mark may stand on either vowel: "hòa" (old) and "hoà" (new), "khỏe"/"khoẻ", "thủy"/"thuỷ".
_FLOATING_OLD = re.compile(r"^(.*?)(?:(o)([̣̀́̃̉])([ae])|(u)([̣̀́̃̉])(y))$")


def normalize(text: str) -> str:
    """``text`` in NFC; lone surrogates are left alone (``unicodedata`` accepts them)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=65536)
def old_style(word: str) -> str:
    """``word`` with its tone where most administrative print has it: "hoà" -> "hòa", and misplaced "cuả" -> "của".

    The tone stands on the vowel with a mark of its own (the second of ươ), else on the last vowel before a final
    consonant, else on the last but one; the u of qu and the i of gi belong to the onset when a vowel follows.
    """
    if word.isascii():
        return word
    split = _tone_apart(word)
    tones = [c for c in split if c in TONES]
    if len(tones) != 1:
        return unicodedata.normalize("NFC", word)
    bare = split.replace(tones[0], "")
    match = _NUCLEUS.match(bare.lower())
    if not match:
        return unicodedata.normalize("NFC", word)
    start, vowels, coda = match.end(1), match[2], match[3]
    marked = [i for i, v in enumerate(vowels) if v in "ăâêôơư"]
    if marked:
        at = marked[-1]
    elif coda:
        at = len(vowels) - 1
    else:
        at = max(0, len(vowels) - 2)
    at += start + 1
    return unicodedata.normalize("NFC", bare[:at] + tones[0] + bare[at:])


@lru_cache(maxsize=65536)
def new_style(word: str) -> str:
    """``word`` with the tone of oa, oe, uy on the second vowel ("hòa" -> "hoà")."""
    if word.isascii():
        return word
    split = _tone_apart(word)
    match = _FLOATING_OLD.match(split.lower())
    if not match or (match[1].endswith("q") and match[2] == "u"):
        return unicodedata.normalize("NFC", word)
    stem = split[: len(split) - 3]
    first, tone, second = split[-3], split[-2], split[-1]
    return unicodedata.normalize("NFC", stem + first + second + tone)


def _tone_apart(word: str) -> str:
    """NFD in which only tones stand apart: vowel marks stay on their vowels."""
    result = ""
    for letter in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(c for c in parts if c in TONES)
        result += unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES)) + tone
    return result


def _bare_letters() -> dict[int, str]:
    """The letters of Vietnamese that bear marks, by code point, and what they are without."""
    bases = "AĂÂEÊIOÔƠUƯYaăâeêioôơuưy"
    letters = [unicodedata.normalize("NFC", base + tone) for base in bases for tone in ("", *TONES)]
    return {ord(c): unicodedata.normalize("NFD", c)[0] for c in letters if not c.isascii()} | {0x110: "D", 0x111: "d"}


_BARE = _bare_letters()


def strip_marks(text: str) -> str:
    """``text`` without tones and vowel marks, đ as d: what a keyboard without Vietnamese letters leaves."""
    if text.isascii():
        return text
    plain = text.translate(_BARE)
    if plain.isascii():
        return plain
    split = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in split if not unicodedata.combining(c)))


def onset_length(word: str) -> int:
    """Length of the onset of ``word`` (any case)."""
    match = _ONSET.match(word.lower())
    return match.end() if match else 0


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """All attested syllables, lower case, old-style tone placement."""
    text = resources.files(__package__).joinpath("data/syllables.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def level(word: str) -> str:
    """The form under which ``word`` is counted: NFC, lower case, old-style tone placement."""
    return old_style(normalize(word).lower())


def is_valid_syllable(word: str) -> bool:
    """Whether ``word`` (one token without punctuation, any case) is an attested Vietnamese syllable."""
    return level(word) in syllables()


def has_marks(word: str) -> bool:
    """Whether ``word`` bears a Vietnamese tone, vowel mark or đ."""
    return not word.isascii() and strip_marks(word) != normalize(word)


def share_of_valid_tokens(text: str) -> float:
    """Share (0..1) of the tokens of ``text`` that may stand in Vietnamese print; 0.0 when it has no letters.

    Valid are attested syllables, numbers and abbreviations in capitals (UBND, NQ). A token counts as much as it has
    characters, for noise comes in short tokens. Text without marks scores low: about three quarters of printed
    syllables bear one, so the share is drawn down in proportion where less than a third do.
    """
    total = valid = marked = letters = 0
    for token in _TOKEN.findall(normalize(text)):
        size = len(token)
        total += size
        is_word, is_valid, is_marked = _weight(token)
        letters += size * is_word
        valid += size * is_valid
        marked += size * is_marked
    if not letters:
        return 0.0
    return valid / total * min(1.0, 3 * marked / letters)


@lru_cache(maxsize=65536)
def _weight(token: str) -> tuple[bool, bool, bool]:
    """Whether ``token`` is no number, whether it may stand in Vietnamese print, whether it is a syllable with marks."""
    if token.isdigit():
        return False, True, False
    if is_valid_syllable(token):
        return True, True, has_marks(token)
    return True, token.isupper() and token.isalpha() and 2 <= len(token) <= 6, False


@lru_cache(maxsize=1)
def _bare_syllables() -> frozenset[str]:
    return frozenset(map(strip_marks, syllables()))


@lru_cache(maxsize=65536)
def _is_bare_syllable(word: str) -> bool:
    return strip_marks(word).lower() in _bare_syllables()


def share_of_bare_syllables(text: str) -> float:
    """Share (0..1) of the words of ``text`` that are syllables but for their marks: how Vietnamese it is at all."""
    words = [w for w in _TOKEN.findall(text) if len(w) > 1 and w.isalpha()]
    return sum(map(_is_bare_syllable, words)) / len(words) if words else 1.0


def tone_placement(text: str) -> str | None:
    """The placement ``text`` itself uses, "old" or "new", by majority of its floating tones; None without any."""
    old = new = 0
    for match in _TOKEN.finditer(normalize(text)):
        word = match[0]
        if word.isascii():
            continue
        if new_style(word) != word:
            old += 1
        elif old_style(word) != word:
            new += 1
    if old == new:
        return None
    return "old" if old > new else "new"
