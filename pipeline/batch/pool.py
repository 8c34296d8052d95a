"""A small pool of worker processes that can be killed: the shield between a hostile page and the rest of the batch.

The pool of the standard library cannot end a job that hangs. Here each worker leads a process group of its own, so that
a job that passes its time limit, or takes the worker down with it, ends together with the Tesseract it started; the
other jobs never notice. A worker whose parent vanishes ends itself and its group.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.batch.scratch import private_folder
from pipeline.batch.server import ONE_THREAD, start_server
from pipeline.errors import InternalError, KehoachError, LimitError, ToolError

ATTEMPTS = 2
RECYCLE_AFTER = 200  # jobs; what libraries leak, and what a document corrupted, goes with the worker
_ANEW = "scan it again or print it to a new PDF"


@dataclass(frozen=True, slots=True)
class Job:
    """A call for a worker: a function as "module:name", its arguments, and the seconds it may take.

    ``key`` is the caller's name for the job; it stays in this process.
    """

    key: Any
    function: str
    arguments: tuple[Any, ...]
    seconds: float


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
    process: BaseProcess
    pipe: Connection
    done: int = 0
    current: _Pending | None = None
    began: float = 0.0
    deadline: float = field(default=float("inf"))


class WorkerPool:
    """Runs jobs on ``workers`` processes; a context manager that leaves no process and no temporary file behind.

    A worker whose address space would pass ``worker_bytes`` gets a MemoryError. ``preload`` names modules imported
    once, before workers fork off. A job whose worker dies, or whose tool fails, is tried a second time.
    """

    def __init__(self, workers: int, *, worker_bytes: int, preload: tuple[str, ...] = ()) -> None:
        self._size = max(1, workers)
        self._worker_bytes = worker_bytes
        self._context = get_context("forkserver")
        self._preload = preload
        self._workers: list[_Worker] = []
        self._waiting: deque[_Pending] = deque()
        self._scratch = ""

    def __enter__(self) -> Self:
        self._scratch = tempfile.mkdtemp(prefix="pool-", dir=private_folder())
        start_server(self._preload)
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
        while self._waiting:
            idle = next((w for w in self._workers if w.current is None), None)
            if idle is None and len(self._workers) >= self._size:
                return
            worker = idle or self._start()
            pending = self._waiting.popleft()
            pending.attempts += 1
            worker.current = pending
            worker.began = time.monotonic()
            worker.deadline = worker.began + pending.job.seconds
            with contextlib.suppress(OSError):  # the worker has just died: its sentinel tells
                worker.pipe.send((pending.job.function, pending.job.arguments))

    def _collect(self) -> Iterator[Outcome]:
        """Wait until a worker answers, dies or passes its limit."""
        busy = [worker for worker in self._workers if worker.current is not None]
        patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        handles = {handle: worker for worker in busy for handle in (worker.pipe, worker.process.sentinel)}
        told = {id(handles[handle]) for handle in connection.wait(list(handles), patience)}  # type: ignore[index]
        for worker in busy:
            if id(worker) in told:
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
            succeeded, value = worker.pipe.recv() if worker.pipe.poll() else (False, None)
        except (EOFError, OSError):
            succeeded, value = False, None
        if value is None and not succeeded:
            self._retire(worker)
            value = _death(worker.process.exitcode)
            retry = True
        else:
            # A tool that crashed may do better, one that took most of the time will take it again.
            quick = time.monotonic() - worker.began < pending.job.seconds / 2
            retry = isinstance(value, ToolError) and quick
            worker.current = None
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
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._scratch, self._worker_bytes, dict(ONE_THREAD)), daemon=True
        )
        try:
            process.start()
        except (EOFError, OSError) as error:
            # A signal to the whole process group may end the fork server first: ours is then on its way.
            time.sleep(0.5)
            raise ToolError("no worker process can be started", remedy="free some memory and try again") from error
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _retire(self, worker: _Worker) -> None:
        _end(worker)
        self._workers.remove(worker)


def _end(worker: _Worker) -> None:
    """Kill the worker with everything it started."""
    pid = worker.process.pid
    if pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    worker.process.kill()  # in case it had not yet become the leader of its group
    worker.process.join(timeout=10)
    worker.pipe.close()


def _death(exit_code: int | None) -> KehoachError:
    """Why a worker died, as far as its exit status tells."""
    if exit_code is not None and exit_code < 0:
        try:
            name = signal.Signals(-exit_code).name
        except ValueError:
            name = f"signal {-exit_code}"
        hint = "the system ran out of memory or someone killed it" if name == "SIGKILL" else "a library crashed"
        return LimitError(
            f"the process that worked on it died ({name}: {hint})", remedy="scan or print it to PDF again"
        )
    return LimitError("the process that worked on it died", remedy="scan or print it to PDF again")


def _serve(pipe: Connection, scratch: str, worker_bytes: int, environment: Mapping[str, str]) -> None:
    """A worker's life: take jobs from the pipe and answer ``(True, value)`` or ``(False, error)`` until it closes."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    os.environ.update(environment, TMPDIR=scratch)
    tempfile.tempdir = scratch
    with contextlib.suppress(ValueError, OSError):  # some systems know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (worker_bytes, worker_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _silence()
    jobs: queue.SimpleQueue[tuple[str, tuple[Any, ...]]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, jobs), daemon=True).start()
    while True:
        function, arguments = jobs.get()
        try:
            answer: tuple[bool, Any] = (True, _resolve(function)(*arguments))
        except KehoachError as error:
            answer = (False, error)
        except MemoryError:
            answer = (False, _too_large(worker_bytes))
        except Exception as error:  # noqa: BLE001 - the border of a job: whatever went wrong costs this job only
            answer = (False, _defect(error, worker_bytes))
        pipe.send(answer)


def _resolve(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]


def _listen(pipe: Connection, jobs: queue.SimpleQueue[tuple[str, tuple[Any, ...]]]) -> None:
    """Hand on what comes; when the parent is gone, end the whole group even while a job hangs in a C library."""
    try:
        while True:
            jobs.put(pipe.recv())
    finally:
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _silence() -> None:
    """C libraries write warnings about broken files straight to the terminal; their errors come as exceptions."""
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _too_large(worker_bytes: int) -> LimitError:
    return LimitError(
        f"needs more than {worker_bytes / 1e9:.1f} GB of memory",
        remedy="scan it at 300 dpi, or raise KEHOACH_WORKER_BYTES",
    )


def _defect(error: Exception, worker_bytes: int) -> KehoachError:
    """An unforeseen exception as an error with its place in the code, for the report to the developers."""
    if "insufficient memory" in str(error).lower() or "bad_alloc" in str(error):  # how OpenCV and pybind say it
        return _too_large(worker_bytes)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    text = " ".join(str(error).split())[:300]
    return InternalError(
        f"{type(error).__name__}{place}: {text}",
        remedy="this is a defect of kehoach: please report it with this line",
    )
