"""Points that dirt set into a sentence: no sentence ends in front of a small letter.

Form of text: the words of one line as OCR read them: "Thanh tra Sở.cử cán bộ", "tổ chức các. hoạt động". Abbreviations
("v.v. và", "TP. hồ"), addresses ("chinhphu.vn") and whatever has figures keep their points.
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
_DOMAINS = frozenset({"vn", "com", "net", "org", "gov", "edu", "info"})


def without_specks(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words, those that a point ran together parted, points in front of small letters taken off.

    What is surely read keeps its points: authors write what they like.
    """
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


def _syllable(text: str) -> bool:
    bare = fold(text).strip(".,;:()\"'")
    return len(bare) > 1 and bare not in _DOMAINS and bool(_VOWEL.search(bare))
