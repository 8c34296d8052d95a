"""The picture of the README: a piece of a sample scan beside the JSON that kehoach made of it.

    python -m samples.make_picture

Converts a sample in this process, frames on the scan what the JSON says, and writes ``samples/scan-to-json.png``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from pipeline import convert
from pipeline.settings import Settings
from schemas import PlanDocument, Task

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "truong-hoc-an-toan.pdf"
PICTURE = ROOT / "samples" / "scan-to-json.png"
PAGE = 2
TASK = "2.1"
SCALE = 1.5  # pixels a point
SIDE = 860
COLOURS = {"text": "#1f6feb", "lead_units": "#1a7f37", "coordinating_units": "#8250df", "deadlines": "#cf222e"}
MONOSPACED = ("Cousine-Regular.ttf", "DejaVuSansMono.ttf", "Menlo.ttc", "consola.ttf")


def font(size: int) -> ImageFont.FreeTypeFont:
    """A monospaced typeface with Vietnamese letters."""
    for name in MONOSPACED:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    raise SystemExit(f"install one of these typefaces: {', '.join(MONOSPACED)}")


def excerpt(task: Task) -> list[tuple[str, str]]:
    """Lines of the task's JSON, the fields of interest only, each with its colour."""
    lines = [("{", "#24292f"), (f'  "number": {json.dumps(task.number)},', "#24292f")]
    words, line = task.text.split(), '  "text": "'
    for word in words:
        if len(line) + len(word) > 66:
            lines.append((line, COLOURS["text"]))
            line = "           "
        line += ("" if line.endswith(('"', "  ")) else " ") + word
    lines.append((line + '",', COLOURS["text"]))
    for name in ("lead_units", "coordinating_units"):
        lines.append((f'  "{name}": [', COLOURS[name]))
        units = getattr(task, name)
        for unit in units:
            shown = {"name": unit.name} | ({"parent": unit.parent} if unit.parent else {})
            comma = "" if unit is units[-1] else ","
            lines.append((f"    {json.dumps(shown, ensure_ascii=False)}{comma}", COLOURS[name]))
        lines.append(("  ],", COLOURS[name]))
    for deadline in task.deadlines:
        colour = COLOURS["deadlines"]
        form = {key: value for key in ("kind", "due", "rrule") if (value := getattr(deadline, key))}
        lines.append((f'  "deadlines": [{{"text": {json.dumps(deadline.text, ensure_ascii=False)},', colour))
        lines.append((f"    {json.dumps(form)[1:-1]},", colour))
        place = deadline.source
        if place and place.bbox:
            lines.append((f'    "source": {{"page": {place.page}, "bbox": {[round(v) for v in place.bbox]},', colour))
            lines.append((f'               "confidence": {place.confidence}}}}}]', colour))
    return [*lines, ("}", "#24292f")]


def compose(document: PlanDocument) -> Image.Image:
    """Scan at the left with frames, JSON at the right."""
    task = next(task for task in document.tasks if task.number == TASK)
    page = pypdfium2.PdfDocument(SAMPLE)[PAGE - 1]
    scan = page.render(scale=SCALE).to_pil().convert("RGB")
    draw = ImageDraw.Draw(scan)
    frames = [(task.source, COLOURS["text"])] + [(d.source, COLOURS["deadlines"]) for d in task.deadlines]
    for place, colour in frames:
        if place and place.bbox and place.page == PAGE:
            x0, y0, x1, y1 = (v * SCALE for v in place.bbox)
            draw.rectangle((x0 - 4, y0 - 3, x1 + 4, y1 + 3), outline=colour, width=2)
    assert task.source and task.source.bbox
    lines = excerpt(task)
    height = 24 * len(lines) + 40
    top = min(max(0, round((task.source.bbox[1] - 70) * SCALE)), scan.height - height)
    picture = Image.new("RGB", (scan.width + SIDE, height), "#f6f8fa")
    picture.paste(scan.crop((0, top, scan.width, top + height)), (0, 0))
    text = ImageDraw.Draw(picture)
    for row, (line, colour) in enumerate(lines):
        text.text((scan.width + 30, 20 + 24 * row), line, fill=colour, font=font(17))
    return picture


def main() -> None:
    document = convert(SAMPLE, Settings(pages=str(PAGE)))
    compose(document).quantize(96).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
