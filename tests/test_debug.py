"""Pictures that show what was found."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.debug import draw_page, drawn, left_out
from pipeline.errors import OutputError
from pipeline.intake.source import Raster
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


def test_grid_and_spans_of_a_table_are_shown(reading: PageReading) -> None:
    merged = Cell(0, 0, Text("x"), 2, 1, Box(100, 400, 300, 450))
    upper, lower = (Cell(r, 1, Text(""), box=Box(300, y, 500, y + 25)) for r, y in ((0, 400), (1, 425)))
    box = Box(100, 400, 500, 450)
    shown = PageTable(1, 2, 2, (merged, upper, lower), box, (100.0, 300.0, 500.0), open_bottom=True)
    page = np.full((792, 576, 3), 255, np.uint8)

    def picture(table: PageTable) -> np.ndarray:
        return drawn(page, replace(reading, words=(), tables=(table,)), 1.0)

    found = picture(shown)
    inked = (found != 255).any(axis=2)
    assert inked[425, 105:495].all() and inked[405:445, 300].all()  # the grid's edges, through the merged cell too
    assert tuple(found[425, 200]) != tuple(found[425, 400])  # but there no cell ends
    assert inked[399:402, 110:490].all() and not inked[451, 110:490].any()  # closed above, open below
    plain = picture(replace(shown, cells=(replace(merged, row_span=1), upper, lower)))
    assert (found != plain).any(axis=2)[400:415, 100:130].any()


def test_ink_that_was_kept_from_the_engine_is_told_from_what_was_read() -> None:
    pixels = np.full((2200, 1600, 3), 255, np.uint8)  # 8 x 11 inches at 200 dpi
    for row in range(300, 1500, 60):
        cv2.putText(pixels, "bao cao ket qua thuc hien", (200, row), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (20, 20, 20), 4)
    cv2.circle(pixels, (1000, 1800), 140, (40, 30, 220), 9)  # blue, green, red: a seal
    read = Raster(pixels, 576, 792)
    shown = Raster(np.ascontiguousarray(pixels[::2, ::2]), 576, 792)
    mask = left_out(shown, read, PageReading(1, 576, 792, ()))
    inked = shown.pixels.min(axis=2) < 100
    seal, text = np.s_[800:1000, 400:600], np.s_[:780]
    assert mask[seal].sum() > 0.9 * inked[seal].sum() > 100
    assert not mask[text].any()
