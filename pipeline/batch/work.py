"""What the worker processes do: open a document, read one page, interpret the pages read. Each call stands alone."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.batch.cache import Cache, open_cache
from pipeline.batch.fingerprint import result_key
from pipeline.batch.messages import Converted, File, Opened, PageRead, Task, Use
from pipeline.batch.remote import fetch, is_url
from pipeline.debug import draw_page
from pipeline.errors import InputError, unicode_name
from pipeline.flow import Restored, Stopwatch, plain_text, restore, understand
from pipeline.intake.source import SourceFacts, sha256_of, source_facts
from pipeline.reading import read_page_strictly
from pipeline.settings import Settings
from pipeline.values import PageReading, Triage
from schemas import PlanDocument, check_document

A4 = (595.3, 841.9)


def open_document(task: Task, use: Use) -> Opened:
    """Facts of the file and what is known of its pages; the whole result where nothing has to be read."""
    path = _at_hand(task)
    begun = stamp(path)
    name = unicode_name(Path(task.place).name)
    if task.done_key is not None:
        sha256 = sha256_of(path)
        if result_key(sha256, name, use.versions, with_text=use.with_text) == task.done_key:
            facts = SourceFacts(name, sha256, "pdf", 0, ())
            return Opened(facts, File(path, sha256, begun), task.done_key, {}, unchanged=True)
    facts = replace(source_facts(path, task.settings), name=name)
    key = result_key(facts.sha256, name, use.versions, with_text=use.with_text)
    opened = Opened(facts, File(path, facts.sha256, begun), key, {})
    _check_unchanged(opened.file)
    if not use.lookup:
        return opened
    cache = _cache(task.settings, use)
    pages = facts.wanted_pages
    if task.settings.debug_dir is None and (restored := cache.restored(facts.sha256, pages)) is not None:
        renamed = replace(restored, source=restored.source.model_copy(update={"file": name}))
        return replace(opened, converted=_convert(renamed, Stopwatch(), use))
    looked_up = {number: cache.reading(facts.sha256, number) for number in pages}
    known = {number: reading for number, reading in looked_up.items() if reading is not None}
    for reading in known.values():
        _debug(path, reading, task.settings)
    if len(known) == len(pages):
        return replace(opened, converted=_interpret(facts, known, task.settings, use))
    return replace(opened, known={number: pickle.dumps(reading, protocol=5) for number, reading in known.items()})


def read_one(file: File, number: int, settings: Settings, use: Use) -> PageRead:
    """One page, into the cache too; a failed reading is not kept.

    Raises InputError, also when the file is another than was opened: its pages would be kept as the other's.
    """
    reading = read_page_strictly(file.path, number, settings)
    _check_unchanged(file)
    if reading.error is None:
        _cache(settings, use).keep_reading(file.sha256, number, reading)
    _debug(file.path, reading, settings)
    return PageRead(pickle.dumps(reading, protocol=5), reading.error)


def interpret_document(
    facts: SourceFacts, readings: Mapping[int, bytes], failed: Mapping[int, str], settings: Settings, use: Use
) -> Converted:
    """The plan of pages that were read; ``failed`` ones keep their place with the reason.

    Raises pydantic.ValidationError or ValueError when the plan breaks its own contract.
    """
    pages: dict[int, PageReading] = {number: pickle.loads(reading) for number, reading in readings.items()}  # noqa: S301 - our own worker wrote it
    return _interpret(facts, {**pages, **{n: failed_page(n, reason) for n, reason in failed.items()}}, settings, use)


def stamp(path: Path) -> tuple[int, int, int]:
    """Size, time of the last change (ns) and number of the file: two that differ hardly share all three."""
    try:
        status = path.stat()
    except OSError:
        return -1, -1, -1
    return status.st_size, status.st_mtime_ns, status.st_ino


def _check_unchanged(file: File) -> None:
    if stamp(file.path) != file.stamp:
        raise InputError("was changed while it was read", remedy="run the same command again when it stays the same")


def failed_page(number: int, reason: str) -> PageReading:
    """The place of a page that could not be read, so that page counts stay true."""
    return PageReading(
        number=number, width=A4[0], height=A4[1], words=(), method="none", triage=Triage("unreadable"), error=reason
    )


def _at_hand(task: Task) -> Path:
    """The document as a file of this machine: a copy in this run's private folder when it lies elsewhere."""
    if not is_url(task.place):
        return Path(task.place)
    suffix = Path(task.place).suffix.lower()
    copy = Path(tempfile.mkdtemp(prefix="input-")) / f"input{suffix if suffix.isascii() and len(suffix) < 8 else ''}"
    fetch(task.place, copy, task.settings.max_bytes)
    return copy


def _interpret(facts: SourceFacts, readings: Mapping[int, PageReading], settings: Settings, use: Use) -> Converted:
    clock = Stopwatch()
    ordered = [readings[number] for number in facts.wanted_pages]
    restored = restore(facts, ordered, clock)
    if all(reading.error is None for reading in ordered):
        _cache(settings, use).keep_restored(facts.sha256, facts.wanted_pages, restored)
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


def _debug(path: Path, reading: PageReading, settings: Settings) -> None:
    if settings.debug_dir is not None:
        draw_page(path, reading, settings, settings.debug_dir)


def _cache(settings: Settings, use: Use) -> Cache:
    return open_cache(settings.cache_dir, settings.cache_bytes, use.versions)
