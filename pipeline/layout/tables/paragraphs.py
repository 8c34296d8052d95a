"""The text of a table cell from its printed lines: wrapped lines joined, items and paragraphs kept apart by a newline.

Reads :class:`~pipeline.values.Line` only (before or after restoration): ``fills`` False says that the next line's
first word would still have fitted, so the writer broke the line himself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.values import Line, Text, Word

MARKERS = frozenset("-–—−+•●▪◦·*")
"""Signs that open an item inside a cell (Nghị định 30/2020/NĐ-CP knows "-"; writers use the others as well)."""

_ATTACHED = re.compile(r"[-–—+•●▪◦·*](?=[^\W\d_])")
_GOES_ON = re.compile(r"(?:[,\-–—/&(]|\b(?:và|hoặc|của|với|các|tại|theo|cho|về|từ|đến|trong|số|ngày|tháng|năm))$", re.I)
_CLOSED = (";", ".", ":", ")")


def cell_text(lines: Sequence[Line]) -> Text:
    """Lines of one cell as its text: one space at wrapped lines, a newline before each item or new paragraph.

    Item markers are taken off. A dash that only continues a name ("Phòng Kế hoạch" / "– Tài chính") is none.
    """
    paragraphs: list[list[Line]] = []
    for line in lines:
        if not line.words:
            continue
        previous = paragraphs[-1][-1] if paragraphs and paragraphs[-1] else None
        marked = _is_marked(line) and (previous is None or _ended(previous))
        if marked:
            line = _without_marker(line)
        if previous is None or marked or _opens_paragraph(line, previous):
            paragraphs.append([])
        if line.words:
            paragraphs[-1].append(line)
    return Text.join((Text.of_lines(p) for p in paragraphs), "\n")


def opens_item(lines: Sequence[Line]) -> bool:
    """Whether a cell's first line opens an item of its own."""
    return bool(lines) and bool(lines[0].words) and _is_marked(lines[0])


def _is_marked(line: Line) -> bool:
    first = line.words[0].text
    if first in MARKERS:
        return len(line.words) > 1
    return bool(_ATTACHED.match(first))


def _ended(line: Line) -> bool:
    """Whether the writer broke behind this line, as far as one can see."""
    return line.fills is False or line.text.rstrip().endswith(_CLOSED)


def _without_marker(line: Line) -> Line:
    first, *rest = line.words
    if first.text in MARKERS:
        return replace(line, words=tuple(rest))
    kept: Word = replace(first, text=_ATTACHED.sub("", first.text, count=1))
    return replace(line, words=(kept, *rest))


def _opens_paragraph(line: Line, previous: Line) -> bool:
    """A new paragraph without a marker: broken before the edge, behind a finished phrase, before a fresh start."""
    first = line.words[0].text
    fresh = first[0].isupper() or first[0] in "(“\"" or (len(first) > 1 and first[0] == "'")
    return previous.fills is False and fresh and not _GOES_ON.search(previous.text.rstrip())
