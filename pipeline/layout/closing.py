"""Closing paragraphs of a plan: "Trên đây là Kế hoạch …", "Trong quá trình thực hiện, nếu có khó khăn …"."""

from __future__ import annotations

import re

from pipeline.knowledge.folding import fold, fold_words, starts_like
from pipeline.knowledge.forms import closing_openings
from pipeline.values import Item, Section

_ACTOR = re.compile(
    r"^(?:cac |nhung )?(?P<who>co quan don vi|don vi|co quan|phong|benh vien|trung tam|so nganh|uy ban nhan dan|ubnd|truong"
    r"|dia phuong|xa phuong)"
)


def closing_from(section: Section) -> int:
    """Index in ``section.content`` from which the paragraphs close the chapter instead of belonging to the section.

    A formula closes always. A paragraph that addresses units in general ("Trên cơ sở Kế hoạch này, các đơn vị …")
    closes unless the section is headed by just those units.
    """
    content = section.content
    start = len(content)
    for index in range(len(content) - 1, 0 if section.statement or not section.title else -1, -1):
        entry = content[index]
        if not isinstance(entry, Item) or entry.marker is not None:
            break
        kind = _kind(entry.text.string)
        if kind == "formula" or (kind == "address" and not _own(section, entry.text.string)):
            start = index
        elif start == len(content):
            continue
    return start


def _kind(text: str) -> str | None:
    openings = closing_openings()
    if any(starts_like(text, opening) for opening in openings.formula):
        return "formula"
    if any(starts_like(text, opening) for opening in openings.address):
        return "address"
    return None


def _own(section: Section, text: str) -> bool:
    """Whether the paragraph addresses the units that head the section."""
    match = _ACTOR.match(" ".join(fold_words(section.title.string)))
    if match is None:
        return False
    return match["who"] in " ".join(fold_words(fold(text)[:160]))
