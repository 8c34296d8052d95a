"""Migrations: come with the package, make what the tables say, wait for each other, refuse what is not theirs."""

from __future__ import annotations

import threading
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from pipeline.store.columns import metadata
from pipeline.store.engine import StoreError, open_engine
from pipeline.store.folding import fold
from pipeline.store.migrating import VERSION_TABLE, head, migrate, migrate_to
from pipeline.store.queries import Asked, answer
from tests.store.conftest import Databases, ask, load_into, put
from tests.store.synthetic import plan


def test_the_migrations_make_the_tables_of_the_program(empty_database: str) -> None:
    engine = open_engine(empty_database, writing=True)
    assert migrate(engine) == (None, head())
    assert migrate(engine) == (head(), head())
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": VERSION_TABLE,
                "include_name": lambda name, kind, _: not (kind == "table" and str(name).startswith("search_index")),
            },
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    # The search index belongs to one of them only, and PostgreSQL keeps it to its document by a trigger.
    mine = [each for each in differences if "TSVECTOR" not in repr(each)]
    assert [each for each in mine if each[0] != "add_fk" or each[1].table.name != "search"] == []


def test_what_an_earlier_version_holds_is_brought_along(
    empty_database: str, databases: Databases, tmp_path: Path
) -> None:
    """Rows as version 4 had them: units without the count of plans, plain words in the search index."""
    source = databases.ready("sqlite")
    put(tmp_path, "a.json", plan(1))
    load_into(source, tmp_path)
    figures, words = "SELECT unit, plans, leads FROM unit_summary ORDER BY unit_key", "benh an dien tu"
    engine = open_engine(empty_database, writing=True)
    with engine.begin() as connection:
        migrate_to(connection, "0004")
        for table in ("runs", "documents", "units", "search"):
            rows = [
                {name: value for name, value in row.items() if name != "plan_count"} for row in whole(source, table)
            ]
            names = ", ".join(rows[0])
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(rows[0])})"), rows)
        if empty_database.startswith("sqlite"):
            connection.execute(text("INSERT INTO search_index (search_index) VALUES ('rebuild')"))
    assert migrate(engine) == ("0004", head())
    with engine.connect() as connection:
        found = [row["item_id"] for row in answer(connection, Asked("search", words)).rows]
    engine.dispose()
    assert found and len(found) == len(set(found))
    assert ask(empty_database, figures) == ask(source, figures)
    entries = "SELECT id, kind, item_id, folded, marked FROM search ORDER BY id"
    assert ask(empty_database, entries) == ask(source, entries)


def whole(database: str, table: str) -> list[dict[str, Any]]:
    engine = open_engine(database, writing=False)
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]
    engine.dispose()
    return rows


def test_they_are_modules_of_the_package() -> None:
    """So that an installed wheel has them, whatever the package data."""
    folder = resources.files("pipeline.store.migrations")
    assert folder.joinpath("env.py").is_file()
    assert folder.joinpath("versions", "__init__.py").is_file()
    assert len([path for path in folder.joinpath("versions").iterdir() if path.name.startswith("v0")]) >= 3


def test_several_programs_may_migrate_at_once(empty_database: str) -> None:
    outcomes: list[object] = []

    def run() -> None:
        engine = open_engine(empty_database, writing=True)
        try:
            outcomes.append(migrate(engine))
        finally:
            engine.dispose()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=repr) == [(head(), head())] * 3 + [(None, head())]


def test_a_database_of_a_later_version_is_left_alone(empty_database: str) -> None:
    engine = open_engine(empty_database, writing=True)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreError, match="later version"):
        migrate(engine)
    engine.dispose()


def test_somebody_elses_database_is_left_alone(empty_database: str) -> None:
    engine = open_engine(empty_database, writing=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE documents (name TEXT)"))
    with pytest.raises(StoreError, match="not kehoach's"):
        migrate(engine)
    engine.dispose()
    assert ask(empty_database, "SELECT * FROM documents") == []


def test_a_half_made_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = f"sqlite:///{tmp_path / 'p.db'}"
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    engine = open_engine(database, writing=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE search_index (x TEXT)"))  # in the way of the third migration
    with pytest.raises(StoreError):
        migrate(engine)
    engine.dispose()
    assert ask(database, "SELECT name FROM sqlite_master WHERE type = 'table'") == [("search_index",)]


def test_postgresql_folds_as_the_loader_does(databases: Databases) -> None:
    engine = open_engine(databases.ready("postgresql"), writing=False)
    with engine.connect() as connection:
        for words in ("Sở Y tế, Đắk Lắk", "ƯỚC  tính;Ơ hay", "57-NQ/TW", "hoà HÒA Thuỵ", "  ", "đ/c Nguyễn"):
            assert connection.execute(text("SELECT kehoach_fold(:words)"), {"words": words}).scalar() == fold(words)
    engine.dispose()
