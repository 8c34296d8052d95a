"""What rows of new documents refer to, looked up by PostgreSQL a batch at a time and not row by row.

A plan of 40 tasks has some 540 references. To look up each by itself takes the server 12 microseconds, of which it
spends most on preparing to look: half of the time of a load. Where the server lets us, it writes the rows of a batch
without looking; then, within the same transaction, it is asked once for each foreign key whether any of them refers to
nothing. Nothing can come between: parts of a document refer to parts of the same document, which no other transaction
sees yet. SQLite gains nothing by it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Connection, ForeignKeyConstraint, Table, text

from pipeline.store import tables

WRITTEN: tuple[Table, ...] = (tables.changes, *tables.PARTS)
"""Tables of what belongs to documents, each behind those it refers to."""
_KEYS = [
    (table, key) for table in WRITTEN if table is not tables.search for key in table.foreign_key_constraints
]  # PostgreSQL keeps the entries for search to their documents by a trigger

_GRANTED = "has_parameter_privilege('session_replication_role', 'SET')"
_SUPERUSER = "current_setting('is_superuser')::bool"  # before PostgreSQL 15 nobody else could be let
# Who has added triggers or keys of his own to these tables counts on them.
_NOTHING_ADDED = """
     NOT EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = ANY (CAST(:tables AS regclass[])))
 AND NOT EXISTS (SELECT FROM pg_constraint
                  WHERE contype = 'f' AND conrelid = ANY (CAST(:tables AS regclass[])) AND conname <> ALL (:keys))"""


class DanglingReferenceError(ValueError):
    """A row refers to one that is not there."""


def left_unchecked(connection: Connection) -> bool:
    """Whether PostgreSQL writes rows without looking up what they refer to, from now to the end of the transaction.

    It does where the user may set ``session_replication_role`` (superusers; others by ``GRANT SET ON PARAMETER``) and
    nobody has added triggers or foreign keys to the tables.
    """
    version = connection.dialect.server_version_info or (0,)
    allowed = f"SELECT {_GRANTED if version >= (15,) else _SUPERUSER} AND {_NOTHING_ADDED}"
    names = {"tables": [f'"{table.name}"' for table in WRITTEN], "keys": [str(key.name) for _, key in _KEYS]}
    if not connection.execute(text(allowed), names).scalar_one():
        return False
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    return True


def check(connection: Connection, first: int, last: int) -> None:
    """Raise :class:`DanglingReferenceError` where a row of documents with these ids refers to one that is not there."""
    questions = "\nUNION ALL ".join(_question(table, key, first, last) for table, key in _KEYS)
    dangling = connection.exec_driver_sql(questions).scalars().all()
    if dangling:
        raise DanglingReferenceError(f"rows refer to what is not there: {', '.join(dangling)}")


def _question(table: Table, key: ForeignKeyConstraint, first: int, last: int) -> str:
    """Name of the key if a row refers to nothing; one that has no value in a column of the key refers to none.

    Every key begins with that of the document.

    A difference of sets is found by hashing, whatever the server believes of the tables' sizes: it has not counted
    their rows yet while they are filled.
    """
    own = [element.parent for element in key.elements]
    there = [element.column for element in key.elements]
    among = f"BETWEEN {first} AND {last}"
    filled = "".join(f' AND "{column.name}" IS NOT NULL' for column in own if column.nullable)
    return f"""(SELECT '{key.name}' FROM (
        SELECT {_names(own)} FROM "{table.name}" WHERE document_id {among}{filled}
        EXCEPT SELECT {_names(there)} FROM "{key.referred_table.name}" WHERE "{there[0].name}" {among}) dangling
        LIMIT 1)"""


def _names(columns: Iterable[Column[object]]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)
