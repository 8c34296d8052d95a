"""A small pool of worker processes that can be killed: the shield between a hostile page and the rest of the batch.

The pool of the standard library cannot end a job that hangs. Here each worker leads a process group of its own, so that
a job that passes its time limit, or takes the worker down with it, ends together with the Tesseract it started; the
other jobs never notice.

Workers are there as soon as the modules are imported that the first jobs need. Such an early worker is replaced when
only jobs wait that need the others, and those are imported.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection
from types import TracebackType
from typing import Any, Self

from pipeline.batch.scratch import private_folder
from pipeline.batch.server import Fork, fork_server
from pipeline.errors import KehoachError, LimitError, ToolError

ATTEMPTS = 2
RECYCLE_AFTER = 500
"""Jobs after which a worker is replaced: what libraries leak, and what a document corrupted, goes with it. A new one
spends a seventh of a second on making what it shares its own."""


@dataclass(frozen=True, slots=True)
class Job:
    """A call for a worker: a function as "module:name", its arguments, and the seconds it may take.

    ``key`` is the caller's name for the job; it stays in this process. ``behind`` is the key of a job whose worker is
    the best for this one, if it is free.
    """

    key: Any
    function: str
    arguments: tuple[Any, ...]
    seconds: float
    behind: Any = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: its value, or the error that ended it. ``seconds`` is the time of the last attempt,
    ``retried`` what ended the attempt before it."""

    key: Any
    value: Any = None
    error: KehoachError | None = None
    attempts: int = 1
    seconds: float = 0.0
    retried: KehoachError | None = None


@dataclass(slots=True)
class _Pending:
    job: Job
    attempts: int = 0
    retried: KehoachError | None = None


@dataclass(slots=True)
class _Worker:
    fork: Fork
    done: int = 0
    current: _Pending | None = None
    last: Any = None
    began: float = 0.0
    deadline: float = field(default=float("inf"))


class WorkerPool:
    """Runs jobs on ``workers`` processes; a context manager that leaves no process and no temporary file behind.

    A worker whose address space would pass ``worker_bytes`` gets a MemoryError. Modules named by ``first`` and ``then``
    are imported once, before workers fork off, those of ``then`` while the first workers do what needs nothing but
    functions of ``first``. A job whose worker dies, or whose tool fails, is tried a second time.
    """

    def __init__(
        self, workers: int, *, worker_bytes: int, first: tuple[str, ...] = (), then: tuple[str, ...] = ()
    ) -> None:
        self._size = max(1, workers)
        self._worker_bytes = worker_bytes
        self._first = first
        self._server = fork_server(first, then)
        self._workers: list[_Worker] = []
        self._waiting: deque[_Pending] = deque()
        self._scratch = ""

    def __enter__(self) -> Self:
        self._scratch = tempfile.mkdtemp(prefix="pool-", dir=private_folder())
        for _ in range(self._size):
            self._start()
        self._server.prepare()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers.clear()
        shutil.rmtree(self._scratch, ignore_errors=True)

    @property
    def backlog(self) -> int:
        """Jobs that wait for a worker."""
        return len(self._waiting)

    def submit(self, job: Job, *, first: bool = False) -> None:
        """Queue ``job``, behind all others or, with ``first``, before them."""
        if first:
            self._waiting.appendleft(_Pending(job))
        else:
            self._waiting.append(_Pending(job))

    def withdraw(self, unwanted: Callable[[Any], bool]) -> list[Any]:
        """Take back the jobs that still wait and whose key is ``unwanted``; their keys."""
        taken = [pending.job.key for pending in self._waiting if unwanted(pending.job.key)]
        self._waiting = deque(pending for pending in self._waiting if not unwanted(pending.job.key))
        return taken

    def outcomes(self) -> Iterator[Outcome]:
        """What became of the jobs, as they end; jobs may be submitted meanwhile. Stops when none is left."""
        while self._waiting or any(worker.current for worker in self._workers):
            self._assign()
            yield from self._collect()

    def _assign(self) -> None:
        for tired in [w for w in self._workers if w.current is None and w.done >= RECYCLE_AFTER]:
            self._retire(tired)
        idle = [worker for worker in self._workers if worker.current is None]
        while self._waiting and (idle or len(self._workers) < self._size):
            behind = self._waiting[0].job.behind
            idle.sort(key=lambda worker: behind is not None and worker.last == behind)
            worker = idle.pop() if idle else self._start()
            pending = next((each for each in self._waiting if self._can(worker, each.job)), None)
            if pending is not None:
                self._waiting.remove(pending)
                self._hand(worker, pending)
            elif self._server.ready:
                self._retire(worker)  # a complete one comes in its place

    def _can(self, worker: _Worker, job: Job) -> bool:
        return worker.fork.complete or job.function.partition(":")[0] in self._first

    def _hand(self, worker: _Worker, pending: _Pending) -> None:
        pending.attempts += 1
        worker.current = pending
        worker.began = time.monotonic()
        worker.deadline = worker.began + pending.job.seconds
        with contextlib.suppress(OSError):  # the worker has just died: its pipe tells
            worker.fork.pipe.send((pending.job.function, pending.job.arguments))

    def _collect(self) -> Iterator[Outcome]:
        """Wait until a worker answers, dies or passes its limit, or complete ones can be had."""
        busy = [worker for worker in self._workers if worker.current is not None]
        patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic()) if busy else None
        handles: list[Any] = [worker.fork.pipe for worker in busy]
        if not self._server.ready:
            handles.append(self._server.channel)
        told = connection.wait(handles, patience)
        for worker in busy:
            if worker.fork.pipe in told:
                outcome = self._receive(worker)
            elif time.monotonic() >= worker.deadline:
                outcome = self._time_out(worker)
            else:
                continue
            if outcome is not None:
                yield outcome

    def _receive(self, worker: _Worker) -> Outcome | None:
        pending = worker.current
        assert pending is not None
        try:
            succeeded, value = worker.fork.pipe.recv()
        except (EOFError, OSError):
            succeeded, value = False, None
        if value is None and not succeeded:
            self._retire(worker)
            value = _death(self._server.exit_code(worker.fork.pid))
            retry = True
        else:
            # A tool that crashed may do better, one that took most of the time will take it again.
            quick = time.monotonic() - worker.began < pending.job.seconds / 2
            retry = isinstance(value, ToolError) and quick
            worker.current = None
            worker.last = pending.job.key
            worker.done += 1
        if succeeded:
            return self._outcome(worker, pending, value=value)
        if retry and pending.attempts < ATTEMPTS:
            pending.retried = value
            self._waiting.appendleft(pending)
            return None
        return self._outcome(worker, pending, error=value)

    def _time_out(self, worker: _Worker) -> Outcome:
        pending = worker.current
        assert pending is not None
        self._retire(worker)
        seconds = pending.job.seconds
        return self._outcome(
            worker,
            pending,
            error=LimitError(
                f"not done after {seconds:g} seconds, ended",
                remedy="give more time (KEHOACH_PAGE_SECONDS, KEHOACH_DOCUMENT_SECONDS) or scan it again",
            ),
        )

    def _outcome(
        self, worker: _Worker, pending: _Pending, *, value: Any = None, error: KehoachError | None = None
    ) -> Outcome:
        seconds = round(time.monotonic() - worker.began, 4)
        return Outcome(pending.job.key, value, error, pending.attempts, seconds, pending.retried)

    def _start(self) -> _Worker:
        try:
            fork = self._server.fork()
            fork.pipe.send((self._scratch, self._worker_bytes))
        except (EOFError, OSError) as error:
            raise ToolError("no worker process can be started", remedy="free some memory and try again") from error
        worker = _Worker(fork)
        self._workers.append(worker)
        return worker

    def _retire(self, worker: _Worker) -> None:
        _end(worker)
        self._workers.remove(worker)


def _end(worker: _Worker) -> None:
    """Kill the worker with everything it started, and wait until it is gone."""
    for kill in (os.killpg, os.kill):  # the latter in case it had not yet become the leader of its group
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(worker.fork.pid, signal.SIGKILL)
    with contextlib.suppress(EOFError, OSError), worker.fork.pipe as pipe:
        while pipe.poll(10):
            pipe.recv_bytes()


def _death(exit_code: int) -> KehoachError:
    """Why a worker died, as far as its exit status tells."""
    if exit_code < 0:
        try:
            name = signal.Signals(-exit_code).name
        except ValueError:
            name = f"signal {-exit_code}"
        hint = "the system ran out of memory or someone killed it" if name == "SIGKILL" else "a library crashed"
        return LimitError(
            f"the process that worked on it died ({name}: {hint})", remedy="scan or print it to PDF again"
        )
    return LimitError("the process that worked on it died", remedy="scan or print it to PDF again")
