"""Words of laid-out pages restored, with their places kept."""

from __future__ import annotations

from pipeline.restoration import restore_pages
from pipeline.values import Box, Cell, Line, PageLayout, PageTable, Text, Word

GARBLED = [
    "Thuc hién Ké hoach cua Uy ban nhan dan tinh vé viéc trién khai chuyén d6i",
    "s6 trong linh vuc y té, S& Y té ban hanh Ké hoach thuc hién nhu sau:",
]


def _line(text: str, top: float = 0.0, gap: float = 0.0) -> Line:
    words = tuple(
        Word(piece, piece, Box(40.0 * i, top, 40.0 * i + 30, top + 10), 0.9) for i, piece in enumerate(text.split())
    )
    return Line(1, words, gap_before=gap)


def _page(lines: list[Line], tables: tuple[PageTable, ...] = ()) -> PageLayout:
    return PageLayout(1, 595, 842, tuple(lines), tables)


def test_garbled_lines_are_restored_across_the_line_break() -> None:
    page = _page([_line(text, 20.0 * i) for i, text in enumerate(GARBLED)])
    result = restore_pages([page])
    first, second = result.pages[0].lines
    assert first.text == "Thực hiện Kế hoạch của Ủy ban nhân dân tỉnh về việc triển khai chuyển đổi"
    assert second.text == "số trong lĩnh vực y tế, Sở Y tế ban hành Kế hoạch thực hiện như sau:"
    assert first.words[2].printed == "Ké"
    assert first.words[2].box == page.lines[0].words[2].box
    assert result.syllables == 33
    assert result.restored > 15


def test_correct_words_keep_their_text_and_confidence() -> None:
    page = _page([_line("Triển khai thực hiện Kế hoạch số 12/KH-UBND ngày 03/02/2026 của Ủy ban nhân dân tỉnh")])
    result = restore_pages([page])
    assert [w.text for w in result.pages[0].lines[0].words] == [w.text for w in page.lines[0].words]
    assert result.restored == 0
    assert all(w.confidence <= 0.9 for w in result.pages[0].lines[0].words)


def test_cells_keep_text_and_lines_in_step() -> None:
    lines = (_line("Chu tri: S& Y té"), _line("Phéi hop: cac don vi", 20.0), _line("lién quan", 40.0))
    text = Text.join([Text.of_lines(lines[:1]), Text.of_lines(lines[1:])], separator="\n")
    table = PageTable(1, 1, 1, (Cell(0, 0, text, lines=lines),))
    page = _page([_line(t) for t in GARBLED], (table,))
    cell = restore_pages([page]).pages[0].tables[0].cells[0]
    assert cell.text.string.count("\n") == 1
    assert cell.text.string.replace("\n", " ") == " ".join(line.text for line in cell.lines)
    assert "đơn vị" in cell.text.string
    assert "liên quan" in cell.text.string


def test_nothing_gives_nothing() -> None:
    result = restore_pages([_page([])])
    assert result.pages[0].lines == ()
    assert (result.syllables, result.restored, result.doubtful) == (0, 0, 0)
