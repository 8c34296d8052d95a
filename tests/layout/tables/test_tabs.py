"""Runs of lines divided by tabs, in a dump."""

from __future__ import annotations

from pipeline.layout.tables.tabs import tables_from_tabs
from pipeline.values import Line, Word


def tabbed(*cells: str) -> Line:
    words: list[Word] = []
    for k, cell in enumerate(cells):
        words += [Word("\t", "\t")] if k else []
        words += [Word(word, word) for word in cell.split()]
    return Line(1, tuple(words))


def test_the_signature_block_right_below_a_table_is_no_row() -> None:
    rows = [tabbed("TT", "Nội dung", "Thời gian"), tabbed("1", "Kiểm tra", "Quý I")]
    kept, tables = tables_from_tabs([*rows, tabbed("Nơi nhận:", "CHÁNH THANH TRA"), tabbed("- Lưu: VT.", "Lê An")], 1)
    assert [table.rows for table in tables] == [2]
    assert [line.text for line in kept] == ["Nơi nhận: CHÁNH THANH TRA", "- Lưu: VT. Lê An"]


def test_a_cell_with_nothing_but_a_percent_sign_keeps_it() -> None:
    rows = [tabbed("TT", "Chỉ tiêu", "ĐVT", "2026"), tabbed("1", "Công suất", "%", "92"), tabbed("2", "Lượt", "-", "8")]
    _, (table,) = tables_from_tabs(rows, 1)
    assert {(c.row, c.column): c.text.string for c in table.cells}[1, 2] == "%"
