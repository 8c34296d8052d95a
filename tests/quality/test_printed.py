"""What was printed at a place: words of the cached page reading inside a box, and other readings of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.batch.cache import open_cache
from pipeline.batch.fingerprint import versions_of
from pipeline.commands.printed import CachedReader, in_reading_order
from pipeline.settings import Settings
from pipeline.values import Box, PageReading, Word


def word(text: str, x: float, y: float) -> Word:
    return Word(text, text, Box(x, y, x + 30, y + 10), 0.9)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


def test_words_of_the_page_in_the_box(settings: Settings) -> None:
    words = (
        word("sé", 40, 11),
        word("chuyén", 0, 20.5),
        word("d6i", 0, 10),
        word("ngoài", 300, 10),
        word("s6", 40, 20),
    )
    open_cache(settings.cache_dir, settings.cache_bytes, versions_of(settings)).keep_reading(
        "a" * 64, 1, PageReading(1, 595, 842, words)
    )
    read = CachedReader(settings)
    reading = read("a" * 64, 1, (0, 0, 100, 40), "chuyển đổi số")
    assert reading.printed == "d6i sé chuyén s6"
    assert read("b" * 64, 1, (0, 0, 100, 40), "chuyển đổi số").printed is None
    assert read("a" * 64, 1, None, "chuyển đổi số").printed is None
    read.close()
    assert read("a" * 64, 1, (0, 0, 100, 40), "chuyển đổi số").printed is None


def test_doubted_words_come_with_other_readings() -> None:
    read = CachedReader(Settings(cache_dir=None))
    text = "Ké hoach chuyén d6i s6 quéc gia"
    doubted = {each.text: each.alternatives for each in read("", None, None, text).doubted}
    assert all(alternatives for alternatives in doubted.values())
    assert all(piece in text for piece in doubted)


def test_lines_are_read_from_the_top_and_words_from_the_left() -> None:
    words = [word("b", 40, 1), word("c", 0, 14), word("a", 0, 0)]
    assert [each.text for each in in_reading_order(words)] == ["a", "b", "c"]
