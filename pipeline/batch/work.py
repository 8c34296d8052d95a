"""What a worker does with pages that were read, now or by an earlier run: from words to the plan as JSON."""

from __future__ import annotations

import pickle
import time
from collections.abc import Mapping
from dataclasses import replace

from pipeline.batch.early import known_pages, own_cache, pickled
from pipeline.batch.messages import Converted, Opened, Use
from pipeline.flow import Restored, Stopwatch, plain_text, restore, understand
from pipeline.intake.source import SourceFacts
from pipeline.settings import Settings
from pipeline.values import PageReading, Triage
from schemas import PlanDocument, check_document

A4 = (595.3, 841.9)


def from_cache(opened: Opened, settings: Settings, use: Use) -> Opened:
    """The document with its plan, made of what the cache holds; with the pages that are known where some are not."""
    facts = opened.facts
    if settings.debug_dir is None:
        restored = own_cache(settings, use).restored(facts.sha256, facts.wanted_pages)
        if restored is not None:
            renamed = replace(restored, source=restored.source.model_copy(update={"file": facts.name}))
            return replace(opened, cached=False, converted=_convert(renamed, Stopwatch(), use))
    known = known_pages(opened, settings, use)
    if len(known) == len(facts.wanted_pages):
        return replace(opened, cached=False, converted=_interpret(facts, known, settings, use))
    return replace(opened, cached=False, known=pickled(known))


def interpret_document(
    facts: SourceFacts, readings: Mapping[int, bytes], failed: Mapping[int, str], settings: Settings, use: Use
) -> Converted:
    """The plan of pages that were read; ``failed`` ones keep their place with the reason.

    Raises pydantic.ValidationError or ValueError when the plan breaks its own contract.
    """
    pages = {**_unpickled(readings), **{n: failed_page(n, reason) for n, reason in failed.items()}}
    return _interpret(facts, pages, settings, use)


def look_ahead(facts: SourceFacts, readings: Mapping[int, bytes]) -> None:
    """Restore pages of a document whose others are still being read, for the words that this worker then knows: the
    plan is made by the same one, in two thirds of the time. Raises nothing that making the plan would not."""
    restore(facts, [reading for _, reading in sorted(_unpickled(readings).items())])


def _unpickled(readings: Mapping[int, bytes]) -> dict[int, PageReading]:
    return {number: pickle.loads(reading) for number, reading in readings.items()}  # noqa: S301 - our own worker wrote it


def failed_page(number: int, reason: str) -> PageReading:
    """The place of a page that could not be read, so that page counts stay true."""
    return PageReading(
        number=number, width=A4[0], height=A4[1], words=(), method="none", triage=Triage("unreadable"), error=reason
    )


def _interpret(facts: SourceFacts, readings: Mapping[int, PageReading], settings: Settings, use: Use) -> Converted:
    clock = Stopwatch()
    ordered = [readings[number] for number in facts.wanted_pages]
    restored = restore(facts, ordered, clock)
    if all(reading.error is None for reading in ordered):
        own_cache(settings, use).keep_restored(facts.sha256, facts.wanted_pages, restored)
    return _convert(restored, clock, use)


def _convert(restored: Restored, clock: Stopwatch, use: Use) -> Converted:
    """The plan as JSON, validated from the text that will be written: types, ranges and cross-references."""
    result = understand(restored, clock)
    began = time.perf_counter()
    check_document(result.document)
    text = to_json(result.document)
    PlanDocument.model_validate_json(text)
    seconds = {**result.seconds, "validate": round(time.perf_counter() - began, 4)}
    plain = plain_text(result.pages) if use.with_text else None
    return Converted(text, plain, count(result.document), seconds)


def to_json(document: PlanDocument) -> str:
    """The document as it is written: readable, Vietnamese letters as they are, fields in the contract's order."""
    return document.model_dump_json(indent=2) + "\n"


def count(document: PlanDocument) -> dict[str, int]:
    """How much of everything the document holds, for the summary."""
    return {
        "objectives": len(document.objectives),
        "tasks": len(document.tasks),
        "units": len(document.units),
        "deadlines": len(document.deadlines),
        "warnings": len(document.warnings),
    }
