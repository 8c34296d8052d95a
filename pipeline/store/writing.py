"""Writing documents: what a plan becomes in the database, in as few and as large statements as the database takes.

PostgreSQL is given rows by COPY, SQLite by prepared statements; both within the transaction of the caller.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Table, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from pipeline.store import references, tables
from pipeline.store.changes import compare
from pipeline.store.engine import dialect_of
from pipeline.store.packing import COPY_FORMAT, copied, pack_rows, tuples
from pipeline.store.preparing import Prepared
from pipeline.store.rows import Row
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
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    buffer: dict[str, list[tuple[bytes, int]]] = field(default_factory=dict)

    def add(self, table: str, document_id: int, rows: bytes) -> None:
        """Rows of a document as :mod:`pipeline.store.packing` packs them."""
        self.buffer.setdefault(table, []).append((rows, document_id))


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
    known = _known_keys(connection, prepared)
    _add(batch, [each for each in prepared if known.isdisjoint(each.keys())])
    outcomes = ["added" if known.isdisjoint(each.keys()) else _place(batch, each) for each in prepared]
    _remove_parts(connection, batch.removed)
    _keep(connection, batch.versions)
    ids = [document_id for document_id, *_ in batch.versions]
    only_new = bool(ids) and not batch.removed and connection.dialect.name == "postgresql"
    unchecked = only_new and references.left_unchecked(connection)
    for table in references.WRITTEN:
        rows = batch.buffer.get(table.name)
        if rows:
            _insert(connection, table, rows)
    if unchecked:
        references.check(connection, min(ids), max(ids))
    return outcomes


def _lock(connection: Connection, prepared: Sequence[Prepared]) -> None:
    """All keys at once and in one order, so that two loaders wait for each other but never in a circle."""
    if connection.dialect.name == "postgresql":
        # New entries of the search index wait in a list that is merged when it is long: longer is cheaper.
        # The merge goes through the index once for each work_mem that the list is long.
        connection.exec_driver_sql("SET LOCAL gin_pending_list_limit = '32MB'; SET LOCAL work_mem = '64MB'")
        keys = sorted({number for each in prepared for number in each.lock_keys()})
        connection.exec_driver_sql("SELECT count(pg_advisory_xact_lock(key)) FROM unnest(%s::bigint[]) key", (keys,))


def _known_keys(connection: Connection, prepared: Sequence[Prepared]) -> set[str]:
    """Which of the documents' keys the database has. Documents of a batch share none: one cannot make another known."""
    documents, versions = tables.documents.c, tables.versions.c
    scans = {each.source_sha256 for each in prepared}
    identities = {each.identity for each in prepared if each.identity}
    known = set(connection.scalars(select(versions.source_sha256).where(versions.source_sha256.in_(scans))))
    return known | set(connection.scalars(select(documents.identity).where(documents.identity.in_(identities))))


def _add(batch: _Batch, new: Sequence[Prepared]) -> None:
    """Write the own rows of documents that the database does not know, and put their parts into the buffer."""
    if not new:
        return
    ids = _free_ids(batch.connection, len(new))
    values = [
        _values(batch, each, 1) | {"id": document_id, "first_loaded_at": batch.now}
        for document_id, each in zip(ids, new, strict=True)
    ]
    batch.connection.execute(insert(tables.documents), values)
    for document_id, each in zip(ids, new, strict=True):
        _put(batch, document_id, 1, each)


def _free_ids(connection: Connection, count: int) -> Sequence[int]:
    """Ids of documents before they are written: to be told them by an INSERT of many rows costs more than to ask."""
    if dialect_of(connection) == "postgresql":
        free = "SELECT nextval(pg_get_serial_sequence('documents', 'id')) FROM generate_series(1, %s)"
        return connection.exec_driver_sql(free, (count,)).scalars().all()
    last = connection.exec_driver_sql("SELECT COALESCE(max(id), 0) FROM documents").scalar_one()
    return range(last + 1, last + 1 + count)


def _place(batch: _Batch, new: Prepared) -> Outcome:
    """Find what the document replaces, write its own row, and put its parts into the buffer."""
    document_id, current = _known(batch.connection, new)
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
    changed: list[Row] = [
        (latest + 1, n, c.change, c.item_kind, c.item_id, c.field, c.old, c.new)
        for n, c in enumerate(compare(before, PlanDocument.model_validate_json(new.json)), 1)
    ]
    if changed:
        batch.add("changes", document_id, pack_rows(changed, dialect_of(batch.connection)))
    _put(batch, document_id, latest + 1, new)
    return "replaced"


def _known(connection: Connection, new: Prepared) -> tuple[int, str]:
    """Id and content of the document that ``new`` is a version of."""
    documents, versions = tables.documents.c, tables.versions.c
    wanted = select(documents.id, documents.content_sha256).order_by(documents.id)
    scanned = select(versions.document_id).where(versions.source_sha256 == new.source_sha256)
    row = connection.execute(wanted.where(documents.id.in_(scanned))).first()
    if row is None:
        row = connection.execute(wanted.where(documents.identity == new.identity)).one()
    return row.id, row.content_sha256


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
    dialect = dialect_of(batch.connection)
    zone = "+00" if dialect == "postgresql" else ""  # SQLite has no type for it: UTC throughout
    stamp = f"{batch.now:%Y-%m-%d %H:%M:%S.%f}{zone}"
    own = (version, new.content_sha256, new.source_file, new.source_sha256, new.header["schema_version"])
    batch.versions.append((document_id, *own, stamp, batch.run_id, new.json))
    for table, rows in new.rows.items():
        batch.add(table, document_id, rows)


def _keep(connection: Connection, versions: Sequence[tuple[Any, ...]]) -> None:
    """Row by row also in PostgreSQL: COPY looks at each letter of a plan's JSON, twice. That JSON is the last value."""
    if not versions:
        return
    *names, whole = (column.name for column in tables.versions.columns)
    if dialect_of(connection) == "sqlite":
        values = f"{'?, ' * len(names)}CAST(? AS TEXT)"
        rows = [*versions]
    else:
        from psycopg.types.json import Jsonb  # an extra: only who uses PostgreSQL has it

        values = f"{'%s, ' * len(names)}%s"
        rows = [(*own, Jsonb(json, dumps=bytes)) for *own, json in versions]
    connection.exec_driver_sql(f"INSERT INTO versions ({', '.join([*names, whole])}) VALUES ({values})", rows)


def _remove_parts(connection: Connection, document_ids: Sequence[int]) -> None:
    if document_ids:
        for table in reversed(tables.PARTS):
            connection.execute(delete(table).where(table.c.document_id.in_(document_ids)))


def _insert(connection: Connection, table: Table, packed: Sequence[tuple[bytes, int]]) -> None:
    names = [column.name for column in table.columns if table is not tables.search or column.name != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        _copy(
            connection,
            f'COPY "{table.name}" ({columns}) FROM STDIN ({COPY_FORMAT})',
            b"".join(copied(*own) for own in packed),
        )
        return
    rows = [row for own in packed for row in tuples(*own)]
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({", ".join("?" * len(names))})'
    if table is not tables.search:
        connection.exec_driver_sql(statement, rows)
        return
    last = connection.exec_driver_sql("SELECT COALESCE(max(id), 0) FROM search").scalar_one()
    connection.exec_driver_sql(statement, rows)
    added = "SELECT id, folded FROM search WHERE id > ?"
    connection.exec_driver_sql(f"INSERT INTO search_index (rowid, folded) {added}", (last,))


def _copy(connection: Connection, statement: str, lines: bytes) -> None:
    import psycopg  # an extra: only who uses PostgreSQL has it

    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(lines)
    except psycopg.Error as error:
        wrapped = DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect)
        raise wrapped from None
