"""Tesseract: a straightened grey picture in, words with their boxes and confidences out.

Text leaves here exactly as Tesseract read it (NFC): restoration comes later. :class:`Reader` is all that the rest of
the program knows of an OCR engine. The binary is pytesseract's; what it reads goes through :mod:`engine`.
"""

from __future__ import annotations

import functools
import re
import subprocess
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import ToolError
from pipeline.intake.binding import pytesseract
from pipeline.intake.engine import Call, EngineError, EngineMissingError, EngineTimeoutError, engine_of

Grey = npt.NDArray[np.uint8]
"""A grey picture: rows x columns, 0 black, 255 white."""

INSTALL = "install it: sudo apt-get install tesseract-ocr tesseract-ocr-vie tesseract-ocr-script-viet"
"""What to type when the binary or a model is missing (Debian, Ubuntu)."""

PSM_PAGE = 3
PSM_BLOCK = 6
PSM_LINE = 7
PSM_CHARACTER = 10

OPTIONS = (
    ("tessedit_do_invert", "0"),  # no white letters on black: a line of low confidence is not read a second time so
    ("textord_all_prop", "1"),  # no typewriter's pitch is looked for: same words, 2 % of the time
)
_SMALLEST = 8  # pixels a side: below that no letter stands, and Tesseract ends the whole list with an error
_CONTRAST = 24  # between the darkest and the brightest pixel of a picture that holds anything
_MODEL = re.compile(r"[A-Za-z][\w/.-]*")


class OcrWord(NamedTuple):
    """One word: its text, its box in pixels of the picture read, confidence 0..1, and the line it stands in.

    ``line`` counts the lines of the picture in Tesseract's reading order; ``block`` its text blocks.
    """

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: float
    line: int = 0
    block: int = 0

    def moved(self, x: int, y: int) -> OcrWord:
        """The word in the picture out of which its own was cut at (``x``, ``y``)."""
        text, x0, y0, x1, y1, confidence, line, block = self
        return OcrWord(text, x0 + x, y0 + y, x1 + x, y1 + y, confidence, line, block)

    def in_larger(self, factor: float) -> OcrWord:
        """The word in the picture of which its own is ``factor`` of the size."""
        text, *box, confidence, line, block = self
        x0, y0, x1, y1 = [round(v / factor) for v in box]
        return OcrWord(text, x0, y0, x1, y1, confidence, line, block)


class Reader(Protocol):
    """What reads pictures of text."""

    def read(self, image: Grey, *, dpi: int = 300, psm: int = PSM_PAGE) -> list[OcrWord]:
        """The words of one picture; boxes in its pixels.

        Raises :class:`pipeline.errors.ToolError` when the engine is missing, fails or exceeds its time.
        """
        ...

    def read_many(self, images: Sequence[Grey], *, dpi: int = 300, psm: int = PSM_BLOCK) -> list[list[OcrWord]]:
        """As :meth:`read` for several pictures at once; one list a picture, in order."""
        ...

    def read_each(self, images: Sequence[Grey], modes: Sequence[int], *, dpi: int = 300) -> list[list[OcrWord]]:
        """As :meth:`read_many`, each picture in the first of the ``modes`` (``psm``) that gives words."""
        ...


@dataclass(frozen=True, slots=True)
class TesseractReader:
    """Tesseract with one model, in child processes of one thread that stay, one a mode.

    ``model`` is a name of ``tesseract --list-langs``; ``seconds`` the time a call may take before they are killed.
    ``options`` are Tesseract variables, set by ``-c``.
    """

    model: str
    seconds: float = 120.0
    options: tuple[tuple[str, str], ...] = OPTIONS

    def __post_init__(self) -> None:
        if not _MODEL.fullmatch(self.model):
            raise ValueError(f"not the name of a Tesseract model: {self.model!r}")

    def read(self, image: Grey, *, dpi: int = 300, psm: int = PSM_PAGE) -> list[OcrWord]:
        return self.read_many([image], dpi=dpi, psm=psm)[0]

    def read_many(self, images: Sequence[Grey], *, dpi: int = 300, psm: int = PSM_BLOCK) -> list[list[OcrWord]]:
        results: list[list[OcrWord]] = [[] for _ in images]
        # On plain paper the engine invents letters.
        readable = [k for k, im in enumerate(images) if min(im.shape[:2]) >= _SMALLEST and np.ptp(im) >= _CONTRAST]
        if not readable:
            return results
        for k, words in zip(readable, self._run([images[k] for k in readable], dpi, psm), strict=True):
            results[k] = words
        return results

    def read_each(self, images: Sequence[Grey], modes: Sequence[int], *, dpi: int = 300) -> list[list[OcrWord]]:
        results: list[list[OcrWord]] = [[] for _ in images]
        for psm in modes:
            group = [k for k, words in enumerate(results) if not words]
            for k, words in zip(group, self.read_many([images[k] for k in group], dpi=dpi, psm=psm), strict=True):
                results[k] = words
        return results

    def _run(self, images: Sequence[Grey], dpi: int, psm: int) -> list[list[OcrWord]]:
        engine = engine_of(Call(pytesseract.pytesseract.tesseract_cmd, self.model, int(psm), self.options))
        try:
            tsv, first = engine.read(images, dpi, self.seconds)
        except EngineMissingError as error:
            raise ToolError("Tesseract is not installed", remedy=INSTALL) from error
        except EngineError as error:
            raise ToolError(f"Tesseract failed: {error}", remedy=INSTALL) from error
        except EngineTimeoutError as error:
            raise ToolError(
                f"Tesseract took longer than {self.seconds:g} s", remedy="raise page_seconds, or leave the page out"
            ) from error
        return parse_tsv(tsv, len(images), first)


def parse_tsv(tsv: str, pictures: int, first: int = 1) -> list[list[OcrWord]]:
    """Tesseract's TSV as one list of words a picture; ``first`` is the number of the first.

    The columns are level, page_num, block_num, par_num, line_num, word_num, left, top, width, height, conf, text
    (Tesseract manual, "tsv" config); level 5 is a word.
    """
    results: list[list[OcrWord]] = [[] for _ in range(pictures)]
    lines: dict[tuple[str, ...], int] = {}
    for printed in tsv.splitlines():
        if not printed.startswith("5\t"):
            continue
        row = printed.split("\t")
        if len(row) < 12:
            continue
        page = int(row[1]) - first
        text = unicodedata.normalize("NFC", row[11]).strip()
        if not text or not 0 <= page < pictures:
            continue
        line = lines.setdefault(tuple(row[1:5]), len(lines))
        x, y, width, height = map(int, row[6:10])
        confidence = min(1.0, max(0.0, float(row[10]) / 100))
        results[page].append(OcrWord(text, x, y, x + width, y + height, confidence, line, int(row[2])))
    return results


@functools.cache
def tesseract_version() -> str:
    """The installed version, as "5.3.0". Raises ToolError when Tesseract is not there."""
    try:
        return str(pytesseract.get_tesseract_version())
    except (pytesseract.TesseractNotFoundError, SystemExit) as error:
        raise ToolError("Tesseract is not installed", remedy=INSTALL) from error


@functools.cache
def installed_models() -> tuple[str, ...]:
    """Names of the installed models, sorted. Raises ToolError when Tesseract is not there."""
    # Not pytesseract.get_languages: it knows lower-case names only and so misses the script models.
    try:
        answer = subprocess.run(
            [pytesseract.pytesseract.tesseract_cmd, "--list-langs"], capture_output=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolError("Tesseract is not installed", remedy=INSTALL) from error
    return tuple(sorted(line.strip() for line in answer.stdout.decode("utf-8", "replace").splitlines()[1:]))


SCRIPT_MODELS = ("script/Vietnamese", "Vietnamese")  # upstream's place of the script model, and Debian's
LANGUAGE_MODELS = ("vie",)


def find_model(names: Iterable[str]) -> str | None:
    """The first of ``names`` that is installed."""
    return next((name for name in names if name in installed_models()), None)


def default_reader(seconds: float = 120.0) -> TesseractReader:
    """The reader of pages and cells. Raises ToolError when no Vietnamese model is installed."""
    model = find_model((*LANGUAGE_MODELS, *SCRIPT_MODELS))
    if model is None:
        raise ToolError("Tesseract has no Vietnamese model", remedy=INSTALL)
    return TesseractReader(model, seconds)


def second_reader(seconds: float = 120.0) -> TesseractReader | None:
    """The reader for a second opinion: the other Vietnamese model, or None where it is not installed."""
    model = find_model(SCRIPT_MODELS)
    return None if model is None or model == default_reader().model else TesseractReader(model, seconds)
