"""Databases for the store's tests: SQLite files, and a real PostgreSQL server on a private socket."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.store.engine import open_engine
from pipeline.store.loading import LoadResult, load
from pipeline.store.migrating import migrate
from schemas import PlanDocument

MAX_BYTES = 100_000_000


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server: where its socket is."""

    folder: str

    def url(self, database: str) -> str:
        return f"postgresql://kehoach@/{database}?host={self.folder}"


def _binaries() -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return str(found[-1]) if found else str(Path(on_path).parent) if on_path else None


def _account() -> dict[str, Any]:
    """Who runs the server, which root must not."""
    if os.getuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server of its own for each worker, gone at the end."""
    binaries = _binaries()
    if binaries is None:
        message = "no PostgreSQL server: sh .ci/setup/test-packages.sh installs one"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    account = _account()
    folder = tempfile.mkdtemp(prefix="kh-pg-", dir="/tmp")  # a socket's path may have 107 characters
    if account:
        os.chown(folder, account["user"], account["group"])

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [f"{binaries}/{program}", *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            timeout=60,
            **account,
        )

    data = f"{folder}/data"
    run("initdb", "-D", data, "-A", "trust", "-U", "kehoach", "-E", "UTF8", "--locale=C", "-N")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
    try:
        yield Server(folder)
    finally:
        run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


KINDS = ["sqlite", "postgresql"]
MADE = "kehoach_made"


class Databases:
    """Makes databases of both kinds: empty ones, and ones whose tables are there, copied from one that was migrated."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self._request = request
        self._folder = folder
        self._made: set[str] = set()

    def empty(self, kind: str) -> str:
        """The URL of a database without tables."""
        name = f"t{uuid.uuid4().hex}"
        if kind == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        return self._create(name)

    def ready(self, kind: str) -> str:
        """The URL of a database with tables and nothing in them."""
        if kind == "sqlite":
            made, url = self._folder / f"{MADE}.db", self.empty(kind)
            self._migrated(kind, f"sqlite:///{made}")
            shutil.copyfile(made, url.removeprefix("sqlite:///"))
            return url
        if kind not in self._made:
            self._migrated(kind, self._create(MADE))
        return self._create(f"t{uuid.uuid4().hex}", template=MADE)

    def _create(self, name: str, template: str = "template1") -> str:
        server: Server = self._request.getfixturevalue("postgresql")
        engine = open_engine(server.url("postgres"), writing=True)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine.dispose()
        return server.url(name)

    def _migrated(self, kind: str, url: str) -> None:
        if kind not in self._made:
            engine = open_engine(url, writing=True)
            migrate(engine)
            engine.dispose()
            self._made.add(kind)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(request, tmp_path_factory.mktemp("databases"))


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, databases: Databases) -> str:
    """The URL of a database of either kind without tables."""
    return databases.empty(request.param)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, databases: Databases) -> str:
    """The URL of a database of either kind with tables and nothing in them."""
    return databases.ready(request.param)


class Told:
    """Remembers what became of each file."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Any] = {}

    def file_done(self, name: str, outcome: Any) -> None:
        self.outcomes[Path(name).name] = outcome


def load_into(database: str, folder: Path, *, replace: bool = False) -> tuple[LoadResult, dict[str, Any]]:
    """Load a folder in this process."""
    told = Told()
    return load(folder, database, told, max_bytes=MAX_BYTES, replace=replace), told.outcomes


def ask(database: str, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement."""
    engine = open_engine(database, writing=False)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]
    finally:
        engine.dispose()


def put(folder: Path, name: str, document: PlanDocument) -> Path:
    """Write a plan as kehoach convert does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(document.model_dump_json(indent=2), encoding="utf-8")
    return path


@pytest.fixture
def contents() -> Callable[[str], dict[str, list[Any]]]:
    """All rows of all tables of plans, for before and after."""

    def read(database: str) -> dict[str, list[Any]]:
        from pipeline.store.tables import metadata

        names = [name for name in metadata.tables if name not in ("runs", "failures")]
        return {name: sorted(map(repr, ask(database, f'SELECT * FROM "{name}"'))) for name in names}

    return read
