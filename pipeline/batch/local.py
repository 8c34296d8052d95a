"""The engine of one machine: pages in parallel over worker processes, each document's steps in their order.

A document goes through three kinds of jobs: open it (facts, what the cache knows), read each page, interpret all pages;
or two where the cache holds all: open it, make its plan from the cache. What goes wrong in a job costs that page or
that document only.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.batch.messages import (
    FROM_CACHE,
    INTERPRET,
    LOOK_AHEAD,
    OPEN,
    READ,
    Converted,
    Opened,
    PageRead,
    Task,
    Use,
)
from pipeline.batch.pool import Job, Outcome, WorkerPool
from pipeline.batch.remote import is_url
from pipeline.batch.result import Draft, Retry
from pipeline.batch.scratch import remove_abandoned
from pipeline.batch.server import FIRST, THEN
from pipeline.errors import InputError, KehoachError, LimitError, OutputError, ToolError
from pipeline.settings import Settings

_HOPELESS = 4
_NOT_TRIED = "not tried, since none of the pages tried before could be read within its limits"
_AHEAD = 20  # pages that an idle worker looks into ahead: most words of a document stand in so many
_SECONDS_A_PAGE = 0.5  # added to the limit of interpreting: it grows with the document


class Watcher:
    """What an engine tells while it works; this one listens to nothing."""

    def began(self, index: int) -> None:
        """A document is begun."""

    def pages_found(self, index: int, pages: int) -> None:
        """So many pages of it have to be read."""

    def page_done(self, index: int) -> None:
        """One of them is read, or lost."""


@dataclass(slots=True)
class _Document:
    """An input on its way."""

    task: Task
    began: float
    opened: Opened | None = None
    readings: dict[int, bytes] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    errors: list[KehoachError] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    attempts: int = 1
    retries: list[Retry] = field(default_factory=list)
    ahead: bool = False
    """Whether a worker was asked to look ahead."""
    looking: bool = False
    """Whether it still does."""

    @property
    def hopeless(self) -> bool:
        """Several pages passed their limits and none was read: the rest would only cost the night."""
        stopped = [error for error in self.errors if isinstance(error, LimitError | ToolError)]
        return len(stopped) >= _HOPELESS and len(stopped) == len(self.failed) and not self.readings

    @property
    def read(self) -> bool:
        """Whether no page is left to be read."""
        return len(self.readings) + len(self.failed) >= len(self.wanted)

    @property
    def wanted(self) -> tuple[int, ...]:
        return self.opened.facts.wanted_pages if self.opened else ()

    def spend(self, step: str, seconds: float) -> None:
        self.seconds[step] = round(self.seconds.get(step, 0.0) + seconds, 4)


class LocalEngine:
    """Worker processes that live as long as this context; they start with the first document."""

    def __init__(self, settings: Settings, use: Use) -> None:
        self._settings = settings
        self._use = use
        self._pool: WorkerPool | None = None
        self._active: dict[int, _Document] = {}

    def __enter__(self) -> Self:
        remove_abandoned(Path(tempfile.gettempdir()))  # also where nothing is left to do for a pool
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.__exit__(kind, error, trace)
            self._pool = None

    def drafts(self, more: Callable[[], Task | None], watcher: Watcher) -> Iterator[Draft]:
        """Drafts of the documents that ``more`` gives, as they are done; ends when it gives None and none is left.

        ``more`` is asked for no more documents than keep the workers busy: readings take memory.
        """
        task = more()
        if task is None:
            return
        pool = self._started()
        yield from self._admit(task, more, pool, watcher)
        for outcome in pool.outcomes():
            done = self._take(outcome, pool, watcher)
            if done is not None:
                yield done
            if pool.backlog < self._settings.workers():
                yield from self._admit(more(), more, pool, watcher)

    def _started(self) -> WorkerPool:
        if self._pool is None:
            workers = self._settings.workers()
            pool = WorkerPool(workers, worker_bytes=self._settings.worker_bytes, first=FIRST, then=THEN)
            self._pool = pool.__enter__()
        return self._pool

    def _admit(
        self, task: Task | None, more: Callable[[], Task | None], pool: WorkerPool, watcher: Watcher
    ) -> Iterator[Draft]:
        while task is not None:
            self._active[task.index] = _Document(task, time.monotonic())
            watcher.began(task.index)
            if task.error is not None:
                yield self._fail(task.index, task.error)
            else:
                seconds = task.settings.page_seconds + task.settings.document_seconds
                pool.submit(Job((task.index, "open"), OPEN, (task, self._use), seconds))
            if pool.backlog >= self._settings.workers():
                return
            task = more()

    def _take(self, outcome: Outcome, pool: WorkerPool, watcher: Watcher) -> Draft | None:
        index, step = outcome.key
        document = self._active[index]
        if step == "ahead":  # what is wrong with it shows when all is interpreted
            document.looking = False
            return self._interpret(index, document, pool) if document.read else None
        document.attempts = max(document.attempts, outcome.attempts)
        if outcome.retried is not None:
            document.retries.append(Retry(step if isinstance(step, int) else None, outcome.retried.reason))
        if step in ("open", "cached"):
            return self._opened(index, document, outcome, pool, watcher)
        if step == "interpret":
            return self._interpreted(index, document, outcome)
        return self._page_read(index, document, step, outcome, pool, watcher)

    def _opened(
        self, index: int, document: _Document, outcome: Outcome, pool: WorkerPool, watcher: Watcher
    ) -> Draft | None:
        document.spend("open", outcome.seconds)
        if outcome.error is not None:
            return self._fail(index, outcome.error)
        opened: Opened = outcome.value
        document.opened = opened
        if opened.converted is not None or opened.unchanged:
            return self._finish(index, opened.converted)
        settings = document.task.settings
        if opened.cached:
            pool.submit(Job((index, "cached"), FROM_CACHE, (opened, settings, self._use), _limit(document)), first=True)
            return None
        document.readings.update(opened.known)
        missing = [n for n in opened.facts.wanted_pages if n not in opened.known]
        watcher.pages_found(index, len(missing))
        # The last page first: tables are attached there, and take longest. A worker alone with one keeps all waiting.
        for number in reversed(missing):
            arguments = (opened.file, number, settings, self._use)
            pool.submit(Job((index, number), READ, arguments, settings.page_seconds))
        return None if missing else self._interpret(index, document, pool)

    def _page_read(
        self, index: int, document: _Document, number: int, outcome: Outcome, pool: WorkerPool, watcher: Watcher
    ) -> Draft | None:
        document.spend("read", outcome.seconds)
        watcher.page_done(index)
        if outcome.error is not None:
            self._lose(document, number, outcome.error)
            if document.hopeless:
                for _, page in pool.withdraw(lambda key: key[0] == index):
                    self._lose(document, page, LimitError(_NOT_TRIED, remedy=outcome.error.remedy))
                    watcher.page_done(index)
        else:
            read: PageRead = outcome.value
            if read.error is not None:
                reason, _, remedy = read.error.partition(" – ")
                self._lose(document, number, InputError(reason, remedy=remedy))
            else:
                document.readings[number] = read.reading
        if not document.read:
            self._look_ahead(index, document, pool)
            return None
        return self._interpret(index, document, pool)

    def _look_ahead(self, index: int, document: _Document, pool: WorkerPool) -> None:
        """Let a worker for which nothing is left look into what is read, while others read the last pages."""
        if pool.backlog or document.ahead or not document.readings:
            return
        document.ahead = document.looking = True
        assert document.opened is not None
        read = dict(islice(document.readings.items(), _AHEAD))
        seconds = document.task.settings.document_seconds
        pool.submit(Job((index, "ahead"), LOOK_AHEAD, (document.opened.facts, read), seconds))

    def _lose(self, document: _Document, number: int, error: KehoachError) -> None:
        document.errors.append(placed(error, document.task.name, number))
        document.failed[number] = error.reason

    def _interpret(self, index: int, document: _Document, pool: WorkerPool) -> Draft | None:
        document.errors.sort(key=lambda e: e.page or 0)
        if not document.readings:
            return self._fail(index, None)
        assert document.opened is not None
        ahead = (index, "ahead")
        if pool.withdraw(lambda key: key == ahead):
            document.looking = False
        if document.looking:
            return None  # the worker that does is through with most of it when another begins
        arguments = (document.opened.facts, document.readings, document.failed, document.task.settings, self._use)
        job = Job((index, "interpret"), INTERPRET, arguments, _limit(document), behind=ahead)
        pool.submit(job, first=True)
        document.readings = dict.fromkeys(document.readings, b"")  # they are on their way: hold them once
        return None

    def _interpreted(self, index: int, document: _Document, outcome: Outcome) -> Draft:
        if outcome.error is not None:
            document.spend("interpret", outcome.seconds)
            return self._fail(index, outcome.error)
        return self._finish(index, outcome.value)

    def _fail(self, index: int, error: KehoachError | None) -> Draft:
        document = self._active[index]
        if error is not None:
            document.errors.insert(0, placed(error, document.task.name, None))
        return self._finish(index, None)

    def _finish(self, index: int, converted: Converted | None) -> Draft:
        document = self._active.pop(index)
        opened = document.opened
        if opened is not None and is_url(document.task.place):
            shutil.rmtree(opened.file.path.parent, ignore_errors=True)
        if converted is not None:
            document.seconds.update(converted.seconds)
        document.seconds["total"] = round(time.monotonic() - document.began, 3)
        return Draft(
            index,
            sha256=opened.facts.sha256 if opened else None,
            key=opened.key if opened else None,
            pages_in=len(document.wanted),
            pages_failed=len(document.failed),
            json=converted.json if converted else None,
            text=converted.text if converted else None,
            counts=converted.counts if converted else {},
            seconds=document.seconds,
            attempts=document.attempts,
            retries=tuple(sorted(document.retries, key=lambda retry: retry.page or 0)),
            errors=tuple(document.errors),
            unchanged=opened is not None and opened.unchanged,
            pages_cached=0 if not opened else len(document.wanted if opened.converted else opened.known),
        )


def _limit(document: _Document) -> float:
    """Seconds that the steps behind the reading of pages may take."""
    return document.task.settings.document_seconds + _SECONDS_A_PAGE * len(document.wanted)


def placed(error: KehoachError, name: str, page: int | None) -> KehoachError:
    """The error with the file as the user knows it."""
    if isinstance(error, OutputError):
        return error
    return type(error)(error.reason, file=name, page=error.page or page, remedy=error.remedy)
