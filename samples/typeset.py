"""Typeset a sample plan in the official layout of Nghị định 30/2020/NĐ-CP, Phụ lục I, as a PDF with text.

A4, margins 20-30 mm, 13.5 pt Times metrics, justified with a first-line indent, page numbers centred at the top from
page 2 on; letterhead in two columns, title centred, recipients and signature in two columns with the seal over a third
of the signature. Needs reportlab and a typeface with Times metrics and Vietnamese letters (Debian: ``fonts-croscore``).
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

from reportlab.lib.colors import black
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

from samples.plan_source import Place, PlanSource
from samples.stationery import Letterhead, Rule, SignatureBlock, markup

UPRIGHT, TURNED = A4, landscape(A4)
LEFT, RIGHT, TOP, BOTTOM, SIDE = 30 * mm, 18 * mm, 22 * mm, 20 * mm, 20 * mm
SIZE = 13.5
CUTS = {"": "Regular", "-Bold": "Bold", "-Italic": "Italic", "-BoldItalic": "Bold Italic"}
GRID = (
    ("GRID", (0, 0), (-1, -1), 0.8, black),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
)


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
    body: dict[str, Any] = {"firstLineIndent": 10 * mm, "spaceAfter": 5, "alignment": TA_JUSTIFY, "allowOrphans": 1}
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


class Traced(Paragraph):
    """A paragraph that notes where it is drawn, also when a page break cuts it."""

    places: list[Place]

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """The parts before and after the break, tracing on."""
        parts: list[Flowable] = super().split(available_width, available_height)
        for part in parts:
            part.places = self.places
        return parts

    def draw(self) -> None:
        """Draw, and note the page and the box."""
        x, y = self.canv.absolutePosition(0, 0)
        top = self.canv._pagesize[1] - y - self.height
        box = tuple(round(value, 1) for value in (x, top, x + self.width, top + self.height))
        self.places.append((self.canv.getPageNumber(), box))
        super().draw()


@dataclass
class _Setter:
    """Sets blocks one after the other; ``places`` grows while the document is drawn."""

    source: PlanSource
    styles: dict[str, ParagraphStyle]
    places: dict[int, list[Place]] = field(default_factory=dict)

    def paragraph(self, number: int, text: str, style: str) -> Traced:
        """A paragraph of block ``number``."""
        paragraph = Traced(markup(text), self.styles[style])
        paragraph.places = self.places.setdefault(number, [])
        return paragraph

    def block(self, number: int) -> Traced:
        """A block outside tables."""
        block = self.source.blocks[number]
        name = "body"
        if block.has("centred"):
            name = "italic"
        elif block.kind == "heading" and not block.has("statement"):
            name = f"heading{min(block.level, 3)}"
        marks = {"bullet": "- ", "subbullet": "+ ", "attribute": self.source.front.get("attribute_mark", "")}
        return self.paragraph(number, marks.get(block.kind, "") + block.printed, name)

    def table(self, start: int, end: int, width: float) -> Table:
        """The table of blocks ``start`` (its heading) to ``end``."""
        head, *rows = self.source.blocks[start:end]
        shares = [float(share) for share in (head.value("widths") or "").split()] or [1.0] * len(head.cells)
        columns = [width * share / sum(shares) for share in shares]
        centred = {int(index) for index in (head.value("centred") or "0").split()}
        data: list[list[Any]] = [[Paragraph(markup(cell), self.styles["cell-head"]) for cell in head.cells]]
        spans: list[tuple[Any, ...]] = []
        for number, row in enumerate(rows, 1):
            if row.kind == "group":
                styles = ["cell-head", "cell-bold"]
                spans.append(("SPAN", (1, number), (-1, number)))
            else:
                styles = ["cell-centre" if column in centred else "cell" for column in range(len(row.cells))]
            cells = [[self.paragraph(start + number, *cell)] for cell in zip(row.cells, styles, strict=True)]
            data.append([*cells, *([""] * (len(columns) - len(cells)))])
        table = Table(data, columns, repeatRows=1 if head.has("repeat") else 0, splitByRow=0, splitInRow=1)
        table.setStyle(TableStyle([*GRID, *spans]))
        return table

    def signature(self) -> list[Flowable]:
        """Recipients and signature."""
        return [Spacer(1, 8), SignatureBlock(self.source.front, self.styles)]

    def story(self) -> list[Flowable]:
        """The whole plan: an appendix on turned pages stands behind the signature."""
        front, blocks = self.source.front, self.source.blocks
        titles = [front["header"]["document_type"].upper(), *front.get("title_lines", [front["header"]["title"]])]
        story: list[Flowable] = [Letterhead(front)]
        story += [Paragraph(markup(line), self.styles["centre"]) for line in titles]
        story.append(Rule())
        width, signed = UPRIGHT[0] - LEFT - RIGHT, False
        for number, block in enumerate(blocks):
            if block.kind == "page":
                story += [] if signed else self.signature()
                signed, width = True, TURNED[0] - 2 * SIDE
                story += [NextPageTemplate(block.text), PageBreak()]
            elif block.kind == "columns":
                rows = takewhile(lambda row: row.kind in ("row", "group"), blocks[number + 1 :])
                story.append(self.table(number, number + 1 + sum(1 for _ in rows), width))
            elif block.kind == "heading" and block.label == "Phụ lục":
                story += [self.paragraph(number, text, "centre") for text in (block.label.upper(), block.text)]
            elif block.kind not in ("row", "group"):
                story.append(self.block(number))
        return story if signed else story + self.signature()


def _page_number(canvas: Canvas, document: BaseDocTemplate) -> None:
    if document.page > 1:
        canvas.setFont("Serif", 13)
        canvas.drawCentredString(canvas._pagesize[0] / 2, canvas._pagesize[1] - 13 * mm, str(document.page))


def typeset(source: PlanSource, path: Path) -> dict[int, list[Place]]:
    """Write the plan as a PDF with text to ``path``; the same source gives the same bytes.

    Returns where each block stands, by its number in the source.

    Raises:
        FontError: no typeface with Times metrics is installed.
    """
    register_fonts()
    setter = _Setter(source, _styles(source.front.get("size", SIZE)))
    document = BaseDocTemplate(str(path), pagesize=UPRIGHT, invariant=1, title=source.front["header"]["title"])
    upright = Frame(LEFT, BOTTOM, UPRIGHT[0] - LEFT - RIGHT, UPRIGHT[1] - TOP - BOTTOM, 0, 0, 0, 0)
    turned = Frame(SIDE, BOTTOM, TURNED[0] - 2 * SIDE, TURNED[1] - TOP - BOTTOM, 0, 0, 0, 0)
    document.addPageTemplates(
        [
            PageTemplate("upright", [upright], onPage=_page_number, pagesize=UPRIGHT),
            PageTemplate("landscape", [turned], onPage=_page_number, pagesize=TURNED),
        ]
    )
    document.build(setter.story())
    return setter.places
