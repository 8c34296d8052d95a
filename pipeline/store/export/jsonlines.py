"""Assignments as JSON lines: one JSON object a line, dates in ISO 8601."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pipeline.store.export.files import Links
from pipeline.store.export.flat import flat
from pipeline.store.export.records import PlanRecords


def write(plans: Iterator[PlanRecords], path: Path, links: Links) -> list[str]:
    """Write a line for each assignment."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for plan in plans:
            for record in flat(plan, links):
                file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
    return []
