"""The text of a page outside its tables: one reading of the whole, and one of all that is left open by it.

Starting the engine takes as long as reading two lines; so lines that were left out and words in doubt go to the second
reader together.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from pipeline.intake.missed import find_missed, with_missed
from pipeline.intake.ocr import PSM_LINE, Grey, OcrWord, Reader
from pipeline.intake.second import SecondOpinion, cut_to_parts, find_doubts, settled
from pipeline.intake.specks import within_lines

MARGIN = 12.0
"""Points of paper left around the ink. What is blank beyond costs time and holds nothing."""


def read_whole(grey: Grey, ink: Grey, reader: Reader, dpi: float) -> list[OcrWord]:
    """The words of a straightened picture whose ``ink`` is 255; none where there is no ink.

    Raises what ``reader`` raises.
    """
    x, y, width, height = cv2.boundingRect(ink)
    if not width:
        return []
    first, second = (reader.first, reader.second) if isinstance(reader, SecondOpinion) else (reader, None)
    margin = round(MARGIN * dpi / 72)
    x0, y0 = max(0, x - margin), max(0, y - margin)
    part = np.ascontiguousarray(grey[y0 : y + height + margin, x0 : x + width + margin])
    words = [
        replace(w, x0=w.x0 + x0, y0=w.y0 + y0, x1=w.x1 + x0, y1=w.y1 + y0) for w in first.read(part, dpi=round(dpi))
    ]
    parts = within_lines(cut_to_parts(words), ink)
    words = [word for part in parts for word in part]
    missed = find_missed(grey, ink, words, dpi)
    doubts = find_doubts([parts], [grey], round(dpi)) if second else []
    cuttings = [*(line.cutting for line in missed), *(doubt.cutting for doubt in doubts)]
    answers = (second or first).read_many(cuttings, dpi=round(dpi), psm=PSM_LINE) if cuttings else []
    [words] = settled([parts], doubts, answers[len(missed) :])
    return with_missed(words, missed, answers[: len(missed)])
