"""Make the sample scans and their golden answers anew from their sources (``make samples``; a developer's tool).

Typeset, rasterise, degrade, wrap the page images into a PDF without text. One plan is made a second time with the
hidden text that a scanner's English OCR wrote, and its garbled text alone as a dump. Seeds are fixed. Needs the extra
``test`` (reportlab, pikepdf), Tesseract with ``eng``, and a typeface with Times metrics and Vietnamese letters (Debian:
``fonts-croscore``).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2

from samples import degrade
from samples.annotations import Json
from samples.answers import golden
from samples.image_pdf import GarbledPage, PageImage, read_as_english, write_pdf
from samples.plan_source import read_source
from samples.typeset import typeset

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Recipe:
    """How a sample is scanned."""

    name: str
    dots_per_inch: int
    scan: Callable[[degrade.Image, degrade.Random], degrade.Image]
    quality: int | None
    seed: int
    layered: bool = False


RECIPES = (
    Recipe("chuyen-doi-so", 200, degrade.colour_scan, 55, 20260212, layered=True),
    Recipe("truong-hoc-an-toan", 200, degrade.photocopy, 45, 20260305),
    Recipe("cai-cach-hanh-chinh", 300, degrade.bitonal_scan, None, 20260119),
)


def rasterised(pdf: Path, dots_per_inch: float) -> Iterator[degrade.Image]:
    """The pages of a PDF as colour images."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            yield np.asarray(page.render(scale=dots_per_inch / 72).to_pil().convert("RGB"), np.uint8)
    finally:
        document.close()


def file_facts(pdf: Path, pages: int) -> Json:
    """The ``source`` field of a golden answer."""
    digest = hashlib.sha256(pdf.read_bytes()).hexdigest()
    return {"file": pdf.name, "sha256": digest, "pages": pages, "page_text": ["ocr"] * pages}


def make(recipe: Recipe, folder: Path) -> None:
    """Write one sample's PDFs, dump and golden answer under ``folder``."""
    source = read_source(HERE / "source" / f"{recipe.name}.md")
    pdf = folder / f"{recipe.name}.pdf"
    with tempfile.TemporaryDirectory() as scratch:
        clean = Path(scratch) / pdf.name
        places = typeset(source, clean)
        random = np.random.default_rng(recipe.seed)
        pages = [
            PageImage(recipe.scan(image, random), recipe.dots_per_inch, recipe.quality)
            for image in rasterised(clean, recipe.dots_per_inch)
        ]
    write_pdf(pages, pdf)
    if recipe.layered:
        garbled = [read_as_english(page) for page in pages]
        write_pdf(pages, folder / f"{recipe.name}-layered.pdf", garbled)
        write_dump(garbled, folder / f"{recipe.name}-dump.txt")
    answer = golden(source, file_facts(pdf, len(pages)), places)
    text = json.dumps(answer, ensure_ascii=False, indent=1) + "\n"
    boxes_on_a_line = re.sub(r"\[\s+([\d.]+,)\s+([\d.]+,)\s+([\d.]+,)\s+([\d.]+)\s+\]", r"[\1 \2 \3 \4]", text)
    (folder / "golden" / f"{recipe.name}.json").write_text(boxes_on_a_line, encoding="utf-8")


def write_dump(pages: list[GarbledPage], path: Path) -> None:
    """The garbled text alone, a printed line a line, pages parted by form feeds."""
    text = io.StringIO()
    for number, page in enumerate(pages):
        text.write("\f" if number else "")
        last = None
        for word in page:
            if last is not None:
                text.write(" " if word.line == last.line else "\n" if word.paragraph == last.paragraph else "\n\n")
            text.write(word.text)
            last = word
        text.write("\n")
    path.write_text(text.getvalue(), encoding="utf-8")


def main() -> int:
    """Make all samples, or those named."""
    parser = argparse.ArgumentParser(description="Make the sample scans and golden answers from samples/source.")
    parser.add_argument("names", nargs="*", help="samples to make; all when none is named")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: samples)")
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    known = {recipe.name: recipe for recipe in RECIPES}
    unknown = set(arguments.names) - set(known)
    if unknown:
        parser.error(f"no such sample: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    (arguments.out / "golden").mkdir(parents=True, exist_ok=True)
    for name in arguments.names or known:
        make(known[name], arguments.out)
        print(f"{name}: {(arguments.out / f'{name}.pdf').stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
