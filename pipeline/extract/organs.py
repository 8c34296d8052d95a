"""Names of bodies from a letterhead, in normal case.

Form of text: the lines over the number, in capitals and wrapped: "ỦY BAN NHÂN DÂN" / "TỈNH TRƯỜNG SƠN" / "SỞ Y TẾ".
Capitals are written by Nghị định 30/2020/NĐ-CP, Phụ lục II; where the text itself names the body, its spelling counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.knowledge.folding import fold, fold_words, share_of_capitals
from pipeline.knowledge.forms import organ_words
from pipeline.values import Text

_NOISE = re.compile(r"^[\W_\d]*|[\W_]*$")


def join_bodies(lines: Sequence[Text], place: str | None = None) -> list[Text]:
    """Wrapped lines of a letterhead as one text a body; joint issuers ("SỞ Y TẾ -" / "CÔNG ĐOÀN NGÀNH") stay one.

    ``place`` is that of the date line: a line that is its name is no body, though it may begin like one ("HỘI AN").
    """
    bodies: list[Text] = []
    for line in lines:
        if sum(c.isalpha() for c in line.string) < 3:
            continue  # a rule under the name, the asterisk of party documents
        named = place is not None and fold_words(line.string) == fold_words(place)
        goes_on = bodies and (re.search(r"[-–,]\s*$|\bVÀ$", bodies[-1].string) or _is_nameless(bodies[-1].string))
        if bodies and (named or goes_on or not _opens_body(line.string)):
            bodies[-1] = Text.join([bodies[-1], line])
        else:
            bodies.append(line)
    return bodies


def _is_nameless(string: str) -> bool:
    """ "BAN CHẤP HÀNH", "BAN THƯỜNG VỤ": whose board it is, stands on the next line ("ĐOÀN TỈNH …")."""
    return fold_words(string) in (("ban", "chap", "hanh"), ("ban", "thuong", "vu"))


def _opens_body(string: str) -> bool:
    words = fold_words(string)
    if not words or any(words[: len(level)] == level for level in map(fold_words, organ_words().levels) if level):
        return _is_committee(words)
    return any(words[: len(kind)] == kind for kind in organ_words().kinds) or _known(string) is not None


def _known(string: str) -> str | None:
    """The name of the table that all of ``string`` is, blanks and broken marks aside ("SOY TÉ" for "Sở Y tế")."""
    words = fold_words(string)
    joined = "".join(words)
    for name, _, letters in _names():
        if joined == letters:
            return name
    for name, wanted, letters in _names():
        if words[:1] != wanted[:1]:
            continue
        slip = len(words) == len(wanted) and Levenshtein.distance(joined, letters) == 1  # "SỞ Y TÉẺ"
        if slip or (len(joined) > 8 and fuzz.ratio(joined, letters) >= 92):
            return name
    return None


@cache
def _names() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """The names of the table, longest first, each with its folded words and those joined."""
    folded = [(name, fold_words(name)) for name in organ_words().names]
    return tuple((name, words, "".join(words)) for name, words in folded)


def _is_committee(words: tuple[str, ...]) -> bool:
    """ "TỈNH ỦY", "TỈNH ĐOÀN" open a body though "TỈNH" alone goes on."""
    return words[:2] in {
        ("tinh", "uy"),
        ("thanh", "uy"),
        ("huyen", "uy"),
        ("quan", "uy"),
        ("thi", "uy"),
        ("tinh", "doan"),
        ("thanh", "doan"),
    }


def normal_case(name: str, body_text: str = "") -> str:
    """``name`` ("SỞ Y TẾ") in normal case ("Sở Y tế"), by the text's own spelling, the table, or the rules."""
    name = " ".join(_NOISE.sub("", name).split())
    if share_of_capitals(name) < 0.8:
        return name
    one, dash, other = name.partition(" - ")
    if dash and _opens_body(one) and _opens_body(other):  # joint issuers
        return f"{normal_case(one, body_text)} - {normal_case(other, body_text)}"
    return _known(name) or _as_in_text(name, body_text) or _by_rules(name, body_text)


def _as_in_text(name: str, body_text: str) -> str | None:
    """The commonest spelling of the name in the running text; marks that OCR lost in capitals come back with it."""
    counts: dict[str, int] = {}
    folded, wanted = fold(body_text), fold(name)
    if len(folded) != len(body_text) or wanted not in folded:
        return None
    for match in re.finditer(r"\b" + re.escape(wanted) + r"\b", folded):
        spelling = body_text[match.start() : match.end()]
        if not spelling.isupper() and spelling[0].isupper():
            counts[spelling] = counts.get(spelling, 0) + 1
    return max(sorted(counts), key=lambda spelling: counts[spelling]) if counts else None


def _by_rules(name: str, body_text: str) -> str:
    """Known beginnings as the table has them, levels small, place names with capitals, the rest small."""
    words = organ_words()
    tokens = name.split()
    result: list[str] = []
    place = False  # behind a whole name or a level comes the name of a place
    named = 0  # where a whole name of the table ended
    k = 0
    while k < len(tokens):
        known = _known_at(tokens, k)
        if known:
            result += known
            k, place = k + len(known), True
            named = k
            continue
        level = _level(tokens[k : k + 2], loosely=0 < named == k)
        if level is not None:
            result += level.split() if result else [level.capitalize()]
            k, place = k + len(level.split()), True
            spelled = _place_as_in_text(tokens[k:], body_text)
            result += spelled
            k += len(spelled)
            continue
        token = tokens[k]
        if token.upper() in words.capitals or _is_acronym(token):
            result.append(token.upper())
        elif token.lower() in words.small and result and not place:
            result.append(token.lower())
        else:
            first = place or not result or _is_first(result)
            result.append(token[:1].upper() + token[1:].lower() if first else token.lower())
        k += 1
    return " ".join(result)


def _is_acronym(token: str) -> bool:
    """Capitals without a vowel are no syllable: "PCTT&TKCN"."""
    return len(token) > 1 and token.isupper() and not re.search(r"[aeiouy]", fold(token))


def _known_at(tokens: Sequence[str], k: int) -> list[str]:
    """The words of the longest name of the table that stands at ``k``; inside a name only names of several words."""
    first = fold_words(tokens[k])[:1]
    for known, wanted, _ in _names():
        size = len(known.split())
        if wanted[:1] == first and (k == 0 or len(wanted) > 1) and fold_words(" ".join(tokens[k : k + size])) == wanted:
            return known.split()
    return []


def _level(tokens: Sequence[str], *, loosely: bool) -> str | None:
    """The level that the tokens open with ("THÀNH PHỐ", "XÃ"); "XÃ HỘI" is none.

    A level has all its marks or none ("PHƯỢNG" is not "PHƯỜNG", "QUẢN" not "QUẬN"); ``loosely``: right behind the name
    of a body, where OCR may have broken them.
    """
    if [word.lower() for word in tokens[:2]] == ["xã", "hội"]:
        return None
    for size in (2, 1):
        printed = " ".join(tokens[:size]).lower()
        if len(printed.split()) < size:
            continue
        for level in organ_words().levels:
            bare = printed == fold(level) and size == 1
            if len(level.split()) == size and (printed == level or bare or (loosely and fold(printed) == fold(level))):
                return "TP." if level.startswith("tp") else level
    return None


def _place_as_in_text(tokens: Sequence[str], body_text: str) -> list[str]:
    """The longest beginning of ``tokens``, two at least, that the text writes as the name of a place."""
    for size in range(min(5, len(tokens)), 1, -1):
        if any(_level(tokens[k : k + 2], loosely=False) for k in range(1, size)):
            continue
        spelling = _as_in_text(" ".join(tokens[:size]), body_text)
        if spelling is not None and all(word[:1].isupper() for word in spelling.split()):
            return spelling.split()
    return []


def _is_first(result: Sequence[str]) -> bool:
    """The word behind the kind of body is written with a capital: "Trung tâm Kiểm soát bệnh tật"."""
    return fold_words(" ".join(result)) in organ_words().kinds or result[-1] in "-–"
