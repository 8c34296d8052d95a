"""What must hold between the parts of a plan document, beyond the types of its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from operator import attrgetter

from schemas.base import Source
from schemas.plan import Item, LegalBasis, PlanDocument

BOX_TOLERANCE = 3.0
"""Points by which a box may leave its page: straightening a scan turns and rounds coordinates."""
_BOUNDLESS = (float("inf"), float("inf"))  # of a page whose size is not known


class InconsistentDocumentError(ValueError):
    """A document breaks its own contract; ``violations`` says how, a sentence each."""

    def __init__(self, violations: list[str]) -> None:
        shown = "; ".join(violations[:5])
        more = f"; and {len(violations) - 5} more" if len(violations) > 5 else ""
        super().__init__(f"{shown}{more}")
        self.violations = violations


def check_document(document: PlanDocument) -> None:
    """Raise :class:`InconsistentDocumentError` when :func:`violations` finds any."""
    found = list(violations(document))
    if found:
        raise InconsistentDocumentError(found)


def violations(document: PlanDocument) -> Iterator[str]:
    """Sentences on what does not fit together.

    Ids are unique; what the registers of units and deadlines point at exists, and nothing that has a deadline or a
    unit is missing from them; pages exist and boxes lie on them; the lists a page agree in length.
    """
    ids = _identified(document)
    yield from _ids(ids)
    yield from _deadline_register(document)
    yield from _unit_register(document)
    yield from _references(document, set(ids))
    yield from _pages(document)
    yield from _places(document)


def _identified(document: PlanDocument) -> list[str]:
    """The id of everything that has one, except registered deadlines' owners."""
    ids = [section.id for section in document.walk_sections()]
    ids += [item.id for _, item in document.items()]
    ids += [responsibility.id for responsibility in document.responsibilities]
    ids += [table.id for table in document.tables]
    ids += [unit.id for unit in document.units]
    ids += [deadline.id for deadline in document.deadlines]
    return ids


def _ids(ids: Sequence[str]) -> Iterator[str]:
    for name, times in Counter(ids).items():
        if not name:
            yield "an id is empty"
        elif times > 1:
            yield f"id {name!r} is used {times} times"


_normal_form = attrgetter("text", "kind", "subject", "start", "due", "rrule", "condition")
"""Of a deadline, without its place."""


def _deadline_register(document: PlanDocument) -> Iterator[str]:
    """The register holds exactly the deadlines of the items."""
    kinds = {item.id: kind for kind, item in document.items()}
    owned = Counter([(item.id, _normal_form(d)) for _, item in document.items() for d in item.deadlines])
    registered = Counter([(d.item_id, _normal_form(d)) for d in document.deadlines])
    for deadline in document.deadlines:
        kind = kinds.get(deadline.item_id)
        if kind is None:
            yield f"deadline {deadline.id!r} belongs to {deadline.item_id!r}, which does not exist"
        elif kind != deadline.item_kind:
            yield f"deadline {deadline.id!r} calls {deadline.item_id!r} a {deadline.item_kind}, it is a {kind}"
    if owned == registered:
        return
    for (owner, form), _ in sorted((owned - registered).items(), key=str):
        yield f"deadline {form[0]!r} of {owner!r} is not in the register"
    for (owner, form), _ in sorted((registered - owned).items(), key=str):
        if owner in kinds:
            yield f"the register gives {owner!r} a deadline {form[0]!r} that it does not have"


def _unit_register(document: PlanDocument) -> Iterator[str]:
    known = {item.id for _, item in document.items()} | {r.id for r in document.responsibilities}
    for unit in document.units:
        for item_id in unit.item_ids:
            if item_id not in known:
                yield f"unit {unit.id!r} points at {item_id!r}, which does not exist"
    names = {name for unit in document.units for name in (unit.name, *unit.aliases)}
    used = [(r.id, r.unit) for r in document.responsibilities]
    used += [(task.id, unit) for task in document.tasks for unit in (*task.lead_units, *task.coordinating_units)]
    for owner, reference in used:
        if reference.name not in names:
            yield f"unit {reference.name!r} of {owner!r} is not in the register"


def _references(document: PlanDocument, known: Set[str]) -> Iterator[str]:
    tables = {table.id for table in document.tables}
    for task in document.tasks:
        if task.origin == "table" and task.section not in tables:
            yield f"task {task.id!r} comes from table {task.section!r}, which does not exist"
    for warning in document.warnings:
        if warning.item_id is not None and warning.item_id not in known:
            yield f"warning {warning.code!r} points at {warning.item_id!r}, which does not exist"


def _pages(document: PlanDocument) -> Iterator[str]:
    source = document.source
    if len(source.page_text) != source.pages:
        yield f"page_text has {len(source.page_text)} entries for {source.pages} pages"
    repeated = [page for page, times in Counter(info.page for info in source.page_info).items() if times > 1]
    if repeated:
        yield f"page_info names page {repeated[0]} twice"
    named = [info.page for info in source.page_info]
    named += [page for table in document.tables for page in table.pages]
    named += [warning.page for warning in document.warnings if warning.page is not None]
    for page in sorted(set(named)):
        if page > source.pages:
            yield f"page {page} is named, the document has {source.pages}"


def _places(document: PlanDocument) -> Iterator[str]:
    sizes = {info.page: (info.width, info.height) for info in document.source.page_info}
    low, pages = -BOX_TOLERANCE, document.source.pages
    for owner, source in _sources(document):
        if source.page > pages:
            yield f"{owner} stands on page {source.page}, the document has {pages}"
        if source.bbox is None:
            continue
        x0, y0, x1, y1 = source.bbox
        if x0 > x1 or y0 > y1:
            yield f"{owner} has a box turned inside out: {source.bbox}"
        width, height = sizes.get(source.page, _BOUNDLESS)
        if x0 < low or y0 < low or x1 > width + BOX_TOLERANCE or y1 > height + BOX_TOLERANCE:
            yield f"{owner} lies outside page {source.page} ({width:g} x {height:g}): {source.bbox}"


def _sources(document: PlanDocument) -> Iterator[tuple[str, Source]]:
    """Every place named in the document, with words on whose it is."""
    single = [(f"header.{name}", source) for name, source in document.header.sources.items()]
    single += [(f"recipient {n}", each.source) for n, each in enumerate(document.recipients, 1) if each.source]
    if document.signature and document.signature.source:
        single.append(("signature", document.signature.source))
    single += [(f"co-signer {n}", each.source) for n, each in enumerate(document.co_signers, 1) if each.source]
    yield from single
    items: list[tuple[str, Item | LegalBasis]] = []
    items += [(f"legal basis {n}", basis) for n, basis in enumerate(document.legal_bases, 1)]
    items += [(section.id, section) for section in document.walk_sections()]
    items += [(item.id, item) for _, item in document.items()]
    items += [(responsibility.id, responsibility) for responsibility in document.responsibilities]
    items += [(table.id, table) for table in document.tables]
    items += [(deadline.id, deadline) for deadline in document.deadlines]
    items += [(f"a deadline of {item.id}", deadline) for _, item in document.items() for deadline in item.deadlines]
    for owner, item in items:
        if item.source is not None:
            yield owner, item.source
        for source in item.sources:
            yield owner, source
