from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.abbreviations import UnitLore, canonical_name, learn
from pipeline.extract.units import joint_unit, opening_unit, units_in
from pipeline.values import Text

DOCUMENT = (
    "Báo cáo về Trung tâm Bảo vệ sức khỏe lao động môi trường. "
    "Trung tâm Ứng phó thiên tai (sau đây gọi tắt là TTƯPTT). "
    "Công tác phòng chống tai nạn thương tích (PCTNTT)."
)
LORE = learn(DOCUMENT, "Sở Y tế")


def names(text: str, lore: UnitLore = LORE) -> list[tuple[str, str | None]]:
    return [(u.name, u.parent) for u in units_in(Text(text), lore)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Phòng Tổ chức – Hành chính, Sở Y tế.", [("Phòng Tổ chức - Hành chính", "Sở Y tế")]),
        ("Phòng Nghiệp vụ Y SYT", [("Phòng Nghiệp vụ Y", "Sở Y tế")]),
        ("Phòng Kế hoạch Tài chính Sở", [("Phòng Kế hoạch - Tài chính", "Sở Y tế")]),
        ("Các đơn vị trực thuộc Sở Y tế", [("Các đơn vị trực thuộc", "Sở Y tế")]),
        ("Các phòng, đơn vị thuộc và trực thuộc Sở Y tế", [("Các phòng, đơn vị", "Sở Y tế")]),
        (
            "Phòng Kế hoạch tổng hợp - Công nghệ thông tin, Khoa Dược",
            [("Phòng Kế hoạch tổng hợp - Công nghệ thông tin", None), ("Khoa Dược", None)],
        ),
        ("Văn phòng Sở", [("Văn phòng Sở", None)]),
        ("Ban Vì sự tiến bộ của phụ nữ các cấp", [("Ban Vì sự tiến bộ của phụ nữ các cấp", None)]),
        ("Thống kê tỉnh; Phòng LĐ-VL", [("Thống kê tỉnh", None), ("Phòng Lao động - Việc làm", None)]),
        ("Thi hành án dân sự tỉnh, Đồn Biên phòng", [("Thi hành án dân sự tỉnh", None), ("Đồn Biên phòng", None)]),
        ("Phòng KHTC; CDC", [("Phòng Kế hoạch - Tài chính", None), ("Trung tâm Kiểm soát bệnh tật", None)]),
        ("KHTC", [("Phòng Kế hoạch - Tài chính", None)]),
        ("Sở KH&CN", [("Sở Khoa học và Công nghệ", None)]),
        ("Sở Khoa học và Công nghệ", [("Sở Khoa học và Công nghệ", None)]),
        ("Sở Lao động - Thương binh và Xã hội", [("Sở Lao động - Thương binh và Xã hội", None)]),
        (
            "Sở Văn hóa, Thể thao và Du lịch, Công an tỉnh",
            [("Sở Văn hóa, Thể thao và Du lịch", None), ("Công an tỉnh", None)],
        ),
        ("Các sở, ban, ngành liên quan", [("Các sở, ban, ngành liên quan", None)]),
        ("UBND các quận, huyện", [("UBND các quận, huyện", None)]),
        ("Các cơ quan, đơn vị", [("Các cơ quan, đơn vị", None)]),
        (
            "Các phòng chức năng, đơn vị trực thuộc chủ động tham mưu nội dung theo chức năng, nhiệm vụ.",
            [("Các phòng chức năng", None), ("Đơn vị trực thuộc", None)],
        ),
        # "chủ đồng": a mark misread by OCR does not make the verb part of the name
        ("đơn vị trực thuộc chủ đồng tham mưu", [("Đơn vị trực thuộc", None)]),
        ("- Văn phòng Sở; - Thanh tra Sở", [("Văn phòng Sở", None), ("Thanh tra Sở", None)]),
        ("Văn phòng Sở\nCác đơn vị trực thuộc", [("Văn phòng Sở", None), ("Các đơn vị trực thuộc", None)]),
        ("Văn phòng Sở Các đơn vị trực thuộc", [("Văn phòng Sở", None), ("Các đơn vị trực thuộc", None)]),
        ("Phòng Hành chính - Tổng hợp,.Sở Y tế", [("Phòng Hành chính - Tổng hợp", "Sở Y tế")]),
        ("Các đơn vị sự nghiệp công lập", [("Các đơn vị sự nghiệp công lập", None)]),
        (
            "Thủ trưởng các sở, ban, ngành; Chủ tịch UBND các xã, phường",
            [("Thủ trưởng các sở, ban, ngành", None), ("Chủ tịch UBND các xã, phường", None)],
        ),
        ("Trung tâm KSBT tỉnh", [("Trung tâm Kiểm soát bệnh tật tỉnh", None)]),
        ("P.KHTC, P. TCCB", [("Phòng Kế hoạch - Tài chính", None), ("Phòng Tổ chức cán bộ", None)]),
        ("Sở GD&ĐT, CA tỉnh", [("Sở Giáo dục và Đào tạo", None), ("Công an tỉnh", None)]),
        (
            "Văn phòng HĐND & UBND xã; Thường trực HĐND xã; Phòng VH-XH",
            [
                ("Văn phòng HĐND & UBND xã", None),
                ("Thường trực HĐND xã", None),
                ("Phòng Văn hóa - Xã hội", None),
            ],
        ),
        ("Ban CHQS xã, Hội CCB xã", [("Ban Chỉ huy Quân sự xã", None), ("Hội Cựu chiến binh xã", None)]),
        ("Các đơn vị thuộc Bộ, UBND các tỉnh", [("Các đơn vị", "Bộ"), ("UBND các tỉnh", None)]),
        (
            "Khoa Hồi sức tích cực - Chống độc; Khoa Ngoại tổng hợp",
            [("Khoa Hồi sức tích cực - Chống độc", None), ("Khoa Ngoại tổng hợp", None)],
        ),
        ("Chi cục Dân số - Sở Y tế", [("Chi cục Dân số", "Sở Y tế")]),
        ("Phòng Nghiệp vụ Dược (Sở Y tế), Công an tỉnh", [("Phòng Nghiệp vụ Dược", "Sở Y tế"), ("Công an tỉnh", None)]),
        (
            "Trung tâm Xúc tiến Đầu tư,\nThương mại và Du lịch",
            [("Trung tâm Xúc tiến Đầu tư, Thương mại và Du lịch", None)],
        ),
        ("Theo quy định", []),
        ("", []),
    ],
)
def test_lists_are_split_into_canonical_units(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("statement", "name", "rest"),
    [
        ("Giao Văn phòng Sở chủ trì tổng hợp", "Văn phòng Sở", "chủ trì tổng hợp"),
        ("Giao cho cơ quan, đơn vị thông báo", "Cơ quan, đơn vị", "thông báo"),
        ("Các đơn vị trực thuộc căn cứ nội dung", "Các đơn vị trực thuộc", "căn cứ nội dung"),
        ("Phòng Nghiệp vụ Y: Làm đầu mối", "Phòng Nghiệp vụ Y", ": Làm đầu mối"),
        ("Trường cao đẳng Sông Xanh có trách nhiệm", "Trường cao đẳng Sông Xanh", "có trách nhiệm"),
        ("Các đơn vị, cơ sở giáo dục xây dựng kế hoạch", "Các đơn vị, cơ sở giáo dục", "xây dựng kế hoạch"),
    ],
)
def test_statements_that_open_with_a_unit(statement: str, name: str, rest: str) -> None:
    found = opening_unit(Text(statement), LORE)
    assert found is not None
    assert found.unit.name == name
    assert statement[found.end :].strip() == rest


@pytest.mark.parametrize(
    "statement",
    [
        "Tổ chức tự kiểm tra và báo cáo",
        "Bộ tiêu chí đánh giá chất lượng",
        "Phòng, chống thiên tai",
        "Ban hành quy chế",
        "Hội nghị triển khai",
        "Báo cáo kết quả",
        "Cơ sở vật chất được đầu tư",
        "Tổ. chức thực hiện",
        "Trên cơ sở Kế hoạch này",
        "",
    ],
)
def test_verbs_and_things_are_no_units(statement: str) -> None:
    assert opening_unit(Text(statement), LORE) is None


@pytest.mark.parametrize(
    ("heading", "name", "parent"),
    [
        ("Trách nhiệm của Sở Y tế", "Sở Y tế", None),
        ("Các phòng chuyên môn thuộc Sở", "Các phòng chuyên môn", "Sở Y tế"),
        ("Cơ sở khám bệnh, chữa bệnh được thẩm định", "Cơ sở khám bệnh, chữa bệnh được thẩm định", None),
        (
            "Các đơn vị trực thuộc Sở Y tế, các bệnh viện tư nhân",
            "Các đơn vị trực thuộc Sở Y tế, các bệnh viện tư nhân",
            None,
        ),
        ("Trung tâm y tế huyện.", "Trung tâm y tế huyện", None),
    ],
)
def test_headings_name_one_unit_or_one_joint_one(heading: str, name: str, parent: str | None) -> None:
    unit = joint_unit(Text(heading), LORE)
    assert unit is not None
    assert (unit.name, unit.parent) == (name, parent)


def test_abbreviations_are_learned_from_the_document() -> None:
    assert LORE.learned["PCTNTT"] == "phòng chống tai nạn thương tích"
    assert canonical_name("TTƯPTT tỉnh", LORE) == "Trung tâm Ứng phó thiên tai tỉnh"
    # the acronym of the first words alone stands for the whole name behind the head it shares
    defined = learn("Trung tâm Quy hoạch và Kiểm định công trình xây dựng (sau đây viết tắt là Trung tâm QHKĐ).")
    assert canonical_name("Trung tâm QHKĐ", defined) == "Trung tâm Quy hoạch và Kiểm định công trình xây dựng"
    assert canonical_name("Trung tâm Y tế (TTYT) các khu vực", LORE) == "Trung tâm Y tế các khu vực"
    # by initials alone, "&" as "và"
    assert canonical_name("Trung tâm BVSKLĐ & MT", LORE) == "Trung tâm Bảo vệ sức khỏe lao động và môi trường"
    assert canonical_name("Phòng XYZK", LORE) == "Phòng XYZK"


@given(st.text(max_size=100))
def test_any_text_is_read_without_error(text: str) -> None:
    for unit in units_in(Text(text), LORE):
        assert unit.name


@given(
    st.lists(
        st.sampled_from(
            ["Văn phòng Sở", "Thanh tra Sở", "Phòng Nghiệp vụ Dược", "Công an tỉnh", "Sở Tài chính", "UBND các xã"]
        ),
        min_size=1,
        max_size=5,
        unique=True,
    ),
    st.sampled_from(["; ", ", ", "\n", "; - "]),
)
def test_a_list_of_units_comes_back(units: list[str], separator: str) -> None:
    assert [n for n, _ in names(separator.join(units))] == units
