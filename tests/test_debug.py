"""The debug picture shows what was read where."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.debug import draw_page, drawn
from pipeline.errors import OutputError
from pipeline.settings import Settings
from pipeline.values import Box, Line, PageReading, Word
from tests.faults.documents import scan


def reading(confidence: float) -> PageReading:
    return PageReading(1, 298, 420, (Word("TRANG", "TRANG", Box(50, 60, 150, 80), confidence),))


@pytest.mark.parametrize(("confidence", "strongest"), [(1.0, 1), (0.1, 2)])
def test_words_are_green_when_sure_and_red_when_not(confidence: float, strongest: int) -> None:
    picture = drawn(np.full((420, 298, 3), 255, np.uint8), reading(confidence), 1.0)
    assert int(np.argmax(picture[70, 100])) == strongest
    assert picture[200, 100].tolist() == [255, 255, 255]


def test_a_picture_and_the_words_of_a_scanned_page(tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(scan())
    draw_page(tmp_path / "plan.pdf", reading(0.9), Settings(), tmp_path / "debug")
    picture = cv2.imread(str(tmp_path / "debug" / "page-001.png"))
    assert picture is not None
    assert picture.shape[0] > picture.shape[1]
    assert json.loads((tmp_path / "debug" / "page-001.json").read_text())["words"][0]["text"] == "TRANG"


def test_a_dump_has_no_picture(tmp_path: Path) -> None:
    dump = PageReading(1, 595, 842, (), method="text_layer", lines=(Line(1, (Word("a", "a"),)),))
    draw_page(tmp_path / "dump.txt", dump, Settings(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["page-001.json"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="--debug"):
        draw_page(tmp_path / "plan.pdf", reading(0.9), Settings(), tmp_path / "file" / "debug")
