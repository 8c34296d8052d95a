"""Abbreviations settled by the rest of the text, and words that specks stuck together. All texts are fictitious."""

from __future__ import annotations

import pytest

from diacritics import restore, restore_tokens

FRAME = "Cong tac phong chéng tai nan, xay dyng cong déng an toan (XDCDAT) dugc cac don vi trién khai thuc hién.\n"


def test_what_the_text_spells_out_tells_d_from_đ() -> None:
    text = FRAME + "Cac don vi bao céo két qua XDCDAT vé S& Y té trudc ngay 15 thang 11 hang nam.\n"
    assert restore(text, channel="garbled").count("XDCĐAT") == 2


def test_an_abbreviation_in_use_is_not_spelled_by_other_words() -> None:
    text = "Nop hé so trén Cong DVC quéc gia. Cac don vi cung cép, don vi cua tinh, don vi cap xa bao cao DVC.\n"
    assert restore(text, channel="garbled").count("DVC") == 2


def test_abbreviations_known_everywhere() -> None:
    text = "Noi nhan:\n- BGD S& Y té;\n- GD, cac PGD Trung tam y té huyén;\nDé bao céo va thuc hién ké hoach nay.\n"
    restored = restore(text, channel="garbled")
    assert "BGĐ" in restored
    assert "PGĐ" in restored


def test_several_instances_settle_a_broken_one() -> None:
    text = "Cac don vi nang cao chat luong nhan luc KHCN, nhiém vu KHCN va hoat déng KHCN tai co s&.\n"
    text += "Uu tién dao tao nhan luc KHpN cho cac don vi truc thudc S& Y té trong nam 2026.\n"
    assert restore(text, channel="garbled").count("KHCN") == 4


def test_another_abbreviation_is_no_broken_one() -> None:
    text = "Nang cao chat luong nhan luc KHCN, nhiém vu KHCN va hoat déng KHCN tai co s&.\n"
    assert "Bệnh viện PHCN" in restore(text + "Bénh vién PHCN trién khai thuc hién ké hoach.\n", channel="garbled")


@pytest.mark.parametrize(
    ("printed", "true"),
    [
        ("GIAM DOC SO Y-TE", "SỞ Y TẾ"),
        ("Cac don vi t6-chirc thuc hién ké hoach nay", "tổ chức"),
        ("Cac phong chtrc nang cua S&,y té bao cdo", "Sở, y tế"),
        ("Trung tam y.té huyén bao cdo két qua", "y tế"),
        ("Thuc hién nhiém vu duoc. giao trong nam", "được giao"),
    ],
)
def test_specks_between_words(printed: str, true: str) -> None:
    assert true in restore(printed, channel="garbled")


@pytest.mark.parametrize(
    ("printed", "restored"),
    [
        ("Các phòng chức năng của Sở.cử cán bộ tham gia", "Các phòng chức năng của Sở cử cán bộ tham gia"),
        ("Ngày 20 tháng 01 năm 2017.của Bộ Y tế", "Ngày 20 tháng 01 năm 2017 của Bộ Y tế"),
        ("Kinh phí năm 2026. Các đơn vị lập dự toán", "Kinh phí năm 2026. Các đơn vị lập dự toán"),
        ("Phát triển kinh tế-xã hội của tỉnh", "Phát triển kinh tế-xã hội của tỉnh"),
        ("Triển khai thực. hiện kế hoạch của ngành y. tế", "Triển khai thực hiện kế hoạch của ngành y tế"),
        ("Các đơn vị tổ chức thực.\nhiện nhiệm . vụ", "Các đơn vị tổ chức thực\nhiện nhiệm vụ"),
        ("Hợp tác với ngành Lao. động của tỉnh", "Hợp tác với ngành Lao động của tỉnh"),
    ],
)
def test_specks_in_what_ocr_read(printed: str, restored: str) -> None:
    tokens = restore_tokens(printed, [0.9] * len(printed.split()))
    assert _text(printed, tokens) == restored


@pytest.mark.parametrize(
    "printed",
    [
        "Ủy ban nhân dân các xã. phường phối hợp thực hiện",  # a comma that was misread
        "Tăng cường công tác phòng. chống dịch bệnh",
        "Xây dựng môi trường xanh. sạch, đẹp",
        "Các đơn vị đã thực hiện. hiện nay còn hai đơn vị",
        "Nhiệm vụ: a. tổ chức hội nghị",
        "Kế hoạch thực.\n\nhiện đại hóa các trạm y tế",  # another paragraph
    ],
)
def test_stops_that_are_no_specks_stay(printed: str) -> None:
    tokens = restore_tokens(printed, [0.9] * len(printed.split()))
    assert _text(printed, tokens) == printed


def test_an_author_may_write_a_stop_within_a_word() -> None:
    assert restore("Triển khai thực. hiện kế hoạch của ngành y tế") == "Triển khai thực. hiện kế hoạch của ngành y tế"


def _text(printed: str, tokens: list) -> str:  # type: ignore[type-arg]
    pieces, at = [], 0
    for token in tokens:
        pieces += [printed[at : token.start], token.text]
        at = token.end
    return "".join([*pieces, printed[at:]])


def test_a_sentence_runs_on_over_a_page_break() -> None:
    text = "Các đơn vị tổ chức thực hiện phong trào thi\n\nđưa, khen thưởng và báo cáo kết quả về Sở Y tế."
    tokens = restore_tokens(text, [0.9] * len(text.split()))
    assert "đua" in [t.text for t in tokens]
