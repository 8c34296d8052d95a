"""What the JSON tells of the run itself: the file, the engines, how each page was read, and figures of quality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from pipeline.errors import ToolError
from pipeline.intake.ocr import default_reader, tesseract_version
from pipeline.intake.source import SourceFacts
from pipeline.layout.letterheads import further_letterheads
from pipeline.restoration import RestoredPages
from pipeline.values import PageLayout, PageReading, Word
from schemas.plan import PageSize, PlanWarning, Quality, SourceFile


def describe_source(facts: SourceFacts, readings: Sequence[PageReading]) -> SourceFile:
    """The file and how each page that was asked for was read; others count as ``none``."""
    methods = ["none"] * facts.page_count
    for reading in readings:
        methods[reading.number - 1] = reading.method
    return SourceFile.model_validate(
        {
            "file": facts.name,
            "sha256": facts.sha256,
            "pages": facts.page_count,
            "page_text": methods,
            "engine": engines(ocr="ocr" in methods or "fused" in methods),
            "page_info": [_page_info(reading) for reading in readings],
        }
    )


def engines(*, ocr: bool) -> dict[str, str]:
    """Names and versions of what read the document; Tesseract and its model only where OCR was used."""
    result = {"kehoach": kehoach_version()}
    if ocr:
        try:
            result["tesseract"] = tesseract_version()
            result["tesseract_model"] = default_reader().model
        except ToolError:  # pages read elsewhere, or on another day, and kept in the cache
            result["tesseract"] = "unknown"
    return result


def kehoach_version() -> str:
    """The installed version; "0" for a source tree that is not installed."""
    try:
        return version("kehoach")
    except PackageNotFoundError:
        return "0"


def _page_info(reading: PageReading) -> PageSize:
    return PageSize(
        page=reading.number,
        width=round(reading.width, 1),
        height=round(reading.height, 1),
        triage=reading.triage.kind,
        triage_score=reading.triage.score,
        error=reading.error,
    )


def measure_quality(readings: Sequence[PageReading], restored: RestoredPages) -> Quality:
    """OCR confidence over all words read (mean and fifth percentile), and what restoration changed."""
    confidences = [
        word.confidence for reading in readings if reading.method != "text_layer" for word in _words(reading)
    ]
    return Quality(
        ocr_confidence=round(float(np.mean(confidences)), 4) if confidences else None,
        ocr_confidence_p5=round(float(np.percentile(confidences, 5)), 4) if confidences else None,
        syllables=restored.syllables,
        syllables_restored=restored.restored,
        syllables_doubtful=restored.doubtful,
        pages_failed=sum(reading.error is not None for reading in readings),
    )


def _words(reading: PageReading) -> Iterator[Word]:
    yield from reading.words
    for line in reading.lines:
        yield from line.words
    for table in reading.tables:
        yield from table.words()


def page_warnings(readings: Sequence[PageReading]) -> list[PlanWarning]:
    """A warning for each page that could not be read, or whose text was asked for though it is no Vietnamese."""
    warnings = []
    for reading in readings:
        number = reading.number
        if reading.error is not None:
            message = f"page {number} could not be read: {reading.error}"
            warnings.append(PlanWarning(code="page_failed", message=message, page=number))
        elif reading.method == "text_layer" and reading.triage.kind == "wrong_font":
            message = f"page {number}: {reading.triage.reason}; leave --text-layer at auto, then its picture is read"
            warnings.append(PlanWarning(code="layer_unreadable", message=message, page=number))
    return warnings


def document_warnings(pages: Sequence[PageLayout]) -> list[PlanWarning]:
    """A file is read as one document: a warning for each further one that it holds."""
    return [
        PlanWarning(
            code="several_documents",
            message=f"another document begins here ({told!r}): its parts are mixed with the first's, divide the file",
            page=page,
        )
        for page, told in further_letterheads(pages)
    ]
