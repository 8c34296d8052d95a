"""Ruled cells that a PDF page draws as vectors, through pdfplumber.

Reads rules and rectangles of one page; born-digital plans have them where scans have pixels.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.values import Box

MOST_EDGES = 5_000
"""Rules looked at on a page; a drawing has more, and finding its crossings would take minutes."""
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}


def cell_lattices(path: Path, number: int) -> list[list[Box]]:
    """The cells of each ruled table on page ``number`` (from 1), in points from the top left; none where it has none.

    A page that pdfplumber cannot parse has no tables: its words come from PDFium, and a missing table is text then.
    """
    # Imported where born-digital pages are: scans, which are most, do not pay for it.
    import pdfplumber
    from pdfminer.pdfparser import PDFSyntaxError
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(path, pages=[number]) as pdf:
            if not pdf.pages or len(pdf.pages[0].edges) > MOST_EDGES:
                return []
            page = pdf.pages[0]
            left, top = float(page.bbox[0]), float(page.bbox[1])
            return [
                [Box(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in found.cells]
                for found in page.find_tables(_SETTINGS)
            ]
    except (PdfminerException, PDFSyntaxError, ValueError, TypeError, KeyError, IndexError, AssertionError):
        return []
