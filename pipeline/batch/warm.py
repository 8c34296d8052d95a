"""Imported once by the process that workers fork from: what every job needs is loaded here and shared by all."""

from __future__ import annotations

import contextlib
import gc

from pipeline.flow import interpret
from pipeline.intake.source import SourceFacts
from pipeline.values import Line, PageReading, Word

_ALLOCATIONS = 50_000  # between two looks for garbage; the interpreter's own 700 makes hundreds of looks a document
_LINE = "1. Giao Văn phòng Sở báo cáo kết quả trước ngày 30/9/2025."


def warm_up() -> None:
    """Interpret a document of one line, so that the language model and the patterns of spaCy are in memory.

    Without it each worker would load them anew, a second or two and some 100 MB each.
    """
    words = tuple(Word(word, word) for word in _LINE.split())
    facts = SourceFacts("", "0" * 64, "text", 1, (1,))
    interpret(facts, [PageReading(1, 595.0, 842.0, (), method="text_layer", lines=(Line(1, words),))])


def calm_collector() -> None:
    """Leave what is loaded out of the search for cyclic garbage, and look for it less often.

    A document is some hundred thousand small immutable values without cycles: the search took a fifth of the time
    behind OCR and found nothing. A worker's memory is limited and it is recycled in any case.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 10, 10)


with contextlib.suppress(Exception):  # a defect shows in the document that meets it, not here
    warm_up()
calm_collector()
