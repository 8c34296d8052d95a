"""A page outside its tables: one reading, and one start of the engine for all that it leaves open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from pipeline.intake.ink import ink_of
from pipeline.intake.light import evenly_lit
from pipeline.intake.ocr import Grey, OcrWord
from pipeline.intake.second import SecondOpinion
from pipeline.intake.whole import FINEST, MARGIN, read_whole
from tests.intake.pages import draw, paragraph


@dataclass
class Canned:
    """A reader that gives each call the next of its answers and keeps the sizes of what it was given."""

    answers: list[list[list[OcrWord]]]
    calls: list[list[tuple[int, ...]]] = field(default_factory=list)

    def read(self, image: Grey, *, dpi: int = 300, psm: int = 3) -> list[OcrWord]:
        return self.read_many([image])[0]

    def read_many(self, images: Sequence[Grey], *, dpi: int = 300, psm: int = 6) -> list[list[OcrWord]]:
        self.calls.append([image.shape for image in images])
        return self.answers[len(self.calls) - 1]

    def read_each(self, images: Sequence[Grey], modes: Sequence[int], *, dpi: int = 300) -> list[list[OcrWord]]:
        return self.read_many(images, dpi=dpi)


def page() -> Grey:
    """Two rows of letter-like bars at 72 dpi, the second 300 points below the first."""
    grey = np.full((800, 600), 255, np.uint8)
    for y in (100, 400):
        for x in range(200, 300, 10):
            grey[y : y + 10, x : x + 5] = 0
            grey[y + 4 : y + 6, x : x + 7] = 0
    return grey


def test_missed_lines_and_doubtful_ones_go_to_the_second_reader_together() -> None:
    grey = page()
    margin = round(MARGIN)
    first = Canned([[[OcrWord("chuyén", margin, margin, margin + 100, margin + 10, 0.4)]]])  # the row at 400 is missed
    pad = 6
    second = Canned([[[OcrWord("Giám", 4, 8, 104, 18, 0.9)], [OcrWord("chuyển", pad, 3, pad + 100, 13, 0.9)]]])
    words = read_whole(grey, ink_of(grey), SecondOpinion(first, second), 72)
    assert [(w.text, w.x0, w.y0) for w in words] == [("chuyển", 200, 100), ("Giám", 200, 400)]
    assert len(first.calls) == len(second.calls) == 1
    assert len({w.line for w in words}) == 2


def test_a_page_number_alone_starts_no_engine() -> None:
    grey = page()
    grey[400:, :] = 255
    grey[30:40, 250:255] = grey[34:36, 250:257] = 0
    first, second = Canned([[[OcrWord("chuyển", 10, 80, 120, 98, 0.9)]]]), Canned([])
    assert [w.text for w in read_whole(grey, ink_of(grey), SecondOpinion(first, second), 72)] == ["chuyển"]
    assert not second.calls


def test_blank_margins_are_not_read() -> None:
    grey = page()
    reader = Canned([[[]], [[], []]])
    read_whole(grey, ink_of(grey), reader, 72)
    [(height, width)] = reader.calls[0]
    assert (height, width) == (310 + 2 * 12, 97 + 2 * 12)


def test_a_fine_scan_is_read_coarser_and_its_words_stand_where_they_are() -> None:
    grey = page()
    margin = round(MARGIN * 2 * FINEST / 72)
    reader = Canned([[[OcrWord("chuyển", margin // 2, margin // 2, margin // 2 + 50, margin // 2 + 5, 0.9)]], [[]]])
    [word] = read_whole(grey, ink_of(grey), reader, 2 * FINEST)
    assert reader.calls[0] == [(round((310 + 2 * margin) / 2), round((97 + 2 * margin) / 2))]
    assert (word.x0, word.y0, word.x1, word.y1) == pytest.approx((200, 100, 300, 110), abs=1)


def test_a_page_without_ink_starts_no_engine() -> None:
    reader = Canned([])
    blank = np.full((800, 600), 255, np.uint8)
    assert read_whole(blank, np.zeros_like(blank), reader, 72) == []
    assert not reader.calls


def test_a_shadow_goes_and_even_light_stays() -> None:
    even = draw(paragraph(times=5), dpi=150)
    assert evenly_lit(even, 150) is even
    shadow = np.linspace(0.45, 1.0, even.shape[1])[None, :]
    lit = evenly_lit(np.asarray(even * shadow, dtype=np.uint8), 150)
    assert np.percentile(lit[even > 250], 2) > 200
    assert np.median(lit[even < 20]) < 60


def test_workers_do_not_load_pandas() -> None:
    code = "import sys, pipeline.reading; print('pandas' in sys.modules, 'pdfplumber' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
