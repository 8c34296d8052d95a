"""The text of a table cell from its printed lines: wrapped lines joined, items and paragraphs kept apart by a newline.

Reads :class:`~pipeline.values.Line` only (before or after restoration): ``fills`` False says that the next line's
first word would still have fitted, so the writer broke the line himself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.values import Line, Text

MARKERS = frozenset("-–—−+•●▪◦·*")
"""Signs that open an item inside a cell (Nghị định 30/2020/NĐ-CP knows "-"; writers use the others as well)."""
MEANING_SIGNS = frozenset({"-", "–", "—", "+", "//", "x", "…", "...", '"', "-//-", "%", "‰"})
"""Signs that can be all a cell holds: none, yes, as above."""

_ATTACHED = re.compile(r"[-–—+•●▪◦·*](?=[^\W\d_])")
_LEADING = re.compile(r"[-–—−+•●▪◦·*]\s*(?=[^\W\d_])|[-–—−+•●▪◦·*]\s+(?=\S)")
_GOES_ON = re.compile(r"(?:[,\-–—/&(]|\b(?:và|hoặc|của|với|các|tại|theo|cho|về|từ|đến|trong|số|ngày|tháng|năm))$", re.I)
_CLOSED = (";", ".", ":", ")")


def cell_items(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines of one cell grouped into its items and paragraphs, item markers taken off.

    Only a marker before the very first word stays: it tells the joining of pages that a cut cell goes on with a new
    item. A dash that only continues a name ("Phòng Kế hoạch" / "– Tài chính") is no marker.
    """
    items: list[list[Line]] = []
    for line in lines:
        if not line.words:
            continue
        previous = items[-1][-1] if items else None
        if previous is None:
            items.append([line])
        elif _is_marked(line) and _ended(previous):
            items.append([_without_marker(line)])
        elif _opens_paragraph(line, previous):
            items.append([line])
        else:
            items[-1].append(line)
    return items


def items_text(items: Sequence[Sequence[Line]]) -> Text:
    """Items as the text of a cell: one space at wrapped lines, a newline between items."""
    return Text.join((Text.of_lines(item) for item in items), "\n")


def without_leading_marker(text: Text) -> tuple[Text, bool]:
    """The text of a cell without the marker of its first item, and whether there was one."""
    match = _LEADING.match(text.string)
    return (text.slice(match.end()), True) if match else (text, False)


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
    kept = first._replace(text=_ATTACHED.sub("", first.text, count=1))
    return replace(line, words=(kept, *rest))


def _opens_paragraph(line: Line, previous: Line) -> bool:
    """A new paragraph without a marker: broken before the edge, behind a finished phrase, before a fresh start."""
    first = line.words[0].text
    fresh = first[0].isupper() or first[0] in '(“"' or (len(first) > 1 and first[0] == "'")
    return previous.fills is False and fresh and not _GOES_ON.search(previous.text.rstrip())
