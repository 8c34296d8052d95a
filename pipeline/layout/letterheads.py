"""Letterheads behind the first one: where another document begins in the same file.

Form of text: restored lines, in zones where the page was seen. A letterhead opens with the national motto or the
Party's name; it is a document's own where its number or its day is filled in, be it by a pen that nobody can read
("Số: 4?6E /UBND-KTCN"). A form in an appendix leaves both blank
("Số: …/BC-…"), and a plan enacted by a decision repeats the motto without them (Nghị định 30/2020/NĐ-CP, Phụ lục I).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from pipeline.knowledge.folding import fold_words
from pipeline.knowledge.zones import zone_words
from pipeline.values import Line, PageLayout, Zone

_HEAD = (Zone.LETTERHEAD_LEFT, Zone.LETTERHEAD_RIGHT)
_DEPTH = 10  # lines of a dump in which a letterhead stands
_ABOVE = 3  # … and how many of them before the motto
_ALIKE = 85.0
_CAPITALS = 12  # letters of the motto's first line that a line must have to be asked
_NUMBER = re.compile(r"(?:^|\s)S[ốôo]\s*:?\s*(\d{1,5}\s?[-/]\s?[A-ZĐ][\w&Đ/-]*)")
_DAY = re.compile(r",\s*(ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})")
_PENNED = re.compile(r"(?:^|\s)S[ốôo]\s*[.:]?\s*(?![Xx]+\s?/)[^\s:/.…_-][^\s/]{0,6}\s?(/\s?[A-ZĐ]{2}[\w&Đ/-]*)")
"""The signs behind a number of any ink; a form has blanks, dots or crosses there."""


def further_letterheads(pages: Sequence[PageLayout]) -> Iterator[tuple[int, str]]:
    """Page and number of each letterhead behind the document's own that another document must have.

    In place of a number that was not read: the day, or the signs behind the number.
    """
    seen: set[str] = set()
    for page in pages:
        for head in _heads(page):
            words = " ".join(line.text for line in head)
            told = [match[1] for pattern in (_NUMBER, _DAY, _PENNED) if (match := pattern.search(words))]
            if seen and told and told[0] not in seen:
                yield page.number, told[0]
            seen.update(told or [""])


def _heads(page: PageLayout) -> Iterator[Sequence[Line]]:
    """The lines of each letterhead of a page."""
    zoned = [line for line in page.lines if line.zone in _HEAD]
    if zoned:
        if any(map(_opens, zoned)):
            yield zoned
        return
    for k, line in enumerate(page.lines):
        if _opens(line):
            yield page.lines[max(0, k - _ABOVE) : k + _DEPTH - _ABOVE]


def _opens(line: Line) -> bool:
    """Whether the line bears a line of the motto."""
    if sum(map(str.isupper, line.text)) < _CAPITALS:
        return False
    text = " ".join(fold_words(line.text))
    return any(len(text) >= 0.8 * len(m) and fuzz.partial_ratio(m, text) >= _ALIKE for m in zone_words().motto)
