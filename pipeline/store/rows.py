"""A plan document as rows of the store's tables. Reads validated documents; knows no database.

The values of a row stand in the order of its table's columns, the document's own key left out: it is known only when
the document is written. They are of the types that both SQLite and PostgreSQL take as they are: text, numbers, None;
dates as ISO text, JSON as JSON text.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.store import folding
from pipeline.store.recurrence import due_days, plan_window
from schemas import Citation, PlanDocument, Section, Source, UnitRef
from schemas.plan import Item

Row = tuple[str | int | float | None, ...]
Rows = dict[str, list[Row]]

_GREATEST = 2**63 - 1
_OWN_PARAGRAPHS = ("objectives", "tasks", "implementation")
"""Roles of sections whose paragraphs come back as items; indexing both would find everything twice."""


def header_values(document: PlanDocument) -> dict[str, Any]:
    """Columns of ``documents`` that the document itself decides."""
    header, source, quality = document.header, document.source, document.quality
    issued = header.issued_on or ""
    return {
        "pages": source.pages,
        "language": source.language,
        "schema_version": document.schema_version,
        "engine": source.engine,
        "document_type": header.document_type,
        "document_number": header.document_number,
        "number_key": folding.number_key(header.document_number) if header.document_number else None,
        "parent_authority": header.parent_authority,
        "issuing_authority": header.issuing_authority,
        "place": header.place,
        "issued_on": dt.date.fromisoformat(issued) if len(issued) == 10 else None,
        "issued_text": header.issued_on,
        "title": header.title,
        "plan_years": header.plan_years,
        "funding": document.funding,
        "header_places": {name: place.model_dump() for name, place in header.sources.items()},
        "header_inferred": header.inferred,
        "ocr_confidence": quality.ocr_confidence,
        "ocr_confidence_p5": quality.ocr_confidence_p5,
        "syllables": quality.syllables,
        "syllables_restored": quality.syllables_restored,
        "syllables_doubtful": quality.syllables_doubtful,
        "pages_failed": quality.pages_failed,
    }


def part_rows(document: PlanDocument) -> Rows:
    """Rows of the tables of parts, by table; a table that the document has nothing for is not among them."""
    rows: Rows = defaultdict(list)
    unit_ids = _UnitIds(document)
    _pages(document, rows)
    _sections(document.sections, None, rows)
    for number, basis in enumerate(document.legal_bases, 1):
        rows["legal_bases"].append((number, basis.text, *_place(basis.source), _places(basis.sources)))
        _cite(basis.citations, number, None, rows)
    _tables(document, rows)
    _objectives(document, rows)
    _tasks(document, unit_ids, rows)
    _responsibilities(document, unit_ids, rows)
    _units(document, rows)
    _deadlines(document, rows)
    for number, entry in enumerate(document.recipients, 1):
        rows["recipients"].append((number, entry.name, entry.purpose, *_place(entry.source)))
    signers = [("signer", document.signature)] if document.signature else []
    signers += [("co_signer", signer) for signer in document.co_signers]
    for number, (role, signer) in enumerate(signers, 1):
        values = (signer.capacity, signer.position, signer.name, signer.digital)
        rows["signatures"].append((number, role, *values, *_place(signer.source)))
    for number, warning in enumerate(document.warnings, 1):
        rows["warnings"].append((number, warning.code, warning.message, warning.page, warning.item_id))
    _search(document, rows)
    return {table: own for table, own in rows.items() if own}


class _UnitIds:
    """Which unit of the register a reference means: by name and parent, by name, by a form as printed."""

    def __init__(self, document: PlanDocument) -> None:
        self._exact = {(unit.name, unit.parent): unit.id for unit in reversed(document.units)}
        self._names = {alias: unit.id for unit in reversed(document.units) for alias in unit.aliases}
        self._names.update((unit.name, unit.id) for unit in reversed(document.units))

    def __getitem__(self, unit: UnitRef) -> str:
        return self._exact.get((unit.name, unit.parent)) or self._names[unit.name]


def _pages(document: PlanDocument, rows: Rows) -> None:
    known = {info.page: info for info in document.source.page_info}
    for number, text_source in enumerate(document.source.page_text, 1):
        info = known.get(number)
        size = (info.width, info.height, info.triage, info.triage_score, info.error) if info else (None,) * 5
        rows["pages"].append((number, text_source, *size))


def _sections(sections: Sequence[Section], parent: str | None, rows: Rows) -> None:
    for section in sections:
        own = (section.label, section.title, section.level, section.role, to_json(section.paragraphs))
        rows["sections"].append((section.id, parent, len(rows["sections"]) + 1, *own, *_item_place(section)))
        _sections(section.children, section.id, rows)


def _cite(citations: Iterable[Citation], basis: int | None, task: str | None, rows: Rows) -> None:
    for cited in citations:
        own = (cited.type, cited.number, folding.number_key(cited.number), cited.issued_on, cited.issuer)
        rows["citations"].append((len(rows["citations"]) + 1, basis, task, *own))


def _tables(document: PlanDocument, rows: Rows) -> None:
    for number, table in enumerate(document.tables, 1):
        own = (table.title, to_json(table.columns), table.role, to_json(table.pages))
        rows["tables"].append((table.id, number, *own, *_item_place(table)))
        for row_number, cells in enumerate(table.rows, 1):
            for column_number, cell in enumerate(cells, 1):
                rows["cells"].append((table.id, row_number, column_number, cell))


def _objectives(document: PlanDocument, rows: Rows) -> None:
    for number, item in enumerate(document.objectives, 1):
        own = (item.text, item.section, item.context, item.scope, item.horizon)
        rows["objectives"].append((item.id, number, *own, *_item_place(item)))
        for target in item.targets:
            value = (target.comparator, _number(target.value), target.unit)
            rows["targets"].append((len(rows["targets"]) + 1, item.id, *value))


def _tasks(document: PlanDocument, unit_ids: _UnitIds, rows: Rows) -> None:
    deadlines = Counter(deadline.item_id for deadline in document.deadlines)
    for number, task in enumerate(document.tasks, 1):
        table = task.section if task.origin == "table" else None
        budget = None if task.budget_vnd is None else _number(task.budget_vnd)
        counts = (len(task.lead_units) + len(task.coordinating_units), deadlines[task.id])
        place = (task.section, table, task.group, task.context)
        own = (task.number, task.text, *place, task.deliverable, budget, task.notes, task.origin, *counts)
        rows["tasks"].append((task.id, number, *own, *_item_place(task)))
        _cite(task.citations, None, task.id, rows)
        for role, references in (("lead", task.lead_units), ("coordinate", task.coordinating_units)):
            for unit in references:
                _assign(unit_ids[unit], role, task.id, None, unit, rows)


def _assign(unit_id: str, role: str, task: str | None, duty: str | None, unit: UnitRef, rows: Rows) -> None:
    number = len(rows["assignments"]) + 1
    rows["assignments"].append((unit_id, number, role, task, duty, unit.text, *_place(unit.source)))


def _responsibilities(document: PlanDocument, unit_ids: _UnitIds, rows: Rows) -> None:
    for number, charge in enumerate(document.responsibilities, 1):
        unit_id = unit_ids[charge.unit]
        own = (unit_id, charge.unit.text, charge.label)
        rows["responsibilities"].append((charge.id, number, *own, *_item_place(charge)))
        for duty in charge.duties:
            position = len(rows["duties"]) + 1
            rows["duties"].append((duty.id, position, charge.id, duty.text, duty.context, *_item_place(duty)))
            _assign(unit_id, "implement", None, duty.id, charge.unit, rows)


def _units(document: PlanDocument, rows: Rows) -> None:
    counts = Counter((row[0], row[2]) for row in rows["assignments"])
    names: set[str] = set()
    for unit in document.units:
        key = folding.key(unit.name)
        own = (unit.name, key, unit.parent, to_json(unit.aliases))
        by_role = (counts[unit.id, role] for role in ("lead", "coordinate", "implement"))
        rows["units"].append((unit.id, *own, *by_role, int(key not in names)))
        names.add(key)


def _deadlines(document: PlanDocument, rows: Rows) -> None:
    window = plan_window(document.header)
    for number, item in enumerate(document.deadlines, 1):
        owner = tuple(item.item_id if item.item_kind == kind else None for kind in ("objective", "task", "duty"))
        own = (item.text, item.kind, item.subject, item.start, item.due, item.rrule, item.condition)
        rows["deadlines"].append((item.id, number, item.item_kind, *owner, *own, *_item_place(item)))
        for day in due_days(item, window):
            rows["occurrences"].append((item.id, day.isoformat(), item.rrule is not None))


def _search(document: PlanDocument, rows: Rows) -> None:
    """One entry for each text that people look for; where found, the item's own row has the text."""

    def add(kind: str, item_id: str, *texts: str | None) -> None:
        rows["search"].append((kind, item_id, *folding.index_words(*texts)))

    header = document.header
    add("document", "", header.document_type, header.document_number, header.title, header.issuing_authority)
    for number, basis in enumerate(document.legal_bases, 1):
        add("legal_basis", str(number), basis.text)
    for section in document.walk_sections():
        paragraphs = [] if section.role in _OWN_PARAGRAPHS else section.paragraphs
        if section.title or paragraphs:
            add("section", section.id, section.title, *paragraphs)
    for objective in document.objectives:
        add("objective", objective.id, objective.text)
    for task in document.tasks:
        add("task", task.id, task.text, task.deliverable)
    for charge in document.responsibilities:
        for duty in charge.duties:
            add("duty", duty.id, duty.text)


def _place(source: Source | None) -> Row:
    if source is None:
        return (None,) * 6
    return (source.page, *(source.bbox or (None,) * 4), source.confidence)


def _places(sources: Sequence[Source]) -> str | None:
    return to_json([source.model_dump() for source in sources]) if len(sources) > 1 else None


def _item_place(item: Item) -> Row:
    return (*_place(item.source), _places(item.sources), to_json(item.inferred))


def _number(value: int | float) -> int | float | str:
    """Whole numbers beyond the databases' integers go as text, which their numeric columns take."""
    return str(value) if isinstance(value, int) and abs(value) > _GREATEST else value


def to_json(value: Any) -> str:
    """Compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ("{}" if value == {} else "[]")
