"""The set pieces of an official paper: letterhead, recipients and signature with seal and pen stroke, rules."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

SEAL_RED = Color(0.80, 0.08, 0.10, alpha=0.85)
PEN_BLUE = Color(0.10, 0.16, 0.62)


def markup(text: str) -> str:
    """Text as reportlab's paragraph markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br/>")


class Letterhead(Flowable):
    """Two columns: body and number to the left; country, motto, place and date to the right."""

    def __init__(self, front: dict[str, Any]) -> None:
        super().__init__()
        self.front = front

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Size in points."""
        self.width = available_width
        self.height = 62 + 16 * len(self.front["issuer"])
        return self.width, self.height

    def draw(self) -> None:
        """Draw at the frame's top."""
        canvas, front = self.canv, self.front
        left, right = self.width * 0.18, self.width * 0.735
        y: float = self.height - 13
        lines = [("Serif", front["parent"])] if front.get("parent") else []
        lines += [("Serif-Bold", line) for line in front["issuer"]]
        for font, line in lines:
            canvas.setFont(font, 12.5)
            canvas.drawCentredString(left, y, line)
            y -= 15.5
        width = pdfmetrics.stringWidth(front["issuer"][-1], "Serif-Bold", 12.5) * 0.45
        canvas.line(left - width / 2, y + 9, left + width / 2, y + 9)
        canvas.setFont("Serif", 13)
        canvas.drawCentredString(left, y - 8, f"Số: {front['number']}")
        y = self.height - 13
        canvas.setFont("Serif-Bold", 12.5)
        canvas.drawCentredString(right, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        canvas.setFont("Serif-Bold", 13.5)
        motto = "Độc lập - Tự do - Hạnh phúc"
        canvas.drawCentredString(right, y - 16, motto)
        width = pdfmetrics.stringWidth(motto, "Serif-Bold", 13.5)
        canvas.line(right - width / 2, y - 21, right + width / 2, y - 21)
        canvas.setFont("Serif-Italic", 13.5)
        canvas.drawCentredString(right, y - 43, f"{front['header']['place']}, {front['date']}")


class SignatureBlock(Flowable):
    """Recipients to the left; to the right who signs, the seal, the pen stroke and the name."""

    def __init__(self, front: dict[str, Any], styles: dict[str, ParagraphStyle]) -> None:
        super().__init__()
        self.front = front
        self.entries = [Paragraph(f"- {markup(line)}", styles["recipient"]) for line in front["recipients"]]

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Size in points."""
        self.width = available_width
        self.heights = [entry.wrap(available_width * 0.45, 1000)[1] for entry in self.entries]
        self.height = max(20 + sum(self.heights), 35 + 17 * len(self.front["signature"]) + 76)
        return self.width, self.height

    def draw(self) -> None:
        """Draw at the frame's top."""
        canvas, front = self.canv, self.front
        y = self.height - 12
        canvas.setFont("Serif-BoldItalic", 12)
        canvas.drawString(0, y, "Nơi nhận:")
        for entry, height in zip(self.entries, self.heights, strict=True):
            y -= height
            entry.drawOn(canvas, 0, y - 3)
        centre = self.width * 0.74
        y = self.height - 12
        for line in front["signature"]:
            canvas.setFont("Serif-Bold", 13.5)
            canvas.drawCentredString(centre, y, line)
            y -= 17
        canvas.drawCentredString(centre, y - 72, front["signed"]["name"])
        draw_seal(canvas, centre - 42, y - 26, front["seal"] if "seal" in front else front["issuer"])
        draw_pen_stroke(canvas, centre - 18, y - 48)


def draw_seal(canvas: Canvas, x: float, y: float, words: list[str]) -> None:
    """A round red seal, 36 mm wide as Thông tư 07/2010/TT-BCA had it, centred at (x, y) points."""
    radius = 17.5 * mm
    canvas.saveState()
    canvas.setStrokeColor(SEAL_RED)
    canvas.setFillColor(SEAL_RED)
    for share, width in ((1.0, 1.8), (0.94, 0.6), (0.62, 0.8)):
        canvas.setLineWidth(width)
        canvas.circle(x, y, radius * share)
    ring = f"{' '.join(words)} * TỈNH TRƯỜNG SƠN ĐÔNG *"
    step = 360 / max(len(ring), 48)
    for index, letter in enumerate(ring):
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(200 - index * step - 90)
        canvas.setFont("Serif-Bold", 6.5)
        canvas.drawCentredString(0, radius * 0.72, letter)
        canvas.restoreState()
    star = canvas.beginPath()
    for point in range(10):
        angle = math.pi / 2 + point * math.pi / 5
        size = radius * (0.42 if point % 2 == 0 else 0.17)
        draw = star.moveTo if point == 0 else star.lineTo
        draw(x + size * math.cos(angle), y + size * math.sin(angle))
    star.close()
    canvas.drawPath(star, stroke=0, fill=1)
    canvas.restoreState()


def draw_pen_stroke(canvas: Canvas, x: float, y: float) -> None:
    """A blue scribble that stands for nobody's signature."""
    canvas.saveState()
    canvas.setStrokeColor(PEN_BLUE)
    canvas.setLineWidth(1.5)
    canvas.setLineCap(1)
    turns = [(-20, -6), (4, 44), (12, -8), (22, 30), (34, 2), (46, 24), (62, 8), (98, 16)]
    for (x0, y0), (x1, y1) in pairwise(turns):
        canvas.bezier(x + x0, y + y0, x + x0 + 14, y + y0 + 12, x + x1 - 16, y + y1 - 10, x + x1, y + y1)
    canvas.restoreState()


class Rule(Flowable):
    """The short line under the title."""

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        """Size in points."""
        self.width, self.height = available_width, 12
        return self.width, self.height

    def draw(self) -> None:
        """Draw centred."""
        self.canv.line(self.width * 0.39, 7, self.width * 0.61, 7)
