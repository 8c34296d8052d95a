"""Rows as bytes: what COPY reads back is what was packed; words for the search index are the words of the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.folding import fold, index_words, lexemes, marked_words
from pipeline.store.packing import copied, pack_rows, tuples
from pipeline.store.rows import Row

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
VALUES = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.lists(st.tuples(TEXTS, VALUES, st.sampled_from(["\\N", "\\", "\t", "a\nb\r", "\\.", ""]), VALUES))
UNESCAPED = {"\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\t": "\t"}


def read(field: str) -> str | None:
    """A field as PostgreSQL reads it: https://www.postgresql.org/docs/15/sql-copy.html, text format."""
    if field == "\\N":
        return None
    parts = (field[i : i + 2] if field[i] == "\\" else field[i] for i in _starts(field))
    return "".join(UNESCAPED.get(part, part) for part in parts)


def _starts(field: str) -> list[int]:
    starts, at = [], 0
    while at < len(field):
        starts.append(at)
        at += 2 if field[at] == "\\" else 1
    return starts


@given(ROWS)
def test_copy_reads_back_what_was_packed(rows: list[Row]) -> None:
    lines = copied(pack_rows(rows, "postgresql"), 12).decode().split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        key, *fields = map(read, line.split("\t"))
        assert key == "12" and len(fields) == len(row)
        for field, value in zip(fields, row, strict=True):
            if value is None or isinstance(value, str):
                assert field == value
            elif isinstance(value, int):
                assert field is not None and int(field) == value
            else:
                assert field is not None and float(field) == value


@given(ROWS)
def test_tuples_are_what_was_packed(rows: list[Row]) -> None:
    assert list(tuples(pack_rows(rows, "sqlite"), 7)) == [(7, *row) for row in rows]


@given(TEXTS, TEXTS)
def test_the_index_has_the_words_of_the_texts(one: str, other: str) -> None:
    folded, marked = index_words(one, None, other)
    assert folded == fold(f"{one} {other}")
    assert marked == " ".join(marked_words(f"{one} {other}"))


def test_lexemes_are_in_order_with_their_places() -> None:
    assert lexemes("so y te so 10 1") == "1:6 10:5 so:1,4 te:3 y:2"
    assert lexemes("") == ""
