from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.layout.blocks import assemble
from pipeline.layout.outline import build_outline
from pipeline.layout.roles import heading_role, section_role
from pipeline.values import Line, PageLayout, Section, Table, Text
from tests.layout.dumps import PLAN, items, outline_of, page_of_dump, printed_line, texts, tree


def plan_with(body: str) -> str:
    """A plan whose sections are ``body``."""
    head, rest = PLAN.split("I. MỤC ĐÍCH", 1)
    return head + body + "\n\nNơi nhận:" + rest.split("Nơi nhận:", 1)[1]


def section(text: str, path: str) -> Section:
    found = outline_of(text).sections
    here: Section | None = None
    for label in path.split("/"):
        here = next(s for s in (here.children if here else found) if s.label == label)
    assert here is not None
    return here


def test_sections_with_their_roles_and_contents() -> None:
    outline = outline_of(PLAN)
    assert tree(outline.sections) == [
        ("I", "MỤC ĐÍCH, YÊU CẦU"),
        ("I/1", "Mục đích"),
        ("I/2", "Yêu cầu"),
        ("II", "NHIỆM VỤ"),
        ("II/1", "Xây dựng sản phẩm du lịch mới gắn với làng nghề truyền thống của đồng bào các dân tộc trong tỉnh"),
        ("II/2", "Đào tạo nguồn nhân lực"),
        ("III", "TỔ CHỨC THỰC HIỆN"),
        ("III/1", "Phòng Quản lý lữ hành"),
        ("III/2", "Trung tâm Xúc tiến du lịch"),
    ]
    assert [s.role for s in outline.sections] == ["purpose_requirements", "tasks", "implementation"]
    assert [s.role for s in outline.sections[0].children] == ["purpose", "requirements"]
    assert len(outline.preamble) == 3
    assert outline.notes == ()


def test_closing_paragraphs_belong_to_the_top_section() -> None:
    outline = outline_of(PLAN)
    assert texts(outline.sections[-1]) == [
        "Trên đây là Kế hoạch phát triển du lịch cộng đồng năm 2026 của Sở Du lịch./."
    ]
    assert texts(outline.sections[-1].children[-1]) == ["Quảng bá sản phẩm trên các nền tảng số."]


CLOSING = """\
I. TỔ CHỨC THỰC HIỆN
1. Các đơn vị trực thuộc Sở
- Xây dựng kế hoạch.
{middle}
Trên cơ sở Kế hoạch này, các đơn vị chủ động triển khai, báo cáo trước ngày 15/11.
Trên đây là Kế hoạch của Sở./.
"""


def test_a_paragraph_to_units_closes_unless_the_section_is_headed_by_them() -> None:
    own = section(plan_with(CLOSING.format(middle="")), "I/1")
    assert texts(own)[-1].startswith("Trên cơ sở Kế hoạch này")
    other = plan_with(CLOSING.format(middle="2. Thanh tra Sở\n- Kiểm tra việc thực hiện."))
    assert texts(section(other, "I/2")) == ["Kiểm tra việc thực hiện."]
    assert len(section(other, "I").items) == 2


def test_a_numbered_statement_has_no_title() -> None:
    found = section(plan_with("I. NHIỆM VỤ\n1. Rà soát các điểm du lịch.\n2. Lắp đặt biển chỉ dẫn;\n"), "I")
    assert [(c.statement, c.title.string, texts(c)) for c in found.children] == [
        (True, "", ["Rà soát các điểm du lịch."]),
        (True, "", ["Lắp đặt biển chỉ dẫn;"]),
    ]


def test_attribute_lines_make_a_statement_no_heading_and_are_kept() -> None:
    found = section(
        plan_with("I. NHIỆM VỤ\n1. Rà soát các điểm du lịch.\n- Chủ trì: Thanh tra Sở.\n- Thời gian: Quý II/2026.\n"),
        "I/1",
    )
    assert found.statement
    assert texts(found) == ["Rà soát các điểm du lịch.", "Chủ trì: Thanh tra Sở.", "Thời gian: Quý II/2026."]


def test_lettered_attribute_lines_are_no_sections() -> None:
    text = plan_with(
        "I. NHIỆM VỤ\n1. Rà soát các điểm du lịch\na) Đơn vị chủ trì: Thanh tra Sở.\nb) Đơn vị phối hợp: Các phòng.\n"
        "c) Thời gian hoàn thành: Tháng 6.\n2. Lắp đặt biển chỉ dẫn.\n"
    )
    found = section(text, "I/1")
    assert not found.children
    assert [item.marker for item in found.items if item.marker] == ["a)", "b)", "c)"]


def test_parallel_lines_with_items_are_all_headings_though_one_ends_with_a_stop() -> None:
    found = section(
        plan_with(
            "I. NHIỆM VỤ\n1. Khảo sát các điểm du lịch\n- Lập danh mục.\n2. Lắp đặt biển chỉ dẫn.\n- Thiết kế mẫu.\n"
        ),
        "I",
    )
    assert [c.title.string for c in found.children] == ["Khảo sát các điểm du lịch", "Lắp đặt biển chỉ dẫn."]


@pytest.mark.parametrize(
    ("line", "title", "text"),
    [
        ("3. Kinh phí thực hiện: Theo quy định hiện hành.", "Kinh phí thực hiện", "Theo quy định hiện hành."),
        ("3. Thanh tra Sở: Kiểm tra việc thực hiện.", "", "Thanh tra Sở: Kiểm tra việc thực hiện."),  # charges a body
    ],
)
def test_a_run_in_heading_is_parted_from_its_text(line: str, title: str, text: str) -> None:
    body = f"I. TỔ CHỨC THỰC HIỆN\n1. Văn phòng Sở\n- Tổng hợp.\n2. Phòng Lữ hành\n- Theo dõi.\n{line}\n"
    found = section(plan_with(body), "I/3")
    assert (found.title.string, texts(found)) == (title, [text])


def test_a_heading_that_runs_into_its_sentence_without_a_sign_is_parted() -> None:
    body = (
        "I. NHIỆM VỤ\n1. Khảo sát\n- Lập danh mục.\n"
        "2. Phát triển nhân lực du lịch cộng đồng Tiếp tục mở các lớp.\n3. Quảng bá\n- In ấn.\n"
    )
    found = section(plan_with(body), "I/2")
    assert (found.title.string, texts(found)) == ("Phát triển nhân lực du lịch cộng đồng", ["Tiếp tục mở các lớp."])


def test_bullets_nest_by_their_signs() -> None:
    body = "I. NHIỆM VỤ\n- Tổ chức lễ hội:\n+ Phần lễ;\n+ Phần hội.\n- In ấn tài liệu.\n"
    assert [(i.marker, i.depth) for i in section(plan_with(body), "I").items] == [
        ("-", 0),
        ("+", 1),
        ("+", 1),
        ("-", 0),
    ]


def test_a_line_that_opens_a_second_run_of_labels_stands_beside_the_first() -> None:
    body = "I. QUY TRÌNH\nSáng:\n1) Đón tiếp;\n2) Họp đoàn;\nChiều:\n1) Khảo sát;\n2) Kết luận.\n"
    found = section(plan_with(body), "I")
    assert texts(found) == ["Sáng:", "Chiều:"]
    assert [c.label for c in found.children] == ["1", "2", "1", "2"]


def test_a_list_inside_a_bullet_is_no_section() -> None:
    body = "I. NHIỆM VỤ\n- Khảo sát các nội dung:\na) Nghề dệt;\nb) Nghề gốm.\n- In ấn tài liệu.\n"
    found = section(plan_with(body), "I")
    assert not found.children
    assert [(i.marker, i.depth) for i in found.items] == [("-", 0), ("a)", 1), ("b)", 1), ("-", 0)]


def test_the_title_of_a_part_stands_on_the_next_line() -> None:
    body = (
        "Phần thứ nhất\nĐánh giá tình hình\nI. KẾT QUẢ\n- Đón 900 lượt khách.\n"
        "Phần thứ hai\nNhiệm vụ\nI. MỤC TIÊU\n- Đón 1.000 lượt.\n"
    )
    outline = outline_of(plan_with(body))
    assert [(s.label, s.title.string, s.role) for s in outline.sections] == [
        ("Phần thứ nhất", "Đánh giá tình hình", "situation"),
        ("Phần thứ hai", "Nhiệm vụ", "tasks"),
    ]


def test_broken_labels_are_mended_and_told() -> None:
    outline = outline_of(PLAN.replace("III. TỔ CHỨC", "HI. TỔ CHỨC"))
    assert [s.label for s in outline.sections] == ["I", "II", "III"]
    assert [code for code, _, _ in outline.notes] == ["label_repaired"]


def test_an_appendix_is_a_section_of_its_own() -> None:
    outline = outline_of(PLAN + "\nPhụ lục 1\nDANH SÁCH LÀNG NGHỀ\n(Ban hành kèm theo Kế hoạch số 18/KH-SDL)\n")
    last = outline.sections[-1]
    assert (last.label, last.title.string, last.role) == ("Phụ lục 1", "DANH SÁCH LÀNG NGHỀ", "appendix")
    assert texts(last) == ["(Ban hành kèm theo Kế hoạch số 18/KH-SDL)"]


def test_an_appendix_that_lists_tasks_in_its_text_has_their_role() -> None:
    outline = outline_of(PLAN + "\nPhụ lục\nNHIỆM VỤ TRỌNG TÂM\n1. Khảo sát\n- Lập danh mục.\n")
    assert outline.sections[-1].role == "tasks"


def test_a_plan_enacted_by_a_decision_gives_the_top_sections() -> None:
    decision = """\
UBND TỈNH TRƯỜNG SƠN ĐÔNG
SỞ DU LỊCH
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 9/QĐ-SDL
QUYẾT ĐỊNH
Về việc ban hành Kế hoạch xúc tiến du lịch
GIÁM ĐỐC SỞ DU LỊCH
Căn cứ Luật Du lịch số 09/2017/QH14 ngày 19 tháng 6 năm 2017;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Kế hoạch xúc tiến du lịch.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký./.
Nơi nhận:
- Như Điều 2;
- Lưu: VT.
GIÁM ĐỐC
Trần Thị Mây

KẾ HOẠCH
Xúc tiến du lịch năm 2026
(Ban hành kèm theo Quyết định số 9/QĐ-SDL ngày 4/2/2026)
I. MỤC TIÊU
- Đón 1.000 lượt khách.
II. NHIỆM VỤ
- Tổ chức hội chợ.
"""
    outline = outline_of(decision)
    assert [(s.label, s.role) for s in outline.sections][-2:] == [("I", "objectives"), ("II", "tasks")]
    assert [s.label for s in outline.sections][:2] == ["Điều 1", "Điều 2"]


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("MỤC ĐÍCH VÀ YÊU CẦU", "purpose_requirements"),
        ("MỤC ĐÍCH, Ý NGHĨA, YÊU CẦU", "purpose_requirements"),
        ("Mục đích kiểm tra, đánh giá", "purpose"),
        ("NHIỆM VỤ, GIẢI PHÁP TRỌNG TÂM NĂM 2026", "tasks"),
        ("MỘT SỐ NHIỆM VỤ CHỦ YẾU", "tasks"),
        ("CÁC CHỈ TIÊU CỤ THỂ", "objectives"),
        ("ĐÁNH GIÁ KẾT QUẢ NĂM HỌC 2024-2025", "situation"),
        ("DỰ TOÁN KINH PHÍ", "funding"),
        ("PHÂN CÔNG NHIỆM VỤ", "implementation"),
        ("TỔ CHỨC THỰC HIỆN", "implementation"),
        ("TO CHUC THUC HIEN", "implementation"),
        ("MUC TIÊU", "objectives"),
        ("Thời gian và địa điểm thẩm định", "other"),
        ("Lời nói đầu", "other"),
    ],
)
def test_roles_of_top_headings_of_many_fields(title: str, role: str) -> None:
    assert section_role(title, None) == role


@pytest.mark.parametrize(
    ("title", "inherited", "role"),
    [
        ("Kinh phí thực hiện", "tasks", "funding"),
        ("Kinh phí", "implementation", "funding"),
        ("Nhiệm vụ của Sở Nội vụ", "implementation", "implementation"),
        ("Tổ chức thực hiện tốt công tác tuyên truyền về du lịch cộng đồng", "tasks", "tasks"),
        ("Mục tiêu đến năm 2030", "objectives", "objectives"),
        ("Phòng Quản lý lữ hành", "implementation", "implementation"),
        ("Yêu cầu", "purpose_requirements", "requirements"),
    ],
)
def test_children_inherit_unless_their_heading_says_otherwise(title: str, inherited: str, role: str) -> None:
    assert section_role(title, inherited) == role


def test_a_phrase_needs_each_of_its_words() -> None:
    assert heading_role("Mục tiêu chung") == ("objectives", 0)
    assert heading_role("Mục lục") is None


def test_every_item_keeps_its_words() -> None:
    for item in items(outline_of(PLAN)):
        assert item.text.words
        assert item.text.sources()[0].page == 1


LETTERED = """\
A. TÌNH HÌNH
1. Thuận lợi
Toàn huyện có 12 chợ, phần lớn đã được nâng cấp trong năm qua, bảo đảm việc mua bán của người dân.
B. MỤC TIÊU
{one} Mục tiêu chung
Mua bán văn minh, an toàn, thuận tiện ở tất cả các chợ trên địa bàn huyện Suối Đá.
II. Chỉ tiêu
- Trên 90% hộ kinh doanh niêm yết giá.
C. TỔ CHỨC THỰC HIỆN
{one} Phòng Kinh tế
- Hướng dẫn các ban quản lý chợ.
II. Ban quản lý các chợ
- Xây dựng nội quy.
Trên đây là Kế hoạch năm 2026./.
"""


@pytest.mark.parametrize("one", ["I.", "L.", "|.", "l."])
def test_romans_under_lettered_chapters_begin_with_one_however_it_was_read(one: str) -> None:
    outline = outline_of(plan_with(LETTERED.format(one=one)))
    assert [path for path, _ in tree(outline.sections)] == ["A", "A/1", "B", "B/I", "B/II", "C", "C/I", "C/II"]
    assert [s.role for s in outline.sections] == ["situation", "objectives", "implementation"]


@pytest.mark.parametrize(
    "closing",
    [
        "Kế hoạch này phổ biến đến các chi bộ./.",
        "Nhận được Công văn này, đề nghị các đơn vị thực hiện./.",
        "Ban Thường vụ Huyện đoàn đề nghị các cấp bộ đoàn nghiêm túc triển khai./.",
        "Phương án này có hiệu lực từ ngày ký.",
    ],
)
def test_closing_paragraphs_leave_the_last_statement_alone(closing: str) -> None:
    body = f"I. TỔ CHỨC THỰC HIỆN\n1. Văn phòng Sở\n- Tổng hợp.\n2. Giao Phòng Lữ hành theo dõi.\n\n{closing}\n"
    found = section(plan_with(body), "I")
    assert texts(found) == [closing]
    assert found.children[-1].statement
    assert texts(found.children[-1]) == ["Giao Phòng Lữ hành theo dõi."]


def test_an_exhortation_under_its_own_heading_stays_there() -> None:
    body = "I. TỔ CHỨC THỰC HIỆN\n1. Văn phòng Sở\n\nTổng hợp khẩn trương, báo cáo Giám đốc Sở./.\n"
    assert texts(section(plan_with(body), "I/1")) == ["Tổng hợp khẩn trương, báo cáo Giám đốc Sở./."]


def test_a_request_to_a_body_before_the_closing_paragraph_is_a_statement() -> None:
    body = (
        "I. TỔ CHỨC THỰC HIỆN\n1. Văn phòng Sở\n- Tổng hợp.\n"
        "2. Đề nghị Trung tâm Văn hóa các huyện: Thông báo đến các hộ trước ngày 13/5/2026.\n"
        "Trên đây là Kế hoạch của Sở./.\n"
    )
    found = section(plan_with(body), "I/2")
    assert found.statement
    assert texts(found) == ["Đề nghị Trung tâm Văn hóa các huyện: Thông báo đến các hộ trước ngày 13/5/2026."]


def test_the_table_of_a_dump_makes_no_heading_of_the_last_statement() -> None:
    body = (
        "I. TỔ CHỨC THỰC HIỆN\n1. Văn phòng Sở\n- Tổng hợp.\n2. Giao Phòng Lữ hành theo dõi.\nTrên đây là Kế hoạch./.\n"
    )
    table = Table((), ((Text("1"), Text("Lớp")),), ("TT", "Tên lớp"), (1,), (None,))
    outline = build_outline(assemble([page_of_dump(plan_with(body))], [table]))
    assert texts(outline.sections[0]) == ["Trên đây là Kế hoạch./."]
    assert outline.sections[0].children[-1].statement


def test_a_known_heading_over_lines_with_the_same_words_is_a_heading() -> None:
    body = "1. Nội dung\n- Tập huấn.\n2. Thời gian, địa điểm\n- Thời gian: tháng 5.\n- Địa điểm: Hội trường.\n"
    assert tree(outline_of(plan_with(body)).sections) == [("1", "Nội dung"), ("2", "Thời gian, địa điểm")]


def paper(*lines: tuple[str, float, bool]) -> list[Line]:
    """Lines on paper: text, confidence of the first word, bold; bullets and numbers stand at the indent."""
    result = []
    for k, (string, sure, bold) in enumerate(lines):
        line = printed_line(string, 60 + 20 * k, indent=28, bold=bold, gap=1.1)
        first = line.words[0]._replace(confidence=sure)
        result.append(replace(line, words=(first, *line.words[1:])))
    return result


@pytest.mark.parametrize("four", ["Ạ.", "A.", "4,", "4"])
def test_a_label_that_ocr_only_guessed_is_read_from_the_sequence(four: str) -> None:
    lines = paper(
        ("III. NHIỆM VỤ", 0.9, True),
        ("1. Truyền thông", 0.9, True),
        ("- Phát 100 tờ rơi.", 0.9, False),
        ("2. Tập huấn", 0.9, True),
        ("- Mở 02 lớp.", 0.9, False),
        ("3. Điều tra", 0.9, True),
        ("- Lập danh sách.", 0.9, False),
        (f"{four} Tổ chức lễ hội", 0.13, True),
        ("- Đợt 1: tại thôn.", 0.9, False),
        ("5. Giám sát", 0.9, True),
        ("- Kiểm tra.", 0.9, False),
    )
    outline = build_outline(assemble([PageLayout(1, 595.0, 842.0, tuple(lines))], []))
    assert [path for path, _ in tree(outline.sections)] == ["III", *(f"III/{n}" for n in range(1, 6))]
    assert section_titles(outline.sections[0]) == ["Truyền thông", "Tập huấn", "Điều tra", "Tổ chức lễ hội", "Giám sát"]


def test_closing_paragraphs_are_marked() -> None:
    found = outline_of(PLAN).sections[-1].items
    assert [item.closing for item in found] == [True]
    assert not any(
        item.closing for item in items(outline_of(PLAN)) if item is not found[0] and item.text != found[0].text
    )


def section_titles(section: Section) -> list[str]:
    return [child.title.string for child in section.children]


def test_strokes_that_restoration_made_a_word_of_are_still_a_label() -> None:
    lines = paper(
        ("I. MỤC ĐÍCH", 0.9, True),
        ("- Vui chơi.", 0.9, False),
        ("II. NHIỆM VỤ", 0.9, True),
        ("- Tập huấn.", 0.9, False),
        ("HIỆN. KINH PHÍ", 0.6, True),
        ("Ngân sách tỉnh.", 0.9, False),
    )
    word = lines[4].words[0]._replace(printed="HII.")
    lines[4] = replace(lines[4], words=(word, *lines[4].words[1:]))
    outline = build_outline(assemble([PageLayout(1, 595.0, 842.0, tuple(lines))], []))
    assert tree(outline.sections) == [("I", "MỤC ĐÍCH"), ("II", "NHIỆM VỤ"), ("III", "KINH PHÍ")]


def test_a_list_inside_a_bullet_may_count_as_the_sections_do() -> None:
    body = (
        "I. NHIỆM VỤ\n1. Quản lý chó nuôi\n- Chủ nuôi phải:\n1. Đeo rọ mõm cho chó;\n2. Có người dắt.\n"
        "- Lập danh sách hộ nuôi.\n2. Tiêm vắc xin\n- Tiêm hai đợt.\n3. Giám sát\n- Lấy mẫu.\n"
    )
    outline = outline_of(plan_with(body))
    assert [path for path, _ in tree(outline.sections)] == ["I", "I/1", "I/2", "I/3"]
    assert texts(section(plan_with(body), "I/1")) == [
        "Chủ nuôi phải:",
        "Đeo rọ mõm cho chó;",
        "Có người dắt.",
        "Lập danh sách hộ nuôi.",
    ]


def test_page_numbers_of_a_dump_without_page_marks_are_no_text() -> None:
    first = "Trồng rừng trên địa bàn các xã vùng cao của huyện"
    body = f"I. NHIỆM VỤ\n- {first}\n2\ntrong mùa mưa.\n- Chăm sóc rừng.\n3\n- Bảo vệ.\n"
    assert texts(section(plan_with(body), "I")) == [
        f"{first} trong mùa mưa.",
        "Chăm sóc rừng.",
        "Bảo vệ.",
    ]


LOST = """\
{chapter}
1. Mục tiêu chung
Nâng cao chất lượng phục vụ người dân.
{second}
- 90% hồ sơ được giải quyết đúng hạn.
II. NHIỆM VỤ
1. Cải cách thủ tục
- Rà soát thủ tục.
2. Chuyển đổi số
- Số hóa hồ sơ.
3. Đào tạo nhân lực
- Mở lớp bồi dưỡng.
4. Thi đua
- Phát động phong trào.
III. TỔ CHỨC THỰC HIỆN
1. Văn phòng
- Theo dõi chung."""


@pytest.mark.parametrize(
    "read",
    [
        {"chapter": "MỤC TIÊU"},
        {"second": "- 2. Mục tiêu cụ thể"},
        {"chapter": "MỤC TIÊU", "second": "- 2. Mục tiêu cụ thể"},
    ],
)
def test_labels_that_nothing_is_left_of_are_read_from_the_sequence(read: dict[str, str]) -> None:
    printed = {"chapter": "I. MỤC TIÊU", "second": "2. Mục tiêu cụ thể"}
    whole, broken = (tree(outline_of(plan_with(LOST.format(**p))).sections) for p in (printed, printed | read))
    assert ("I/2", "Mục tiêu cụ thể") in whole and ("II/3", "Đào tạo nhân lực") in whole
    assert broken == whole


def test_headings_that_never_had_a_label_get_none() -> None:
    body = "I. MỤC ĐÍCH\n- Nâng cao chất lượng.\nMỤC TIÊU\n- 90% hồ sơ đúng hạn.\nII. NHIỆM VỤ\n- Rà soát thủ tục."
    assert [label for label, _ in tree(outline_of(plan_with(body)).sections)] == ["I", "II"]


def test_numbers_inside_bullets_are_no_sections() -> None:
    body = "I. NHIỆM VỤ\n- 1. Rà soát thủ tục\n- 2. Số hóa hồ sơ\n- 3. Mở lớp bồi dưỡng\nII. KINH PHÍ\nTheo dự toán."
    assert [label for label, _ in tree(outline_of(plan_with(body)).sections)] == ["I", "II"]


def test_departments_named_behind_a_colon_do_not_head_a_section() -> None:
    last = "Chánh Văn phòng, Giám đốc các Sở: Y tế, Tài chính; Chủ tịch UBND các xã chịu trách nhiệm thi hành./."
    before = "Điều 1. Phê duyệt Kế hoạch:\n\n1. Mục tiêu\n\n- Tốt hơn.\n\nĐiều 2. Tổ chức thực hiện\n\n- Làm ngay.\n\n"
    found = outline_of(f"{before}Điều 3. {last}\n")
    assert [(s.label, s.title.string) for s in found.sections][2:] == [("Điều 3", "")]
    assert texts(found.sections[2]) == [last]
