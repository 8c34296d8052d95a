"""Cells of a drawn table read by the installed Tesseract; cell text from lines; cells of a born-digital page."""

from __future__ import annotations

from pipeline.intake.ocr import default_reader
from pipeline.layout.tables.cells import read_grid
from pipeline.layout.tables.grid import grids_of
from pipeline.layout.tables.lattice import lattice_tables
from pipeline.layout.tables.paragraphs import cell_items, items_text, without_leading_marker
from pipeline.layout.tables.rules import erase_rules, find_rules
from pipeline.values import Box, Line, Text, Word
from tests.layout.tables.drawing import DPI, draw_table, write


def to_points(x0: float, y0: float, x1: float, y1: float) -> Box:
    return Box(x0 * 72 / DPI, y0 * 72 / DPI, x1 * 72 / DPI, y1 * 72 / DPI)


def test_cells_are_read_with_their_places() -> None:
    drawn = draw_table([110, 520, 420], [90, 140, 90])
    written = {(0, 0): "STT", (0, 1): "Cong viec", (0, 2): "Thoi gian", (1, 0): "1", (1, 2): "Thang 4", (2, 0): "2"}
    for (r, c), string in written.items():
        write(drawn.image, string, drawn.column_edges[c] + 20, drawn.row_edges[r] + 60)
    write(drawn.image, "Mua sam may chu", drawn.column_edges[1] + 20, drawn.row_edges[1] + 50)
    write(drawn.image, "cho trung tam", drawn.column_edges[1] + 20, drawn.row_edges[1] + 105)
    drawn.image[330:333, 900:903] = 0  # a speck in an empty cell
    rules = find_rules(drawn.image, DPI)
    (grid,) = grids_of(rules)
    bare = erase_rules(drawn.image, rules, [grid.rectangle(cell) for cell in grid.cells])
    table = read_grid(bare, grid, default_reader(), DPI, 3, to_points)
    read = {(cell.row, cell.column): cell.text.string for cell in table.cells}
    assert read == {**written, (1, 1): "Mua sam may chu cho trung tam", (2, 1): "", (2, 2): ""}
    assert table.page == 3 and (table.rows, table.columns) == (3, 3)
    cell = next(c for c in table.cells if (c.row, c.column) == (1, 1))
    assert len(cell.lines) == 2
    assert cell.box is not None
    for word in cell.text.words:
        assert word.page == 3 and word.box is not None
        assert cell.box.x0 <= word.box.x0 < word.box.x1 <= cell.box.x1
        assert cell.box.y0 <= word.box.y0 < word.box.y1 <= cell.box.y1


def lines(*strings: str) -> list[Line]:
    """Lines that fill their cell; "/" at the end: broken by the writer."""
    return [Line(1, tuple(Word(w, w) for w in s.rstrip("/").split()), fills=not s.endswith("/")) for s in strings]


def cell(*strings: str) -> str:
    return items_text(cell_items(lines(*strings))).string


def test_wrapped_lines_and_items_of_a_cell() -> None:
    assert cell("Các trạm y tế và", "trung tâm") == "Các trạm y tế và trung tâm"
    assert cell("- Văn phòng;", "- Trạm y tế") == "- Văn phòng;\nTrạm y tế"
    assert cell("- Phòng Kế hoạch", "– Tài chính") == "- Phòng Kế hoạch – Tài chính"
    assert cell("+ Văn phòng/", "+ Trạm") == "+ Văn phòng\nTrạm"
    assert cell("Phòng khám Sao Mai/", "Điện thoại: 0123/") == "Phòng khám Sao Mai\nĐiện thoại: 0123"
    assert cell("08h00,/", "Ngày 3/4") == "08h00, Ngày 3/4"
    assert cell("Quyết định 57-", "NQ/TW") == "Quyết định 57-NQ/TW"
    assert cell() == ""


def test_the_first_marker_is_taken_off_a_whole_text() -> None:
    assert without_leading_marker(Text("- Văn phòng")) == (Text("Văn phòng"), True)
    assert without_leading_marker(Text("-5%")) == (Text("-5%"), False)
    assert without_leading_marker(Text("-")) == (Text("-"), False)


def test_cells_drawn_as_vectors_take_the_words_inside_them() -> None:
    boxes = [Box(x, y, x + 100, y + 20) for y in (100, 120) for x in (50, 150, 250)]
    words = [
        Word("STT", "STT", Box(55, 104, 80, 116)),
        Word("việc", "việc", Box(185, 104, 200, 116)),
        Word("Công", "Công", Box(155, 104, 180, 116)),
        Word("ngoài", "ngoài", Box(55, 60, 90, 72)),
    ]
    rest, (table,) = lattice_tables([boxes, [Box(50, 20, 300, 40)]], words, 2)
    assert [w.text for w in rest] == ["ngoài"]
    assert (table.rows, table.columns, table.page) == (2, 3, 2)
    assert [c.text.string for c in table.cells] == ["STT", "Công việc", "", "", "", ""]
