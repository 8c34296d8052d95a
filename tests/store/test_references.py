"""References: whether PostgreSQL looks them up a batch at a time or row by row, none leads to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url

from pipeline.store import preparing
from pipeline.store.engine import open_engine
from pipeline.store.migrating import migrate
from pipeline.store.references import left_unchecked
from pipeline.store.rows import Rows, part_rows
from schemas import PlanDocument
from tests.store.conftest import Databases, ask, load_into, put
from tests.store.synthetic import plan
from tests.store.test_loading import assert_whole


@contextmanager
def connected(database: str) -> Iterator[Connection]:
    engine = open_engine(database, writing=True)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def superusers(databases: Databases) -> str:
    return databases.ready("postgresql")


@pytest.fixture
def ordinary(databases: Databases) -> Iterator[str]:
    """A database whose owner may do nothing beyond it."""
    database = databases.empty("postgresql")
    name = make_url(database).database
    with connected(database) as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS clerk")
        connection.exec_driver_sql("CREATE ROLE clerk LOGIN")
        connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO clerk")
        connection.exec_driver_sql("ALTER SCHEMA public OWNER TO clerk")
    own = database.replace("kehoach@", "clerk@")
    engine = open_engine(own, writing=True)
    migrate(engine)
    engine.dispose()
    yield own
    with connected(database) as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO kehoach")
        connection.exec_driver_sql("DROP OWNED BY clerk CASCADE")
        connection.exec_driver_sql("DROP ROLE clerk")


@pytest.fixture(params=["sqlite", "superusers", "ordinary"])
def any_database(request: pytest.FixtureRequest, databases: Databases) -> str:
    if request.param == "sqlite":
        return databases.ready("sqlite")
    return str(request.getfixturevalue(request.param))


@pytest.mark.parametrize(
    ("table", "column"), [("assignments", 0), ("assignments", 3), ("cells", 0), ("sections", 1), ("citations", 1)]
)
def test_a_row_that_refers_to_nothing_costs_its_document_only(
    any_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, column: int
) -> None:
    """As if the loader made a mistake: the row's id of a unit, task, table, section, or number of a legal basis."""

    def mistaken(document: PlanDocument) -> Rows:
        rows = part_rows(document)
        if document.source.file == "b.pdf":
            first = next(n for n, row in enumerate(rows[table]) if row[column] is not None)
            row = rows[table][first]
            nobody = 99 if isinstance(row[column], int) else "nobody"
            rows[table][first] = (*row[:column], nobody, *row[column + 1 :])
        return rows

    monkeypatch.setattr(preparing, "part_rows", mistaken)
    for name in "abc":
        put(tmp_path, f"{name}.json", plan(ord(name), file=f"{name}.pdf"))
    result, outcomes = load_into(any_database, tmp_path)
    assert result.counts == {"added": 2}
    assert "does not take it" in str(outcomes["b.json"])
    assert_whole(any_database, {name: plan(ord(name), file=f"{name}.pdf") for name in "ac"})


def test_who_may_leaves_the_looking_up_for_the_end_of_a_batch(superusers: str, ordinary: str) -> None:
    with connected(superusers) as connection:
        assert left_unchecked(connection)
    with connected(ordinary) as connection:
        assert not left_unchecked(connection)


def test_triggers_of_others_go_off(superusers: str, tmp_path: Path) -> None:
    with connected(superusers) as connection:
        connection.exec_driver_sql("CREATE TABLE seen (id text)")
        connection.exec_driver_sql(
            "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN INSERT INTO seen VALUES (new.id); RETURN NULL; END'"
        )
        connection.exec_driver_sql("CREATE TRIGGER see AFTER INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION see()")
    put(tmp_path, "a.json", plan(1))
    load_into(superusers, tmp_path)
    assert ask(superusers, "SELECT count(*) FROM seen") == [(40,)]


def test_keys_of_others_are_looked_up(superusers: str, tmp_path: Path) -> None:
    with connected(superusers) as connection:
        connection.exec_driver_sql('CREATE TABLE known_units (name_key text COLLATE "C" PRIMARY KEY)')
        connection.exec_driver_sql("ALTER TABLE units ADD FOREIGN KEY (name_key) REFERENCES known_units")
    put(tmp_path, "a.json", plan(1))
    result, outcomes = load_into(superusers, tmp_path)
    assert not result.counts
    assert "units_name_key_fkey" in str(outcomes["a.json"])


def test_a_new_version_takes_along_what_others_keep_of_the_old_one(superusers: str, tmp_path: Path) -> None:
    put(tmp_path, "a.json", plan(1))
    load_into(superusers, tmp_path)
    with connected(superusers) as connection:
        connection.exec_driver_sql(
            "CREATE TABLE done (document_id bigint, task_id text, "
            "FOREIGN KEY (document_id, task_id) REFERENCES tasks ON DELETE CASCADE)"
        )
        connection.exec_driver_sql("INSERT INTO done SELECT document_id, id FROM tasks")
    put(tmp_path, "a.json", plan(1, tasks=3))
    assert load_into(superusers, tmp_path)[0].counts == {"replaced": 1}
    assert ask(superusers, "SELECT count(*) FROM done") == [(0,)]
