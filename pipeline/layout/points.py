"""Points and apostrophes that dirt set into a sentence.

Form of text: the words of one line as OCR read them: "Thanh tra Sở.cử cán bộ", "tổ chức các. hoạt động", "Bộ Y' tế".
No sentence ends in front of a small letter; abbreviations ("v.v. và", "TP. hồ"), addresses ("chinhphu.vn") and whatever
has figures keep their points. Vietnamese has no apostrophes, so one alone in its line is no quotation mark either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.knowledge.folding import LOWER, UPPER, fold
from pipeline.values import Word

_INSIDE = re.compile(rf"^(?P<one>\W*[{UPPER}]?[{LOWER}]+)[.·](?P<other>[{LOWER}]{{2,}}\W*)$")
_BEHIND = re.compile(rf"^[{UPPER}]?[{LOWER}]+\.$")
_SYLLABLE = re.compile(rf"^[{LOWER}]{{2,}}[,;:.)]*$")
_VOWEL = re.compile(r"[aeiouy]")
_APOSTROPHES = "'’‘`"
_APOSTROPHE = re.compile(rf"^[{_APOSTROPHES}]?(?P<word>[{UPPER}{LOWER}]+)[{_APOSTROPHES}]?(?P<stop>[,;:.)]*)$")
_DOMAINS = frozenset({"vn", "com", "net", "org", "gov", "edu", "info"})


def without_specks(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words, those that a point ran together parted, points in front of small letters taken off.

    What is surely read keeps its points and apostrophes: authors write what they like.
    """
    words = _without_apostrophe(words)
    result: list[Word] = []
    for k, word in enumerate(words):
        if "." not in word.text and "·" not in word.text:
            result.append(word)
            continue
        inside = _INSIDE.match(word.text)
        if inside and _syllable(inside["one"]) and _syllable(inside["other"]):
            result += [word._replace(text=inside["one"]), word._replace(text=inside["other"])]
            continue
        following = words[k + 1].text if k + 1 < len(words) else ""
        if _BEHIND.match(word.text) and _syllable(word.text) and _SYLLABLE.match(following) and word.confidence < 1.0:
            word = word._replace(text=word.text[:-1])
        result.append(word)
    return tuple(result)


def may_bear_specks(text: str) -> bool:
    """Whether a line has any sign that :func:`without_specks` looks at."""
    return any(sign in text for sign in f".·{_APOSTROPHES}")


def _without_apostrophe(words: Sequence[Word]) -> Sequence[Word]:
    """The words of a line, its only apostrophe taken off the letters it stands before or behind."""
    marked = [k for k, word in enumerate(words) for c in word.text if c in _APOSTROPHES]
    if len(marked) != 1:
        return words
    word = words[marked[0]]
    match = _APOSTROPHE.match(word.text)
    if match is None or word.confidence >= 1.0:
        return words
    mended = word._replace(text=match["word"] + match["stop"])
    return [*words[: marked[0]], mended, *words[marked[0] + 1 :]]


def _syllable(text: str) -> bool:
    bare = fold(text).strip(".,;:()\"'")
    return len(bare) > 1 and bare not in _DOMAINS and bool(_VOWEL.search(bare))
