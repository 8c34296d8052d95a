"""The store's tables by version, as Alembic migrations: ``versions`` holds a file each, applied in their order."""
