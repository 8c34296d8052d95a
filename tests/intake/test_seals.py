"""Black seals and pens over a signature: told from other rings, taken off, and what is printed under them read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from rapidfuzz import fuzz

from pipeline.intake.image import prepare
from pipeline.intake.ink import ink_of
from pipeline.intake.ocr import Grey
from pipeline.intake.seals import find_seals
from pipeline.intake.second import careful_reader
from pipeline.intake.source import Raster
from pipeline.intake.whole import read_whole
from tests.intake.pages import A4, draw, paragraph

DPI = 200
POINT = DPI / 72
CENTRE, RADIUS = (330.0, 560.0), 48.0
HEAD, DEPUTY, NAME = "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trịnh Bá Khoa"


def in_pixels(*points: float) -> tuple[int, ...]:
    return tuple(round(value * POINT) for value in points)


def sealed(page: Grey, centre: tuple[float, float] = CENTRE, shade: int = 0) -> Grey:
    """``page`` with a seal of two double rings and the name of a body in it."""
    seal = np.full_like(page, 255)
    for radius in (1.0, 0.96, 0.7, 0.67):
        cv2.circle(seal, in_pixels(*centre), *in_pixels(radius * RADIUS), shade, 3)
    x, y = centre
    for number, word in enumerate(("SO", "Y TE")):
        cv2.putText(seal, word, in_pixels(x - 14, y - 2 + 16 * number), cv2.FONT_HERSHEY_SIMPLEX, 1.0, shade, 3)
    return np.minimum(page, seal)


def signed(page: Grey) -> Grey:
    """``page`` with a pen's stroke that runs from the seal across the deputy's title and back."""
    page = page.copy()
    way = [(320, 575), (350, 545), (372, 505), (380, 498), (376, 520), (395, 560), (470, 540), (520, 590), (400, 600)]
    cv2.polylines(page, [np.array([in_pixels(*place) for place in way])], False, 0, 3, cv2.LINE_AA)
    return page


def signature_page() -> Grey:
    """A bitonal page; the deputy's title is stamped right under the head's, so that their marks touch."""
    lines = [*paragraph(times=1), (345, 484, "KT. " + HEAD), (335, 496, DEPUTY), (330, 614, NAME)]
    page = draw(lines, dpi=DPI, size=12, bold=("KT. " + HEAD, DEPUTY, NAME))
    return np.asarray(np.where(signed(sealed(page)) < 128, 0, 255), dtype=np.uint8)


@pytest.mark.parametrize("centre", [CENTRE, (300.0, 300.0)])
def test_a_seal_is_found_by_its_outer_ring(centre: tuple[float, float]) -> None:
    page = signed(sealed(draw(paragraph(times=2), dpi=DPI), centre))
    (seal,) = find_seals(ink_of(page), DPI)
    assert (seal.x / POINT, seal.y / POINT) == pytest.approx(centre, abs=1.5)
    assert seal.radius / POINT == pytest.approx(RADIUS, abs=2.0)


def test_frames_arcs_and_loops_of_a_pen_are_no_seals() -> None:
    page = draw(paragraph(times=2), dpi=DPI)
    cv2.rectangle(page, in_pixels(90, 450), in_pixels(190, 550), 0, 3)
    cv2.ellipse(page, in_pixels(300, 500), in_pixels(48, 48), 0, 0, 180, 0, 3)  # half a ring
    cv2.ellipse(page, in_pixels(450, 500), in_pixels(70, 25), 20, 0, 360, 0, 3)  # a loop
    cv2.circle(page, in_pixels(300, 650), *in_pixels(14), 0, 3)  # the ring round a number
    assert find_seals(ink_of(page), DPI) == []


def test_titles_and_name_under_a_black_seal_and_a_pen_are_read() -> None:
    prepared = prepare(Raster(signature_page(), *A4))
    assert len(prepared.seals) == 1
    words = read_whole(prepared.grey, prepared.ink, careful_reader(60), prepared.dpi, prepared.seals)
    below = sorted((w for w in words if w.y0 > 450 * POINT), key=lambda w: (w.line, w.x0))
    text = " ".join(word.text for word in below)
    assert NAME in text
    for title in (HEAD, DEPUTY):  # a pen runs across them: all but a letter or two
        assert fuzz.partial_ratio(title, text) >= 80
    (deputy,) = (word for word in below if word.text == "PHÓ")
    assert (deputy.y0 + deputy.y1) / 2 / POINT == pytest.approx(504, abs=6)
    assert not {"SO", "TE"} & {word.text for word in below}


def test_print_under_a_paler_seal_stays() -> None:
    page = sealed(draw([*paragraph(times=2), (300, 590, NAME)], dpi=DPI, bold=(NAME,)), shade=100)
    prepared = prepare(Raster(page, *A4))
    words = read_whole(prepared.grey, prepared.ink, careful_reader(60), prepared.dpi, prepared.seals)
    assert NAME in " ".join(w.text for w in words)
