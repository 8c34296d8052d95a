"""Rows as bytes: what COPY reads back is what was packed; words for the search index are the words of the text."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.folding import fold, index_words, marked_words
from pipeline.store.packing import copied, pack_rows, tuples
from pipeline.store.rows import Row

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
VALUES = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.lists(
    st.tuples(
        TEXTS,
        VALUES,
        st.sampled_from(["\\N", "\\", "\t", "a\nb\r", "\\.", "null", '"', "\n\\.\n", "\x1f\x7f", ""]),
        VALUES,
    )
)
FIELD = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|([^",\n]*))([,\n])', re.DOTALL)


def read(lines: str) -> list[list[str | int | float | None]]:
    """Rows as PostgreSQL reads CSV with the escape ``\\``: https://www.postgresql.org/docs/15/sql-copy.html."""
    rows: list[list[str | int | float | None]] = [[]]
    at = 0
    while at < len(lines):
        field = FIELD.match(lines, at)
        assert field is not None, lines[at:]
        text, plain, end = field.groups()
        # A backslash before anything else would stand for itself.
        rows[-1].append(re.sub(r'\\(["\\])', r"\1", text) if text is not None else json.loads(plain))
        rows += [[]] if end == "\n" else []
        at = field.end()
    assert rows.pop() == []
    return rows


@given(ROWS)
def test_copy_reads_back_what_was_packed(rows: list[Row]) -> None:
    assert read(copied(pack_rows(rows, "postgresql"), 12).decode()) == [[12, *row] for row in rows]


@given(ROWS)
def test_tuples_are_what_was_packed(rows: list[Row]) -> None:
    assert list(tuples(pack_rows(rows, "sqlite"), 7)) == [(7, *row) for row in rows]


@given(TEXTS, TEXTS)
def test_the_index_has_the_words_of_the_texts(one: str, other: str) -> None:
    folded, marked = index_words(one, None, other)
    assert folded == fold(f"{one} {other}")
    assert marked == " ".join(marked_words(f"{one} {other}"))
