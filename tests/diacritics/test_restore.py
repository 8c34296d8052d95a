"""Restoration of text: what it mends, what it leaves alone, what it survives. All texts are fictitious."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diacritics import detect_channel, restore, restore_tokens

GARBLED = """UBND TINH TRUONG SON DONG CONG HOA XA HOI CHU NGHIA VIET NAM
SOY TE Déc 1ap - Tu do - Hanh phic

KE HOACH
Trién khai thuc hién chuyén d6i s6 trong linh vuc y té nim 2026

Thuc hién Quyét dinh s6 322/Qb-UBND ngay 26/02/2026 cua Uy ban nhan dan tinh vé
viéc ban hanh Ké hoach chuyén ddi sb, S& Y té xay dung Ké hoach nhu sau:

I. MUC PiCH, YEU CAU
- Nang cao nhan thirc cua can bd, cong chirc, vién chirc vé chuyén d6i sé; day
manh ung dung céng nghé thong tin trong quan 1y hd so strc khoe dién tu.
- Cac don vi truc thudc chi déng phéi hop, bdo dam tién dg.
"""

RESTORED = """UBND TỈNH TRƯỜNG SƠN ĐÔNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ Y TẾ Độc lập - Tự do - Hạnh phúc

KẾ HOẠCH
Triển khai thực hiện chuyển đổi số trong lĩnh vực y tế năm 2026

Thực hiện Quyết định số 322/QĐ-UBND ngày 26/02/2026 của Ủy ban nhân dân tỉnh về
việc ban hành Kế hoạch chuyển đổi số, Sở Y tế xây dựng Kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU
- Nâng cao nhận thức của cán bộ, công chức, viên chức về chuyển đổi số; đẩy
mạnh ứng dụng công nghệ thông tin trong quản lý hồ sơ sức khỏe điện tử.
- Các đơn vị trực thuộc chủ động phối hợp, bảo đảm tiến độ.
"""

CORRECT = [
    RESTORED,
    "Chatbot của SYT gửi thư về lienhe@truongsondong.gov.vn, xem https://truongsondong.gov.vn/ke-hoach?id=7.",
    "The plan is written by the department of health and sent to all units before the end of June.",
    "Các phòng KHCN&ĐT, TCCB, PACS, VNeID, AI và IoT báo cáo trước ngày 15/11/2026, đạt 95,5% trở lên.",
    "1.2. Bộ Y tế (Cục Khoa học công nghệ) ban hành Thông tư số 15/2026/TT-BYT; Nghị quyết số 57-NQ/TW.",
    "Uỷ ban nhân dân xã Hoà Thuỷ khoá XII tổ chức hội nghị về sức khoẻ cộng đồng tại Nhà văn hoá.",
]


def test_a_garbled_plan_is_restored() -> None:
    assert detect_channel(GARBLED) == "garbled"
    wrong = [(a, b) for a, b in zip(restore(GARBLED).split(), RESTORED.split(), strict=True) if a != b]
    assert len(wrong) <= 2, wrong


def test_stripped_text_gets_its_marks_back() -> None:
    text = "Uy ban nhan dan tinh ban hanh ke hoach chuyen doi so, giao So Y te chu tri, phoi hop voi cac so, nganh."
    assert detect_channel(text) == "stripped"
    assert restore(text) == (
        "Ủy ban nhân dân tỉnh ban hành kế hoạch chuyển đổi số, giao Sở Y tế chủ trì, phối hợp với các sở, ngành."
    )


def test_blanks_in_the_number_of_a_law_are_its_authors() -> None:
    line = "Luật số 32/2013/QH 13 ngày 19 tháng 6 năm 2013 của Quốc hội về thuế"
    assert restore(line) == line
    assert "32/2013/QH13 " in restore("Luat s6 32/2013/QH 13 ngay 19 thang 6 nam 2013", channel="garbled")


@pytest.mark.parametrize("text", CORRECT)
def test_correct_text_stays(text: str) -> None:
    assert detect_channel(text) == "vietnamese"
    assert restore(text) == text


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        ("Các đơn vị thực hiện đúng tiên độ được giao", "Các đơn vị thực hiện đúng tiến độ được giao"),
        ("Đẩy mạnh chuyển đối số trong ngành y tế", "Đẩy mạnh chuyển đổi số trong ngành y tế"),
    ],
)
def test_slips_that_are_words_themselves_are_mended(slip: str, right: str) -> None:
    assert restore(slip) == right


def test_what_was_restored_is_restored() -> None:
    once = restore(GARBLED)
    assert restore(once) == once


@pytest.mark.parametrize(
    ("printed", "true"),
    [
        ("Ké hoach s6 787/Qb-BYT ngay", "787/QĐ-BYT"),
        ("Nghi quyét s6 57-NQITW ngay", "57-NQ/TW"),
        ("Chuong trinh s6 87- CTr/TU ngay", "87-CTr/TU"),
        ("I11. NHIEM VU VA GIAI PHAP", "III."),
        ("|. MUC TIEU", "I."),
        ("Luat sé 46/2014/QH13 ngay 13 thang 6", "46/2014/QH13"),
        ("Luat s6 15/2023/QHI5 ngay 09 thang 01", "15/2023/QH15"),
        ("Thu tuc sé 1.013418.H50 dugc giai quyét", "1.013418.H50"),
    ],
)
def test_codes_and_labels(printed: str, true: str) -> None:
    assert true in restore(printed, channel="garbled").split()


@pytest.mark.parametrize(
    ("printed", "true"),
    [
        ("Stra déi, b6 sung Diéu 7a nhu sau cho cac don vi", "Điều 7a như sau"),
        ("Theo quy dinh tai diém đ khoan 2 Diéu 5 cua Nghi dinh nay", "điểm đ khoản 2"),
        ("Tham gia bao hiém xa hdi ké tir ngay OF thang LO nam 2025", "ngày 01 tháng 10 năm 2025"),
        ("Nghi dinh ctia Chinh phu quy d chi tiét va bién phap thi hanh", "quy định chi tiết"),
        ("hoan thién h¢ thong y té, tlr quan ly dén cung cép dich vu", "từ quản lý"),
        ("S& Y té phdi hop voi BLDTBXH huéng dan thuc hién", "với BLĐTBXH hướng"),
    ],
)
def test_figures_letters_and_strokes_that_stand_for_others(printed: str, true: str) -> None:
    assert true in restore(printed, channel="garbled")


def test_split_and_merged_words() -> None:
    assert restore("trong linh vucy té cua tinh", channel="garbled") == "trong lĩnh vực y tế của tỉnh"
    tokens = restore_tokens("trong linh vucy té cua tinh", channel="garbled")
    assert [t.text for t in tokens if t.printed == "vucy"] == ["vực y"]


def test_tokens_tell_where_they_stand_and_how_sure_they_are() -> None:
    tokens = restore_tokens(GARBLED)
    for token in tokens:
        assert GARBLED[token.start : token.end] == token.printed
        assert token.changed == (token.text != token.printed)
        assert 0.0 <= token.confidence <= 1.0
        assert all(0.0 <= a.score <= 1.0 and a.text != token.text for a in token.alternatives)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    assert any(t.alternatives for t in tokens)


def test_confidence_of_ocr_is_a_prior() -> None:
    text = "Các cơ quan đây mạnh tuyên truyền"
    sure, unsure = ([t.confidence for t in restore_tokens(text, [c] * 7)] for c in (0.99, 0.3))
    assert restore(text) in (text, "Các cơ quan đẩy mạnh tuyên truyền")
    assert sure != unsure


def test_each_page_is_judged_by_itself() -> None:
    text = CORRECT[0] + "\f" + GARBLED
    restored = restore(text)
    assert restored.split("\f")[0] == CORRECT[0]
    assert "chuyển đổi số" in restored.split("\f")[1]


def test_old_encodings_are_decoded_word_by_word() -> None:
    text = "Uû ban nh©n d©n tØnh ban hµnh kÕ ho¹ch chuyÓn ®æi sè, giao c¸c së, ngµnh phèi hîp thùc hiÖn ®óng tiÕn ®é."
    true = "Uỷ ban nhân dân tỉnh ban hành kế hoạch chuyển đổi số, giao các sở, ngành phối hợp thực hiện đúng tiến độ."
    assert restore(text) == true


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_keeps_its_lines(text: str) -> None:
    assert restore(text).count("\n") == text.count("\n")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([*GARBLED.split(), "\n", "\n\n", "\x00", "\ud800", "\f", "¢", "'", "|"]), max_size=60))
def test_pieces_in_any_order_keep_their_lines_and_places(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for channel in ("auto", "garbled", "vietnamese", "stripped"):
        tokens = restore_tokens(text, channel=channel)  # type: ignore[arg-type]
        assert all(text[t.start : t.end] == t.printed and "\n" not in t.text for t in tokens)
        assert restore(text, channel=channel).count("\n") == text.count("\n")  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [13, 14, 15, 16, 17, 18, 20, 24, 25])
def test_long_words_with_capitals_inside_are_handled(length: int) -> None:
    word = ("xkTqz" * length)[:length]
    assert restore(word, channel="garbled").strip()
    assert restore(f"Trién khai {word}", channel="vietnamese").startswith("Tri")


@settings(max_examples=25, deadline=None)
@given(st.permutations(CORRECT), st.lists(st.sampled_from(["\n", "\n\n", "\f"]), min_size=6, max_size=6))
def test_correct_text_survives_in_any_order(parts: list[str], breaks: list[str]) -> None:
    text = "".join(part + gap for part, gap in zip(parts, breaks, strict=True))
    assert restore(text) == text


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec=None, categories=["Cc", "Cs", "Cf", "Ll", "Zs"]), max_size=120))
def test_control_characters_and_lone_surrogates_are_handled(text: str) -> None:
    for channel in ("auto", "garbled", "vietnamese", "stripped"):
        tokens = restore_tokens(text, channel=channel)  # type: ignore[arg-type]
        assert all(text[t.start : t.end] == t.printed for t in tokens)
        assert all(a.end <= b.start for a, b in pairwise(tokens))
        assert restore(text, channel=channel).count("\n") == text.count("\n")  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(GARBLED.split()), min_size=1, max_size=40))
def test_lines_of_any_words_keep_their_number(words: list[str]) -> None:
    text = "\n".join(words)
    assert restore(text, channel="garbled").count("\n") == len(words) - 1


def test_one_misprint_of_the_author_stays_and_is_told() -> None:
    text = "\n".join([RESTORED] * 4) + "\nKiện toàn hệ thông nhân lực và trang thiết bị của các đơn vị trực thuộc.\n"
    assert restore(text) == text
    (doubtful,) = [t for t in restore_tokens(text) if t.printed == "thông" and t.alternatives and not t.changed]
    assert doubtful.confidence < 0.5
    assert doubtful.alternatives[0].text == "thống"


@pytest.mark.slow
def test_a_long_line_is_read_in_pieces() -> None:
    line = "Thuc hién Ké hoach cua Uy ban nhan dan tinh vé chuyén d6i s6, " * 600
    restored = restore(line)
    assert "\n" not in restored
    assert restored.count("chuyển đổi số") >= 590


@pytest.mark.parametrize(
    "text", ["a" * 30_000, "1" * 30_000, "a@" * 3_000, "\x00\x01" * 2_000, "¢" * 5_000, "1/" * 3_000]
)
def test_hostile_runs_cost_little_and_stay(text: str) -> None:
    for channel in ("garbled", "vietnamese"):
        assert len(restore(text, channel=channel).split("\n")) == 1  # type: ignore[arg-type]
    assert restore(text, channel="vietnamese") == text


@pytest.mark.parametrize("line", ["SỞ Y TẾ\nSóz?Œ|/KH-SYT", "Số:      /QĐ-UBND", "số … /KH-SNV ngày 05/3/2026"])
def test_the_signs_of_a_number_left_blank_or_scribbled_stay(line: str) -> None:
    assert restore(line).split("/", 1)[1] == line.split("/", 1)[1]


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("- Cac phong, don vi truc thudc Sé (t/h);", "- Các phòng, đơn vị trực thuộc Sở (t/h);"),
        ("- UBND tinh (b/c);", "- UBND tỉnh (b/c);"),
        ("- Céc d/c Pho Giam déc Sé (p/h);", "- Các đ/c Phó Giám đốc Sở (p/h);"),
        ("- Hop giao ban dinh ky (01 lén/théng).", "- Họp giao ban định kỳ (01 lần/tháng)."),
        ("Bao cao két qua thuc hién 02 lan/nam;", "Báo cáo kết quả thực hiện 02 lần/năm;"),
    ],
)
def test_words_about_a_stroke(garbled: str, meant: str) -> None:
    assert restore(garbled, "garbled") == meant
