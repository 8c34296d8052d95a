"""Good and bad documents, made on the spot; all fictitious."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

DUMP = """SỞ Y TẾ TRƯỜNG SƠN ĐÔNG
Số: 12/KH-SYT

KẾ HOẠCH
Về việc chuyển đổi số ngành y tế năm 2025

I. MỤC TIÊU
- Phấn đấu 70% đơn vị trực thuộc hoàn thành trước ngày 30/9/2025.

II. TỔ CHỨC THỰC HIỆN
1. Văn phòng Sở
- Theo dõi, đôn đốc việc thực hiện Kế hoạch này.
"""


def page_picture(text: str = "KE HOACH 2025", dpi: int = 150) -> Image.Image:
    """A small page, A6 at ``dpi``, with a line of text."""
    picture = Image.new("L", (int(4.1 * dpi), int(5.8 * dpi)), 255)
    ImageDraw.Draw(picture).text((dpi // 3, dpi), text, fill=0, font=ImageFont.load_default(size=dpi // 5))
    return picture


def scan(pages: int = 1) -> bytes:
    """An image-only PDF."""
    buffer = io.BytesIO()
    pdf = canvas.Canvas(buffer, pagesize=(298, 420))
    for number in range(1, pages + 1):
        pdf.drawImage(ImageReader(page_picture(f"TRANG {number}")), 0, 0, 298, 420)
        pdf.showPage()
    pdf.save()
    return buffer.getvalue()


def incoming_plans(folder: Path, dumps: int, pages: int = 1) -> Path:
    """``folder`` with ``dumps`` dumps, no two alike, and a scan of ``pages`` pages."""
    for number in range(dumps):
        (folder / f"plan-{number}.txt").write_text(DUMP.replace("12/KH-SYT", f"{number}/KH-SYT"), encoding="utf-8")
    (folder / "scan.pdf").write_bytes(scan(pages))
    return folder


def bad_inputs(folder: Path) -> dict[str, str]:
    """Bad files in ``folder``: name -> a word that their error must hold."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = scan(2)
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "truncated.pdf").write_bytes(whole[: len(whole) // 3])
    (folder / "text.pdf").write_text("this is no PDF at all")
    (folder / "noise.png").write_bytes(bytes(range(256)) * 20)
    (folder / "short.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(40))
    (folder / "table.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        pdf.save(folder / "encrypted.pdf", encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pikepdf.new() as pdf:
        pdf.save(folder / "no-pages.pdf")
    with pikepdf.open(io.BytesIO(scan())) as pdf:
        pdf.pages[0].MediaBox = pikepdf.Array([0, 0, 2_000_000_000, 2_000_000_000])
        pdf.save(folder / "absurd.pdf")
    return {
        "empty.pdf": "empty",
        "truncated.pdf": "",
        "text.pdf": "PDF",
        "noise.png": "",
        "short.jpg": "",
        "table.xlsx": "",
        "encrypted.pdf": "password",
        "no-pages.pdf": "pages",
        "absurd.pdf": "",
        "missing.pdf": "exist",
    }
