"""The plan document as JSON, version 1: the executable form of the contract between kehoach and its readers.

Texts are Vietnamese as printed (NFC, wrapped lines joined), dates ISO 8601, money whole đồng, pages counted from 1.
Missing is ``null``, an empty list is ``[]``; what was derived rather than read is named in ``inferred``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import compress
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.base import Model, PageNumber, Source

SCHEMA_VERSION = "1.1"

Role = Literal[
    "purpose",
    "requirements",
    "purpose_requirements",
    "situation",
    "objectives",
    "tasks",
    "funding",
    "implementation",
    "appendix",
    "other",
]
DeadlineKind = Literal["date", "month", "quarter", "year", "period", "recurring", "ongoing", "conditional"]
UnitRole = Literal["lead", "coordinate", "implement"]
Year = Annotated[int, Field(ge=1900, le=2200)]


_RRULE = re.compile(r"FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)(;[A-Z]+=[-+\w,]+)*")
_FIELDS = ("start", "due", "rrule", "condition")
_FILLED: dict[str, tuple[bool, ...]] = {
    "date": (False, True, False, False),
    "month": (False, True, False, False),
    "quarter": (False, True, False, False),
    "year": (False, True, False, False),
    "period": (True, True, False, False),
    "recurring": (False, False, True, False),
    "ongoing": (False, False, False, False),
    "conditional": (False, False, False, True),
}
"""Kinds of deadlines and which of these fields each fills."""


def _real_date(value: str) -> str:
    dt.date.fromisoformat(value)
    return value


def _real_date_or_month(value: str) -> str:
    dt.date.fromisoformat(value if len(value) == 10 else value + "-01")
    return value


IsoDate = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2025-09-30"]), AfterValidator(_real_date)]
IsoDateOrMonth = Annotated[
    str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$", examples=["2026-03"]), AfterValidator(_real_date_or_month)
]


class Item(Model):
    """What every item has: a stable id and its place on paper."""

    source: Source | None = Field(default=None, description="first place of the item")
    sources: list[Source] = Field(default_factory=list, description="one source a page, for items over several pages")
    inferred: list[str] = Field(default_factory=list, description="names of fields derived rather than read")


class PageSize(Model):
    """A page's size in points and what was decided about it."""

    page: PageNumber = Field(description="page of the file, from 1")
    width: float = Field(gt=0, description="points")
    height: float = Field(gt=0, description="points")
    triage: str = Field(description="what the page is made of: image, text, garbled, blank …")
    triage_score: float | None = Field(default=None, description="the figure that decided, share of valid tokens")
    error: str | None = Field(default=None, description="why the page could not be read; null when it was")


class SourceFile(Model):
    """The file a plan was read from."""

    file: str = Field(description="file name without folders")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the file's bytes")
    pages: int = Field(ge=0, description="pages of the file")
    page_text: list[Literal["ocr", "text_layer", "fused", "none"]] = Field(description="how each page was read")
    engine: dict[str, str] = Field(default_factory=dict, description="names and versions of programs and models")
    language: str = Field(default="vi", description="language of the text, as in BCP 47")
    page_info: list[PageSize] = Field(default_factory=list, description="what is known of each page read")


class Header(Model):
    """The letterhead and the title."""

    parent_authority: str | None = Field(
        default=None, examples=["UBND tỉnh Bạc Liêu"], description="body above the issuing one, in normal case"
    )
    issuing_authority: str | None = Field(
        default=None,
        examples=["Sở Y tế"],
        description="body that issues the plan, in normal case; joint issuers are joined by ' - '",
    )
    document_number: str | None = Field(
        default=None,
        examples=["71/KH-SYT", "/KH-SYT"],
        description="number and symbol; begins with '/' when the number was left blank",
    )
    place: str | None = Field(default=None, examples=["Bạc Liêu"], description="place of issue")
    issued_on: IsoDateOrMonth | None = Field(default=None, description="year and month alone where the day is blank")
    document_type: str | None = Field(default=None, examples=["Kế hoạch"], description="kind of document")
    title: str | None = Field(default=None, description="trích yếu without the document type")
    plan_years: list[Year] = Field(
        default_factory=list, description="years that title or preamble say the plan is for, else the year of issue"
    )
    sources: dict[str, Source] = Field(default_factory=dict, description="field name -> its place on paper")
    inferred: list[str] = Field(default_factory=list, description="names of fields derived rather than read")


class Citation(Model):
    """A numbered document that the text refers to."""

    type: str = Field(examples=["Nghị quyết"], description="kind of the cited document")
    number: str = Field(examples=["57-NQ/TW"], description="its number and symbol")
    issued_on: IsoDate | None = Field(default=None, description="its date, where printed here")
    issuer: str | None = Field(default=None, description="its issuing body, where printed here")


class LegalBasis(Model):
    """A "Căn cứ …" or "Thực hiện …" paragraph of the preamble."""

    text: str = Field(description="the paragraph")
    citations: list[Citation] = Field(default_factory=list, description="documents it cites")
    source: Source | None = Field(default=None, description="first place of the paragraph")
    sources: list[Source] = Field(default_factory=list, description="one source a page")


class Section(Item):
    """A numbered heading or statement."""

    id: str = Field(description="stable id")
    label: str = Field(description="as printed, without punctuation", examples=["I", "2.2.1", "a", "1"])
    title: str = Field(description="empty when the numbered line is a whole statement: then it is the first paragraph")
    level: int = Field(ge=1, description="depth in the document's own numbering, from 1")
    role: Role = Field(description="what the section is about; children inherit it")
    paragraphs: list[str] = Field(default_factory=list, description="un-numbered text of the section")
    children: list[Section] = Field(default_factory=list, description="sections below it, in printed order")


class Target(Model):
    """A quantified target."""

    value: float | int = Field(description="the number")
    unit: str = Field(examples=["%", "đơn vị"], description="what is counted")
    comparator: Literal["=", ">=", "<=", ">", "<"] = Field(
        default="=", description="how the value bounds what is reached"
    )


class Deadline(Item):
    """A date, period or recurrence by which or during which an item is to be done or reported."""

    text: str = Field(description="the clause as printed")
    kind: DeadlineKind = Field(description="normal form: decides which of the other fields are filled")
    subject: Literal["item", "report"] = Field(
        default="item", description="report: what is due is a report on the item"
    )
    start: IsoDate | None = Field(default=None, description="period only")
    due: IsoDate | None = Field(default=None, description="last day")
    rrule: str | None = Field(default=None, description="RFC 5545 recurrence rule, without the RRULE: prefix")
    condition: str | None = Field(default=None, description="what the deadline depends on")

    @model_validator(mode="after")
    def _fields_of_kind(self) -> Self:
        wanted = _FILLED[self.kind]
        filled = (self.start is not None, self.due is not None, self.rrule is not None, self.condition is not None)
        if filled != wanted:
            own, found = (sorted(compress(_FIELDS, chosen)) for chosen in (wanted, filled))
            raise ValueError(f"a deadline of kind {self.kind!r} fills {own}, not {found}")
        if self.start and self.due and self.start > self.due:
            raise ValueError(f"period ends before it starts: {self.start} > {self.due}")
        if self.rrule is not None and not _RRULE.fullmatch(self.rrule):
            raise ValueError(f"not a recurrence rule: {self.rrule!r}")
        return self


class RegisteredDeadline(Deadline):
    """A deadline in the register, with its owner."""

    id: str = Field(description="stable id")
    item_id: str = Field(description="id of its owner")
    item_kind: Literal["objective", "task", "duty"] = Field(description="kind of its owner")


class Objective(Item):
    """A leaf item of a section whose role is ``objectives``."""

    id: str = Field(description="stable id")
    text: str = Field(description="the statement without its bullet or number")
    section: str = Field(description="label path", examples=["II.2.1"])
    context: str | None = Field(default=None, description="the line that introduces the item")
    scope: Literal["general", "specific", "vision"] | None = Field(default=None, description="from the headings")
    horizon: Year | None = Field(default=None, description="year that heading or text sets")
    targets: list[Target] = Field(default_factory=list, description="quantified targets")
    deadlines: list[Deadline] = Field(default_factory=list, description="deadlines that the item itself states")


class UnitRef(Model):
    """A unit as named in an item."""

    name: str = Field(description="canonical name")
    parent: str | None = Field(default=None, description="body that the unit is part of, where named")
    text: str = Field(description="as printed")
    source: Source | None = Field(default=None, description="place of the name on paper")


class Task(Item):
    """Something to be done: a leaf item of a section of role ``tasks``, or a numbered row of a task table."""

    id: str = Field(description="stable id")
    number: str | None = Field(default=None, description="printed number")
    text: str = Field(description="the statement without its bullet or number")
    section: str = Field(description="label path, or the id of the table")
    group: str | None = Field(default=None, description="heading or group row above it")
    context: str | None = Field(default=None, description="the line that introduces the item")
    lead_units: list[UnitRef] = Field(default_factory=list, description="units in charge")
    coordinating_units: list[UnitRef] = Field(default_factory=list, description="units that take part")
    deliverable: str | None = Field(default=None, description="result or product to be delivered")
    deadlines: list[Deadline] = Field(default_factory=list, description="when it is to be done or reported")
    budget_vnd: int | None = Field(default=None, ge=0, description="đồng")
    notes: str | None = Field(default=None, description="remarks of its table row")
    citations: list[Citation] = Field(default_factory=list, description="documents it cites")
    origin: Literal["section", "table"] = Field(default="section", description="where it stands")


class Duty(Item):
    """What a unit is charged with."""

    id: str = Field(description="stable id")
    text: str = Field(description="the statement without its bullet or number")
    context: str | None = Field(default=None, description="the line that introduces the item")
    deadlines: list[Deadline] = Field(default_factory=list, description="when it is to be done or reported")


class Responsibility(Item):
    """A unit and its duties, from the implementation chapter."""

    id: str = Field(description="stable id")
    unit: UnitRef = Field(description="who is charged")
    label: str | None = Field(default=None, description="number of its heading; null where there is none")
    duties: list[Duty] = Field(default_factory=list, description="what the unit is charged with")


class Unit(Model):
    """An entry of the register of units."""

    id: str = Field(description="stable id")
    name: str = Field(description="canonical name")
    aliases: list[str] = Field(default_factory=list, description="other forms as printed")
    parent: str | None = Field(default=None, description="body that the unit is part of")
    roles: list[UnitRole] = Field(default_factory=list, description="what the unit does in this plan")
    item_ids: list[str] = Field(default_factory=list, description="tasks, responsibilities and duties that name it")


class PlanTable(Item):
    """A table as printed, joined over its pages."""

    id: str = Field(description="stable id")
    title: str | None = Field(default=None, description="caption")
    columns: list[str] = Field(description="headings")
    rows: list[list[str]] = Field(description="cells as printed, group rows included")
    pages: list[PageNumber] = Field(default_factory=list, description="pages that the table stands on")
    role: Literal["tasks", "projects", "other"] = Field(
        default="other", description="tasks and projects: its rows are tasks"
    )

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, the table {len(self.columns)} columns")
        return self


class Recipient(Model):
    """An entry of "Nơi nhận"."""

    name: str = Field(description="as printed")
    purpose: str | None = Field(
        default=None, examples=["báo cáo", "thực hiện", "phối hợp", "lưu"], description="what the copy is for"
    )
    source: Source | None = Field(default=None, description="place of the entry")


class Signature(Model):
    """Who signed, in what capacity."""

    capacity: str | None = Field(
        default=None, examples=["KT. GIÁM ĐỐC"], description="the line that says on whose behalf"
    )
    position: str | None = Field(default=None, examples=["PHÓ GIÁM ĐỐC"], description="the signer's own title")
    name: str | None = Field(default=None, description="the signer")
    digital: str | None = Field(default=None, description="text of a digital-signature stamp")
    source: Source | None = Field(default=None, description="place of the block")


class Quality(Model):
    """Figures on the run."""

    ocr_confidence: float | None = Field(default=None, ge=0, le=1, description="mean over words")
    ocr_confidence_p5: float | None = Field(default=None, ge=0, le=1, description="fifth percentile over words")
    syllables: int = Field(default=0, ge=0, description="syllables read")
    syllables_restored: int = Field(default=0, ge=0, description="changed by restoration")
    syllables_doubtful: int = Field(default=0, ge=0, description="left doubtful")
    pages_failed: int = Field(default=0, ge=0, description="pages that could not be read")


class PlanWarning(Model):
    """Something a person should look at."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="kind of warning")
    message: str = Field(description="what to look at")
    page: PageNumber | None = Field(default=None, description="where")
    item_id: str | None = Field(default=None, description="item that it is about")


class PlanDocument(Model):
    """One plan document (Kế hoạch and its kin)."""

    schema_version: str = Field(default=SCHEMA_VERSION, pattern=r"^1\.\d+$", description="version of this contract")
    source: SourceFile = Field(description="the file and how it was read")
    header: Header = Field(default_factory=Header, description="letterhead and title")
    legal_bases: list[LegalBasis] = Field(
        default_factory=list, description="paragraphs of the preamble that found the plan"
    )
    sections: list[Section] = Field(default_factory=list, description="tree of numbered headings")
    objectives: list[Objective] = Field(default_factory=list, description="what is to be reached")
    tasks: list[Task] = Field(default_factory=list, description="what is to be done")
    responsibilities: list[Responsibility] = Field(default_factory=list, description="who is charged with what")
    units: list[Unit] = Field(
        default_factory=list, description="register of every unit that leads, takes part or bears a duty"
    )
    deadlines: list[RegisteredDeadline] = Field(
        default_factory=list, description="register of every deadline of every objective, task and duty"
    )
    funding: str | None = Field(default=None, description="text of the section on money")
    tables: list[PlanTable] = Field(default_factory=list, description="every table, joined over its pages")
    recipients: list[Recipient] = Field(default_factory=list, description="list of copies")
    signature: Signature | None = Field(default=None, description="signature of the issuing body")
    co_signers: list[Signature] = Field(default_factory=list, description="approving and joint signers")
    quality: Quality = Field(default_factory=Quality, description="figures on the run")
    warnings: list[PlanWarning] = Field(default_factory=list, description="what a person should look at")

    def walk_sections(self) -> Iterator[Section]:
        """All sections, parents before children."""

        def walk(sections: list[Section]) -> Iterator[Section]:
            for section in sections:
                yield section
                yield from walk(section.children)

        return walk(self.sections)

    def items(self) -> Iterator[tuple[Literal["objective", "task", "duty"], Objective | Task | Duty]]:
        """Everything that can own a deadline, with its kind."""
        for objective in self.objectives:
            yield "objective", objective
        for task in self.tasks:
            yield "task", task
        for responsibility in self.responsibilities:
            for duty in responsibility.duties:
                yield "duty", duty
