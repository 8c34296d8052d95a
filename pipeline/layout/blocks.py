"""The pages as one document: its formal parts apart, its body as paragraphs and tables in reading order.

Form of text: restored lines, in zones where pages were seen, without where only their text is known (then
:mod:`pipeline.layout.columns` finds the zones). The parts are those of Nghị định 30/2020/NĐ-CP, Phụ lục I: letterhead,
kind and trích yếu, body, recipients, signature; appendices follow the signature.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.layout.columns import find_zones, is_type_line, subject_lines
from pipeline.layout.paragraphs import measure_setting, paragraphs
from pipeline.layout.points import may_bear_specks, without_specks
from pipeline.layout.title import title_end
from pipeline.values import Block, DocumentLayout, Line, PageLayout, Table, Text, Word, Zone

_PAGE_NUMBER = re.compile(r"^\W{0,3}(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?\W{0,3}$", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z0-9]")
"""What nearly every line has, so that its other characters need no look."""

_DOUBTED = 0.3  # the confidence of a word below which it is more likely dirt when it stands alone


def assemble(pages: Sequence[PageLayout], tables: Sequence[Table]) -> DocumentLayout:
    """Rejoin the lines of ``pages`` into the parts of a document; ``tables`` stand where they are printed."""
    expected = [2]  # the number of the first page is not printed (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục I.7)
    lines = [_levelled(line) for page in pages for line in _content(page) if not _next_page(line, expected)]
    lines = find_zones(lines)
    body = _whole_type_line([line for line in lines if line.zone is Zone.BODY])
    start = next((k for k, line in enumerate(body[:12]) if is_type_line(line.text)), None)
    title: list[Line] = []
    subject: list[Line] = []
    if start is not None:
        end = title_end(body, start)
        title, body = body[start:end], [*body[:start], *body[end:]]
    else:
        first, end = subject_lines(body)
        subject, body = body[first:end], [*body[:first], *body[end:]]
    left = _zone([*lines, *(replace(line, zone=Zone.LETTERHEAD_LEFT) for line in subject)], Zone.LETTERHEAD_LEFT)
    right = _zone(lines, Zone.LETTERHEAD_RIGHT)
    return DocumentLayout(
        letterhead_left=left,
        letterhead_right=right,
        title=tuple(Text.of_lines([line]) for line in title),
        body=_body(body, tables, pages),
        recipients=_zone(lines, Zone.SIGNATURE_LEFT),
        signature=_zone(lines, Zone.SIGNATURE_RIGHT),
        digital_signature=_joined(lines, Zone.DIGITAL_SIGNATURE),
        stamps=_zone(lines, Zone.STAMP),
    )


def _levelled(line: Line) -> Line:
    """Đ as one letter, each word by itself.

    A dump may mark emphasis by asterisks around words ("*Kinh tế số:*"); they are not printed.
    """
    if line.box is None and any(" " in word.text.strip() or not word.text.strip() for word in line.words):
        line = replace(line, words=tuple(piece for word in line.words for piece in _pieces(word)))
    if "Ð" in line.text:  # eth, which looks the same
        line = replace(line, words=tuple(word._replace(text=word.text.replace("Ð", "Đ")) for word in line.words))
    if line.box is not None and may_bear_specks(line.text):
        words = without_specks(line.words)
        line = line if words == line.words else replace(line, words=words)
    if line.box is not None or line.text.count("*") != 2:
        return line
    words = tuple(word._replace(text=word.text.strip("*")) for word in line.words)
    return replace(line, words=tuple(word for word in words if word.text)) if all(w.text for w in words) else line


def _pieces(word: Word) -> list[Word]:
    """The words of what restoration parted ("SOY" -> "SỞ Y"); a tab between columns is none."""
    return [word._replace(text=piece) for piece in word.text.split()]


def _content(page: PageLayout) -> list[Line]:
    """The page's lines without running heads and page numbers."""
    lines = [line for line in page.lines if line.words and line.zone is not Zone.RUNNING]
    lines = [line for line in lines if not _is_speck(line)]
    return [line for line in lines if not (_PAGE_NUMBER.match(line.text) and _alone(lines, line))]


def _next_page(line: Line, expected: list[int]) -> bool:
    """Whether a line of a dump that marks no pages is the next page's number; then the one after it is expected."""
    if line.box is not None or line.text != str(expected[0]):
        return False
    expected[0] += 1
    return True


def _is_speck(line: Line) -> bool:
    """Dirt and pieces of a seal: no letter or figure at all, or a word or two that OCR itself does not believe."""
    if not _PLAIN.search(line.text) and not any(
        c.isdigit() or unicodedata.category(c) in ("Lu", "Ll") for c in line.text
    ):
        return True
    if line.box is None or len(line.words) > 2 or len(line.text) > 12:
        return False
    if len(line.text) == 1 and line.text.islower():
        return True
    return max(word.confidence for word in line.words) < _DOUBTED


def _alone(lines: Sequence[Line], line: Line) -> bool:
    """A page number stands at an edge of its page, or in a dump between blank lines or at the end."""
    index = next(k for k, other in enumerate(lines) if other is line)
    if index in (0, len(lines) - 1):
        return True
    return line.box is None and bool(line.gap_before)


def _whole_type_line(lines: list[Line]) -> list[Line]:
    """ "KẾ" and "HOẠCH" read as two lines become one."""
    for k in range(min(12, len(lines) - 1)):
        if is_type_line(lines[k].text):
            return lines
        if is_type_line(f"{lines[k].text} {lines[k + 1].text}") and not is_type_line(lines[k + 1].text):
            merged = replace(lines[k + 1], words=lines[k].words + lines[k + 1].words)
            return [*lines[:k], merged, *lines[k + 2 :]]
    return lines


def _zone(lines: Sequence[Line], zone: Zone) -> tuple[Text, ...]:
    return tuple(Text.of_lines([line]) for line in lines if line.zone is zone)


def _joined(lines: Sequence[Line], zone: Zone) -> Text | None:
    text = Text.of_lines([line for line in lines if line.zone is zone])
    return text or None


def _body(lines: Sequence[Line], tables: Sequence[Table], pages: Sequence[PageLayout]) -> tuple[Block, ...]:
    """Paragraphs and tables in reading order; a table cuts the paragraph before it."""
    by_number = {page.number: page for page in pages}
    places = sorted(((_place(table, lines, by_number), order) for order, table in enumerate(tables)))
    blocks: list[Block] = []
    done = 0
    setting = measure_setting(lines)
    for place, order in places:
        blocks += paragraphs(lines[done:place], setting)
        blocks.append(tables[order])
        done = place
    blocks += paragraphs(lines[done:], setting)
    return tuple(blocks)


def _place(table: Table, lines: Sequence[Line], pages: Mapping[int, PageLayout]) -> int:
    """The index of the first line below the table."""
    page = table.pages[0] if table.pages else 1
    box = table.boxes[0] if table.boxes else None
    top = pages[page].upright(box).y0 if box is not None and page in pages else None
    for index, line in enumerate(lines):
        if line.page > page:
            return index
        if line.page == page and top is not None and line.box is not None and pages[page].upright(line.box).y0 >= top:
            return index
        if line.page == page and None not in (line.place, table.place) and (line.place or 0) > (table.place or 0):
            return index
    return len(lines)
