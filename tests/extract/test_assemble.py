from __future__ import annotations

import pytest

from pipeline.extract.assemble import assemble_document
from pipeline.extract.registers import reconcile_units, register_units
from pipeline.values import DocumentLayout, Item, Outline, Paragraph, Text
from schemas import PlanDocument, Quality, Responsibility, SourceFile, Task, UnitRef
from schemas.checks import violations
from tests.extract.builders import bullet, outline, plain, section, statement, table

SOURCE = SourceFile(file="plan.txt", sha256="0" * 64, pages=1, page_text=["text_layer"])


def lines(*strings: str) -> tuple[Text, ...]:
    return tuple(Text(s) for s in strings)


def document(tree: Outline, *, date: str = "Sông Xanh, ngày 10 tháng 3 năm 2025", **parts: object) -> PlanDocument:
    tables = [t for s in tree.sections for sub in s.walk() for t in sub.tables]
    layout = DocumentLayout(
        letterhead_left=lines("UBND TỈNH TRƯỜNG SƠN ĐÔNG", "SỞ Y TẾ", "Số: 12/KH-SYT"),
        letterhead_right=lines("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", date),
        title=lines("KẾ HOẠCH", "Phòng chống bệnh dại năm 2025"),
        body=tuple(Paragraph(Text("Phòng chống bệnh dại")) for _ in range(1)),
        recipients=lines("- Như trên;", "- Lưu: VT."),
        signature=lines("GIÁM ĐỐC", "Tô Hạ Nguyên"),
    )
    return assemble_document(SOURCE, layout, tree, tables, Quality(), [])


PLAN = outline(
    section("I", "MỤC TIÊU", "objectives", bullet("Đến năm 2030 tiêm phòng 70% đàn chó.")),
    section(
        "II", "NHIỆM VỤ", "tasks",
        statement("1", "Tiêm phòng cho chó, mèo trước ngày 30/9.", "tasks",
                  bullet("Chủ trì: Trung tâm Kiểm soát bệnh tật"),
                  bullet("Phối hợp: Các đơn vị trực thuộc")),
        section("2", "Danh mục", "tasks",
                table(["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"],
                      ["1", "Mua vắc xin", "Phòng KHTC", "Quý II"]), level=2),
    ),
    section("III", "KINH PHÍ", "funding", plain("Theo dự toán được giao.")),
    section("IV", "TỔ CHỨC THỰC HIỆN", "implementation",
            section("1", "Các đơn vị trực thuộc", "implementation",
                    bullet("Báo cáo trước ngày 15/11 hằng năm."), level=2)),
)  # fmt: skip


def test_of_pages_that_were_not_asked_for_nothing_is_missed() -> None:
    layout = DocumentLayout((), (), (), (Paragraph(Text("III. KINH PHÍ")),), (), ())
    codes = []
    for asked in (1, 4):
        source = SourceFile.model_validate(
            SOURCE.model_dump()
            | {"pages": 4, "page_info": [{"page": asked, "width": 595, "height": 842, "triage": "image"}]}
        )
        found = assemble_document(source, layout, outline(), [], Quality(), []).warnings
        codes.append({warning.code for warning in found})
    missed = {"number_missing", "date_missing", "issuer_missing", "place_missing", "title_missing"}
    assert missed <= codes[0] and not missed & codes[1]


def test_a_closing_paragraph_is_no_funding() -> None:
    closing = Item(Text("Trên đây là Kế hoạch của Sở Y tế./."), closing=True)
    plan = document(outline(section("III", "KINH PHÍ", "funding", plain("Theo dự toán được giao."), closing)))
    assert plan.funding == "Theo dự toán được giao."
    assert plan.sections[0].paragraphs == ["Theo dự toán được giao.", "Trên đây là Kế hoạch của Sở Y tế./."]


def test_a_whole_plan_holds_together() -> None:
    plan = document(PLAN)
    assert list(violations(plan)) == []
    assert [o.id for o in plan.objectives] == ["o1"]
    assert [(t.id, t.origin, t.section) for t in plan.tasks] == [("t1", "section", "II.1"), ("t2", "table", "tb1")]
    assert plan.funding == "Theo dự toán được giao."
    assert [(d.item_id, d.item_kind, d.due or d.rrule) for d in plan.deadlines] == [
        ("o1", "objective", "2030-12-31"),
        ("t1", "task", "2025-09-30"),
        ("t2", "task", "2025-06-30"),
        ("d1", "duty", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15"),
    ]
    unit = next(u for u in plan.units if u.name == "Các đơn vị trực thuộc")
    assert (unit.roles, unit.item_ids) == (["coordinate", "implement"], ["t1", "r1"])
    assert next(u for u in plan.units if u.name == "Phòng Kế hoạch - Tài chính").aliases == ["Phòng KHTC"]
    assert plan.tables[0].role == "tasks"


def test_the_same_input_gives_the_same_document() -> None:
    assert document(PLAN) == document(PLAN)


def test_an_empty_outline_is_a_document_with_a_warning() -> None:
    plan = document(Outline((), ()))
    assert "no_sections" in {w.code for w in plan.warnings}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Chấm dứt trước ngày 31/4/2025 việc nuôi thả.", "impossible_date"),
        ("Tổ chức tiêm phòng trước ngày 30/9/2099.", "deadline_far_off"),
    ],
)
def test_contradictions_are_told(text: str, code: str) -> None:
    plan = document(outline(section("I", "NHIỆM VỤ", "tasks", bullet(text))))
    warning = next(w for w in plan.warnings if w.code == code)
    assert warning.item_id == "t1"


def test_a_deadline_before_the_plans_own_date_is_told() -> None:
    tree = outline(
        section("I", "NHIỆM VỤ", "tasks", bullet("Làm."), bullet("Tiêm phòng."), bullet("Thời gian: 30/01/2024"))
    )
    plan = document(tree)
    assert "deadline_before_issue" in {w.code for w in plan.warnings}


def test_helpers_without_a_leader_are_told() -> None:
    tree = outline(section("I", "NHIỆM VỤ", "tasks", bullet("Tiêm phòng."), bullet("Phối hợp: Thanh tra Sở")))
    assert "task_without_lead" in {w.code for w in document(tree).warnings}


def test_gaps_in_the_rows_of_a_table_are_told() -> None:
    rows = table(["STT", "Nhiệm vụ", "Chủ trì"], ["1", "Làm đường", "Sở Xây dựng"], ["3", "Xây cầu", "Sở Xây dựng"])
    plan = document(outline(section("I", "NHIỆM VỤ", "tasks", rows)))
    assert "row_number_gap" in {w.code for w in plan.warnings}


def _task(number: int, unit: str) -> Task:
    return Task(id=f"t{number}", text="Làm", section="I", lead_units=[UnitRef(name=unit, text=unit)])


def test_misread_units_take_the_name_the_document_prints_more_often() -> None:
    good = "Bệnh viện Quân dân y"
    tasks = [_task(k, good) for k in range(1, 7)]
    tasks += [_task(7, "Bệnh viện Quân dân"), _task(8, "Bệnh viện Quân dân ỷ"), _task(9, "Bệnh viện Sản Nhi")]
    mended, _ = reconcile_units(tasks, [])
    assert [t.lead_units[0].name for t in mended] == [good] * 8 + ["Bệnh viện Sản Nhi"]
    assert mended[6].lead_units[0].text == "Bệnh viện Quân dân"  # as printed


def test_small_words_take_the_marks_the_document_gives_them() -> None:
    tasks = [_task(1, "Cơ sở được thâm định")]
    mended, _ = reconcile_units(
        tasks, [], ("được", "thẩm", "định", "Đoàn", "thẩm", "định", "thâm", "định") * 2 + ("thẩm", "định") * 3
    )
    assert mended[0].lead_units[0].name == "Cơ sở được thẩm định"


def test_places_that_differ_in_a_mark_stay_apart() -> None:
    tasks = [_task(k, "UBND xã Tân An") for k in range(1, 5)] + [_task(5, "UBND xã Tân Ân")]
    mended, _ = reconcile_units(tasks, [])
    assert mended[4].lead_units[0].name == "UBND xã Tân Ân"


def test_a_leading_cac_is_no_part_of_a_unit() -> None:
    charge = Responsibility(id="r1", unit=UnitRef(name="Các đơn vị trực thuộc", text="Các đơn vị trực thuộc"))
    (unit,) = register_units([_task(1, "Đơn vị trực thuộc")], [charge])
    assert (unit.roles, unit.item_ids) == (["lead", "implement"], ["t1", "r1"])


def test_a_table_under_a_heading_of_times_only_lists_them() -> None:
    classes = table(
        ["STT", "Nội dung", "Đơn vị thực hiện", "Thời gian"],
        ["1", "Tập huấn nghiệp vụ kiểm tra cho cán bộ xã (lớp 1)", "Chi cục", "20/5/2025"],
        ["2", "Tập huấn nghiệp vụ kiểm tra cho cán bộ xã (lớp 2)", "Chi cục", "27/5/2025"],
    )
    listed = document(outline(section("IV", "THỜI GIAN, ĐỊA ĐIỂM", "other", classes)))
    planned = document(outline(section("IV", "CÁC LỚP TẬP HUẤN", "tasks", classes)))
    assert ([t.role for t in listed.tables], len(listed.tasks)) == (["other"], 0)
    assert ([t.role for t in planned.tables], len(planned.tasks)) == (["tasks"], 2)


def test_the_end_of_a_document_is_not_missed_where_only_some_pages_were_asked_for() -> None:
    layout = DocumentLayout((), (), (), (Paragraph(Text("III. KINH PHÍ")),), (), ())
    sizes = [{"page": page, "width": 595, "height": 842, "triage": "image"} for page in (1, 2)]
    codes = []
    for pages in (2, 4):
        source = SourceFile.model_validate(SOURCE.model_dump() | {"pages": pages, "page_info": sizes})
        codes.append({w.code for w in assemble_document(source, layout, outline(), [], Quality(), []).warnings})
    assert {"signature_missing", "recipients_missing"} <= codes[0]
    assert not {"signature_missing", "recipients_missing"} & codes[1]


@pytest.mark.parametrize(("chapter", "role"), [("funding", "other"), ("tasks", "tasks")])
def test_a_table_of_costs_in_the_chapter_of_money_gives_no_tasks(chapter: str, role: str) -> None:
    costs = table(["TT", "Nội dung", "Đơn vị thực hiện", "Thành tiền (đồng)"], ["1", "Thuê xe", "Phòng KHTC", "5.000"])
    plan = document(outline(section("III", "KINH PHÍ", chapter, plain("Cụ thể:"), costs)))
    assert [t.role for t in plan.tables] == [role]
    assert bool(plan.tasks) is (role == "tasks")
