"""Bringing a database to the version of this program, by the migrations that come with it."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from pipeline.store.engine import StoreError, loading_into, store_error

VERSION_TABLE = "kehoach_schema"
_LOCK = 0x6B65686F616368
"""Advisory lock of PostgreSQL under which one program at a time migrates: "kehoach" in ASCII."""


@cache
def head() -> str:
    """The version of the tables that this program works with."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise AssertionError("the migrations are not packaged")
    return revision


def current(connection: Connection) -> str | None:
    """The version of the tables in the database; None where there are none."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the tables to this program's version, all or nothing; the versions before and after.

    Several programs may do so at once: one migrates, the others wait and find it done. Raises :class:`StoreError` when
    the database was made by a later program, or is somebody else's.
    """
    name = engine.url.render_as_string(hide_password=True)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            before = current(connection)
            if before == head():
                return before, before
            if before is None and "documents" in inspect(connection).get_table_names():
                raise StoreError(
                    "the database holds a table 'documents' that is not kehoach's", file=name, remedy="name another"
                )
            migrate_to(connection, "head")
            return before, head()
    except CommandError:
        raise _newer(name) from None
    except DBAPIError as error:
        raise store_error(error, name) from None


def migrate_to(connection: Connection, version: str) -> None:
    """Apply the migrations up to ``version`` within the caller's transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def require_current(connection: Connection) -> None:
    """Raise :class:`StoreError` unless the tables are of this program's version. Changes nothing."""
    name = connection.engine.url.render_as_string(hide_password=True)
    found = current(connection)
    if found is None:
        raise StoreError("the database holds no plans", file=name, remedy=f"{loading_into(name)} fills it")
    if found == head():
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found not in known:
        raise _newer(name)
    remedy = f"{loading_into(name)} brings it up to date"
    raise StoreError("the database is of an earlier version of kehoach", file=name, remedy=remedy)


def _newer(name: str) -> StoreError:
    return StoreError("the database is of a later version of kehoach", file=name, remedy="update kehoach")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "pipeline.store:migrations")
    return config
