"""Pages' tables joined: repeated headers, cut rows, drifting columns, groups, numbers; tables of tabs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.flow import plain_text
from pipeline.layout.blocks import assemble
from pipeline.layout.tables.join import join_tables
from pipeline.layout.tables.rows import Field, group_row
from pipeline.layout.tables.tabs import tables_from_tabs
from pipeline.values import Box, Cell, Line, PageLayout, PageTable, Table, Text, Word, Zone

HEADER = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian"]
EDGES = (50.0, 80.0, 300.0, 420.0, 540.0)


def line(text: str, page: int = 1, y: float = 700.0, zone: Zone = Zone.BODY) -> Line:
    return Line(page, tuple(Word(w, w) for w in text.split()), Box(50, y, 300, y + 12), zone)


def text(string: str) -> Text:
    """A cell's text as reading leaves it; "|" stands between items."""
    parts = [Text.of_lines([Line(1, tuple(Word(w, w) for w in part.split()))]) for part in string.split("|")]
    return Text.join(parts, "\n")


def table(
    page: int,
    rows: list[list[str]],
    *,
    edges: tuple[float, ...] = EDGES,
    spans: dict[tuple[int, int], tuple[int, int]] | None = None,
    top: float = 100.0,
    open_top: bool = False,
    open_bottom: bool = False,
) -> PageTable:
    cells = []
    for r, row in enumerate(rows):
        for c, string in enumerate(row):
            high, wide = (spans or {}).get((r, c), (1, 1))
            if string != "…":  # covered by a merged cell
                cells.append(Cell(r, c, text(string), high, wide))
    box = Box(edges[0], top, edges[-1], top + 30 * len(rows))
    return PageTable(page, len(rows), len(edges) - 1, tuple(cells), box, edges, open_top, open_bottom)


def join(*tables: PageTable, lines: tuple[Line, ...] = ()) -> list[Table]:
    numbers = sorted({t.page for t in tables})
    return join_tables(
        [
            PageLayout(n, 595, 842, tuple(ln for ln in lines if ln.page == n), tuple(t for t in tables if t.page == n))
            for n in numbers
        ]
    )


def strings(joined: Table) -> list[list[str]]:
    return [[str(c) for c in row] for row in joined.rows]


ROW1 = ["1", "Xây dựng kho dữ liệu", "Văn phòng", "Quý I"]
ROW2 = ["2", "Tập huấn cán bộ thôn", "Phòng Tổ chức", "Tháng 6"]


@pytest.mark.parametrize("again", [HEADER, ["SIT", "Nhiem vụ", "Chủ tri", "Thời gian"]])
def test_a_repeated_header_is_dropped(again: list[str]) -> None:
    (joined,) = join(table(1, [HEADER, ROW1]), table(2, [again, ROW2]))
    assert joined.columns == tuple(HEADER)
    assert strings(joined) == [ROW1, ROW2]
    assert joined.pages == (1, 2)


def test_a_missing_header_and_a_page_number_between() -> None:
    number = line("12", page=2, y=30, zone=Zone.RUNNING)
    (joined,) = join(table(1, [HEADER, ROW1]), table(2, [ROW2]), lines=(number,))
    assert strings(joined) == [ROW1, ROW2]


def test_columns_that_drift_are_the_same() -> None:
    moved = (58.0, 90.0, 303.0, 430.0, 546.0)
    (joined,) = join(table(1, [HEADER, ROW1]), table(2, [ROW2], edges=moved))
    assert strings(joined) == [ROW1, ROW2]


def test_a_page_that_lacks_an_edge_is_laid_over_the_columns() -> None:
    merged = table(2, [["", "Mục chung của cả hai cột", "Tháng 7"]], edges=(50.0, 80.0, 420.0, 540.0))
    first = table(1, [HEADER, ROW1, ROW2])
    (joined,) = join(first, merged)
    assert all(len(row) == 4 for row in joined.rows)


def test_a_repeated_header_of_more_columns_is_laid_over_them() -> None:
    """The first page lacks an edge that the second has."""
    edges = (50.0, 80.0, 420.0, 540.0)
    first = table(1, [["STT", "Nhiệm vụ Chủ trì", "Thời gian"], ["1", "Họp giao ban", "Quý I"]], edges=edges)
    second = table(2, [["STT", "Nhiệm vụ Chủ trì", "…", "Thời gian"], ROW2], spans={(0, 1): (1, 2)})
    (joined,) = join(first, second)
    assert strings(joined) == [["1", "Họp giao ban", "", "Quý I"], ROW2]


def test_other_columns_another_header_or_text_between_begin_a_table() -> None:
    assert (
        len(join(table(1, [HEADER, ROW1]), table(2, [["TT", "Xã", "Số dân"]], edges=(50.0, 200.0, 380.0, 540.0)))) == 2
    )
    other = ["TT", "Thôn", "Người nhận", "Địa chỉ"]
    assert len(join(table(1, [HEADER, ROW1]), table(2, [other, ROW2]))) == 2
    between = tuple(line("Đoạn văn dài nói về việc khác hẳn", y=500 + 20 * k) for k in range(4))
    assert len(join(table(1, [HEADER, ROW1]), table(2, [ROW2]), lines=between)) == 2


def test_the_rest_of_a_cut_row_in_the_cells_of_the_repeated_header() -> None:
    """Word processors draw no rule between them."""
    first = table(
        1, [HEADER, ["1", "Rà soát thủ tục, báo cáo đến từng công chức phụ", "Sở Nội vụ và các sở,", "Quý I"]]
    )
    again = ["STT", "Nhiem vụ trách và lãnh đạo đơn vị", "Chủ trì ban, ngành", "Thời gian"]
    second = table(2, [again, ["2", "Họp", "Văn phòng", "Quý II"]])
    [joined] = join(first, second)
    assert strings(joined) == [
        [
            "1",
            "Rà soát thủ tục, báo cáo đến từng công chức phụ trách và lãnh đạo đơn vị",
            "Sở Nội vụ và các sở, ban, ngành",
            "Quý I",
        ],
        ["2", "Họp", "Văn phòng", "Quý II"],
    ]


def test_a_row_cut_by_the_page_is_one() -> None:
    before = table(1, [HEADER, ROW1, ["2", "Tập huấn cán bộ", "- Văn phòng;", "Theo kế hoạch 57-"]], open_bottom=True)
    after = table(2, [HEADER, ["", "thôn và khu phố", "- Các trạm y tế", "NQ/TW"], ["3", "Sơ kết", "", "Tháng 9"]])
    (joined,) = join(before, after)
    assert strings(joined)[1:] == [
        ["2", "Tập huấn cán bộ thôn và khu phố", "Văn phòng;\nCác trạm y tế", "Theo kế hoạch 57-NQ/TW"],
        ["3", "Sơ kết", "", "Tháng 9"],
    ]
    assert {word.page for word in joined.rows[1][1].words} == {1}  # as drawn above; places are kept


def test_a_number_in_the_middle_of_a_cut_row() -> None:
    before = table(1, [HEADER, ROW1, ["", "Tập huấn cán bộ", "", ""]], open_bottom=True)
    (joined,) = join(before, table(2, [["2", "thôn và khu phố", "Văn phòng", "Tháng 6"]], open_top=True))
    assert strings(joined)[1] == ["2", "Tập huấn cán bộ thôn và khu phố", "Văn phòng", "Tháng 6"]


def test_a_full_row_behind_the_break_is_a_row_of_its_own() -> None:
    (joined,) = join(table(1, [HEADER, ROW1], open_bottom=True), table(2, [ROW2], open_top=True))
    assert strings(joined) == [ROW1, ROW2]


@pytest.mark.parametrize(
    ("row", "span"),
    [
        (["II. ĐÀO TẠO, BỒI DƯỠNG", "…", "…", "…"], {(1, 0): (1, 4)}),
        (["II", "ĐÀO TẠO, BỒI DƯỠNG", "…", "…"], {(1, 1): (1, 3)}),
        (["II", "ĐÀO TẠO, BỒI DƯỠNG", "", ""], {}),
    ],
)
def test_group_rows(row: list[str], span: dict[tuple[int, int], tuple[int, int]]) -> None:
    (joined,) = join(table(1, [HEADER, row, ROW1], spans=span))
    assert strings(joined)[0] == ["II", "ĐÀO TẠO, BỒI DƯỠNG", "", ""]


def test_header_levels_and_column_numbers() -> None:
    rows = [["STT", "Nhiệm vụ", "Đơn vị", "…"], ["…", "…", "Chủ trì", "Phối hợp"], ["(1)", "(2)", "(3)", "(4)"], ROW1]
    (joined,) = join(table(1, rows, spans={(0, 0): (2, 1), (0, 1): (2, 1), (0, 2): (1, 2)}))
    assert joined.columns == ("STT", "Nhiệm vụ", "Đơn vị - Chủ trì", "Đơn vị - Phối hợp")
    assert strings(joined) == [ROW1]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        (["l", "2", "3"], ["1", "2", "3"]),
        (["01", "02", "Ọ", "04"], ["01", "02", "03", "04"]),
        (["6.", "7.", "6.", "9.", "10."], ["6.", "7.", "8.", "9.", "10."]),
        (["1", "2", "2", "3"], ["1", "2", "2", "3"]),  # the writer's own slip
        (["1", "2", "", "x"], ["1", "2", "", "x"]),
    ],
)
def test_numbers_follow_their_sequence(read: list[str], meant: list[str]) -> None:
    (joined,) = join(table(1, [HEADER, *([n, f"Việc {k}", "Văn phòng", "Quý I"] for k, n in enumerate(read))]))
    assert [row[0].string for row in joined.rows] == meant
    mended = [row[0] for row, n in zip(joined.rows, read, strict=True) if row[0].string != n]
    assert all(cell.confidence <= 0.5 for cell in mended if cell.words)


def tabbed(*rows: str) -> list[Line]:
    lines = []
    for row in rows:
        pieces = [w for k, cell in enumerate(row.split("|")) for w in ([*"\t"] if k else []) + cell.split()]
        lines.append(Line(1, tuple(Word(p, p) for p in pieces), gap_before=0.0))
    return lines


def test_tables_of_tabs() -> None:
    lines = tabbed(
        "SỞ Y TẾ|CỘNG HÒA",
        "Đoạn mở đầu",
        "STT|Nhiệm vụ|Chủ trì",
        '1|<p>Rà soát <i>quy trình</i></p>|<ul style="x: y"><li>- Văn phòng;</li><li>- Trạm y tế</li></ul>',
        "2|Mua sắm máy|- Văn phòng; - Trạm",
        "7",
        "STT|Nhiệm vụ|Chủ trì",
        "|chủ và bàn|",
        "Lời kết",
    )
    rest, tables = tables_from_tabs(lines, 1)
    assert [ln.text for ln in rest] == ["SỞ Y TẾ CỘNG HÒA", "Đoạn mở đầu", "7", "Lời kết"]
    (joined,) = join_tables([PageLayout(1, 595, 842, tuple(rest), tuple(tables))])
    assert strings(joined) == [
        ["1", "Rà soát quy trình", "Văn phòng;\nTrạm y tế"],
        ["2", "Mua sắm máy chủ và bàn", "Văn phòng;\nTrạm"],
    ]


@pytest.mark.parametrize(
    "numbers",
    [
        ["(1)", "(2)", "(3)", "(4)"],
        ["1", "2", "3", "4"],
        ["A", "B", "1", "2=1"],
        ["A", "B", "C", "D"],
        ["(l)", "(2)", "Œ)", "(4)."],
        ["", "(2)", "(3)", "(4)"],
        ["(1)", "(2)", "(3)", "(4)=(2)+(3)"],
    ],
)
def test_rows_that_number_the_columns_are_dropped_wherever_they_stand(numbers: list[str]) -> None:
    (joined,) = join(table(1, [HEADER, numbers, ROW1]), table(2, [numbers, ROW2]))
    assert strings(joined) == [ROW1, ROW2]
    (joined,) = join(table(1, [HEADER, numbers, ROW1]), table(2, [HEADER, numbers, ROW2]))
    assert strings(joined) == [ROW1, ROW2]
    (joined,) = join(table(1, [HEADER]), table(2, [numbers, ROW1, ROW2]))
    assert strings(joined) == [ROW1, ROW2]


@pytest.mark.parametrize(
    "row",
    [["1", "Xã", "3", "4"], ["2", "2", "3", "9"], ["1", "15", "20", "35"], ["4", "x", "", "x"], ["I", "Nhóm", "", ""]],
)
def test_rows_of_small_numbers_are_data(row: list[str]) -> None:
    (joined,) = join(table(1, [HEADER, ROW1, row, ROW2]))
    assert len(joined.rows) == 3


def test_few_bare_numbers_amid_the_rows_are_data() -> None:
    edges = (50.0, 80.0, 300.0, 540.0)
    (joined,) = join(table(1, [["TT", "Số lớp", "Số máy"], ["1", "2", "2"], ["1", "2", "3"]], edges=edges))
    assert len(joined.rows) == 2


def test_a_header_at_the_foot_of_a_page_has_its_rows_on_the_next() -> None:
    caption = (line("(Tiếp theo)", page=2, y=60.0), line("7", page=2, y=40.0))
    moved = (58.0, 90.0, 303.0, 430.0, 546.0)
    (joined,) = join(table(1, [HEADER], top=760.0), table(2, [ROW1, ROW2], edges=moved), lines=caption)
    assert joined.columns == tuple(HEADER)
    assert strings(joined) == [ROW1, ROW2]
    assert joined.pages == (1, 2)


def dump(*pages: list[Line]) -> list[PageLayout]:
    layouts = []
    for number, lines in enumerate(pages, 1):
        rest, tables = tables_from_tabs([replace(ln, page=number) for ln in lines], number)
        layouts.append(PageLayout(number, 595, 842, tuple(rest), tuple(tables)))
    return layouts


def test_tables_of_dumps_stand_where_they_were_printed() -> None:
    pages = dump(
        tabbed("Một", "STT|Nhiệm vụ|Chủ trì", "1|Rà soát|Văn phòng", "Hai"),
        tabbed("Ba", "Bốn có ba chữ", "Năm", "STT|Họ tên|Quê quán", "1|Nguyễn A|Xã Đông", "Sáu"),
    )
    tables = join_tables(pages)
    assert [t.pages for t in tables] == [(1,), (2,)]
    body = assemble(pages, tables).body
    told = [block.columns[1] if isinstance(block, Table) else block.text.string.split()[0] for block in body]
    assert told == ["Một", "Nhiệm vụ", "Hai", "Ba", "Bốn", "Năm", "Họ tên", "Sáu"]
    assert [row.split("\t")[0] for row in plain_text(pages).replace("\f", "").splitlines()] == (
        ["Một", "STT", "1", "Hai", "Ba", "Bốn có ba chữ", "Năm", "STT", "1", "Sáu"]
    )


def test_a_table_of_a_dump_goes_on_behind_the_form_feed() -> None:
    pages = dump(
        tabbed("Mở đầu", "STT|Nhiệm vụ|Chủ trì"),
        tabbed("2", "(1)|(2)|(3)", "1|Rà soát|Văn phòng", "2|Mua sắm|Văn phòng"),
        tabbed("3", "3|Tập huấn|Trạm y tế", "Lời kết"),
    )
    (joined,) = join_tables(pages)
    assert joined.columns == ("STT", "Nhiệm vụ", "Chủ trì")
    assert [row[0] for row in strings(joined)] == ["1", "2", "3"]
    assert joined.pages == (1, 2, 3)


def test_text_between_parts_two_tables_of_a_dump() -> None:
    row = "1|Rà soát|Văn phòng"
    text = [f"Đoạn văn thứ {n} nói về việc khác" for n in ("hai", "ba", "tư")]
    pages = dump(tabbed("TT|Việc|Người", row, *text), tabbed(*text, row, row))
    assert len(join_tables(pages)) == 2


def test_fields_under_a_cell_merged_over_rows_are_told() -> None:
    rows = [HEADER, ["1", "Rà soát", "Văn phòng", "Quý I"], ["2", "Mua sắm", "…", "Quý II"], ["3", "Thi", "Trạm", "…"]]
    (joined,) = join(table(1, rows, spans={(1, 2): (2, 1), (3, 2): (1, 2)}), table(2, [["4", "Sơ kết", "", "Tháng 9"]]))
    assert [row[2] for row in strings(joined)] == ["Văn phòng", "", "Trạm", ""]
    assert joined.covered == ((1, 2, 0),)


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_a_table_goes_on_over_pages_that_were_scanned_sideways(turns: int) -> None:
    def turned(found: PageTable, *lines: Line) -> PageLayout:
        boxes = [ln.box.turned(-turns, 842, 595) if ln.box else None for ln in lines]
        box = found.box.turned(-turns, 842, 595) if found.box else None
        size = (842, 595)
        shown = tuple(replace(ln, box=b) for ln, b in zip(lines, boxes, strict=True))
        return PageLayout(found.page, *size, shown, (replace(found, box=box),), turns)

    above = [line(f"Dòng chữ số {k} trên bảng", 1, 20.0 + 15 * k) for k in range(4)]
    below = [line(f"Dòng chữ số {k} dưới bảng", 2, 400.0 + 15 * k) for k in range(4)]
    first, second = table(1, [HEADER, ROW1]), table(2, [ROW2], top=60)
    (joined,) = join_tables([turned(first, *above), turned(second, *below)])
    assert strings(joined) == [ROW1, ROW2]
    assert len(join_tables([turned(first, *below), turned(second)])) == 2


def test_sums_are_not_numbered() -> None:
    rows = [["1", "Làm đường", "", ""], ["2", "Xây cầu", "", ""], ["", "Tổng cộng", "", "900"]]
    (joined,) = join(table(1, [HEADER, *rows]))
    assert strings(joined) == rows


def test_numbers_beside_rows_under_a_merged_one() -> None:
    rows = [
        ["1", "Làm đường", "Sở Xây dựng", "Quý I"],
        ["…", "…", "Sở Tài chính", "Quý II"],
        ["2", "Xây cầu", "Sở Xây dựng", "Quý I"],
        ["2", "Đào kênh", "Sở Y tế", "Quý III"],
        ["4", "Trồng cây", "Sở Y tế", "Quý III"],
    ]
    (joined,) = join(table(1, [HEADER, *rows], spans={(1, 0): (2, 1), (1, 1): (2, 1)}))
    assert [row[0] for row in strings(joined)] == ["1", "", "2", "3", "4"]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1 11 1.2 2 vai | 1 1.1 1. 2 2.1 xe", "1 1.1 1.2 2 2.1 | 1 1.1 1.2 2 2.1 2.2"),
        ("1.1, 1,2 1:3 | 21 22", "1.1 1.2 1.3 | 2.1 2.2"),
        ("1 1.1 1.2 1.2 1.3", "1 1.1 1.2 1.2 1.3"),  # the writer slipped and counted on
        ("1.1 1.2 3 3.1 3.2", "1.1 1.2 3 3.1 3.2"),
    ],
)
def test_numbers_of_several_levels(read: str, meant: str) -> None:
    groups = iter(["I", "II"])
    labels = read.split()
    rows = []
    for label in labels:
        bare = label in ("1", "2", "3") and "." not in label
        cells = ["NHÓM", "", ""] if label == "|" else ["Rà soát", "", ""] if bare else ["Lập sổ", "Tổ A", "Quý I"]
        rows.append([next(groups) if label == "|" else label, *cells])
    (joined,) = join(table(1, [HEADER, *rows]))
    assert [row[0] for row in strings(joined)] == ["I" if x == "|" else x for x in meant.split()]


def test_a_header_whose_number_column_was_read_as_a_number() -> None:
    (joined,) = join(table(1, [["11", *HEADER[1:]], ROW1, ROW2]))
    assert joined.columns[1:] == tuple(HEADER[1:])
    assert strings(joined) == [ROW1, ROW2]


@pytest.mark.parametrize("label", ["H", "II", "IH", "l."])
def test_a_roman_numeral_with_a_heading_alone_heads_a_group(label: str) -> None:
    row = (Field(text(label)), Field(text("Trong thiên tai")), Field(), Field())
    assert group_row(row) is not None
    assert group_row((Field(text("12")), *row[1:])) is None
