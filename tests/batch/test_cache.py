"""A reading is found again only when everything it depends on is the same, and only in a folder of one's own."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest

from pipeline.batch import cache, fingerprint
from pipeline.batch.fingerprint import Versions, result_key, versions_of
from pipeline.errors import SettingsError
from pipeline.flow import Restored
from pipeline.settings import Settings
from pipeline.values import Box, PageLayout, PageReading, Word
from schemas import Quality, SourceFile

SHA = "0" * 64


def reading(number: int = 1, text: str = "Kế hoạch") -> PageReading:
    return PageReading(number, 595, 842, (Word(text, text, Box(1, 2, 3, 4), 0.9),))


def restored() -> Restored:
    source = SourceFile(file="a.pdf", sha256=SHA, pages=2, page_text=["ocr", "ocr"])
    return Restored((PageLayout(1, 595, 842, ()),), source, Quality(), ())


def opened(folder: Path, version: str = "f") -> cache.Cache:
    return cache.Cache(folder, 10_000_000, Versions(version, f"{version} restored", f"{version} whole"))


def settings(folder: Path, **changes: object) -> Settings:
    return Settings(cache_dir=folder, **changes)  # type: ignore[arg-type]


def test_what_was_put_is_found_by_a_later_run(tmp_path: Path) -> None:
    first = opened(tmp_path / "c")
    first.keep_reading(SHA, 1, reading())
    first.keep_restored(SHA, [1, 2], restored())
    again = opened(tmp_path / "c")
    assert again.reading(SHA, 1) == reading()
    assert again.reading(SHA, 2) is None
    assert again.reading("1" * 64, 1) is None
    assert again.restored(SHA, [1, 2]) == restored()
    assert again.restored(SHA, [1]) is None
    assert again.restored(SHA, [2, 1]) is None


def test_another_version_finds_nothing(tmp_path: Path) -> None:
    first = opened(tmp_path / "c", "f")
    first.keep_reading(SHA, 1, reading())
    first.keep_restored(SHA, [1], restored())
    other = opened(tmp_path / "c", "g")
    assert other.reading(SHA, 1) is None
    assert other.restored(SHA, [1]) is None


@pytest.mark.parametrize("change", [{"text_layer": "ignore"}, {"dpi": 200}, {"max_pixels": 5_000_000}])
def test_settings_that_change_a_reading_change_all_versions(tmp_path: Path, change: dict[str, object]) -> None:
    before, after = versions_of(settings(tmp_path)), versions_of(settings(tmp_path, **change))
    assert before.reading != after.reading
    assert before.restored != after.restored
    assert before.whole != after.whole


def test_pages_and_limits_change_the_result_but_no_reading(tmp_path: Path) -> None:
    before = versions_of(settings(tmp_path))
    for change in ({"pages": "2"}, {"max_pages": 3}):
        after = versions_of(settings(tmp_path, **change))
        assert (after.reading, after.restored) == (before.reading, before.restored)
        assert after.whole != before.whole


def test_settings_that_change_nothing_keep_the_versions(tmp_path: Path) -> None:
    assert versions_of(settings(tmp_path, jobs=7, page_seconds=9)) == versions_of(settings(tmp_path))


def test_the_key_of_a_result_knows_content_name_versions_and_text() -> None:
    versions = Versions("r", "s", "w")
    keys = {
        result_key(sha, name, known, with_text=text)
        for sha in ("a", "b") for name in ("x", "y") for known in (versions, Versions("r", "s", "v")) for text in (0, 1)
    }  # fmt: skip
    assert len(keys) == 16
    assert result_key("a", "x", versions, with_text=False) == result_key("a", "x", versions, with_text=False)


def test_another_tesseract_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions_of(settings(tmp_path))
    fake = tmp_path / "tesseract"
    fake.write_text('#!/bin/sh\n[ "$1" = --version ] && echo tesseract 9.9 || echo none\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert versions_of(settings(tmp_path)).reading != before.reading


def test_each_version_knows_the_code_it_depends_on_and_no_more() -> None:
    def names(entries: tuple[str, ...]) -> set[str]:
        return {path.relative_to(fingerprint._CODE_ROOT).as_posix() for path in fingerprint.closure(entries)}

    reading, restoring, whole = map(names, (fingerprint.READING, fingerprint.RESTORING, fingerprint.WHOLE))
    assert {"pipeline/reading.py", "pipeline/intake/ocr.py", "pipeline/values.py"} <= reading
    assert {"pipeline/layout/lines.py", "diacritics/restoration.py", "pipeline/layout/rows.py"} <= restoring
    assert {"pipeline/extract/assemble.py", "schemas/plan.py", "pipeline/knowledge/units.toml"} <= whole
    for depth in (reading, restoring):
        assert not [name for name in depth if name.startswith(("pipeline/extract", "pipeline/batch", "pipeline/flow"))]
        assert not depth & {"pipeline/knowledge/deadlines.toml", "pipeline/knowledge/units.toml", "schemas/checks.py"}
    assert "pipeline/knowledge/columns.toml" in reading  # headings decide where a table begins
    assert "schemas/plan.py" in restoring - reading  # restored pages hold what the JSON tells of the file


def test_tables_are_named_where_they_are_read() -> None:
    named_otherwise = re.compile(r"(?<!def )load_table\((?!\"\w+\"\))")
    for path in (fingerprint._CODE_ROOT / "pipeline").rglob("*.py"):
        assert not named_otherwise.search(path.read_text(encoding="utf-8")), path


def test_models_count_where_words_are_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = fingerprint.code_hash(fingerprint.RESTORING)
    assert fingerprint.code_hash(fingerprint.RESTORING, models=True) != plain


def test_no_cache_keeps_nothing(tmp_path: Path) -> None:
    none = cache.Cache(tmp_path / "c", 0, Versions("r", "s", "w"))
    none.keep_reading(SHA, 1, reading())
    assert none.reading(SHA, 1) is None
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
    kept.keep_reading(SHA, 1, reading())
    with sqlite3.connect(tmp_path / "c" / "readings" / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ?, filename = NULL", (b"\x80\x04garbage",))
    assert kept.reading(SHA, 1) is None


def test_size_is_bounded(tmp_path: Path) -> None:
    kept = cache.Cache(tmp_path / "c", 300_000, Versions("r", "s", "w"))
    for number in range(200):
        kept.keep_reading(SHA, number, reading(number, "Kế hoạch " * 1500))
    assert kept.reading(SHA, 0) is None
    assert kept.reading(SHA, 199) is not None


def test_what_is_kept_is_told_pruned_and_cleared(tmp_path: Path) -> None:
    mine, old = Versions("r", "s", "w"), Versions("old", "old", "old")
    for versions in (mine, old):
        kept = cache.Cache(tmp_path / "c", 10_000_000, versions)
        kept.keep_reading(SHA, 1, reading())
        kept.keep_restored(SHA, [1], restored())
    own = settings(tmp_path / "c")
    assert [(f.drawer, f.entries, f.usable) for f in cache.inspect_cache(own, mine)] == [
        ("readings", 2, 1),
        ("restored", 2, 1),
    ]
    assert all(f.bytes > 0 for f in cache.inspect_cache(own, mine))
    assert cache.clear_cache(own, keep=mine) == 2
    assert [(f.entries, f.usable) for f in cache.inspect_cache(own, mine)] == [(1, 1), (1, 1)]
    assert cache.clear_cache(own) == 2
    assert [f.entries for f in cache.inspect_cache(own, mine)] == [0, 0]


def test_a_cache_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    own = settings(tmp_path / "none")
    assert cache.inspect_cache(own, Versions("r", "s", "w")) == []
    assert cache.clear_cache(own) == 0
    assert not (tmp_path / "none").exists()
