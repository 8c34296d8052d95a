"""Assignments as Markdown, a table for each plan: for a mail, a wiki, a merge request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.store.export.files import Links, clean
from pipeline.store.export.records import Assignment, PlanRecords

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_HEADINGS = ("STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Sản phẩm", "Thời hạn", "Trang")


def write(plans: Iterator[PlanRecords], path: Path, links: Links) -> list[str]:
    """Write a heading and a table for each plan, each row with a link to its page."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("# Bảng phân công nhiệm vụ\n")
        for plan in plans:
            name = Path(plan.name)
            file.write(f"\n## {_text(plan.title or plan.document.source.file)}\n\n")
            header = plan.document.header
            place = (header.issuing_authority, header.issued_on, plan.document.source.file)
            file.write(" – ".join(_text(part) for part in place if part) + "\n\n")
            if not plan.assignments:
                file.write("Không có nhiệm vụ.\n")
                continue
            file.write(f"| {' | '.join(_HEADINGS)} |\n|{' --- |' * len(_HEADINGS)}\n")
            for number, each in enumerate(plan.assignments, 1):
                link = links.to(name, plan.document.source.file, each.page)
                file.write(f"| {' | '.join(_cells(number, each, link))} |\n")
    return []


def _cells(number: int, each: Assignment, link: str | None) -> list[str]:
    page = f"[{each.page}](<{link}>)" if each.page and link else str(each.page or "")
    values = (each.text, "; ".join(each.leads), "; ".join(each.others), each.deliverable or "", each.when)
    return [str(number), *map(_text, values), page]


def _text(text: str) -> str:
    """``text`` as itself in a table cell: nothing in it is Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))
