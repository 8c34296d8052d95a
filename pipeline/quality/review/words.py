"""The words of the review page in its two languages."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

LANGUAGES = ("vi", "en")


@functools.cache
def words(language: str) -> dict[str, str]:
    """All words by key; ``language`` is one of :data:`LANGUAGES`."""
    table = tomllib.loads((resources.files("pipeline.quality.review") / "strings.toml").read_text(encoding="utf-8"))
    return {key: entry[language] for key, entry in table.items()}
