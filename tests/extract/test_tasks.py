from __future__ import annotations

import time

import pytest

from pipeline.extract.tasks import read_section_tasks
from pipeline.values import Item, Text
from tests.extract.builders import PLAN, bullet, outline, plain, section, statement, table


def test_attribute_lines_fill_the_item_above_them() -> None:
    (task,) = read_section_tasks(
        outline(
            section(
                "III", "NHIỆM VỤ", "tasks",
                section(
                    "1", "Nâng cao nhận thức", "tasks",
                    statement(
                        "1.4", "Tổ chức triển khai nền tảng số.", "tasks",
                        bullet("Chủ trì thực hiện: Phòng Tổ chức – Hành chính, Sở Y tế."),
                        bullet("Cơ quan phối hợp: Các phòng chức năng, đơn vị trực thuộc."),
                        bullet("Thời gian thực hiện: Thường xuyên."),
                        bullet("Sản phẩm: Báo cáo hằng quý."),
                        bullet("Kinh phí: 50 triệu đồng"),
                        level=3,
                    ),
                    level=2,
                ),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert (task.number, task.section, task.group) == ("1.4", "III.1.4", "Nâng cao nhận thức")
    assert [(u.name, u.parent) for u in task.lead_units] == [("Phòng Tổ chức - Hành chính", "Sở Y tế")]
    assert [u.name for u in task.coordinating_units] == ["Các phòng chức năng", "Đơn vị trực thuộc"]
    assert [(d.kind, d.rrule, d.subject) for d in task.deadlines] == [
        ("ongoing", None, "item"),
        ("recurring", "FREQ=MONTHLY;INTERVAL=3", "report"),
    ]
    assert (task.deliverable, task.budget_vnd) == ("Báo cáo hằng quý", 50_000_000)


def test_two_blocks_under_one_item_are_united() -> None:
    (task,) = read_section_tasks(
        outline(
            section(
                "I", "NHIỆM VỤ", "tasks", bullet("Phổ biến kế hoạch."),
                bullet("Chủ trì: Văn phòng Sở."), bullet("Chủ trì: Thanh tra Sở, Văn phòng Sở."),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert [u.name for u in task.lead_units] == ["Văn phòng Sở", "Thanh tra Sở"]


def test_a_combined_line_names_the_leader_first() -> None:
    (task,) = read_section_tasks(
        outline(
            section(
                "I",
                "NHIỆM VỤ",
                "tasks",
                bullet("Làm việc."),
                bullet("Đơn vị chủ trì/phối hợp: Văn phòng Sở; Thanh tra Sở"),
            )
        ),
        PLAN,
    )
    assert [u.name for u in task.lead_units] == ["Văn phòng Sở"]
    assert [u.name for u in task.coordinating_units] == ["Thanh tra Sở"]


def test_a_heading_with_nothing_but_attributes_is_the_task() -> None:
    (task,) = read_section_tasks(
        outline(
            section(
                "I", "NHIỆM VỤ", "tasks",
                section("1", "Xây dựng trạm bơm", "tasks", bullet("Chủ trì: Văn phòng Sở"), level=2),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert (task.text, task.number, [u.name for u in task.lead_units]) == ("Xây dựng trạm bơm", "1", ["Văn phòng Sở"])


def test_units_in_a_sentence_are_not_units_of_the_task() -> None:
    (task,) = read_section_tasks(
        outline(
            section("I", "NHIỆM VỤ", "tasks", bullet("Phối hợp với Sở Tài chính bố trí vốn trước ngày 30/9/2025."))
        ),
        PLAN,
    )
    assert (task.lead_units, task.coordinating_units) == ([], [])
    assert [d.due for d in task.deadlines] == ["2025-09-30"]


def test_an_introduction_reaches_over_numbered_items() -> None:
    found = read_section_tasks(
        outline(
            section(
                "V", "Quy trình", "tasks",
                plain("Sáng:"), statement("1", "Họp đoàn kiểm tra.", "tasks"),
                statement("2", "Kiểm tra thực tế.", "tasks"),
                plain("Chiều:"), statement("1", "Họp tổng kết với đơn vị.", "tasks"),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert [(t.number, t.context) for t in found] == [("1", "Sáng:"), ("2", "Sáng:"), ("1", "Chiều:")]


def test_a_paragraph_that_only_points_to_the_appendix_is_no_task() -> None:
    pointer = plain("Các nhiệm vụ cụ thể, đơn vị thực hiện và thời gian nêu tại Phụ lục kèm theo Kế hoạch này.")
    work = bullet("Lập danh mục công trình theo Phụ lục 2 và gửi Sở Tài chính trước ngày 30/6.")
    tasks = read_section_tasks(outline(section("II", "NHIỆM VỤ", "tasks", pointer, work)), PLAN)
    assert [t.text for t in tasks] == [work.text.string]


def test_a_closing_paragraph_is_no_task() -> None:
    closing = Item(Text("Trên đây là kết luận của Giám đốc Sở./."), closing=True)
    found = read_section_tasks(outline(section("II", "NHIỆM VỤ", "tasks", bullet("Rà soát hồ sơ."), closing)), PLAN)
    assert [task.text for task in found] == ["Rà soát hồ sơ."]


@pytest.mark.parametrize(
    ("bracket", "lead", "coordinating"),
    [
        ("Phòng Kinh tế chủ trì, phối hợp Công an xã, hoàn thành trong quý II/2026", ["Phòng Kinh tế"], ["Công an xã"]),
        ("Trạm Y tế xã chủ trì; phối hợp: Công an xã, Đoàn xã", ["Trạm Y tế xã"], ["Công an xã", "Đoàn xã"]),
        ("giao Văn phòng Sở làm đầu mối", ["Văn phòng Sở"], []),
        ("Ban Quản lý dự án xã; thời gian: quý III/2026", ["Ban Quản lý dự án xã"], []),
        ("Công an xã, Trạm Y tế xã", ["Công an xã", "Trạm Y tế xã"], []),
        ("Trạm Y tế xã; Công an xã", ["Trạm Y tế xã", "Công an xã"], []),
        ("Trạm Y tế xã chủ trì, Công an xã phối hợp", ["Trạm Y tế xã"], ["Công an xã"]),
        ("Trạm Y tế xã - chủ trì; Công an xã, Đoàn xã - phối hợp", ["Trạm Y tế xã"], ["Công an xã", "Đoàn xã"]),
        ("Trạm Y tế xã chủ trì; Công an xã; xong trong quý II", ["Trạm Y tế xã"], ["Công an xã"]),
    ],
)  # fmt: skip
def test_units_in_brackets_behind_a_statement_are_those_of_the_task(
    bracket: str, lead: list[str], coordinating: list[str]
) -> None:
    (task,) = read_section_tasks(
        outline(section("2", "NHIỆM VỤ", "tasks", statement("a", f"Nâng cấp đường làng ({bracket}).", "tasks"))),
        PLAN,
    )
    assert ([u.name for u in task.lead_units], [u.name for u in task.coordinating_units]) == (lead, coordinating)


def test_a_day_in_front_of_a_bracket_explains_nothing() -> None:
    text = "Giám sát tại các khu phố trước ngày 15/4/2026 (Trạm Y tế)."
    (task,) = read_section_tasks(outline(section("2", "NHIỆM VỤ", "tasks", statement("a", text, "tasks"))), PLAN)
    assert [unit.name for unit in task.lead_units] == ["Trạm Y tế"]


@pytest.mark.parametrize(
    "text",
    [
        "Gửi hồ sơ về cơ quan thường trực (Sở Nội vụ).",
        "Báo cáo Ủy ban nhân dân tỉnh (Sở Y tế).",
        "Phối hợp với các sở, ngành (Sở Y tế, Công an tỉnh).",
        "Gửi danh sách về Công an tỉnh (qua Phòng An ninh kinh tế).",
        "Tiêm vét tại hai xã (xã Hòa An, xã Hòa Bình chưa có điện).",
    ],
)
def test_brackets_that_tell_which_body_is_meant_charge_nobody(text: str) -> None:
    (task,) = read_section_tasks(outline(section("2", "NHIỆM VỤ", "tasks", statement("a", text, "tasks"))), PLAN)
    assert task.lead_units == []


def test_a_very_long_bracket_is_passed_over_quickly() -> None:
    text = "Kiểm tra (" + "Sở Y tế, " * 5000 + ")"
    start = time.process_time()
    (task,) = read_section_tasks(outline(section("2", "NHIỆM VỤ", "tasks", statement("a", text, "tasks"))), PLAN)
    assert (task.lead_units, time.process_time() - start < 5) == ([], True)


def test_the_caption_of_a_table_is_no_task() -> None:
    content = [
        plain("Bảng 2. Danh mục"),
        plain("Đơn vị tính: triệu đồng"),
        table(["TT", "Hạng mục"], ["1", "A"]),
    ]
    tasks = outline(section("III", "NHIỆM VỤ", "tasks", plain("Mua sắm theo danh mục."), *content))
    assert [t.text for t in read_section_tasks(tasks, PLAN)] == ["Mua sắm theo danh mục."]
