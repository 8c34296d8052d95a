"""Files to rows, in this process or in others beside it. Knows no database, so that the others start quickly."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from pipeline.errors import InternalError, KehoachError
from pipeline.store.packing import Dialect, Packed, pack
from pipeline.store.plans import Plan, read_plan
from pipeline.store.rows import header_values, part_rows

AHEAD = 64
"""Files a worker may be ahead of the writer: a batch and more, else all stand still while one is written."""
TOGETHER = 8
"""Files handed to a worker at a time: to hand over each by itself costs the writer as much again as to unpack it."""
TOGETHER_BYTES = 2_000_000
"""Bytes of files from which on no more are handed over with them."""
AHEAD_BYTES = 16_000_000
"""Bytes of files that all workers together may be ahead; with their rows they take about twice as many."""
COLLECTED_AFTER = 100_000
"""Allocations between two looks for cyclic garbage: a plan is many objects, none of which refers to itself."""
REMEDY = "convert the document again; if that does not help, please report it with the file"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan as rows, ready to be written; small enough to be handed from one process to another."""

    name: str
    json: bytes
    content_sha256: str
    identity: str | None
    source_file: str
    source_sha256: str
    header: dict[str, Any]
    rows: Packed

    def keys(self) -> list[str]:
        """By what the document is known again: its scan, and what versions of a plan share."""
        return [self.source_sha256, *([self.identity] if self.identity else [])]

    def lock_keys(self) -> list[int]:
        """What no two loaders may work on at once, as 64-bit numbers."""
        return [int.from_bytes(bytes.fromhex(name)[:8], signed=True) for name in self.keys()]


def prepare(plan: Plan, dialect: Dialect) -> Prepared:
    """The rows of a plan, for a database of this kind."""
    source = plan.document.source
    own = (plan.name, plan.json, plan.content_sha256, plan.identity, source.file, source.sha256)
    return Prepared(*own, header_values(plan.document), pack(part_rows(plan.document), dialect))


@contextmanager
def prepared(
    files: Iterable[Path], max_bytes: int, jobs: int, dialect: Dialect
) -> Iterator[Iterator[tuple[str, Prepared | KehoachError]]]:
    """Each file with its rows or its error, in order; a few are read ahead, by ``jobs`` processes if more than one."""
    if jobs <= 1:
        yield ((str(path), _attempt(path, max_bytes, dialect)) for path in files)
        return
    # Not forked: a child must not inherit connections to the database.
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin_worker) as pool:
        pool.submit(os.getpid)  # the first job starts them all: they import while the caller goes on
        try:
            attempt = partial(_attempts, max_bytes=max_bytes, dialect=dialect)
            yield _read_ahead(pool, files, attempt, jobs * AHEAD)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _read_ahead(
    pool: ProcessPoolExecutor,
    files: Iterable[Path],
    attempts: Callable[[Sequence[Path]], list[Prepared | KehoachError]],
    ahead: int,
) -> Iterator[tuple[str, Prepared | KehoachError]]:
    waiting: deque[tuple[_Share, Future[list[Prepared | KehoachError]]]] = deque()
    count = size = 0
    for share in _shares(files):
        waiting.append((share, pool.submit(attempts, share.files)))
        count, size = count + len(share.files), size + share.size
        while count > ahead or (size > AHEAD_BYTES and len(waiting) > 1):
            first, future = waiting.popleft()
            count, size = count - len(first.files), size - first.size
            yield from zip(map(str, first.files), future.result(), strict=True)
    for share, future in waiting:
        yield from zip(map(str, share.files), future.result(), strict=True)


@dataclass(slots=True)
class _Share:
    """Files that a worker is handed at a time."""

    files: list[Path] = field(default_factory=list)
    size: int = 0


def _shares(files: Iterable[Path]) -> Iterator[_Share]:
    share = _Share()
    for path in files:
        share.files.append(path)
        share.size += _size(path)
        if len(share.files) == TOGETHER or share.size > TOGETHER_BYTES:
            yield share
            share = _Share()
    if share.files:
        yield share


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # who reads it will say so
        return 0


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end when it does, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what is imported need not be looked through again and again
    gc.set_threshold(COLLECTED_AFTER)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _attempts(paths: Sequence[Path], max_bytes: int, dialect: Dialect) -> list[Prepared | KehoachError]:
    return [_attempt(path, max_bytes, dialect) for path in paths]


def _attempt(path: Path, max_bytes: int, dialect: Dialect) -> Prepared | KehoachError:
    try:
        return prepare(read_plan(path, max_bytes), dialect)
    except KehoachError as error:
        return error
    except (KeyError, ValueError, TypeError) as error:  # a document that no check foresaw costs itself only
        return InternalError(f"{type(error).__name__}: {error}", file=str(path), remedy=REMEDY)
