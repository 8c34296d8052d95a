"""Pages askew, turned, stamped, speckled and bordered."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.intake.colour import grey_of
from pipeline.intake.image import prepare
from pipeline.intake.ink import ink_of, with_stronger_strokes, without_border, without_specks
from pipeline.intake.orientation import marks_above_and_below
from pipeline.intake.pieces import Pieces, connected, pieces_of
from pipeline.intake.skew import find_skew, runs_sideways
from pipeline.intake.source import Raster
from tests.intake.pages import A4, Pixels, draw, paragraph


@pytest.fixture(scope="module")
def page() -> Pixels:
    return draw(paragraph(times=5), dpi=150)


def askew(page: Pixels, degrees: float) -> Pixels:
    """The page turned anticlockwise, as a sheet laid askew on the glass."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, (width, height), borderValue=(255,)), dtype=np.uint8)


@pytest.mark.parametrize("degrees", [-6.0, -1.3, -0.2, 0.0, 0.4, 2.7, 7.0])
def test_skew_is_found_to_a_tenth_of_a_degree(page: Pixels, degrees: float) -> None:
    found = find_skew(pieces_of(ink_of(askew(page, degrees)), 150)).angle
    assert found == pytest.approx(degrees, abs=0.1)


def test_an_empty_page_is_not_turned() -> None:
    assert prepare(Raster(np.full((1754, 1240), 255, np.uint8), *A4)).angle == 0.0


def test_pieces_are_told_apart_however_many() -> None:
    dots = np.zeros((600, 600), np.uint8)
    dots[::2, ::2] = 255
    found = connected(dots)
    assert len(found.stats) == 300 * 300 + 1 and int(found.labels.max()) == 300 * 300


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_pieces_turn_with_their_picture(page: Pixels, turns: int) -> None:
    ink = ink_of(page)
    turned, anew = pieces_of(ink, 150).turn(turns), pieces_of(np.ascontiguousarray(np.rot90(ink, -turns)), 150)
    for one, other in zip(boxes(turned), boxes(anew), strict=True):
        assert one == pytest.approx(other)
    assert ((turned.labels > 0) == (anew.labels > 0)).all()


def boxes(pieces: Pieces) -> list[tuple[float, ...]]:
    sides = (pieces.left, pieces.top, pieces.width, pieces.height)
    return sorted(zip(*(side.tolist() for side in sides), strict=True), key=lambda box: [round(v, 3) for v in box])


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_sideways_pages_show_in_their_letters(page: Pixels, turns: int) -> None:
    turned = np.ascontiguousarray(np.rot90(page, turns))
    assert runs_sideways(pieces_of(ink_of(turned), 150)) is (turns % 2 == 1)


def test_marks_tell_a_page_on_its_head(page: Pixels) -> None:
    above, below = marks_above_and_below(pieces_of(ink_of(page), 150))
    assert above > 2 * below
    above, below = marks_above_and_below(pieces_of(ink_of(np.ascontiguousarray(np.rot90(page, 2))), 150))
    assert below > 2 * above


@pytest.mark.parametrize(("turns", "degrees"), [(0, 1.5), (1, 0.0), (2, -2.0), (3, 0.8)])
def test_what_is_found_on_the_prepared_picture_comes_back_to_its_place(
    page: Pixels, turns: int, degrees: float
) -> None:
    marked = page.copy()
    marked[1500:1512, 300:420] = 0  # a bar, at 720 points of the upright page
    displayed = np.ascontiguousarray(np.rot90(askew(marked, degrees), turns))
    size = A4 if turns % 2 == 0 else A4[::-1]
    prepared = prepare(Raster(displayed, *size), turned=turns)
    assert prepared.angle == pytest.approx(degrees, abs=0.1)
    bar = cv2.matchTemplate(255 - prepared.grey, np.full((12, 120), 255, np.uint8), cv2.TM_SQDIFF)
    x, y = cv2.minMaxLoc(bar)[2]
    box = prepared.to_points(x, y, x + 120, y + 12)
    scale = displayed.shape[1] / size[0]
    x0, y0, x1, y1 = (round(v * scale) for v in (box.x0, box.y0, box.x1, box.y1))
    assert (displayed[y0:y1, x0:x1] < 128).mean() > 0.6


def test_a_red_seal_goes_and_the_text_under_it_stays(page: Pixels) -> None:
    stamped = cv2.cvtColor(page, cv2.COLOR_GRAY2BGR)
    seal = np.full_like(stamped, 255)
    cv2.circle(seal, (500, 500), 150, (60, 50, 215), 12)
    stamped = np.minimum(stamped, seal)
    grey = grey_of(stamped, 150)
    only_seal = (seal.min(axis=2) < 128) & (page > 250)
    assert grey[only_seal].mean() > 200
    assert np.array_equal(grey < 100, page < 100)


def test_a_blue_signature_goes_and_a_number_in_blue_ink_stays(page: Pixels) -> None:
    signed = cv2.cvtColor(page, cv2.COLOR_GRAY2BGR)
    pen = np.full_like(signed, 255)
    cv2.polylines(pen, [np.array([[300, 1560], [420, 1450], [500, 1640], [640, 1470]])], False, (170, 60, 40), 5)
    cv2.putText(pen, "71", (900, 1600), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (170, 60, 40), 3)
    grey = grey_of(np.minimum(signed, pen), 150)
    inked = (pen.min(axis=2) < 128) & (page > 250)
    assert grey[:, :800][inked[:, :800]].mean() > 220
    assert grey[:, 850:][inked[:, 850:]].mean() < 130


def test_a_name_stamped_in_red_stays_though_the_seal_beside_it_goes(page: Pixels) -> None:
    stamped = np.full((*page.shape, 3), 255, np.uint8)
    cv2.circle(stamped, (400, 600), 105, (40, 40, 220), 5)
    cv2.putText(stamped, "Mau", (560, 640), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (40, 40, 220), 4)
    grey = grey_of(stamped, 150)
    assert grey[480:720, 280:520].min() > 200
    assert grey[590:650, 550:700].min() < 120


def test_a_name_in_red_that_touches_a_round_seal_stays(page: Pixels) -> None:
    stamped = np.full((*page.shape, 3), 255, np.uint8)
    cv2.circle(stamped, (400, 600), 105, (40, 40, 220), 5)
    ring = stamped.copy()
    cv2.putText(stamped, "Mau", (478, 700), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (40, 40, 220), 4)
    name = (stamped != ring).any(axis=2)
    grey = grey_of(stamped, 150)
    assert grey[name].mean() < 150
    assert grey[480:600, 280:520].min() > 200


def test_strokes_of_a_pen_that_a_seal_parts_go_and_the_black_name_under_them_stays(page: Pixels) -> None:
    signed = np.full((*page.shape, 3), 255, np.uint8)
    cv2.putText(signed, "Mau", (380, 690), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (20, 20, 20), 4)
    name = signed.min(axis=2) < 100
    cv2.circle(signed, (400, 600), 105, (60, 60, 220), 9)
    for x, y in ((390, 560), (540, 580)):  # one stroke inside the seal, small; one beside it, high
        cv2.line(signed, (x, y), (x + 30, y + (40 if x == 390 else 90)), (170, 60, 40), 5)
    signed[name] = 20
    grey = grey_of(signed, 150)
    assert grey[name].max() < 60
    assert grey[550:610, 380:430].min() > 200


def test_a_page_without_colour_stays_as_it_is(page: Pixels) -> None:
    assert np.abs(grey_of(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), 150).astype(int) - page).max() <= 1


def test_black_borders_go_and_a_table_frame_at_the_edge_stays(page: Pixels) -> None:
    scan = page.copy()
    scan[:, :25] = 10
    scan[-30:] = 20
    grey, ink = without_border(scan, ink_of(scan), 150)
    assert grey[:, :25].min() > 200
    assert not ink[-30:].any()
    framed = page.copy()
    cv2.rectangle(framed, (0, 50), (1200, 1700), 0, 3)
    grey, _ = without_border(framed, ink_of(framed), 150)
    assert np.array_equal(grey, framed)


def test_specks_far_from_letters_go_and_marks_and_dashes_stay() -> None:
    clean = draw([*paragraph(times=2), (60, 600, "-"), (85, 600, "Đơn vị báo cáo kết quả")], dpi=200)
    clean = np.where(clean < 128, 0, 255).astype(np.uint8)
    speckled = clean.copy()
    rng = np.random.default_rng(7)
    for _ in range(120):
        y, x = int(rng.integers(1900, 2300)), int(rng.integers(50, 1600))  # below the text
        speckled[y : y + 4, x : x + 3] = 0
    grey, ink, _ = without_specks(speckled, ink_of(speckled), 200)
    assert not ink[1880:].any()
    kept = (grey == 0).sum() / (clean == 0).sum()
    assert kept > 0.995


def test_pale_strokes_of_a_bleached_scan_get_darker_and_other_scans_stay(page: Pixels) -> None:
    pale = np.where(page < 255, 255 - (255 - page.astype(int)) // 2, 255).astype(np.uint8)
    assert with_stronger_strokes(pale).min() < pale.min() - 20
    assert (with_stronger_strokes(pale) == 255).sum() == (pale == 255).sum()
    copied = np.minimum(pale, 225)
    assert np.array_equal(with_stronger_strokes(copied), copied)
    bitonal = np.where(page < 128, 0, 255).astype(np.uint8)
    assert np.array_equal(with_stronger_strokes(bitonal), bitonal)


def test_pepper_on_a_grey_scan_goes_and_print_stays() -> None:
    clean = draw([*paragraph(times=1), (85, 260, "Kinh phí .................... đồng")], dpi=150).astype(np.int16)
    grey = np.asarray(np.clip(clean - 25 - np.arange(clean.shape[1]) % 7, 0, 255), dtype=np.uint8)  # no bitonal picture
    spots = [(60, 40), (500, 60), (1100, 700), (300, 1400), (900, 1000)]
    peppered = grey.copy()
    for x, y in spots:
        peppered[y : y + 3, x : x + 3] = 10
    swept, ink, _ = without_specks(peppered, ink_of(peppered), 150)
    assert all(swept[y : y + 3, x : x + 3].min() > 200 for x, y in spots)
    assert np.array_equal(ink, ink_of(grey))
    assert without_specks(grey, ink, 150)[0] is grey
