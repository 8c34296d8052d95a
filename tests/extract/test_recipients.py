from __future__ import annotations

import pytest

from pipeline.extract.recipients import read_recipients
from pipeline.values import Text


def recipients(*lines: str) -> list[tuple[str, str | None]]:
    return [(r.name, r.purpose) for r in read_recipients([Text(line) for line in lines])]


def test_entries_with_purposes_and_the_archive() -> None:
    assert recipients(
        "Nơi nhận:", "- UBND tỉnh (để b/c);", "- Các phòng thuộc Sở (t/h);", "- Website Sở;", "- Lưu: VT, QLLH."
    ) == [
        ("UBND tỉnh", "báo cáo"),
        ("Các phòng thuộc Sở", "thực hiện"),
        ("Website Sở", None),
        ("Lưu: VT, QLLH", "lưu"),
    ]


@pytest.mark.parametrize(
    ("printed", "purpose"),
    [
        ("(b/c)", "báo cáo"),
        ("(để báo cáo)", "báo cáo"),
        ("(Báo cáo)", "báo cáo"),
        ("(báocáo)", "báo cáo"),
        ("(b/€)", "báo cáo"),
        ("(th)", "thực hiện"),
        ("(th/hiện)", "thực hiện"),
        ("(để phối hợp)", "phối hợp"),
        ("(để biết)", "biết"),
        ("(chỉ đạo)", "chỉ đạo"),
        ("(để đăng tải)", "đăng tải"),
        ("(để be)", "báo cáo"),
        ("(Uh)", "thực hiện"),
        ("(để p/hợp)", "phối hợp"),
        ("(t/hiện)", "thực hiện"),
        ("(tr/khai)", "triển khai"),
        ("(để t/h và b/c)", "thực hiện, báo cáo"),
        ("(để thay b/c)", "báo cáo"),
        ("(để b/c và PGĐ)", None),
        ("(02b)", None),
    ],
)
def test_purposes_in_brackets(printed: str, purpose: str | None) -> None:
    ((name, found),) = recipients(f"- UBND tỉnh {printed};")
    assert found == purpose
    assert (printed in name) is (purpose is None)


def test_wrapped_entries_are_joined() -> None:
    assert recipients("- Các đơn vị y tế bộ ngành, tư nhân", "trên địa bàn tỉnh;") == [
        ("Các đơn vị y tế bộ ngành, tư nhân trên địa bàn tỉnh", None)
    ]


def test_an_entry_on_the_line_of_the_head_and_lost_bullets() -> None:
    assert recipients("Nơi nhận: - Như trên;", "Sở Nội vụ;", "Lưu VT.") == [
        ("Như trên", None),
        ("Sở Nội vụ", None),
        ("Lưu VT", "lưu"),
    ]


def test_strokes_behind_an_entry_are_no_part_of_it() -> None:
    assert recipients("- Sở KH&CN; T", "- Ban Giám đốc; SR — ¥,") == [("Sở KH&CN", None), ("Ban Giám đốc", None)]


def test_offices_that_keep_a_copy_are_no_strokes_whatever_sign_parts_them() -> None:
    assert recipients("- Lưu: VT; NVY.") == [("Lưu: VT; NVY", "lưu")]
    assert recipients("- Lưu: VT; ⁄˜") == [("Lưu: VT", "lưu")]


def test_nothing_gives_nothing() -> None:
    assert recipients() == []
    assert recipients("Nơi nhận: ) ,") == []
