"""Specks above and below words do not carry them to other lines."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.intake.ink import ink_of
from pipeline.intake.ocr import Grey, OcrWord
from pipeline.intake.specks import within_lines
from pipeline.layout.rows import letter_height, levelled, rows_of
from pipeline.values import Box, Word

TEXT = ("theo", "dõi,", "đôn", "đốc", "các", "phòng,")


def line(tall: int, y0: int, y1: int) -> list[OcrWord]:
    """A line of words 28 pixels high at y 130; the word ``tall`` has a box from ``y0`` to ``y1``."""
    words = [OcrWord(text, 60 + 70 * k, 130, 120 + 70 * k, 158, 0.96) for k, text in enumerate(TEXT)]
    w = words[tall]
    words[tall] = OcrWord(w.text, w.x0, y0, w.x1, y1, w.confidence)
    return words


def picture(words: list[OcrWord]) -> Grey:
    """Bars where the words of the line at y 130 have their letters."""
    grey = np.full((300, 600), 255, np.uint8)
    for word in words:
        for x in range(word.x0, word.x1, 12):
            grey[132:156, x : x + 5] = 0
    return grey


def rows(words: list[OcrWord]) -> list[str]:
    placed = [Word(w.text, w.text, Box(w.x0, w.y0, w.x1, w.y1), w.confidence, None) for w in words]
    level = levelled(placed, 0.0, 600, 300)
    return [row.text for row in rows_of(level, letter_height(level))]


@pytest.mark.parametrize(("y0", "y1", "speck"), [(98, 158, 98), (130, 190, 188)])
@pytest.mark.parametrize("tall", range(len(TEXT)))
def test_a_speck_above_or_below_a_word_leaves_it_in_its_line(tall: int, y0: int, y1: int, speck: int) -> None:
    words = line(tall, y0, y1)
    grey = picture(words)
    grey[speck : speck + 2, words[tall].x0 + 20 : words[tall].x0 + 22] = 0
    assert len(rows(words)) == 2  # the fault: a box that high belongs to no row
    [trimmed] = within_lines([words], ink_of(grey))
    assert (trimmed[tall].y0, trimmed[tall].y1) == (130, 158)
    assert rows(trimmed) == [" ".join(TEXT)]


def test_a_box_full_of_ink_keeps_its_height() -> None:
    words = line(3, 90, 158)
    grey = picture(words)
    grey[92:130, words[3].x0 : words[3].x1 : 2] = 0  # a large letter, a seal
    assert within_lines([words], ink_of(grey)) == [words]


def test_tails_and_marks_keep_their_boxes_and_single_words_too() -> None:
    words = line(5, 124, 166)
    ink = ink_of(picture(words))
    assert within_lines([words], ink) == [words]
    alone = [words[5]]
    assert within_lines([alone, []], ink) == [alone, []]
