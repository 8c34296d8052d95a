"""Writing documents: what a plan becomes in the database, in as few and as large statements as the database takes.

PostgreSQL is given rows by COPY, SQLite by prepared statements; both within the transaction of the caller.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Table, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from pipeline.store import tables
from pipeline.store.changes import compare
from pipeline.store.preparing import Prepared
from pipeline.store.rows import Row, Rows
from schemas import PlanDocument

Outcome = Literal["added", "replaced", "unchanged", "superseded"]


@dataclass(slots=True)
class _Batch:
    """Rows of several documents on their way into the database."""

    connection: Connection
    run_id: int
    now: dt.datetime
    replace: bool
    removed: list[int] = field(default_factory=list)
    buffer: Rows = field(default_factory=dict)

    def add(self, table: str, document_id: int, rows: Iterable[Row]) -> None:
        self.buffer.setdefault(table, []).extend((document_id, *row) for row in rows)


def write(
    connection: Connection, prepared: Sequence[Prepared], run_id: int, now: dt.datetime, *, replace: bool
) -> list[Outcome]:
    """Write documents within the caller's transaction; what became of each.

    A document is the same as one in the database when it was read from the same scan (the hash of the file), or from a
    scan of the same name, letterhead, number and year. The same content again changes nothing, nor does an earlier
    version that was replaced since, unless ``replace`` asks for it.
    """
    _lock(connection, prepared)
    batch = _Batch(connection, run_id, now, replace)
    outcomes = [_place(batch, each) for each in prepared]
    _remove_parts(connection, batch.removed)
    for table in (tables.versions, tables.changes, *tables.PARTS):
        rows = batch.buffer.get(table.name)
        if rows:
            _insert(connection, table, rows)
    return outcomes


def _lock(connection: Connection, prepared: Sequence[Prepared]) -> None:
    """All keys at once and in one order, so that two loaders wait for each other but never in a circle."""
    if connection.dialect.name == "postgresql":
        # New entries of the search index wait in a list that is merged when it is long: longer is cheaper.
        connection.exec_driver_sql("SET LOCAL gin_pending_list_limit = '32MB'")
        for number in sorted({number for each in prepared for number in each.lock_keys()}):
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": number})


def _place(batch: _Batch, new: Prepared) -> Outcome:
    """Find what the document replaces, write its own row, and put its parts into the buffer."""
    found = _known(batch.connection, new)
    if found is None:
        values = _values(batch, new, 1) | {"first_loaded_at": batch.now}
        result = batch.connection.execute(insert(tables.documents).returning(tables.documents.c.id), values)
        _put(batch, result.scalar_one(), 1, new)
        return "added"
    document_id, current = found
    if current == new.content_sha256:
        return "unchanged"
    versions = tables.versions.c
    history = batch.connection.execute(
        select(versions.version, versions.content_sha256)
        .where(versions.document_id == document_id)
        .order_by(versions.version)
    ).all()
    if not batch.replace and any(content == new.content_sha256 for _, content in history):
        return "superseded"
    latest = history[-1].version
    own = tables.documents.c.id == document_id
    batch.connection.execute(update(tables.documents).where(own).values(_values(batch, new, latest + 1)))
    batch.removed.append(document_id)
    before = _stored(batch.connection, document_id, latest)
    changed = ((latest + 1, n, c.change, c.item_kind, c.item_id, c.field, c.old, c.new)
               for n, c in enumerate(compare(before, PlanDocument.model_validate_json(new.json)), 1))  # fmt: skip
    batch.add("changes", document_id, changed)
    _put(batch, document_id, latest + 1, new)
    return "replaced"


def _known(connection: Connection, new: Prepared) -> tuple[int, str] | None:
    """Id and content of the document that ``new`` is a version of."""
    documents, versions = tables.documents.c, tables.versions.c
    wanted = select(documents.id, documents.content_sha256).order_by(documents.id)
    scanned = select(versions.document_id).where(versions.source_sha256 == new.source_sha256)
    row = connection.execute(wanted.where(documents.id.in_(scanned))).first()
    if row is None and new.identity:
        row = connection.execute(wanted.where(documents.identity == new.identity)).first()
    return (row.id, row.content_sha256) if row else None


def _stored(connection: Connection, document_id: int, version: int) -> PlanDocument:
    chosen = (tables.versions.c.document_id == document_id) & (tables.versions.c.version == version)
    stored = connection.execute(select(text("CAST(document AS TEXT)")).select_from(tables.versions).where(chosen))
    return PlanDocument.model_validate_json(stored.scalar_one())


def _values(batch: _Batch, new: Prepared, version: int) -> dict[str, Any]:
    return {
        **new.header,
        "identity": new.identity,
        "version": version,
        "content_sha256": new.content_sha256,
        "source_file": new.source_file,
        "source_sha256": new.source_sha256,
        "loaded_at": batch.now,
        "run_id": batch.run_id,
    }


def _put(batch: _Batch, document_id: int, version: int, new: Prepared) -> None:
    zone = "+00" if batch.connection.dialect.name == "postgresql" else ""  # SQLite has no type for it: UTC throughout
    stamp = f"{batch.now:%Y-%m-%d %H:%M:%S.%f}{zone}"
    own = (version, new.content_sha256, new.source_file, new.source_sha256, new.header["schema_version"])
    batch.add("versions", document_id, [(*own, stamp, batch.run_id, new.json)])
    for table, rows in new.rows.items():
        batch.add(table, document_id, rows)


def _remove_parts(connection: Connection, document_ids: Sequence[int]) -> None:
    if document_ids:
        for table in reversed(tables.PARTS):
            connection.execute(delete(table).where(table.c.document_id.in_(document_ids)))


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    names = [column.name for column in table.columns if table is not tables.search or column.name != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        _copy(connection, f'COPY "{table.name}" ({columns}) FROM STDIN', rows)
    else:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', list(rows))


def _copy(connection: Connection, statement: str, rows: Iterable[Row]) -> None:
    import psycopg  # an extra: only who uses PostgreSQL has it

    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        wrapped = DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect)
        raise wrapped from None
