from __future__ import annotations

import pytest

from pipeline.extract.context import year_above_tables
from pipeline.extract.table_captions import caption_of
from pipeline.values import Block, Paragraph, Text
from tests.extract.builders import table

FOUND = table(["STT", "Dự án"], ["1", "Trạm y tế"])


def body(*lines: str) -> list[Block]:
    return [*(Paragraph(Text(line)) for line in lines), FOUND]


@pytest.mark.parametrize(
    ("lines", "title", "money"),
    [
        (["Biểu số 02", "DANH MỤC DỰ ÁN", "Đơn vị tính: triệu đồng"], "DANH MỤC DỰ ÁN", "triệu đồng"),
        (["Bảng 1. Phân bổ kinh phí", "(ĐVT: 1.000 đồng)"], "Phân bổ kinh phí", "1.000 đồng"),
        (["Biểu 03 DANH MỤC", "(Kèm theo Kế hoạch số 1/KH-UBND)", "ĐVT: đồng"], "DANH MỤC", "đồng"),
        (["Nội dung như sau:"], None, None),
        (["Đơn vị tính: người"], None, None),
        (["Bảng giá đất được công bố"], None, None),
    ],
)
def test_what_stands_above(lines: list[str], title: str | None, money: str | None) -> None:
    caption = caption_of(FOUND, body("1. Nhiệm vụ", *lines))
    assert (str(caption.title) if caption.title else None, caption.money) == (title, money)


def test_another_table_stands_between() -> None:
    other = table(["STT", "Xã"], ["1", "Tân Lạng"])
    assert caption_of(FOUND, [*body("Biểu số 02", "DANH MỤC")[:2], other, FOUND]).title is None


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (["Phụ lục 1", "NHIỆM VỤ NĂM 2026", "(Kèm theo Quyết định ngày 30/12/2025)"], 2026),
        (["Phụ lục", "PHÂN CÔNG", "(Kèm theo Quyết định số 5/QĐ-SXD ngày 09 tháng 01 năm 2027)"], 2027),
        (["Phụ lục", "PHÂN CÔNG"], None),
    ],
)
def test_the_year_of_an_appendix_by_itself(lines: list[str], year: int | None) -> None:
    assert year_above_tables(body(*lines)) == year
    assert year_above_tables(body(*lines)[:-1]) is None
