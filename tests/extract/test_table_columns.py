"""What headings of several levels mean, and columns whose heading is a time."""

from __future__ import annotations

import pytest

from pipeline.extract.table_columns import read_columns, table_role
from tests.extract.builders import table


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Cơ quan thực hiện - Cơ quan phối hợp", "coordinate"),
        ("Đơn vị thực hiện - Chủ trì", "lead"),
        ("Phân công - Phối hợp", "coordinate"),
        ("Phân công - Tham mưu", "lead"),
        ("Phân công - Chỉ đạo", "overseer"),
        ("Đơn vị chủ trì, phối hợp - Phối hợp", "coordinate"),
        ("Đơn vị chủ trì, phối hợp - Chủ trì", "lead"),
        ("Đơn vị chủ trì - phối hợp", "lead_coordinate"),
        ("Giai đoạn/Nhiệm vụ", "task"),
        ("Kinh phí - Ngân sách tỉnh", "budget"),
        ("Thời gian - Bắt đầu", "deadline"),
        ("Đơn vị trình", "lead"),
        ("Đơn vị tính", "unit_of_measure"),
        ("Số đơn vị", None),
    ],
)
def test_the_lowest_level_tells_most(heading: str, kind: str | None) -> None:
    assert read_columns(table(["STT", heading], ["1", "a"])).kinds[1] == kind


def test_bodies_lead_where_no_other_column_does() -> None:
    rows = ["1", "Làm đường", "Sở Xây dựng", "Quý I"]
    assert read_columns(table(["STT", "Nhiệm vụ", "Đơn vị", "Thời gian"], rows)).kinds[2] == "lead"
    other = table(["STT", "Nhiệm vụ", "Đơn vị", "Chủ trì"], [*rows[:3], "Sở Tài chính"])
    assert read_columns(other).kinds[2:] == ("body", "lead")
    assert table_role(read_columns(table(["STT", "Đơn vị", "Thời gian"], ["1", "Xã Tân", "Quý I"])), None) == "other"


def test_crosses_under_times_are_deadlines() -> None:
    columns = read_columns(
        table(
            [
                "TT",
                "Hoạt động",
                "Năm 2026 - Quý I",
                "Năm 2026 - Quý IH",
                "Năm 2026 - Quý II",
                "Năm 2026 - Quý IV",
                "T1",
            ],
            ["1", "Giám sát", "x", "", "x", "X", "5"],
        )
    )
    assert columns.kinds[2:] == ("deadline",) * 4 + (None,)
    assert columns.times[2:6] == ("Quý I/2026", "Quý II/2026", "Quý III/2026", "Quý IV/2026")


@pytest.mark.parametrize(
    ("headings", "times"),
    [
        (["Tháng - 1", "Tháng - 2", "Tháng - 3"], ["Tháng 1", "Tháng 2", "Tháng 3"]),
        (["T10", "T11", "T1Z"], ["Tháng 10", "Tháng 11", None]),
        (["Năm 2025", "2026", "Tuần 1"], ["Năm 2025", "Năm 2026", None]),
        (["1", "II", "Quý"], [None, None, None]),
        (["Quý I", "Quý II", "Quý", "Quý IV"], ["Quý I", "Quý II", "Quý III", "Quý IV"]),
        (["Quý", "Quý II", "Quý III", "Quý IV"], ["Quý I", "Quý II", "Quý III", "Quý IV"]),
        (["Quý I", "Quý", "Ghi chú"], ["Quý I", None, None]),
        (["Quý I", "Quý I", "Quý III"], ["Quý I", "Quý II", "Quý III"]),
    ],
)
def test_headings_that_are_times(headings: list[str], times: list[str | None]) -> None:
    assert list(read_columns(table(headings, ["a", "b", "c"])).times) == times
