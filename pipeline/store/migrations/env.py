"""Run by Alembic: applies migrations over the connection that :mod:`pipeline.store.migrating` hands it."""

from alembic import context

from pipeline.store.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    version_table="kehoach_schema",
)
with context.begin_transaction():
    context.run_migrations()
