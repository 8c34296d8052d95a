"""Contradictions and doubts that a person should look at, as warnings that say what to do.

Reads the assembled document and its layout. Codes are stable; messages name the item, the page and the values at odds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from pipeline.extract.context import issue_day
from pipeline.extract.deadline_values import is_left_open, read_deadline_value
from pipeline.extract.form_checks import check_form
from pipeline.extract.language import read, time_spans
from pipeline.extract.plausibility import check_shapes
from pipeline.extract.table_checks import check_tables
from pipeline.extract.times import calendar_day
from pipeline.knowledge.attributes import attribute_of
from pipeline.values import DocumentLayout, Outline, Paragraph
from schemas import Duty, Objective, PlanDocument, PlanWarning, Section, Task

LOW = 0.6
"""Confidence below which a value should be compared with the page."""

_LONG_BEFORE = 100  # days by which a period may begin before the plan is issued without being odd

_MOST = 25  # warnings of one kind; the rest is counted in one line

_BY = r"trước|chậm nhất|muộn nhất|hạn (?:chót|cuối)"
# "trước ngày 3Q/Ó/2026"; "định kỳ thường xuyên (01 lên/thông)"
_LIMIT = re.compile(
    rf"(?:{_BY}|chậm nhất là|đến hết) (?:ngày|tháng|quý) \S*\d\S*"
    r"|(?:định kỳ|thường xuyên) \(\d{1,2} \S+/\S+\)",
    re.IGNORECASE,
)
# "chậm nhất đến ngày 20/01/2018", "hoàn thành trước ngày 01/6/2018": a day by which something is to be done
_BY_DAY = re.compile(
    rf"\b(?:{_BY})(?:,? \w+){{0,2}} ngày"
    r" (\d{1,2}\s?(?:[/.-]|tháng)\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?)",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_TIME = 60  # characters in which an attribute line says by when
_LATE_DAY = re.compile(r"(?<!\d)(?:29|30|31)(?!\d)")  # some months lack them; every month has the others
_LATE_MONTH = re.compile(r"(?<![\w/.-])\d{1,2}/(?:1[3-9]|[2-9]\d)/(?:19|20)\d\d(?![\w/-])")
_YEARLY_DAY = re.compile(r"BYMONTH=(\d+);BYMONTHDAY=(\d+)")
_LEAP_YEAR = 2024
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUOTED = re.compile(r"'([^']*)'")

Owned = Objective | Task | Duty


def outline_notes(outline: Outline, sections: Sequence[Section]) -> list[PlanWarning]:
    """The outline's own repairs and doubts, each with the section it is about where only one on its page fits."""
    warnings = []
    by_place: dict[tuple[str | None, int], list[str]] = {}
    for section in _all(sections):
        if section.source is not None:
            by_place.setdefault((section.label, section.source.page), []).append(section.id)
    for code, message, page in outline.notes:
        label = next(iter(reversed(_QUOTED.findall(message))), None)
        fits = by_place.get((label, page), [])
        item = fits[0] if len(fits) == 1 else None
        warnings.append(PlanWarning(code=code, message=message, page=max(1, page), item_id=item))
    return warnings


def _all(sections: Sequence[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _all(section.children)


def cross_check(document: PlanDocument, layout: DocumentLayout, *, dated: bool) -> list[PlanWarning]:
    """Every contradiction found, in the order of the document."""
    checks = (
        _header(document, dated),
        _deadlines(document),
        _impossible_dates(document),
        _unread_deadlines(document),
        _unread_attributes(layout),
        _open_deadlines(document),
        _unassigned_deadlines(document, layout),
        _units(document),
        _row_numbers(document),
        _low_confidence(document),
        check_shapes(document),
        check_tables(document),
        check_form(document),
        _nothing_found(document),
    )
    return [warning for check in checks for warning in _limited(list(check))]


def _limited(found: Sequence[PlanWarning]) -> list[PlanWarning]:
    if len(found) <= _MOST:
        return list(found)
    rest = len(found) - _MOST
    last = PlanWarning(code=found[_MOST].code, message=f"{rest} more like these", page=None)
    return [*found[:_MOST], last]


def _owned(document: PlanDocument) -> list[Owned]:
    return [item for _, item in document.items()]


def _page(item: Owned) -> int | None:
    return item.source.page if item.source else None


def _header(document: PlanDocument, dated: bool) -> Iterator[PlanWarning]:
    header = document.header
    number = header.document_number
    if number is None:
        yield PlanWarning(code="number_missing", message="no document number was read: look at the letterhead", page=1)
    elif not re.match(r"\d", number):
        yield PlanWarning(
            code="number_blank", message=f"the number before {number!r} was left blank or not read", page=1
        )
    else:
        source = header.sources.get("document_number")
        if source is not None and source.confidence < LOW + 0.2:
            doubt = f"(confidence {source.confidence:.2f}): compare it with the page"
            if source.bbox is None:  # a dump has no places, and no pen
                message = f"the number {number!r} may be misread {doubt}"
                yield PlanWarning(code="number_doubtful", message=message, page=source.page)
            else:
                message = f"the number {number!r} may be handwritten {doubt}"
                yield PlanWarning(code="number_handwritten", message=message, page=source.page)
    if header.issued_on is None:
        yield PlanWarning(code="date_missing", message="no date of issue was read: look at the letterhead", page=1)
    elif len(header.issued_on) < 10:
        message = f"the day of issue in {header.issued_on} was left blank or not read"
        yield PlanWarning(code="day_blank", message=message, page=1)
    for field, code in (
        ("issued_on", "date_doubtful"),
        ("title", "title_doubtful"),
        ("issuing_authority", "issuer_doubtful"),
    ):
        source = header.sources.get(field)
        if source is not None and source.confidence < LOW - 0.1:
            value, sure = getattr(header, field), f"{source.confidence:.2f}"
            if value is None:
                message = f"{field} could not be read with confidence ({sure}): look at the page"
            else:
                message = f"{field} {value!r} was read with confidence {sure}: compare it with the page"
            yield PlanWarning(code=code, message=message, page=source.page)
    if not dated and any(item.deadlines for _, item in document.items()):
        message = "neither date nor title gives a year: deadlines printed without one have none to rely on"
        yield PlanWarning(code="year_unknown", message=message, page=1)


def _deadlines(document: PlanDocument) -> Iterator[PlanWarning]:
    issued = document.header.issued_on
    first = issue_day(document.header)
    for item in _owned(document):
        for printed in _days_before(first, item):
            message = f"{printed!r} lies before the plan's own date {issued} and was not taken for a deadline"
            yield PlanWarning(code="deadline_before_issue", message=message, page=_page(item), item_id=item.id)
        for deadline in item.deadlines:
            due = dt.date.fromisoformat(deadline.due) if deadline.due else None
            if due is None or first is None:
                continue
            if due < first:
                message = f"{deadline.text!r} ({due}) lies before the plan's own date {issued}"
                yield PlanWarning(code="deadline_before_issue", message=message, page=_page(item), item_id=item.id)
            elif deadline.start and (first - dt.date.fromisoformat(deadline.start)).days > _LONG_BEFORE:
                message = f"{deadline.text!r} begins on {deadline.start}, long before the plan's own date {issued}"
                yield PlanWarning(code="deadline_doubtful", message=message, page=_page(item), item_id=item.id)
            elif due.year - first.year > 30:
                message = f"{deadline.text!r} ({due}) lies more than 30 years ahead: compare the year with the page"
                yield PlanWarning(code="deadline_far_off", message=message, page=_page(item), item_id=item.id)


def _days_before(first: dt.date | None, item: Owned) -> Iterator[str]:
    """Days by which something is to be done, earlier than the plan: a slip of the author's, or a day misread."""
    if first is None or not _YEAR.search(item.text):
        return
    for found in _BY_DAY.finditer(item.text):
        day = _day(found[1])
        if day is not None and day < first and not any(found[1] in deadline.text for deadline in item.deadlines):
            yield found.group()


def _impossible_dates(document: PlanDocument) -> Iterator[PlanWarning]:
    """A printed day that no calendar has ("31/4/2026", "15/13/2026") gives no deadline, "31/4 hằng năm" none that comes
    round; say so."""
    for item in _owned(document):
        apart = [deadline.text for deadline in item.deadlines if deadline.text not in item.text]
        wrong = [printed for text in (item.text, *apart) for printed in _days_of_no_calendar(text)]
        for printed in (*wrong, *_days_of_no_year(item)):
            message = f"{printed!r} is no day of the calendar: compare it with the page"
            yield PlanWarning(code="impossible_date", message=message, page=_page(item), item_id=item.id)


def _day(printed: str) -> dt.date | None:
    """The day that "30/6/2025" or "30 tháng 6/2025" says, None where there is none or the year is left out."""
    figures = [int(n) for n in re.findall(r"\d+", printed)]
    return calendar_day(*figures[2::-1]) if len(figures) >= 3 else None


def _days_of_no_calendar(string: str) -> Iterator[str]:
    if not _YEAR.search(string):
        return
    yield from (found.group() for found in _LATE_MONTH.finditer(string))
    if not _LATE_DAY.search(string):  # most have no such date: not to be read
        return
    for span in time_spans(read(string)):
        if span.label_ == "date" and _day(span.text) is None:
            yield span.text


def _days_of_no_year(item: Owned) -> Iterator[str]:
    for deadline in item.deadlines:
        found = _YEARLY_DAY.search(deadline.rrule or "")
        if found is not None and calendar_day(_LEAP_YEAR, int(found[1]), int(found[2])) is None:
            yield deadline.text


def _unread_deadlines(document: PlanDocument) -> Iterator[PlanWarning]:
    """Words of a limit with figures behind them that are no time, and brackets of a repetition that is none."""
    for item in _owned(document):
        if item.deadlines or not _FIGURE.search(item.text) or (found := _LIMIT.search(item.text)) is None:
            continue
        times = time_spans(read(item.text))
        if any(span.start_char < found.end() + 12 and span.end_char > found.start() for span in times):
            continue
        message = f"{found.group()!r} looks like a deadline that was not understood: compare it with the page"
        yield PlanWarning(code="deadline_unread", message=message, page=_page(item), item_id=item.id)


def _unread_attributes(layout: DocumentLayout) -> Iterator[PlanWarning]:
    """Lines that say by when in figures that are no time ("Thời gian hoàn thành: 15/13/2026")."""
    for block in layout.body:
        if not isinstance(block, Paragraph) or not _FIGURE.search(block.text.string):
            continue
        stated = attribute_of(block.text.string)
        if stated is None or stated.kind != "deadline":
            continue
        value = block.text.slice(stated.value_start)
        if _FIGURE.search(value.string[:_TIME]) and not read_deadline_value(value, _LEAP_YEAR):  # any year does
            message = f"{value.string[:_TIME].strip()!r} was not understood as a deadline: compare it with the page"
            yield PlanWarning(code="deadline_unread", message=message, page=block.page)


def _open_deadlines(document: PlanDocument) -> Iterator[PlanWarning]:
    """Cells and attribute lines that put the time off to a schedule without saying which ("Theo lộ trình")."""
    for table in document.tables:
        page = table.pages[0] if table.pages else None
        if table.role != "other":
            for k, row in enumerate(table.rows):
                if (cell := next(filter(is_left_open, row), None)) is not None:
                    message = f"{table.id}, row {k + 1}: {cell!r} does not say by when"
                    yield PlanWarning(code="deadline_open", message=message, page=page, item_id=table.id)
    for section in _all(document.sections):
        for line in section.paragraphs:
            if ":" in line and is_left_open(line.rpartition(":")[2]):
                page = section.source.page if section.source else None
                message = f"{line!r} does not say by when"
                yield PlanWarning(code="deadline_open", message=message, page=page, item_id=section.id)


def _unassigned_deadlines(document: PlanDocument, layout: DocumentLayout) -> Iterator[PlanWarning]:
    """Days by which something is to be done, in paragraphs of which no objective, task or duty was made."""
    taken: str | None = None
    for block in layout.body:
        if not isinstance(block, Paragraph) or (found := _BY_DAY.search(block.text.string)) is None:
            continue
        if taken is None:
            taken = "\n".join(text for item in _owned(document) for text in _all_texts(item))
        if found[1] not in taken:
            message = f"{found.group()!r} sets a day, but no task or duty was made of its paragraph: look at the page"
            yield PlanWarning(code="deadline_unassigned", message=message, page=block.page)


def _all_texts(item: Owned) -> Iterator[str]:
    yield item.text
    yield from (deadline.text for deadline in item.deadlines)


def _units(document: PlanDocument) -> Iterator[PlanWarning]:
    for task in document.tasks:
        if task.coordinating_units and not task.lead_units:
            message = f"helpers are named but nobody leads: {task.text[:80]!r}"
            yield PlanWarning(code="task_without_lead", message=message, page=_page(task), item_id=task.id)


def _row_numbers(document: PlanDocument) -> Iterator[PlanWarning]:
    """Gaps and repeats in the running numbers of a table's rows."""
    by_table: dict[str, list[Task]] = {}
    for task in document.tasks:
        if task.origin == "table":
            by_table.setdefault(task.section, []).append(task)
    for table, tasks in by_table.items():
        previous: int | None = None
        expected: int | None = None  # what would follow had the row before been numbered rightly: told once
        for task in tasks:
            number = int(task.number) if task.number and task.number.isdigit() else None
            if number is not None and previous is not None and number not in (previous + 1, 1, expected):
                message = f"{table}: row {number} follows row {previous}: rows may be lost, or a number misread"
                yield PlanWarning(code="row_number_gap", message=message, page=_page(task), item_id=task.id)
            expected = previous + 2 if number is not None and previous is not None else expected
            previous = number if number is not None else previous


def _low_confidence(document: PlanDocument) -> Iterator[PlanWarning]:
    for kind, item in document.items():
        for deadline in item.deadlines:
            if deadline.source is not None and deadline.source.confidence < LOW:
                message = f"deadline {deadline.text!r} was read with confidence {deadline.source.confidence:.2f}"
                yield PlanWarning(code="deadline_doubtful", message=message, page=deadline.source.page, item_id=item.id)
        for unit in (*item.lead_units, *item.coordinating_units) if isinstance(item, Task) else ():
            if unit.source is not None and unit.source.confidence < LOW:
                message = f"unit {unit.text[:60]!r} was read with confidence {unit.source.confidence:.2f}"
                yield PlanWarning(code="unit_doubtful", message=message, page=unit.source.page, item_id=item.id)
        if item.source is not None and item.source.confidence < LOW:
            message = f"{kind} {item.text[:60]!r} was read with confidence {item.source.confidence:.2f}"
            yield PlanWarning(code="text_doubtful", message=message, page=item.source.page, item_id=item.id)


def _nothing_found(document: PlanDocument) -> Iterator[PlanWarning]:
    if not document.sections:
        yield PlanWarning(code="no_sections", message="no numbered section was found: is this a plan?", page=None)
    elif not (document.tasks or document.objectives or document.responsibilities):
        yield PlanWarning(code="no_items", message="no objective, task or duty was found under the headings", page=None)
