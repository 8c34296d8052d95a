"""One page, from the file to its words: open, triage, make ready, find tables, read.

What a page fails of is told in its reading, so that the pages of a document stay in the count. Text leaves here as the
engine or the text layer gave it; restoration comes later.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from pipeline.errors import InputError, KehoachError
from pipeline.intake.colour import share_of_colour
from pipeline.intake.handwriting import Colour, with_doubt
from pipeline.intake.image import Prepared
from pipeline.intake.ink import paper_of
from pipeline.intake.ocr import Grey, OcrWord, Reader
from pipeline.intake.orientation import upright
from pipeline.intake.perspective import sheet_of
from pipeline.intake.scale import smaller
from pipeline.intake.second import careful_reader
from pipeline.intake.source import PageSize, Raster, Source, open_source
from pipeline.intake.stroke import bold_words
from pipeline.intake.triage import is_second_opinion, triage, uses_layer
from pipeline.intake.vectors import cell_lattices
from pipeline.intake.whole import read_whole
from pipeline.layout.tables.aligned import aligned_tables
from pipeline.layout.tables.cells import read_grid
from pipeline.layout.tables.fields import Grid
from pipeline.layout.tables.grid import grids_of, looks_ruled
from pipeline.layout.tables.lattice import lattice_tables
from pipeline.layout.tables.rules import erase_rules, find_rules
from pipeline.layout.tables.tabs import tables_from_tabs
from pipeline.settings import Settings
from pipeline.values import PageReading, Triage, Word

cv2.setNumThreads(1)  # pages are read in parallel by processes; threads of one page would only wait for each other

A4 = PageSize(595.0, 842.0)
BLANK_INK = 2e-5
"""Share of inked pixels below which a page counts as blank: a tenth of what a lone page number has."""
MOST_PIXELS = 20_000_000
"""Pixels that are read at most, whatever may be decoded: A3 at 300 dpi has 17 million. Posters are read coarser."""
SHARE_OF_TIME = 0.9
"""Of a page's time that a call of the OCR engine may take, so that it is the engine that is ended, not the page."""


def read_page(path: Path, number: int, settings: Settings) -> PageReading:
    """Page ``number`` (from 1) of the file at ``path``. Never raises for what is wrong with the page: see ``error``."""
    size = A4
    try:
        with open_source(path, settings) as source:
            size = source.page_size(number)
            return _read(source, path, number, size, settings)
    except KehoachError as error:
        return _failed(number, size, f"{error.reason} – {error.remedy}" if error.remedy else error.reason)
    except MemoryError:
        return _failed(number, size, "not enough memory for this page – lower dpi or max_pixels")
    except (cv2.error, ValueError, ArithmeticError, IndexError) as error:
        # Hostile pictures break assumptions of the image work; the page is lost, the document is not.
        return _failed(number, size, f"cannot be processed ({type(error).__name__}: {error}) – scan it again"[:300])


def read_page_strictly(path: Path, number: int, settings: Settings) -> PageReading:
    """As :func:`read_page`, but raises KehoachError: a batch tells apart what to try again and what to report."""
    with open_source(path, settings) as source:
        try:
            return _read(source, path, number, source.page_size(number), settings)
        except (cv2.error, ValueError, ArithmeticError, IndexError) as error:
            said = " ".join(str(error).split())[:200]
            raise InputError(
                f"cannot be processed ({type(error).__name__}: {said})", page=number, remedy="scan it again"
            ) from error


def _failed(number: int, size: PageSize, reason: str) -> PageReading:
    return PageReading(number, size.width, size.height, (), method="none", triage=Triage("failed"), error=reason)


def _read(source: Source, path: Path, number: int, size: PageSize, settings: Settings) -> PageReading:
    layer = source.text_layer(number)
    kind = Triage("text_dump") if source.kind == "text" else triage(layer)
    page = PageReading(number, size.width, size.height, (), method="none", triage=kind)
    if source.kind == "text":
        lines, tables = tables_from_tabs(source.layer_lines(number), number)
        return replace(page, method="text_layer", lines=tuple(lines), tables=tuple(tables))
    if uses_layer(kind, settings.text_layer):
        words = source.layer_words(number)
        if not words:
            return replace(page, error="has no text layer – leave --text-layer at auto")
        words, tables = lattice_tables(cell_lattices(path, number), words, number)
        return aligned_tables(replace(page, method="text_layer", words=tuple(words), tables=tuple(tables)))
    raster = source.raster(number, settings.dpi, min(settings.max_pixels, MOST_PIXELS))
    page = read_raster(raster, page, careful_reader(settings.page_seconds * SHARE_OF_TIME))
    if is_second_opinion(kind, settings.text_layer) and page.words:
        return replace(page, method="fused", layer=tuple(source.layer_words(number)))
    return page


def read_raster(raster: Raster, page: PageReading, reader: Reader) -> PageReading:
    """``page`` with what ``reader`` reads in its picture."""
    sheet = sheet_of(raster)
    prepared = upright(raster if sheet is None else sheet.flat, reader)
    if sheet is not None:
        prepared = replace(prepared, back=sheet.back @ prepared.back)
        page = replace(page, flat=sheet.over(page.width, page.height))
    if cv2.countNonZero(prepared.ink) < BLANK_INK * prepared.ink.size:
        return replace(page, triage=Triage("blank", page.triage.score, "no ink on the page"))
    grids, bare = _tables(prepared)
    grey, ink = _without(prepared, grids)
    words = read_whole(grey, ink, reader, prepared.dpi, prepared.seals)
    words = with_doubt(words, ink, _colour_of(raster, prepared), prepared.dpi)
    tables = tuple(read_grid(bare, grid, reader, prepared.dpi, page.number, prepared.to_points) for grid in grids)
    angle = prepared.angle + 90 * prepared.turned
    return aligned_tables(replace(page, words=_placed(words, prepared), tables=tables, method="ocr", angle=angle))


def _tables(prepared: Prepared) -> tuple[list[Grid], Grey]:
    """Tables of the page, and its picture without their rules.

    They are looked for at half size where there are pixels to spare: rules are longer than letters.
    """
    if not looks_ruled(prepared.grey, prepared.dpi):
        return [], prepared.grey
    step = 1 if prepared.dpi < 250 else 2
    rules = find_rules(smaller(prepared.grey, 1 / step), prepared.dpi / step)
    grids = grids_of(rules)
    if not grids:
        return [], prepared.grey
    bare = erase_rules(prepared.grey, rules, [grid.rectangle(cell) for grid in grids for cell in grid.cells])
    return [grid.scaled(step) for grid in grids], bare


def _without(prepared: Prepared, grids: list[Grid]) -> tuple[Grey, Grey]:
    """Picture and ink with the tables painted white: they are read cell by cell."""
    if not grids:
        return prepared.grey, prepared.ink
    grey, ink, paper = prepared.grey.copy(), prepared.ink.copy(), paper_of(prepared.grey)
    margin = round(3 * prepared.dpi / 72)
    for grid in grids:
        x0, y0, x1, y1 = (round(v) for v in grid.box)
        area = np.s_[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin]
        grey[area], ink[area] = paper, 0
    return grey, ink


def _colour_of(raster: Raster, prepared: Prepared) -> Colour:
    """How coloured the ink of a rectangle of the prepared picture is, seen in the picture as it came."""
    scale = raster.dpi / 72

    def share(x0: int, y0: int, x1: int, y1: int) -> float:
        box = prepared.to_points(x0, y0, x1, y1)
        return share_of_colour(raster.pixels, *(round(v * scale) for v in (box.x0, box.y0, box.x1, box.y1)))

    return share


def _placed(words: list[OcrWord], prepared: Prepared) -> tuple[Word, ...]:
    heavy = bold_words(prepared.ink, words)
    return tuple(
        Word(w.text, w.text, prepared.to_points(w.x0, w.y0, w.x1, w.y1), round(w.confidence, 3), bold)
        for w, bold in zip(words, heavy, strict=True)
    )
