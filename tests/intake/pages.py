"""Fictitious pages drawn for the tests: text in a serif face, as pictures and as PDFs made of one picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]

A4 = (595.0, 842.0)
FACES = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
)
BOLD_FACES = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Bold.ttf",
)

PARAGRAPH = (
    "Các đơn vị trực thuộc chủ động xây dựng kế hoạch chi tiết",
    "của đơn vị mình, phân công rõ người chịu trách nhiệm và",
    "tổ chức thực hiện đúng tiến độ. Phòng Kế hoạch theo dõi,",
    "tổng hợp kết quả, báo cáo lãnh đạo trước ngày 15 hằng",
    "tháng. Kinh phí thực hiện được bố trí trong dự toán năm.",
)
"""A fictitious paragraph."""


def font(size: float, dpi: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A serif face with Vietnamese letters; the test is skipped where none is installed."""
    for path in BOLD_FACES if bold else FACES:
        if Path(path).exists():
            return ImageFont.truetype(path, round(size * dpi / 72))
    pytest.skip("no serif font with Vietnamese letters is installed")


def draw(
    lines: Sequence[tuple[float, float, str]],
    *,
    dpi: float = 150,
    size: float = 13,
    bold: Sequence[str] = (),
    page: tuple[float, float] = A4,
) -> Pixels:
    """A grey page with each text at (x, y) points, ``bold`` ones in a bold face."""
    image = Image.new("L", (round(page[0] * dpi / 72), round(page[1] * dpi / 72)), 255)
    pen = ImageDraw.Draw(image)
    for x, y, text in lines:
        pen.text((x * dpi / 72, y * dpi / 72), text, font=font(size, dpi, bold=text in bold), fill=0)
    return np.asarray(image, dtype=np.uint8).copy()


def paragraph(x: float = 85, y: float = 100, *, times: int = 3, pitch: float = 20) -> list[tuple[float, float, str]]:
    """The fictitious paragraph set ``times`` times from (x, y) on."""
    return [(x, y + k * pitch, PARAGRAPH[k % len(PARAGRAPH)]) for k in range(times * len(PARAGRAPH))]


def pdf_of(pixels: Pixels, path: Path, *, dpi: float) -> Path:
    """A PDF of one page that is nothing but the picture."""
    Image.fromarray(pixels[:, :, ::-1] if pixels.ndim == 3 else pixels).save(path, "PDF", resolution=dpi)
    return path


def text_pdf(content: bytes, *, media_box: str = "0 0 595 842", extra: bytes = b"") -> bytes:
    """A PDF of one page with the given content stream and the font /F1 (Helvetica)."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [" + media_box.encode() + b"] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> " + extra + b">>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
