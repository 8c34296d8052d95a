"""Loading a folder of plans into a database: many documents in a transaction, each all or not at all.

Documents are written in batches, since a commit is what costs time; a batch that fails is written again one document at
a time, so that a bad one costs itself only. What was committed stays, whatever comes after: the same command again goes
on where the last one was stopped.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from pipeline.errors import KehoachError
from pipeline.store import tables
from pipeline.store.engine import StoreError, is_lock_conflict, open_engine, store_error
from pipeline.store.migrating import migrate
from pipeline.store.plans import find_plans
from pipeline.store.preparing import REMEDY, Prepared, prepared
from pipeline.store.writing import Outcome, write

BATCH_DOCUMENTS = 50
BATCH_CHARACTERS = 16_000_000
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
    try:
        before, after = migrate(engine)
        result.migrated = None if before == after else (before, after)
        run_id = _begin_run(engine, folder)
        loader = _Loader(engine, run_id, observer, result, replace)
        with prepared(chain(first, files), max_bytes, jobs if len(first) == FEW else 1) as plans:
            for name, plan in plans:
                loader.take(name, plan)
        loader.flush()
        _end_run(engine, run_id, result)
    except DBAPIError as error:
        raise store_error(error, engine.url.render_as_string(hide_password=True)) from None
    finally:
        engine.dispose()
    return result


@dataclass(slots=True)
class _Loader:
    """Gathers documents into batches and writes them."""

    engine: Engine
    run_id: int
    observer: Observer
    result: LoadResult
    replace: bool
    waiting: list[Prepared] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    characters: int = 0

    def take(self, name: str, plan: Prepared | KehoachError) -> None:
        if isinstance(plan, KehoachError):
            self._failed(name, plan)
            return
        keys = set(plan.lock_keys())
        if keys & self.keys:  # a version of a document that is in this batch: that one first
            self.flush()
        self.waiting.append(plan)
        self.keys |= keys
        self.characters += len(plan.json)
        if len(self.waiting) >= BATCH_DOCUMENTS or self.characters >= BATCH_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        batch, self.waiting, self.keys, self.characters = self.waiting, [], set(), 0
        if not batch:
            return
        try:
            self._write(batch)
        except (DataError, IntegrityError, OverflowError) as error:
            if len(batch) == 1:
                self._failed(batch[0].name, _refused(batch[0].name, error))
                return
            for each in batch:
                self.waiting = [each]
                self.flush()

    def _write(self, batch: Sequence[Prepared]) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self.engine.begin() as connection:
                    outcomes = write(connection, batch, self.run_id, _now(), replace=self.replace)
                break
            except DBAPIError as error:
                if attempt == _ATTEMPTS or not is_lock_conflict(error):
                    raise
        for each, outcome in zip(batch, outcomes, strict=True):
            self.result.counts[outcome] += 1
            self.observer.file_done(each.name, outcome)

    def _failed(self, name: str, error: KehoachError) -> None:
        self.result.failures.append(error)
        self.observer.file_done(name, error)


def _refused(name: str, error: DBAPIError | OverflowError) -> KehoachError:
    reason = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())[:300]
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
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT gin_clean_pending_list('ix_search_tsv')")
        connection.exec_driver_sql("ANALYZE")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _version() -> str:
    try:
        return metadata.version("kehoach")
    except metadata.PackageNotFoundError:
        return "source folder"
