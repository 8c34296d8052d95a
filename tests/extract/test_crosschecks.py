"""Warnings that a person can act on: raised where the page must be looked at, not where all is well."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from pipeline.extract.crosschecks import cross_check, outline_notes
from pipeline.extract.deadline_values import read_deadline_value
from pipeline.extract.deadlines import find_deadlines
from pipeline.extract.form_checks import check_form
from pipeline.extract.plausibility import check_shapes, odd_heading, odd_name, odd_statement
from pipeline.extract.table_checks import check_tables, is_count_row, is_cut_heading, misread_figure
from pipeline.extract.units import units_in
from pipeline.values import DocumentLayout, Line, Outline, Paragraph, Text, Word
from schemas import (
    Citation,
    Deadline,
    Duty,
    Header,
    LegalBasis,
    Objective,
    PlanDocument,
    PlanTable,
    PlanWarning,
    Recipient,
    Responsibility,
    Section,
    Signature,
    Source,
    SourceFile,
    Task,
    Unit,
    UnitRef,
)
from tests.extract.builders import LORE

LAYOUT = DocumentLayout((), (), (), (), (), ())

SOUND: dict[str, Any] = {
    "source": SourceFile(file="plan.pdf", sha256="0" * 64, pages=3, page_text=["ocr"] * 3),
    "header": Header(
        parent_authority="UBND tỉnh Trường Sơn Đông",
        issuing_authority="Sở Y tế",
        document_number="12/KH-SYT",
        place="Trường Sơn Đông",
        issued_on="2025-03-10",
        document_type="Kế hoạch",
        title="Phòng chống bệnh dại năm 2025",
        plan_years=[2025],
    ),
    "recipients": [Recipient(name="UBND tỉnh", purpose="báo cáo"), Recipient(name="Lưu: VT, NVY", purpose="lưu")],
    "signature": Signature(capacity="KT. GIÁM ĐỐC", position="PHÓ GIÁM ĐỐC", name="Tô Hạ Nguyên"),
}


def plan(**parts: Any) -> PlanDocument:
    return PlanDocument(**{**SOUND, **parts})


def header(**fields: Any) -> Header:
    known: Header = SOUND["header"]
    return known.model_copy(update=fields)


def form_codes(document: PlanDocument) -> set[str]:
    return {warning.code for warning in check_form(document)}


def shapes(document: PlanDocument) -> list[tuple[str, str | None]]:
    return [(warning.code, warning.item_id) for warning in check_shapes(document)]


def all_codes(document: PlanDocument) -> set[str]:
    return {warning.code for warning in cross_check(document, LAYOUT, dated=True)}


def codes_of_task(text: str) -> set[str]:
    task = Task(id="t1", text=text, section="II.1", deadlines=find_deadlines(Text(text), 2026))
    return all_codes(plan(tasks=[task]))


def unit(name: str) -> UnitRef:
    return UnitRef(name=name, text=name)


# --- the form ---------------------------------------------------------------------------------------------------------


def test_a_doubtful_number_is_a_pen_s_only_where_it_has_a_place_on_paper() -> None:
    def codes(bbox: tuple[float, float, float, float] | None) -> set[str]:
        doubtful = header(sources={"document_number": Source(page=1, bbox=bbox, confidence=0.5)})
        return {w.code for w in cross_check(plan(header=doubtful), LAYOUT, dated=True)}

    assert "number_handwritten" in codes((90, 60, 140, 75))
    assert "number_doubtful" in codes(None)
    assert "number_handwritten" not in codes(None)


@pytest.mark.parametrize(
    ("issued_on", "said"),
    [
        (None, "issued_on could not be read with confidence (0.26): look at the page"),
        ("2025-03-10", "issued_on '2025-03-10' was read with confidence 0.26: compare it with the page"),
    ],
)
def test_a_date_that_was_not_read_is_not_told_as_a_value(issued_on: str | None, said: str) -> None:
    sources = {"issued_on": Source(page=1, bbox=None, confidence=0.26)}
    document = plan(header=header(issued_on=issued_on, sources=sources))
    told = cross_check(document, LAYOUT, dated=True)
    assert [w.message for w in told if w.code == "date_doubtful"] == [said]


def test_a_whole_form_raises_nothing() -> None:
    assert form_codes(plan()) == set()


@pytest.mark.parametrize(
    ("parts", "codes"),
    [
        ({"header": header(issuing_authority=None)}, {"issuer_missing"}),
        ({"header": header(inferred=["issuing_authority"])}, {"issuer_inferred"}),
        ({"header": header(parent_authority="Sở Nội vụ")}, {"issuer_doubtful", "parent_doubtful"}),
        ({"header": header(place=None)}, {"place_missing"}),
        ({"header": header(title=None)}, {"title_missing", "type_doubtful"}),
        ({"header": header(document_type=None)}, {"type_missing"}),
        ({"signature": None}, {"signature_missing"}),
        ({"signature": Signature(position="GIÁM ĐỐC")}, {"signature_without_name"}),
        ({"signature": Signature(name="Tô Hạ Nguyên")}, {"signature_without_position"}),
        ({"signature": Signature(position="PHÓ GIÁM ĐỐC", name="Tô Hạ Nguyên")}, {"signature_without_capacity"}),
        ({"recipients": []}, {"recipients_missing"}),
        ({"recipients": [Recipient(name="UBND tỉnh", purpose="báo cáo")]}, {"recipients_cut"}),
    ],
)
def test_what_the_form_demands_is_missed(parts: dict[str, Any], codes: set[str]) -> None:
    assert form_codes(plan(**parts)) == codes


@pytest.mark.parametrize("name", ["UBND tỉnh (để bz)", "GIÁM ĐỐC SỞ Tô Hạ Nguyên", "Các sở sở ban ngành"])
def test_recipients_that_look_misread_are_named(name: str) -> None:
    document = plan(recipients=[Recipient(name=name), *SOUND["recipients"]])
    (warning,) = [w for w in check_form(document) if w.code == "recipient_doubtful"]
    assert name in warning.message


@pytest.mark.parametrize("name", ["BGĐ SYT", "LĐVP, CVNC", "UBND tỉnh", "HĐND TP"])
def test_recipients_in_abbreviations_are_not_taken_for_titles(name: str) -> None:
    document = plan(recipients=[Recipient(name=name), *SOUND["recipients"]])
    assert form_codes(document) == set()


def test_an_implementation_chapter_that_charges_nobody_is_told() -> None:
    chapter = Section(id="s1", label="IV", title="TỔ CHỨC THỰC HIỆN", level=1, role="implementation")
    assert [w.item_id for w in check_form(plan(sections=[chapter]))] == ["s1"]
    charged = Responsibility(id="r1", unit=unit("Văn phòng Sở"), duties=[Duty(id="d1", text="Theo dõi.")])
    assert form_codes(plan(sections=[chapter], responsibilities=[charged])) == set()


def test_a_date_printed_near_a_citation_but_not_understood_is_told() -> None:
    text = "Căn cứ Quyết định số 5/QĐ-UBND ngày 1O/x/2025"
    undated = LegalBasis(text=text, citations=[Citation(type="Quyết định", number="5/QĐ-UBND")])
    assert form_codes(plan(legal_bases=[undated])) == {"citation_undated"}
    bare = LegalBasis(text="Căn cứ Luật số 5/2020/QH14", citations=[Citation(type="Luật", number="5/2020/QH14")])
    assert form_codes(plan(legal_bases=[bare])) == set()


def test_an_appendix_of_headings_in_capitals_may_be_a_table() -> None:
    groups = [
        Section(id=f"s{n}", label=label, title="HẠ TẦNG SỐ", level=2, role="appendix")
        for n, label in ((2, "I"), (3, "II"))
    ]
    appendix = Section(id="s1", label="Phụ lục", title="DANH MỤC", level=1, role="appendix", children=groups)
    assert [(w.code, w.item_id) for w in check_form(plan(sections=[appendix]))] == [("appendix_without_table", "s1")]


# --- shapes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "và các đơn vị liên quan tổ chức tiêm phòng cho đàn chó.",
        "Tập trung các nhiệm vụ sau:",
        "Thể thao huyện.",
        "2. Phát triển dữ liệu và nền tảng số của ngành",
        "Tổ chức hội thi cấp trường. Thời gian: theo lịch của ban tổ chức.",
        "Các đơn vị thực hiện theo kế hoạch này. PHỤ LỤC DANH MỤC NHIỆM VỤ",
        "(Ban hành kèm theo Kế hoạch số 12/KH-SYT của Sở Y tế)",
        "Các nhiệm vụ cụ thể nêu tại Phụ lục kèm theo Kế hoạch này.",
        "Yêu cầu các đơn vị nghiêm túc triển khai thực hiện.",
        "Tổ chức hội thi cán bộ. một cửa cấp tỉnh trong năm.",
        "Phối hợp với các cơ sở khám bệnh . chữa bệnh trên địa bàn.",
    ],
)
def test_statements_that_were_cut_or_joined_are_odd(text: str) -> None:
    assert odd_statement(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Phấn đấu 90% người dân có hồ sơ sức khỏe điện tử trước ngày 30/9/2025.",
        "TỔ CHỨC TIÊM PHÒNG CHO ĐÀN CHÓ",
        "Giám sát vệ sinh tay tại các khoa bằng phiếu kiểm :",  # a speck behind a whole statement
        "Trang bị máy tính, máy in, v.v. cho các trạm y tế trên địa bàn.",
        "Rà soát quy trình. Đề xuất những thủ tục cần bỏ.",
        "Mở lớp cho ThS. bác sĩ trẻ tại TP. quảng lâm.",
    ],
)
def test_whole_statements_are_not_odd(text: str) -> None:
    assert odd_statement(text) is None


def test_names_and_headings() -> None:
    assert odd_name("Phòng Kế hoạch - Tài chính") is None
    assert odd_name("UBND các xã, phường Căn cứ nhiệm vụ") is not None
    assert odd_name("Sở Y tế (sau đây") is not None
    assert odd_heading("Mục tiêu cụ thể") is None
    long = "KINH PHÍ: Tổng kinh phí là bốn trăm tám mươi sáu triệu đồng từ nguồn ngân sách của đơn vị năm 2025"
    assert odd_heading(long) is not None


def test_doubts_name_their_item() -> None:
    objective = Objective(id="o1", text="Các chỉ tiêu sau:", section="I")
    charge = Responsibility(id="r1", unit=unit("các đơn vị"), duties=[Duty(id="d1", text="Theo dõi việc tiêm phòng.")])
    assert shapes(plan(objectives=[objective], responsibilities=[charge])) == [
        ("statement_doubtful", "o1"),
        ("unit_doubtful", "r1"),
    ]


def test_a_unit_that_is_another_with_a_word_more_is_told() -> None:
    tasks = [_task(1, "Văn phòng Sở"), _task(2, "Văn phòng Sở đốc"), _task(3, "Văn phòng Sở Y")]
    document = plan(
        tasks=tasks,
        units=[Unit(id=f"u{t.id[1:]}", name=t.lead_units[0].name, item_ids=[t.id]) for t in tasks],
    )
    assert shapes(document) == [("unit_doubtful", "t2")]


def _task(number: int, lead: str | None) -> Task:
    units = [unit(lead)] if lead else []
    return Task(id=f"t{number}", text=f"Tổ chức đợt tiêm phòng {number}", section="II.1", lead_units=units)


def test_a_task_without_what_its_like_have_is_told() -> None:
    tasks = [_task(k, "Trung tâm Y tế") for k in range(1, 6)] + [_task(6, None)]
    assert shapes(plan(tasks=tasks)) == [("task_without_lead", "t6")]


def test_tasks_of_which_few_name_a_leader_raise_nothing() -> None:
    assert shapes(plan(tasks=[_task(1, "Trung tâm Y tế"), *(_task(k, None) for k in range(2, 7))])) == []


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(number: int, columns: list[str], *rows: list[str], page: int = 2) -> PlanTable:
    return PlanTable(id=f"tb{number}", columns=columns, rows=list(rows), pages=[page], role="tasks")


HEADINGS = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"]


def test_a_sound_table_raises_nothing() -> None:
    table = _table(1, HEADINGS, ["I", "HẠ TẦNG SỐ QUỐC GIA", "", ""], ["1", "Nâng cấp", "Văn phòng Sở", "Quý I"])
    assert list(check_tables(plan(tables=[table]))) == []


def test_headings_that_swallowed_rows_and_split_tables_are_told() -> None:
    swallowed = [h + " - ĐỔI MỚI TƯ DUY LÃNH ĐẠO" for h in HEADINGS[1:]]
    tables = [_table(1, ["STT", *swallowed]), _table(2, HEADINGS, page=3)]
    found = [(w.code, w.item_id) for w in check_tables(plan(tables=tables))]
    assert found == [("table_headings_doubtful", "tb1"), ("table_split", "tb1"), ("table_split", "tb2")]


def test_column_numbers_amid_the_rows_cast_doubt_on_the_row_before() -> None:
    rows = [["1", "Nâng cấp đường truyền tại", "Văn phòng", "Quý I"], ["(1)", "(2) cơ quan", "(3)", "(4)"]]
    task = Task(id="t1", text="Nâng cấp đường truyền tại", section="tb1", origin="table")
    warnings = list(check_tables(plan(tables=[_table(1, HEADINGS, *rows)], tasks=[task])))
    assert [w.message.partition(":")[0] for w in warnings[:2]] == ["tb1, row 2", "tb1, row 1"]
    assert warnings[2].item_id == "t1"


def test_a_misread_row_number_is_told_once() -> None:
    rows = [Task(id=f"t{k}", number=n, text="Nâng cấp đường truyền", section="tb1", origin="table")
            for k, n in enumerate(["21", "2", "23", "24", "27"], 1)]  # fmt: skip
    layout = DocumentLayout((), (), (), (), (), ())
    found = cross_check(plan(tasks=rows, tables=[_table(1, HEADINGS)]), layout, dated=True)
    assert [w.item_id for w in found if w.code == "row_number_gap"] == ["t2", "t5"]


def test_rows() -> None:
    assert is_cut_heading(["VI", "CHUYỂN ĐỔI SỐ QUỐC GIA, N", "ỀN TẢNG", ""])
    assert not is_cut_heading(["VI", "CHUYỂN ĐỔI SỐ QUỐC GIA", "", ""])
    assert not is_cut_heading(["1", "Nâng cấp", "UBND", "TTYT"])
    assert is_count_row(["(1)", "(2)", "(3)", "x", "(5)"])
    assert not is_count_row(["1", "(2) lớp", "3", "4"])


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("trước 30/4/202G", "30/4/202G"),
        ("Quý 11/2026", "Quý 11/2026"),
        ("Quý II và Quý IH/2026", "Quý IH/2026"),
        ("1,260", "1,260"),
        ("Quý II/2026", None),
        ("quý 1/2026, 30/4/2026", None),
        ("1.260,5 triệu đồng; đạt 98,125%", None),
    ],
)
def test_figures_that_nobody_writes_so(cell: str, figure: str | None) -> None:
    assert misread_figure(cell) == figure


# --- the outline's notes ----------------------------------------------------------------------------------------------


def test_a_repaired_label_names_its_section() -> None:
    sections = [
        Section(id=f"s{n}", label=label, title="Mục", level=1, role="other", source=Source(page=1))
        for n, label in ((1, "I"), (2, "II"))
    ]
    tree = Outline((), (), (("label_repaired", "label 'Il' read as 'II' from the sequence", 1),))
    assert outline_notes(tree, sections) == [
        PlanWarning(code="label_repaired", message="label 'Il' read as 'II' from the sequence", page=1, item_id="s2")
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Gửi danh sách về Phòng trước ngày 3Q/Ó/26 để tổng hợp", True),
        ("Sinh hoạt khoa học định kỳ (01 lên/thông) tại các khoa", True),
        ("Gửi danh sách về Phòng trước ngày 30/6 để tổng hợp", False),
        ("Tổ chức sinh hoạt khoa học tại các khoa", False),
    ],
)
def test_a_limit_that_was_not_understood_is_told(text: str, told: bool) -> None:
    assert ("deadline_unread" in codes_of_task(text)) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hoàn thành trước ngày 31/4/2026", True),
        ("Hoàn thành trước ngày 15/13/2026", True),
        ("Báo cáo trước ngày 31/4 hằng năm", True),
        ("Báo cáo trước ngày 29/02 hằng năm", False),
        ("Hoàn thành trước ngày 15/12/2026 theo Công văn số 15/13/2026/CV", False),
    ],
)
def test_days_that_no_calendar_has_are_told(text: str, told: bool) -> None:
    assert ("impossible_date" in codes_of_task(text)) is told


def test_a_day_that_no_calendar_has_is_told_of_an_attribute_line_too() -> None:
    deadlines = read_deadline_value(Text("trước ngày 31/02/2026"), 2026)
    task = Task(id="t1", text="Lắp đặt thiết bị", section="II.1", deadlines=deadlines)
    assert "impossible_date" in all_codes(plan(tasks=[task]))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- Thời gian hoàn thành: 15/13/2026.", True),
        ("- Thời gian hoàn thành: 15/12/2026.", False),
        ("- Thời gian hoàn thành: Quý II/2026.", False),
        ("- Kinh phí: 15/13/2026.", False),
    ],
)
def test_an_attribute_line_that_was_not_understood_is_told(line: str, told: bool) -> None:
    layout = replace(LAYOUT, body=(Paragraph(Text(line)),))
    found = {warning.code for warning in cross_check(plan(), layout, dated=True)}
    assert ("deadline_unread" in found) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Tổ chức tập huấn trước ngày 30/6/2023", True),  # the plan is of 10 March 2025
        ("Tổ chức tập huấn trước ngày 30/6/2025", False),
        ("Rà soát các công trình xây dựng ngày 30/6/2023", False),
    ],
)
def test_a_day_before_the_plan_is_told(text: str, told: bool) -> None:
    deadlines = find_deadlines(Text(text), 2025, earliest=dt.date(2025, 1, 1))
    task = Task(id="t1", text=text, section="II.1", deadlines=deadlines)
    assert ("deadline_before_issue" in all_codes(plan(tasks=[task]))) is told


@pytest.mark.parametrize(
    ("paragraph", "told"),
    [
        ("Các cơ sở hoàn thành trước ngày 01/6/2018.", True),
        ("Chậm nhất, trước ngày 31/5/2018, các cơ sở phải hoàn thiện danh mục.", True),
        ("Báo cáo gửi về Sở chậm nhất đến ngày 20 tháng 01 năm 2018.", True),
        ("Gửi báo cáo về Phòng trước ngày 30/6/2018.", False),  # the task's own
        ("Từ ngày 01/6/2018 đến hết ngày 31/8/2018.", False),
        ("Căn cứ Công văn số 12/SYT-NVY ngày 01/6/2018 của Sở Y tế.", False),
    ],
)
def test_a_day_of_which_no_task_was_made_is_told(paragraph: str, told: bool) -> None:
    words = "Gửi báo cáo về Phòng trước ngày 30/6/2018."
    task = Task(id="t1", text=words, section="II.1", deadlines=find_deadlines(Text(words), 2018))
    layout = replace(LAYOUT, body=(Paragraph(Text(paragraph)),))
    found = cross_check(plan(tasks=[task]), layout, dated=True)
    assert ("deadline_unassigned" in {warning.code for warning in found}) is told


def test_a_schedule_without_a_name_is_told() -> None:
    def schedule(words: str) -> set[str]:
        table = PlanTable(
            id="tb1", role="tasks", columns=["TT", "Nhiệm vụ", "Thời gian"], rows=[["1", "Sắp xếp", words]]
        )
        return all_codes(plan(tables=[table]))

    def line(words: str) -> set[str]:
        chapter = Section(id="s1", label="I", title="NHIỆM VỤ", level=1, role="tasks", paragraphs=[words])
        return all_codes(plan(sections=[chapter]))

    assert "deadline_open" in schedule("Theo lộ trình") & line("Thời gian hoàn thành: Theo lộ trình.")
    assert "deadline_open" not in schedule("Theo lộ trình của Bộ Y tế") | line("Thời gian thực hiện: Quý II/2026")


def test_a_doubtful_deadline_or_unit_is_told_with_its_task() -> None:
    value = Text.of_lines([Line(1, tuple(Word(w, w) for w in ["Tháng", "9-7/2025"]))])
    backwards = read_deadline_value(value, 2025)
    cut = units_in(Text("Trung tâm Xúc tiến Đầu tư; Thương mại và Du lịch"), LORE)
    cut = [u.model_copy(update={"source": Source(page=1, confidence=0.5)}) for u in cut]
    task = Task(id="t1", text="Lắp đặt máy chủ tại trung tâm", section="II.1", deadlines=backwards, lead_units=cut)
    told = [w for w in cross_check(plan(tasks=[task]), LAYOUT, dated=True) if w.item_id == "t1"]
    assert {w.code for w in told} >= {"deadline_doubtful", "unit_doubtful"}


def test_a_period_begun_long_before_the_plan_is_told() -> None:
    deadline = Deadline(text="từ tháng 9/2024 đến tháng 7/2025", kind="period", start="2024-09-01", due="2025-07-31")
    task = Task(id="t1", text="Lắp đặt máy chủ tại trung tâm", section="II.1", deadlines=[deadline])
    assert "deadline_doubtful" in all_codes(plan(tasks=[task]))
