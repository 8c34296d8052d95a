"""Ink that no word covers: lines of their own, or strokes of the words beside it."""

from __future__ import annotations

import numpy as np

from pipeline.intake.missed import missed_lines
from pipeline.intake.ocr import Grey, OcrWord

DPI = 72.0
SIZE = (800, 600)


def page(*letters: tuple[int, int]) -> Grey:
    """A page with a letter-like piece of ink, 3 by 9 points, at each (x, y)."""
    ink = np.zeros(SIZE, np.uint8)
    for x, y in letters:
        ink[y : y + 9, x : x + 3] = 255
        ink[y + 4, x : x + 6] = 255
    return ink


def test_a_stroke_beside_words_is_theirs() -> None:
    before, after = OcrWord("TỈNH", 60, 40, 100, 52, 0.9), OcrWord("ĐÔNG", 112, 40, 150, 52, 0.9)
    ink = page((103, 42))
    assert missed_lines(ink, [before, after], DPI) == []
    assert missed_lines(ink, [before], DPI) == []
    assert missed_lines(ink, [after], DPI) == []


def test_a_page_number_stands_alone() -> None:
    heading = OcrWord("KẾ", 60, 80, 100, 92, 0.9)
    assert len(missed_lines(page((300, 42)), [heading], DPI)) == 1
    assert len(missed_lines(page((300, 42)), [], DPI)) == 1


def test_few_letters_in_the_middle_of_the_page_are_scraps() -> None:
    assert missed_lines(page((300, 400), (308, 400)), [], DPI) == []


def test_a_line_that_was_left_out_is_found() -> None:
    letters = [(300 + 9 * k, 400) for k in range(8)]
    [(x0, y0, x1, y1)] = missed_lines(page(*letters), [OcrWord("Nơi", 60, 398, 100, 412, 0.9)], DPI)
    assert x0 <= 300 and x1 >= 366
    assert y0 < 400 < 409 < y1


def test_a_word_whose_letters_run_into_each_other_belongs_to_its_line() -> None:
    letters = [(300 + 9 * k, 400) for k in range(5)]
    ink = page(*letters)
    ink[398:410:2, 350:385] = 255  # a stamped word, one piece of 35 points
    ink[398:410, 350:385:4] = 255
    [(_, _, x1, _)] = missed_lines(ink, [], DPI)
    assert x1 >= 385
