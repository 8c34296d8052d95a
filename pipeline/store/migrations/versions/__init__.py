"""One module a version of the database. They are history: what was released is not changed, a new one is added."""
