"""Another document in the same file is told by its own letterhead."""

from __future__ import annotations

import pytest

from pipeline.layout.letterheads import further_letterheads
from pipeline.values import PageLayout, Zone
from tests.layout.dumps import page_of_dump, printed_line

FIRST = """\
UBND TỈNH TRƯỜNG SƠN ĐÔNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ Y TẾ Độc lập - Tự do - Hạnh phúc
Số: 101/SYT-NVY Trường Sơn Đông, ngày 05 tháng 3 năm 2026
Kính gửi: Các Trung tâm Y tế.
Căn cứ Công văn số 7/BYT-KCB ngày 02 tháng 3 năm 2026 của Bộ Y tế.
"""

PENNED = FIRST.replace("101/SYT-NVY", "{} /UBND-KTCN").replace("05 tháng 3", "/( tháng")


def told(*pages: str) -> list[tuple[int, str]]:
    return list(further_letterheads([page_of_dump(text, number) for number, text in enumerate(pages, 1)]))


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (FIRST.replace("101/SYT-NVY", "117/SYT-KHTC"), "117/SYT-KHTC"),
        (FIRST.replace("Số: 101/SYT-NVY", "Số:      /").replace("05 tháng", "12 tháng"), "ngày 12 tháng 3 năm 2026"),
        (FIRST, None),  # a second copy
        (PENNED.format("4?6E"), "/UBND-KTCN"),  # a number by pen, and a day that was not read
        (PENNED.format("…"), None),
        (PENNED.format("XX"), None),
        (FIRST.replace("Số: 101/SYT-NVY", "Số:    /BC-").replace("05 tháng 3", "… tháng …"), None),  # a form
        (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nKẾ HOẠCH\n(Kèm theo Quyết định số 9/QĐ-SYT ngày 01 tháng 4 năm 2026)",
            None,
        ),
        ("I. MỤC TIÊU\nTheo Công văn số 9/SYT-NVY ngày 02 tháng 4 năm 2026.", None),
    ],
)
def test_a_letterhead_that_is_filled_in_begins_another_document(second: str, expected: str | None) -> None:
    assert told(FIRST, second) == ([(2, expected)] if expected else [])


def test_in_a_dump_without_pages_too() -> None:
    assert told(FIRST + "Lưu: VT.\n" * 8 + FIRST.replace("101/", "117/")) == [(1, "117/SYT-NVY")]


def test_on_paper_the_columns_of_the_letterhead_are_asked() -> None:
    def page(number: int, code: str) -> PageLayout:
        zone = Zone.LETTERHEAD_RIGHT
        lines = [
            printed_line(f"Số: {code}", 80, zone=Zone.LETTERHEAD_LEFT, page=number),
            printed_line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 60, zone=zone, page=number),
        ]
        return PageLayout(number, 595, 842, tuple(lines))

    assert list(further_letterheads([page(1, "3/TB-SYT"), page(2, "4/TB-SYT")])) == [(2, "4/TB-SYT")]
