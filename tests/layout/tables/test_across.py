"""Tables with horizontal rules alone, drawn; what has rules across and is no table gives none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.layout.tables.fields import Grid
from pipeline.layout.tables.grid import find_grids, looks_ruled
from tests.layout.tables.drawing import DPI, Grey, page, write

LEFT, RIGHT, TOP, ROW = 150, 1500, 150, 80
STARTS = (160, 260, 800, 1150)
ROWS = [
    ("TT", "Noi dung cong viec", "Chu tri", "Thoi gian"),
    ("1", "Lap danh sach ho dan", "Phong Kinh te", "Thang 3"),
    ("2", "Mua vat tu", "Van phong", "Quy II"),
    ("3", "Tap huan luc luong tai xa", "Tram y te", "Thang 6"),
    ("4", "So ket", "Van phong", "12/2026"),
]


def ruled_across(rows: list[tuple[str, ...]] = ROWS, *, noise: float = 0.0) -> Grey:
    image = page()
    for r, row in enumerate(rows):
        y = TOP + r * ROW
        cv2.line(image, (LEFT, y), (RIGHT, y), 60, 2)
        for x, string in zip(STARTS, row, strict=False):
            write(image, string, x, y + 52, 0.9)
    cv2.line(image, (LEFT, TOP + len(rows) * ROW), (RIGHT, TOP + len(rows) * ROW), 60, 2)
    if noise:
        image[np.random.default_rng(3).random(image.shape) < noise] = 0
    return image


def spans(grid: Grid) -> set[tuple[int, int, int, int]]:
    return {(c.row, c.column, c.row_span, c.column_span) for c in grid.cells}


@pytest.mark.parametrize("noise", [0.0, 0.001])
def test_rows_between_rules_and_columns_between_white(noise: float) -> None:
    image = ruled_across(noise=noise)
    assert looks_ruled(image, DPI)
    (grid,) = find_grids(image, DPI)
    assert (grid.rows, grid.columns) == (5, 4)
    assert grid.row_edges == pytest.approx([TOP + k * ROW for k in range(6)], abs=4)
    for edge, start in zip(grid.column_edges[1:-1], STARTS[1:], strict=True):
        assert edge < start
    assert spans(grid) == {(r, c, 1, 1) for r in range(5) for c in range(4)}


def test_a_heading_over_two_columns_and_a_long_line_in_the_white() -> None:
    image = ruled_across(
        [("TT", "Noi dung", "", ""), *ROWS[1:], ("5", "Kiem tra cong trinh tren dia ban xa", "UBND", "Quy I")]
    )
    cv2.putText(image, "Phan cong", (1020, TOP + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2, cv2.LINE_AA)
    cv2.line(image, (790, TOP + 38), (RIGHT - 5, TOP + 38), 60, 2)
    write(image, "Chu tri", 800, TOP + 70, 0.8)
    write(image, "Thoi gian", 1150, TOP + 70, 0.8)
    (grid,) = find_grids(image, DPI)
    assert (grid.rows, grid.columns) == (7, 4)
    assert {(0, 2, 1, 2), (1, 2, 1, 1), (1, 3, 1, 1), (0, 0, 2, 1), (0, 1, 2, 1)} <= spans(grid)


def test_a_column_of_few_words_is_told_by_its_heading() -> None:
    rows = [(*row[:3], "") for row in ROWS]
    rows[0] = ROWS[0]
    rows[2] = ROWS[2]
    (grid,) = find_grids(ruled_across(rows), DPI)
    assert grid.columns == 4


def test_text_between_rules_is_no_table() -> None:
    image = page()
    for k in range(6):
        y = TOP + k * ROW
        cv2.line(image, (LEFT, y), (RIGHT, y), 60, 2)
        write(image, "Cac don vi thuc hien nghiem tuc Ke hoach nay va bao cao ve So", 160, y + 52, 0.95)
    assert find_grids(image, DPI) == []


def test_underlines_and_short_rules_are_no_table() -> None:
    image = page()
    for k, (x0, x1) in enumerate([(300, 500), (1000, 1350), (150, 1500), (150, 1500), (200, 900)]):
        cv2.line(image, (x0, TOP + k * ROW), (x1, TOP + k * ROW), 60, 2)
        write(image, "So Y te        Cong hoa", 200, TOP + k * ROW + 52)
    assert find_grids(image, DPI) == []
