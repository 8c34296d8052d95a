"""Files of all kinds, whole and broken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pipeline.errors import InputError, KehoachError, LimitError
from pipeline.intake.source import open_source, source_facts
from pipeline.settings import Settings
from tests.intake.pages import draw, paragraph, pdf_of, text_pdf

SETTINGS = Settings(cache_dir=None)


def test_a_scan_comes_out_at_its_own_resolution(tmp_path: Path) -> None:
    page = draw(paragraph(), dpi=200)
    path = pdf_of(page, tmp_path / "quet.pdf", dpi=200)
    with open_source(path, SETTINGS) as source:
        raster = source.raster(1, 300, SETTINGS.max_pixels)
        size = source.page_size(1)
    assert raster.pixels.shape[:2] == page.shape
    assert raster.dpi == pytest.approx(200, abs=0.5)
    assert (size.width, size.height) == pytest.approx((595, 842), abs=1)
    grey = raster.pixels if raster.pixels.ndim == 2 else raster.pixels[:, :, 0]
    assert np.abs(grey.astype(int) - page).mean() < 3  # the picture itself, not a resampled one


@pytest.mark.parametrize(
    ("form", "same"), [(b"BT 3 Tr /F1 9 Tf 80 700 Td (chu an) Tj ET", True), (b"9 9 99 99 re f", False)]
)
def test_a_form_of_hidden_text_leaves_the_picture_as_it_is_and_one_that_draws_is_drawn(
    tmp_path: Path, form: bytes, same: bool
) -> None:
    """OCR programs put their layer into a form."""
    plain = pdf_of(draw(paragraph(), dpi=150), tmp_path / "quet.pdf", dpi=150)
    path = tmp_path / "lop.pdf"
    with pikepdf.open(plain) as pdf:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        layer = pdf.make_stream(form, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 595, 842])
        layer.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Resources.XObject["/Layer"] = layer
        page.contents_add(b" /Layer Do")
        pdf.save(path)
    rasters = []
    for file in (plain, path):
        with open_source(file, SETTINGS) as source:
            rasters.append(source.raster(1, 300, SETTINGS.max_pixels).pixels)
    assert np.array_equal(rasters[0], rasters[1]) is same


def test_a_600_dpi_scan_is_read_at_300(tmp_path: Path) -> None:
    path = pdf_of(np.full((4960, 7016 // 2), 255, np.uint8), tmp_path / "lon.pdf", dpi=600)
    with open_source(path, SETTINGS) as source:
        assert source.raster(1, 300, SETTINGS.max_pixels).dpi == pytest.approx(300, abs=1)


def test_pixels_of_a_huge_page_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "to.pdf"
    path.write_bytes(text_pdf(b"BT /F1 20 Tf 50 50 Td (x) Tj ET", media_box="0 0 14000 14000"))
    with open_source(path, SETTINGS) as source:
        pixels = source.raster(1, 300, 4_000_000).pixels
    assert pixels.shape[0] * pixels.shape[1] <= 4_100_000


def test_a_page_of_absurd_height_is_refused_with_its_size(tmp_path: Path) -> None:
    path = tmp_path / "cao.pdf"
    path.write_bytes(text_pdf(b"", media_box="0 0 595 2000000000"))
    with open_source(path, SETTINGS) as source, pytest.raises(LimitError, match="595 x 2e"):
        source.raster(1, 300, SETTINGS.max_pixels)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("rong.pdf", b"", "empty"),
        ("thu.pdf", b"Kinh gui cac don vi", "not a PDF"),
        ("hong.pdf", b"%PDF-1.7\n1 0 obj\n<<", "cut off"),
        ("anh.png", b"not a picture at all", "not the picture"),
        ("anh.jpg", b"\xff\xd8\xff\xe0 broken", "broken"),
        ("bang.xlsx", b"PK\x03\x04", "neither PDF"),
        ("passwd", b"root:x:0:0:root:/root:/bin/bash\n", "neither PDF"),
        ("ke-hoach.md", "Kế hoạch".encode(), "neither PDF"),
        ("nhi_phan.txt", b"abc\x00def", "null bytes"),
        ("trang.txt", b" \n\n ", "no text"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=reason) as caught:
        open_source(path, SETTINGS)
    assert caught.value.file == name
    assert caught.value.remedy


@pytest.mark.parametrize(("start", "reason"), [(b"%PDF-1.7\n", "cut off"), (b"\xff\xd8\xff\xe0", "broken")])
@pytest.mark.parametrize("name", ["quet", "quet.bin"])
def test_pdf_and_picture_are_known_without_a_suffix(tmp_path: Path, name: str, start: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(start)
    with pytest.raises(InputError, match=reason):
        open_source(path, SETTINGS)


def test_a_file_of_no_known_kind_is_told_which_kinds_are_read(tmp_path: Path) -> None:
    path = tmp_path / "passwd"
    path.write_text("root:x:0:0")
    with pytest.raises(InputError) as caught:
        open_source(path, SETTINGS)
    assert all(kind in caught.value.remedy for kind in (".pdf", ".png", ".jpeg", ".tiff", ".txt"))


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        open_source(tmp_path / "khong-co.pdf", SETTINGS)
    with pytest.raises(InputError, match="not a file"):
        open_source(tmp_path, SETTINGS)


def test_limits_on_bytes_and_pages(tmp_path: Path) -> None:
    path = tmp_path / "ba-trang.txt"
    path.write_text("một\fhai\fba", encoding="utf-8")
    with pytest.raises(LimitError, match="3 pages"):
        open_source(path, Settings(cache_dir=None, max_pages=2))
    with pytest.raises(LimitError, match="bytes"):
        open_source(path, Settings(cache_dir=None, max_bytes=4))


def test_facts_count_pages_and_choose_the_wanted_ones(tmp_path: Path) -> None:
    path = tmp_path / "ba-trang.txt"
    path.write_text("một\fhai\fba\f", encoding="utf-8")
    facts = source_facts(path, Settings(cache_dir=None, pages="2-"))
    assert (facts.page_count, facts.wanted_pages, facts.kind) == (3, (2, 3), "text")
    with pytest.raises(InputError, match="has no page of"):
        source_facts(path, Settings(cache_dir=None, pages="9"))


def test_a_tiff_of_two_pages(tmp_path: Path) -> None:
    path = tmp_path / "hai.tif"
    pages = [Image.fromarray(np.full((1100, 800), shade, np.uint8)) for shade in (255, 200)]
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(100, 100))
    with open_source(path, SETTINGS) as source:
        assert source.page_count == 2
        second = source.raster(2, 300, SETTINGS.max_pixels)
    assert second.pixels[0, 0] == 200
    assert (second.width, second.height) == pytest.approx((576, 792), abs=1)


def test_a_photo_with_exif_orientation_stands_upright(tmp_path: Path) -> None:
    path = tmp_path / "chup.jpg"
    image = Image.fromarray(np.full((600, 900, 3), 255, np.uint8))
    exif = image.getexif()
    exif[0x0112] = 6  # turned by a quarter when displayed
    image.save(path, exif=exif)
    with open_source(path, SETTINGS) as source:
        size, raster = source.page_size(1), source.raster(1, 300, SETTINGS.max_pixels)
    assert size.height > size.width
    assert raster.pixels.shape[0] > raster.pixels.shape[1]


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "lon.png"
    Image.new("1", (3000, 3000)).save(path)
    with open_source(path, SETTINGS) as source, pytest.raises(LimitError, match="3,000 x 3,000"):
        source.raster(1, 300, 500_000)
    bomb = tmp_path / "bom.png"
    Image.new("1", (20_000, 20_000)).save(bomb)
    with pytest.raises(LimitError, match="too many pixels"):
        open_source(bomb, SETTINGS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_dumps_in_unicode(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "van-ban.txt"
    path.write_bytes("Kế hoạch\r\n\r\nMục tiêu\tNăm 2026\n".encode(encoding))
    with open_source(path, SETTINGS) as source:
        lines = source.layer_lines(1)
    assert [line.text for line in lines] == ["Kế hoạch", "Mục tiêu \t Năm 2026"]
    assert [line.gap_before for line in lines] == [0.0, 1.0]


def test_a_dump_in_an_old_encoding_keeps_its_letters_apart(tmp_path: Path) -> None:
    path = tmp_path / "cu.txt"
    path.write_bytes(bytes([75, 0xD5, 32, 0xAE, 0x81]))
    with open_source(path, SETTINGS) as source:
        assert source.layer_lines(1)[0].text == "KÕ ®\x81"


def test_text_layer_words_stand_where_they_are_displayed(tmp_path: Path) -> None:
    path = tmp_path / "chu.pdf"
    content = b"BT /F1 12 Tf 100 700 Td (Ke hoach nam) Tj ET"
    for turn, expected in ((0, (100, 142)), (180, (495, 700))):
        path.write_bytes(text_pdf(content, extra=b"/Rotate %d " % turn))
        with open_source(path, SETTINGS) as source:
            words = source.layer_words(1)
        assert [word.text for word in words] == ["Ke", "hoach", "nam"]
        box = words[0].box
        assert box is not None
        near = (box.x0, box.y1) if turn == 0 else (box.x1, box.y0)
        assert near == pytest.approx(expected, abs=6)


def test_invisible_text_is_told_from_visible(tmp_path: Path) -> None:
    path = tmp_path / "an.pdf"
    for mode, hidden in ((3, True), (0, False)):
        path.write_bytes(text_pdf(b"BT %d Tr /F1 12 Tf 50 700 Td (Ke hoach) Tj ET" % mode))
        with open_source(path, SETTINGS) as source:
            layer = source.text_layer(1)
        assert layer.letters == 7
        assert (layer.invisible == 7) is hidden


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[3] / "shared" / "nasty").glob("*.pdf")) or [None])
def test_hostile_files_give_pages_or_reasons(path: Path | None) -> None:
    if path is None:
        pytest.skip("no hostile files here")
    try:
        with open_source(path, SETTINGS) as source:
            source.page_size(1)
            source.text_layer(1)
            source.raster(1, 72, 2_000_000)
    except KehoachError as error:
        assert error.reason
