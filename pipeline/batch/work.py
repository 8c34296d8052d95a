"""What the worker processes do: open a document, read one page, interpret the pages read. Each call stands alone."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.batch.cache import ReadingCache, open_cache
from pipeline.batch.messages import CacheUse, Converted, Opened
from pipeline.debug import draw_page
from pipeline.flow import interpret
from pipeline.intake.source import SourceFacts, source_facts
from pipeline.reading import read_page_strictly
from pipeline.settings import Settings
from pipeline.values import PageReading
from schemas import PlanDocument, check_document


def open_document(path: Path, settings: Settings, use: CacheUse) -> Opened:
    """Facts of the file and what is known of its pages."""
    facts = source_facts(path, settings)
    if not use.lookup:
        return Opened(facts, {})
    cache = _cache(settings, use.fingerprint)
    looked_up = {number: cache.get(facts.sha256, number) for number in facts.wanted_pages}
    known = {number: reading for number, reading in looked_up.items() if reading is not None}
    for reading in known.values():
        _debug(path, reading, settings)
    return Opened(facts, known)


def read_one(path: Path, number: int, settings: Settings, sha256: str, use: CacheUse) -> PageReading:
    """One page, into the cache too; a failed reading is not kept."""
    reading = read_page_strictly(path, number, settings)
    if reading.error is None:
        _cache(settings, use.fingerprint).put(sha256, number, reading)
    _debug(path, reading, settings)
    return reading


def _debug(path: Path, reading: PageReading, settings: Settings) -> None:
    if settings.debug_dir is not None:
        draw_page(path, reading, settings, settings.debug_dir)


def interpret_document(facts: SourceFacts, readings: Sequence[PageReading]) -> Converted:
    """The plan as JSON, validated from the text that will be written: types, ranges and cross-references.

    Raises pydantic.ValidationError or ValueError when the plan breaks its own contract.
    """
    result = interpret(facts, readings)
    began = time.perf_counter()
    check_document(result.document)
    text = to_json(result.document)
    PlanDocument.model_validate_json(text)
    seconds = {**result.seconds, "validate": round(time.perf_counter() - began, 4)}
    return Converted(text, result.text, count(result.document), seconds)


def to_json(document: PlanDocument) -> str:
    """The document as it is written: readable, Vietnamese letters as they are, fields in the contract's order."""
    return json.dumps(document.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def count(document: PlanDocument) -> dict[str, int]:
    """How much of everything the document holds, for the summary."""
    return {
        "objectives": len(document.objectives),
        "tasks": len(document.tasks),
        "units": len(document.units),
        "deadlines": len(document.deadlines),
        "warnings": len(document.warnings),
    }


@functools.lru_cache(maxsize=4)
def _opened(folder: Path | None, size_limit: int, fingerprint: str) -> ReadingCache:
    return open_cache(folder, size_limit, fingerprint)


def _cache(settings: Settings, fingerprint: str) -> ReadingCache:
    return _opened(settings.cache_dir, settings.cache_bytes, fingerprint)
