"""A reading is found again only when everything it depends on is the same, and only in a folder of one's own."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from pipeline.batch import cache
from pipeline.errors import SettingsError
from pipeline.settings import Settings
from pipeline.values import Box, PageReading, Word

SHA = "0" * 64


def reading(number: int = 1, text: str = "Kế hoạch") -> PageReading:
    return PageReading(number, 595, 842, (Word(text, text, Box(1, 2, 3, 4), 0.9),))


def opened(folder: Path, fingerprint: str = "f") -> cache.ReadingCache:
    return cache.open_cache(folder, 10_000_000, fingerprint)


def settings(folder: Path, **changes: object) -> Settings:
    return Settings(cache_dir=folder, **changes)  # type: ignore[arg-type]


def test_what_was_put_is_found_by_a_later_run(tmp_path: Path) -> None:
    opened(tmp_path / "c", "f").put(SHA, 1, reading())
    again = opened(tmp_path / "c", "f")
    assert again.get(SHA, 1) == reading()
    assert again.get(SHA, 2) is None
    assert again.get("1" * 64, 1) is None


def test_another_fingerprint_finds_nothing(tmp_path: Path) -> None:
    opened(tmp_path / "c", "f").put(SHA, 1, reading())
    assert opened(tmp_path / "c", "g").get(SHA, 1) is None


@pytest.mark.parametrize("change", [{"text_layer": "ignore"}, {"dpi": 200}, {"max_pixels": 5_000_000}])
def test_settings_that_change_a_reading_change_the_fingerprint(tmp_path: Path, change: dict[str, object]) -> None:
    assert cache.fingerprint(settings(tmp_path, **change)) != cache.fingerprint(settings(tmp_path))


def test_settings_that_do_not_change_a_reading_keep_the_fingerprint(tmp_path: Path) -> None:
    assert cache.fingerprint(settings(tmp_path, jobs=7, pages="2")) == cache.fingerprint(settings(tmp_path))


def test_another_tesseract_is_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.fingerprint(settings(tmp_path))
    fake = tmp_path / "tesseract"
    fake.write_text('#!/bin/sh\n[ "$1" = --version ] && echo tesseract 9.9 || echo none\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert cache.fingerprint(settings(tmp_path)) != before


def test_the_code_of_reading_counts_and_that_of_extraction_does_not() -> None:
    files = {path.relative_to(cache._CODE_ROOT).as_posix() for path in cache._closure(cache.ENTRY_MODULE)}
    assert {"pipeline/reading.py", "pipeline/intake/ocr.py", "pipeline/values.py"} <= files
    assert not [name for name in files if name.startswith(("pipeline/extract", "pipeline/batch", "pipeline/flow"))]


def test_no_cache_keeps_nothing(tmp_path: Path) -> None:
    none = cache.open_cache(tmp_path / "c", 0, "f")
    none.put(SHA, 1, reading())
    assert none.get(SHA, 1) is None
    assert not (tmp_path / "c").exists()


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "c" / "readings"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    with pytest.raises(SettingsError, match="other users may write"):
        opened(tmp_path / "c", "f")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="file.*KEHOACH_CACHE_DIR"):
        opened(tmp_path / "file", "f")


def test_its_folder_is_private(tmp_path: Path) -> None:
    opened(tmp_path / "c", "f")
    assert (tmp_path / "c" / "readings").stat().st_mode & 0o077 == 0


def test_a_broken_entry_counts_as_not_found(tmp_path: Path) -> None:
    kept = opened(tmp_path / "c", "f")
    kept.put(SHA, 1, reading())
    with sqlite3.connect(tmp_path / "c" / "readings" / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ?, filename = NULL", (b"\x80\x04garbage",))
    assert kept.get(SHA, 1) is None


def test_size_is_bounded(tmp_path: Path) -> None:
    kept = cache.open_cache(tmp_path / "c", 300_000, "f")
    for number in range(200):
        kept.put(SHA, number, reading(number, "Kế hoạch " * 1500))
    assert kept.get(SHA, 0) is None
    assert kept.get(SHA, 199) is not None
