r"""Rows as bytes: what one process hands to another, and what PostgreSQL is given as it is. Knows no database driver.

For PostgreSQL a row is a line of COPY's CSV, with a mark where the document's key goes, which is known only when the
document is written. A JSON array is such a line but for its brackets, once ``null`` is said to be NULL and ``\`` to be
the escape: so it is written by a JSON encoder, in a third of the time that joining values takes. For SQLite rows are
tuples by :mod:`marshal`. Texts of validated plans hold neither NUL nor surrogates.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic_core import to_json

from pipeline.store.rows import Row, Rows

Dialect = Literal["sqlite", "postgresql"]
Packed = dict[str, bytes]
"""Rows by table."""

COPY_FORMAT = r"FORMAT csv, NULL 'null', ESCAPE '\'"
_KEY = b"\0"
_BETWEEN = b'],["\\u0000"'
"""Between rows that begin with NUL; in a text the quotation mark would be escaped."""
_ESCAPED = re.compile(rb"\\(?:\\|u00[01][0-9a-f]|[bfnrt])")
_CONTROLS = {b"\\b": b"\b", b"\\f": b"\f", b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b"\\\\": b"\\\\"}


def pack(rows: Rows, dialect: Dialect) -> Packed:
    """The rows of a document's parts, by table."""
    return {table: pack_rows(own, dialect) for table, own in rows.items()}


def pack_rows(rows: Sequence[Row], dialect: Dialect) -> bytes:
    """Rows of one table and one document, without the document's key."""
    if dialect == "sqlite":
        return marshal.dumps(list(rows))
    if not rows:
        return b""
    arrays = to_json([("\0", *row) for row in rows])  # all at once: row by row takes half as long again
    lines = (b"]," + arrays[1:-2]).replace(_BETWEEN, b"\n" + _KEY)[1:] + b"\n"
    # Mostly there are none, or of quotation marks only: not to look at each of them is quicker.
    only_quotes = b"\\" not in lines or lines.count(b"\\") == lines.count(b'\\"')
    return lines if only_quotes else _ESCAPED.sub(_control, lines)


def _control(found: re.Match[bytes]) -> bytes:
    """COPY knows the escapes of quotation marks and of itself only; all other characters stand for themselves."""
    return _CONTROLS.get(found[0]) or bytes([int(found[0][2:], 16)])


def copied(packed: bytes, document_id: int) -> bytes:
    """Lines of COPY with the document's key."""
    return packed.replace(_KEY, str(document_id).encode())


def tuples(packed: bytes, document_id: int) -> Iterator[Row]:
    """Tuples with the document's key."""
    return ((document_id, *row) for row in marshal.loads(packed))  # noqa: S302 - made by another process of this load
