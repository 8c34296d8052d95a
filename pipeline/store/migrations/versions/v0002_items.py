"""Version 2: objectives, tasks, duties, units, deadlines, citations; what is searched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "objectives",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("context", sa.Text()),
        sa.Column("scope", sa.Text()),
        sa.Column("horizon", sa.Integer()),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("places", JSON),
        sa.Column("inferred", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_objectives_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", "id", name="pk_objectives"),
    )
    op.create_table(
        "search",
        sa.Column("id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("marked", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_search_document_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_search"),
    )
    op.create_index("ix_search_document_id", "search", ["document_id"], unique=False)
    op.create_table(
        "units",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("parent", sa.Text()),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("lead_count", sa.Integer(), nullable=False),
        sa.Column("coordinate_count", sa.Integer(), nullable=False),
        sa.Column("duty_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_units_document_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "id", name="pk_units"),
    )
    counts = ["lead_count", "coordinate_count", "duty_count"]
    op.create_index("ix_units_name_key", "units", ["name_key", "document_id", *counts], unique=False)
    op.create_table(
        "responsibilities",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("unit_text", sa.Text(), nullable=False),
        sa.Column("label", sa.Text()),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("places", JSON),
        sa.Column("inferred", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "unit_id"],
            ["units.document_id", "units.id"],
            name="fk_responsibilities_document_id_unit_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "id", name="pk_responsibilities"),
    )
    op.create_table(
        "targets",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("objective_id", sa.Text(), nullable=False),
        sa.Column("comparator", sa.Text(), nullable=False),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "objective_id"],
            ["objectives.document_id", "objectives.id"],
            name="fk_targets_document_id_objective_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_targets"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tasks",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("table_id", sa.Text()),
        sa.Column("heading", sa.Text()),
        sa.Column("context", sa.Text()),
        sa.Column("deliverable", sa.Text()),
        sa.Column("budget_vnd", sa.Numeric()),
        sa.Column("notes", sa.Text()),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("unit_count", sa.Integer(), nullable=False),
        sa.Column("deadline_count", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("places", JSON),
        sa.Column("inferred", JSON, nullable=False),
        sa.CheckConstraint("origin IN ('section', 'table')", name=op.f("ck_tasks_origin")),
        sa.ForeignKeyConstraint(
            ["document_id", "table_id"],
            ["tables.document_id", "tables.id"],
            name="fk_tasks_document_id_table_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_tasks_document_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "id", name="pk_tasks"),
    )
    op.create_index(
        "ix_tasks_incomplete",
        "tasks",
        ["document_id", "position"],
        unique=False,
        sqlite_where=sa.text("unit_count = 0 OR deadline_count = 0"),
        postgresql_where=sa.text("unit_count = 0 OR deadline_count = 0"),
    )
    op.create_table(
        "citations",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("legal_basis", sa.Integer()),
        sa.Column("task_id", sa.Text()),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", KEY, nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("issuer", sa.Text()),
        sa.CheckConstraint("(legal_basis IS NULL) <> (task_id IS NULL)", name=op.f("ck_citations_one_owner")),
        sa.ForeignKeyConstraint(
            ["document_id", "legal_basis"],
            ["legal_bases.document_id", "legal_bases.position"],
            name="fk_citations_document_id_legal_basis",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "task_id"],
            ["tasks.document_id", "tasks.id"],
            name="fk_citations_document_id_task_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_citations"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_citations_number_key", "citations", ["number_key"], unique=False)
    op.create_table(
        "duties",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("responsibility_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("context", sa.Text()),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("places", JSON),
        sa.Column("inferred", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "responsibility_id"],
            ["responsibilities.document_id", "responsibilities.id"],
            name="fk_duties_document_id_responsibility_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "id", name="pk_duties"),
    )
    op.create_table(
        "assignments",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text()),
        sa.Column("duty_id", sa.Text()),
        sa.Column("unit_text", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.CheckConstraint("role IN ('lead', 'coordinate', 'implement')", name=op.f("ck_assignments_role")),
        sa.CheckConstraint("(task_id IS NULL) <> (duty_id IS NULL)", name=op.f("ck_assignments_one_item")),
        sa.ForeignKeyConstraint(
            ["document_id", "duty_id"],
            ["duties.document_id", "duties.id"],
            name="fk_assignments_document_id_duty_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "task_id"],
            ["tasks.document_id", "tasks.id"],
            name="fk_assignments_document_id_task_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "unit_id"],
            ["units.document_id", "units.id"],
            name="fk_assignments_document_id_unit_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "unit_id", "position", name="pk_assignments"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deadlines",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_kind", sa.Text(), nullable=False),
        sa.Column("objective_id", sa.Text()),
        sa.Column("task_id", sa.Text()),
        sa.Column("duty_id", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("start", sa.Date()),
        sa.Column("due", sa.Date()),
        sa.Column("rrule", sa.Text()),
        sa.Column("condition", sa.Text()),
        sa.Column("page", sa.Integer()),
        sa.Column("x0", sa.Double()),
        sa.Column("y0", sa.Double()),
        sa.Column("x1", sa.Double()),
        sa.Column("y1", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("places", JSON),
        sa.Column("inferred", JSON, nullable=False),
        sa.CheckConstraint("COALESCE(objective_id, task_id, duty_id) IS NOT NULL", name=op.f("ck_deadlines_owner")),
        sa.CheckConstraint("start IS NULL OR due IS NULL OR start <= due", name=op.f("ck_deadlines_period")),
        sa.ForeignKeyConstraint(
            ["document_id", "duty_id"],
            ["duties.document_id", "duties.id"],
            name="fk_deadlines_document_id_duty_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "objective_id"],
            ["objectives.document_id", "objectives.id"],
            name="fk_deadlines_document_id_objective_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "task_id"],
            ["tasks.document_id", "tasks.id"],
            name="fk_deadlines_document_id_task_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "id", name="pk_deadlines"),
    )
    op.create_table(
        "occurrences",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("deadline_id", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "deadline_id"],
            ["deadlines.document_id", "deadlines.id"],
            name="fk_occurrences_document_id_deadline_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "deadline_id", "due", name="pk_occurrences"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_occurrences_due", "occurrences", ["due"], unique=False)
