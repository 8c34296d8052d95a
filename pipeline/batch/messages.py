"""What goes between the process that runs a batch and its workers; light, since both sides import it.

Page readings travel as pickles inside: the process in the middle only hands them on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.fingerprint import Versions
from pipeline.errors import KehoachError
from pipeline.intake.source import SourceFacts
from pipeline.settings import Settings

OPEN = "pipeline.batch.early:open_document"
READ = "pipeline.batch.early:read_one"
FROM_CACHE = "pipeline.batch.work:from_cache"
INTERPRET = "pipeline.batch.work:interpret_document"
LOOK_AHEAD = "pipeline.batch.work:look_ahead"


@dataclass(frozen=True, slots=True)
class Use:
    """What a run may use of what is known: the versions at work, and whether it may read the cache or only write."""

    versions: Versions
    lookup: bool = True
    with_text: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A document to convert: its number in the run, where it is (path or URL), and how the user knows it.

    ``done_key`` is the ledger's key of the result that is there already; when the document still has it, nothing is
    done.
    """

    index: int
    place: str
    name: str
    stem: str
    settings: Settings
    error: KehoachError | None = None
    done_key: str | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """A validated plan as JSON text, its plain text where it is asked for, and figures for the report."""

    json: str
    text: str | None
    counts: Mapping[str, int]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class File:
    """A document where it lies on this machine, as it was when it was opened: see :func:`.early.stamp`."""

    path: Path
    sha256: str
    stamp: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that can be opened, and the pages that the cache already knows.

    With ``cached`` the cache seems to hold all, which is not yet looked into; with ``converted`` all is done; with
    ``unchanged`` nothing was to be done.
    """

    facts: SourceFacts
    file: File
    key: str
    known: Mapping[int, bytes]
    cached: bool = False
    converted: Converted | None = None
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page as a pickled reading; ``error`` tells what the reading itself says is wrong."""

    reading: bytes
    error: str | None = None
