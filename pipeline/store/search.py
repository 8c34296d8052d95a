"""Full-text search as Vietnamese users expect it: with and without marks, phrases first, the latest loaded first.

Words without marks find every word they may stand for. Words with marks find what has these marks: the index answers
for the words without, and what it finds is looked over. What is between quotation marks must stand together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from pipeline.errors import InputError
from pipeline.store.folding import marked_words, without_marks

_QUOTED = re.compile(r'["“”]([^"“”]*)["“”]|([^"“”]+)')
_MOST_WORDS = 40

FOUND = """
SELECT s.kind, s.item_id,
       COALESCE(t.text, o.text, d.text, b.text, NULLIF(c.title, ''), p.title) AS text,
       COALESCE(t.page, o.page, d.page, b.page, c.page) AS page,
       p.document_number, p.issuing_authority, p.title AS plan, p.issued_on, p.source_file, s.document_id, s.id
  FROM (SELECT s.* FROM {index} ORDER BY {newest} DESC LIMIT :limit) s
  JOIN documents p ON p.id = s.document_id
  LEFT JOIN tasks t ON s.kind = 'task' AND t.document_id = s.document_id AND t.id = s.item_id
  LEFT JOIN objectives o ON s.kind = 'objective' AND o.document_id = s.document_id AND o.id = s.item_id
  LEFT JOIN duties d ON s.kind = 'duty' AND d.document_id = s.document_id AND d.id = s.item_id
  LEFT JOIN sections c ON s.kind = 'section' AND c.document_id = s.document_id AND c.id = s.item_id
  LEFT JOIN legal_bases b ON s.kind = 'legal_basis' AND b.document_id = s.document_id
       AND CAST(b.position AS TEXT) = s.item_id
 ORDER BY s.id DESC"""
INDEX = {
    "sqlite": "search_index x JOIN search s ON s.id = x.rowid WHERE search_index MATCH :match{filters}",
    # PostgreSQL has no order in its index: of very common words only the first some thousand hits are put in order.
    "postgresql": "(SELECT s.* FROM search s WHERE s.words @@ CAST(:match AS tsquery){filters} LIMIT 2000) s",
}
_POSITION = {"sqlite": "instr", "postgresql": "strpos"}
"""Half as dear as LIKE."""
_NEWEST = {"sqlite": "x.rowid", "postgresql": "s.id"}
"""What the latest come first by. FTS5 hands them out in this order when its own rowid is named, else all are sorted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: groups of words, the words of a group together; as typed (levelled) and without marks."""

    groups: tuple[tuple[str, ...], ...]

    def match(self, dialect: str) -> str:
        """The words without marks in the database's query language; they hold nothing but letters and digits."""
        folded = [[without_marks(word) for word in group] for group in self.groups]
        if dialect == "sqlite":
            return " AND ".join('"' + " ".join(group) + '"' for group in folded)
        return " & ".join(f"'{word}'" for group in folded for word in group)

    def marked(self) -> list[tuple[str, str]]:
        """Columns and what must stand in them between spaces, for groups that were typed with marks."""
        return [("marked", " ".join(group)) for group in self.groups if _has_marks(group)]

    def together(self) -> list[tuple[str, str]]:
        """The same for groups that were typed without: PostgreSQL's index does not know where a word stands."""
        return [("folded", " ".join(group)) for group in self.groups if len(group) > 1 and not _has_marks(group)]


def _has_marks(group: tuple[str, ...]) -> bool:
    return any(without_marks(word) != word for word in group)


def parse(query: str) -> tuple[Wanted, Wanted]:
    """What was typed, taken as one phrase where nothing is quoted; and the same word by word.

    Raises :class:`InputError` when there is no word in it.
    """
    together: list[tuple[str, ...]] = []
    apart: list[tuple[str, ...]] = []
    for quoted, plain in _QUOTED.findall(query):
        words = tuple(marked_words(quoted or plain))[:_MOST_WORDS]
        if words:
            together.append(words)
            apart.extend([words] if quoted else [(word,) for word in words])
    if not together:
        raise InputError("nothing to search for", remedy='name a word: kehoach query search "bệnh án điện tử"')
    return Wanted(tuple(together)), Wanted(tuple(apart))


def search(connection: Connection, query: str, limit: int, documents: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    """Texts with the words of ``query``: first where they stand together, then where they all stand somewhere."""
    phrase, words = parse(query)
    found = list(_find(connection, phrase, limit, documents))
    if len(found) < limit and words != phrase:
        seen = {row["id"] for row in found}
        found += [row for row in _find(connection, words, limit + len(seen), documents) if row["id"] not in seen]
    return found[:limit]


def statement(dialect: str, wanted: Wanted, documents: tuple[int, ...] = ()) -> tuple[str, dict[str, Any]]:
    """The SQL of a search and its values."""
    conditions = [*wanted.marked(), *(wanted.together() if dialect == "postgresql" else [])]
    values = {f"words{n}": f" {words} " for n, (_, words) in enumerate(conditions)}
    filters = "".join(
        f" AND {_POSITION[dialect]}(' ' || s.{column} || ' ', :{name}) > 0"
        for name, (column, _) in zip(values, conditions, strict=True)
    )
    if documents:
        filters += f" AND s.document_id IN ({', '.join(str(int(number)) for number in documents)})"
    return FOUND.format(index=INDEX[dialect].format(filters=filters), newest=_NEWEST[dialect]), {
        "match": wanted.match(dialect),
        **values,
    }


def _find(connection: Connection, wanted: Wanted, limit: int, documents: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    sql, values = statement(connection.dialect.name, wanted, documents)
    for row in connection.execute(text(sql), {**values, "limit": limit}).mappings():
        yield dict(row)
