from __future__ import annotations

from pipeline.extract.responsibilities import read_responsibilities
from pipeline.values import Item, Text
from schemas import Responsibility
from tests.extract.builders import PLAN, bullet, outline, plain, section, statement


def summary(found: list[Responsibility]) -> list[tuple[str | None, str, str | None, list[str]]]:
    return [(r.label, r.unit.name, r.unit.parent, [d.text for d in r.duties]) for r in found]


def test_headings_name_the_unit_and_bullets_its_duties() -> None:
    found = read_responsibilities(
        outline(
            section(
                "V", "TỔ CHỨC THỰC HIỆN", "implementation",
                section("1", "Các phòng chuyên môn thuộc Sở Y tế", "implementation",
                        bullet("Đôn đốc, kiểm tra."), bullet("Báo cáo trước ngày 15/11 hằng năm."), level=2),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert summary(found) == [
        ("1", "Các phòng chuyên môn", "Sở Y tế", ["Đôn đốc, kiểm tra.", "Báo cáo trước ngày 15/11 hằng năm."])
    ]
    assert [d.rrule for d in found[0].duties[1].deadlines] == ["FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15"]


def test_statements_carry_their_unit() -> None:
    text = "Giao Văn phòng Sở chủ trì tổng hợp, theo dõi."
    found = read_responsibilities(
        outline(section("III", "TỔ CHỨC THỰC HIỆN", "implementation", statement("1", text, "implementation"))), PLAN
    )
    assert summary(found) == [("1", "Văn phòng Sở", None, [text])]


def test_a_bullet_that_opens_with_a_department_is_its_own() -> None:
    found = read_responsibilities(
        outline(
            section(
                "V", "TỔ CHỨC THỰC HIỆN", "implementation",
                section("2", "Sở Y tế", "implementation", bullet("Kiểm tra các đơn vị."),
                        bullet("Phòng Nghiệp vụ Y: Làm đầu mối kiểm tra."),
                        bullet("Bộ tiêu chí được áp dụng chung."), level=2),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert summary(found) == [
        ("2", "Sở Y tế", None, ["Kiểm tra các đơn vị.", "Bộ tiêu chí được áp dụng chung."]),
        (None, "Phòng Nghiệp vụ Y", None, ["Phòng Nghiệp vụ Y: Làm đầu mối kiểm tra."]),
    ]


def test_closing_paragraphs_count_only_where_they_charge_somebody() -> None:
    charge = "Trên cơ sở Kế hoạch này, các cơ quan, đơn vị chủ động xây dựng kế hoạch và báo cáo trước ngày 31/3/2025."
    found = read_responsibilities(
        outline(
            section(
                "V", "TỔ CHỨC THỰC HIỆN", "implementation",
                plain(charge),
                plain("Báo cáo kết quả theo quy định."),
                plain("Trên đây là Kế hoạch của Sở Y tế, đề nghị các đơn vị nghiêm túc thực hiện./."),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert summary(found) == [(None, "Các cơ quan, đơn vị", None, [charge])]
    assert [d.subject for d in found[0].duties[0].deadlines] == ["report"]


def test_bodies_named_jointly_are_one() -> None:
    title = "Các đơn vị trực thuộc Sở Y tế, các bệnh viện tư nhân"
    found = read_responsibilities(
        outline(
            section(
                "V", "TỔ CHỨC", "implementation", section("4", title, "implementation", bullet("Triển khai."), level=2)
            )
        ),
        PLAN,
    )
    assert summary(found) == [("4", title, None, ["Triển khai."])]


def test_introductions_are_the_context_of_duties() -> None:
    (found,) = read_responsibilities(
        outline(
            section(
                "V", "TỔ CHỨC", "implementation",
                section("1", "Văn phòng Sở", "implementation",
                        bullet("Chuẩn bị tài liệu gồm:"), bullet("Báo cáo tự đánh giá.", 1), level=2),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert [(d.text, d.context) for d in found.duties] == [("Báo cáo tự đánh giá.", "Chuẩn bị tài liệu gồm:")]


def test_a_heading_among_units_is_a_unit_whatever_its_first_word() -> None:
    found = read_responsibilities(
        outline(
            section(
                "V", "TỔ CHỨC THỰC HIỆN", "implementation",
                section("1", "Văn phòng Sở", "implementation", bullet("Tổng hợp."), level=2),
                section("2", "Các ông (bà) Trưởng thôn", "implementation", bullet("Họp thôn."), level=2),
                section("3", "Chế độ báo cáo", "implementation", bullet("Các đơn vị báo cáo hằng quý."), level=2),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert [(r.label, r.unit.name) for r in found] == [
        ("1", "Văn phòng Sở"), ("2", "Các ông (bà) Trưởng thôn"), (None, "Các đơn vị")
    ]  # fmt: skip


def test_an_exhortation_at_the_end_charges_nobody() -> None:
    text = "Ban Thường vụ đề nghị các cấp công đoàn nghiêm túc triển khai Kế hoạch này./."
    assert read_responsibilities(outline(section("V", "TỔ CHỨC", "implementation", plain(text))), PLAN) == []


def test_a_line_that_is_a_departments_name_heads_the_bullets_below_it() -> None:
    found = read_responsibilities(
        outline(
            section(
                "V", "TỔ CHỨC THỰC HIỆN", "implementation",
                section("1", "Sở Y tế", "implementation", bullet("Kiểm tra các đơn vị."),
                        bullet("Phòng Nghiệp vụ Y:"), bullet("Hướng dẫn chuyên môn.", 1),
                        bullet("Tổng hợp báo cáo.", 1), level=2),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert summary(found) == [
        ("1", "Sở Y tế", None, ["Kiểm tra các đơn vị."]),
        (None, "Phòng Nghiệp vụ Y", None, ["Hướng dẫn chuyên môn.", "Tổng hợp báo cáo."]),
    ]


def test_a_closing_request_charges_where_it_says_by_when() -> None:
    asked = "Yêu cầu Thủ trưởng các cơ quan, Chủ tịch UBND các xã nghiêm túc thực hiện"
    for closing, charged in ((f"{asked}, báo cáo trước ngày 20/11 hằng năm./.", True), (f"{asked}./.", False)):
        chapter = section("V", "TỔ CHỨC THỰC HIỆN", "implementation", Item(Text(closing), closing=True))
        found = read_responsibilities(outline(chapter), PLAN)
        name = "Thủ trưởng các cơ quan, Chủ tịch UBND các xã"
        assert summary(found) == ([(None, name, None, [closing])] if charged else [])


def test_whom_to_ask_makes_no_duty_of_a_closing_exhortation() -> None:
    contact = "mọi vướng mắc liên hệ Phòng Nghiệp vụ Y, điện thoại 0200.3800.100./."
    asked = "Đề nghị các đơn vị triển khai thực hiện"
    for closing, charged in ((f"{asked}; {contact}", False), (f"{asked}, báo cáo trước ngày 20/11; {contact}", True)):
        chapter = section("V", "TỔ CHỨC THỰC HIỆN", "implementation", Item(Text(closing), closing=True))
        found = read_responsibilities(outline(chapter), PLAN)
        assert summary(found) == ([(None, "Các đơn vị", None, [closing])] if charged else [])
