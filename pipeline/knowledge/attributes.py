"""Attribute lines: the lines under a task that state its lead, its helpers, its deadline, its product.

Reads one line or paragraph, its bullet taken off or not: "- Chủ trì thực hiện: Phòng …", "b) Đơn vị phối hợp: …",
"Thời gian hoàn thành: Quý II/2026". Kept apart from the extraction, because the outline must know too that a lettered
attribute line is no section (contract, "Lettered attribute lines").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold_words
from pipeline.knowledge.forms import organ_words
from pipeline.knowledge.labels import KnownLabels, best_label, label_key

# a bullet, a letter or a number in front of the label: "-", "+", "a)", "b.", "(1)", "1.", "c/"
_MARKER = re.compile(r"\s*(?:[-–—+•*●○▪·]\s*)?(?:\(?(?:[a-zđ]|\d{1,2})[).:/]\s*)?(?:[-–—+•*]\s*)?", re.IGNORECASE)
_BROKEN_COLON = re.compile(r"[;.]")
_LONGEST_LABEL = 48  # letters; "cơ quan, đơn vị phối hợp thực hiện" has 34
_KINDS_WITHOUT_COLON = ("lead", "coordinate", "deadline")
_LONGEST_LINE = 40  # words of a line whose label has no colon
_MOST_WORDS = 10  # of a label


@dataclass(frozen=True, slots=True)
class Attribute:
    """``kind`` of the attribute and where in the line its label and its value begin."""

    kind: str  # a heading of attributes.toml
    label_start: int
    value_start: int


@lru_cache(maxsize=1024)
def attribute_of(string: str) -> Attribute | None:
    """What attribute the line states, or None where it is no attribute line.

    The label must stand first and be followed by a colon (a semicolon or a stop where OCR lost one of its dots: then
    only the exact words count, and only with something behind them). Without any sign the value must open as one does.
    """
    marker = _MARKER.match(string)
    start = marker.end() if marker else 0
    colon = string.find(":", start, start + _LONGEST_LABEL)
    match = best_label(string[start:colon], known_labels()) if colon > start else None
    if match is not None:
        return Attribute(match.kind, start, colon + 1)
    if (plain := _without_colon(string, start)) is not None:
        return plain
    separator = _BROKEN_COLON.search(string, start, start + _LONGEST_LABEL)
    if separator is None or not string[separator.end() :].strip():
        return None
    label = string[start : separator.start()]
    match = best_label(label, known_labels(), least=1.0) if len(label.split()) > 1 else None
    if match is None or match.kind not in _KINDS_WITHOUT_COLON:
        return None
    return Attribute(match.kind, start, separator.end())


def _without_colon(string: str, start: int) -> Attribute | None:
    """ "Đơn vị thực hiện Trạm Y tế …", "Đơn vị chủ trì - Phòng …", "Thời gian hoàn thành trước ngày …"."""
    words = list(re.finditer(r"[^\W_]+", string[start : start + _LONGEST_LABEL + _LONGEST_LABEL]))
    keys = [label_key(w.group()) for w in words]
    table = load_table("attributes")["without_colon"]
    if not words or keys[0] not in {label_key(w) for w in table["first"]} or len(string.split()) > _LONGEST_LINE:
        return None
    for count in range(min(len(words) - 1, _MOST_WORDS), 2, -1):
        key = " ".join(keys[:count])
        kind = next((k for k in _KINDS_WITHOUT_COLON if key in known_labels()[k]), None)
        if kind is None:
            continue
        between = string[start + words[count - 1].end() : start + words[count].start()].strip()
        value = start + words[count].start()
        if between not in ("", "-", "–", "—"):
            return None
        times = {label_key(w) for w in table["times"]}
        opens = keys[count] in times or keys[count].isdigit() if kind == "deadline" else _opens_body(string[value:])
        return Attribute(kind, start, value) if opens else None
    return None


def _opens_body(string: str) -> bool:
    """Whether the text opens with a body's name in capitals: "Trạm Y tế …", "Các phòng …", "UBND …"."""
    words = fold_words(string)
    words = words[1:] if words[:1] in (("cac",), ("nhung",)) else words
    return string[:1].isupper() and any(words[: len(kind)] == kind for kind in organ_words().kinds)


@cache
def known_labels() -> KnownLabels:
    """The labels of each kind of attribute."""
    return KnownLabels(
        {
            kind: tuple(label_key(label) for label in entry["labels"])
            for kind, entry in load_table("attributes").items()
            if "labels" in entry
        }
    )
