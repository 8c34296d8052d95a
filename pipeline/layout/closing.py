"""Closing paragraphs of a plan: "Trên đây là Kế hoạch …", "Trong quá trình thực hiện, nếu có khó khăn …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.knowledge.folding import fold_words, starts_like_any
from pipeline.knowledge.forms import closing_openings
from pipeline.layout.headings import ends_like_statement
from pipeline.values import Item

_ACTOR = re.compile(
    r"^(?:cac |nhung )?(?P<who>co quan don vi|don vi|co quan|phong|benh vien|trung tam|so nganh|uy ban nhan dan|ubnd"
    r"|truong|dia phuong|xa phuong)"
)


def closing_from(head: str, content: Sequence[object]) -> int:
    """Index in a section's ``content`` from which paragraphs close the chapter instead of belonging to the section.

    ``head`` is what stands behind the section's label. A formula closes always. A paragraph that addresses units in
    general ("Trên cơ sở Kế hoạch này, các đơn vị …", "… nghiêm túc thực hiện Kế hoạch này./.") closes unless the
    section is headed by just those units, or the paragraph is all that stands under the heading.
    """
    start = len(content)
    least = 0 if ends_like_statement(head) else 1
    for index in range(len(content) - 1, -1, -1):
        entry = content[index]
        if not isinstance(entry, Item) or entry.marker is not None:
            break
        string = entry.text.string
        kind = _kind(string)
        general = kind == "address" or (index == len(content) - 1 and _exhorts(string))
        if kind == "formula" or (general and index >= least and not _own(head, string)):
            start = index
        elif start < len(content):
            break
    return start


def opens_closing(text: str) -> bool:
    """Whether ``text`` opens with a closing formula."""
    return _kind(text) == "formula"


@lru_cache(maxsize=256)
def _kind(text: str) -> str | None:
    openings = closing_openings()
    if starts_like_any(text, openings.formula):
        return "formula"
    if starts_like_any(text, openings.address):
        return "address"
    return None


def _exhorts(text: str) -> bool:
    """Whether the document ends with ``text`` and it asks in general that the plan be carried out."""
    words = " ".join(fold_words(text))
    return text.rstrip().endswith("/.") and any(said in words for said in closing_openings().exhortations)


def _own(head: str, text: str) -> bool:
    """Whether the paragraph addresses the units that head the section."""
    match = _ACTOR.match(" ".join(fold_words(head)))
    if match is None:
        return False
    return match["who"] in " ".join(fold_words(text[:160]))
