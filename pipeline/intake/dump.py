"""Text dumps: what some program extracted from the text layer of a PDF, one printed line a line.

Form feeds divide pages. The text is kept as it is, however garbled: only its bytes are decoded here.
"""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from pipeline.errors import InputError
from pipeline.intake.source import Kind, PageSize, Raster, Source, TextLayer
from pipeline.values import Line, Word

A4 = PageSize(595.0, 842.0)
LONGEST_LINE = 100_000
"""Characters. No printed line is longer; a file without line breaks is no dump."""


class TextDump(Source):
    """A ``.txt`` file as a source without geometry."""

    kind: Kind = "text"

    def __init__(self, path: Path) -> None:
        """Raises InputError when the file holds no text."""
        text = decode(path.read_bytes())
        if not text.strip():
            raise InputError("holds no text", remedy="extract or scan the document again")
        self._pages = text.removesuffix("\f").split("\f")
        self.page_count = len(self._pages)

    def page_size(self, number: int) -> PageSize:
        return A4

    def text_layer(self, number: int) -> TextLayer:
        text = self._pages[number - 1]
        return TextLayer(text, letters=sum(not c.isspace() for c in text))

    def layer_words(self, number: int) -> list[Word]:
        return [word for line in self.layer_lines(number) for word in line.words]

    def layer_lines(self, number: int) -> list[Line]:
        """Lines with their words; ``gap_before`` is 1.0 behind a blank line, else 0.0. Tabs stay words of their own."""
        lines: list[Line] = []
        gap = 0.0
        for printed in self._pages[number - 1].split("\n"):
            words = [Word(piece, piece) for piece in _pieces(printed)]
            if not any(word.text != "\t" for word in words):
                gap = 1.0
                continue
            lines.append(Line(number, tuple(words), gap_before=gap))
            gap = 0.0
        return lines

    def raster(self, number: int, dpi: int, max_pixels: int) -> Raster:
        raise InputError("a text dump has no picture", page=number, remedy="leave --text-layer at auto")

    def close(self) -> None:
        """Nothing is held open."""


def _pieces(line: str) -> list[str]:
    """Words, with each tab (a cell border) as a piece of its own."""
    pieces: list[str] = []
    for k, cell in enumerate(line.split("\t")):
        if k:
            pieces.append("\t")
        pieces += cell.split()
    return pieces


def decode(data: bytes) -> str:
    """Bytes as NFC text with ``\\n`` line ends.

    A byte order mark decides; else UTF-8; else each byte becomes its Windows-1252 character: that keeps the letters of
    the Vietnamese one-byte encodings (TCVN3, VNI, VISCII) apart, which restoration tells from each other and converts.

    Raises InputError for binary data.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            text = data.removeprefix(mark).decode(name, "replace")
            break
    else:
        if b"\x00" in data:
            raise InputError("is not text: it holds null bytes", remedy="give a text file in UTF-8")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = "".join(_WINDOWS_1252[byte] for byte in data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if max(map(len, text.replace("\f", "\n").split("\n"))) > LONGEST_LINE:
        raise InputError("is not a text dump: it has lines of over 100,000 characters", remedy="give one line a line")
    return unicodedata.normalize("NFC", text)


def _byte(value: int) -> str:
    try:
        return bytes([value]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(value)


_WINDOWS_1252 = [_byte(value) for value in range(256)]
