"""Version 5: a search index that costs less to fill, a summary by unit that sorts nothing.

In PostgreSQL ``search.folded`` holds words with their places, as a tsvector is written. The loader has cut the words
already; to let the server's text parser cut them again took 4.5 ms for the texts of a plan of 40 tasks, to read what is
cut and in order takes 1.9. The parser also took some words apart ("1e5"), which were then not found. SQLite's index
cuts at spaces and keeps the plain words.

The search entries of a deleted document go by a trigger. They are an index and no part of the plan: to look up the
document for each of its 75 entries as they are written cost a tenth of the server's time.

``units.plan_count`` is 1 for the first unit of its name in a document and 0 for others, so that the plans that name a
unit are a sum, as all other figures of the summary. Counting different documents sorted them: 300 ms at 10,000 plans.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

UNITS = [
    "ALTER TABLE units ADD COLUMN plan_count INTEGER DEFAULT 0 NOT NULL",
    "UPDATE units SET plan_count = 1 WHERE id = "
    "(SELECT min(o.id) FROM units o WHERE o.document_id = units.document_id AND o.name_key = units.name_key)",
    "DROP INDEX ix_units_name_key",
    "CREATE INDEX ix_units_name_key ON units "
    "(name_key, document_id, plan_count, lead_count, coordinate_count, duty_count)",
    "DROP VIEW unit_summary",
    # A row for each name of a unit, with the number of tasks it leads and takes part in, and of its duties.
    """
    CREATE VIEW unit_summary AS
    SELECT (SELECT n.name FROM units n WHERE n.name_key = u.name_key ORDER BY n.document_id LIMIT 1) AS unit,
           u.name_key AS unit_key, sum(u.plan_count) AS plans, sum(u.lead_count) AS leads,
           sum(u.coordinate_count) AS coordinates, sum(u.duty_count) AS duties
      FROM units u
     GROUP BY u.name_key""",
]

POSTGRESQL = [
    "UPDATE search SET folded = tsv::text",
    "ALTER TABLE search DROP COLUMN tsv",
    "ALTER TABLE search ADD COLUMN tsv tsvector GENERATED ALWAYS AS (folded::tsvector) STORED",
    "CREATE INDEX ix_search_tsv ON search USING gin (tsv)",
    "ALTER TABLE search DROP CONSTRAINT fk_search_document_id",
    """
    CREATE FUNCTION kehoach_forget() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      BEGIN
        DELETE FROM search WHERE document_id IN (SELECT id FROM gone);
        RETURN NULL;
      END
    $$
    """,
    "CREATE TRIGGER documents_gone AFTER DELETE ON documents REFERENCING OLD TABLE AS gone "
    "FOR EACH STATEMENT EXECUTE FUNCTION kehoach_forget()",
]


def upgrade() -> None:
    """Bring tables, index and view to this form, with what is in them."""
    for statement in UNITS:
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.execute(statement)
