"""Imported once by the process that workers fork from: what every job needs is loaded here and shared by all."""

from __future__ import annotations

import contextlib

from pipeline.flow import interpret
from pipeline.intake.source import SourceFacts
from pipeline.values import Line, PageReading, Word

_LINE = "1. Giao Văn phòng Sở báo cáo kết quả trước ngày 30/9/2025."


def warm_up() -> None:
    """Interpret a document of one line, so that the language model and the patterns of spaCy are in memory.

    Without it each worker would load them anew, a second or two and some 100 MB each.
    """
    words = tuple(Word(word, word) for word in _LINE.split())
    facts = SourceFacts("", "0" * 64, "text", 1, (1,))
    interpret(facts, [PageReading(1, 595.0, 842.0, (), method="text_layer", lines=(Line(1, words),))])


with contextlib.suppress(Exception):  # a defect shows in the document that meets it, not here
    warm_up()
