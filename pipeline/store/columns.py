"""What the store's tables are made of: types that SQLite and PostgreSQL share, columns that many tables have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only columns of exactly this type
Json = JSON().with_variant(JSONB(), "postgresql")
Key = Text().with_variant(Text(collation="C"), "postgresql")  # compared byte by byte: prefixes can use the index

Parts = Column[Any] | ForeignKeyConstraint | CheckConstraint | Index


def place() -> list[Parts]:
    """Where on paper a row was read: page, box in points from the top left, confidence of the reading."""
    return [
        Column("page", Integer),
        Column("x0", Double),
        Column("y0", Double),
        Column("x1", Double),
        Column("y1", Double),
        Column("confidence", Double),
    ]


def item_place() -> list[Parts]:
    """The same for items, with all places of one that spans pages, and the fields that were derived, not read."""
    return [*place(), Column("places", Json), Column("inferred", Json, nullable=False)]


def part(name: str, key: str, *columns: Parts, narrow: bool = False) -> Table:
    """A table of parts of a document; ``key`` tells them apart within it.

    Parts that refer to another part of their document have its reference to the document; the others have their own,
    by :func:`of_document`. ``narrow`` rows are kept in the tree of their key by SQLite, not in one of their own.
    """
    kind = Text if key == "id" else Integer
    options: dict[str, Any] = {"sqlite_with_rowid": False} if narrow else {}
    return Table(
        name,
        metadata,
        Column("document_id", Id, primary_key=True, autoincrement=False),
        Column(key, kind, primary_key=True, autoincrement=False),
        *columns,
        **options,
    )


def of_document() -> ForeignKeyConstraint:
    """The reference of a part to its document."""
    return ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE")


def to(table: str, column: str, *, key: str = "id", deferred: bool = False) -> ForeignKeyConstraint:
    """A reference to a part of the same document."""
    return ForeignKeyConstraint(
        ["document_id", column],
        [f"{table}.document_id", f"{table}.{key}"],
        ondelete="CASCADE",
        deferrable=deferred or None,
        initially="DEFERRED" if deferred else None,
    )
