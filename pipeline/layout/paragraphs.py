"""Lines to paragraphs, over line and page breaks.

Form of text: the body lines of a plan in reading order. Each break between two lines is weighed by what is known of
it: bullets and labels, white space, indents, how far the line before runs, how its sentence ends, capitals. Geometry
helps where there is any; a dump of a text layer has only its words, its blank lines and the width it was wrapped at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.layout.markers import read_marker
from pipeline.values import Line, Paragraph, Text

_LABEL = re.compile(
    r"^\W{0,2}(?:[IVXivxl|1]{1,6}\s?[.\-–/)]\s*|\d{1,2}(?:[.,]\d{1,2}){1,4}\s?[.):]?\s+|\d{1,2}\s?[./)]\s*|[a-zđ]\s?[.)]\s*|\(\s?(?:\d{1,2}|[a-zđ])\s?\)\s*)(?=[^\W_])"
)
_WORDED = re.compile(r"^(?:PHẦN|CHƯƠNG|MỤC|Phần|Chương|Mục|Điều)\s+(?:th|Th|TH|[IVX\d])")
_BROKEN = re.compile(r"^[\dIl|!]{2,4}\s+[A-ZĐÀ-Ỹ]")
_LEGAL_BASIS = re.compile(r"^(?:Căn cứ|Thực hiện|Theo|Xét|Trên cơ sở|Để)\s+\S")
_CLOSED = re.compile(r"[.;:!?…]\W*$")
_OPEN_END = re.compile(
    r"(?:[,\-–/(&]|\b(?:và|của|các|số|ngày|tháng|năm|về|cho|với|tại|theo|trong|để|là|được|Bộ|Ủy|Sở|Tỉnh))$",
    re.IGNORECASE,
)
_INLINE = re.compile(r"\((\d{1,2})\)")


@dataclass(frozen=True, slots=True)
class Widths:
    """How a dump's lines are set: wrapped at ``width`` characters, or (``None``) a paragraph a line."""

    width: int | None


def measure_widths(lines: Sequence[Line]) -> Widths:
    """The wrap of a dump, from the lengths of its lines."""
    lengths = sorted(len(line.text) for line in lines if len(line.words) > 3)
    if len(lengths) < 8:
        return Widths(None)
    high = lengths[int(0.9 * (len(lengths) - 1))]
    return Widths(high) if lengths[-1] <= 1.5 * high and high <= 150 else Widths(None)


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """The paragraphs that ``lines`` make, in order."""
    widths = measure_widths(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if not line.words:
            continue
        if groups and break_weight(groups[-1], line, widths) <= 0:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [make_paragraph(group) for group in groups]


def make_paragraph(group: Sequence[Line]) -> Paragraph:
    bold = [line.bold for line in group if line.bold is not None]
    return Paragraph(
        Text.of_lines(group),
        group[0].indent,
        all(line.centred for line in group),
        sum(bold) * 2 > len(bold) if bold else None,
    )


def break_weight(group: Sequence[Line], line: Line, widths: Widths) -> float:
    """Evidence (log odds, by judgement) that ``line`` begins a paragraph behind ``group``; above 0 it does."""
    before = group[-1]
    text, last = line.text, before.text
    weight = 0.0
    if read_marker(text):
        return 6.0 if not (_OPEN_END.search(last) and _runs_on(before, line, widths)) else 0.5
    closed = bool(_CLOSED.search(last))
    labelled = _labelled(text)
    if labelled and _inline_list(group, text):
        labelled = False
    if labelled:
        weight += 4.0 if closed or not _runs_on(before, line, widths) else 1.0
        if _OPEN_END.search(last):
            weight -= 4.0
    elif closed and _BROKEN.match(text):
        weight += 2.0
    starts_low = text.lstrip("“\"'(")[:1].islower()
    if starts_low and not labelled:
        weight -= 6.0
    if closed:
        weight += 1.0
    elif _OPEN_END.search(last):
        weight -= 3.0
    else:
        weight -= 0.5
    runs_on = _runs_on(before, line, widths)
    weight += -1.5 if runs_on else 2.5
    if not labelled and text[:1].isdigit() and not closed:
        weight -= 3.0
    weight += _space(before, line)
    weight += _typography(group, line)
    if _LEGAL_BASIS.match(text) and closed:
        weight += 1.5
    return weight


def _labelled(text: str) -> bool:
    return bool(_LABEL.match(text) or _WORDED.match(text))


def _inline_list(group: Sequence[Line], text: str) -> bool:
    """ "(3) …" at the start of a line goes on with "(1) … (2) …" inside the sentence before."""
    match = _INLINE.match(text)
    if not match:
        return False
    whole = " ".join(line.text for line in group)
    return any(int(m[1]) == int(match[1]) - 1 and m.start() > 3 for m in _INLINE.finditer(whole))


def _runs_on(before: Line, line: Line, widths: Widths) -> bool:
    """Whether the line before is full, so that its sentence may go on in the next."""
    if before.fills is not None:
        return before.fills
    if widths.width is None:
        return False
    first = line.words[0].text if line.words else ""
    return len(before.text) + 1 + len(first) > 0.8 * widths.width


def _space(before: Line, line: Line) -> float:
    if before.page != line.page:
        return -0.5
    if line.gap_before is None:
        return 0.0
    if line.box is None:
        return 1.0 if line.gap_before >= 1.0 else -0.5
    return 1.5 if line.gap_before > 0.9 else 0.0


def _typography(group: Sequence[Line], line: Line) -> float:
    before = group[-1]
    weight = 0.0
    if line.indent is not None and before.indent is not None and not line.centred:
        step = line.indent - before.indent
        if len(group) == 1:
            weight += 1.0 if step > 12 else -1.0 if step < -12 else 0.8
        else:
            weight += 2.0 if step > 12 else -0.5
    if line.centred != before.centred and line.box is not None:
        weight += 1.5
    if line.bold is not None and before.bold is not None and line.bold != before.bold:
        weight += 1.2
    if _capitals(before.text) and not _capitals(line.text):
        weight += 3.0
    elif _capitals(before.text) and _capitals(line.text):
        weight -= 2.5
    return weight


def _capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.85 * len(letters)
