"""A picture of each page with what was found on it, so that a person sees why a value came out as it did.

Words are boxed by confidence (green, orange, red), lines by their zone, table cells in black; letters at a line's end
tell what its typography says: C centred, B bold, F fills the line.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.errors import KehoachError, OutputError
from pipeline.intake.source import open_source
from pipeline.layout.lines import lay_out
from pipeline.settings import Settings
from pipeline.values import Box, Line, PageReading, Zone

Pixels = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]  # blue, green, red

DPI = 110
_MOST_PIXELS = 4_000_000
_ZONES: dict[Zone, Colour] = {
    Zone.LETTERHEAD_LEFT: (200, 80, 0),
    Zone.LETTERHEAD_RIGHT: (200, 0, 120),
    Zone.BODY: (150, 150, 150),
    Zone.SIGNATURE_LEFT: (160, 120, 0),
    Zone.SIGNATURE_RIGHT: (200, 0, 200),
    Zone.DIGITAL_SIGNATURE: (0, 160, 160),
    Zone.RUNNING: (90, 90, 90),
    Zone.STAMP: (0, 0, 200),
}
_CONFIDENCES: tuple[tuple[float, Colour], ...] = ((0.85, (60, 170, 60)), (0.6, (0, 150, 255)), (0.0, (0, 0, 230)))


def draw_page(path: Path, reading: PageReading, settings: Settings, folder: Path) -> Path | None:
    """Write ``page-NNN.png`` into ``folder``, and return its path; None where the page has no picture (text dumps).

    Raises OutputError when the folder cannot be written.
    """
    try:
        with open_source(path, settings) as source:
            if source.kind == "text":
                return None
            raster = source.raster(reading.number, DPI, _MOST_PIXELS)
    except KehoachError:
        return None  # the page could not be read for the same reason, and its reading says so
    image = annotated(raster.pixels, raster.dpi, reading)
    target = folder / f"page-{reading.number:03d}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(cv2.imencode(".png", image)[1].tobytes())
    except OSError as error:
        raise OutputError(
            f"the debug picture cannot be written: {error.strerror or error}",
            page=reading.number,
            remedy="choose another folder for --debug",
        ) from error
    return target


def annotated(pixels: Pixels, dpi: float, reading: PageReading) -> Pixels:
    """The page's picture, faded, with what ``reading`` and its layout hold."""
    colour = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR) if pixels.ndim == 2 else pixels
    image = np.asarray(255 - (255 - np.asarray(colour, dtype=np.int16)) * 6 // 10, dtype=np.uint8)
    scale = dpi / 72
    for table in reading.tables:
        for cell in table.cells:
            _frame(image, cell.box, scale, (0, 0, 0), 2)
            for line in cell.lines:
                _words(image, line, scale)
    for line in lay_out(reading).lines:
        _frame(image, line.box, scale, _ZONES[line.zone], 1)
        _words(image, line, scale)
        if line.box is not None:
            marks = "".join(m for m, on in (("C", line.centred), ("B", line.bold), ("F", line.fills)) if on)
            place = (round(line.box.x1 * scale) + 3, round(line.box.y1 * scale))
            cv2.putText(image, marks, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, _ZONES[line.zone], 1)
    note = f"{reading.triage.kind} {reading.method} {reading.angle:+.1f}"
    cv2.putText(image, note, (8, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (200, 0, 0), 1)
    return image


def _words(image: Pixels, line: Line, scale: float) -> None:
    for word in line.words:
        colour = next(colour for least, colour in _CONFIDENCES if word.confidence >= least)
        _frame(image, word.box, scale, colour, 1)


def _frame(image: Pixels, box: Box | None, scale: float, colour: Colour, thickness: int) -> None:
    if box is not None:
        corners = [round(v * scale) for v in (box.x0, box.y0, box.x1, box.y1)]
        cv2.rectangle(image, (corners[0], corners[1]), (corners[2], corners[3]), colour, thickness)
