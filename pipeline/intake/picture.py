"""Pictures as input: PNG, JPEG, TIFF (several pages too), from scanners and telephones."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from pipeline.errors import InputError, LimitError
from pipeline.intake.source import Kind, PageSize, Raster, Source, TextLayer, shrink
from pipeline.values import Line, Word

FORMATS = ("PNG", "JPEG", "TIFF")
A4_LONG_SIDE = 11.69  # inches
_THINNEST = 8
"""Pixels of the shorter side below which a picture is no page."""
_BROKEN = (EOFError, OSError, ValueError, SyntaxError)
"""What Pillow raises for pictures that it cannot read."""
_DECODED = 16
"""A picture may hold this many times ``max_pixels`` bytes once decoded; above, it is refused before decoding."""


class PictureSource(Source):
    """One file, one picture a page."""

    kind: Kind = "image"

    def __init__(self, path: Path) -> None:
        """Raises InputError when the file is no readable picture."""
        # The size is judged before decoding, by max_pixels and page by page: Pillow's own guess comes in the way.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            try:
                self._image = Image.open(path, formats=FORMATS)
                self.page_count = int(getattr(self._image, "n_frames", 1))
            except Image.DecompressionBombError as error:
                raise LimitError("has too many pixels", remedy="scan it at 300 dpi") from error
            except _BROKEN as error:
                raise InputError("is broken: no picture can be read from it", remedy="save or scan it again") from error

    def page_size(self, number: int) -> PageSize:
        width, height = self._seek(number)
        try:
            turned = self._image.getexif().get(0x0112, 1) in (5, 6, 7, 8)  # EXIF orientation: by a quarter
        except _BROKEN as error:  # of a PNG it may stand behind the pixels
            raise _broken(number) from error
        if turned:
            width, height = height, width
        dpi = self._dpi(width, height)
        return PageSize(width * 72 / dpi, height * 72 / dpi)

    def text_layer(self, number: int) -> TextLayer:
        return TextLayer(has_picture=True)

    def layer_words(self, number: int) -> list[Word]:
        return []

    def layer_lines(self, number: int) -> list[Line]:
        return []

    def raster(self, number: int, dpi: int, max_pixels: int) -> Raster:
        size = self.page_size(number)
        width, height = self._image.size
        if min(width, height) < _THINNEST:
            raise InputError(
                f"has {width:,} x {height:,} pixels, too few for a page", page=number, remedy="scan it at 300 dpi"
            )
        if width * height * len(self._image.getbands()) > _DECODED * max_pixels:
            raise LimitError(
                f"has {width:,} x {height:,} pixels, too many to decode", page=number, remedy="scan it at 300 dpi"
            )
        try:
            image: Image.Image = ImageOps.exif_transpose(self._image)
            if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
                image = image.convert("RGBA")
                paper = Image.new("RGBA", image.size, "white")
                image = Image.alpha_composite(paper, image).convert("RGB")
            elif image.mode.startswith("I;16") or image.mode in ("I", "F"):
                values = np.asarray(image, dtype=np.float64)
                span = float(np.ptp(values)) or 1.0
                image = Image.fromarray(((values - values.min()) / span * 255).astype(np.uint8))
            grey = image.mode in ("1", "L")
            pixels = np.asarray(image.convert("L" if grey else "RGB"), dtype=np.uint8)
        except (*_BROKEN, Image.DecompressionBombError) as error:
            raise _broken(number) from error
        if not grey:
            pixels = pixels[:, :, ::-1]
        raster = Raster(np.ascontiguousarray(pixels), size.width, size.height)
        bound = raster.dpi * (max_pixels / (pixels.shape[0] * pixels.shape[1])) ** 0.5
        return shrink(raster, min(dpi, bound))

    def _seek(self, number: int) -> tuple[int, int]:
        try:
            self._image.seek(number - 1)
        except _BROKEN as error:
            raise InputError("this page is broken", page=number, remedy="save or scan it again") from error
        width, height = self._image.size
        if width < 1 or height < 1:
            raise InputError("this page has no pixels", page=number, remedy="save or scan it again")
        return width, height

    def _dpi(self, width: int, height: int) -> float:
        """What the file says if it makes a sheet of sane size, else so many that the long side is that of A4."""
        said = self._image.info.get("dpi")
        if isinstance(said, tuple) and len(said) == 2:
            try:
                dpi = float(said[1])
            except (TypeError, ValueError, ZeroDivisionError):
                dpi = 0.0
            # Telephones write 72 whatever they took; sheets run from A6 to A0.
            if 90 <= dpi <= 2400 and 5.5 <= max(width, height) / dpi <= 47:
                return dpi
        return max(width, height) / A4_LONG_SIDE

    def close(self) -> None:
        self._image.close()


def _broken(number: int) -> InputError:
    return InputError("is cut off or broken", page=number, remedy="save or scan it again")
