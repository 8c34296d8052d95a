"""Pictures that show what was found."""

from __future__ import annotations

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


def test_words_are_boxed_by_confidence_and_cells_framed(tmp_path: Path, reading: PageReading) -> None:
    target = draw_page(scan(tmp_path), reading, SETTINGS, tmp_path / "debug")
    assert target is not None and target.name == "page-001.png"
    image = cv2.imread(str(target))
    assert image is not None
    scale = image.shape[0] / 792

    def colour(x: float, y: float) -> tuple[int, ...]:
        return tuple(int(v) for v in image[round(y * scale), round(x * scale)])

    green, red = colour(120, 200), colour(170, 200)
    assert green[1] > green[2] and red[2] > red[1]
    assert max(colour(200, 400)) < 40


def test_a_text_dump_has_no_picture(tmp_path: Path, reading: PageReading) -> None:
    path = tmp_path / "van-ban.txt"
    path.write_text("Kế hoạch", encoding="utf-8")
    assert draw_page(path, reading, SETTINGS, tmp_path) is None


def test_a_folder_that_cannot_be_made_is_an_error_for_people(tmp_path: Path, reading: PageReading) -> None:
    (tmp_path / "debug").write_text("a file")
    with pytest.raises(OutputError, match="cannot be written"):
        draw_page(scan(tmp_path), reading, SETTINGS, tmp_path / "debug")
