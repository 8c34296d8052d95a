"""A table typeset into a real PDF over two pages comes back from its vectors and words, as one."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from pipeline.intake.vectors import cell_lattices
from pipeline.layout.lines import lay_out
from pipeline.layout.tables.join import join_tables
from pipeline.reading import read_page
from pipeline.settings import Settings
from samples.typeset import GRID, register_fonts
from tests.layout.tables.grits import Span, cell_f1, grits_con

HEADER = ["STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian"]
VERBS = ["Rà soát", "Mua sắm", "Tập huấn", "Kiểm tra", "Sơ kết", "Tuyên truyền"]
ROWS = [
    [f"{n:02}", f"{VERBS[n % 6]} việc của tổ số {n} tại các xã và phường", "Văn phòng Sở", f"Tháng {n % 12 + 1}"]
    for n in range(1, 25)
]
WIDTHS = [36.0, 220.0, 120.0, 90.0]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    register_fonts()
    style = ParagraphStyle("cell", fontName="Serif", fontSize=11.5, leading=15)
    group: list[object] = [Paragraph("II", style), Paragraph("ĐÀO TẠO, BỒI DƯỠNG", style), "", ""]
    cells = [[Paragraph(cell, style) for cell in row] for row in (HEADER, *ROWS)]
    content: list[list[object]] = [*map(list, cells)]
    content.insert(6, group)
    table = Table(content, colWidths=WIDTHS, repeatRows=1, style=[*GRID, ("SPAN", (1, 6), (3, 6))])
    text = Paragraph("Sở Y tế ban hành Kế hoạch thực hiện các nhiệm vụ của năm như sau:", style)
    story: list[Flowable] = [text, Spacer(1, 12), table, Spacer(1, 12), text]
    path = tmp_path_factory.mktemp("born") / "plan.pdf"
    SimpleDocTemplate(str(path), pagesize=A4).build(story)
    return path


def test_a_table_over_two_pages_comes_back(plan: Path) -> None:
    settings = Settings(cache_dir=None)
    readings = [read_page(plan, number, settings) for number in (1, 2)]
    assert {reading.method for reading in readings} == {"text_layer"}
    (joined,) = join_tables([lay_out(reading) for reading in readings])
    assert joined.columns == tuple(HEADER)
    assert joined.pages == (1, 2)
    wanted = [*ROWS[:5], ["II", "ĐÀO TẠO, BỒI DƯỠNG", "", ""], *ROWS[5:]]
    found = [[cell.string for cell in row] for row in joined.rows]
    assert grits_con(_cells(found), _cells(wanted)) == pytest.approx(1.0)
    assert found == wanted
    outside = [line.text for reading in readings for line in lay_out(reading).lines]
    assert [text for text in outside if "Tháng" in text or "STT" in text] == []
    assert sum("như sau:" in text for text in outside) == 2


def test_cells_and_spans_of_its_first_page(plan: Path) -> None:
    page = read_page(plan, 1, Settings(cache_dir=None))
    (table,) = page.tables
    drawn = {(r, c, 1, 1) for r in range(table.rows) for c in range(4) if r != 6 or c == 0} | {(6, 1, 1, 3)}
    assert cell_f1(((c.row, c.column, c.row_span, c.column_span) for c in table.cells), drawn) == 1.0
    assert [round(b - a) for a, b in zip(table.column_edges, table.column_edges[1:], strict=False)] == WIDTHS


def test_a_table_with_rules_across_only_comes_back(tmp_path: Path) -> None:
    register_fonts()
    style = ParagraphStyle("cell", fontName="Serif", fontSize=11.5, leading=15)
    rows = [HEADER, *ROWS[:5]]
    across = ("LINEBELOW", (0, 0), (-1, -1), 0.8, black)
    table = Table([[Paragraph(cell, style) for cell in row] for row in rows], colWidths=WIDTHS, style=[across, GRID[1]])
    closing = Paragraph("Trên đây là Kế hoạch của Sở, đề nghị các đơn vị nghiêm túc thực hiện.", style)
    path = tmp_path / "plan.pdf"
    SimpleDocTemplate(str(path), pagesize=A4).build([table, Spacer(1, 12), closing])
    reading = read_page(path, 1, Settings(cache_dir=None, text_layer="only"))
    (joined,) = join_tables([lay_out(reading)])
    assert [list(joined.columns), *([c.string for c in row] for row in joined.rows)] == rows
    assert [line.text for line in lay_out(reading).lines] == [closing.getPlainText()]


def test_a_page_that_is_no_pdf_has_no_cells(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing")
    assert cell_lattices(path, 1) == []


def _cells(rows: list[list[str]]) -> dict[Span, str]:
    return {(r, c, 1, 1): cell for r, row in enumerate(rows) for c, cell in enumerate(row)}
