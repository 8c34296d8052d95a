"""The questions people ask of a store, by name: which view answers, which filters apply, what is shown.

The SQL is plain and may be used from any other tool: ``kehoach query NAME --sql`` prints it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select, text

from pipeline.errors import InputError, UsageError
from pipeline.store import folding, tables
from pipeline.store.changes import compare
from pipeline.store.engine import dialect_of
from pipeline.store.naming import SHOWN, meant, no_such_unit, taken_for
from pipeline.store.packing import Dialect
from pipeline.store.search import parse, search, statement
from schemas import PlanDocument

_OF_UNIT = (
    "EXISTS (SELECT 1 FROM assignments a JOIN units u ON u.document_id = a.document_id AND u.id = a.unit_id"
    " WHERE a.document_id = {view}.document_id AND (a.task_id = {view}.item_id OR a.duty_id = {view}.item_id)"
    " AND u.name_key {meant})"
)

_UNIT = "unit_key {meant}"
_TYPED = "LIKE :unit"
_MEANT: dict[Dialect, str] = {
    "sqlite": "|| '' IN (SELECT value FROM json_each(:keys))",
    "postgresql": "|| '' IN (SELECT jsonb_array_elements_text(CAST(:keys AS jsonb)))",
}
"""One of the names that are meant. Joined to nothing so that it is looked up for rows found, and finds none itself."""
# From one name to the next in the index: a probe for each name, not a look at each row.
_UNIT_KEYS = """
WITH RECURSIVE names (name_key) AS (
    SELECT min(name_key) FROM units
    UNION ALL
    SELECT (SELECT min(u.name_key) FROM units u WHERE u.name_key > n.name_key)
      FROM names n WHERE n.name_key IS NOT NULL)
SELECT name_key FROM names WHERE name_key LIKE :unit"""


@dataclass(frozen=True, slots=True)
class Query:
    """A question: its view, what always holds, what each filter adds, in which order, and the columns for people."""

    summary: str
    view: str
    order: str
    shown: tuple[str, ...]
    where: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    needs: str | None = None


QUERIES: dict[str, Query] = {
    "documents": Query(
        "every plan in the database, the latest loaded first",
        "plan_list",
        "document_id DESC",
        ("document_id", "document_number", "issued_on", "issuing_authority", "plan", "version", "tasks", "warnings"),
        filters={"document": "document_id"},
    ),
    "units": Query(
        "every unit: plans that name it, tasks it leads and takes part in, duties",
        "unit_summary",
        "leads + coordinates + duties DESC, unit_key",
        ("unit", "plans", "leads", "coordinates", "duties"),
        filters={"unit": _UNIT},
    ),
    "tasks": Query(
        "tasks and duties by unit",
        "tasks_by_unit",
        "unit_key, document_id, position",
        ("unit", "role", "text", "deadlines", "document_number", "page"),
        filters={"unit": _UNIT, "document": "document_id"},
    ),
    "upcoming": Query(
        "what is due from today within --days days, recurring deadlines included",
        "due_dates",
        "due, document_id, deadline_id",
        ("due", "units", "text", "deadline", "document_number", "page"),
        where="due BETWEEN :today AND :until",
        filters={"unit": _OF_UNIT.replace("{view}", "due_dates"), "document": "document_id"},
    ),
    "overdue": Query(
        "what was due before today (kehoach does not know what has been done); recurring deadlines left out",
        "due_dates",
        "due DESC, document_id, deadline_id",
        ("due", "units", "text", "deadline", "document_number", "page"),
        where="due < :today AND NOT recurring",
        filters={"unit": _OF_UNIT.replace("{view}", "due_dates"), "document": "document_id"},
    ),
    "incomplete": Query(
        "tasks that name no unit or no deadline",
        "incomplete_tasks",
        "document_id, position",
        ("number", "text", "without_unit", "without_deadline", "document_number", "page"),
        filters={"document": "document_id"},
    ),
    "changes": Query(
        "what changed when a plan was loaded anew; with --from and --to between any two of its versions",
        "plan_changes",
        "document_id DESC, version DESC, position",
        ("version", "change", "item_kind", "field", "old", "new", "document_number"),
        filters={"document": "document_id"},
    ),
    "citing": Query(
        "tasks, and plans as a whole, that cite a numbered document: kehoach query citing 57-NQ/TW",
        "citing",
        "document_id DESC, position",
        ("type", "number", "item_kind", "text", "units", "document_number", "page"),
        where="number_key = :number",
        filters={"document": "document_id"},
        needs="number",
    ),
    "search": Query(
        'texts with these words, with or without marks: kehoach query search "benh an dien tu"',
        "search",
        "",
        ("kind", "text", "document_number", "plan", "page"),
        filters={"document": "document_id"},
        needs="words",
    ),
}


_NEEDED = {"words": "words to look for", "number": "the number of a document"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its particulars."""

    name: str
    what: str | None = None
    unit: str | None = None
    document: str | None = None
    today: dt.date | None = None
    days: int = 30
    versions: tuple[int, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows with all columns of the view; ``shown`` are those for people. ``more``: there are more than the limit.

    ``note`` tells which units were taken for the one that was asked for, where none is called just that.
    """

    rows: list[dict[str, Any]]
    shown: tuple[str, ...]
    more: bool
    note: str | None = None


def answer(connection: Connection, asked: Asked) -> Answer:
    """Ask the database. Raises :class:`InputError` for a question that lacks something or names what is not there."""
    query = query_of(asked)
    documents = find_documents(connection, asked.document) if asked.document else ()
    note = None
    if asked.versions:
        rows = between_versions(connection, asked, documents)
    elif query.view == "search":
        rows = search(connection, asked.what or "", asked.limit + 1 if asked.limit else 1_000_000, documents)
    else:
        keys = unit_keys(connection, asked.unit) if asked.unit else []
        note = _taken_for(connection, asked.unit, keys) if asked.unit else None
        sql, values = sql_of(asked, documents, dialect_of(connection), keys)
        limited = f"{sql}\n LIMIT {asked.limit + 1}" if asked.limit else sql
        rows = [dict(row) for row in connection.execute(text(limited), values).mappings()]
    kept = list(islice(rows, asked.limit or None))
    return Answer([_plain(row) for row in kept], query.shown, len(rows) > len(kept), note)


def sql_of(
    asked: Asked, documents: tuple[int, ...] = (), dialect: Dialect = "sqlite", keys: Sequence[str] = ()
) -> tuple[str, dict[str, Any]]:
    """The SQL of a question and its values, without limit.

    ``keys`` are those of the units that are meant, as the database has them: a list by unit then begins where they do
    in the index. Without them, names that begin with the one asked for are meant.
    """
    query = query_of(asked)
    if query.view == "search":
        return statement(dialect, parse(asked.what or "")[0], documents)
    conditions = [query.where] if query.where else []
    if asked.unit:
        conditions.append(query.filters["unit"].replace("{meant}", _MEANT[dialect] if keys else _TYPED))
        if keys and query.filters["unit"] == _UNIT:
            conditions.append("unit_key BETWEEN :first AND :last")
    if documents:
        conditions.append(f"document_id IN ({', '.join(str(int(number)) for number in documents)})")
    today = asked.today or dt.date.today()
    values: dict[str, Any] = {
        "unit": f"{folding.key(asked.unit or '')}%",
        "keys": json.dumps(keys),
        "first": min(keys, default=""),
        "last": max(keys, default=""),
        "today": today.isoformat(),
        "until": (today + dt.timedelta(days=asked.days)).isoformat(),
        "number": folding.number_key(asked.what or ""),
    }
    where = f"\n WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"SELECT *\n  FROM {query.view}{where}\n ORDER BY {query.order}"
    return sql, {name: value for name, value in values.items() if f":{name}" in sql}


def find_documents(connection: Connection, named: str) -> tuple[int, ...]:
    """Ids of the documents of this number ("71/KH-SYT"), file name, or id ("#12"). Raises :class:`InputError`."""
    documents = tables.documents.c
    if named.startswith("#") and named[1:].isdigit():
        chosen = documents.id == int(named[1:])
    else:
        chosen = (documents.number_key == (folding.number_key(named) or None)) | (documents.source_file == named)
    found = connection.execute(tables.documents.select().with_only_columns(documents.id).where(chosen)).scalars().all()
    if not found:
        remedy = "kehoach query documents lists them; name a number, a file or #id"
        raise InputError("no such document in the database", file=named, remedy=remedy)
    return tuple(found)


def unit_keys(connection: Connection, typed: str) -> list[str]:
    """Keys of the units that are meant. Raises :class:`InputError` with near names where there are none."""
    keys = meant(typed, list(connection.scalars(text(_UNIT_KEYS), {"unit": f"%{folding.key(typed)}%"})))
    if not keys:
        names = [row.unit for row in connection.execute(text("SELECT unit FROM unit_summary"))]
        raise no_such_unit(typed, names, "the database")
    return keys


def _taken_for(connection: Connection, typed: str, keys: Sequence[str]) -> str | None:
    if folding.key(typed) in keys:
        return None
    units = tables.units.c
    names = (select(units.name).where(units.name_key == key).limit(1) for key in keys[:SHOWN])
    return taken_for(typed, [str(connection.scalar(name)) for name in names], len(keys))


def between_versions(connection: Connection, asked: Asked, documents: tuple[int, ...]) -> list[dict[str, Any]]:
    """Differences between any two versions of one document, in the columns of ``plan_changes``."""
    if len(documents) != 1:
        raise InputError("versions are those of one document", remedy="name it: --document '#12'")
    old, new = (_version(connection, documents[0], version) for version in asked.versions or ())
    number = new.header.document_number
    return [
        {"version": (asked.versions or (0, 0))[1], "change": c.change, "item_kind": c.item_kind, "item_id": c.item_id,
         "field": c.field, "old": c.old, "new": c.new, "document_number": number, "document_id": documents[0]}
        for c in compare(old, new)
    ]  # fmt: skip


def _version(connection: Connection, document: int, version: int) -> PlanDocument:
    sql = "SELECT CAST(document AS TEXT) FROM versions WHERE document_id = :document AND version = :version"
    stored = connection.execute(text(sql), {"document": document, "version": version}).scalar()
    if stored is None:
        raise InputError(f"document #{document} has no version {version}", remedy="kehoach query documents lists them")
    return PlanDocument.model_validate_json(stored)


def query_of(asked: Asked) -> Query:
    """The question that is asked. Raises :class:`UsageError` when it makes no sense."""
    query = QUERIES.get(asked.name)
    if query is None:
        raise UsageError(f"no query of the name {asked.name!r}", remedy=f"one of: {', '.join(QUERIES)}")
    if query.needs and not asked.what:
        raise UsageError(f"query {asked.name!r} needs {_NEEDED[query.needs]}", remedy=query.summary)
    if asked.what and not query.needs:
        remedy = 'leave it out, or search: kehoach query search "WORDS"'
        raise UsageError(f"query {asked.name!r} takes no word more, and was given {asked.what!r}", remedy=remedy)
    for name, value in (("unit", asked.unit), ("document", asked.document)):
        if value and name not in query.filters:
            raise UsageError(f"query {asked.name!r} has no filter --{name}", remedy="leave it out")
    if asked.versions and asked.name != "changes":
        raise UsageError("--from and --to belong to the query 'changes'", remedy="leave them out")
    return query


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Dates as ISO text and truth as such, whichever the database."""
    truths = ("without_unit", "without_deadline", "recurring")
    return {
        name: value.isoformat() if isinstance(value, dt.date) else bool(value) if name in truths else value
        for name, value in row.items()
    }
