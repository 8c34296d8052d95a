"""Headers of several rows in dumps, whose cells tell no spans."""

from __future__ import annotations

import pytest

from pipeline.layout.tables.join import join_tables
from pipeline.layout.tables.tabs import tables_from_tabs
from pipeline.values import Line, PageLayout, Table, Word


def joined(*rows: list[str]) -> Table:
    lines = [Line(1, tuple(Word(w, w) for w in "\t".join(row).replace("\t", " \t ").split(" ") if w)) for row in rows]
    _, tables = tables_from_tabs(lines, 1)
    (table,) = join_tables([PageLayout(1, 595, 842, (), tuple(tables))])
    return table


DATA = ["1", "Lập danh sách", "Văn phòng", "Công an", "12"]


def test_two_columns_under_one_heading() -> None:
    table = joined(["STT", "Nhiệm vụ", "Cơ quan thực hiện", "", "Số hồ sơ"], ["", "", "Chủ trì", "Phối hợp", ""], DATA)
    assert table.columns == (
        "STT", "Nhiệm vụ", "Cơ quan thực hiện - Chủ trì", "Cơ quan thực hiện - Phối hợp", "Số hồ sơ",
    )  # fmt: skip
    assert [[c.string for c in row] for row in table.rows] == [DATA]


def test_three_levels_the_middle_one_over_all() -> None:
    table = joined(
        ["TT", "Hoạt động", "Thời gian", "", "", "Ghi chú"],
        ["", "", "Năm 2026", "", "", ""],
        ["", "", "Quý I", "Quý II", "Quý III", ""],
        ["1", "Giám sát", "x", "", "x", "-"],
    )
    assert table.columns[2:5] == (
        "Thời gian - Năm 2026 - Quý I", "Thời gian - Năm 2026 - Quý II", "Thời gian - Năm 2026 - Quý III",
    )  # fmt: skip
    assert [[c.string for c in row] for row in table.rows] == [["1", "Giám sát", "x", "", "x", "-"]]


def test_levels_of_unlike_depth() -> None:
    table = joined(
        ["STT", "Đơn vị", "Năm 2025", "Năm 2026", "", ""],
        ["", "", "", "Tổng số", "Trong đó", ""],
        ["", "", "", "", "Huyện", "Xã"],
        ["1", "Xã Tân Lạng", "120", "150", "100", "50"],
    )
    assert table.columns[3:] == ("Năm 2026 - Tổng số", "Năm 2026 - Trong đó - Huyện", "Năm 2026 - Trong đó - Xã")
    assert len(table.rows) == 1


@pytest.mark.parametrize(
    "second",
    [
        ["", "NHÓM MỘT", "", "", ""],
        ["1", "Lập danh sách", "Văn phòng", "Công an", "12"],
        ["", "Lập danh sách", "Văn phòng", "Công an", "12"],
    ],
)
def test_rows_of_data_are_no_second_level(second: list[str]) -> None:
    table = joined(["STT", "Nhiệm vụ", "Chủ trì", "", "Số hồ sơ"], second, DATA)
    assert table.columns == ("STT", "Nhiệm vụ", "Chủ trì", "", "Số hồ sơ")
    assert len(table.rows) == 2


def test_a_heading_alone_in_its_row_heads_a_group() -> None:
    table = joined(["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Số"], ["II. CẢI CÁCH THỦ TỤC", "", "", "", ""], DATA)
    assert [c.string for c in table.rows[0]] == ["II", "CẢI CÁCH THỦ TỤC", "", "", ""]
