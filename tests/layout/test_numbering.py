from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layout.label_readings import open_paragraph
from pipeline.layout.labels import Label, Style, next_values, roman
from pipeline.layout.misprints import repair_cost
from pipeline.layout.numbering import number_paragraphs


def labels(*paragraphs: str) -> list[str | None]:
    """What the sequence makes of the paragraphs' beginnings; headings in capitals count as heading-like."""
    openings = [open_paragraph(p, heading_like=p[-4:].isupper()) for p in paragraphs]
    return [n.reading.label.text if n.reading else None for n in number_paragraphs(openings)]


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("I. MỤC ĐÍCH", "I"),
        ("1. Mục tiêu chung", "1"),
        ("1.1. Hạ tầng số", "1.1"),
        ("1.1 Hạ tầng số", "1.1"),
        ("1- Nội dung", "1"),
        ("1. .Mục tiêu chung:", "1"),
        ("1/ Mục tiêu chung:", "1"),
        ("1) Khảo sát", "1"),
        ("(1) Kinh tế số:", "1"),
        ("a) Về thể chế", "a"),
        ("A. ĐÁNH GIÁ KẾT QUẢ", "A"),
        ("PHẦN THỨ NHẤT", "Phần thứ nhất"),
        ("CHƯƠNG I", "Chương I"),
        ("Điều 1. Phạm vi", "Điều 1"),
    ],
)
def test_each_style_of_label_is_read(printed: str, label: str) -> None:
    assert labels(printed) == [label]


@pytest.mark.parametrize(
    "sentence",
    [
        "100% đơn vị triển khai bệnh án điện tử.",
        "03 lớp tập huấn được tổ chức trong năm.",
        "Năm 2026 là năm bản lề.",
        "2.5 triệu lượt khách được phục vụ.",
        "Sở Nội vụ chủ trì.",
    ],
)
def test_a_number_that_opens_a_sentence_is_no_label(sentence: str) -> None:
    assert labels("I. MỤC TIÊU", sentence) == ["I", None]


@pytest.mark.parametrize(
    ("broken", "label"),
    [
        ("I11. GIẢI PHÁP", "III"),
        ("HI. GIẢI PHÁP", "III"),
        ("Ill. GIẢI PHÁP", "III"),
        ("II. GIẢI PHÁP", "III"),
        ("TII. GIẢI PHÁP", "III"),
    ],
)
def test_a_broken_roman_numeral_is_mended_by_what_must_stand_there(broken: str, label: str) -> None:
    assert labels("I. MỤC ĐÍCH", "II. NHIỆM VỤ", broken, "IV. KINH PHÍ")[2] == label


@pytest.mark.parametrize("broken", ["|. MỤC ĐÍCH", "l. MỤC ĐÍCH", "1. MỤC ĐÍCH", "L MỤC ĐÍCH"])
def test_the_first_numeral_is_mended_too(broken: str) -> None:
    assert labels(broken, "II. NHIỆM VỤ", "III. KINH PHÍ")[1:] == ["II", "III"]
    assert labels(broken, "1. Mục đích", "2. Yêu cầu", "II. NHIỆM VỤ", "III. KINH PHÍ")[0] == "I"


def test_lost_points_come_back() -> None:
    assert labels("1. Tuyên truyền", "11 Thường xuyên quán triệt", "1.2. Phối hợp", "1.3. Rà soát")[1] == "1.1"
    assert labels("3. Tầm nhìn", "3.1. Hạ tầng", "3.2. Đầu tư", "233 Phấn đấu", "III. NHIỆM VỤ")[3] == "3.3"


def test_an_authors_slip_is_kept() -> None:
    assert labels("1. Mục tiêu chung", "2. Mục tiêu cụ thể", "2. Mục tiêu đến năm 2030", "3. Tầm nhìn") == [
        "1",
        "2",
        "2",
        "3",
    ]


def test_the_letters_of_a_list_skip_what_vietnamese_lists_skip() -> None:
    assert labels("a) Một", "b) Hai", "c) Ba", "d) Bốn", "e) Năm", "g) Sáu") == ["a", "b", "c", "d", "e", "g"]
    assert labels("a) Một", "b) Hai", "c) Ba", "d) Bốn", "đ) Năm", "e) Sáu") == ["a", "b", "c", "d", "đ", "e"]
    assert labels("a) Một", "b) Hai", "c) Ba", "đ) Bốn", "e) Năm")[3] == "d"


def test_a_list_that_begins_again_behind_a_line_with_a_colon_is_no_error() -> None:
    openings = [open_paragraph("1) Sáng một"), open_paragraph("2) Sáng hai"), open_paragraph("Chiều:")]
    openings += [open_paragraph("1) Chiều một", opens_list=True), open_paragraph("2) Chiều hai")]
    found = number_paragraphs(openings)
    assert [n.reading.label.text if n.reading else None for n in found] == ["1", "2", None, "1", "2"]


def test_a_repair_is_dearer_the_less_is_left() -> None:
    assert repair_cost("III.", "III.") == 0
    assert repair_cost("I11.", "III.") < repair_cost("1V.", "III.")
    assert repair_cost("H.", "II.") < repair_cost("A.", "II.")


# ------------------------------------------------------------------------------------------------ random outlines

WORDS = ["Tổ chức", "Nâng cao", "Rà soát", "Xây dựng", "Kiểm tra", "Tuyên truyền"]


@st.composite
def outlines(draw: st.DrawFn) -> list[tuple[Label, str]]:
    """A regular outline: roman numerals, numbers below them, decimals or letters below those."""
    result: list[tuple[Label, str]] = []
    for number in range(1, draw(st.integers(2, 6)) + 1):
        result.append((Label(Style.ROMAN, (number,)), draw(st.sampled_from(WORDS)).upper()))
        for second in range(1, draw(st.integers(0, 4)) + 1):
            result.append((Label(Style.DECIMAL, (second,)), draw(st.sampled_from(WORDS))))
            below = draw(st.integers(0, 3))
            if draw(st.booleans()):
                thirds = [Label(Style.DECIMAL, (second, k)) for k in range(1, below + 1)]
            else:
                thirds = [Label(Style.LETTER, (k,)) for k in range(1, below + 1)]
            result += [(label, draw(st.sampled_from(WORDS))) for label in thirds]
    return result


@given(outlines())
@settings(max_examples=60, deadline=None)
def test_a_regular_outline_is_read_as_it_was_written(outline: list[tuple[Label, str]]) -> None:
    assert labels(*(f"{label.printed} {text}" for label, text in outline)) == [label.text for label, _ in outline]


@given(outlines(), st.data())
@settings(max_examples=60, deadline=None)
def test_one_broken_numeral_does_not_change_the_reading(outline: list[tuple[Label, str]], data: st.DataObject) -> None:
    """Strokes of one roman numeral misread: what is read is what was written."""
    places = [k for k, (label, _) in enumerate(outline) if label.style is Style.ROMAN]
    place = data.draw(st.sampled_from(places))
    printed = [f"{label.printed} {text}" for label, text in outline]
    label, text = outline[place]
    broken = label.printed
    stroke = data.draw(st.sampled_from("1l|!"))
    broken = broken.replace("I", stroke, 1)
    if broken.rstrip(".").isdigit():
        broken = label.printed.replace("I", "l")
    printed[place] = f"{broken} {text}"
    assert labels(*printed)[place] == label.text


@given(st.integers(1, 38))
def test_numerals_follow_each_other(number: int) -> None:
    assert next_values(Label(Style.ROMAN, (number,))) == (number + 1,)
    assert roman(number) != roman(number + 1)


@pytest.mark.parametrize("lost", ["ai Đào tạo nhân lực", "là Đào tạo nhân lực"])
def test_letters_that_resemble_no_label_are_one_where_the_sequence_wants_it(lost: str) -> None:
    printed = ["I. NHIỆM VỤ", "1. Cải cách thủ tục", "2. Chuyển đổi số"]
    assert labels(*printed, lost, "4. Thi đua") == ["I", "1", "2", "3", "4"]
    assert labels(*printed, lost, "3. Thi đua") == ["I", "1", "2", None, "3"]
    assert labels(*printed, lost, "II. KINH PHÍ") == ["I", "1", "2", None, "II"]
