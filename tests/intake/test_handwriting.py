"""Numbers and days that a pen wrote into the letterhead, drawn stroke by stroke."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.intake.handwriting import HANDWRITTEN, letterhead_blanks, with_doubt
from pipeline.intake.ink import ink_of
from pipeline.intake.ocr import OcrWord
from pipeline.intake.source import Raster
from pipeline.reading import read_raster
from pipeline.values import PageReading
from tests.intake.pages import A4, Pixels, draw

DPI = 200
POINT = DPI / 72

# Strokes of figures in a box one wide and one high; a pen does not keep the box.
PEN = {
    "1": [[(0.2, 0.3), (0.6, 0.0), (0.4, 1.0)]],
    "2": [[(0.0, 0.3), (0.3, 0.0), (0.7, 0.2), (0.1, 0.9), (0.9, 1.0)]],
    "7": [[(0.0, 0.1), (0.8, 0.0), (0.3, 1.1)], [(0.2, 0.5), (0.7, 0.45)]],
    "9": [[(0.7, 0.2), (0.3, 0.0), (0.1, 0.3), (0.5, 0.5), (0.7, 0.1), (0.5, 1.1)]],
}


def write(page: Pixels, figures: str, x: float, y: float, colour: tuple[int, ...] = (0,)) -> None:
    """Figures in a hand: 12 to 16 points high, none on the line of the one before."""
    for k, figure in enumerate(figures):
        size, lift = (16, -2) if k % 2 else (12, 2)
        for stroke in PEN[figure]:
            points = [((x + 8.5 * k + 7 * a) * POINT, (y + lift + size * b) * POINT) for a, b in stroke]
            cv2.polylines(page, [np.array(points, np.int32)], False, colour, 3, cv2.LINE_AA)


def letterhead(number: str = "", day: str = "", month: str = "3") -> Pixels:
    return draw(
        [
            (70, 60, "SỞ Y TẾ TRƯỜNG SƠN"),
            (330, 60, "Độc lập - Tự do - Hạnh phúc"),
            (70, 100, f"Số:{number or '            '}/KH-SYT"),
            (300, 100, f"Trường Sơn, ngày {day or '     '} tháng {month} năm 2026"),
            (240, 150, "KẾ HOẠCH"),
            (85, 200, "Căn cứ Quyết định số 57/QĐ-UBND ngày 14 tháng 3 năm 2026"),
        ],
        dpi=DPI,
        size=12,
    )


def word(text: str, x0: float, x1: float, line: int, y: float = 101) -> OcrWord:
    return OcrWord(text, round(x0 * POINT), round(y * POINT), round(x1 * POINT), round((y + 11) * POINT), 0.9, line)


def read(page: Pixels, number: str = "129", day: str = "12") -> dict[str, float]:
    """Confidences of the words as an engine would have read them that takes a pen's figures for print."""
    ink = ink_of(page if page.ndim == 2 else np.asarray(page.min(axis=2)))
    words = [
        *(word(text, x0, x1, 0) for text, x0, x1 in (("Số:", 70, 92), (number, 93, 132), ("/KH-SYT", 134, 190))),
        *(
            word(text, x0, x1, 1)
            for text, x0, x1 in (
                ("Sơn,", 345, 375), ("ngày", 378, 405), (day, 408, 428), ("tháng", 430, 465), ("3", 468, 476),
                ("năm", 478, 505), ("2026", 507, 540),
            )
        ),
    ]  # fmt: skip
    return {w.text: w.confidence for w in with_doubt(words, ink, lambda *box: 0.0, DPI)}


def test_a_printed_letterhead_is_believed() -> None:
    reading = read_page(letterhead("129", "12"))
    assert reading["129/KH-SYT"] > HANDWRITTEN and reading["12"] > HANDWRITTEN


def read_page(page: Pixels) -> dict[str, float]:
    """Words with their confidences, read by the engine."""
    from pipeline.intake.ocr import default_reader

    found = read_raster(Raster(page, *A4), PageReading(1, *A4, ()), default_reader(60)).words
    return {w.text.removeprefix("Số:"): w.confidence for w in found}


def test_a_number_in_a_hand_is_doubted_and_the_rest_of_the_line_is_not() -> None:
    page = letterhead()
    write(page, "129", 95, 96)
    sure = read(page)
    assert sure["129"] <= HANDWRITTEN
    assert sure["/KH-SYT"] == sure["ngày"] == sure["3"] == 0.9


def test_a_day_in_a_hand_is_doubted() -> None:
    page = letterhead("57", "")
    write(page, "12", 411, 96)
    sure = read(page, "57")
    assert sure["12"] <= HANDWRITTEN
    assert sure["3"] == 0.9


def test_an_even_hand_in_blue_ink_shows_in_its_colour() -> None:
    page = cv2.cvtColor(letterhead("", "12"), cv2.COLOR_GRAY2BGR)
    blue = draw([(95, 100, "129")], dpi=DPI, size=12)
    page[blue < 128] = (190, 60, 40)
    found = read_page(np.asarray(page, dtype=np.uint8))
    doubted = [text for text, confidence in found.items() if confidence <= HANDWRITTEN]
    assert any("129" in text for text in doubted)
    assert found["12"] > HANDWRITTEN


def test_only_the_letterhead_has_blanks_to_fill() -> None:
    sentence = [("Căn", 85, 105), ("cứ", 108, 120), ("số", 123, 135), ("57/QĐ-UBND", 138, 210), ("ngày", 213, 240),
                ("14", 243, 255), ("tháng", 258, 290), ("3", 293, 299), ("năm", 302, 325)]  # fmt: skip
    assert letterhead_blanks([word(text, a, b, 5, 200) for text, a, b in sentence], 2339) == []
    party = [word("Số", 70, 85, 0), word("12-KH/TU", 90, 150, 0)]
    assert len(letterhead_blanks(party, 2339)) == 1
    low = [word("Số:", 70, 92, 0, 700), word("5/KH-SYT", 95, 150, 0, 700)]
    assert letterhead_blanks(low, 2339) == []
