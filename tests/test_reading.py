"""A page from its file to its words, by real OCR."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from rapidfuzz import fuzz

from pipeline.layout.lines import lay_out
from pipeline.reading import read_page
from pipeline.settings import Settings
from pipeline.values import PageReading
from tests.intake.pages import PARAGRAPH, Pixels, draw, pdf_of, text_pdf

SETTINGS = Settings(cache_dir=None)
EXPECTED = [PARAGRAPH[0], PARAGRAPH[1], "- " + PARAGRAPH[2], PARAGRAPH[3], PARAGRAPH[4]] * 2


@pytest.fixture(scope="module")
def page() -> Pixels:
    lines = [(85.0, 100.0 + 24 * k, text) for k, text in enumerate(EXPECTED)]
    return draw([*lines, (290, 30, "7")], dpi=200, size=14)


def read(pixels: Pixels, folder: Path, dpi: float = 200) -> PageReading:
    return read_page(pdf_of(pixels, folder / "trang.pdf", dpi=dpi), 1, SETTINGS)


def likeness(reading: PageReading) -> float:
    lines = [line.text for line in lay_out(reading).lines if line.text != "7"]
    return float(fuzz.ratio("\n".join(EXPECTED), "\n".join(lines))) / 100


def test_a_scan_is_read_with_boxes_and_bullets(page: Pixels, tmp_path: Path) -> None:
    reading = read(page, tmp_path)
    assert (reading.method, reading.triage.kind, reading.error) == ("ocr", "image", None)
    assert likeness(reading) > 0.97
    lines = lay_out(reading).lines
    assert sum(line.text.startswith("- ") for line in lines) == 2
    box = next(line.box for line in lines if line.text.startswith("Các đơn"))
    assert box is not None
    assert (box.x0, box.y0) == pytest.approx((85, 104), abs=5)


def fax(page: Pixels) -> Pixels:
    small = cv2.resize(page, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    return np.asarray(np.where(small < 150, 0, 255), dtype=np.uint8)


def photo(page: Pixels) -> Pixels:
    """Uneven light, a coloured cast and some noise."""
    height, width = page.shape
    light = np.linspace(0.65, 1.0, width)[None, :] * np.linspace(1.0, 0.8, height)[:, None]
    noise = np.random.default_rng(5).normal(0, 4, page.shape)
    grey = page * light + noise
    return np.asarray(np.clip(np.dstack([grey * 0.85, grey * 0.95, grey]), 0, 255), dtype=np.uint8)


@pytest.mark.parametrize(
    ("degrade", "dpi", "least"),
    [
        (lambda p: np.ascontiguousarray(np.rot90(p, 1)), 200, 0.97),
        (lambda p: np.ascontiguousarray(np.rot90(p, 2)), 200, 0.97),
        (lambda p: np.ascontiguousarray(np.rot90(p, 3)), 200, 0.97),
        (fax, 150, 0.9),
        (photo, 200, 0.93),
        (lambda p: cv2.resize(p, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), 600, 0.97),
    ],
    ids=["quarter turn", "on its head", "three quarters", "fax", "photo", "600 dpi"],
)
def test_poor_scans_are_read_too(
    page: Pixels, tmp_path: Path, degrade: Callable[[Pixels], Pixels], dpi: float, least: float
) -> None:
    assert likeness(read(degrade(page), tmp_path, dpi)) > least


def test_each_page_is_turned_by_itself_and_sideways_tables_are_read(page: Pixels, tmp_path: Path) -> None:
    table = draw([(120, 110, "Nội dung"), (330, 110, "Đơn vị"), (120, 150, "Tập huấn"), (330, 150, "Văn phòng"),
                  *((85.0, 300.0 + 24 * k, text) for k, text in enumerate(EXPECTED))], dpi=200, size=14)  # fmt: skip
    for y in (100, 140, 180):
        cv2.line(table, (250, y * 200 // 72), (1400, y * 200 // 72), 0, 3)
    for x in (250, 850, 1400):
        cv2.line(table, (x, 100 * 200 // 72), (x, 180 * 200 // 72), 0, 3)
    path = tmp_path / "hai-trang.pdf"
    first, second = (Image.fromarray(p) for p in (page, np.ascontiguousarray(np.rot90(table, 1))))
    first.save(path, "PDF", resolution=200, save_all=True, append_images=[second])
    upright, sideways = (read_page(path, number, SETTINGS) for number in (1, 2))
    assert (round(upright.angle / 90), round(sideways.angle / 90)) == (0, 1)
    assert likeness(upright) > 0.97
    [found] = sideways.tables
    assert [cell.text.string for cell in found.cells] == ["Nội dung", "Đơn vị", "Tập huấn", "Văn phòng"]


def test_a_blank_page_stays_in_the_count_with_its_reason(tmp_path: Path) -> None:
    reading = read(np.full((1100, 800), 255, np.uint8), tmp_path, 100)
    assert (reading.method, reading.triage.kind, reading.words, reading.error) == ("none", "blank", (), None)


def test_a_page_that_fails_says_why_and_raises_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cao.pdf"
    path.write_bytes(text_pdf(b"", media_box="0 0 595 2000000000"))
    reading = read_page(path, 1, SETTINGS)
    assert reading.method == "none" and reading.error is not None and "larger than PDF allows" in reading.error
    assert read_page(tmp_path / "khong-co.pdf", 1, SETTINGS).error is not None


def test_a_text_layer_is_used_only_as_told(tmp_path: Path) -> None:
    path = tmp_path / "chu.pdf"
    path.write_bytes(text_pdf(b"BT /F1 14 Tf 80 700 Td (Ke hoach trien khai cong tac nam 2026 cua cac don vi) Tj ET"))
    layer = read_page(path, 1, Settings(cache_dir=None, text_layer="only"))
    assert layer.method == "text_layer"
    assert [word.text for word in layer.words][:3] == ["Ke", "hoach", "trien"]
    assert read_page(path, 1, Settings(cache_dir=None, text_layer="ignore")).method == "ocr"
    # Without marks it does not read as Vietnamese: the picture decides.
    assert read_page(path, 1, SETTINGS).method == "ocr"


def test_a_dump_keeps_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "van-ban.txt"
    path.write_text("KẾ HOẠCH\n\nI. MỤC TIÊU\n", encoding="utf-8")
    reading = read_page(path, 1, SETTINGS)
    assert (reading.method, [line.text for line in reading.lines]) == ("text_layer", ["KẾ HOẠCH", "I. MỤC TIÊU"])
