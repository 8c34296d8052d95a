"""What a plan says: header, objectives, tasks, units, deadlines, from the outline of its text."""

from pipeline.extract import binding as _binding  # noqa: F401 - before any module that imports spaCy
