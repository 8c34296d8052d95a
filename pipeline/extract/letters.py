"""Letters and decisions that assign tasks: their numbered instructions are the implementation chapter they do not have.

Reads outlines of letters (Công văn, Công điện, Chỉ thị) and notices of conclusions (Thông báo), whose numbers stand
without headings or under "Nhiệm vụ": "1. Phòng Y tế các huyện: …", "2. Giao Trung tâm … chủ trì …" (contract, "Official
letters"); and articles of decisions: "Điều 2. Giao Sở Y tế chủ trì …", but not the last one's formula, "… chịu trách
nhiệm thi hành Quyết định này".
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.extract.context import PlanContext
from pipeline.extract.units import joint_unit, opening_unit
from pipeline.values import Item, Outline, Section, Table
from schemas import Header

_LETTERS = frozenset({"Công văn", "Công điện", "Chỉ thị", "Quyết định", "Thông báo"})
_ENFORCES = re.compile(r"(?:chịu trách nhiệm|căn cứ Quyết định).{0,60}?thi hành", re.IGNORECASE | re.DOTALL)


def with_letter_roles(outline: Outline, header: Header, plan: PlanContext) -> Outline:
    """A letter's or decision's outline, ``implementation`` where an instruction names who acts; others unchanged."""
    if header.document_type not in _LETTERS:
        return outline
    return replace(outline, sections=tuple(_instructed(s, plan) for s in outline.sections))


def _instructed(section: Section, plan: PlanContext) -> Section:
    if section.role in ("other", "tasks") and _names_who_acts(section, plan):
        return _implementing(section)
    content = tuple(_instructed(c, plan) if isinstance(c, Section) else c for c in section.content)
    return replace(section, content=content)


def _names_who_acts(section: Section, plan: PlanContext) -> bool:
    if section.title:
        return joint_unit(section.title, plan.lore) is not None
    if not section.statement or not section.items or _ENFORCES.search(section.items[0].text.string):
        return False
    found = opening_unit(section.items[0].text, plan.lore)
    return found is not None and bool(section.items[0].text.string[found.end :].strip(" .;:"))


def _implementing(section: Section) -> Section:
    content: tuple[Item | Table | Section, ...] = tuple(
        _implementing(c) if isinstance(c, Section) and c.role in ("other", "tasks") else c for c in section.content
    )
    return replace(section, role="implementation", content=content)
