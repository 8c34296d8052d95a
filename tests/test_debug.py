"""Pictures that show what was found."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.debug import draw_page
from pipeline.errors import OutputError
from pipeline.settings import Settings
from pipeline.values import Box, Cell, PageReading, PageTable, Text, Word
from tests.intake.pages import pdf_of

SETTINGS = Settings(cache_dir=None)


@pytest.fixture
def reading() -> PageReading:
    sure = Word("Kế", "Kế", Box(100, 200, 140, 215), 0.95)
    doubtful = Word("hoạch", "hoạch", Box(145, 200, 200, 215), 0.2)
    cell = Cell(0, 0, Text("x"), box=Box(100, 400, 300, 450))
    return PageReading(1, 576, 792, (sure, doubtful), (PageTable(1, 1, 1, (cell,)),))


def scan(folder: Path) -> Path:
    return pdf_of(np.full((1100, 800), 255, np.uint8), folder / "trang.pdf", dpi=100)


def test_words_are_shaded_by_confidence_and_values_written(tmp_path: Path, reading: PageReading) -> None:
    folder = tmp_path / "debug"
    draw_page(scan(tmp_path), reading, SETTINGS, folder)
    image = cv2.imread(str(folder / "page-001.png"))
    assert image is not None
    scale = image.shape[0] / 792

    def colour(x: float, y: float) -> tuple[int, ...]:
        return tuple(int(v) for v in image[round(y * scale), round(x * scale)])

    sure, doubtful, paper = colour(120, 207), colour(170, 207), colour(400, 700)
    assert sure[1] > sure[2] and doubtful[2] > doubtful[1]
    assert paper == (255, 255, 255)
    written = json.loads((folder / "page-001.json").read_text(encoding="utf-8"))
    assert [word["text"] for word in written["words"]] == ["Kế", "hoạch"]


def test_a_text_dump_has_values_but_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "van-ban.txt"
    path.write_text("Kế hoạch", encoding="utf-8")
    draw_page(path, PageReading(1, 595, 842, ()), SETTINGS, tmp_path / "debug")
    assert [entry.name for entry in (tmp_path / "debug").iterdir()] == ["page-001.json"]


def test_a_folder_that_cannot_be_made_is_an_error_for_people(tmp_path: Path, reading: PageReading) -> None:
    (tmp_path / "debug").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"):
        draw_page(scan(tmp_path), reading, SETTINGS, tmp_path / "debug")
