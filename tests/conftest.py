"""What all tests share: a cache of their own, and no settings from the machine they run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["OMP_THREAD_LIMIT"] = "1"  # Tesseract's threads and pytest's workers would fight for the same cores


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for the session."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_environment(shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("KEHOACH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KEHOACH_CACHE_DIR", str(shared_cache))
    monkeypatch.setenv("COLUMNS", "160")
    yield
