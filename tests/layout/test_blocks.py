from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.layout.appendices import split_parts
from pipeline.layout.blocks import assemble
from pipeline.layout.paragraphs import paragraphs
from pipeline.values import Line, PageLayout, Paragraph, Table, Text, Word, Zone
from tests.layout.dumps import PLAN, layout_of, page_of_dump, printed_line


def body(layout_text: str) -> list[str]:
    return [block.text.string for block in layout_of(layout_text).body if isinstance(block, Paragraph)]


def test_the_letterhead_of_a_dump_falls_into_its_columns() -> None:
    layout = layout_of(PLAN)
    assert [t.string for t in layout.letterhead_left] == ["UBND TỈNH TRƯỜNG SƠN ĐÔNG", "SỞ DU LỊCH", "Số: 18/KH-SDL"]
    assert [t.string for t in layout.letterhead_right] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Trường Sơn Đông, ngày 04 tháng 02 năm 2026",
    ]


def test_the_title_ends_before_the_first_legal_basis() -> None:
    assert [t.string for t in layout_of(PLAN).title] == [
        "KẾ HOẠCH",
        "Phát triển du lịch cộng đồng gắn với bảo tồn văn hóa",
        "trên địa bàn tỉnh năm 2026",
    ]


def test_the_signature_block_of_a_dump_falls_into_its_columns() -> None:
    layout = layout_of(PLAN)
    assert [t.string for t in layout.signature] == ["GIÁM ĐỐC", "Trần Thị Mây"]
    assert [t.string for t in layout.recipients][-1] == "- Lưu: VT, QLLH."


def test_wrapped_lines_are_rejoined_and_blank_lines_inside_a_sentence_do_not_part_it() -> None:
    text = PLAN.replace("khai thác các giá trị\n", "khai thác các giá trị\n\n")
    whole = "khai thác các giá trị văn hóa bản địa một cách bền vững."
    assert "- Nâng cao nhận thức của người dân về du lịch cộng đồng, " + whole in body(text)


def test_a_list_inside_a_sentence_goes_on_over_the_line_break() -> None:
    assert "- Khảo sát 05 làng nghề, tập trung vào: (1) nghề dệt; (2) nghề gốm; (3) nghề mây tre đan." in body(PLAN)


def test_page_numbers_are_dropped_and_paragraphs_rejoined_over_the_page_break() -> None:
    text = PLAN.replace("cho các hộ kinh\ndoanh", "cho các hộ kinh\n\f3\ndoanh")
    joined = body(text)
    assert "- Tổ chức 03 lớp tập huấn cho các hộ kinh doanh lưu trú." in joined
    assert not any(paragraph in ("2", "3") for paragraph in joined)


def test_a_code_broken_by_the_line_end_is_rejoined() -> None:
    text = PLAN.replace("Nghị quyết số 08-NQ/TW ngày", "Nghị quyết số 08-\nNQ/TW ngày")
    assert any("Nghị quyết số 08-NQ/TW ngày 16/01/2017" in paragraph for paragraph in body(text))


def test_a_digital_stamp_is_told_from_the_recipients() -> None:
    layout = layout_of(PLAN + "\nKý bởi: SỞ DU LỊCH\nEmail: sodulich@example.vn\n")
    assert layout.digital_signature is not None
    assert layout.digital_signature.string == "Ký bởi: SỞ DU LỊCH Email: sodulich@example.vn"
    assert not any("Email" in t.string for t in layout.recipients)


def test_what_follows_the_signature_is_body_again() -> None:
    layout = layout_of(PLAN + "\nPhụ lục\nDANH SÁCH LÀNG NGHỀ\n")
    assert [b.text.string for b in layout.body[-2:] if isinstance(b, Paragraph)] == ["Phụ lục", "DANH SÁCH LÀNG NGHỀ"]


@pytest.mark.parametrize("name", ["Lê Văn An", "Nguyễn Thị Minh Khai", "BS.CKII. Hoàng Minh Đức"])
def test_a_name_beside_an_entry_belongs_to_the_signature(name: str) -> None:
    layout = layout_of(PLAN.replace("Trần Thị Mây", name))
    assert layout.signature[-1].string == name


def page_of(*lines: object) -> PageLayout:
    return PageLayout(1, 595.0, 842.0, tuple(lines))  # type: ignore[arg-type]


def test_on_paper_an_indented_line_behind_a_short_one_begins_a_paragraph_though_its_bullet_is_lost() -> None:
    page = page_of(
        printed_line("Số: 1/KH-SDL", 60, zone=Zone.LETTERHEAD_LEFT),
        printed_line(
            "- Khảo sát các làng nghề trong tỉnh, lập hồ sơ khoa học về từng nghề và các", 100, indent=28, fills=True
        ),
        printed_line("nghệ nhân tiêu biểu.", 118),
        printed_line(
            "Mở lớp truyền nghề cho thanh niên tại các xã vùng cao, biên giới và hải đảo của",
            140,
            indent=28,
            fills=True,
            gap=1.1,
        ),
        printed_line("tỉnh.", 158),
    )
    joined = [b.text.string for b in assemble([page], []).body if isinstance(b, Paragraph)]
    assert len(joined) == 2
    assert joined[1].startswith("Mở lớp truyền nghề")


def test_specks_are_no_text() -> None:
    page = page_of(
        printed_line("Số: 1/KH-SDL", 60, zone=Zone.LETTERHEAD_LEFT),
        printed_line(
            "- Khảo sát các làng nghề trong tỉnh, lập hồ sơ khoa học về từng nghề và các", 100, indent=28, fills=True
        ),
        printed_line("ˆ", 110, indent=470, confidence=0.7),
        printed_line("lỗ", 112, indent=300, confidence=0.1),
        printed_line("nghệ nhân tiêu biểu.", 118),
    )
    joined = [b.text.string for b in assemble([page], []).body if isinstance(b, Paragraph)]
    assert joined == [
        "- Khảo sát các làng nghề trong tỉnh, lập hồ sơ khoa học về từng nghề và các nghệ nhân tiêu biểu."
    ]


def test_a_dash_at_the_margin_inside_a_sentence_is_a_speck() -> None:
    page = page_of(
        printed_line("Số: 1/KH-SDL", 60, zone=Zone.LETTERHEAD_LEFT),
        printed_line(
            "- Khảo sát các làng nghề trong tỉnh, lập hồ sơ khoa học về từng nghề và các", 100, indent=28, fills=True
        ),
        printed_line(
            "nghệ nhân tiêu biểu, ghi hình, ghi âm các bài bản cổ còn lưu giữ trong đời sống", 118, fills=True
        ),
        printed_line("- nhân dân các dân tộc.", 136, indent=-11),
    )
    joined = [b.text.string for b in assemble([page], []).body if isinstance(b, Paragraph)]
    assert joined[0].endswith("còn lưu giữ trong đời sống nhân dân các dân tộc.")


def test_a_table_stands_where_it_is_printed() -> None:
    from pipeline.values import Box

    page = page_of(
        printed_line("Số: 1/KH-SDL", 60, zone=Zone.LETTERHEAD_LEFT),
        printed_line("1. Danh mục nhiệm vụ:", 100, indent=28),
        printed_line("2. Kinh phí:", 400, indent=28, gap=1.1),
    )
    table = Table((), ((Text("1"), Text("Khảo sát")),), ("TT", "Nhiệm vụ"), (1,), (Box(90, 120, 540, 380),))
    kinds = [type(block).__name__ for block in assemble([page], [table]).body]
    assert kinds == ["Paragraph", "Table", "Paragraph"]


def test_words_keep_their_place_through_all_joining() -> None:
    layout = layout_of(PLAN)
    for block in layout.body:
        assert isinstance(block, Paragraph)
        assert all(block.text.string[w.start : w.end] for w in block.text.words)


def test_without_any_line_the_document_is_empty() -> None:
    layout = assemble([replace(page_of_dump(""), lines=())], [])
    assert layout.body == () and layout.title == () and layout.signature == ()


@pytest.mark.parametrize(
    "line",
    ["a) Theo dõi việc thực hiện.", "Bước 2: Khảo sát tại chỗ.", "PHỤ LỤC", "_PHỤ LỤC", "Phụ lục 2", "B. KINH PHÍ"],
)
@pytest.mark.parametrize(
    "before", ["1. Thanh tra Sở", "- Mở các lớp cho hộ kinh doanh lưu trú và các hướng dẫn viên của huyện."]
)
def test_labels_steps_and_appendices_begin_a_paragraph_of_a_dump_whatever_stands_before(before: str, line: str) -> None:
    text = PLAN.replace("1. Phòng Quản lý lữ hành\n", f"{before}\n{line}\n")
    assert line in body(text)


def test_a_sentence_below_a_heading_of_some_length_is_no_part_of_it() -> None:
    heading = "1. Các phòng, ban, đoàn thể của huyện; các xã, phường, thị trấn"
    text = PLAN.replace("1. Phòng Quản lý lữ hành\n", f"{heading}\nCăn cứ Kế hoạch này, tổ chức thực hiện.\n")
    assert heading in body(text)


def test_a_sentence_that_ends_where_the_next_word_had_room_ends_its_paragraph_in_a_dump() -> None:
    first = "Rà soát danh mục điểm đến hai năm một lần, bắt đầu từ năm nay."
    second = "Ký kết chương trình hợp tác với các trường đào tạo nghề du lịch."
    text = PLAN.replace("1. Phòng Quản lý lữ hành\n", f"1. Phòng Quản lý lữ hành\n{first}\n{second}\n")
    assert {first, second} <= set(body(text))


def test_the_enacting_clause_of_a_dump_is_no_part_of_a_basis_that_ends_with_a_stop() -> None:
    basis, clause = (
        "Căn cứ Quyết định số 77/QĐ-UBND về việc kiện toàn Ban Chỉ đạo du lịch tỉnh.",
        "Sở Du lịch xây dựng Kế hoạch như sau:",
    )
    text = PLAN.replace("1. Phòng Quản lý lữ hành\n", f"{basis}\n{clause}\n")
    assert {basis, clause} <= set(body(text))


def test_the_heading_of_an_appendix_its_title_and_its_act_are_apart_however_full_their_lines() -> None:
    title = "PHÂN CÔNG NHIỆM VỤ PHÁT TRIỂN DU LỊCH CỘNG ĐỒNG CỦA CÁC ĐƠN VỊ NĂM NAY"
    act = "(Kèm theo Kế hoạch số 48/KH-SDL ngày 09/02/2026 của Sở Du lịch)"
    lines = [Line(1, tuple(Word(w, w) for w in s.split()), fills=True) for s in ("PHỤ LỤC", title, act)]
    assert [p.text.string for p in paragraphs(lines)] == ["PHỤ LỤC", title, act]


def test_a_name_that_wraps_is_no_sentence() -> None:
    heading = "1. Trung tâm Xúc tiến du lịch và các đơn vị có liên quan, Phòng"
    text = PLAN.replace("1. Phòng Quản lý lữ hành\n", f"{heading}\nTổ chức - Hành chính thuộc Sở\n")
    assert f"{heading} Tổ chức - Hành chính thuộc Sở" in body(text)


def test_a_title_with_what_it_heads_belongs_to_the_signer_of_a_dump() -> None:
    text = PLAN.replace("Nơi nhận: GIÁM ĐỐC\n", "Nơi nhận: TL. GIÁM ĐỐC\nTRƯỞNG PHÒNG LỮ HÀNH\n")
    assert [t.string for t in layout_of(text).signature] == ["TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG LỮ HÀNH", "Trần Thị Mây"]


def test_attribute_lines_of_a_dump_keep_their_names_and_their_places() -> None:
    task = "1. Lập danh mục các làng nghề truyền thống trên toàn địa bàn huyện Suối Đá."
    unit = "Đơn vị thực hiện: Phòng Quản lý lữ hành, Ban Quản lý, Trung tâm Văn hóa"
    text = PLAN.replace(
        "1. Phòng Quản lý lữ hành\n", f"{task}\nThời gian: Theo lịch của tỉnh.\n{unit}\n- Thể thao huyện.\n"
    )
    found = body(text)
    assert {task, "Thời gian: Theo lịch của tỉnh.", f"{unit} - Thể thao huyện."} <= set(found)


@pytest.mark.parametrize(
    "signer", [["GIÁM ĐỐC"], ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]]
)
def test_a_signature_of_a_dump_may_stand_above_the_recipients(signer: list[str]) -> None:
    foot = "\n".join([*signer, "Trần Thị Mây", "Nơi nhận:", "- UBND tỉnh (để b/c);", "- Lưu: VT.", ""])
    layout = layout_of(PLAN.split("Nơi nhận:")[0] + foot)
    assert [t.string for t in layout.signature] == [*signer, "Trần Thị Mây"]
    assert [t.string for t in layout.recipients] == ["Nơi nhận:", "- UBND tỉnh (để b/c);", "- Lưu: VT."]
    last = layout.body[-1]
    assert isinstance(last, Paragraph) and last.text.string.endswith("./.")


def test_a_bullet_read_as_a_short_word_left_of_its_indent_begins_an_item() -> None:
    short = printed_line("- Trên 90% cán bộ được tập huấn nghiệp vụ.", 60, indent=28, gap=1.1)
    line = printed_line("nà Trên 85% học viên đạt yêu cầu.", 80, indent=13, gap=1.1)
    doubted = replace(line, words=(line.words[0]._replace(confidence=0.31), *line.words[1:]))
    page = PageLayout(1, 595.0, 842.0, (short, doubted))
    texts = [b.text.string for b in assemble([page], []).body if isinstance(b, Paragraph)]
    assert texts == ["- Trên 90% cán bộ được tập huấn nghiệp vụ.", "- Trên 85% học viên đạt yêu cầu."]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("- Thanh tra Sở.cử cán bộ tham gia.", "- Thanh tra Sở cử cán bộ tham gia."),
        ("- Tổ chức các. hoạt động vui chơi.", "- Tổ chức các hoạt động vui chơi."),
        ("- Đăng trên truongson.vn hằng tuần.", "- Đăng trên truongson.vn hằng tuần."),
        ("- Kẹo, bánh v.v. và nước uống.", "- Kẹo, bánh v.v. và nước uống."),
        ("- Kết thúc đợt một. Tổng kết đợt hai.", "- Kết thúc đợt một. Tổng kết đợt hai."),
    ],
)
def test_points_of_dirt_in_front_of_small_letters_are_no_stops(printed: str, meant: str) -> None:
    page = PageLayout(1, 595.0, 842.0, (printed_line(printed, 60, indent=28),))
    assert [b.text.string for b in assemble([page], []).body if isinstance(b, Paragraph)] == [meant]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Theo hướng dẫn của Bộ Y' tế; báo cáo kết quả.", "Theo hướng dẫn của Bộ Y tế; báo cáo kết quả."),
        ("Xây dựng kế ’hoạch hằng năm.", "Xây dựng kế hoạch hằng năm."),
        ("Chuyên mục 'Sức khỏe' hằng tuần.", "Chuyên mục 'Sức khỏe' hằng tuần."),
        ("Nghỉ giải lao 15' giữa giờ.", "Nghỉ giải lao 15' giữa giờ."),
    ],
)
def test_an_apostrophe_alone_in_its_line_is_dirt(printed: str, meant: str) -> None:
    for confidence, wanted in ((0.95, meant), (1.0, printed)):
        page = PageLayout(1, 595.0, 842.0, (printed_line(printed, 60, indent=28, confidence=confidence),))
        assert [b.text.string for b in assemble([page], []).body if isinstance(b, Paragraph)] == [wanted]


def test_the_next_number_begins_a_paragraph_though_the_line_before_is_full() -> None:
    people = [
        "Lý Văn Đạo Chuyên viên Sở Tổ phó",
        "Vũ Thị Lịch Nhân viên khoa Dược Thành viên",
        "Lê Thị Bình Thành viên",
    ]
    lines = [printed_line(f"{n}. Bà {who}", 60 + 14 * n, fills=True) for n, who in enumerate(people, 3)]
    page = PageLayout(1, 595.0, 842.0, tuple(lines))
    assert len(assemble([page], []).body) == 3


def test_a_partys_labels_begin_a_list_below_a_heading_of_some_length() -> None:
    heading = "4- Các đảng ủy xã, phường và đảng ủy trực thuộc Tỉnh ủy"
    text = PLAN.replace("1. Phòng Quản lý lữ hành\n\n", f"{heading}\n4.1- Xây dựng kế hoạch của cấp mình.\n")
    assert {heading, "4.1- Xây dựng kế hoạch của cấp mình."} <= set(body(text))


def test_a_duty_that_opens_by_its_function_is_no_part_of_the_heading_above() -> None:
    heading = "3. Sở Giáo dục và Đào tạo, Sở Khoa học và Công nghệ"
    duty = "Theo chức năng, nhiệm vụ chủ động xây dựng kế hoạch của ngành trước ngày 30/4/2026."
    text = PLAN.replace("Quảng bá sản phẩm trên các nền tảng số.\n", f"Quảng bá.\n{heading}\n{duty}\n")
    assert {heading, duty} <= set(body(text))


def test_a_speck_before_the_closing_formula_is_no_bullet() -> None:
    lines = [printed_line("2. Phòng Lữ hành", 100), printed_line("- Trên đây là Kế hoạch của Sở./.", 120, indent=30)]
    layout = assemble([PageLayout(1, 595, 842, tuple(lines))], [])
    assert [b.text.string for b in layout.body if isinstance(b, Paragraph)][-1] == "Trên đây là Kế hoạch của Sở./."


def test_the_letterhead_of_an_enacted_plan_is_no_recipient() -> None:
    plan = PLAN.split("Nơi nhận:", 1)[0].replace("Số: 18/KH-SDL Trường Sơn Đông, ngày 04 tháng 02 năm 2026\n", "")
    layout = layout_of(PLAN.replace("KẾ HOẠCH", "QUYẾT ĐỊNH") + "\f" + plan)
    assert [t.string for t in layout.recipients][-1] == "- Lưu: VT, QLLH."
    assert sum("CỘNG HÒA" in t.string for t in layout.letterhead_right) == 2


def test_the_title_of_a_notice_ends_where_the_day_of_the_meeting_is_told() -> None:
    text = PLAN.replace("KẾ HOẠCH\n\n", "THÔNG BÁO\n")
    text = text.replace("năm 2026\n\nCăn cứ", "năm 2026\nNgày 11/5/2026, Sở họp.\nCăn cứ")
    assert [t.string for t in layout_of(text).title][-1] == "trên địa bàn tỉnh năm 2026"


def test_a_list_attached_behind_the_signature_is_no_recipient() -> None:
    attached = "DANH SÁCH ĐƠN VỊ ĐƯỢC KIỂM TRA\n(Kèm theo Kế hoạch số 18/KH-SDL ngày 04/02/2026)\nGhi chú: Đoàn số 1.\n"
    layout = layout_of(PLAN + attached)
    assert [t.string for t in layout.recipients][-1] == "- Lưu: VT, QLLH."
    parts = split_parts(layout.body)
    assert [(part.label, part.title.string) for part in parts] == [
        ("", ""),
        ("Phụ lục", "DANH SÁCH ĐƠN VỊ ĐƯỢC KIỂM TRA"),
    ]


def test_letters_with_a_slash_begin_paragraphs_of_a_dump() -> None:
    letters = ["2/ Cung cấp dịch vụ", "a/ Khám sức khỏe tiền hôn nhân: tháng 4.", "b/ Khám người cao tuổi: tháng 6."]
    text = PLAN.replace("Quảng bá sản phẩm trên các nền tảng số.\n", "\n".join(["Quảng bá.", *letters]) + "\n")
    assert set(letters) <= set(body(text))


BASIS = (
    "Thực hiện Kế hoạch số 15/KH-UBND ngày 10 tháng 01 năm 2026 của Ủy ban nhân dân\n"
    "tỉnh Trường Sơn Đông về phát triển du lịch cộng đồng trong năm 2026;"
)
ENACTING = (
    "Sở Du lịch tỉnh Trường Sơn Đông ban hành Kế hoạch phát triển du lịch cộng đồng\n"
    "gắn với bảo tồn văn hóa trên địa bàn tỉnh năm 2026 như sau:"
)


def test_the_enacting_clause_of_a_dump_is_no_part_of_the_legal_basis_before_it() -> None:
    first, last = PLAN.index("Thực hiện Kế hoạch"), PLAN.index("\n\nI. MỤC ĐÍCH")
    found = body(PLAN[:first] + f"{BASIS}\n{ENACTING}" + PLAN[last:])
    assert BASIS.replace("\n", " ") in found
    assert ENACTING.replace("\n", " ") in found


def test_an_enacting_clause_inside_the_sentence_of_the_legal_basis_stays_there() -> None:
    first, last = PLAN.index("Thực hiện Kế hoạch"), PLAN.index("\n\nI. MỤC ĐÍCH")
    whole = f"{BASIS[:-1]},\n{ENACTING}"
    assert whole.replace("\n", " ") in body(PLAN[:first] + whole + PLAN[last:])


def test_numbers_that_follow_one_another_begin_paragraphs_though_nothing_ends_the_sentences() -> None:
    printed = [
        "1.1. Giám sát các khu phố trước ngày 15/4 (Trạm Y tế)",
        "1.2. Phun hóa chất diện rộng trước ngày 20/5 (Công an)",
        "1.3. Tổng kết công tác năm trước ngày 30/11 (Trạm Y tế)",
        "2. Công tác khác",
        "2.1. Mua sắm vật tư trước ngày 30/6 (Trạm Y tế phường)",
        "2.2. Báo cáo kết quả trước ngày 10/7 (Công an phường)",
        "II. Kinh phí",
        "Từ ngân sách phường: 120.000.000 đồng.",
        "Thực hiện theo quy định tại khoản 1 và khoản 2 Điều 15, mục",
        "3. Phần còn lại do các khu phố vận động trong nhân dân.",
    ]
    lines = [Line(1, tuple(Word(w, w) for w in line.split()), gap_before=0.0) for line in printed]
    whole = [*printed[:8], " ".join(printed[8:])]
    assert [paragraph.text.string for paragraph in paragraphs(lines)] == whole
