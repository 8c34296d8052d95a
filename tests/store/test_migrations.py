"""Migrations: come with the package, make what the tables say, wait for each other, refuse what is not theirs."""

from __future__ import annotations

import threading
from importlib import resources
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from pipeline.store.columns import metadata
from pipeline.store.engine import StoreError, open_engine
from pipeline.store.folding import fold
from pipeline.store.migrating import VERSION_TABLE, head, migrate
from tests.store.conftest import ask


def test_the_migrations_make_the_tables_of_the_program(database: str) -> None:
    engine = open_engine(database, writing=True)
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
        differences = [repr(each) for each in compare_metadata(context, metadata)]
    engine.dispose()
    assert [each for each in differences if "tsv" not in each] == []  # the search index belongs to one of them only


def test_they_are_modules_of_the_package() -> None:
    """So that an installed wheel has them, whatever the package data."""
    folder = resources.files("pipeline.store.migrations")
    assert folder.joinpath("env.py").is_file()
    assert folder.joinpath("versions", "__init__.py").is_file()
    assert len([path for path in folder.joinpath("versions").iterdir() if path.name.startswith("v0")]) >= 3


def test_several_programs_may_migrate_at_once(database: str) -> None:
    outcomes: list[object] = []

    def run() -> None:
        engine = open_engine(database, writing=True)
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


def test_a_database_of_a_later_version_is_left_alone(database: str) -> None:
    engine = open_engine(database, writing=True)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreError, match="later version"):
        migrate(engine)
    engine.dispose()


def test_somebody_elses_database_is_left_alone(database: str) -> None:
    engine = open_engine(database, writing=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE documents (name TEXT)"))
    with pytest.raises(StoreError, match="not kehoach's"):
        migrate(engine)
    engine.dispose()
    assert ask(database, "SELECT * FROM documents") == []


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


@pytest.mark.parametrize(
    "words", ["Sở Y tế, Đắk Lắk", "ƯỚC  tính;Ơ hay", "57-NQ/TW", "hoà HÒA Thuỵ", "  ", "đ/c Nguyễn"]
)
def test_postgresql_folds_as_the_loader_does(postgresql: object, words: str) -> None:
    engine = open_engine(postgresql.url("postgres"), writing=True)  # type: ignore[attr-defined]
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT kehoach_fold(:words)"), {"words": words}).scalar() == fold(words)
    engine.dispose()
