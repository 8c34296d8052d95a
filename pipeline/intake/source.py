"""The input file: what it is, how many pages it has, and one page of it at a time.

A PDF or a picture is known by its first bytes, whatever its name; a text dump by its suffix, so that no other text
passes for a plan. Whatever is wrong with it becomes an :class:`pipeline.errors.KehoachError` that names the file, the
page and what to do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, Self, TypeAlias

from pipeline.errors import InputError, KehoachError, LimitError, unicode_name
from pipeline.settings import Settings
from pipeline.values import Line, Word

if TYPE_CHECKING:  # the process that runs a batch asks for facts of files only, and loads no arrays
    import numpy as np
    import numpy.typing as npt

Kind = Literal["pdf", "image", "text"]
Pixels: TypeAlias = "npt.NDArray[np.uint8]"
"""A picture: rows x columns (grey) or rows x columns x 3 (blue, green, red)."""

KINDS = ".pdf .png .jpg .jpeg .tif .tiff .txt"
"""Suffixes of the files that are read."""

LONGEST_PAGE = 14_400.0
"""Points: the largest page side that PDF allows without scaling (ISO 32000-1, Annex C): 200 inches."""


@dataclass(frozen=True, slots=True)
class PageSize:
    """Points, as the page is displayed."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Raster:
    """A page as a picture; it covers the whole page of ``width`` x ``height`` points."""

    pixels: Pixels
    width: float
    height: float

    @property
    def dpi(self) -> float:
        """Pixels an inch, of the height."""
        return float(self.pixels.shape[0] * 72 / self.height)


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What text a page carries, before anyone judges it."""

    text: str = ""
    letters: int = 0  # characters that are not white space
    invisible: int = 0  # of them, drawn with text rendering mode 3: what OCR programs lay under a scan
    has_picture: bool = False  # a picture covers most of the page
    has_drawing: bool = False  # anything else is drawn: paths, small pictures, shadings


class Source(Protocol):
    """An open file. Pages count from 1; every method raises KehoachError when the page cannot be had."""

    kind: Kind
    page_count: int

    def page_size(self, number: int) -> PageSize: ...

    def text_layer(self, number: int) -> TextLayer: ...

    def layer_words(self, number: int) -> list[Word]:
        """The words of the text layer with their boxes, in the order of the file."""
        ...

    def layer_lines(self, number: int) -> list[Line]:
        """The lines of a text dump."""
        ...

    def raster(self, number: int, dpi: int, max_pixels: int) -> Raster:
        """The page as a picture of its own resolution, never above ``dpi`` nor of more than ``max_pixels``."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a file before its pages are read."""

    name: str
    sha256: str
    kind: Kind
    page_count: int
    wanted_pages: tuple[int, ...]


def source_facts(path: Path, settings: Settings) -> SourceFacts:
    """Open the file, count its pages, and choose those that ``settings.pages`` wants.

    Raises InputError or LimitError when the file cannot be used.
    """
    with open_source(path, settings) as source:
        wanted = tuple(settings.page_numbers(source.page_count))
        if not wanted:
            raise InputError(
                f"has no page of --pages {settings.pages}, its last is page {source.page_count}",
                file=path.name,
                remedy="choose other pages",
            )
        return SourceFacts(unicode_name(path.name), sha256_of(path), source.kind, source.page_count, wanted)


def open_source(path: Path, settings: Settings) -> Source:
    """The file as a source of pages; close it, or use it in a ``with``.

    Raises InputError for a file that is missing, empty, broken, encrypted, without pages or of no kind that is read
    here; LimitError for one with too many bytes or pages.
    """
    try:
        head = _first_bytes(path, settings.max_bytes)
        source = _open(path, head)
    except KehoachError as error:
        raise error.at(file=path.name) from error.__cause__
    try:
        if source.page_count == 0:
            raise InputError("has no pages", file=path.name, remedy="export or scan the document again")
        if source.page_count > settings.max_pages:
            raise LimitError(
                f"has {source.page_count} pages, more than max_pages = {settings.max_pages}",
                file=path.name,
                remedy="raise max_pages, or split the file",
            )
    except KehoachError:
        source.close()
        raise
    return source


def sha256_of(path: Path) -> str:
    """The file's SHA-256, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first_bytes(path: Path, max_bytes: int) -> bytes:
    try:
        status = path.stat()
        if not path.is_file():
            raise InputError("is not a file", remedy="give a PDF, a picture, a text dump or a folder of them")
        if status.st_size == 0:
            raise InputError("is empty (0 bytes)", remedy="copy or scan it again")
        if status.st_size > max_bytes:
            raise LimitError(
                f"has {status.st_size:,} bytes, more than max_bytes = {max_bytes:,}",
                remedy="raise max_bytes, or split the file",
            )
        with path.open("rb") as file:
            return file.read(4096)
    except FileNotFoundError:
        raise InputError("does not exist", remedy="check the path") from None
    except (PermissionError, OSError) as error:
        raise InputError(f"cannot be read: {error.strerror or error}", remedy="check its permissions") from error


def _open(path: Path, head: bytes) -> Source:
    # Imported here: each kind of source imports this module for its types.
    from pipeline.intake.dump import TextDump
    from pipeline.intake.pdf import PdfSource
    from pipeline.intake.picture import PictureSource

    suffix = path.suffix.lower()
    if b"%PDF-" in head[:1024] or suffix == ".pdf":
        return PdfSource(path)
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return PictureSource(path)
    if suffix in {".png", ".jpg", ".jpeg", ".tif", ".tiff"}:
        raise InputError("is not the picture its name says", remedy="save it again as PNG, JPEG or TIFF")
    if suffix == ".txt":
        return TextDump(path)
    raise InputError("is neither PDF, picture nor text dump (.txt)", remedy=f"give a file of these kinds: {KINDS}")


def shrink(raster: Raster, dpi: float) -> Raster:
    """The same picture at no more than ``dpi``."""
    factor = dpi / raster.dpi
    if factor >= 0.95:  # a few per cent cost more in sharpness than they save in pixels
        return raster
    import cv2
    import numpy as np

    pixels = cv2.resize(raster.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return replace(raster, pixels=np.asarray(pixels, dtype=np.uint8))
