"""Assignments as flat records with named fields, for programs: JSON lines, Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.store.export.files import Links, clean
from pipeline.store.export.records import PlanRecords


def flat(plan: PlanRecords, links: Links) -> Iterator[dict[str, Any]]:
    """A record for each assignment; dates as :class:`datetime.date`, several values as lists."""
    header, source = plan.document.header, plan.document.source
    for each in plan.assignments:
        yield {
            "file": clean(source.file),
            "sha256": source.sha256,
            "document_number": _cleaned(header.document_number),
            "issuing_authority": _cleaned(header.issuing_authority),
            "issued_on": _cleaned(header.issued_on),
            "plan": _cleaned(header.title),
            "kind": each.kind,
            "item_id": clean(each.id),
            "number": _cleaned(each.number),
            "text": clean(each.text),
            "group": _cleaned(each.group),
            "lead_units": [clean(name) for name in each.leads],
            "coordinating_units": [clean(name) for name in each.others],
            "deliverable": _cleaned(each.deliverable),
            "deadlines": [clean(due.deadline.text) for due in each.dues],
            "rrules": [due.deadline.rrule for due in each.dues if due.deadline.rrule],
            "first_due": each.first_due,
            "due_days": [day for due in each.dues for day in due.days],
            "citations": [clean(cited) for cited in each.citations],
            "budget_vnd": each.budget_vnd,
            "page": each.page,
            "confidence": each.confidence,
            "link": links.to(Path(plan.name), source.file, each.page),
        }


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)
