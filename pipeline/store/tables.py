"""The tables of the store: the contract's parts as rows, each with its place on paper.

Every table but ``documents``, ``runs`` and ``failures`` is keyed by its document; items keep the ids they have in the
JSON (``t1``, ``o2`` …), which are stable for the same document. They hold the current version of each document only;
``versions`` keeps the whole JSON of every version there was. The same definitions serve SQLite and PostgreSQL; what
only one of them has (search index, views) is in the migrations.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    text,
)

from pipeline.store.columns import Id, Json, Key, item_place, metadata, of_document, part, place, to

runs = Table(
    "runs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("folder", Text, nullable=False),
    Column("kehoach", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("added", Integer, nullable=False, server_default="0"),
    Column("replaced", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("superseded", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
)

failures = Table(
    "failures",
    metadata,
    Column("run_id", Id, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("file", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("identity", Key, index=True),
    Column("version", Integer, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("source_file", Text, nullable=False),
    Column("source_sha256", Text, nullable=False, index=True),
    Column("pages", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("schema_version", Text, nullable=False),
    Column("engine", Json, nullable=False),
    Column("document_type", Text),
    Column("document_number", Text),
    Column("number_key", Key, index=True),
    Column("parent_authority", Text),
    Column("issuing_authority", Text),
    Column("place", Text),
    Column("issued_on", Date, index=True),
    Column("issued_text", Text),
    Column("title", Text),
    Column("plan_years", Json, nullable=False),
    Column("funding", Text),
    Column("header_places", Json, nullable=False),
    Column("header_inferred", Json, nullable=False),
    Column("ocr_confidence", Double),
    Column("ocr_confidence_p5", Double),
    Column("syllables", Integer, nullable=False),
    Column("syllables_restored", Integer, nullable=False),
    Column("syllables_doubtful", Integer, nullable=False),
    Column("pages_failed", Integer, nullable=False),
    Column("first_loaded_at", DateTime(timezone=True), nullable=False),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
    Column("run_id", Id, ForeignKey("runs.id"), nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("document_id", Id, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content_sha256", Text, nullable=False),
    Column("source_file", Text, nullable=False),
    Column("source_sha256", Text, nullable=False, index=True),
    Column("schema_version", Text, nullable=False),
    Column("loaded_at", DateTime(timezone=True), nullable=False),
    Column("run_id", Id, ForeignKey("runs.id"), nullable=False),
    Column("document", Json, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("document_id", Id, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("change", Text, nullable=False),
    Column("item_kind", Text, nullable=False),
    Column("item_id", Text),
    Column("field", Text),
    Column("old", Text),
    Column("new", Text),
    ForeignKeyConstraint(["document_id", "version"], ["versions.document_id", "versions.version"], ondelete="CASCADE"),
    CheckConstraint("change IN ('added', 'removed', 'changed')", name="change"),
)

pages = part(
    "pages",
    "page",
    of_document(),
    Column("text_source", Text, nullable=False),
    Column("width", Double),
    Column("height", Double),
    Column("triage", Text),
    Column("triage_score", Double),
    Column("error", Text),
)

sections = part(
    "sections",
    "id",
    of_document(),
    Column("parent_id", Text),
    Column("position", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("paragraphs", Json, nullable=False),
    *item_place(),
    to("sections", "parent_id", deferred=True),
)

legal_bases = part(
    "legal_bases", "position", of_document(), Column("text", Text, nullable=False), *place(), Column("places", Json)
)

tables = part(
    "tables",
    "id",
    of_document(),
    Column("position", Integer, nullable=False),
    Column("title", Text),
    Column("columns", Json, nullable=False),
    Column("role", Text, nullable=False),
    Column("pages", Json, nullable=False),
    *item_place(),
)

cells = Table(
    "cells",
    metadata,
    Column("document_id", Id, primary_key=True, autoincrement=False),
    Column("table_id", Text, primary_key=True),
    Column("row_number", Integer, primary_key=True, autoincrement=False),
    Column("column_number", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    to("tables", "table_id"),
    sqlite_with_rowid=False,
)

objectives = part(
    "objectives",
    "id",
    of_document(),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("context", Text),
    Column("scope", Text),
    Column("horizon", Integer),
    *item_place(),
)

targets = part(
    "targets",
    "position",
    Column("objective_id", Text, nullable=False),
    Column("comparator", Text, nullable=False),
    Column("value", Numeric, nullable=False),
    Column("unit", Text, nullable=False),
    to("objectives", "objective_id"),
    narrow=True,
)

tasks = part(
    "tasks",
    "id",
    of_document(),
    Column("position", Integer, nullable=False),
    Column("number", Text),
    Column("text", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("table_id", Text),
    Column("heading", Text),
    Column("context", Text),
    Column("deliverable", Text),
    Column("budget_vnd", Numeric),
    Column("notes", Text),
    Column("origin", Text, nullable=False),
    Column("unit_count", Integer, nullable=False),
    Column("deadline_count", Integer, nullable=False),
    *item_place(),
    to("tables", "table_id"),
    CheckConstraint("origin IN ('section', 'table')", name="origin"),
)
_WITHOUT = text("unit_count = 0 OR deadline_count = 0")
Index("ix_tasks_incomplete", tasks.c.document_id, tasks.c.position, sqlite_where=_WITHOUT, postgresql_where=_WITHOUT)

units = part(
    "units",
    "id",
    of_document(),
    Column("name", Text, nullable=False),
    Column("name_key", Key, nullable=False),
    Column("parent", Text),
    Column("aliases", Json, nullable=False),
    Column("lead_count", Integer, nullable=False),
    Column("coordinate_count", Integer, nullable=False),
    Column("duty_count", Integer, nullable=False),
    Column("plan_count", Integer, nullable=False, server_default="0"),  # 1 for the first of its name in a document
    # All that the summary by unit needs, in the order in which tasks by unit are listed.
    Index("ix_units_name_key", "name_key", "document_id", "plan_count", "lead_count", "coordinate_count", "duty_count"),
)

responsibilities = part(
    "responsibilities",
    "id",
    Column("position", Integer, nullable=False),
    Column("unit_id", Text, nullable=False),
    Column("unit_text", Text, nullable=False),
    Column("label", Text),
    *item_place(),
    to("units", "unit_id"),
)

duties = part(
    "duties",
    "id",
    Column("position", Integer, nullable=False),
    Column("responsibility_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text),
    *item_place(),
    to("responsibilities", "responsibility_id"),
)

assignments = Table(
    "assignments",
    metadata,
    Column("document_id", Id, primary_key=True, autoincrement=False),
    Column("unit_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),
    Column("task_id", Text),
    Column("duty_id", Text),
    Column("unit_text", Text, nullable=False),
    *place(),
    to("units", "unit_id"),
    to("tasks", "task_id"),
    to("duties", "duty_id"),
    CheckConstraint("role IN ('lead', 'coordinate', 'implement')", name="role"),
    CheckConstraint("(task_id IS NULL) <> (duty_id IS NULL)", name="one_item"),
    sqlite_with_rowid=False,
)

deadlines = part(
    "deadlines",
    "id",
    Column("position", Integer, nullable=False),
    Column("item_kind", Text, nullable=False),
    Column("objective_id", Text),
    Column("task_id", Text),
    Column("duty_id", Text),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("start", Date),
    Column("due", Date),
    Column("rrule", Text),
    Column("condition", Text),
    *item_place(),
    to("objectives", "objective_id"),
    to("tasks", "task_id"),
    to("duties", "duty_id"),
    CheckConstraint("start IS NULL OR due IS NULL OR start <= due", name="period"),
    CheckConstraint("COALESCE(objective_id, task_id, duty_id) IS NOT NULL", name="owner"),
)

occurrences = Table(
    "occurrences",
    metadata,
    Column("document_id", Id, primary_key=True, autoincrement=False),
    Column("deadline_id", Text, primary_key=True),
    Column("due", Date, primary_key=True),
    Column("recurring", Boolean, nullable=False),
    to("deadlines", "deadline_id"),
    Index(None, "due"),
    sqlite_with_rowid=False,
)

citations = part(
    "citations",
    "position",
    Column("legal_basis", Integer),
    Column("task_id", Text),
    Column("type", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("number_key", Key, nullable=False, index=True),
    Column("issued_on", Date),
    Column("issuer", Text),
    to("legal_bases", "legal_basis", key="position"),
    to("tasks", "task_id"),
    CheckConstraint("(legal_basis IS NULL) <> (task_id IS NULL)", name="one_owner"),
    narrow=True,
)

recipients = part(
    "recipients", "position", of_document(), Column("name", Text, nullable=False), Column("purpose", Text), *place()
)

signatures = part(
    "signatures",
    "position",
    of_document(),
    Column("role", Text, nullable=False),
    Column("capacity", Text),
    Column("signer_position", Text),
    Column("name", Text),
    Column("digital", Text),
    *place(),
    CheckConstraint("role IN ('signer', 'co_signer')", name="role"),
)

warnings = part(
    "warnings",
    "position",
    of_document(),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("page", Integer),
    Column("item_id", Text),
)

search = Table(
    "search",
    metadata,
    Column("id", Id, primary_key=True),
    Column("document_id", Id, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("item_id", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("marked", Text, nullable=False),
)

PARTS: tuple[Table, ...] = (
    pages, sections, legal_bases, tables, cells, objectives, targets, tasks, units, responsibilities, duties,
    assignments, deadlines, occurrences, citations, recipients, signatures, warnings, search,
)  # fmt: skip
"""Tables of the current version of a document, each behind those it refers to."""
