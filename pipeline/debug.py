"""What was found on a page, drawn over its picture: ``--debug DIR`` writes one picture and one JSON file a page.

Words are shaded by confidence (green sure, red doubtful), lines framed in the colour of their zone, cells in blue:
the grid's edges thin, merged cells with their rows x columns, a heavy rule where the table is closed. Ink that was kept
from the engine (seals, pens, specks, borders, show-through) is magenta.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.errors import OutputError
from pipeline.intake.image import prepare
from pipeline.intake.ink import ink_of
from pipeline.intake.perspective import sheet_of
from pipeline.intake.source import Pixels, Raster, open_source
from pipeline.layout.lines import lay_out
from pipeline.reading import MOST_PIXELS
from pipeline.settings import Settings
from pipeline.values import Box, PageReading, PageTable, Word, Zone

DPI = 110
_SHADE = 0.35
_BLUE = (200, 90, 0)
_GRID = (235, 200, 150)
_LEFT_OUT = (255, 0, 255)
_ZONES = {
    Zone.BODY: (150, 150, 150),
    Zone.LETTERHEAD_LEFT: (160, 60, 160),
    Zone.LETTERHEAD_RIGHT: (200, 60, 100),
    Zone.SIGNATURE_LEFT: (60, 140, 60),
    Zone.SIGNATURE_RIGHT: (30, 110, 30),
    Zone.DIGITAL_SIGNATURE: (30, 30, 200),
    Zone.RUNNING: (0, 200, 200),
    Zone.STAMP: (0, 0, 255),
}


def _named(value: Any) -> Any:
    """``value`` for JSON, the fields of dataclasses and named tuples by their names."""
    if is_dataclass(value):
        return {field.name: _named(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        return {name: _named(part) for name, part in named().items()} if named else [_named(part) for part in value]
    return value


def draw_page(path: Path, reading: PageReading, settings: Settings, folder: Path) -> None:
    """Write ``page-001.png`` and ``page-001.json`` of ``reading`` into ``folder``; no picture of a page without boxes.

    Raises :class:`OutputError` when they cannot be written and what opening the page raises.
    """
    stem = f"page-{reading.number:03}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}.json").write_text(
            json.dumps(_named(reading), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        if reading.words or reading.tables:
            with open_source(path, settings) as source:
                raster = source.raster(reading.number, DPI, settings.max_pixels)
                read = source.raster(reading.number, settings.dpi, min(settings.max_pixels, MOST_PIXELS))
            picture = drawn(raster.pixels, reading, raster.dpi / 72)
            if reading.method in {"ocr", "fused"}:
                picture[left_out(raster, read, reading)] = _LEFT_OUT
            _, data = cv2.imencode(".png", picture)
            (folder / f"{stem}.png").write_bytes(data.tobytes())
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            file=str(folder),
            remedy="choose another folder with --debug",
        ) from error


def drawn(pixels: Pixels, reading: PageReading, scale: float) -> Pixels:
    """The page with what was found; ``scale``: pixels a point."""
    picture = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR) if pixels.ndim == 2 else pixels.copy()
    shade = picture.copy()
    for word in _words(reading):
        if word.box is not None:
            cv2.rectangle(shade, *_corners(word.box, scale), _colour(word.confidence), cv2.FILLED)
    picture = cv2.addWeighted(shade, _SHADE, picture, 1 - _SHADE, 0)
    for line in lay_out(reading).lines:
        if line.box is not None:
            cv2.rectangle(picture, *_corners(line.box, scale), _ZONES[line.zone], 1)
    result = np.asarray(picture, dtype=np.uint8)
    for table in reading.tables:
        _draw_table(result, table, scale)
    return result


def left_out(shown: Raster, read: Raster, reading: PageReading) -> npt.NDArray[np.bool_]:
    """Where ``shown`` has ink that is not in ``read`` as it was made ready for the engine."""
    sheet = sheet_of(read)
    prepared = prepare(read if sheet is None else sheet.flat, round(reading.angle / 90))
    back = prepared.back if sheet is None else sheet.back @ prepared.back
    height, width = shown.pixels.shape[:2]
    to_shown = np.diag([width / shown.width, height / shown.height, 1.0]) @ back
    wide = np.ones((5, 5), np.uint8)  # pixels that two rasters of a page may differ by at the edges of strokes
    kept = cv2.dilate(cv2.warpPerspective(cv2.dilate(prepared.ink, wide), to_shown, (width, height)), wide)
    darkest = shown.pixels if shown.pixels.ndim == 2 else np.ascontiguousarray(shown.pixels.min(axis=2))
    return np.asarray((ink_of(darkest) > 0) & (kept == 0))


def _draw_table(picture: Pixels, table: PageTable, scale: float) -> None:
    """Grid thin, cells framed, merged ones with their rows x columns; a heavy rule where the table is closed."""
    if table.box is not None:
        (x0, y0), (x1, y1) = _corners(table.box, scale)
        for x in {box.x0 for cell in table.cells if (box := cell.box) is not None}:
            cv2.line(picture, (round(x * scale), y0), (round(x * scale), y1), _GRID, 1)
        for y in {box.y0 for cell in table.cells if (box := cell.box) is not None}:
            cv2.line(picture, (x0, round(y * scale)), (x1, round(y * scale)), _GRID, 1)
        for y, is_open in ((y0, table.open_top), (y1, table.open_bottom)):
            if not is_open:
                cv2.line(picture, (x0, y), (x1, y), _BLUE, 3)
    for cell in table.cells:
        if cell.box is not None:
            cv2.rectangle(picture, *_corners(cell.box, scale), _BLUE, 1)
            if cell.row_span > 1 or cell.column_span > 1:
                (x0, y0), _ = _corners(cell.box, scale)
                span = f"{cell.row_span}x{cell.column_span}"
                cv2.putText(picture, span, (x0 + 3, y0 + 11), cv2.FONT_HERSHEY_SIMPLEX, 0.38, _BLUE, 1, cv2.LINE_AA)


def _words(reading: PageReading) -> list[Word]:
    in_tables = [word for table in reading.tables for word in table.words()]
    return [*reading.words, *in_tables]


def _colour(confidence: float) -> tuple[int, int, int]:
    """Blue, green, red: from red at 0.4 and below to green at 1."""
    sure = min(1.0, max(0.0, (confidence - 0.4) / 0.6))
    return (0, round(200 * sure), round(255 * (1 - sure)))


def _corners(box: Box, scale: float) -> tuple[tuple[int, int], tuple[int, int]]:
    return (round(box.x0 * scale), round(box.y0 * scale)), (round(box.x1 * scale), round(box.y1 * scale))
