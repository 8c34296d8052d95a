"""What a worker does before pages are interpreted: open a document, read one page. Each call stands alone.

Neither the language model nor the rules are imported here: pages are read while those are still being loaded.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.batch.cache import Cache, open_cache
from pipeline.batch.fingerprint import result_key
from pipeline.batch.messages import File, Opened, PageRead, Task, Use
from pipeline.batch.remote import fetch, is_url
from pipeline.errors import InputError, unicode_name
from pipeline.intake import dump, pdf, picture  # noqa: F401 - a document asks for its kind's by itself, too late to share
from pipeline.intake.source import SourceFacts, sha256_of, source_facts
from pipeline.reading import read_page_strictly
from pipeline.settings import Settings
from pipeline.values import PageReading


def open_document(task: Task, use: Use) -> Opened:
    """Facts of the file, and what the cache knows of its pages."""
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
    if own_cache(task.settings, use).holds(facts.sha256, facts.wanted_pages):
        return replace(opened, cached=True)
    return replace(opened, known=pickled(known_pages(opened, task.settings, use)))


def read_one(file: File, number: int, settings: Settings, use: Use) -> PageRead:
    """One page, into the cache too; a failed reading is not kept.

    Raises InputError, also when the file is another than was opened: its pages would be kept as the other's.
    """
    reading = read_page_strictly(file.path, number, settings)
    _check_unchanged(file)
    if reading.error is None:
        own_cache(settings, use).keep_reading(file.sha256, number, reading)
    _debug(file.path, reading, settings)
    return PageRead(pickle.dumps(reading, protocol=5), reading.error)


def known_pages(opened: Opened, settings: Settings, use: Use) -> dict[int, PageReading]:
    """Those pages of the document that the cache knows, by their numbers."""
    cache, sha256 = own_cache(settings, use), opened.file.sha256
    looked_up = {number: cache.reading(sha256, number) for number in opened.facts.wanted_pages}
    known = {number: reading for number, reading in looked_up.items() if reading is not None}
    for reading in known.values():
        _debug(opened.file.path, reading, settings)
    return known


def pickled(readings: Mapping[int, PageReading]) -> dict[int, bytes]:
    """The readings as they travel."""
    return {number: pickle.dumps(reading, protocol=5) for number, reading in readings.items()}


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


def _at_hand(task: Task) -> Path:
    """The document as a file of this machine: a copy in this run's private folder when it lies elsewhere."""
    if not is_url(task.place):
        return Path(task.place)
    suffix = Path(task.place).suffix.lower()
    copy = Path(tempfile.mkdtemp(prefix="input-")) / f"input{suffix if suffix.isascii() and len(suffix) < 8 else ''}"
    fetch(task.place, copy, task.settings.max_bytes)
    return copy


def _debug(path: Path, reading: PageReading, settings: Settings) -> None:
    if settings.debug_dir is not None:
        from pipeline.debug import draw_page  # here: it needs the layout of lines, too

        draw_page(path, reading, settings, settings.debug_dir)


def own_cache(settings: Settings, use: Use) -> Cache:
    """The cache of this run."""
    return open_cache(settings.cache_dir, settings.cache_bytes, use.versions)
