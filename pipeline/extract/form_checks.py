"""What the printed form of a plan demands and was not read, or was read in a shape that the form does not know.

Reads header, preamble, signature, recipients and the implementation chapter of an assembled document. What a plan must
show: Nghị định 30/2020/NĐ-CP, Điều 8 and Phụ lục I (issuing body, number, place and date, type and subject, signer,
recipients). The first word of a code names the part it is about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from schemas import PlanDocument, PlanWarning

_SAME_RANK = ("sở", "phòng", "công an", "trường", "bệnh viện", "trung tâm")
_BRACKET = re.compile(r"\([^()]*\)?$")
_DAY = re.compile(r"\bngày\b", re.IGNORECASE)
_UNSURE = 0.6  # confidence below which a value should be compared with the page
_DEPUTY = re.compile(r"^PHÓ\b")


def check_form(document: PlanDocument) -> Iterator[PlanWarning]:
    """A warning for each part of the form that is missing or misshapen, in the order of the page."""
    yield from _letterhead(document)
    yield from _preamble(document)
    yield from _implementation(document)
    yield from _appendices(document)
    yield from _recipients(document)
    yield from _signature(document)


def _letterhead(document: PlanDocument) -> Iterator[PlanWarning]:
    header = document.header
    issuer, parent = header.issuing_authority, header.parent_authority
    if issuer is None:
        yield PlanWarning(code="issuer_missing", message="no issuing body was read: look at the letterhead", page=1)
    elif "issuing_authority" in header.inferred:
        message = f"{issuer!r} was concluded from the number, not read: look at the letterhead"
        yield PlanWarning(code="issuer_inferred", message=message, page=1)
    if issuer and parent:
        shared = [word for word in _SAME_RANK if issuer.lower().startswith(word) and parent.lower().startswith(word)]
        if shared:
            message = f"{parent!r} and {issuer!r} are of one rank: they may be joint issuers"
            yield PlanWarning(code="issuer_doubtful", message=message, page=1)
            yield PlanWarning(code="parent_doubtful", message=message, page=1)
    if header.place is None:
        yield PlanWarning(code="place_missing", message="no place of issue was read: look at the letterhead", page=1)
    if header.document_type is None:
        yield PlanWarning(code="type_missing", message="no kind of document was read: look at the title", page=1)
    if header.title is None:
        yield PlanWarning(code="title_missing", message="no subject was read under the kind of document", page=1)
        if header.document_type is not None:
            message = f"{header.document_type!r} was concluded without a title: look at the first page"
            yield PlanWarning(code="type_doubtful", message=message, page=1)


def _preamble(document: PlanDocument) -> Iterator[PlanWarning]:
    """A cited document whose printed date was not understood, or that is younger than the plan."""
    issued = document.header.issued_on
    later = [
        c
        for b in document.legal_bases
        for c in b.citations
        if issued and c.issued_on and c.issued_on[: len(issued)] > issued
    ]
    if later:
        message = (
            f"{issued} lies before {later[0].number!r} of {later[0].issued_on} that the text cites: one is misread"
        )
        yield PlanWarning(code="issued_on_doubtful", message=message, page=1)
    for basis in document.legal_bases:
        undated = [c for c in basis.citations if c.issued_on is None]
        dates = len(_DAY.findall(basis.text))
        if undated and dates > len(basis.citations) - len(undated):
            page = basis.source.page if basis.source else None
            for citation in undated:
                message = f"citation {citation.number!r}: a date is printed near it that was not understood"
                yield PlanWarning(code="citation_undated", message=message, page=page)


def _appendices(document: PlanDocument) -> Iterator[PlanWarning]:
    """Numbered headings in capitals under an appendix that has no table: group rows of a table that was not seen."""
    if document.tables:
        return
    for section in document.sections:
        grouped = sum(child.title.isupper() for child in section.children)
        if section.role == "appendix" and grouped >= 2:
            page = section.source.page if section.source else None
            message = f"{section.label} looks like a table whose rows were read as text: compare it with the page"
            yield PlanWarning(code="appendix_without_table", message=message, page=page, item_id=section.id)


def _implementation(document: PlanDocument) -> Iterator[PlanWarning]:
    chapters = [s for s in document.sections if s.role == "implementation"]
    if chapters and not document.responsibilities:
        message = f"section {chapters[0].label} should charge somebody, but no unit was found in it"
        page = chapters[0].source.page if chapters[0].source else None
        yield PlanWarning(code="implementation_without_unit", message=message, page=page, item_id=chapters[0].id)


def _recipients(document: PlanDocument) -> Iterator[PlanWarning]:
    if not document.recipients:
        yield PlanWarning(code="recipients_missing", message="no list of recipients was read", page=None)
        return
    for recipient in document.recipients:
        page = recipient.source.page if recipient.source else None
        words = recipient.name.split()
        if recipient.purpose is None and _BRACKET.search(recipient.name):
            message = f"recipient {recipient.name!r}: what the copy is for was not understood"
        elif len(words) >= 2 and _in_capitals(words[:3]):
            message = f"recipient {recipient.name!r} looks like a line of the signature"
            yield PlanWarning(code="signature_doubtful", message=f"{message}: compare both columns", page=page)
        elif any(a == b and a.isalpha() for a, b in pairwise(words)):
            message = f"recipient {recipient.name!r} repeats a word"
        else:
            continue
        yield PlanWarning(code="recipient_doubtful", message=message, page=page)
    if all(recipient.purpose != "lưu" for recipient in document.recipients):
        message = "the list of recipients has no 'Lưu' line: its end may not have been read"
        yield PlanWarning(code="recipients_cut", message=message, page=None)


def _in_capitals(words: Sequence[str]) -> bool:
    """Whether words are written in capitals, as titles are; abbreviations alone ("BGĐ SYT") are no title."""
    marked = any(map(unicodedata.combining, unicodedata.normalize("NFD", "".join(words))))
    return marked and all(word.isupper() and len(word) > 1 for word in words)


def _signature(document: PlanDocument) -> Iterator[PlanWarning]:
    signature = document.signature
    if signature is None:
        yield PlanWarning(code="signature_missing", message="no signature was read: look at the last page", page=None)
        return
    page = signature.source.page if signature.source else None
    if signature.source is not None and signature.source.confidence < _UNSURE:
        sure = f"{signature.source.confidence:.2f}"
        message = f"the signature block was read with confidence {sure}: compare title and name with the page"
        yield PlanWarning(code="signature_doubtful", message=message, page=page)
    elif signature.name is not None and len(signature.name.split()) == 2:
        message = f"the signer's name {signature.name!r} has two syllables only: one may lie under the seal"
        yield PlanWarning(code="signature_doubtful", message=message, page=page)
    if signature.name is None:
        message = "no signer's name was read: the seal may lie over it, and over the title above it"
        yield PlanWarning(code="signature_without_name", message=message, page=page)
    if signature.position is None:
        message = "the signer's title was not read: look at the lines over the signature"
        yield PlanWarning(code="signature_without_position", message=message, page=page)
    elif _DEPUTY.match(signature.position) and signature.capacity is None:
        message = f"{signature.position!r} signs for somebody (KT., TM.), but that line was not read"
        yield PlanWarning(code="signature_without_capacity", message=message, page=page)
