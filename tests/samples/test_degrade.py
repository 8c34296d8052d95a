"""Degrading pages: shapes, the same page for the same seed, and marks that are really there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from samples import degrade


def page(height: int = 600, width: int = 420) -> degrade.Image:
    """A white page with lines of black bars and one red disc."""
    image = np.full((height, width, 3), 255, np.uint8)
    for top in range(60, height - 60, 24):
        cv2.rectangle(image, (50, top), (width - 60, top + 9), (0, 0, 0), -1)
    cv2.circle(image, (width - 100, height - 120), 30, (200, 20, 25), -1)
    return image


SCANS = [degrade.colour_scan, degrade.photocopy, degrade.bitonal_scan, degrade.phone_photo]


@pytest.mark.parametrize("scan", SCANS)
def test_same_seed_gives_the_same_page(scan: object) -> None:
    assert callable(scan)
    first, second = (scan(page(), np.random.default_rng(7)) for _ in range(2))
    other = scan(page(), np.random.default_rng(8))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_scans_keep_the_page_size_and_their_kind_of_pixels() -> None:
    random = np.random.default_rng(1)
    assert degrade.colour_scan(page(), random).shape == (600, 420, 3)
    assert degrade.photocopy(page(), random).shape == (600, 420)
    assert set(np.unique(degrade.bitonal_scan(page(), random))) == {0, 255}


def test_colour_scan_keeps_the_seal_red_and_photocopy_does_not() -> None:
    seal = (slice(470, 490), slice(310, 330))
    colour = degrade.colour_scan(page(), np.random.default_rng(2))[seal].reshape(-1, 3).mean(axis=0)
    assert colour[0] > colour[1] + 100
    assert degrade.photocopy(page(), np.random.default_rng(2)).ndim == 2


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_four_quarter_turns_or_two_halves_come_back(degrees: int) -> None:
    once = degrade.turned(page(), degrees)
    back = degrade.turned(once, 360 - degrees)
    assert np.array_equal(back, page())
    assert not np.array_equal(once, page())


def test_turning_by_other_angles_is_refused() -> None:
    with pytest.raises(ValueError, match="not by 45"):
        degrade.turned(page(), 45)


def test_fax_and_enlarged_have_their_resolution() -> None:
    assert degrade.fax(page(), 300, np.random.default_rng(3)).shape == (300, 210)
    assert degrade.enlarged(page(), 300).shape == (1200, 840, 3)


def test_skew_moves_a_line_by_its_angle() -> None:
    image = np.full((400, 400), 255, np.uint8)
    image[198:202, 20:380] = 0
    tilted = degrade.skewed(image, 2.0)
    left, right = (np.argmin(tilted[:, column]) for column in (40, 360))
    assert left - right == pytest.approx(320 * np.tan(np.radians(2.0)), abs=3)


def test_phone_photo_shows_desk_and_shadow() -> None:
    photo = degrade.phone_photo(page(), np.random.default_rng(5))
    assert photo.shape[0] > 600
    assert photo[2, 2].mean() < 120
    bright = degrade.grey(photo)[100:-100, 60:80].mean(axis=1)
    assert bright.max() - bright.min() > 15
