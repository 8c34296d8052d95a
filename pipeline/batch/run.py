"""Converts many documents: pages in parallel over worker processes, results in the order of the inputs.

A document goes through three kinds of jobs: open it (facts, pages known from the cache), read each page, interpret all
pages. Whatever goes wrong in a job costs that page or that document only.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from pipeline.batch.cache import fingerprint, open_cache
from pipeline.batch.inputs import Input
from pipeline.batch.messages import INTERPRET, OPEN, READ, CacheUse, Converted, Opened, failed_page
from pipeline.batch.pool import Job, Outcome, WorkerPool
from pipeline.errors import InputError, KehoachError, LimitError, OutputError, ToolError
from pipeline.settings import Settings
from pipeline.values import PageReading

Status = Literal["ok", "review", "failed"]
LEDGER = "run.jsonl"
PRELOAD = ("pipeline.batch.work", "pipeline.batch.warm")
_HOPELESS = 4
_NOT_TRIED = "not tried, since no page before it could be read within its limits"
_SECONDS_A_PAGE = 0.5  # added to the limit of interpreting: it grows with the document


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one input. ``output`` is the file name of its JSON, None when there is none."""

    input: str
    output: str | None
    sha256: str | None = None
    pages_in: int = 0
    pages_out: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    attempts: int = 1
    errors: tuple[KehoachError, ...] = ()

    @property
    def pages_failed(self) -> int:
        return self.pages_in - self.pages_out

    @property
    def status(self) -> Status:
        """Computed, so that it can never be ``ok`` while an error or a warning is recorded."""
        if self.output is None:
            return "failed"
        return "review" if self.errors or self.pages_failed or self.counts.get("warnings") else "ok"

    @property
    def complete(self) -> bool:
        """Converted with all its pages."""
        return self.status != "failed" and not self.errors and not self.pages_failed

    def record(self) -> dict[str, Any]:
        """The line of ``run.jsonl``."""
        errors = [
            {"kind": e.kind, "file": e.file, "page": e.page, "reason": e.reason, "remedy": e.remedy}
            for e in self.errors
        ]
        return {
            "input": self.input,
            "output": self.output,
            "status": self.status,
            "sha256": self.sha256,
            "pages": {"in": self.pages_in, "out": self.pages_out, "failed": self.pages_failed},
            "found": {name: n for name, n in self.counts.items() if name != "warnings"},
            "warnings": self.counts.get("warnings", 0),
            "seconds": self.seconds,
            "attempts": self.attempts,
            "error": errors[0] if errors else None,
            "errors": errors,
        }


class Observer(Protocol):
    """What is told of the progress of a run."""

    def pages_found(self, pages: int) -> None: ...

    def page_done(self) -> None: ...

    def document_done(self, result: Result) -> None: ...


@dataclass(slots=True)
class _Document:
    """An input on its way."""

    input: Input
    settings: Settings
    began: float
    opened: Opened | None = None
    readings: dict[int, PageReading] = field(default_factory=dict)
    errors: list[KehoachError] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    attempts: int = 1

    @property
    def hopeless(self) -> bool:
        """Several pages passed their limits and none was read: the rest would only cost the night."""
        stopped = [error for error in self.errors if isinstance(error, LimitError | ToolError)]
        return len(stopped) >= _HOPELESS and len(stopped) == len(self.readings)

    def spend(self, step: str, seconds: float) -> None:
        self.seconds[step] = round(self.seconds.get(step, 0.0) + seconds, 4)


def convert_batch(
    inputs: Sequence[Input],
    out: Path,
    settings: Settings,
    observer: Observer,
    *,
    with_text: bool = False,
    force: bool = False,
) -> list[Result]:
    """Convert ``inputs`` into ``out``: ``<stem>.json`` each, ``run.jsonl`` with a line each, in their order.

    Raises :class:`OutputError` when nothing can be written to ``out`` and :class:`SettingsError` when the cache cannot
    be trusted; what goes wrong with a document is in its :class:`Result`.
    """
    make_folder(out)
    use = CacheUse(fingerprint(settings), lookup=not force)
    open_cache(settings.cache_dir, settings.cache_bytes, use.fingerprint)  # made once, before the workers use it
    results: list[Result] = []
    try:
        ledger = (out / LEDGER).open("w", encoding="utf-8")
    except OSError as error:
        raise _unwritable(out / LEDGER, error) from error
    with ledger:
        for result in _in_order(_Run(inputs, out, settings, observer, use, with_text).results()):
            ledger.write(json.dumps(result.record(), ensure_ascii=False) + "\n")
            ledger.flush()
            results.append(result)
    return results


class _Run:
    """The state of one batch: which documents are on their way and what each still needs."""

    def __init__(
        self, inputs: Sequence[Input], out: Path, settings: Settings, observer: Observer, use: CacheUse, text: bool
    ) -> None:
        self._inputs = inputs
        self._out = out
        self._settings = settings
        self._observer = observer
        self._use = use
        self._text = text
        self._sources = {os.path.realpath(item.path) for item in inputs}
        self._active: dict[int, _Document] = {}

    def results(self) -> Iterator[tuple[int, Result]]:
        """Results with the number of their input, as they are done."""
        waiting = iter(enumerate(self._inputs))
        workers = self._settings.workers()
        with WorkerPool(workers, worker_bytes=self._settings.worker_bytes, preload=PRELOAD) as pool:
            yield from self._admit(waiting, pool, workers)
            for outcome in pool.outcomes():
                done = self._take(outcome, pool)
                if done is not None:
                    yield done
                yield from self._admit(waiting, pool, workers)

    def _admit(
        self, waiting: Iterator[tuple[int, Input]], pool: WorkerPool, workers: int
    ) -> Iterator[tuple[int, Result]]:
        """Begin with as many inputs as keep the workers busy; few at a time, since page readings take memory."""
        while pool.backlog < workers:
            index, item = next(waiting, (-1, None))
            if item is None:
                return
            settings = self._settings
            if settings.debug_dir is not None:
                settings = settings.model_copy(update={"debug_dir": settings.debug_dir / item.stem})
            document = _Document(item, settings, time.monotonic())
            self._active[index] = document
            if item.error is not None:
                yield self._fail(index, item.error)
                continue
            pool.submit(Job((index, "open"), OPEN, (item.path, settings, self._use), settings.page_seconds))

    def _take(self, outcome: Outcome, pool: WorkerPool) -> tuple[int, Result] | None:
        index, step = outcome.key
        document = self._active[index]
        document.attempts = max(document.attempts, outcome.attempts)
        if step == "open":
            return self._opened(index, document, outcome, pool)
        if step == "interpret":
            return self._interpreted(index, document, outcome)
        return self._page_read(index, document, step, outcome, pool)

    def _opened(self, index: int, document: _Document, outcome: Outcome, pool: WorkerPool) -> tuple[int, Result] | None:
        document.spend("open", outcome.seconds)
        if outcome.error is not None:
            return self._fail(index, outcome.error)
        opened: Opened = outcome.value
        document.opened = opened
        document.readings.update(opened.readings)
        missing = [n for n in opened.facts.wanted_pages if n not in opened.readings]
        self._observer.pages_found(len(missing))
        for number in missing:
            arguments = (document.input.path, number, document.settings, opened.facts.sha256, self._use)
            pool.submit(Job((index, number), READ, arguments, document.settings.page_seconds))
        return None if missing else self._interpret(index, document, pool)

    def _page_read(
        self, index: int, document: _Document, number: int, outcome: Outcome, pool: WorkerPool
    ) -> tuple[int, Result] | None:
        document.spend("read", outcome.seconds)
        self._observer.page_done()
        if outcome.error is not None:
            self._lose(document, number, outcome.error)
            if document.hopeless:
                for _, page in pool.withdraw(lambda key: key[0] == index):
                    self._lose(document, page, LimitError(_NOT_TRIED, remedy=outcome.error.remedy))
                    self._observer.page_done()
        else:
            reading: PageReading = outcome.value
            document.readings[number] = reading
            if reading.error is not None:
                reason, _, remedy = reading.error.partition(" – ")
                document.errors.append(InputError(reason, file=document.input.name, page=number, remedy=remedy))
        assert document.opened is not None
        if len(document.readings) < len(document.opened.facts.wanted_pages):
            return None
        return self._interpret(index, document, pool)

    def _lose(self, document: _Document, number: int, error: KehoachError) -> None:
        document.errors.append(_placed(error, document.input.name, number))
        document.readings[number] = failed_page(number, error.reason)

    def _interpret(self, index: int, document: _Document, pool: WorkerPool) -> tuple[int, Result] | None:
        assert document.opened is not None
        document.errors.sort(key=lambda e: e.page or 0)
        pages = document.opened.facts.wanted_pages
        if document.errors and len(document.errors) == len(pages):
            return self._fail(index, None)
        readings = [document.readings[n] for n in pages]
        seconds = document.settings.document_seconds + _SECONDS_A_PAGE * len(pages)
        arguments = (document.opened.facts, readings)
        pool.submit(Job((index, "interpret"), INTERPRET, arguments, seconds), first=True)
        return None

    def _interpreted(self, index: int, document: _Document, outcome: Outcome) -> tuple[int, Result]:
        document.spend("interpret", outcome.seconds)
        if outcome.error is not None:
            return self._fail(index, outcome.error)
        converted: Converted = outcome.value
        document.seconds.update(converted.seconds)
        del document.seconds["interpret"]  # its parts are known now
        stem = document.input.stem
        try:
            if self._text:
                self._write(f"{stem}.txt", converted.text)
            self._write(f"{stem}.json", converted.json)
        except OutputError as error:
            return self._fail(index, error)
        return self._finish(index, f"{stem}.json", dict(converted.counts))

    def _fail(self, index: int, error: KehoachError | None) -> tuple[int, Result]:
        """The document has no result. What an earlier run wrote under its name stays: it was whole."""
        document = self._active[index]
        if error is not None:
            document.errors.insert(0, _placed(error, document.input.name, None))
        return self._finish(index, None, {})

    def _write(self, name: str, text: str) -> None:
        path = self._out / name
        if os.path.realpath(path) in self._sources:
            raise OutputError("would overwrite an input", file=str(path), remedy="choose another folder with --out")
        write_whole(path, text)

    def _finish(self, index: int, output: str | None, counts: dict[str, int]) -> tuple[int, Result]:
        document = self._active.pop(index)
        document.seconds["total"] = round(time.monotonic() - document.began, 3)
        pages = document.opened.facts.wanted_pages if document.opened else ()
        failed = sum(document.readings[n].error is not None for n in pages if n in document.readings)
        result = Result(
            input=document.input.name,
            output=output,
            sha256=document.opened.facts.sha256 if document.opened else None,
            pages_in=len(pages),
            pages_out=len(pages) - failed if output else 0,
            counts=counts,
            seconds=document.seconds,
            attempts=document.attempts,
            errors=tuple(document.errors),
        )
        self._observer.document_done(result)
        return index, result


def _placed(error: KehoachError, name: str, page: int | None) -> KehoachError:
    """The error with the file as the user knows it."""
    if isinstance(error, OutputError):
        return error
    return type(error)(error.reason, file=name, page=error.page or page, remedy=error.remedy)


def _in_order(numbered: Iterator[tuple[int, Result]]) -> Iterator[Result]:
    """Results by the number of their input."""
    early: dict[int, Result] = {}
    expected = 0
    for index, result in numbered:
        early[index] = result
        while expected in early:
            yield early.pop(expected)
            expected += 1


def make_folder(folder: Path) -> None:
    """Raises :class:`OutputError` when ``folder`` is not there and cannot be made, or cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError("folder cannot be written to", file=str(folder), remedy="choose another folder with --out")


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` so that ``path`` holds all of it or is not touched (atomic rename, POSIX).

    Raises :class:`OutputError`.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot be written: {error.strerror or error}",
        file=str(path),
        remedy="check free space and rights, or choose another folder with --out",
    )
