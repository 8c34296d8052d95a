"""Attribute lines: the lines under a task that state its lead, its helpers, its deadline, its product.

Reads one line or paragraph, its bullet taken off or not: "- Chủ trì thực hiện: Phòng …", "b) Đơn vị phối hợp: …",
"Thời gian hoàn thành: Quý II/2026". Kept apart from the extraction, because the outline must know too that a lettered
attribute line is no section (contract, "Lettered attribute lines").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.knowledge import load_table
from pipeline.knowledge.labels import best_label, label_key

# a bullet, a letter or a number in front of the label: "-", "+", "a)", "b.", "(1)", "1.", "c/"
_MARKER = re.compile(r"\s*(?:[-–—+•*●○▪·]\s*)?(?:\(?(?:[a-zđ]|\d{1,2})[).:/]\s*)?(?:[-–—+•*]\s*)?", re.IGNORECASE)
_BROKEN_COLON = re.compile(r"[;.]")
_LONGEST_LABEL = 48  # letters; "cơ quan, đơn vị phối hợp thực hiện" has 34
_KINDS_WITHOUT_COLON = frozenset({"lead", "coordinate", "deadline"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """``kind`` of the attribute and where in the line its label and its value begin."""

    kind: str  # a heading of attributes.toml
    label_start: int
    value_start: int


def attribute_of(string: str) -> Attribute | None:
    """What attribute the line states, or None where it is no attribute line.

    The label must stand first and be followed by a colon (a semicolon or a stop where OCR lost one of its dots: then
    only the exact words count, and only with something behind them).
    """
    marker = _MARKER.match(string)
    start = marker.end() if marker else 0
    colon = string.find(":", start, start + _LONGEST_LABEL)
    match = best_label(string[start:colon], known_labels()) if colon > start else None
    if match is not None:
        return Attribute(match.kind, start, colon + 1)
    separator = _BROKEN_COLON.search(string, start, start + _LONGEST_LABEL)
    if separator is None or not string[separator.end() :].strip():
        return None
    label = string[start : separator.start()]
    match = best_label(label, known_labels(), least=1.0) if len(label.split()) > 1 else None
    if match is None or match.kind not in _KINDS_WITHOUT_COLON:
        return None
    return Attribute(match.kind, start, separator.end())


@cache
def known_labels() -> Mapping[str, tuple[str, ...]]:
    """Kind of attribute -> its labels, folded."""
    return {
        kind: tuple(label_key(label) for label in entry["labels"])
        for kind, entry in load_table("attributes").items()
        if "labels" in entry
    }
