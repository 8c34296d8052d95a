"""Funding: the text of the sections about money ("IV. KINH PHÍ", "2.4. Kinh phí thực hiện: …")."""

from __future__ import annotations

from pipeline.values import Outline, Section


def read_funding(outline: Outline) -> str | None:
    """The paragraphs of all sections of role ``funding``, a line each; None where there are none.

    Where money comes last, paragraphs that close the document stand in its section and are none of it.
    """
    paragraphs = [p for section in outline.sections for s in section.walk() if s.role == "funding" for p in _texts(s)]
    return "\n".join(paragraphs) or None


def _texts(section: Section) -> list[str]:
    return [item.text.string for item in section.items if not item.closing]
