"""Two readings of a line become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.ocr import Grey, OcrWord
from pipeline.intake.second import SecondOpinion, careful_reader, is_plausible, merge, parts_of

PAPER = np.full((100, 400), 255, np.uint8)


def line(
    text: str, confidence: float | Sequence[float] = 0.9, x: int = 20, y: int = 20, number: int = 0
) -> list[OcrWord]:
    """Words of ten pixels a letter."""
    pieces = text.split()
    sure = [confidence] * len(pieces) if isinstance(confidence, float) else list(confidence)
    words = []
    for piece, c in zip(pieces, sure, strict=True):
        words.append(OcrWord(piece, x, y, x + 10 * len(piece), y + 20, c, number))
        x += 10 * len(piece) + 8
    return words


def text(words: Sequence[OcrWord]) -> str:
    return " ".join(word.text for word in words)


@dataclass
class Canned:
    """A reader that answers from a list and keeps what it was asked."""

    answers: list[list[OcrWord]]
    asked: list[tuple[int, ...]] = field(default_factory=list)

    def read(self, image: Grey, *, dpi: int = 300, psm: int = 3) -> list[OcrWord]:
        return self.read_many([image])[0]

    def read_many(self, images: Sequence[Grey], *, dpi: int = 300, psm: int = 6) -> list[list[OcrWord]]:
        self.asked += [image.shape for image in images]
        return self.answers[: len(images)]

    def read_each(self, images: Sequence[Grey], modes: Sequence[int], *, dpi: int = 300) -> list[list[OcrWord]]:
        return self.read_many(images, dpi=dpi)


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (line("chuyén đổi số", [0.6, 0.9, 0.9]), line("chuyển đối số", [0.7, 0.6, 0.9]), "chuyển đổi số"),
        (line("tháng § năm", [0.93, 0.86, 0.9]), line("tháng 8 năm", [0.97, 0.9, 0.9]), "tháng 8 năm"),
        (line("0§h00 ngày", [0.5, 0.9]), line("08h00 ngày", [0.8, 0.9]), "08h00 ngày"),
        (line("chất.lượng", 0.5), line("chất lượng", 0.8), "chất lượng"),
        (line("kế hoạch"), line("kế hoạch ;~", [0.9, 0.9, 0.1]), "kế hoạch"),
        (line("kế hoạch"), line("kế hoạch _.....", [0.9, 0.9, 0.7]), "kế hoạch"),
        (line("_ Thư ký", [0.5, 0.9, 0.9]), line("8 Thư ký", 0.9), "_ Thư ký"),
        (line("đột _", [0.9, 0.4]), line("đột :", 0.9), "đột :"),
        (line("tháng 11 năm"), line("tháng 1] năm", [0.9, 0.95, 0.9]), "tháng 11 năm"),
        (line("kế hoạch"), [], "kế hoạch"),
    ],
)
def test_the_likelier_words_are_kept(one: list[OcrWord], other: list[OcrWord], merged: str) -> None:
    assert text(merge(one, other)) == merged


def test_only_doubtful_lines_are_read_again() -> None:
    first = Canned([[*line("Số chuyén", [0.9, 0.4], number=0), *line("Kế hoạch", y=60, number=1)]])
    second = Canned([line("Số chuyển", 0.9, x=6, y=3)])  # in the cutting, six and three pixels of paper around
    words = SecondOpinion(first, second).read(PAPER, dpi=72)
    assert text(words) == "Số chuyển Kế hoạch"
    assert len(second.asked) == 1
    assert second.asked[0][0] < 40  # the line's height with some paper, not the page's
    assert [word.line for word in words] == [0, 0, 1, 1]


def test_nothing_is_asked_where_nothing_is_doubtful() -> None:
    second = Canned([])
    words = SecondOpinion(Canned([line("Kế hoạch số 57")]), second).read(PAPER)
    assert text(words) == "Kế hoạch số 57"
    assert not second.asked


def test_columns_that_do_not_run_level_are_cut_apart() -> None:
    recipients = [*line("- Bệnh viện;", y=20, number=0), *line("-Bữn SYT.", [0.3, 0.4], y=44, number=1)]
    office = line("GIÁM ĐỐC", x=300, y=30, number=1)
    # Around both columns the cutting would hold the recipients' first line as well.
    second = Canned([line("Ban SYT;", 0.9, x=6, y=3)])
    words = SecondOpinion(Canned([[*recipients, *office]]), second).read(PAPER, dpi=72)
    assert text(words) == "- Bệnh viện; Ban SYT; GIÁM ĐỐC"
    assert len(second.asked) == 1
    assert second.asked[0] < (30, 200)


def test_words_of_other_lines_in_the_cutting_are_not_read_twice() -> None:
    first = [*line("kế hoạch năm", y=20, number=0), *line("chuyén", 0.4, y=28, number=1)]  # on a crooked page
    above = [*line("chuyển", 0.9, x=6, y=3), OcrWord("năm", 95, 0, 125, 19, 0.9)]
    words = SecondOpinion(Canned([first]), Canned([above])).read(PAPER, dpi=72)
    assert text(words) == "kế hoạch năm chuyển"


def test_a_corrected_word_keeps_the_box_of_its_ink() -> None:
    one, other = line("TỈNB", 0.5), [OcrWord("TỈNH", 20, 5, 50, 60, 0.9)]
    assert [(w.text, w.x0, w.y0, w.x1, w.y1) for w in merge(one, other)] == [("TỈNH", 20, 20, 60, 40)]


@pytest.mark.parametrize(("gap", "parts"), [(20, 1), (200, 2)])
def test_a_line_is_cut_at_wide_gaps(gap: int, parts: int) -> None:
    left = line("Nơi nhận:")
    assert len(parts_of([*left, *line("GIÁM ĐỐC", x=left[-1].x1 + gap)])) == parts


@given(st.lists(st.sampled_from(["kế", "hoạch", "chuyén", "2026", "UBND"]), max_size=6))
def test_a_reading_merged_with_itself_stays(pieces: list[str]) -> None:
    words = line(" ".join(pieces), 0.7)
    assert merge(words, words) == words
    assert merge(words, []) == words


@pytest.mark.parametrize("good", ["chuyển", "(số", "12,5%", "25/02/2025", "II/2026.", "tháng/lần", "UBND", "“", "…"])
def test_plausible(good: str) -> None:
    assert is_plausible(good)


@pytest.mark.parametrize("bad", ["chuyén", "0§h00", "dịnhh", "S6'Y", "MứZ", "1]", "thang/lầnn", "NQ/TVW"])
def test_implausible(bad: str) -> None:
    assert not is_plausible(bad)


@pytest.mark.parametrize(("confidence", "asked"), [(0.45, 1), (0.66, 0)])
def test_a_documents_sign_is_doubted_less(confidence: float, asked: int) -> None:
    first, second = Canned([line("số 1145/QĐ-UBND", confidence)]), Canned([line("số 1145/QĐ-UBND", 0.9, x=6, y=3)])
    SecondOpinion(first, second).read(PAPER)
    assert len(second.asked) == asked


def test_the_careful_reader_reads() -> None:
    assert careful_reader(30).read(PAPER) == []


def test_a_sign_that_plans_do_not_print_is_doubted_however_sure_its_reading() -> None:
    first, second = Canned([line("tháng § năm", 0.9)]), Canned([line("tháng 8 năm", 0.95, x=6, y=3)])
    assert text(SecondOpinion(first, second).read(PAPER)) == "tháng 8 năm"
    assert len(second.asked) == 1
