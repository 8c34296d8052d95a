"""The plan document from what its parts say: ids, registers, tables with their meaning, warnings.

Reads the layout, the outline and the joined tables of one document; calls the readers of each part in turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.abbreviations import learn
from pipeline.extract.context import PlanContext, issue_day, plan_year, year_above_tables
from pipeline.extract.crosschecks import cross_check, outline_notes
from pipeline.extract.funding import read_funding
from pipeline.extract.header import read_header
from pipeline.extract.legal_bases import read_legal_bases
from pipeline.extract.letters import with_letter_roles
from pipeline.extract.objectives import read_objectives
from pipeline.extract.recipients import read_recipients
from pipeline.extract.registers import reconcile_units, register_deadlines, register_units
from pipeline.extract.responsibilities import read_responsibilities
from pipeline.extract.signature import joint_signers, read_signatures
from pipeline.extract.table_captions import caption_of
from pipeline.extract.table_columns import Columns, read_columns, table_role
from pipeline.extract.table_tasks import read_table_tasks
from pipeline.extract.tasks import read_section_tasks
from pipeline.values import Block, DocumentLayout, Outline, Paragraph, Section, Table, Text
from schemas import PlanDocument, PlanTable, PlanWarning, Quality, Source, SourceFile, Task
from schemas import Section as SectionModel


def assemble_document(
    source: SourceFile,
    layout: DocumentLayout,
    outline: Outline,
    tables: Sequence[Table],
    quality: Quality,
    warnings: Sequence[PlanWarning],
) -> PlanDocument:
    """Everything the document holds, in the contract's form. The same input gives the same ids."""
    header = read_header(layout, outline)
    plan = PlanContext(
        year=plan_year(header) or year_above_tables(layout.body) or 0,
        lore=learn(_all_text(layout, tables), header.issuing_authority),
        issued_on=issue_day(header),
    )
    dated = plan.year > 0
    if not dated:
        plan = PlanContext(_YEARLESS, plan.lore, None)
    outline = with_letter_roles(outline, header, plan)
    objectives = read_objectives(outline, plan)
    tasks = read_section_tasks(outline, plan)
    plan_tables, table_tasks, doubts = _tables(tables, layout.body, outline, plan, len(tasks) + 1)
    tasks = [task.model_copy(update={"id": f"t{n}"}) for n, task in enumerate([*tasks, *table_tasks], 1)]
    tasks, responsibilities = reconcile_units(tasks, read_responsibilities(outline, plan), plan.lore.words)
    signatures = read_signatures(
        layout.signature, layout.digital_signature, layout.recipients, header.issuing_authority
    )
    document = PlanDocument(
        source=source,
        header=header,
        legal_bases=read_legal_bases(outline),
        sections=_sections(outline),
        objectives=objectives,
        tasks=tasks,
        responsibilities=responsibilities,
        units=register_units(tasks, responsibilities),
        deadlines=register_deadlines(objectives, tasks, responsibilities),
        funding=read_funding(outline),
        tables=plan_tables,
        recipients=read_recipients(layout.recipients[len(joint_signers(layout.recipients)) :]),
        signature=signatures[0] if signatures else None,
        co_signers=signatures[1:],
        quality=quality,
        warnings=list(warnings),
    )
    found = [*outline_notes(outline, document.sections), *doubts, *cross_check(document, layout, dated=dated)]
    asked = {size.page for size in source.page_info}  # of page 4 alone nobody misses letterhead and signature
    if asked and len(asked) < source.pages:
        found = [w for w in found if w.page in asked or (w.page is None and w.code not in _AT_THE_END)]
    return document.model_copy(update={"warnings": [*warnings, *found]})


_AT_THE_END = frozenset({"recipients_missing", "recipients_cut", "signature_missing"})
_LISTS = re.compile(r"(?:thời gian|địa điểm|lịch|danh sách|thành phần|đối tượng)\b", re.IGNORECASE)
_YEARLESS = 1900  # stands in where neither title nor date gives a year; such deadlines are warned of


def _all_text(layout: DocumentLayout, tables: Sequence[Table]) -> str:
    parts = [t.string for t in (*layout.title, *layout.recipients)]
    parts += [block.text.string for block in layout.body if isinstance(block, Paragraph)]
    parts += [cell.string for table in tables for row in table.rows for cell in row]
    return "\n".join(parts)


# --- sections ---------------------------------------------------------------------------------------------------------


def _sections(outline: Outline) -> list[SectionModel]:
    count = 0

    def model(section: Section) -> SectionModel:
        nonlocal count
        count += 1
        section_id = f"s{count}"
        head = section.title if section.title else (section.items[0].text if section.items else Text(""))
        sources = head.sources()
        return SectionModel(
            id=section_id,
            label=section.label,
            title=section.title.string,
            level=section.level,
            role=section.role,  # type: ignore[arg-type]
            paragraphs=[item.text.string for item in section.items],
            children=[model(child) for child in section.children],
            source=sources[0] if sources else None,
            sources=sources,
        )

    return [model(section) for section in outline.sections]


# --- tables -----------------------------------------------------------------------------------------------------------


def _tables(
    tables: Sequence[Table], body: Sequence[Block], outline: Outline, plan: PlanContext, first: int
) -> tuple[list[PlanTable], list[Task], list[PlanWarning]]:
    models: list[PlanTable] = []
    tasks: list[Task] = []
    doubts: list[PlanWarning] = []
    for n, table in enumerate(tables, 1):
        table_id = f"tb{n}"
        caption = caption_of(table, body)
        title = caption.title or _appendix_title(table, outline)
        columns = read_columns(table)
        role = "other" if _lists_only(table, columns, outline) else table_role(columns, title.string if title else None)
        if role != "other":
            found = read_table_tasks(table, table_id, columns, plan, caption.money)
            for doubt in found.doubts:
                item = f"t{first + len(tasks) + doubt.task}" if doubt.task is not None else table_id
                doubts.append(PlanWarning(code=doubt.code, message=doubt.message, page=doubt.page, item_id=item))
            tasks += found.tasks
        sources = _table_sources(table)
        models.append(
            PlanTable(
                id=table_id,
                title=title.string if title else None,
                columns=list(table.columns),
                rows=[[cell.string for cell in row] for row in table.rows],
                pages=list(table.pages),
                role=role,
                source=sources[0] if sources else None,
                sources=sources,
            )
        )
    return models, tasks, doubts


def _lists_only(table: Table, columns: Columns, outline: Outline) -> bool:
    """Whether the table stands under a heading of times, places or members: it lists them, whatever its columns.

    In the chapter of money it lists what that is spent on, unless it names projects or says by when.
    """
    for section in outline.sections:
        for inner in section.walk():
            if any(held is table for held in inner.tables):
                if inner.role == "funding":
                    return not {"project", "deadline"} & set(columns.kinds)
                return inner.role == "other" and _LISTS.match(inner.title.string) is not None
    return False


def _appendix_title(table: Table, outline: Outline) -> Text | None:
    """The title of the appendix whose only table this is: there the heading is the table's caption."""
    for section in outline.sections:
        if section.role in ("appendix", "tasks") and section.label.lower().startswith(("phụ lục", "biểu")):
            held = [t for s in section.walk() for t in s.tables]
            if len(held) == 1 and held[0] is table and section.title:
                return section.title
    return None


def _table_sources(table: Table) -> list[Source]:
    boxes = dict(zip(table.pages, table.boxes, strict=False))
    words = Text("", tuple(word for row in table.rows for cell in row for word in cell.words))
    confidence = {source.page: source.confidence for source in words.sources()}
    return [
        Source(
            page=page,
            bbox=box.as_tuple() if (box := boxes.get(page)) is not None else None,
            confidence=confidence.get(page, 1.0),
        )
        for page in table.pages
    ]
