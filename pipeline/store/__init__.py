"""Plans in a database and in the files that offices work with.

``load`` puts a folder of results into SQLite or PostgreSQL, ``answer`` asks it, ``export`` writes sheets and calendars.
The tables are in :mod:`.tables`, the views and the search index in :mod:`.migrations`.
"""
