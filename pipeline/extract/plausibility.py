"""Items whose shape says that they were cut, joined or taken wrongly, however well their letters were read.

Reads the items of an assembled document: a statement torn off in the middle, one that has swallowed an attribute line
or a heading, a clause of form taken for a duty, a name that is no name, a task without what all its like have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from pipeline.knowledge.labels import label_key
from schemas import Duty, Objective, PlanDocument, PlanWarning, Task

_SWALLOWED = re.compile(
    r"[.;]\s*(?:Thời gian|Thời hạn|Chủ trì|Đơn vị (?:chủ trì|thực hiện|phối hợp)|Phối hợp|Kinh phí|Sản phẩm)"
    r"(?:\s+\w+){0,3}\s*:"
)
_HEADING_INSIDE = re.compile(  # bounds: a "word" of 50,000 marks took minutes
    r"[^\W\d_]\S{0,40}[.;/,]?\s+(?:PHỤ LỤC|Phụ lục [IVX\d]+\s+[A-ZĐ]|BIỂU MẪU)\b"
)
_HEADS = ("PHỤ LỤC", "Phụ lục", "BIỂU MẪU")  # without one of them the pattern above need not be tried
_CAPITALS_INSIDE = re.compile(r"(?:[A-ZĐÀ-Ỹ]{2,20}\s+){5,}")
_LABEL = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]\)|[IVX]{1,4}\.)\s+[^\W\d_]")
_STOP_INSIDE = re.compile(r"([^\W\d_]{2}) ?\. ([^\W\d_])")  # between small letters: not behind "v.v.", "TP."
_OF_FORM = re.compile(r"^\(?\s*(?:Ban hành )?kèm theo (?:Kế hoạch|Quyết định|Công văn)|^\(.{10,}\)$", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\b(?:phụ lục|biểu|bảng)\b.{0,20}\b(?:kèm theo|đính kèm|dưới đây)\b")  # in small letters
_EXHORTS = re.compile(r"nghiêm túc (?:triển khai|thực hiện)|kế hoạch này phổ biến")
_NOT_A_NAME = re.compile(
    r"\b(?:căn cứ|nhiệm vụ|chịu trách nhiệm|có trách nhiệm|tổ chức thực hiện|được giao)\b", re.IGNORECASE
)
# a tone among the capitals of an abbreviation, which is made of first letters ("KHTC" read "KHẨTC")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_ABBREVIATION = re.compile(r"[^\W\d_]{4,8}")
_LONGEST_NAME = 24  # words of one unit's name
_TORN = "begins in the middle of a sentence"
_SHORT = "is very short"
_MOST_HAVE = 0.75
_FEWEST_LIKE = 4

Owned = Objective | Task | Duty


def check_shapes(document: PlanDocument) -> Iterator[PlanWarning]:
    """A warning for each item or unit that does not look like one; the first reason found is given."""
    before: Owned | None = None
    for kind, item in document.items():
        reason = odd_statement(item.text)
        if reason is not None:
            message = f"{kind} {item.text[:60]!r} {reason}: compare it with the page"
            yield _warning("statement_doubtful", message, item)
        if before is not None and type(before) is type(item) and reason in (_TORN, _SHORT):
            message = f"{kind} {before.text[:60]!r} may go on in the one behind it, which {reason}"
            yield _warning("statement_doubtful", message, before)
        before = item
    yield from _headings(document)
    yield from _names(document)
    yield from _alike(document)
    yield from _lacking(document)


def odd_statement(text: str) -> str | None:
    """What speaks against the text being one whole statement; None where nothing does."""
    words = text.split()
    if text[:1].islower():
        return _TORN
    if _LABEL.match(text):
        return "begins with what looks like a label"
    if re.search(r"\S:$", text):
        return "introduces something that was not found under it"
    if len(words) <= 3:
        return _SHORT
    if _SWALLOWED.search(text):
        return "holds what looks like a line of its own (who, when, with what)"
    heading = any(head in text for head in _HEADS) and _HEADING_INSIDE.search(text)
    if (heading or _CAPITALS_INSIDE.search(text)) and not text.isupper():
        return "holds what looks like a heading"
    if any(before.islower() and behind.islower() for before, behind in _STOP_INSIDE.findall(text)):
        return "has a full stop within a sentence, by a speck or for a comma"
    lowered = text.lower()
    if _OF_FORM.match(text) or _EXHORTS.search(lowered):
        return "looks like a clause of form"
    if _ELSEWHERE.search(lowered):
        return "refers to an appendix for what is to be done"
    return None


def odd_name(name: str) -> str | None:
    """What speaks against a unit's name; None where nothing does."""
    words = name.split()
    if not name[:1].isupper():
        return "does not begin like a name"
    if _NOT_A_NAME.search(name):
        return "holds words of a statement"
    if not name.isupper() and any(map(_broken_abbreviation, words)):
        return "holds capitals that no abbreviation has"
    if len(words) > _LONGEST_NAME:
        return "is long for one name"
    if name.count("(") != name.count(")"):
        return "has a bracket left open"
    return None


def _broken_abbreviation(word: str) -> bool:
    toned = any(c in _TONES for c in unicodedata.normalize("NFD", word))
    return word.isupper() and toned and _ABBREVIATION.fullmatch(word) is not None


def _names(document: PlanDocument) -> Iterator[PlanWarning]:
    for responsibility in document.responsibilities:
        reason = odd_name(responsibility.unit.name)
        if reason is not None:
            page = responsibility.source.page if responsibility.source else None
            message = f"unit {responsibility.unit.name[:80]!r} {reason}: compare it with the page"
            yield PlanWarning(code="unit_doubtful", message=message, page=page, item_id=responsibility.id)
    for task in document.tasks:
        for unit in (*task.lead_units, *task.coordinating_units):
            reason = odd_name(unit.name)
            if reason is not None:
                yield _warning("unit_doubtful", f"unit {unit.name[:80]!r} {reason}: compare it with the page", task)


def _alike(document: PlanDocument) -> Iterator[PlanWarning]:
    """Units named like another with a small word more at the end, which may stand beside the name on paper."""
    names = {unit.name for unit in document.units}
    for unit in document.units:
        shorter, _, last = unit.name.rpartition(" ")
        if shorter in names and last.islower():
            message = f"units {unit.name!r} and {shorter!r} may be one: compare the names with the page"
            for item_id in unit.item_ids:
                yield PlanWarning(code="unit_doubtful", message=message, page=None, item_id=item_id)


def _lacking(document: PlanDocument) -> Iterator[PlanWarning]:
    """Tasks without what nearly all tasks beside them have: a leading unit, and in tables a deadline."""
    families: dict[tuple[str, str], list[Task]] = {}
    for task in document.tasks:
        key = task.section if task.origin == "table" else label_key(task.section.split(".")[0])
        families.setdefault((task.origin, key), []).append(task)
    for (origin, _), tasks in families.items():
        alone = [t for t in tasks if not t.lead_units and not t.coordinating_units]
        yield from _without(tasks, alone, "task_without_lead", "leading unit")
        if origin == "table":
            yield from _without(tasks, [t for t in tasks if not t.deadlines], "task_without_deadline", "deadline")


def _without(tasks: Sequence[Task], lacking: Sequence[Task], code: str, what: str) -> Iterator[PlanWarning]:
    if len(tasks) < _FEWEST_LIKE or len(tasks) - len(lacking) < _MOST_HAVE * len(tasks):
        return
    for task in lacking:
        message = f"no {what} was read for {task.text[:60]!r}, though most tasks beside it have one"
        yield _warning(code, message, task)


def _headings(document: PlanDocument) -> Iterator[PlanWarning]:
    for section in document.walk_sections():
        reason = odd_heading(section.title)
        if reason is not None:
            page = section.source.page if section.source else None
            message = f"heading {section.label} {section.title[:60]!r} {reason}: compare it with the page"
            yield PlanWarning(code="heading_doubtful", message=message, page=page, item_id=section.id)


def odd_heading(title: str) -> str | None:
    """What speaks against the text being a heading and nothing else; None where nothing does."""
    words = title.split()
    head, colon, _ = title.partition(": ")
    if colon and len(head.split()) <= 6 and len(words) >= 15:
        return "seems to hold the text that follows it"
    if words and title[:1].islower():
        return "begins in the middle of a sentence"
    return None


def _warning(code: str, message: str, item: Owned) -> PlanWarning:
    return PlanWarning(code=code, message=message, page=item.source.page if item.source else None, item_id=item.id)
