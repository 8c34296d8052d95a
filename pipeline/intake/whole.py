"""The text of a page outside its tables: one reading of the whole, and one of all that is left open by it.

Lines that were left out, titles over a seal and words in doubt go to the second reader together.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.intake.missed import find_missed, with_missed
from pipeline.intake.ocr import PSM_LINE, Grey, OcrWord, Reader
from pipeline.intake.scale import smaller
from pipeline.intake.seals import Seal
from pipeline.intake.second import SecondOpinion, cut_to_parts, find_doubts, settled
from pipeline.intake.specks import within_lines
from pipeline.intake.titles import find_titles, with_titles

MARGIN = 12.0
"""Points of paper left around the ink. What is blank beyond costs time and holds nothing."""
FINEST = 225.0
"""Dots an inch at which running text is read at most: the models take lines of 36 pixels' height. Ten pages at 300 dpi
had 8 wrong words fewer at 240, and 10 at 200, but there the stroke of "15/KH-UBND" was lost; at 225 three office scans
have 4 wrong syllables fewer than at 240. Tables, whose print is small, are read as they come."""


def read_whole(grey: Grey, ink: Grey, reader: Reader, dpi: float, seals: Sequence[Seal] = ()) -> list[OcrWord]:
    """The words of a straightened picture whose ``ink`` is 255; none where there is no ink.

    ``seals`` were taken off it: the titles over them are read by themselves where they are in doubt.

    Raises what ``reader`` raises.
    """
    x, y, width, height = cv2.boundingRect(ink)
    if not width:
        return []
    first, second = (reader.first, reader.second) if isinstance(reader, SecondOpinion) else (reader, None)
    margin = round(MARGIN * dpi / 72)
    x0, y0 = max(0, x - margin), max(0, y - margin)
    part = np.ascontiguousarray(grey[y0 : y + height + margin, x0 : x + width + margin])
    words = [word.moved(x0, y0) for word in _read(part, first, dpi)]
    parts = within_lines(cut_to_parts(words), ink)
    words = [word for part in parts for word in part]
    missed = find_missed(grey, ink, words, dpi)
    doubts = find_doubts([parts], [grey], round(dpi)) if second else []
    titles = find_titles(grey, ink, seals, words, dpi)
    if not doubts and not titles and all(line.lone for line in missed):
        missed = []  # a page's number alone is not worth asking the engine, which many a worker has not started yet
    cuttings = [*(line.cutting for line in missed), *(line.cutting for line in titles), *(d.cutting for d in doubts)]
    answers = (second or first).read_many(cuttings, dpi=round(dpi), psm=PSM_LINE) if cuttings else []
    of_missed, of_titles = answers[: len(missed)], answers[len(missed) : len(missed) + len(titles)]
    [words] = settled([parts], doubts, answers[len(missed) + len(titles) :])
    return with_titles(with_missed(words, missed, of_missed), titles, of_titles)


def _read(part: Grey, reader: Reader, dpi: float) -> list[OcrWord]:
    """The words of ``part``, which the reader gets no finer than it needs."""
    factor = FINEST / dpi
    if factor > 0.9:
        return reader.read(part, dpi=round(dpi))
    return [word.in_larger(factor) for word in reader.read(smaller(part, factor), dpi=round(FINEST))]
