"""Texts, units, deadlines and targets in the form in which they are compared.

Reads Vietnamese as it stands in the JSON. Two texts are near when they agree to nine tenths after differences that do
not count are taken out: case, kinds of dash and quote, white space, closing punctuation, where the tone is put
(hoá/hóa: both placements are correct, so the contract treats them as equal).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rapidfuzz import fuzz

Node = Mapping[str, Any]
NEAR = 0.9
"""Least similarity of two texts that count as the same item."""

_SIGNS = str.maketrans(dict.fromkeys("–—−", "-") | dict.fromkeys("“”„\"’‘'", "'"))
_EDGE = " .;:,/-"
_TONES = "\u0300\u0301\u0309\u0303\u0323"  # grave, acute, hook, tilde, dot below


def level(value: object) -> str:
    """``value`` as text without the differences that do not count; "" for None."""
    if value is None:
        return ""
    text = unicodedata.normalize("NFC", str(value)).casefold().translate(_SIGNS)
    return _old_tones(" ".join(text.split()).strip(_EDGE))


_PAIRS = {
    unicodedata.normalize("NFC", f"{first}{second}{tone}"): unicodedata.normalize("NFC", f"{first}{tone}{second}")
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_PAIR = re.compile(rf"(?<!q)(?:{'|'.join(_PAIRS)})\b")


def _old_tones(text: str) -> str:
    """Tones at the end of "oà", "oè", "uỳ" put on the first vowel; "quý" keeps its own."""
    return _PAIR.sub(lambda match: _PAIRS[match[0]], text)


def similarity(one: object, other: object) -> float:
    """How alike two texts are, 0 to 1: twice their common part by their lengths (indel similarity)."""
    a, b = level(one), level(other)
    return 1.0 if a == b else fuzz.ratio(a, b) / 100


def bare(text: str) -> str:
    """``text`` without Vietnamese marks."""
    parted = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in parted if not unicodedata.combining(c))


_SEVERAL = re.compile(r"^(?:các|những)\s+", re.IGNORECASE)


def unit_key(unit: Node | None) -> str:
    """The canonical name without a leading "Các", commas and dashes levelled."""
    name = _SEVERAL.sub("", (unit or {}).get("name") or "")
    return re.sub(r"[\s,\-]+", " ", level(name)).strip()


def deadline_key(deadline: Node) -> tuple[Any, ...]:
    """Normal form of a deadline; the parts of a rule in no particular order, the start of a period only."""
    rule = "".join((deadline.get("rrule") or "").upper().split())
    kind = deadline.get("kind")
    start = deadline.get("start") if kind == "period" else None
    return (kind, start, deadline.get("due"), tuple(sorted(rule.split(";"))))


def target_key(target: Node) -> tuple[Any, ...]:
    """Number and what is counted."""
    value = target.get("value")
    return (None if value is None else float(value), level(target.get("unit")))


def citation_key(citation: Node) -> tuple[Any, ...]:
    """Number and date."""
    return (level(citation.get("number")), citation.get("issued_on"))


def flat_sections(nodes: Iterable[Node], above: tuple[str, ...] = ()) -> Iterator[tuple[str, Node]]:
    """Each section with its path of labels, parents first."""
    for node in nodes:
        path = (*above, level(node.get("label")))
        yield ".".join(path), node
        yield from flat_sections(node.get("children") or (), path)


def section_words(document: Node) -> list[str]:
    """The words of all titles and paragraphs, without punctuation at their edges."""
    texts: list[str] = []
    for _, node in flat_sections(document.get("sections") or ()):
        texts += [node.get("title") or "", *(node.get("paragraphs") or ())]
    cut = (re.sub(r"^\W+|\W+$", "", word) for word in level(" ".join(texts)).split())
    return [word for word in cut if word]


def listed(document: Node, name: str) -> list[Node]:
    """A list of the document; empty where there is none."""
    return list(document.get(name) or ())


def rows_of(table: Node) -> list[list[str]]:
    """The cells of a table."""
    return [list(row) for row in table.get("rows") or ()]


def duties_of(document: Node) -> list[Node]:
    """The duties of all units, in order."""
    return [
        duty for responsibility in listed(document, "responsibilities") for duty in listed(responsibility, "duties")
    ]


def owners_of(document: Node) -> list[Node]:
    """Everything that can own a deadline."""
    return [*listed(document, "objectives"), *listed(document, "tasks"), *duties_of(document)]
