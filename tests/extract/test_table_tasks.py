from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.extract.table_columns import read_columns, table_role
from pipeline.extract.table_tasks import read_table_tasks
from pipeline.values import PlacedWord, Text
from tests.extract.builders import PLAN, table

COLUMNS = [
    "STT",
    "Nhiệm vụ và giải pháp",
    "Chủ trì",
    "Phối hợp",
    "Kết quả/sản phẩm",
    "Thời gian hoàn thành",
    "Kinh phí (triệu đồng)",
    "Ghi chú",
]
PLAN_TABLE = table(
    COLUMNS,
    ["I", "HOÀN THIỆN HẠ TẦNG", "", "", "", "", "", ""],
    ["01", "Nâng cấp đường truyền", "Văn phòng Sở\nCác đơn vị trực thuộc",
     "Phòng Kế hoạch – Tài chính", "Báo cáo hằng tháng", "Tháng 6", "1.200", "Nghị quyết số 11/NQ-HĐND"],
    ["02", "Mua máy chủ", "Văn phòng Sở", "", "", "Quý II/2026", "", ""],
    ["II", "ĐÀO TẠO NHÂN LỰC", "", "", "", "", "", ""],
    ["03", "Mở lớp học", "Phòng Tổ chức cán bộ", "", "", "≤ 20 ngày làm việc", "", ""],
)  # fmt: skip


def test_rows_become_tasks_in_their_groups() -> None:
    columns = read_columns(PLAN_TABLE)
    assert columns.kinds == ("number", "task", "lead", "coordinate", "deliverable", "deadline", "budget", "notes")
    assert table_role(columns, None) == "tasks"
    found = read_table_tasks(PLAN_TABLE, "tb1", columns, PLAN)
    assert [(t.number, t.group, t.section, t.origin) for t in found.tasks] == [
        ("01", "HOÀN THIỆN HẠ TẦNG", "tb1", "table"),
        ("02", "HOÀN THIỆN HẠ TẦNG", "tb1", "table"),
        ("03", "ĐÀO TẠO NHÂN LỰC", "tb1", "table"),
    ]
    first = found.tasks[0]
    assert [u.name for u in first.lead_units] == ["Văn phòng Sở", "Các đơn vị trực thuộc"]
    assert [u.name for u in first.coordinating_units] == ["Phòng Kế hoạch - Tài chính"]
    assert [(d.kind, d.due, d.rrule) for d in first.deadlines] == [
        ("month", "2025-06-30", None),
        ("recurring", None, "FREQ=MONTHLY"),
    ]
    assert (first.budget_vnd, first.notes) == (1_200_000_000, "Nghị quyết số 11/NQ-HĐND")
    assert [c.number for c in first.citations] == ["11/NQ-HĐND"]
    assert [d.condition for d in found.tasks[2].deadlines] == ["≤ 20 ngày làm việc"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Nhiem vu va giai phap", "task"),
        ("Thòi gian hoan thành", "deadline"),
        ("Don vị chủ tri", "lead"),
        ("Cơ quan, đơn vị phối hợp thực hiện", "coordinate"),
        ("Đơn vị chủ trì/ phối hợp", "lead_coordinate"),
        ("Ghi chú", "notes"),
        ("Nguồn kinh phí", "funding_source"),
    ],
)
def test_headings_are_known_though_broken(heading: str, kind: str) -> None:
    assert read_columns(table(["STT", heading], ["1", "x"])).kinds[1] == kind


def test_a_heading_that_can_be_read_is_not_overruled_by_its_cells() -> None:
    rows = [
        ["1", "Lớp tập huấn cho cán bộ phụ trách tuyến huyện", "Ngày 05/3/2026"],
        ["2", "Lớp tập huấn cho nhân viên y tế tuyến xã", "Ngày 12/3/2026"],
    ]
    found = table(["STT", "Tên lớp", "Thời gian"], *rows)
    assert table_role(read_columns(found), None) == "other"


def test_a_lost_heading_is_known_by_its_cells() -> None:
    found = read_columns(
        table(
            ["", "Nội dung", "Chủ trì", ""],
            ["1", "Làm đường", "Sở Xây dựng", "Quý I/2025"],
            ["2", "Xây cầu", "Sở Xây dựng", "Tháng 6"],
            ["3", "Đào kênh", "Sở Xây dựng", "Thường xuyên"],
        )
    )
    assert found.kinds == ("number", "task", "lead", "deadline")


@pytest.mark.parametrize(
    "columns",
    [
        ["STT", "Đơn vị kiểm tra", "Thời gian kiểm tra"],
        ["TT", "Họ và tên", "Chức vụ", "Nhiệm vụ"],
        ["TT", "Tên cơ sở", "Địa chỉ"],
    ],
)
def test_lists_of_places_and_members_are_no_tasks(columns: list[str]) -> None:
    rows = table(columns, ["1", *["a"] * (len(columns) - 1)])
    assert table_role(read_columns(rows), None) == "other"


def test_projects_are_told_by_their_column() -> None:
    rows = table(
        ["STT", "Tên dự án", "Chủ đầu tư", "Tổng mức đầu tư (tỷ đồng)"], ["1", "Xây trạm y tế", "Sở Y tế", "3,5"]
    )
    columns = read_columns(rows)
    assert table_role(columns, None) == "projects"
    (task,) = read_table_tasks(rows, "tb2", columns, PLAN).tasks
    assert (task.text, task.budget_vnd) == ("Xây trạm y tế", 3_500_000_000)


def test_a_row_without_its_number_is_kept_and_told() -> None:
    rows = table(
        ["STT", "Nhiệm vụ", "Chủ trì"],
        ["1", "Làm đường", "Sở Xây dựng"],
        ["", "Xây cầu", "Sở Xây dựng"],
        ["", "ghi thêm", ""],
    )
    found = read_table_tasks(rows, "tb1", read_columns(rows), PLAN)
    assert [t.text for t in found.tasks] == ["Làm đường", "Xây cầu"]
    assert {doubt.code for doubt in found.doubts} == {"table_row_without_number"}


def test_rows_that_number_the_columns_are_skipped() -> None:
    rows = table(["STT", "Nhiệm vụ", "Chủ trì"], ["(1)", "(2)", "(3)"], ["1", "Làm đường", "Sở Xây dựng"])
    assert [t.text for t in read_table_tasks(rows, "tb1", read_columns(rows), PLAN).tasks] == ["Làm đường"]


def test_a_cell_of_which_nothing_was_understood_is_told_with_its_task() -> None:
    rows = table(
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"],
        ["1", "Làm đường", "Sở Xây dựng", "Quý II/2025"],
        ["2", "Xây cầu", "bên được chọn", "Quý III/2025"],
        ["3", "Trồng cây", "–", "Quý IV/2025"],
    )
    found = read_table_tasks(rows, "tb1", read_columns(rows), PLAN)
    assert [(doubt.code, doubt.task) for doubt in found.doubts] == [("table_cell_not_understood", 1)]


def test_a_cell_that_names_leader_and_helper() -> None:
    rows = table(["STT", "Nhiệm vụ", "Chủ trì"], ["1", "Làm đường", "Sở Xây dựng chủ trì, phối hợp với Sở Tài chính"])
    (task,) = read_table_tasks(rows, "tb1", read_columns(rows), PLAN).tasks
    assert [u.name for u in task.lead_units] == ["Sở Xây dựng"]
    assert [u.name for u in task.coordinating_units] == ["Sở Tài chính"]


def test_a_merged_cell_speaks_of_every_row_it_covers() -> None:
    rows = table(
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian", "Kinh phí (triệu đồng)"],
        ["1", "Làm đường", "Sở Xây dựng", "Quý II/2025", "500"],
        ["2", "Xây cầu", "", "Quý III/2025", ""],
        ["3", "Trồng cây", "", "", ""],
    )
    word = PlacedWord(0, 11, 2, None, 0.95, "Sở Xây dựng")
    cells = [list(row) for row in rows.rows]
    cells[0][2] = Text("Sở Xây dựng", (word,))
    rows = replace(rows, rows=tuple(map(tuple, cells)), covered=((1, 2, 0), (1, 4, 0)))
    found = read_table_tasks(rows, "tb1", read_columns(rows), PLAN)
    assert [[u.name for u in t.lead_units] for t in found.tasks] == [["Sở Xây dựng"], ["Sở Xây dựng"], []]
    assert [t.budget_vnd for t in found.tasks] == [500_000_000, None, None]
    sources = [t.lead_units[0].source for t in found.tasks[:2]]
    assert [s.confidence if s else None for s in sources] == [0.95, 0.6]
    assert [(d.code, d.task) for d in found.doubts] == [("table_cell_merged", 1)]


def test_nt_stands_for_the_cell_above() -> None:
    rows = table(
        ["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"],
        ["I", "Trước thiên tai", "", "", ""],
        ["1", "Làm đường", "Sở Xây dựng", "Sở Tài chính", "Quý II/2025"],
        ["2", "Xây cầu", "nt", "//", "-nt-"],
        ["3", "Trồng cây", "nt", "-", "Tháng 9"],
    )
    found = read_table_tasks(rows, "tb1", read_columns(rows), PLAN)
    assert [[u.name for u in t.lead_units] for t in found.tasks] == [["Sở Xây dựng"]] * 3
    assert [[u.name for u in t.coordinating_units] for t in found.tasks] == [["Sở Tài chính"]] * 2 + [[]]
    assert [[d.due for d in t.deadlines] for t in found.tasks] == [["2025-06-30"], ["2025-06-30"], ["2025-09-30"]]
    assert [(d.code, d.task) for d in found.doubts] == [("table_cell_merged", 1), ("table_cell_merged", 2)]


def test_rows_under_a_merged_task_add_to_it() -> None:
    rows = table(
        ["STT", "Nhiệm vụ", "Nội dung cụ thể", "Chủ trì", "Phối hợp", "Thời hạn", "Sản phẩm"],
        ["1", "Xúc tiến thương mại", "Hội chợ", "Sở Công Thương", "Sở Tài chính", "Tháng 9", "Báo cáo"],
        ["", "", "Điểm bán hàng", "Sở Du lịch", "Sở Tài chính", "Năm 2026", "Gian hàng"],
        ["II", "GIÁM SÁT", "", "", "", "", ""],
        ["", "", "thừa", "Sở Y tế", "", "", ""],
        ["2", "Kiểm tra", "Cơ sở", "Sở Y tế", "", "Quý IV", ""],
    )
    found = read_table_tasks(rows, "tb1", read_columns(rows), PLAN)
    first, second = found.tasks
    assert [u.name for u in first.lead_units] == ["Sở Công Thương", "Sở Du lịch"]
    assert [u.name for u in first.coordinating_units] == ["Sở Tài chính"]
    assert [d.due for d in first.deadlines] == ["2025-09-30", "2026-12-31"]
    assert first.deliverable == "Báo cáo; Gian hàng"
    assert (second.group, [u.name for u in second.lead_units]) == ("GIÁM SÁT", ["Sở Y tế"])
    assert [(d.code, d.task) for d in found.doubts] == [("table_cell_merged", 0)]


def test_crosses_in_columns_of_quarters_say_when() -> None:
    rows = table(
        ["TT", "Hoạt động", "Đơn vị thực hiện", "Thời gian - Quý I", "Thời gian - Quý II", "Thời gian - Quý III"],
        ["1", "Giám sát", "Trạm y tế xã Tân", "x", "", "X"],
    )
    (task,) = read_table_tasks(rows, "tb1", read_columns(rows), PLAN).tasks
    assert [(d.kind, d.due) for d in task.deadlines] == [("quarter", "2025-03-31"), ("quarter", "2025-09-30")]


@pytest.mark.parametrize("total", [["", "Tổng cộng", "", "", "900"], ["Cộng (1+2)", "", "", "", "900"]])
def test_sums_are_no_tasks(total: list[str]) -> None:
    rows = table(
        ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian", "Kinh phí"],
        ["1", "Làm đường", "Sở Xây dựng", "Quý II", "500"],
        ["2", "Xây cầu", "Sở Xây dựng", "Quý II", "400"],
        total,
    )
    found = read_table_tasks(rows, "tb1", read_columns(rows), PLAN, "triệu đồng")
    assert [t.budget_vnd for t in found.tasks] == [500_000_000, 400_000_000]
    assert not found.doubts


def test_names_that_no_rule_knows_are_kept_in_front_of_one_that_a_rule_knows() -> None:
    rows = table(
        ["STT", "Nội dung", "Chủ trì", "Phối hợp", "Thời gian"],
        ["1", "Phủ sóng di động các thôn", "Sở Xây dựng", "Sao Mai, Hải Đăng Telecom, UBND các xã", "Quý II"],
        ["2", "Số hóa sổ hộ tịch", "Sở Tư pháp", "Sở, ngành liên quan, UBND các xã", "Quý III"],
        ["3", "Khám sức khỏe", "Sở Y tế", "Khoa, phòng liên quan", "Quý IV"],
    )
    first, second, third = read_table_tasks(rows, "tb1", read_columns(rows), PLAN).tasks
    assert [u.name for u in first.coordinating_units] == ["Sao Mai", "Hải Đăng Telecom", "UBND các xã"]
    assert [u.name for u in second.coordinating_units] == ["Sở, ngành liên quan", "UBND các xã"]
    assert [u.name for u in third.coordinating_units] == ["Khoa, phòng liên quan"]


def test_a_name_that_no_rule_knows_leads_as_printed() -> None:
    rows = table(
        ["STT", "Nội dung", "Phụ trách", "Thời gian"],
        ["1", "Ngày hội đọc sách", "Tổng phụ trách Đội; Tổ Văn phòng", "Tháng 9"],
        ["2", "Hội chợ xuân", "Thư viện", "Tháng 10"],
        ["3", "Tổng kết", "Theo phân công của Hiệu trưởng", "Tháng 11"],
    )
    found = read_table_tasks(rows, "tb1", read_columns(rows), PLAN)
    assert [[u.name for u in t.lead_units] for t in found.tasks[:2]] == [
        ["Tổng phụ trách Đội", "Tổ Văn phòng"],
        ["Thư viện"],
    ]
    assert not [u for u in found.tasks[2].lead_units if u.name.startswith("Theo")]
