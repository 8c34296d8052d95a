import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.errors import SettingsError
from pipeline.settings import Settings, load_settings


def test_flags_beat_environment_beats_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kehoach.toml").write_text('jobs = 3\ndpi = 200\ntext_layer = "only"\n')
    monkeypatch.setenv("KEHOACH_DPI", "250")
    monkeypatch.setenv("KEHOACH_TEXT_LAYER", "ignore")
    settings = load_settings(text_layer="auto", pages=None)
    assert (settings.jobs, settings.dpi, settings.text_layer) == (3, 250, "auto")


@pytest.mark.parametrize("text", ["speed = 9", "jobs = -1", "jobs = ", 'text_layer = "some"'])
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kehoach.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert text.split()[0] in str(caught.value) or "kehoach.toml" in str(caught.value)
    assert caught.value.remedy


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHOACH_JOBS", "many")
    with pytest.raises(SettingsError, match="'jobs'.*KEHOACH_JOBS"):
        load_settings()


def test_settings_are_frozen_and_pickle() -> None:
    settings = Settings(pages="2-3", cache_dir=None)
    assert pickle.loads(pickle.dumps(settings)) == settings
    with pytest.raises(ValidationError):
        settings.jobs = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("pages", "count", "wanted"),
    [
        (None, 3, [1, 2, 3]),
        ("2", 3, [2]),
        ("1-3,7,9-", 10, [1, 2, 3, 7, 9, 10]),
        ("3, 1", 4, [1, 3]),
        ("2-2,2", 4, [2]),
        ("5-", 4, []),
    ],
)
def test_page_ranges(pages: str | None, count: int, wanted: list[int]) -> None:
    assert Settings(pages=pages).page_numbers(count) == wanted


@pytest.mark.parametrize("pages", ["", "0", "3-1", "a", "1;2", "-3", "1--2", ","])
def test_wrong_page_ranges_are_refused(pages: str) -> None:
    with pytest.raises(SettingsError, match="'pages'"):
        load_settings(pages=pages)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), min_size=1, max_size=6), st.integers(0, 80))
def test_page_ranges_choose_exactly_what_they_name(ranges: list[tuple[int, int]], count: int) -> None:
    text = ",".join(f"{first}-{first + more}" for first, more in ranges)
    named = {page for first, more in ranges for page in range(first, first + more + 1)}
    assert Settings(pages=text).page_numbers(count) == sorted(named & set(range(1, count + 1)))


def test_workers_follow_the_cpus_this_process_may_use() -> None:
    assert Settings(jobs=5).workers() == 5
    assert 1 <= Settings().workers() <= (os.cpu_count() or 1)
