"""Cells of a ruled table, read one by one from a straightened grey page picture.

Long rules make OCR drop text and neighbouring columns run together; so the rules are erased, every cell is cut out by
itself, and all cells of a table are asked of the OCR engine at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import cast

import cv2
import numpy as np

from pipeline.intake.ocr import PSM_BLOCK, PSM_CHARACTER, PSM_LINE, OcrWord, Reader
from pipeline.intake.pieces import connected, spare
from pipeline.layout.tables.bits import Mask
from pipeline.layout.tables.fields import Grid, GridCell
from pipeline.layout.tables.paragraphs import MEANING_SIGNS, cell_items, items_text
from pipeline.layout.tables.rules import POINTS_PER_INCH, Grey, erase_specks, paper
from pipeline.values import Box, Cell, Line, PageTable, Word

ToPoints = Callable[[float, float, float, float], Box]
"""A rectangle x0, y0, x1, y1 in pixels of the picture as a box on the page, in points."""

READING_DPI = 300  # Tesseract's models were trained on letters of about that resolution
MARGIN = 6.0  # points of white around a cell's ink: Tesseract needs some
PADDING = 5.4  # points between a rule and its text, as word processors set it
SLACK = 4.0  # points by which a word must have fitted before a line counts as broken by its writer
SPECKS = frozenset("`'´‘’.,:;~^_|¦°·\\\"“”")
"""Signs that specks are read as; none of them stands between blanks in Vietnamese typesetting, bullets aside."""
DOUBTFUL_SIGN = 0.5
MODES = (PSM_BLOCK, PSM_LINE, PSM_CHARACTER)
"""How a cell is read until it gives words; a lone digit is no line. As a block from the first, also where it has one
line: 24 scans of offices read the same, and an engine for lines alone costs a start."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A cell's picture as the engine gets it; its origin on the page in pixels and its magnification."""

    cell: GridCell
    image: Grey
    x: float
    y: float
    scale: float


def read_grid(bare: Grey, grid: Grid, reader: Reader, dpi: float, page_number: int, to_points: ToPoints) -> PageTable:
    """The table that stands at ``grid`` in the picture ``bare`` (``dpi`` dots an inch, its rules erased), every cell
    read.

    Boxes come out in page points by ``to_points``. Cells without ink are empty. Raises what ``reader`` raises.
    """
    x0, y0, x1, y1 = grid.box
    margin = round(MARGIN * dpi / POINTS_PER_INCH)
    left, top = max(0, round(x0) - margin), max(0, round(y0) - margin)
    part = np.ascontiguousarray(bare[top : round(y1) + margin, left : round(x1) + margin])
    here = grid.moved(-left, -top)
    clean, ink = erase_specks(part, dpi)
    cut = (_snippet(clean, ink, here, cell, dpi) for cell in here.cells)
    snippets = [replace(s, x=s.x + left, y=s.y + top) for s in cut if s is not None]
    words = reader.read_each([s.image for s in snippets], MODES, dpi=READING_DPI)
    lines = {
        s.cell: _lines(found, s, grid, dpi, page_number, to_points) for s, found in zip(snippets, words, strict=True)
    }
    cells = []
    for cell in grid.cells:
        items = cell_items(lines.get(cell, ()))
        cells.append(
            Cell(
                cell.row,
                cell.column,
                items_text(items),
                cell.row_span,
                cell.column_span,
                to_points(*grid.rectangle(cell)),
                tuple(line for item in items for line in item),
            )
        )
    box = to_points(*grid.box)
    edges = tuple(round(x * POINTS_PER_INCH / dpi, 1) for x in grid.column_edges)  # along the rows, however they lie
    return PageTable(page_number, grid.rows, grid.columns, tuple(cells), box, edges, grid.open_top, grid.open_bottom)


def _snippet(clean: Grey, ink: Mask, grid: Grid, cell: GridCell, dpi: float) -> Snippet | None:
    """The cell's inked part of ``clean`` at reading scale on a white ground; None when there is no ``ink``, which is
    coarser (:func:`erase_specks`)."""
    points, step = dpi / POINTS_PER_INCH, spare(dpi)
    x0, y0, x1, y1 = (step * max(0, round(v / step)) for v in grid.rectangle(cell))
    x1, y1 = max(x0, x1), max(y0, y1)
    part = clean[y0:y1, x0:x1]
    box = _ink_box(ink[y0 // step : y1 // step, x0 // step : x1 // step], points / step)
    if box is None:
        return None
    left, top, right, bottom = (step * v for v in box)
    margin = round(MARGIN * points)
    tight = part[max(0, top - margin // 2) : bottom + margin // 2, max(0, left - margin // 2) : right + margin // 2]
    origin_x, origin_y = x0 + max(0, left - margin // 2), y0 + max(0, top - margin // 2)
    framed = cv2.copyMakeBorder(tight, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(paper(part),))
    scale = READING_DPI / dpi if dpi < READING_DPI * 0.9 else 1.0
    if scale != 1.0:
        framed = cv2.resize(framed, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return Snippet(cell, cast(Grey, framed), origin_x - margin, origin_y - margin, scale)


def _ink_box(ink: Mask, points: float) -> tuple[int, int, int, int] | None:
    """The box around the letters of a cell: specks and remains of rules at its border do not count."""
    if min(ink.shape) < 4 * points:
        return None
    height, width = ink.shape
    stats = connected(ink).stats[1:]
    x, y, w, h, area = (stats[:, k] for k in range(5))
    near = 2.5 * points
    letter = (h >= 3.5 * points) & (w >= 0.7 * points) & (area >= 2 * points * points)
    dash = (w >= 2.5 * points) & (h >= 0.6 * points) & (h < 3.5 * points)
    edge = (x <= near) | (y <= near) | (x + w >= width - near) | (y + h >= height - near)
    remains = edge & ((w <= near) | (h <= near))  # of a rule: thin, along the border
    kept = stats[(letter | dash) & ~remains]
    if not len(kept):
        return None
    x0, y0 = kept[:, :2].min(axis=0).tolist()
    x1, y1 = (kept[:, :2] + kept[:, 2:4]).max(axis=0).tolist()
    # Marks above and below the letters (tone marks, dots) are smaller than a letter: leave room for them.
    room = round(3.5 * points)
    return max(0, x0 - room), max(0, y0 - room), min(width, x1 + room), min(height, y1 + room)


def _lines(
    words: Sequence[OcrWord], snippet: Snippet, grid: Grid, dpi: float, page: int, to_points: ToPoints
) -> tuple[Line, ...]:
    points = dpi / POINTS_PER_INCH
    x0, _, x1, _ = grid.rectangle(snippet.cell)
    room = (x1 - x0 - 2 * PADDING * points) * snippet.scale
    rows = [list(group) for _, group in groupby(_without_specks(words), key=lambda w: w.line)]
    lines = []
    for k, row in enumerate(rows):
        fills = None
        if k + 1 < len(rows):
            fills = _would_not_fit(row, rows[k + 1][0], room, SLACK * points * snippet.scale)
        placed = tuple(
            Word(
                w.text,
                w.text,
                to_points(
                    snippet.x + w.x0 / snippet.scale,
                    snippet.y + w.y0 / snippet.scale,
                    snippet.x + w.x1 / snippet.scale,
                    snippet.y + w.y1 / snippet.scale,
                ),
                w.confidence,
            )
            for w in row
        )
        box = placed[0].box
        for word in placed[1:]:
            box = box.union(word.box) if box is not None and word.box is not None else box
        lines.append(Line(page, placed, box, fills=fills))
    return tuple(lines)


def _without_specks(words: Sequence[OcrWord]) -> list[OcrWord]:
    """Words without what specks and remains of rules are read as: signs that mean nothing where they stand alone."""
    if not any(c.isalnum() for w in words for c in w.text):
        return [w for w in words if w.text in MEANING_SIGNS and w.confidence >= DOUBTFUL_SIGN]
    return [w for w in words if not set(w.text) <= SPECKS]


def _would_not_fit(row: Sequence[OcrWord], following: OcrWord, room: float, slack: float) -> bool:
    """Whether the next line's first word had no room on this line, so that the break is the typesetter's."""
    width = max(w.x1 for w in row) - min(w.x0 for w in row)
    heights = [w.y1 - w.y0 for w in row]
    blank = 0.25 * float(np.median(heights))
    return width + blank + (following.x1 - following.x0) + slack > room
