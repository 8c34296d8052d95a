"""Tables without rules, from placed words; formal parts that stand in columns give none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layout.rows import levelled
from pipeline.layout.tables.aligned import aligned_tables, continued_tables
from pipeline.layout.tables.join import join_tables
from pipeline.values import Box, PageLayout, PageReading, Word

COLUMNS = (60.0, 100.0, 330.0, 450.0)
LETTER, HEIGHT, PITCH = 5.5, 11.0, 16.0
HEADER = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"]
ROWS = [
    ["1", "Rà soát quy trình tiếp nhận hồ sơ của các tổ", "Văn phòng", "Quý I"],
    ["2", "Mua sắm máy chủ", "Phòng Kế hoạch", "Tháng 6"],
    ["3", "Tập huấn cán bộ phụ trách các thôn", "Trạm y tế", "Tháng 7"],
    ["4", "Sơ kết", "Văn phòng", ""],
]


def write(string: str, x: float, y: float, width: float = 1000.0) -> list[Word]:
    """Words from ``x`` on, wrapped after ``width`` points."""
    words, at = [], x
    for piece in string.split():
        long = LETTER * len(piece)
        if at + long > x + width:
            at, y = x, y + PITCH
        words.append(Word(piece, piece, Box(at, y, at + long, y + HEIGHT)))
        at += long + 4.0
    return words


def table(rows: list[list[str]], top: float = 200.0) -> list[Word]:
    words: list[Word] = []
    y = top
    for row in rows:
        widths = [b - a - 12 for a, b in zip(COLUMNS, (*COLUMNS[1:], 545.0), strict=True)]
        cells = [write(cell, x, y, width) for cell, x, width in zip(row, COLUMNS, widths, strict=True)]
        words += [word for cell in cells for word in cell]
        y = PITCH + max(word.box.y0 for cell in cells for word in cell if word.box)
    return words


def read(words: list[Word], angle: float = 0.0) -> PageReading:
    return aligned_tables(PageReading(1, 595, 842, tuple(words), angle=angle))


def strings(page: PageReading) -> list[list[str]]:
    (joined,) = join_tables([PageLayout(1, 595, 842, (), page.tables)])
    return [list(joined.columns), *([cell.string for cell in row] for row in joined.rows)]


def test_columns_below_known_headings_are_a_table() -> None:
    above = write("Sở Y tế giao các đơn vị thực hiện những nhiệm vụ sau đây:", 60, 150)
    below = write("Trên đây là Kế hoạch của Sở, đề nghị các đơn vị thực hiện nghiêm túc.", 60, 300)
    page = read([*above, *table([HEADER, *ROWS]), *below])
    assert strings(page) == [HEADER, *ROWS]
    assert [w.text for w in page.words] == [w.text for w in (*above, *below)]


@pytest.mark.parametrize("angle", [0.8, -1.2, 90.0, 179.5])
def test_on_a_page_that_lies_askew_too(angle: float) -> None:
    turned = [x.word._replace(box=x.box) for x in levelled(table([HEADER, *ROWS]), -angle, 595, 842)]
    page = read(turned, angle)
    assert strings(page) == [HEADER, *ROWS]
    boxes = {w.text: w.box for w in turned}
    found = next(w for cell in page.tables[0].cells for w in cell.text.words if w.printed == "soát")
    wanted = boxes["soát"]
    assert found.box is not None and wanted is not None
    assert found.box.as_tuple() == pytest.approx(wanted.as_tuple(), abs=0.2)


def test_group_rows_run_across_and_headings_have_several_lines() -> None:
    words = table(ROWS[:2], top=232)
    header = [*write("STT", 60, 208), *write("Nhiệm vụ", 180, 208)]
    header += [*write("Đơn vị", 340, 200), *write("chủ trì", 340, 214)]
    header += [*write("Thời gian", 452, 200), *write("hoàn thành", 450, 214)]
    y = max(w.box.y0 for w in words if w.box) + PITCH
    group = [*write("II", 60, y), *write("NHÓM NHIỆM VỤ DÀI SUỐT CẢ BỀ NGANG CỦA BẢNG", 100, y)]
    page = read([*header, *words, *group, *table([ROWS[2]], top=y + PITCH)])
    assert strings(page) == [
        ["STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian hoàn thành"],
        ROWS[0],
        ROWS[1],
        ["II", "NHÓM NHIỆM VỤ DÀI SUỐT CẢ BỀ NGANG CỦA BẢNG", "", ""],
        ROWS[2],
    ]


def test_rules_across_read_as_dashes_do_not_matter() -> None:
    rule = Word("———", "———", Box(60, 214, 540, 217), 0.4)
    page = read([*table([HEADER, *ROWS]), rule])
    assert strings(page) == [HEADER, *ROWS]
    assert page.words == (rule,)


@pytest.mark.parametrize(
    "rows",
    [
        [HEADER, *ROWS[:2]],  # too few rows
        [["STT", "Món", "Quê quán", "Thời gian"], *ROWS],  # too few known headings
        [["Số", "việc", "của", "Sở"], *ROWS],
        [HEADER, ROWS[0], ROWS[2], ROWS[3]],  # a number is missing
        [HEADER, ["đoạn", "văn", "", ""], *ROWS],
        ROWS,
    ],
)
def test_less_is_no_table(rows: list[list[str]]) -> None:
    assert read(table(rows)).tables == ()


def test_formal_parts_and_text_are_no_tables() -> None:
    words = [
        *write("UBND TỈNH TRƯỜNG SƠN ĐÔNG", 60, 40),
        *write("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 300, 40),
        *write("Số: 12/KH-SYT", 80, 70),
        *write("Thời gian thực hiện: Quý I. Đơn vị chủ trì: Văn phòng. STT nhiệm vụ: 4", 60, 120),
        *write("1. Rà soát", 60, 136),
        *write("2. Mua sắm", 60, 152),
        *write("3. Tập huấn", 60, 168),
        *write("Nơi nhận:", 60, 400),
        *write("GIÁM ĐỐC", 400, 400),
        *write("- Như trên;", 60, 416),
        *write("- Lưu: VT.", 60, 432),
        *write("Nguyễn Văn Mẫu", 390, 480),
    ]
    page = read(words)
    assert page.tables == () and list(page.words) == words


def test_recipients_and_signature_right_below_stay_outside() -> None:
    below = [*write("Nơi nhận:", 60, 290), *write("GIÁM ĐỐC", 440, 290), *write("- Như trên;", 60, 306)]
    page = read([*table([HEADER, *ROWS]), *below])
    assert strings(page) == [HEADER, *ROWS]
    assert list(page.words) == below


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["STT", "TT", "1", "Nhiệm vụ", "Chủ trì", "x"]), st.integers(0, 550), st.integers(0, 800)
        )
    )
)
def test_words_are_neither_lost_nor_doubled(placed: list[tuple[str, int, int]]) -> None:
    words = [w for string, x, y in placed for w in write(string, float(x), float(y))]
    page = read(words)
    inside = [w.text for table in page.tables for c in table.cells for line in c.lines for w in line.words]
    assert sorted([*inside, *(w.text for w in page.words)]) == sorted(w.text for w in words)


MORE = [
    ["5", "Kiểm tra việc thực hiện quy trình tại các tổ và báo", "Thanh tra", "Quý III"],
    ["6", "Tổng kết", "Văn phòng", "Tháng 12"],
]


@pytest.mark.parametrize("angle", [0.0, 0.9, -1.1])
def test_rows_at_the_top_of_the_next_page_go_on(angle: float) -> None:
    below = write("Trên đây là Kế hoạch của trường, các tổ nghiêm túc thực hiện.", 60, 200)
    number = [Word("2", "2", Box(300, 30, 306, 41))]

    def page(k: int, words: list[Word]) -> PageReading:
        turned = tuple(x.word._replace(box=x.box) for x in levelled(words, -angle, 595, 842))
        return aligned_tables(PageReading(k, 595, 842, turned, angle=angle))

    first, second = continued_tables([page(1, table([HEADER, *ROWS])), page(2, [*number, *table(MORE, 60), *below])])
    layouts = [PageLayout(p.number, 595, 842, (), p.tables) for p in (first, second)]
    (joined,) = join_tables(layouts)
    assert [[cell.string for cell in row] for row in joined.rows] == [*ROWS, *MORE]
    assert [w.text for w in second.words] == ["2", *(w.text for w in below)]


@pytest.mark.parametrize(
    "top",
    [
        [["", "Tổng kết", "", "Tháng 12"]],
        [["", "Các tổ chuyên môn thực hiện đúng quy trình này", "", ""]],
    ],
)
def test_other_lines_at_the_top_do_not(top: list[list[str]]) -> None:
    pages = [read(table([HEADER, *ROWS])), PageReading(2, 595, 842, tuple(table(top, 60)))]
    assert continued_tables(pages)[1] == pages[1]


def test_what_stands_below_the_table_ends_it() -> None:
    below = write("Các tổ báo cáo kết quả về Văn phòng.", 60, 700)
    pages = [read([*table([HEADER, *ROWS]), *below]), PageReading(2, 595, 842, tuple(table(MORE, 60)))]
    assert continued_tables(pages)[1] == pages[1]


def test_rows_whose_numbers_were_lost() -> None:
    rows = [["", *ROWS[0][1:]], ["+", *ROWS[1][1:]], ["œ®", *ROWS[2][1:]], ["", "Sơ kết", "Văn phòng", "Tháng 9"]]
    page = read([*table([HEADER]), *table(rows, 225)])
    assert [row[1:] for row in strings(page)] == [row[1:] for row in (HEADER, *rows)]
