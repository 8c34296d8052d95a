"""What is known beforehand about Vietnamese administrative writing, as TOML tables with comments and sources.

Each table is one ``.toml`` file of this package. Typed readers of a table live beside it (:mod:`.labels`,
:mod:`.attributes` …); this module only finds and parses the files, once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def load_table(name: str) -> Mapping[str, Any]:
    """The table ``name``.toml, parsed. Raises :class:`FileNotFoundError` when there is none."""
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
