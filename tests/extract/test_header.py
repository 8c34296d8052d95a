from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.extract.header import read_header
from pipeline.extract.organs import join_bodies, normal_case
from pipeline.flow import convert
from pipeline.layout.outline import build_outline
from pipeline.settings import Settings
from pipeline.values import DocumentLayout, Paragraph, PlacedWord, Text
from schemas import Header
from tests.layout.dumps import PLAN, layout_of


def text(string: str) -> Text:
    words = []
    place = 0
    for word in string.split():
        start = string.index(word, place)
        words.append(PlacedWord(start, start + len(word), 1, None, 0.9, word))
        place = start + len(word)
    return Text(string, tuple(words))


def header(
    left: list[str], right: list[str] | None = None, title: list[str] | None = None, body: list[str] | None = None
) -> Header:
    layout = DocumentLayout(
        tuple(map(text, left)),
        tuple(map(text, right or [])),
        tuple(map(text, title if title is not None else ["KẾ HOẠCH", "Phát triển du lịch năm 2026"])),
        tuple(Paragraph(text(paragraph)) for paragraph in body or []),
        (),
        (),
    )
    return read_header(layout, build_outline(layout))


def test_the_header_of_a_plan() -> None:
    layout = layout_of(PLAN)
    found = read_header(layout, build_outline(layout))
    assert found.parent_authority == "UBND tỉnh Trường Sơn Đông"
    assert found.issuing_authority == "Sở Du lịch"
    assert found.document_number == "18/KH-SDL"
    assert (found.place, found.issued_on) == ("Trường Sơn Đông", "2026-02-04")
    assert found.document_type == "Kế hoạch"
    assert found.title == "Phát triển du lịch cộng đồng gắn với bảo tồn văn hóa trên địa bàn tỉnh năm 2026"
    assert found.plan_years == [2026]
    assert found.inferred == []
    assert set(found.sources) >= {"issuing_authority", "document_number", "issued_on", "title"}


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Số: 18/KH-SDL", "18/KH-SDL"),
        ("Số:1942 /KH-SYT", "1942/KH-SYT"),
        ("Số: /KH-SYT", "/KH-SYT"),
        ("Số:      /KH-PGDĐT", "/KH-PGDĐT"),
        ("Số 12-KH/TU", "12-KH/TU"),
        ("Só: 21 30/KH-SYT", "2130/KH-SYT"),
        ("Số: l8/KH-SDL", "18/KH-SDL"),
        ("Số: 18/KII-SDL", "18/KH-SDL"),
        ("Số: 18/KE-SDL", "18/KH-SDL"),
        ("Số: 4 6457KH-SDL", "4645/KH-SDL"),
        ("Sé:225/KH-SDL", "225/KH-SDL"),
        ("SỐ? 22/KH-SDL", "22/KH-SDL"),
    ],
)
def test_numbers_with_blanks_and_broken_letters(printed: str, number: str) -> None:
    assert header(["UBND TỈNH TRƯỜNG SƠN", "SỞ DU LỊCH", printed]).document_number == number


@pytest.mark.parametrize(
    ("printed", "place", "date"),
    [
        ("Trường Sơn, ngày 04 tháng 02 năm 2026", "Trường Sơn", "2026-02-04"),
        ("Trường Sơn, ngày tháng 3 năm 2026", "Trường Sơn", "2026-03"),
        ("Trường Sơn, ngày … tháng 3 năm 2026", "Trường Sơn", "2026-03"),
        ("Trường Sơn, ngay 14 tháng l1 năm 2017", "Trường Sơn", "2017-11-14"),
        ("TP. Trường Sơn, ngày 1 tháng 12 năm 2025", "TP. Trường Sơn", "2025-12-01"),
        ("Trường Sơn, ngày [5 tháng 1] năm 2025", "Trường Sơn", "2025-11-15"),
        ("Trường Sơn, ngày.#4 tháng 12 năm 2025", "Trường Sơn", "2025-12"),
    ],
)
def test_place_and_date(printed: str, place: str, date: str) -> None:
    found = header(["SỞ DU LỊCH", "Số: 1/KH-SDL"], ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", printed])
    assert (found.place, found.issued_on) == (place, date)


def test_a_single_body_issues() -> None:
    found = header(["ỦY BAN NHÂN DÂN", "TỈNH TRƯỜNG SƠN", "Số: 2/KH-UBND"])
    assert (found.parent_authority, found.issuing_authority) == (None, "Ủy ban nhân dân tỉnh Trường Sơn")


def test_a_party_document() -> None:
    found = header(
        ["TỈNH ỦY TRƯỜNG SƠN", "BAN TUYÊN GIÁO VÀ DÂN VẬN", "*", "Số 12-KH/BTGDVTU"],
        ["ĐẢNG CỘNG SẢN VIỆT NAM", "Trường Sơn, ngày 09 tháng 02 năm 2026"],
    )
    assert found.parent_authority == "Tỉnh ủy Trường Sơn"
    assert found.issuing_authority == "Ban Tuyên giáo và Dân vận"
    assert found.document_number == "12-KH/BTGDVTU"


def test_joint_issuers_are_written_together() -> None:
    found = header(["UBND TỈNH TRƯỜNG SƠN", "SỞ Y TẾ - CÔNG ĐOÀN NGÀNH", "Số: 3/KHLT-SYT-CĐN"])
    assert found.issuing_authority == "Sở Y tế - Công đoàn ngành"


@pytest.mark.parametrize(
    ("bodies", "number", "parent", "issuer"),
    [
        (["CÔNG AN TỈNH", "LIÊN ĐOÀN LAO ĐỘNG TỈNH"], "5/KHLT-CA-LĐ", None, "Công an tỉnh - Liên đoàn Lao động tỉnh"),
        (["UBND TỈNH", "CÔNG AN TỈNH", "HỘI NÔNG DÂN"], "5/KHLT-CAT-HND", "UBND tỉnh", "Công an tỉnh - Hội Nông dân"),
        (["CÔNG AN TỈNH", "PHÒNG AN NINH KINH TẾ"], "5/KH-CAT-ANKT", "Công an tỉnh", "Phòng An ninh Kinh tế"),
    ],
)
def test_the_number_of_a_joint_plan_tells_how_many_bodies_issue(
    bodies: list[str], number: str, parent: str | None, issuer: str
) -> None:
    found = header([*bodies, f"Số: {number}"])
    assert (found.parent_authority, (found.issuing_authority or "").lower()) == (parent, issuer.lower())


def test_a_letter_takes_its_title_from_the_subject() -> None:
    found = header(["SỞ DU LỊCH", "Số: 301/SDL-QLLH", "V/v tăng cường quản lý", "hoạt động lữ hành"], title=[])
    assert (found.document_type, found.title) == ("Công văn", "tăng cường quản lý hoạt động lữ hành")


def test_a_lost_letterhead_is_concluded_from_the_number_and_told() -> None:
    found = header(
        ["Số: /KH-SYT"],
        ["Trường Sơn, ngày tháng 3 năm 2026"],
        body=[
            "Thực hiện Kế hoạch số 2/KH-UBND của Ủy ban nhân dân tỉnh Trường Sơn, Sở Y tế ban hành Kế hoạch như sau:"
        ],
    )
    assert (found.parent_authority, found.issuing_authority) == ("UBND tỉnh Trường Sơn", "Sở Y tế")
    assert {"parent_authority", "issuing_authority"} <= set(found.inferred)


@pytest.mark.parametrize(
    ("title", "years", "derived"),
    [
        ("Phát triển du lịch năm 2026", [2026], False),
        ("Phát triển du lịch giai đoạn 2026 - 2028", [2026, 2027, 2028], False),
        ("Bồi dưỡng giáo viên năm học 2025-2026", [2025, 2026], False),
        ("Phòng chống tai nạn thương tích giai đoạn đến năm 2030", [2030], False),
        ("Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024", [2025], True),
        ("Thực hiện Chương trình phát triển du lịch giai đoạn 2021-2025 trong năm 2024", [2024], False),
        ("Phát triển du lịch giai đoạn 2024-2025, định hướng đến năm 2030", [2024, 2025], False),
        ("Phát triển du lịch năm 2024 và giai đoạn 2024-2026", [2024, 2025, 2026], False),
    ],
)
def test_the_years_a_plan_is_for(title: str, years: list[int], derived: bool) -> None:
    found = header(["SỞ DU LỊCH", "Số: 1/KH-SDL"], ["Trường Sơn, ngày 01 tháng 7 năm 2025"], title=["KẾ HOẠCH", title])
    assert found.plan_years == years
    assert ("plan_years" in found.inferred) is derived


def test_nothing_is_invented() -> None:
    found = header([], title=[])
    assert found.model_dump(exclude={"sources", "inferred", "plan_years"}) == dict.fromkeys(
        ["parent_authority", "issuing_authority", "document_number", "place", "issued_on", "document_type", "title"]
    )


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("SỞ Y TẾ", "Sở Y tế"),
        ("SỞ Y TÉ", "Sở Y tế"),
        ("SOY TẾ", "Sở Y tế"),
        ("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "Sở Lao động - Thương binh và Xã hội"),
        ("TRUNG TÂM KIỂM SOÁT BỆNH TẬT", "Trung tâm Kiểm soát bệnh tật"),
        ("UBND THÀNH PHỐ TRƯỜNG SƠN", "UBND thành phố Trường Sơn"),
        ("ỦY BAN NHÂN DÂN XÃ AN BÌNH", "Ủy ban nhân dân xã An Bình"),
        ("SỞ Y TẾ TRƯỜNG SƠN", "Sở Y tế Trường Sơn"),
        ("Sở Y tế", "Sở Y tế"),
        ("ỦY BAN NHÂN DÂN TỈNH ĐAN PHƯỢNG HẢI", "Ủy ban nhân dân tỉnh Đan Phượng Hải"),
        ("ỦY BAN NHÂN DÂN TÍNH TRƯỜNG SƠN", "Ủy ban nhân dân tỉnh Trường Sơn"),
        ("UBND THÀNH PHỐ HUYỀN THI", "UBND thành phố Huyền Thi"),
        ("PHÒNG VĂN HÓA - XÃ HỘI PHƯỜNG AN BÌNH", "Phòng Văn hóa - Xã hội phường An Bình"),
        ("BAN QUẢN LÝ CHỢ TRƯỜNG SƠN", "Ban Quản lý Chợ Trường Sơn"),
        ("TRƯỜNG TIỂU HỌC SUỐI ĐÁ", "Trường Tiểu học Suối Đá"),
        ("BAN THƯỜNG VỤ TỈNH ỦY", "Ban Thường vụ Tỉnh ủy"),
        ("SỞ Y TÉẺ", "Sở Y tế"),
    ],
)
def test_names_in_normal_case(printed: str, normal: str) -> None:
    assert normal_case(printed) == normal


def test_the_texts_own_spelling_counts() -> None:
    assert normal_case("HỘI NGƯỜI CAO TUỔI", "do Hội Người cao tuổi chủ trì") == "Hội Người cao tuổi"


def test_bodies_wrapped_over_lines_are_joined() -> None:
    lines = ["ỦY BAN NHÂN DÂN", "TỈNH TRƯỜNG SƠN", "SỞ KHOA HỌC", "VÀ CÔNG NGHỆ"]
    assert [t.string for t in join_bodies([text(line) for line in lines])] == [
        "ỦY BAN NHÂN DÂN TỈNH TRƯỜNG SƠN",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    ]


def test_a_title_over_several_lines_rejoins_broken_codes() -> None:
    layout = layout_of(PLAN)
    title = (text("KẾ HOẠCH"), text("Thực hiện Nghị quyết số 57-"), text("NQ/TW về chuyển đổi số"))
    found = read_header(replace(layout, title=title), build_outline(layout))
    assert found.title == "Thực hiện Nghị quyết số 57-NQ/TW về chuyển đổi số"


@pytest.mark.parametrize(
    ("clause", "years"),
    [
        ("Sở Du lịch ban hành Kế hoạch phát triển du lịch năm 2026, cụ thể như sau:", [2026]),
        ("Lượng khách tăng 12% so với cùng kỳ năm 2024. Sở Du lịch yêu cầu các đơn vị thực hiện như sau:", [2025]),
        (
            "Căn cứ Quyết định phê duyệt Chương trình giai đoạn 2021-2024, hai ngành thống nhất ban hành Kế hoạch phối "
            "hợp năm học 2025-2026 như sau:",
            [2025, 2026],
        ),
    ],
)
def test_only_the_plans_own_enacting_clause_tells_its_years(clause: str, years: list[int]) -> None:
    found = header(
        ["SỞ DU LỊCH", "Số: 1/KH-SDL"],
        ["Trường Sơn, ngày 01 tháng 7 năm 2025"],
        title=["KẾ HOẠCH", "Phát triển du lịch"],
        body=[clause],
    )
    assert found.plan_years == years


def test_a_dash_or_equal_rank_joins_issuers_over_two_lines() -> None:
    for first in ("SỞ DU LỊCH -", "SỞ DU LỊCH"):
        found = header(
            ["UBND TỈNH TRƯỜNG SƠN", first, "SỞ Y TẾ", "Số: 3/KHLN-SDL-SYT"], title=["KẾ HOẠCH LIÊN NGÀNH", "A"]
        )
        assert found.parent_authority == "UBND tỉnh Trường Sơn"
        assert found.issuing_authority == "Sở Du lịch - Sở Y tế"
        assert found.document_type == "Kế hoạch liên ngành"


def test_a_command_stands_under_the_command_above_it() -> None:
    found = header(["BỘ TƯ LỆNH QUÂN KHU 9", "BỘ CHỈ HUY QUÂN SỰ TỈNH", "Số: 3/KH-BCH"])
    assert found.parent_authority is not None
    assert found.issuing_authority == "Bộ Chỉ huy Quân sự tỉnh"


def test_a_place_is_spelled_as_its_date_line_spells_it() -> None:
    found = header(
        ["ỦY BAN NHÂN DÂN", "XÃ KRÔNG PẮC", "Số: 1/KH-UBND"], ["CỘNG HÒA", "Krông Pắc, ngày 04 tháng 02 năm 2026"]
    )
    assert found.issuing_authority == "Ủy ban nhân dân xã Krông Pắc"


def test_figures_concluded_from_letters_and_gaps_of_a_pen_are_less_sure() -> None:
    printed = text("Trường Sơn, ngày 03 tháng 05 năm 2026")
    words = tuple(w._replace(printed="0S") if printed.string[w.start : w.end] == "05" else w for w in printed.words)
    layout = DocumentLayout(
        (text("Số: 4 695/KH-SDL"),), (Text(printed.string, words),), (text("KẾ HOẠCH"),), (), (), ()
    )
    found = read_header(layout, build_outline(layout))
    assert (found.document_number, found.issued_on) == ("4695/KH-SDL", "2026-05-03")
    assert found.sources["document_number"].confidence < 0.5
    assert found.sources["issued_on"].confidence < 0.5
    sure = header(["Số: 4695/KH-SDL"], [printed.string])
    assert sure.sources["document_number"].confidence == sure.sources["issued_on"].confidence == 0.9


def test_a_quotation_mark_that_none_closes_is_no_part_of_the_title() -> None:
    assert (
        header(["Số: 1/KH-SDL"], title=["KẾ HOẠCH", "'Tổ chức lễ hội", "năm 2026"]).title == "Tổ chức lễ hội năm 2026"
    )


@pytest.mark.parametrize(
    ("letterhead", "parent", "issuer"),
    [
        (
            "BAN CHẤP HÀNH\tĐOÀN TNCS HỒ CHÍ MINH\nĐOÀN TỈNH SÔNG SẬY\n***",
            None,
            "Ban Chấp hành Đoàn tỉnh Sông Sậy",
        ),
        (
            "ĐOÀN TNCS HỒ CHÍ MINH\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
            "BAN CHẤP HÀNH TỈNH SÔNG SẬY\tĐộc lập - Tự do - Hạnh phúc",
            "Đoàn TNCS Hồ Chí Minh",
            "Ban Chấp hành tỉnh Sông Sậy",
        ),
    ],
)
def test_letterheads_of_the_youth_union(letterhead: str, parent: str | None, issuer: str, tmp_path: Path) -> None:
    dump = tmp_path / "plan.txt"
    dump.write_text(
        f"{letterhead}\nSố: 45-KH/TĐTN\tSông Sậy, ngày 06 tháng 5 năm 2025\n\n"
        "KẾ HOẠCH\nTổ chức hoạt động hè năm 2025\n\nI. MỤC ĐÍCH\n- Nâng cao sức khỏe thanh niên.\n",
        encoding="utf-8",
    )
    header = convert(dump, Settings(cache_dir=None)).header
    assert (header.parent_authority, header.issuing_authority) == (parent, issuer)


def test_the_year_beside_a_day_that_the_pen_made_unreadable_is_the_plans() -> None:
    found = header(["BỘ CÔNG THƯƠNG"], ["Hà Nội, ngày0} thángh năm 2026"], ["KẾ HOẠCH", "Phòng cháy"])
    assert (found.place, found.issued_on, found.plan_years) == ("Hà Nội", None, [2026])
    assert "plan_years" in found.inferred


def test_an_inspectorate_stands_under_its_department() -> None:
    found = header(["SỞ NỘI VỤ BÌNH HẢI", "THANH TRA SỞ", "Số: 09/KH-TTr"])
    assert (found.parent_authority, found.issuing_authority) == ("Sở Nội vụ Bình Hải", "Thanh tra Sở")
