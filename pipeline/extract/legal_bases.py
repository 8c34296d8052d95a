"""The legal bases of a plan: the "Căn cứ …", "Thực hiện …" paragraphs of its preamble."""

from __future__ import annotations

from pipeline.extract.citations import find_citations
from pipeline.knowledge.folding import starts_like
from pipeline.values import Outline
from schemas import LegalBasis

_ALWAYS = ("căn cứ", "thực hiện theo", "thực hiện")
_WITH_CITATION = (
    "theo",
    "xét",
    "tiếp tục thực hiện",
    "triển khai",
    "trên cơ sở",
    "để triển khai",
    "để thực hiện",
    "nhằm",
    "thi hành",
)


def read_legal_bases(outline: Outline) -> list[LegalBasis]:
    """One entry a paragraph, as printed; the enacting clause is none unless it is part of such a paragraph."""
    result = []
    listing = False  # "Căn cứ:" with a bullet for each basis
    for item in outline.preamble:
        citations = find_citations(item.text)
        opens = any(starts_like(item.text.string, opening) for opening in _ALWAYS)
        opens = opens or (bool(citations) and starts_like(item.text.string, "căn cứ", 0.74) > 0)  # "Can cit"
        if opens and item.text.string.endswith(":") and not citations:
            listing = True
            continue
        listing = listing and item.marker is not None
        opens = opens or listing
        if not opens and not (citations and any(starts_like(item.text.string, o) for o in _WITH_CITATION)):
            continue
        sources = item.text.sources()
        result.append(
            LegalBasis(
                text=item.text.string, citations=citations, source=sources[0] if sources else None, sources=sources
            )
        )
    return result
