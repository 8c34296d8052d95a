"""A worker process: it takes jobs from its pipe, one after the other, and survives whatever they raise.

It leads a process group of its own, in which the programs that its jobs start are. When its owner is gone, it ends
itself and the group.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import resource
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.errors import InternalError, KehoachError, LimitError


def serve(pipe: Connection) -> None:
    """A worker's life: be told where temporary files go and how many bytes of address space there are, then take calls
    (function as "module:name", arguments) and answer ``(True, value)`` or ``(False, error)`` until the pipe closes."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner ends us
    scratch, worker_bytes = pipe.recv()
    os.environ["TMPDIR"] = tempfile.tempdir = scratch
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
    """Hand on what comes; when the owner is gone, end the whole group even while a job hangs in a C library."""
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
