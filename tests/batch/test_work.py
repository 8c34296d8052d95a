"""What a worker does with a file that does not stay as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.batch.early import open_document, read_one
from pipeline.batch.fingerprint import Versions
from pipeline.batch.messages import Task, Use
from pipeline.errors import InputError
from pipeline.settings import Settings
from tests.faults.documents import DUMP

USE = Use(Versions("reading", "restored", "whole"))


@pytest.mark.parametrize("same_size", [True, False])
def test_a_page_of_another_file_is_never_kept_as_a_page_of_the_one_that_was_opened(
    same_size: bool, tmp_path: Path
) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(DUMP, encoding="utf-8")
    settings = Settings(cache_dir=tmp_path / "cache")
    task = Task(0, str(path), "plan.txt", "plan", settings)
    opened = open_document(task, USE)
    arrived = tmp_path / "arrived"
    arrived.write_text(DUMP.replace("12/KH", "13/KH") + ("" if same_size else "II. KHÁC"), encoding="utf-8")
    os.utime(arrived, ns=(0, path.stat().st_mtime_ns))
    arrived.replace(path)
    with pytest.raises(InputError, match="was changed while it was read"):
        read_one(opened.file, 1, settings, USE)
    path.write_text(DUMP, encoding="utf-8")
    assert open_document(task, USE).known == {}
    again = open_document(task, USE)
    read_one(again.file, 1, settings, USE)
    assert open_document(task, USE).cached
