"""Headings of table columns (columns.toml), ready for comparison."""

from __future__ import annotations

from functools import cache

from pipeline.knowledge import load_table
from pipeline.knowledge.labels import KnownLabels, LabelMatch, best_label, label_key

ALIKE = 0.84
"""Of a printed heading and a label that is the same but for what OCR did to it."""


@cache
def column_labels() -> KnownLabels:
    """The label keys of each kind of column."""
    columns = load_table("columns")
    return KnownLabels({kind: tuple(label_key(label) for label in entry["labels"]) for kind, entry in columns.items()})


def heading_kind(heading: str) -> LabelMatch | None:
    """The kind of column that a heading names as a whole; None where it is like no label."""
    return best_label(heading, column_labels(), least=ALIKE)
