"""What goes between the process that runs a batch and its workers; light, since both sides import it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.intake.source import SourceFacts
from pipeline.values import PageReading, Triage

OPEN = "pipeline.batch.work:open_document"
READ = "pipeline.batch.work:read_one"
INTERPRET = "pipeline.batch.work:interpret_document"
A4 = (595.3, 841.9)


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that can be opened, with the pages that the cache already knows."""

    facts: SourceFacts
    readings: Mapping[int, PageReading]


@dataclass(frozen=True, slots=True)
class Converted:
    """A validated plan as JSON text, its plain text, and figures for the report."""

    json: str
    text: str
    counts: Mapping[str, int]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class CacheUse:
    """Which entries of the cache a run may see (``fingerprint``), and whether it may read them or only write."""

    fingerprint: str
    lookup: bool = True


def failed_page(number: int, reason: str) -> PageReading:
    """The place of a page that could not be read, so that page counts stay true."""
    return PageReading(
        number=number, width=A4[0], height=A4[1], words=(), method="none", triage=Triage("unreadable"), error=reason
    )
