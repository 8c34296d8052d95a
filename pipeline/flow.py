"""One document, from file to plan: the steps in order.

    pages ──> lines ──> restored lines ──> tables, blocks ──> outline ──> PlanDocument

Each step is a function of the value before it. Reading pages is the dear part (rasterise, OCR) and is done page by
page, here in this process or by the workers of :mod:`pipeline.batch`; all that follows is pure and takes well under a
second a document, so that a better parser re-reads a thousand plans from the cache of page readings.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.extract.assemble import assemble_document
from pipeline.fusion import fused
from pipeline.intake.source import SourceFacts, source_facts
from pipeline.layout.blocks import assemble
from pipeline.layout.lines import lay_out
from pipeline.layout.outline import build_outline
from pipeline.layout.tables.aligned import continued_tables
from pipeline.layout.tables.join import join_tables
from pipeline.provenance import describe_source, document_warnings, measure_quality, page_warnings
from pipeline.reading import read_page
from pipeline.restoration import restore_pages
from pipeline.settings import Settings
from pipeline.values import PageLayout, PageReading
from schemas import PlanDocument, PlanWarning, Quality, SourceFile

PageReader = Callable[[Path, int, Settings], PageReading]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A plan with the restored pages it was read from and the seconds each step took."""

    document: PlanDocument
    pages: tuple[PageLayout, ...]
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restored:
    """The restored pages of a document, with what its JSON tells of the file and of how it was read."""

    pages: tuple[PageLayout, ...]
    source: SourceFile
    quality: Quality
    warnings: tuple[PlanWarning, ...]


def convert(path: Path | str, settings: Settings | None = None, *, read: PageReader = read_page) -> PlanDocument:
    """Read the plan at ``path`` (PDF, image or text-layer dump) in this process.

    Raises :class:`pipeline.errors.KehoachError` when the file cannot be used at all. A page that cannot be read stays
    in the count, with its reason in ``warnings``.
    """
    path = Path(path)
    settings = settings or Settings()
    facts = source_facts(path, settings)
    readings = [read(path, number, settings) for number in facts.wanted_pages]
    return interpret(facts, readings).document


def interpret(facts: SourceFacts, readings: Sequence[PageReading]) -> Interpretation:
    """Everything behind the reading of pages: from words to the plan."""
    clock = Stopwatch()
    restored = restore(facts, readings, clock)
    return understand(restored, clock)


def restore(facts: SourceFacts, readings: Sequence[PageReading], clock: Stopwatch | None = None) -> Restored:
    """From words to restored lines: half of the work behind the reading of pages, and the half that a better parser
    need not do again."""
    clock = clock or Stopwatch()
    with clock("layout"):
        laid_out = [lay_out(reading) for reading in continued_tables(readings)]
    with clock("restore"):
        restored = fused(restore_pages(laid_out), readings)
    return Restored(
        restored.pages,
        source=describe_source(facts, readings),
        quality=measure_quality(readings, restored),
        warnings=tuple(page_warnings(readings)),
    )


def understand(restored: Restored, clock: Stopwatch | None = None) -> Interpretation:
    """From restored lines to the plan."""
    clock = clock or Stopwatch()
    with clock("tables"):
        tables = join_tables(restored.pages)
    with clock("outline"):
        layout = assemble(restored.pages, tables)
        outline = build_outline(layout)
    with clock("extract"):
        document = assemble_document(
            source=restored.source,
            layout=layout,
            outline=outline,
            tables=tables,
            quality=restored.quality,
            warnings=[*restored.warnings, *document_warnings(restored.pages)],
        )
    return Interpretation(document, restored.pages, clock.seconds)


def plain_text(pages: Sequence[PageLayout]) -> str:
    """The restored text a line a printed line, table rows as tab-separated cells, pages divided by form feeds."""
    return "\f".join("\n".join(_page_lines(page)) + "\n" for page in pages)


def _page_lines(page: PageLayout) -> Iterator[str]:
    parts: list[tuple[float, list[str]]] = [
        (page.upright(line.box).y0 if line.box else float(line.place if line.place is not None else order), [line.text])
        for order, line in enumerate(page.lines)
    ]
    for table in page.tables:
        rows: list[list[str]] = [[""] * table.columns for _ in range(table.rows)]
        for cell in table.cells:
            rows[cell.row][cell.column] = " ".join(cell.text.string.split())
        place = float(table.place if table.place is not None else len(page.lines))
        parts.append((page.upright(table.box).y0 if table.box else place, ["\t".join(row) for row in rows]))
    for _, lines in _in_order(parts, len(page.lines)):
        yield from lines


def _in_order(parts: list[tuple[float, list[str]]], lines: int) -> list[tuple[float, list[str]]]:
    """Lines keep their reading order (columns are not torn apart); each table goes before the first line below it."""
    result = parts[:lines]
    for table in sorted(parts[lines:], reverse=True):
        place = next((k for k, (y, _) in enumerate(result) if y >= table[0]), len(result))
        result.insert(place, table)
    return result


class Stopwatch:
    """Seconds spent in each named step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = round(self.seconds.get(step, 0.0) + time.perf_counter() - begin, 4)
