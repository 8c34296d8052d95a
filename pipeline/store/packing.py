"""Rows as bytes: what one process hands to another, and what PostgreSQL is given as it is. Knows no database driver.

For PostgreSQL they are the text format of COPY, with a NUL where the document's key goes, which is known only when the
document is written; for SQLite tuples by :mod:`marshal`. Texts of validated plans hold neither NUL nor surrogates.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pipeline.store import folding
from pipeline.store.rows import Row, Rows

Dialect = Literal["sqlite", "postgresql"]
Packed = dict[str, bytes]
"""Rows by table."""

_KEY = b"\0"
_MOST_TEXTS = 65_536
_FIELD, _ROW, _NULL = "\ud800", "\ud801", "\ud802"  # no characters, so that no text holds them
_ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), (_NULL, "\\N"), (_FIELD, "\t"), (_ROW, "\n"))


class _Texts(dict[Any, str]):
    """What is no text, as text. Few values make up most of it: None, small numbers, edges of columns."""

    def __missing__(self, value: int | float | None) -> str:
        # 1, 1.0 and True are one key: written as 1, each type of column takes it.
        text = _NULL if value is None else str(int(value)) if value == int(value) else repr(value)
        if len(self) >= _MOST_TEXTS:
            self.clear()
        self[value] = text
        return text


_TEXTS = _Texts()


def pack(rows: Rows, dialect: Dialect) -> Packed:
    """The rows of a document's parts, by table."""
    if dialect == "postgresql" and "search" in rows:
        indexed: list[Row] = [
            (kind, item, folding.lexemes(str(folded)), marked) for kind, item, folded, marked in rows["search"]
        ]
        rows = rows | {"search": indexed}
    return {table: pack_rows(own, dialect) for table, own in rows.items()}


def pack_rows(rows: Iterable[Row], dialect: Dialect) -> bytes:
    """Rows of one table and one document, without the document's key."""
    if dialect == "sqlite":
        return marshal.dumps(list(rows))
    text = "".join([
        "\0" + _FIELD + _FIELD.join([v if v.__class__ is str else _TEXTS[v] for v in row]) + _ROW
        for row in rows
    ])  # fmt: skip
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text.encode()


def copied(packed: bytes, document_id: int) -> bytes:
    """Lines of COPY with the document's key."""
    return packed.replace(_KEY, str(document_id).encode())


def tuples(packed: bytes, document_id: int) -> Iterator[Row]:
    """Tuples with the document's key."""
    return ((document_id, *row) for row in marshal.loads(packed))  # noqa: S302 - made by another process of this load
