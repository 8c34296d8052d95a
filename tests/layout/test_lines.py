"""Words with boxes become lines in reading order, in their zones."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layout.lines import lay_out
from pipeline.values import Box, Line, PageReading, Word, Zone

WIDTH, HEIGHT = 595.0, 842.0
LETTER, BLANK, TALL = 6.0, 4.0, 11.0

Placed = tuple[float, float, str]


def words_at(x: float, y: float, text: str, *, bold: bool | None = False, confidence: float = 0.95) -> list[Word]:
    """The words of a line that starts at (x, y), six points a letter."""
    words = []
    for piece in text.split():
        width = LETTER * len(piece)
        words.append(Word(piece, piece, Box(x, y, x + width, y + TALL), confidence, bold))
        x += width + BLANK
    return words


def page(lines: Sequence[Placed], *, extra: Sequence[Word] = (), angle: float = 0.0) -> PageReading:
    words = [word for x, y, text in lines for word in words_at(x, y, text)] + list(extra)
    random.Random(3).shuffle(words)
    return PageReading(1, WIDTH, HEIGHT, tuple(words), angle=angle)


def texts(lines: Sequence[Line], zone: Zone) -> list[str]:
    return [line.text for line in lines if line.zone is zone]


LETTERHEAD: list[Placed] = [
    (95, 60, "UBND TỈNH TRƯỜNG SƠN ĐÔNG"),
    (310, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (140, 76, "SỞ Y TẾ"),
    (350, 77, "Độc lập - Tự do - Hạnh phúc"),
    (120, 110, "Số: 12/KH-SYT"),
    (315, 108, "Trường Sơn Đông, ngày 5 tháng 3 năm 2026"),
]
BODY: list[Placed] = [
    (265, 150, "KẾ HOẠCH"),
    (115, 200, "Căn cứ Nghị quyết ngày 05 tháng 01 năm 2026 của Hội đồng nhân dân tỉnh"),
    (85, 220, "về nhiệm vụ phát triển năm 2026 với những nội dung chính như sau đây nhé bạn"),
    (85, 240, "và các chỉ tiêu."),
    (115, 270, "- Hoàn thành cập nhật dữ liệu của tất cả các đơn vị trong toàn ngành y tế"),
    (85, 290, "trước ngày 30 tháng 6, trong đó ưu tiên các trạm y tế ở vùng sâu và vùng xa"),
    (85, 310, "của tỉnh."),
]
FOOT: list[Placed] = [
    (85, 600, "Nơi nhận:"),
    (400, 600, "KT. GIÁM ĐỐC"),
    (85, 616, "- UBND tỉnh (báo cáo);"),
    (390, 616, "PHÓ GIÁM ĐỐC"),
    (85, 632, "- Các phòng thuộc Sở;"),
    (85, 648, "- Lưu: VT."),
    (395, 720, "Trần Văn Mẫu"),
]


def test_the_columns_of_the_letterhead_are_read_apart() -> None:
    lines = lay_out(page([*LETTERHEAD, *BODY])).lines
    assert texts(lines, Zone.LETTERHEAD_LEFT) == ["UBND TỈNH TRƯỜNG SƠN ĐÔNG", "SỞ Y TẾ", "Số: 12/KH-SYT"]
    assert texts(lines, Zone.LETTERHEAD_RIGHT) == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Trường Sơn Đông, ngày 5 tháng 3 năm 2026",
    ]
    assert texts(lines, Zone.BODY) == [text for _, _, text in BODY]


def test_the_motto_is_known_though_ocr_lost_its_marks() -> None:
    garbled = [(x, y, text.replace("CỘNG HÒA XÃ HỘI", "CQNG HOA XA HQI")) for x, y, text in LETTERHEAD]
    assert len(texts(lay_out(page([*garbled, *BODY])).lines, Zone.LETTERHEAD_RIGHT)) == 3


def test_a_page_without_letterhead_has_none() -> None:
    lines = lay_out(page(BODY)).lines
    assert {line.zone for line in lines} == {Zone.BODY}


def test_recipients_and_signature_are_read_apart() -> None:
    lines = lay_out(page([*BODY, *FOOT])).lines
    assert texts(lines, Zone.SIGNATURE_LEFT) == [
        "Nơi nhận:",
        "- UBND tỉnh (báo cáo);",
        "- Các phòng thuộc Sở;",
        "- Lưu: VT.",
    ]
    assert texts(lines, Zone.SIGNATURE_RIGHT) == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn Mẫu"]
    assert texts(lines, Zone.BODY)[-1] == "của tỉnh."


def test_a_signature_is_known_where_the_recipients_heading_was_misread() -> None:
    scribbled = [(x, y, "MứZ z7" if text == "Nơi nhận:" else text) for x, y, text in FOOT]
    lines = lay_out(page([*BODY, *scribbled])).lines
    assert texts(lines, Zone.SIGNATURE_RIGHT)[:2] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert "- UBND tỉnh (báo cáo);" in texts(lines, Zone.SIGNATURE_LEFT)


def test_two_signers_stand_side_by_side_though_their_capacities_nearly_touch() -> None:
    foot: list[Placed] = [
        (85, 560, "TM. BAN THƯỜNG VỤ LĐLĐ TỈNH"),
        (247, 560, "KT. GIÁM ĐỐC CÔNG AN TỈNH AN KHÊ"),
        (120, 576, "CHỦ TỊCH"),
        (320, 576, "PHÓ GIÁM ĐỐC"),
        (85, 660, "Nơi nhận:"),
        (85, 676, "- UBND tỉnh;"),
    ]
    lines = lay_out(page([*LETTERHEAD, *BODY, *foot])).lines
    assert texts(lines, Zone.SIGNATURE_RIGHT) == ["KT. GIÁM ĐỐC CÔNG AN TỈNH AN KHÊ", "PHÓ GIÁM ĐỐC"]
    assert texts(lines, Zone.SIGNATURE_LEFT)[0] == "TM. BAN THƯỜNG VỤ LĐLĐ TỈNH"


def test_a_signature_without_recipients() -> None:
    lines = lay_out(page([*BODY, *[entry for entry in FOOT if entry[0] > 300]])).lines
    assert texts(lines, Zone.SIGNATURE_RIGHT) == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn Mẫu"]


def test_remains_of_seal_and_pen_do_not_become_lines_of_the_signature() -> None:
    scribble = [
        Word("ˆ", "ˆ", Box(420, 700, 426, 706), 0.9),
        Word("MÀ", "MÀ", Box(420, 670, 440, 682), 0.3),
        Word("_", "_", Box(380, 606, 388, 608), 0.8),
        Word("1,", "1,", Box(30, 40, 36, 50), 0.8),
    ]
    lines = lay_out(page([*LETTERHEAD, *BODY, *FOOT], extra=scribble)).lines
    assert texts(lines, Zone.SIGNATURE_RIGHT) == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn Mẫu"]
    assert texts(lines, Zone.LETTERHEAD_LEFT)[0] == LETTERHEAD[0][2]


@pytest.mark.parametrize("number", ["3", "- 3 -", "Trang 3/12"])
@pytest.mark.parametrize("y", [40.0, 800.0])
def test_page_numbers_stay_out_of_the_text(number: str, y: float) -> None:
    lines = lay_out(page([*BODY, (290, y, number)])).lines
    assert texts(lines, Zone.RUNNING) == [number]
    assert number not in texts(lines, Zone.BODY)


def test_a_numbered_line_at_the_top_is_no_page_number() -> None:
    lines = lay_out(page([(85, 60, "3. Tổ chức thực hiện"), *BODY])).lines
    assert not texts(lines, Zone.RUNNING)


def test_the_box_of_a_digital_signature_is_told_from_the_signer() -> None:
    box = [(390, 640, "Ký bởi: Sở Y tế"), (390, 656, "Thời gian ký: 05/03/2026 10:11:12")]
    lines = lay_out(page([*BODY, *FOOT, *box])).lines
    assert texts(lines, Zone.DIGITAL_SIGNATURE) == [text for _, _, text in box]
    assert texts(lines, Zone.SIGNATURE_RIGHT)[-1] == "Trần Văn Mẫu"


def test_stamps_of_urgency_are_told() -> None:
    lines = lay_out(page([*BODY[:3], (470, 235, "HỎA TỐC"), *[(x, y + 30, t) for x, y, t in BODY[3:]]])).lines
    assert "HỎA TỐC" in texts(lines, Zone.STAMP)


def test_typography_is_measured() -> None:
    heading = words_at(115, 185, "I. MỤC TIÊU", bold=True)
    lines = lay_out(page(BODY, extra=heading)).lines
    by_text = {line.text: line for line in lines}
    title, first = by_text["KẾ HOẠCH"], by_text[BODY[1][2]]
    second, last = by_text[BODY[2][2]], by_text[BODY[3][2]]
    assert title.centred and not first.centred and not second.centred
    assert by_text["I. MỤC TIÊU"].bold is True and first.bold is False
    assert (first.indent, second.indent) == pytest.approx((30, 0), abs=0.5)
    assert second.fills and not last.fills
    item = by_text[BODY[4][2]]
    assert item.gap_before is not None and second.gap_before is not None
    assert item.gap_before > second.gap_before


def test_specks_do_not_become_words() -> None:
    specks = [
        Word(".", ".", Box(560, 222, 562, 224), 0.3),
        Word("~", "~", Box(30, 400, 36, 402), 0.2),
        Word("|", "|", Box(20, 100, 22, 700), 0.6),
        Word("'", "'", Box(300, 500, 302, 503), 0.5),
    ]
    assert [line.text for line in lay_out(page(BODY, extra=specks)).lines] == [text for _, _, text in BODY]


@pytest.mark.parametrize("read", ["~", "—", "_", "–"])
def test_an_opening_dash_is_a_dash_however_it_was_read(read: str) -> None:
    lines = lay_out(page([*BODY[:4], (115, 270, f"{read} Hoàn thành cập nhật dữ liệu")])).lines
    assert lines[-1].text == "- Hoàn thành cập nhật dữ liệu"


def test_lines_of_a_text_dump_pass_through() -> None:
    line = Line(1, (Word("Kế", "Kế"), Word("hoạch", "hoạch")), gap_before=1.0)
    assert lay_out(PageReading(1, WIDTH, HEIGHT, (), lines=(line,))).lines == (line,)


def test_an_empty_page_has_no_lines() -> None:
    assert lay_out(PageReading(1, WIDTH, HEIGHT, ())).lines == ()


def turned(word: Word, degrees: float) -> Word:
    """The word on a sheet whose lines rise to the right by ``degrees``."""
    assert word.box is not None
    angle = math.radians(degrees)
    x, y = word.box.x_centre - WIDTH / 2, word.box.y_centre - HEIGHT / 2
    x, y = (
        x * math.cos(angle) + y * math.sin(angle) + WIDTH / 2,
        -x * math.sin(angle) + y * math.cos(angle) + HEIGHT / 2,
    )
    half_width, half_height = word.box.width / 2, word.box.height / 2
    box = Box(x - half_width, y - half_height, x + half_width, y + half_height)
    return Word(word.text, word.printed, box, word.confidence, word.bold)


@settings(max_examples=25, deadline=None)
@given(st.floats(-5, 5), st.integers(0, 3))
def test_skew_and_quarter_turns_do_not_change_the_reading(degrees: float, turns: int) -> None:
    """The same lines in the same order, and nothing lost, however the sheet lay on the glass."""
    straight = lay_out(page([*LETTERHEAD, *BODY, *FOOT]))
    words = [turned(w, degrees) for w in page([*LETTERHEAD, *BODY, *FOOT]).words]
    width, height = WIDTH, HEIGHT
    for _ in range(turns):  # the displayed page turned anticlockwise
        words = [
            Word(w.text, w.printed, Box(w.box.y0, width - w.box.x1, w.box.y1, width - w.box.x0), w.confidence, w.bold)
            for w in words
            if w.box is not None
        ]
        width, height = height, width
    skewed = lay_out(PageReading(1, width, height, tuple(words), angle=degrees + 90 * turns))
    assert [(line.zone, line.text) for line in skewed.lines] == [(line.zone, line.text) for line in straight.lines]


def test_the_subject_of_a_letter_beside_its_date_stays_whole() -> None:
    head: list[Placed] = [
        *LETTERHEAD[:4],
        (95, 100, "Số: 5/SYT-NVY"),
        (95, 116, "V/v triển khai thủ tục cấp"),
        (315, 116, "Trường Sơn Đông, ngày0} thángh năm 2026"),
        (95, 130, "giấy phép hành nghề"),
        (95, 143, "cho cơ sở tư nhân"),
        (265, 175, "Kính gửi: Các bệnh viện"),
    ]
    lines = lay_out(page([*head, *BODY[1:]])).lines
    assert texts(lines, Zone.LETTERHEAD_LEFT)[-3:] == [
        "V/v triển khai thủ tục cấp",
        "giấy phép hành nghề",
        "cho cơ sở tư nhân",
    ]
    assert texts(lines, Zone.LETTERHEAD_RIGHT)[-1] == "Trường Sơn Đông, ngày0} thángh năm 2026"
