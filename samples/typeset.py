"""Typeset a sample plan in the official layout of Nghị định 30/2020/NĐ-CP, Phụ lục I, as a PDF with text.

A4, margins 20-30 mm, 13.5 pt Times metrics, justified with a first-line indent, page numbers centred at the top from
page 2 on; letterhead in two columns, title centred, recipients and signature in two columns with the seal over a third
of the signature. Needs reportlab and a typeface with Times metrics and Vietnamese letters (Debian: ``fonts-croscore``).
"""

from __future__ import annotations

import math
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from samples.plan_source import Block, PlanSource

SEAL_RED = Color(0.80, 0.08, 0.10, alpha=0.85)
PEN_BLUE = Color(0.10, 0.16, 0.62)
LEFT, RIGHT, TOP, BOTTOM = 30 * mm, 18 * mm, 22 * mm, 20 * mm
SIZE = 13.5
CUTS = {"": "Regular", "-Bold": "Bold", "-Italic": "Italic", "-BoldItalic": "Bold Italic"}


class FontError(RuntimeError):
    """No typeface with Times metrics was found."""


def register_fonts() -> None:
    """Register the four cuts of the first typeface found as Serif, Serif-Bold, Serif-Italic, Serif-BoldItalic.

    Older releases of Liberation Serif have no Vietnamese letters: a typeface counts only when it draws them.
    """
    for family in ("Tinos", "Liberation Serif", "Times New Roman"):
        fonts = [_font(family, cut, weight) for cut, weight in CUTS.items()]
        if all(font is not None and ord("ế") in font.face.charToGlyph for font in fonts):
            for font in fonts:
                pdfmetrics.registerFont(font)
            pdfmetrics.registerFontFamily("Serif", *("Serif" + cut for cut in CUTS))
            return
    raise FontError("no typeface with Times metrics and Vietnamese letters was found. Install fonts-croscore.")


def _font(family: str, cut: str, weight: str) -> TTFont | None:
    command = ["fc-match", "--format=%{family}\t%{file}", f"{family}:style={weight}"]
    found, _, file = subprocess.run(command, capture_output=True, text=True, check=True).stdout.partition("\t")
    return TTFont("Serif" + cut, file) if found.split(",")[0] == family else None


def _style(name: str, font: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.28, **more)


def _styles(size: float) -> dict[str, ParagraphStyle]:
    body: dict[str, Any] = {"firstLineIndent": 10 * mm, "spaceAfter": 5, "alignment": TA_JUSTIFY}
    heading: dict[str, Any] = body | {"keepWithNext": 1}
    return {
        "body": _style("body", "Serif", size, **body),
        "italic": _style("italic", "Serif-Italic", size, alignment=TA_CENTER, spaceAfter=6),
        "heading1": _style("heading1", "Serif-Bold", size, spaceBefore=3, **heading),
        "heading2": _style("heading2", "Serif-Bold", size, **heading),
        "heading3": _style("heading3", "Serif-BoldItalic", size, **heading),
        "centre": _style("centre", "Serif-Bold", size, alignment=TA_CENTER, spaceAfter=3),
        "cell": _style("cell", "Serif", 11.5),
        "cell-centre": _style("cell-centre", "Serif", 11.5, alignment=TA_CENTER),
        "cell-bold": _style("cell-bold", "Serif-Bold", 11.5),
        "cell-head": _style("cell-head", "Serif-Bold", 11.5, alignment=TA_CENTER),
        "recipient": _style("recipient", "Serif", 11),
    }


def _markup(text: str) -> str:
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
        y = self.height - 13
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
        self.entries = [Paragraph(f"- {_markup(line)}", styles["recipient"]) for line in front["recipients"]]

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


def _table(rows: list[Block], styles: dict[str, ParagraphStyle], width: float) -> Table:
    head = rows[0]
    shares = [float(share) for share in (head.value("widths") or "").split()] or [1.0] * len(head.cells)
    columns = [width * share / sum(shares) for share in shares]
    centred = {int(index) for index in (head.value("centred") or "0").split()}
    data: list[list[Any]] = [[Paragraph(_markup(cell), styles["cell-head"]) for cell in head.cells]]
    spans: list[tuple[Any, ...]] = []
    for number, row in enumerate(rows[1:], 1):
        if row.kind == "group":
            label, title = (_markup(cell) for cell in row.cells[:2])
            texts: list[Any] = [[Paragraph(label, styles["cell-head"])], [Paragraph(title, styles["cell-bold"])]]
            data.append(texts + [""] * (len(columns) - 2))
            spans.append(("SPAN", (1, number), (-1, number)))
            continue
        names = ["cell-centre" if column in centred else "cell" for column in range(len(row.cells))]
        data.append([[Paragraph(_markup(cell), styles[name])] for cell, name in zip(row.cells, names, strict=True)])
    table = Table(data, columns, repeatRows=1 if head.has("repeat") else 0, splitByRow=0, splitInRow=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.8, black),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                *spans,
            ]
        )
    )
    return table


def _story(source: PlanSource, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    front = source.front
    titles = [front["header"]["document_type"].upper(), *front.get("title_lines", [front["header"]["title"]])]
    story: list[Flowable] = [Letterhead(front), *(Paragraph(_markup(line), styles["centre"]) for line in titles)]
    story.append(Rule())
    turned = False
    index = 0
    blocks = source.blocks
    while index < len(blocks):
        block = blocks[index]
        if block.kind == "page":
            if not turned:
                story += [Spacer(1, 8), SignatureBlock(front, styles)]
            turned = True
            story += [NextPageTemplate(block.text), PageBreak()]
        elif block.kind == "columns":
            end = index + 1
            while end < len(blocks) and blocks[end].kind in ("row", "group"):
                end += 1
            page = landscape(A4) if turned else A4
            side = 20 * mm if turned else LEFT + RIGHT - 20 * mm
            story.append(_table(blocks[index:end], styles, page[0] - side - 20 * mm))
            index = end
            continue
        elif block.kind == "heading" and block.label == "Phụ lục":
            story += [Paragraph("PHỤ LỤC", styles["centre"]), Paragraph(_markup(block.text), styles["centre"])]
        else:
            name = "body"
            if block.kind == "heading" and not block.has("statement"):
                name = f"heading{min(block.level, 3)}"
            if block.has("centred"):
                name = "italic"
            marks = {"bullet": "- ", "subbullet": "+ ", "attribute": front.get("attribute_mark", "")}
            bullet = marks.get(block.kind, "")
            story.append(Paragraph(bullet + _markup(block.printed), styles[name]))
        index += 1
    if not turned:
        story += [Spacer(1, 8), SignatureBlock(front, styles)]
    return story


def _page_number(canvas: Canvas, document: BaseDocTemplate) -> None:
    if document.page > 1:
        canvas.setFont("Serif", 13)
        canvas.drawCentredString(canvas._pagesize[0] / 2, canvas._pagesize[1] - 13 * mm, str(document.page))


def typeset(source: PlanSource, path: Path) -> None:
    """Write the plan as a PDF with text to ``path``; the same source gives the same bytes.

    Raises:
        FontError: no typeface with Times metrics is installed.
    """
    register_fonts()
    document = BaseDocTemplate(str(path), pagesize=A4, invariant=1, title=source.front["header"]["title"])
    wide = landscape(A4)
    upright = Frame(LEFT, BOTTOM, A4[0] - LEFT - RIGHT, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    lying = Frame(20 * mm, BOTTOM, wide[0] - 40 * mm, wide[1] - TOP - BOTTOM, 0, 0, 0, 0)
    document.addPageTemplates(
        [
            PageTemplate("upright", [upright], onPage=_page_number, pagesize=A4),
            PageTemplate("landscape", [lying], onPage=_page_number, pagesize=wide),
        ]
    )
    document.build(_story(source, _styles(source.front.get("size", SIZE))))
