"""Loading a folder of plans into a database: many documents in a transaction, each all or not at all.

Documents are written in batches, since a commit is what costs time; a batch that fails is written again one document at
a time, so that a bad one costs itself only. What was committed stays, whatever comes after: the same command again goes
on where the last one was stopped.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import metadata
from itertools import chain, islice
from pathlib import Path
from typing import Protocol, Self

from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import DBAPIError, StatementError

from pipeline.errors import KehoachError
from pipeline.store import tables
from pipeline.store.engine import StoreError, dialect_of, is_lock_conflict, is_outage, open_engine, store_error
from pipeline.store.migrating import migrate
from pipeline.store.packing import Dialect
from pipeline.store.plans import find_plans
from pipeline.store.preparing import COLLECTED_AFTER, REMEDY, Prepared, prepared
from pipeline.store.writing import Outcome, write

BATCH_DOCUMENTS = 100
BATCH_BYTES = 20_000_000
WRITERS: dict[Dialect, int] = {"postgresql": 2, "sqlite": 1}
"""Transactions at once. PostgreSQL works on each in a process of its own; SQLite has one writer at a time."""
FEW = 64
"""Fewer files are read in this process: others would take longer to start."""
_ATTEMPTS = 5


@dataclass(slots=True)
class LoadResult:
    """What became of the files of a folder. ``migrated`` tells the versions of the tables before and after."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    failures: list[KehoachError] = field(default_factory=list)
    migrated: tuple[str | None, str] | None = None


class Observer(Protocol):
    """What is told of the progress of a load."""

    def file_done(self, name: str, outcome: Outcome | KehoachError) -> None: ...


def load(
    folder: Path, url: str, observer: Observer, *, max_bytes: int, jobs: int = 1, replace: bool = False
) -> LoadResult:
    """Load every plan below ``folder`` into the database at ``url``, whose tables are made or brought up to date.

    ``replace`` makes an earlier version current again when it is loaded once more. Raises :class:`KehoachError` when
    the folder or the database cannot be used; a file that cannot be loaded is in the result.
    """
    files = find_plans(folder)
    first = list(islice(files, FEW))  # before anything is made in the database
    engine = open_engine(url, writing=True)
    result = LoadResult()
    files, jobs = chain(first, files), jobs if len(first) == FEW else 1
    try:
        with _rarely_collected(), prepared(files, max_bytes, jobs, dialect_of(engine)) as plans:
            before, after = migrate(engine)  # while the processes that prepare start
            result.migrated = None if before == after else (before, after)
            run_id = _begin_run(engine, folder)
            with _Loader(engine, run_id, observer, result, replace=replace) as loader:
                for name, plan in plans:
                    loader.take(name, plan)
                loader.finish()
        _end_run(engine, run_id, result)
    except DBAPIError as error:
        raise store_error(error, engine.url.render_as_string(hide_password=True)) from None
    finally:
        engine.dispose()
    return result


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Python looks for cyclic garbage seldom meanwhile: rows are many objects, none of which refers to itself."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass(slots=True)
class _Batch:
    """Documents of one transaction. ``keys`` are those that no other transaction may work on meanwhile."""

    plans: list[Prepared] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    size: int = 0

    def add(self, plan: Prepared) -> None:
        self.plans.append(plan)
        self.keys |= set(plan.lock_keys())
        self.size += len(plan.json)

    @property
    def full(self) -> bool:
        return len(self.plans) >= BATCH_DOCUMENTS or self.size >= BATCH_BYTES


class _Loader:
    """Gathers documents into batches and hands them to writers, each a connection of its own; a context manager."""

    def __init__(self, engine: Engine, run_id: int, observer: Observer, result: LoadResult, *, replace: bool) -> None:
        self._write = partial(_written, engine, run_id, replace)
        self._observer = observer
        self._result = result
        self._writers = WRITERS[dialect_of(engine)]
        self._pool = ThreadPoolExecutor(self._writers)
        self._batch = _Batch()
        self._under_way: deque[tuple[_Batch, Future[list[Outcome | KehoachError]]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def take(self, name: str, plan: Prepared | KehoachError) -> None:
        """Put a document into the next batch; one that cannot be read is told of."""
        if isinstance(plan, KehoachError):
            self._done(name, plan)
            return
        if not self._batch.keys.isdisjoint(plan.lock_keys()):  # a version of a document in this batch: that one first
            self._flush()
        self._batch.add(plan)
        if self._batch.full:
            self._flush()

    def finish(self) -> None:
        """Write what is left and wait for all of it."""
        self._flush()
        while self._under_way:
            self._settle()

    def _flush(self) -> None:
        batch, self._batch = self._batch, _Batch()
        if not batch.plans:
            return
        while len(self._under_way) >= self._writers or any(
            not batch.keys.isdisjoint(other.keys) for other, _ in self._under_way
        ):
            self._settle()
        self._under_way.append((batch, self._pool.submit(self._write, batch.plans)))

    def _settle(self) -> None:
        """Wait for the batch that has been under way for longest and tell what became of it."""
        batch, future = self._under_way.popleft()
        for plan, outcome in zip(batch.plans, future.result(), strict=True):
            self._done(plan.name, outcome)

    def _done(self, name: str, outcome: Outcome | KehoachError) -> None:
        if isinstance(outcome, KehoachError):
            self._result.failures.append(outcome)
        else:
            self._result.counts[outcome] += 1
        self._observer.file_done(name, outcome)


def _written(engine: Engine, run_id: int, replace: bool, plans: Sequence[Prepared]) -> list[Outcome | KehoachError]:
    """What became of the documents: all in one transaction, or, where one cannot be written, each in its own.

    Raises :class:`DBAPIError` when it is not the documents: the database is gone, locked, full or not to be written to.
    """
    try:
        return [*_attempted(engine, run_id, replace, plans)]
    except (StatementError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        if isinstance(error, DBAPIError) and is_outage(error):
            raise
        if len(plans) == 1:
            return [_refused(plans[0].name, error)]
        return [outcome for plan in plans for outcome in _written(engine, run_id, replace, [plan])]


def _attempted(engine: Engine, run_id: int, replace: bool, plans: Sequence[Prepared]) -> list[Outcome]:
    for _ in range(_ATTEMPTS - 1):
        try:
            return _transaction(engine, run_id, replace, plans)
        except DBAPIError as error:
            if not is_lock_conflict(error):
                raise
    return _transaction(engine, run_id, replace, plans)


def _transaction(engine: Engine, run_id: int, replace: bool, plans: Sequence[Prepared]) -> list[Outcome]:
    with engine.begin() as connection:
        return write(connection, plans, run_id, _now(), replace=replace)


def _refused(name: str, error: Exception) -> KehoachError:
    reason = " ".join(str(error.orig if isinstance(error, StatementError) else error).split())[:300]
    return StoreError(f"the database does not take it: {reason}", file=name, remedy=REMEDY)


def _begin_run(engine: Engine, folder: Path) -> int:
    values = {"folder": str(folder), "kehoach": _version(), "started_at": _now()}
    with engine.begin() as connection:
        return int(connection.execute(insert(tables.runs).returning(tables.runs.c.id), values).scalar_one())


def _end_run(engine: Engine, run_id: int, result: LoadResult) -> None:
    counts = {name: result.counts[name] for name in ("added", "replaced", "unchanged", "superseded")}
    failures = [
        {"run_id": run_id, "position": n, "file": e.file or "", "reason": e.reason, "remedy": e.remedy}
        for n, e in enumerate(result.failures, 1)
    ]
    with engine.begin() as connection:
        if failures:
            connection.execute(insert(tables.failures), failures)
        connection.execute(
            update(tables.runs)
            .where(tables.runs.c.id == run_id)
            .values(counts | {"failed": len(failures), "finished_at": _now()})
        )
    if result.counts["added"] + result.counts["replaced"]:
        _analyse(engine)


def _analyse(engine: Engine) -> None:
    """Let the database count what it has, so that it finds the short way to it; finish the search index."""
    if dialect_of(engine) == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SELECT gin_clean_pending_list('ix_search_words')")
        connection.exec_driver_sql("VACUUM units")  # its summary is read from the index alone where nothing is in doubt
        # The views' ways are few and plain: a fifth of the rows that PostgreSQL would look at by itself shows them.
        connection.exec_driver_sql("SET default_statistics_target = 20")
        connection.exec_driver_sql("ANALYZE")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _version() -> str:
    try:
        return metadata.version("kehoach")
    except metadata.PackageNotFoundError:
        return "source folder"
