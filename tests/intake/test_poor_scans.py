"""Pages of the samples as offices and telephones deliver them: turned, faxed, photographed, scanned at 600 dpi."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from rapidfuzz.distance import LCSseq

from pipeline.flow import interpret, plain_text
from pipeline.intake.perspective import find_corners, sheet_of
from pipeline.intake.source import Raster, open_source, source_facts
from pipeline.reading import read_page
from pipeline.settings import Settings
from samples import degrade
from samples.image_pdf import PageImage, write_pdf
from samples.plan_source import read_source
from schemas import Header
from tests.samples.test_samples import SAMPLES, golden, printed

SETTINGS = Settings(cache_dir=None)
IN_COLOUR, IN_BLACK = "chuyen-doi-so", "cai-cach-hanh-chinh"
RESOLUTION = {IN_COLOUR: 200, IN_BLACK: 300}
FIELDS = ("parent_authority", "issuing_authority", "document_number", "place", "issued_on", "document_type", "title")


def first_page(name: str) -> degrade.Image:
    """The first page of a sample, as its scanner made it."""
    with open_source(SAMPLES / f"{name}.pdf", SETTINGS) as source:
        pixels = source.raster(1, 600, 10**9).pixels
    return pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[:, :, ::-1])


def photograph(page: degrade.Image, seed: int, tilt: float) -> degrade.Image:
    colour = page if page.ndim == 3 else np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    return degrade.phone_photo(degrade.scaled(colour, 1.25), np.random.default_rng(seed), tilt)


def turned(degrees: int) -> Callable[[str, Path], Path]:
    def write(name: str, path: Path) -> Path:
        write_pdf([PageImage(degrade.turned(first_page(name), degrees), RESOLUTION[name], 70)], path)
        return path

    return write


def faxed(name: str, path: Path) -> Path:
    page = degrade.fax(first_page(name), RESOLUTION[name], np.random.default_rng(11))
    write_pdf([PageImage(page, 150, None)], path)  # CCITT group 4
    return path


def photographed(seed: int) -> Callable[[str, Path], Path]:
    def write(name: str, path: Path) -> Path:
        path = path.with_suffix(".jpg")
        Image.fromarray(photograph(first_page(name), seed, tilt=0.08)).save(path, quality=70)
        return path

    return write


def enlarged(name: str, path: Path) -> Path:
    write_pdf([PageImage(degrade.enlarged(first_page(name), RESOLUTION[name]), 600, 60)], path)
    return path


def syllables(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def share_right(text: str, name: str) -> float:
    """Twice the syllables in common, in order, over those read and those of the page, whose last lines are sought."""
    read, true = syllables(text), syllables(printed(read_source(SAMPLES / "source" / f"{name}.md")))
    runs = [
        block for block in LCSseq.opcodes(read, true) if block.tag == "equal" and block.src_end - block.src_start > 3
    ]
    true = true[: runs[-1].dest_end + len(read) - runs[-1].src_end]
    return 2 * LCSseq.similarity(read, true) / (len(read) + len(true))


def wrong_fields(header: Header, name: str) -> set[str]:
    return {field for field in FIELDS if getattr(header, field) != getattr(golden(name).header, field)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("write", "name", "least"),
    [
        pytest.param(turned(90), IN_COLOUR, 0.995, id="quarter turn"),
        pytest.param(turned(180), IN_COLOUR, 0.995, id="on its head"),
        pytest.param(turned(270), IN_COLOUR, 0.995, id="three quarters"),
        pytest.param(faxed, IN_BLACK, 0.99, id="fax"),
        pytest.param(photographed(12), IN_COLOUR, 0.99, id="photograph"),
        pytest.param(photographed(13), IN_COLOUR, 0.99, id="photograph from further aside"),
        pytest.param(enlarged, IN_BLACK, 0.995, id="600 dpi"),
    ],
)
def test_a_poor_page_of_a_sample_is_read_with_its_letterhead(
    write: Callable[[str, Path], Path], name: str, least: float, tmp_path: Path
) -> None:
    path = write(name, tmp_path / f"{name}.pdf")
    reading = read_page(path, 1, SETTINGS)
    assert reading.error is None
    found = interpret(source_facts(path, SETTINGS), [reading])
    assert share_right(plain_text(found.pages), name) >= least
    assert wrong_fields(found.document.header, name) == set()
    words = [word.box for word in reading.words if word.box is not None]
    assert all(
        box.x0 > -5 and box.x1 < reading.width + 5 and box.y0 > -5 and box.y1 < reading.height + 5 for box in words
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_corners_of_a_photographed_sheet_are_found(seed: int) -> None:
    page = first_page(IN_COLOUR)
    height, width = page.shape[:2]
    margin, tilt = round(0.06 * width), 0.08
    photo = degrade.phone_photo(page, np.random.default_rng(seed), tilt)
    moved = np.random.default_rng(seed).uniform(-tilt, tilt, (4, 2)) * width * 0.5  # as phone_photo draws them
    corners = find_corners(photo, photo.shape[0] / 11.69)
    assert corners is not None
    true = np.array([[0, 0], [width, 0], [width, height], [0, height]]) + margin + moved
    assert np.abs(corners - true).max() < 0.006 * width


def test_what_was_photographed_comes_back_to_its_place() -> None:
    page = first_page(IN_COLOUR)
    photo = degrade.phone_photo(page, np.random.default_rng(5), 0.1)
    raster = Raster(photo, photo.shape[1] * 842 / photo.shape[0], 842.0)
    sheet = sheet_of(raster)
    assert sheet is not None
    assert (sheet.flat.width, sheet.flat.height) == (595.0, 842.0)
    for x, y in ((0.0, 0.0), (595.0, 0.0), (595.0, 842.0), (0.0, 842.0)):
        found = sheet.back @ [x, y, 1.0]
        corners = find_corners(photo, raster.dpi)
        assert corners is not None
        nearest = np.abs(corners * 72 / raster.dpi - found[:2] / found[2]).max(axis=1).min()
        assert nearest < 1.0


def test_a_scan_is_no_photograph() -> None:
    page = first_page(IN_COLOUR)
    random = np.random.default_rng(3)
    shaded = degrade.phone_photo(page, random, 0.0)
    inside = round(0.06 * page.shape[1]) + 4
    for scan in (
        page,
        degrade.edge_shadow(degrade.photocopy(page, random), 60, 20),
        degrade.bitonal_scan(page, random),
        np.pad(degrade.grey(page), 40, constant_values=20),  # the scanner's lid, all around a sheet that lies straight
        shaded[inside:-inside, inside:-inside],  # in a shadow, no ground to be seen
    ):
        assert sheet_of(Raster(np.ascontiguousarray(scan), 595.0, 842.0)) is None
