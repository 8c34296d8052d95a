"""Version 1: documents with their versions, pages, sections, tables; runs of the loader."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("kehoach", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("added", sa.Integer(), server_default="0", nullable=False),
        sa.Column("replaced", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("superseded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "documents",
        sa.Column("id", ID, nullable=False),
        sa.Column("identity", KEY),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("source_file", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Text(), nullable=False),
        sa.Column("engine", JSON, nullable=False),
        sa.Column("document_type", sa.Text()),
        sa.Column("document_number", sa.Text()),
        sa.Column("number_key", KEY),
        sa.Column("parent_authority", sa.Text()),
        sa.Column("issuing_authority", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("issued_on", sa.Date()),
        sa.Column("issued_text", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("plan_years", JSON, nullable=False),
        sa.Column("funding", sa.Text()),
        sa.Column("header_places", JSON, nullable=False),
        sa.Column("header_inferred", JSON, nullable=False),
        sa.Column("ocr_confidence", sa.Double()),
        sa.Column("ocr_confidence_p5", sa.Double()),
        sa.Column("syllables", sa.Integer(), nullable=False),
        sa.Column("syllables_restored", sa.Integer(), nullable=False),
        sa.Column("syllables_doubtful", sa.Integer(), nullable=False),
        sa.Column("pages_failed", sa.Integer(), nullable=False),
        sa.Column("first_loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_documents_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_identity", "documents", ["identity"], unique=False)
    op.create_index("ix_documents_issued_on", "documents", ["issued_on"], unique=False)
    op.create_index("ix_documents_number_key", "documents", ["number_key"], unique=False)
    op.create_index("ix_documents_source_sha256", "documents", ["source_sha256"], unique=False)
    op.create_table(
        "failures",
        sa.Column("run_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_failures_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_failures"),
    )
    op.create_table(
        "legal_bases",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("places", JSON),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_legal_bases_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_legal_bases"),
    )
    op.create_table(
        "pages",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text_source", sa.Text(), nullable=False),
        sa.Column("width", sa.Double()),
        sa.Column("height", sa.Double()),
        sa.Column("triage", sa.Text()),
        sa.Column("triage_score", sa.Double()),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_pages_document_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "page", name="pk_pages"),
    )
    op.create_table(
        "recipients",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text()),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_recipients_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_recipients"),
    )
    op.create_table(
        "sections",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.Text()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("paragraphs", JSON, nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("places", JSON),
        sa.Column("inferred", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "parent_id"],
            ["sections.document_id", "sections.id"],
            name="fk_sections_document_id_parent_id",
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_sections_document_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "id", name="pk_sections"),
    )
    op.create_table(
        "signatures",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text()),
        sa.Column("signer_position", sa.Text()),
        sa.Column("name", sa.Text()),
        sa.Column("digital", sa.Text()),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.CheckConstraint("role IN ('signer', 'co_signer')", name=op.f("ck_signatures_role")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_signatures_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_signatures"),
    )
    op.create_table(
        "tables",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("pages", JSON, nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("places", JSON),
        sa.Column("inferred", JSON, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_tables_document_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "id", name="pk_tables"),
    )
    op.create_table(
        "versions",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("source_file", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_versions_document_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_versions_run_id"),
        sa.PrimaryKeyConstraint("document_id", "version", name="pk_versions"),
    )
    op.create_index("ix_versions_source_sha256", "versions", ["source_sha256"], unique=False)
    op.create_table(
        "warnings",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("item_id", sa.Text()),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_warnings_document_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_warnings"),
    )
    op.create_table(
        "cells",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("table_id", sa.Text(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("column_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "table_id"],
            ["tables.document_id", "tables.id"],
            name="fk_cells_document_id_table_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "table_id", "row_number", "column_number", name="pk_cells"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "changes",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("item_kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text()),
        sa.Column("field", sa.Text()),
        sa.Column("old", sa.Text()),
        sa.Column("new", sa.Text()),
        sa.CheckConstraint("change IN ('added', 'removed', 'changed')", name=op.f("ck_changes_change")),
        sa.ForeignKeyConstraint(
            ["document_id", "version"],
            ["versions.document_id", "versions.version"],
            name="fk_changes_document_id_version",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "version", "position", name="pk_changes"),
    )
