"""Opening a database by its URL: SQLite or PostgreSQL, with clear words when it cannot be had."""

from __future__ import annotations

import re
import shlex
import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from pipeline.errors import InputError, KehoachError, SettingsError, ToolError
from pipeline.results import DATABASE
from pipeline.store.packing import Dialect

_EXAMPLES = f"write {DATABASE} or postgresql://user@host/database"
_FILE = re.compile(r"[^:]+\.(db|sqlite|sqlite3)", re.IGNORECASE)  # a file's name where a URL is wanted
LOCK_SECONDS = 120
"""How long a loader waits for another one that is writing."""
SQLITE_CACHE_KIB = 65_536
SQLITE_PAGE_BYTES = 16_384
"""Of a new database. A plan's JSON then lies on five pages and not on twenty: a commit takes the disk half as long."""
OLDEST_POSTGRESQL = 13
"""The first with normalize(), which the search function uses."""
_TOO_LONG = "54"
"""Class of PostgreSQL's states for values beyond what it can hold: its driver counts them among outages."""


class StoreError(KehoachError):
    """The database cannot be reached, is not one of kehoach's, or refused what was asked."""

    kind = "store"


def open_engine(url: str, *, writing: bool) -> Engine:
    """An engine for ``url``, tried once.

    Raises :class:`SettingsError` for a URL that names no database we know, :class:`ToolError` when the driver is not
    installed, :class:`InputError` when a SQLite file is to be read that is not there, :class:`StoreError` when the
    server does not answer.
    """
    parsed = _parse(url)
    name = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(parsed, name, writing=writing)
    else:
        engine = create_engine(parsed, connect_args={"connect_timeout": 15, "client_encoding": "utf8"})
    try:
        with engine.connect() as connection:
            _check_server(connection, name)
    except DBAPIError as error:
        raise store_error(error, name) from None
    return engine


def dialect_of(engine: Engine | Connection) -> Dialect:
    """Which of the two it is."""
    return "postgresql" if engine.dialect.name == "postgresql" else "sqlite"


def store_error(error: DBAPIError, name: str) -> StoreError:
    """The database's own words, without SQL and parameters, which may hold whole documents."""
    reason = " ".join(str(error.orig).split())[:400] or type(error).__name__
    remedy = "see whether it is there, whether it runs, and whether you may write to it"
    return StoreError(f"database does not do what was asked: {reason}", file=name, remedy=remedy)


def loading_into(name: str) -> str:
    """The command that loads into the database of this name, as one types it; a server's URL may hide a password."""
    if name == DATABASE:
        return "kehoach load FOLDER"
    return f"kehoach load FOLDER --to {shlex.quote(name) if name.startswith('sqlite') else 'URL'}"


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(
            f"{url!r} is no database URL",
            remedy=f"write sqlite:///{url}" if _FILE.fullmatch(url) else _EXAMPLES,
        ) from None
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        if find_spec("psycopg") is None:
            raise ToolError(
                "the driver for PostgreSQL is not installed",
                remedy="pip install '.[postgresql]' in the folder of kehoach",
            )
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise SettingsError(
            f"databases of kind {parsed.drivername!r} are not supported",
            remedy=_EXAMPLES,
        )
    return parsed


def _sqlite(url: URL, name: str, *, writing: bool) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise SettingsError("the database needs a file", remedy="write sqlite:///plans.db")
    path = Path(str(url.database))
    if not writing and not path.is_file():
        raise InputError("no such database", file=name, remedy=f"{loading_into(name)} makes it")
    if not path.parent.is_dir():
        raise StoreError("folder does not exist", file=name, remedy="make the folder first")
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS})

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # else the driver opens transactions by itself, and none around DDL
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")
        connection.execute(f"PRAGMA page_size = {SQLITE_PAGE_BYTES}")  # has no effect on a database that has tables
        if writing:  # what we write was validated already; to check it row by row costs a tenth of a load
            connection.execute("PRAGMA ignore_check_constraints = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes its lock at once: two that read first and write then could not give way to each other.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _check_server(connection: Connection, name: str) -> None:
    if connection.dialect.name == "sqlite":
        options = {row[0] for row in connection.exec_driver_sql("PRAGMA compile_options")}
        if "ENABLE_FTS5" not in options:
            raise ToolError("this Python's SQLite has no full-text search (FTS5)", remedy="use another Python build")
        return
    version = int((connection.dialect.server_version_info or (0,))[0])
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if version < OLDEST_POSTGRESQL:
        raise StoreError(f"PostgreSQL {version} is too old", file=name, remedy=f"use {OLDEST_POSTGRESQL} or later")
    if encoding != "UTF8":
        raise StoreError(
            f"the database's encoding is {encoding}", file=name, remedy="make it anew with ENCODING 'UTF8'"
        )


def is_lock_conflict(error: DBAPIError) -> bool:
    """Another loader was in the way; the same again may do."""
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01") or (isinstance(error, OperationalError) and "locked" in str(error.orig))


def is_outage(error: DBAPIError) -> bool:
    """The database cannot go on, whatever it is given: else it is this statement and its values that it refuses."""
    state = getattr(error.orig, "sqlstate", None) or ""
    refused = isinstance(error, OperationalError) and state.startswith(_TOO_LONG)
    return error.connection_invalidated or (isinstance(error, (OperationalError, InterfaceError)) and not refused)
