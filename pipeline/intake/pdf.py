"""PDF files through PDFium: page sizes, text layers and pictures of pages."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.errors import InputError, KehoachError, LimitError
from pipeline.intake.source import LONGEST_PAGE, Kind, PageSize, Pixels, Raster, Source, TextLayer, shrink
from pipeline.values import Box, Line, Word

MOST_OBJECTS = 20_000
"""Page objects looked at to learn what a page is made of; hostile files have millions."""
MOST_CHARACTERS = 200_000
"""Characters of a text layer looked at."""

_DEEPEST = 4  # forms within forms that are looked into
_COVERS = 0.6  # share of the page that its main picture takes at least
_PLAIN_COLOURS = {
    pdfium_c.FPDF_COLORSPACE_DEVICEGRAY,
    pdfium_c.FPDF_COLORSPACE_DEVICERGB,
    pdfium_c.FPDF_COLORSPACE_CALGRAY,
    pdfium_c.FPDF_COLORSPACE_CALRGB,
    pdfium_c.FPDF_COLORSPACE_ICCBASED,
}
_WORD_GAP = 0.22  # ems; a space has 0.25
_INVISIBLE = 3  # text rendering mode (ISO 32000-1, table 106)


class PdfSource(Source):
    """A PDF file, read from disk as far as a page needs it."""

    kind: Kind = "pdf"

    def __init__(self, path: Path) -> None:
        """Raises InputError when PDFium cannot open the file."""
        try:
            self._pdf = pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            raise _why_not_opened(path, error) from error
        self.page_count = len(self._pdf)
        self._last: tuple[int, Any] | None = None
        """The page last asked for, and its number: PDFium reads all that is drawn on a page when it opens it."""

    def page_size(self, number: int) -> PageSize:
        width, height = self._page(number).get_size()
        if not (math.isfinite(width) and math.isfinite(height)) or min(width, height) < 1:
            raise InputError(
                f"a page of {width:g} x {height:g} points has no area", page=number, remedy="export it again"
            )
        if max(width, height) > LONGEST_PAGE:
            raise LimitError(
                f"a page of {width:g} x {height:g} points is larger than PDF allows ({LONGEST_PAGE:g})",
                page=number,
                remedy="export the document again at its true size",
            )
        return PageSize(width, height)

    def text_layer(self, number: int) -> TextLayer:
        size = self.page_size(number)
        page = self._page(number)
        try:
            pictures, visible, invisible, drawn = 0, 0, 0, 0
            for k, item in enumerate(page.get_objects(max_depth=_DEEPEST)):
                if k >= MOST_OBJECTS:
                    break
                if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
                    if _is_hidden(item):
                        invisible += 1
                    else:
                        visible += 1
                elif item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE and _share_of_page(item, size) >= _COVERS:
                    pictures += 1
                elif item.type != pdfium_c.FPDF_PAGEOBJ_FORM:
                    drawn += 1
            text_page = page.get_textpage()
            try:
                count = min(text_page.count_chars(), MOST_CHARACTERS)
                text = text_page.get_text_range(0, count) if count > 0 else ""
            finally:
                text_page.close()
        except pdfium.PdfiumError:
            return TextLayer()
        letters = sum(not c.isspace() for c in text)
        hidden = round(letters * invisible / max(1, visible + invisible))
        return TextLayer(text.replace("\r\n", "\n"), letters, hidden, pictures > 0, drawn > 0)

    def layer_words(self, number: int) -> list[Word]:
        size = self.page_size(number)
        page = self._page(number)
        try:
            text_page = page.get_textpage()
            try:
                return _words(page, text_page, size)
            finally:
                text_page.close()
        except pdfium.PdfiumError as error:
            raise InputError("its text layer cannot be read", page=number, remedy="use --text-layer ignore") from error

    def layer_lines(self, number: int) -> list[Line]:
        return []

    def raster(self, number: int, dpi: int, max_pixels: int) -> Raster:
        size = self.page_size(number)
        page = self._page(number)
        try:
            whole = self._only_picture(page, size, max_pixels)
            if whole is not None:
                return shrink(Raster(whole, size.width, size.height), dpi)
            scale = min(self._native_dpi(page, size, dpi), dpi) / 72
            scale = min(scale, math.sqrt(max_pixels / (size.width * size.height)))
            bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=False, draw_annots=True)
            return Raster(_copied(bitmap), size.width, size.height)
        except (pdfium.PdfiumError, ValueError, MemoryError) as error:
            raise InputError("this page cannot be drawn", page=number, remedy="export or scan it again") from error
        finally:
            self._close_page()  # with the pictures that PDFium keeps of it: reading takes long

    def _only_picture(self, page: Any, size: PageSize, max_pixels: int) -> Pixels | None:
        """The page's pixels where a page is nothing but one upright picture: no resampling, half the time.

        Invisible text does not count. None where anything else is drawn, or the picture needs more than decoding.
        """
        if page.get_rotation() != 0:
            return None
        picture = None
        for k, item in enumerate(page.get_objects(max_depth=_DEEPEST)):
            if k >= MOST_OBJECTS:
                return None
            if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
                if not _is_hidden(item):
                    return None
            elif item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE and picture is None and item.level == 0:
                picture = item
            elif item.type != pdfium_c.FPDF_PAGEOBJ_FORM or item.level >= _DEEPEST - 1:
                return None  # what a form holds comes by itself: OCR programs put their hidden text into one
        if picture is None or pdfium_c.FPDFPage_GetAnnotCount(page.raw) > 0:
            return None
        a, b, c, d, e, f = picture.get_matrix().get()
        left, bottom, right, top = page.get_bbox()
        edges = (e - left, f - bottom, e + a - right, f + d - top)
        if abs(b) > 0.01 or abs(c) > 0.01 or max(map(abs, edges)) > 1.0:
            return None
        width, height = picture.get_px_size()
        facts = picture.get_metadata()
        if (
            facts.colorspace not in _PLAIN_COLOURS
            or width * height * max(1, facts.bits_per_pixel // 8) > 3 * max_pixels
        ):
            return None
        if pdfium_c.FPDFPageObj_HasTransparency(picture.raw):  # a mask or an alpha: only drawing it shows the result
            return None
        pixels = _copied(picture.get_bitmap())
        return pixels if pixels.shape[:2] == (height, width) else None

    def _native_dpi(self, page: Any, size: PageSize, dpi: int) -> float:
        """The resolution of the pictures that make the page; ``dpi`` where type and drawings make it."""
        best = 0.0
        for k, item in enumerate(page.get_objects(max_depth=_DEEPEST)):
            if k >= MOST_OBJECTS or (item.type == pdfium_c.FPDF_PAGEOBJ_TEXT and not _is_hidden(item)):
                return dpi
            if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE and _share_of_page(item, size) >= _COVERS:
                left, bottom, right, top = item.get_bounds()
                width, height = item.get_px_size()
                sides = sorted((width, height)), sorted((right - left, top - bottom))
                best = max(best, sides[0][1] * 72 / max(1.0, sides[1][1]))
        return max(best, 100.0) if best else dpi

    def _page(self, number: int) -> Any:
        if self._last is None or self._last[0] != number:
            self._close_page()
            try:
                self._last = number, self._pdf[number - 1]
            except (pdfium.PdfiumError, IndexError) as error:
                remedy = "export or scan the document again"
                raise InputError("this page is broken", page=number, remedy=remedy) from error
        return self._last[1]

    def _close_page(self) -> None:
        last, self._last = self._last, None
        if last is not None:
            last[1].close()

    def close(self) -> None:
        self._close_page()
        self._pdf.close()


def _copied(bitmap: Any) -> Pixels:
    """The pixels, out of the memory that PDFium frees with the bitmap."""
    pixels = bitmap.to_numpy()
    if pixels.ndim == 3:
        pixels = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels[:, :, :3]
    return np.array(pixels, dtype=np.uint8)


def _is_hidden(item: Any) -> bool:
    return bool(pdfium_c.FPDFTextObj_GetTextRenderMode(item.raw) == _INVISIBLE)


def _share_of_page(item: Any, size: PageSize) -> float:
    try:
        left, bottom, right, top = item.get_bounds()
    except pdfium.PdfiumError:
        return 0.0
    width = min(right, size.width) - max(left, 0)
    height = min(top, size.height) - max(bottom, 0)
    return float(max(0.0, width) * max(0.0, height) / (size.width * size.height))


def _why_not_opened(path: Path, error: Exception) -> KehoachError:
    # PDFium repeats the failure before when it has no reason of its own; encryption leaves a mark in the file.
    said = str(error) if b"/Encrypt" in path.read_bytes() else ""
    if "assword" in said:
        return InputError("is encrypted: it needs a password", remedy="save a copy without a password")
    if "ecurity" in said:
        return InputError("is encrypted in a way that cannot be opened", remedy="save a copy without a password")
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, path.stat().st_size - 2048))
        tail = file.read()
    if b"%PDF-" not in head:
        return InputError("is not a PDF", remedy="give a PDF, a picture or a text dump")
    if b"%%EOF" not in tail:
        return InputError("is cut off: its end is missing", remedy="copy or download it again")
    return InputError("is broken: no pages can be read from it", remedy="export or scan it again")


def _words(page: Any, text_page: Any, size: PageSize) -> list[Word]:
    """Characters gathered to words at white space and at gaps, with boxes in displayed page points."""
    count = min(text_page.count_chars(), MOST_CHARACTERS)
    words: list[Word] = []
    letters: list[str] = []
    boxes: list[Box] = []
    weights: list[bool] = []

    def finish() -> None:
        if letters:
            text = unicodedata.normalize("NFC", "".join(letters))
            box = boxes[0]
            for other in boxes[1:]:
                box = box.union(other)
            words.append(Word(text, text, box, 1.0, sum(weights) * 2 > len(weights)))
        letters.clear()
        boxes.clear()
        weights.clear()

    place = _display(page, size)
    for k in range(count):
        code = pdfium_c.FPDFText_GetUnicode(text_page.raw, k)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if not character or character.isspace() or character in "\u00ad\ufffe\uffff":
            if character.isspace() or not character:
                finish()
            continue
        if unicodedata.combining(character) and letters:
            letters.append(character)
            continue
        box = place(*text_page.get_charbox(k))
        if boxes and _apart(boxes[-1], box) > _WORD_GAP * max(1.0, pdfium_c.FPDFText_GetFontSize(text_page.raw, k)):
            finish()
        letters.append(character)
        boxes.append(box)
        weights.append(_is_bold(text_page, k))
    finish()
    return words


def _apart(one: Box, other: Box) -> float:
    """White space between two characters, whichever way the line runs."""
    across = max(one.x0, other.x0) - min(one.x1, other.x1)
    down = max(one.y0, other.y0) - min(one.y1, other.y1)
    return max(across, down)


def _is_bold(text_page: Any, index: int) -> bool:
    if pdfium_c.FPDFText_GetFontWeight(text_page.raw, index) >= 600:
        return True
    buffer = ctypes.create_string_buffer(128)
    length = pdfium_c.FPDFText_GetFontInfo(text_page.raw, index, buffer, 128, None)
    return length > 0 and b"bold" in buffer.value.lower()


def _display(page: Any, size: PageSize) -> Any:
    """From a character's box in PDF user space to a box from the top left of the displayed page."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation()

    def place(x0: float, y0: float, x1: float, y1: float) -> Box:
        if turn == 90:
            return Box(y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        if turn == 180:
            return Box(right - x1, y0 - bottom, right - x0, y1 - bottom)
        if turn == 270:
            return Box(top - y1, right - x1, top - y0, right - x0)
        return Box(x0 - left, top - y1, x1 - left, top - y0)

    return place
