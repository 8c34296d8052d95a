"""Version 3: the search index and the views.

The texts in ``search.folded`` are levelled by the loader (small letters without marks, words only), so that both
databases index and find the same words. In PostgreSQL a generated column turns them into a tsvector with a
GIN index, and the function ``kehoach_fold`` levels what is searched for, for tools that have no kehoach at hand. It
stands for the extension unaccent, which many servers do not let a user install, and which is not immutable. In SQLite
an FTS5 index reads the same column and follows it by triggers.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

POSTGRESQL = [
    "ALTER TABLE search ADD COLUMN tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED",
    # Quicker by half than the default; a server without it keeps the default.
    "DO $$ BEGIN ALTER TABLE versions ALTER COLUMN document SET COMPRESSION lz4; "
    "EXCEPTION WHEN OTHERS THEN NULL; END $$",
    "CREATE INDEX ix_search_tsv ON search USING gin (tsv)",
    r"""
    CREATE FUNCTION kehoach_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
      -- Folded first and then made small: a database of locale C knows the case of ASCII letters only.
      SELECT trim(regexp_replace(
        lower(translate(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd')),
        '[^a-z0-9]+', ' ', 'g'))
    $$
    """,
]

SQLITE = [
    "CREATE VIRTUAL TABLE search_index USING fts5"
    "(folded, content='search', content_rowid='id', columnsize=0, tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER search_added AFTER INSERT ON search BEGIN "
    "INSERT INTO search_index (rowid, folded) VALUES (new.id, new.folded); END",
    "CREATE TRIGGER search_removed AFTER DELETE ON search BEGIN "
    "INSERT INTO search_index (search_index, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "CREATE TRIGGER search_changed AFTER UPDATE ON search BEGIN "
    "INSERT INTO search_index (search_index, rowid, folded) VALUES ('delete', old.id, old.folded); "
    "INSERT INTO search_index (rowid, folded) VALUES (new.id, new.folded); END",
]

PLAN = "p.document_number, p.issuing_authority, p.title AS plan, p.issued_on, p.source_file"

LEADERS = """
    (SELECT {joined} FROM assignments a JOIN units u ON u.document_id = a.document_id AND u.id = a.unit_id
      WHERE a.document_id = {item}.document_id AND a.{column} = {item}.{id} AND a.role <> 'coordinate')"""

VIEWS = {
    # A row for each document.
    "plan_list": """
    SELECT p.id AS document_id, p.document_number, p.issued_on, p.issuing_authority, p.parent_authority,
           p.document_type, p.title AS plan, p.version, p.source_file, p.pages, p.loaded_at,
           (SELECT count(*) FROM tasks t WHERE t.document_id = p.id) AS tasks,
           (SELECT count(*) FROM warnings w WHERE w.document_id = p.id) AS warnings
      FROM documents p""",
    # A row for each name of a unit, with the number of tasks it leads and takes part in, and of its duties.
    "unit_summary": """
    SELECT (SELECT n.name FROM units n WHERE n.name_key = u.name_key ORDER BY n.document_id LIMIT 1) AS unit,
           u.name_key AS unit_key, count(DISTINCT u.document_id) AS plans, sum(u.lead_count) AS leads,
           sum(u.coordinate_count) AS coordinates, sum(u.duty_count) AS duties
      FROM units u
     GROUP BY u.name_key""",
    # A row for each unit and task or duty.
    "tasks_by_unit": f"""
    SELECT u.name AS unit, u.name_key AS unit_key, u.parent AS unit_parent, a.role,
           COALESCE(a.task_id, a.duty_id) AS item_id, t.number, COALESCE(t.text, d.text) AS text, t.deliverable,
           (SELECT {{deadlines}} FROM deadlines l WHERE l.document_id = a.document_id
               AND (l.task_id = a.task_id OR l.duty_id = a.duty_id)) AS deadlines,
           COALESCE(t.page, d.page) AS page, {PLAN}, u.document_id, a.position
      FROM units u
      JOIN assignments a ON a.document_id = u.document_id AND a.unit_id = u.id
      JOIN documents p ON p.id = u.document_id
      LEFT JOIN tasks t ON t.document_id = a.document_id AND t.id = a.task_id
      LEFT JOIN duties d ON d.document_id = a.document_id AND d.id = a.duty_id""",
    # A row for each day on which something is due; recurring deadlines have one for each of their days.
    "due_dates": f"""
    SELECT o.due, o.recurring, l.subject, l.kind, l.text AS deadline, l.item_kind,
           COALESCE(l.task_id, l.duty_id, l.objective_id) AS item_id,
           COALESCE(t.text, d.text, g.text) AS text,
           COALESCE({LEADERS.format(joined="{units}", item="l", column="task_id", id="task_id")},
                    {LEADERS.format(joined="{units}", item="l", column="duty_id", id="duty_id")}) AS units,
           COALESCE(l.page, t.page, d.page, g.page) AS page, {PLAN}, o.document_id, o.deadline_id
      FROM occurrences o
      JOIN deadlines l ON l.document_id = o.document_id AND l.id = o.deadline_id
      JOIN documents p ON p.id = o.document_id
      LEFT JOIN tasks t ON t.document_id = l.document_id AND t.id = l.task_id
      LEFT JOIN duties d ON d.document_id = l.document_id AND d.id = l.duty_id
      LEFT JOIN objectives g ON g.document_id = l.document_id AND g.id = l.objective_id""",
    # A row for each task that names no unit or no deadline.
    "incomplete_tasks": f"""
    SELECT t.id AS item_id, t.number, t.text, t.unit_count = 0 AS without_unit,
           t.deadline_count = 0 AS without_deadline, t.heading, t.page, {PLAN}, t.document_id, t.position
      FROM tasks t JOIN documents p ON p.id = t.document_id
     WHERE t.unit_count = 0 OR t.deadline_count = 0""",
    # A row for each difference of a version of a plan from the one before it.
    "plan_changes": f"""
    SELECT c.version, c.change, c.item_kind, c.item_id, c.field, c.old, c.new, v.loaded_at, {PLAN},
           c.document_id, c.position
      FROM changes c
      JOIN versions v ON v.document_id = c.document_id AND v.version = c.version
      JOIN documents p ON p.id = c.document_id""",
    # A row for each place that cites a numbered document: a task, or a legal basis of the whole plan.
    "citing": f"""
    SELECT c.type, c.number, c.number_key, c.issued_on AS cited_issued_on, c.issuer,
           CASE WHEN c.task_id IS NULL THEN 'legal_basis' ELSE 'task' END AS item_kind, c.task_id AS item_id,
           COALESCE(t.text, b.text) AS text,
           {LEADERS.format(joined="{units}", item="c", column="task_id", id="task_id")} AS units,
           COALESCE(t.page, b.page) AS page, {PLAN}, c.document_id, c.position
      FROM citations c
      JOIN documents p ON p.id = c.document_id
      LEFT JOIN tasks t ON t.document_id = c.document_id AND t.id = c.task_id
      LEFT JOIN legal_bases b ON b.document_id = c.document_id AND b.position = c.legal_basis""",
}


def upgrade() -> None:
    """Make index, function and views."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL if postgresql else SQLITE:
        op.execute(statement)
    if postgresql:
        joined = {"units": "string_agg(u.name, '; ' ORDER BY a.position)",
                  "deadlines": "string_agg(l.text, '; ' ORDER BY l.position)"}  # fmt: skip
    else:
        joined = {"units": "group_concat(u.name, '; ')", "deadlines": "group_concat(l.text, '; ')"}
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query.format(**joined)}")
