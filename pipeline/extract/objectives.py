"""Objectives: the leaf items of the sections about aims, with scope, horizon and quantified targets.

Reads sections of role ``objectives`` ("II. MỤC TIÊU", "2.2.1. Mục tiêu đến năm 2030", "Mục tiêu 1: Từ nay đến năm
2020 …").
"""

from __future__ import annotations

import re
from typing import Literal

from pipeline.extract.context import PlanContext
from pipeline.extract.deadlines import find_deadlines
from pipeline.extract.leaves import Leaf, label_path, leaves, walk_role
from pipeline.extract.quantities import find_targets
from pipeline.knowledge.labels import label_key
from pipeline.values import Outline, Section
from schemas import Objective

Scope = Literal["general", "specific", "vision"]

_SCOPES: tuple[tuple[str, Scope], ...] = (
    ("tam nhin", "vision"),
    ("muc tieu chung", "general"),
    ("muc tieu tong quat", "general"),
    ("muc tieu tong the", "general"),
    ("muc dich chung", "general"),
    ("tong quat", "general"),
    ("muc tieu cu the", "specific"),
    ("chi tieu cu the", "specific"),
    ("cac chi tieu", "specific"),
    ("chi tieu", "specific"),
    ("cu the", "specific"),
)
_CENTURY = "20"  # stands in every year that the patterns below know
_HEADING_YEAR = re.compile(r"(?:năm|đến)\s*(20\d\d)|(?<!\d)(20\d\d)\s*$", re.IGNORECASE)
_OWN_YEAR = re.compile(
    r"(?:^|[.;:(,]\s*|phấn đấu\s+)(?:từ nay\s+)?(?:đến|vào|trong|hết)\s+(?:hết\s+|cuối\s+)?năm\s+(20\d\d)"
    r"|^(?:năm|đến)\s+(20\d\d)"
    r"|xác định năm (20\d\d)|năm (20\d\d) là năm",
    re.IGNORECASE,
)


def read_objectives(outline: Outline, plan: PlanContext) -> list[Objective]:
    """Every objective, ids "o1", "o2", … in printed order."""
    found = [leaf for s in walk_role(outline.sections, "objectives") for leaf in _own_leaves(outline, s)]
    return [_objective(f"o{n}", leaf, plan) for n, leaf in enumerate(found, 1)]


def _own_leaves(outline: Outline, section: Section) -> list[Leaf]:
    above = _ancestors(outline.sections, section)
    found = leaves(section, frozenset({"objectives"}))
    for leaf in found:
        leaf.chain = (*above, *leaf.chain)
    return found


def _ancestors(sections: tuple[Section, ...], wanted: Section) -> tuple[Section, ...]:
    for section in sections:
        if section is wanted:
            return ()
        if any(s is wanted for s in section.walk()):
            return (section, *_ancestors(section.children, wanted))
    return ()


def _objective(item_id: str, leaf: Leaf, plan: PlanContext) -> Objective:
    string = leaf.text.string
    sources = leaf.text.sources()
    horizon, own = _horizon(leaf, plan)
    return Objective(
        id=item_id,
        text=string,
        section=label_path(leaf.chain),
        context=leaf.context.string if leaf.context else None,
        scope=_scope(leaf),
        horizon=horizon,
        targets=find_targets(string),
        deadlines=find_deadlines(leaf.text, plan.year, earliest=plan.issued_on),
        inferred=[] if own or horizon is None else ["horizon"],
        source=sources[0] if sources else None,
        sources=sources,
    )


def _scope(leaf: Leaf) -> Scope | None:
    """From the nearest heading that names one, or from the label of the item itself."""
    for section in reversed(leaf.chain):
        key = label_key(section.title.string)
        for words, scope in _SCOPES:
            if words in key:
                return scope
    if leaf.context:
        key = label_key(leaf.context.string)
        return next((scope for words, scope in _SCOPES if words in key), None)
    return None


def _horizon(leaf: Leaf, plan: PlanContext) -> tuple[int | None, bool]:
    """The year the item states for itself, else the year of the nearest heading; and whether it is the item's own."""
    match = _OWN_YEAR.search(leaf.text.string) if _CENTURY in leaf.text.string else None
    if match is not None:
        year = next(int(g) for g in match.groups() if g)
        if year >= plan.year - 1:
            return year, True
    for title in [leaf.context, *(s.title for s in reversed(leaf.chain))]:
        years = [int(a or b) for a, b in _HEADING_YEAR.findall(title.string)] if title else []
        if years:
            return max(years), False
    return None, False
