"""Page images wrapped into a PDF, as scanners do: JPEG or CCITT Group 4, with or without a hidden text layer.

The hidden text is what Tesseract's English model reads, set in render mode 3 (invisible) over its words, which is how
the garbled layers of Vietnamese office scanners come about.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytesseract
from pikepdf import Array, Dictionary, Name
from PIL import Image as Pictures

from samples.degrade import Image


@dataclass(frozen=True)
class PageImage:
    """A scanned page: its pixels, resolution and JPEG quality (None: black and white, CCITT Group 4)."""

    pixels: Image
    dots_per_inch: int
    quality: int | None


@dataclass(frozen=True)
class GarbledWord:
    """A word as the English model read it; box in pixels from the top left; lines count in the page."""

    text: str
    left: int
    top: int
    width: int
    height: int
    line: tuple[int, int, int]

    @property
    def paragraph(self) -> tuple[int, int]:
        """Block and paragraph of the word's line."""
        return self.line[:2]


GarbledPage = list[GarbledWord]


def read_as_english(page: PageImage) -> GarbledPage:
    """Read a Vietnamese page with the wrong language, as a scanner set to English does."""
    picture, config = Pictures.fromarray(page.pixels), f"--dpi {page.dots_per_inch}"
    data = pytesseract.image_to_data(picture, lang="eng", config=config, output_type=pytesseract.Output.DICT)
    return [
        GarbledWord(
            text=text,
            left=data["left"][k],
            top=data["top"][k],
            width=data["width"][k],
            height=data["height"][k],
            line=(data["block_num"][k], data["par_num"][k], data["line_num"][k]),
        )
        for k, text in enumerate(data["text"])
        if text.strip()
    ]


def _image_stream(pdf: pikepdf.Pdf, page: PageImage) -> pikepdf.Stream:
    height, width = page.pixels.shape[:2]
    picture = Pictures.fromarray(page.pixels)
    buffer = io.BytesIO()
    if page.quality is None:
        picture.convert("1", dither=Pictures.Dither.NONE).save(buffer, "TIFF", compression="group4", strip_size=1 << 30)
        with Pictures.open(buffer) as tiff:
            (offset,), (count,) = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
            black_is_1 = tiff.tag_v2[262] == 1  # type: ignore[attr-defined]
        stream = pikepdf.Stream(pdf, buffer.getvalue()[offset : offset + count])
        stream.Filter = Name.CCITTFaxDecode
        stream.DecodeParms = Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=black_is_1)
        stream.ColorSpace, stream.BitsPerComponent = Name.DeviceGray, 1
    else:
        picture.save(buffer, "JPEG", quality=page.quality, optimize=True)
        stream = pikepdf.Stream(pdf, buffer.getvalue())
        stream.Filter = Name.DCTDecode
        stream.ColorSpace, stream.BitsPerComponent = (Name.DeviceGray if page.pixels.ndim == 2 else Name.DeviceRGB), 8
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = width, height
    return stream


def _text_layer(words: GarbledPage, page: PageImage) -> bytes:
    scale = 72 / page.dots_per_inch
    height = page.pixels.shape[0]
    out = ["BT 3 Tr"]
    for word in words:
        size = max(4.0, word.height * scale)
        text = word.text.encode("cp1252", "replace")
        stretch = 100 * word.width * scale / (0.5 * size * len(text))
        escaped = "".join(f"{byte:02x}" for byte in text + b" ")
        x, y = word.left * scale, (height - word.top - 0.8 * word.height) * scale
        out.append(f"/F1 {size:.2f} Tf {stretch:.1f} Tz 1 0 0 1 {x:.2f} {y:.2f} Tm <{escaped}> Tj")
    return "\n".join([*out, "ET"]).encode()


def write_pdf(pages: list[PageImage], path: Path, garbled: list[GarbledPage] | None = None) -> None:
    """Write page images as a PDF, with the hidden words of ``garbled`` when given.

    The same input gives the same bytes.
    """
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Courier,
            Encoding=Name.WinAnsiEncoding,
            FirstChar=0,
            LastChar=255,
            Widths=Array([500] * 256),
        )
    )
    for number, page in enumerate(pages):
        height, width = (side * 72 / page.dots_per_inch for side in page.pixels.shape[:2])
        content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q\n".encode()
        resources = Dictionary(XObject=Dictionary(Im0=_image_stream(pdf, page)))
        if garbled is not None:
            content += _text_layer(garbled[number], page)
            resources.Font = Dictionary(F1=font)
        body = pikepdf.Dictionary(
            Type=Name.Page, MediaBox=Array([0, 0, round(width, 2), round(height, 2)]), Resources=resources
        )
        body.Contents = pdf.make_stream(content)
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(body)))
    pdf.save(path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
