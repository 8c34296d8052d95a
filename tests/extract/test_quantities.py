from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.quantities import find_money, find_targets, money_unit, read_budget, read_number


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("kinh phí 11.500.000.000 đồng", [11_500_000_000]),
        ("3,5 tỷ đồng", [3_500_000_000]),
        ("50 triệu đồng và 20.000.000đ", [50_000_000, 20_000_000]),
        ("200 nghìn đồng/người", [200_000]),
        ("Theo quy định hiện hành", []),
        ("năm 2025", []),
        ("1 tỷ 200 triệu đồng", [1_200_000_000]),
        ("ngân sách 2 tỷ đồng, xã hội hóa 500 triệu đồng", [2_000_000_000, 500_000_000]),
    ],
)
def test_money_in_sentences(text: str, sums: list[int]) -> None:
    assert find_money(text) == sums


def test_a_bare_figure_takes_the_unit_of_its_column() -> None:
    assert read_budget("1.200", money_unit("Kinh phí (triệu đồng)")) == 1_200_000_000
    assert read_budget("2,5", money_unit("Tổng mức đầu tư (tỷ đồng)")) == 2_500_000_000
    assert read_budget("Lồng ghép", money_unit("Kinh phí (triệu đồng)")) is None
    assert money_unit("Kinh phí") is None


@given(st.integers(0, 10**13))
def test_figures_with_dots_come_back(amount: int) -> None:
    assert read_number(f"{amount:,}".replace(",", ".")) == amount


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("100% đơn vị xây dựng kế hoạch", [(100, "%", "=")]),
        ("Tối thiểu 40% hệ thống", [(40, "%", ">=")]),
        ("đạt trên 95,5% vào cuối năm", [(95.5, "%", ">=")]),
        ("từ 80% trở lên", [(80, "%", ">=")]),
        ("tỷ lệ mắc dưới 5%", [(5, "%", "<")]),
        ("70% cán bộ tuyến huyện và 40% cán bộ tuyến xã", [(70, "%", "="), (40, "%", "=")]),
        ("Tổ chức 01 hội nghị Hội thảo khoa học", [(1, "hội nghị", "=")]),
        ("nằm trong 10 đơn vị dẫn đầu", [(10, "đơn vị", "<=")]),
        ("số hóa ít nhất 3.000 trang tư liệu", [(3000, "trang", ">=")]),
        ("(Giao 04 đơn vị: Bệnh viện A, Bệnh viện B và 09 Trung tâm y tế huyện)", [(4, "đơn vị", "=")]),
        ("đạt trên 4.500 tỷ đồng, tăng.15% so với năm trước", [(4500, "tỷ đồng", ">="), (15, "%", "=")]),
        ("Đón 3,2 triệu lượt khách", [(3.2, "triệu lượt khách", "=")]),
        ("Thành lập ít nhất 45 HTX, 120 THT", [(45, "HTX", ">="), (120, "THT", ">=")]),
        ("giải thể dứt điểm 100% HTX ngừng hoạt động", [(100, "%", "=")]),
        ("-100% các đơn vị", [(100, "%", "=")]),
        ("dự giờ tối thiểu 18 tiết/năm học", [(18, "tiết/năm học", ">=")]),
        ("đọc ít nhất 6 cuốn sách/năm", [(6, "cuốn sách/năm", ">=")]),
        ("đạt 32 giường bệnh/vạn dân", [(32, "giường bệnh/vạn dân", "=")]),
        ("từ 60 sản phẩm OCOP trở lên", [(60, "sản phẩm OCOP", ">=")]),
        ("mỗi bản có tối thiểu 01 tổ xung kích", [(1, "tổ xung kích", ">=")]),
        ("ít nhất 45 mô hình, 120 hộ tham gia", [(45, "mô hình", ">="), (120, "hộ", ">=")]),
        ("tăng từ 5% đến 7%", [(5, "%", ">="), (7, "%", "<=")]),
        ("xây dựng 10 - 15 mô hình", [(10, "mô hình", ">="), (15, "mô hình", "<=")]),
        ("thu nhập đạt 5,5 triệu đồng/người/tháng", [(5.5, "triệu đồng/người/tháng", "=")]),
        ("Đề án 06, năm 2030, Phụ lục 1, trong 3 năm", []),
        ("theo Quyết định 131/QĐ-TTg", []),
    ],
)
def test_targets(text: str, targets: list[tuple[float, str, str]]) -> None:
    assert [(t.value, t.unit, t.comparator) for t in find_targets(text)] == targets


@given(st.text(max_size=80))
def test_any_text_is_read_without_error(text: str) -> None:
    find_targets(text)
    find_money(text)
