"""Names of bodies from a letterhead, in normal case.

Form of text: the lines over the number, in capitals and wrapped: "ỦY BAN NHÂN DÂN" / "TỈNH TRƯỜNG SƠN" / "SỞ Y TẾ".
Capitals are written by Nghị định 30/2020/NĐ-CP, Phụ lục II; where the text itself names the body, its spelling counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.knowledge.folding import fold_words
from pipeline.knowledge.forms import organ_words
from pipeline.values import Text

_NOISE = re.compile(r"^[\W_\d]*|[\W_]*$")


def join_bodies(lines: Sequence[Text]) -> list[Text]:
    """Wrapped lines of a letterhead as one text a body; joint issuers ("SỞ Y TẾ -" / "CÔNG ĐOÀN NGÀNH") stay one."""
    bodies: list[Text] = []
    for line in lines:
        if sum(c.isalpha() for c in line.string) < 3:
            continue  # a rule under the name, the asterisk of party documents
        if bodies and (not _opens_body(line.string) or re.search(r"[-–,]\s*$|\bVÀ$", bodies[-1].string)):
            bodies[-1] = Text.join([bodies[-1], line])
        else:
            bodies.append(line)
    return bodies


def _opens_body(string: str) -> bool:
    words = fold_words(string)
    if not words or words[0] in {fold_words(level)[0] for level in organ_words().levels if fold_words(level)}:
        return _is_committee(words)
    return any(words[: len(kind)] == kind for kind in organ_words().kinds)


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
    letters = [c for c in name if c.isalpha()]
    if not letters or sum(c.isupper() for c in letters) < 0.8 * len(letters):
        return name
    return _as_in_text(name, body_text) or _by_rules(name)


def _as_in_text(name: str, body_text: str) -> str | None:
    """The commonest spelling of the name in the running text."""
    counts: dict[str, int] = {}
    for match in re.finditer(r"\b" + re.escape(name) + r"\b", body_text, re.IGNORECASE):
        if not match.group().isupper() and match.group()[0].isupper():
            counts[match.group()] = counts.get(match.group(), 0) + 1
    return max(sorted(counts), key=lambda spelling: counts[spelling]) if counts else None


def _by_rules(name: str) -> str:
    words = organ_words()
    lowered = name.lower()
    result = ""
    known = next((n for n in words.names if re.match(re.escape(n.lower()) + r"\b", lowered)), None)
    if known is not None:
        result, lowered = known, lowered[len(known) :]
    place = False
    for token in re.findall(r"\S+|\s+", lowered):
        if token.isspace():
            result += token
        elif token.upper() in words.capitals:
            result += token.upper()
        elif token in words.levels or (
            place and token in ("phố", "xã", "trấn") and result.rstrip().endswith(("thành", "thị"))
        ):
            result, place = result + (token if result else token.capitalize()), True
        elif token in words.small and result and not (place and token not in ("phố", "xã", "trấn", "và")):
            result += token
            place = place or token in ("tỉnh", "thành", "huyện", "quận", "phường", "xã")
        else:
            result += token[:1].upper() + token[1:] if place or not result or _is_first(result) else token
    return result


def _is_first(result: str) -> bool:
    """The word behind the kind of body is written with a capital: "Trung tâm Kiểm soát bệnh tật"."""
    return tuple(fold_words(result)) in organ_words().kinds or result.rstrip().endswith("-")
