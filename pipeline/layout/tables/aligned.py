"""Tables without vertical rules: words that stand in columns below a header that names them.

Reads the words of a page in points, as OCR or a text layer gave them, ruled tables already taken out. Letterheads,
signatures and lists of recipients stand in columns too, so a table must say that it is one: a header with the number
column's heading and at least two other known headings, above at least three rows numbered without a gap. A heading row
of a group (a roman numeral) may run across. Only the page that has the header is read so: what goes on without one on
the next page stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from statistics import median

from pipeline.knowledge import load_table
from pipeline.knowledge.labels import KnownLabels, best_label, label_key
from pipeline.layout.rows import levelled
from pipeline.layout.tables.header import names_number_column
from pipeline.layout.tables.lattice import lattice_tables
from pipeline.layout.tables.rows import ROMAN, Field
from pipeline.values import Box, Line, PageReading, PageTable, Text, Word, union

KNOWN_HEADINGS = 2  # besides the number column's
LEAST_ROWS = 3
HEADER_REACH = 1.6  # line heights from the number column's heading to the lines of its neighbours
COLUMN_GAP = 1.0  # of a line's height: blanks between words are narrower
RIVER = 6.0  # points of white between two columns, down the whole table
ROW_GAP = 2.2  # line heights between the lines of a table; what stands farther below is none of it
DASH = 30.0  # points; longer words without letters are rules

_ROW_NUMBER = re.compile(r"\(?(\d{1,3})[.)]?")


@dataclass
class _Line:
    """Words of one height, from left to right."""

    words: list[Word]
    box: Box

    def segments(self) -> list[Box]:
        """The boxes of its pieces of text between wide gaps."""
        pieces: list[Box] = []
        for box in _boxes(self.words):
            if pieces and box.x0 - pieces[-1].x1 < COLUMN_GAP * self.box.height:
                pieces[-1] = pieces[-1].union(box)
            else:
                pieces.append(box)
        return pieces

    def text(self, x0: float, x1: float) -> str:
        return " ".join(w.text for w in self.words if w.box is not None and x0 <= w.box.x_centre <= x1)


@dataclass
class _Header:
    first: int  # lines
    last: int
    headings: list[Box]


@dataclass
class _Body:
    """Rows below a header: the line each begins with; group rows; the white between the columns; the last line."""

    rivers: list[tuple[float, float]]
    starts: list[int] = field(default_factory=list)
    groups: set[int] = field(default_factory=set)
    end: int = 0


def aligned_tables(page: PageReading) -> PageReading:
    """``page`` with the tables that alignment tells among its words taken out of them, behind its other tables."""
    if not any(_is_number_heading(word.text) for word in page.words):
        return page
    level = levelled(page.words, page.angle, page.width, page.height)
    words = [x.word._replace(box=x.box) for x in level]
    printed = {id(word): x.word for word, x in zip(words, level, strict=True)}
    lattices = _lattices(words)
    if not lattices:
        return page
    rest, tables = lattice_tables(lattices, [word for word in words if not _is_rule(word)], page.number)
    placed = tuple(_as_printed(table, page) for table in tables)
    outside = {id(word) for word in rest}
    kept = tuple(printed[id(word)] for word in words if id(word) in outside or _is_rule(word))
    return replace(page, words=kept, tables=(*page.tables, *placed))


def _as_printed(table: PageTable, page: PageReading) -> PageTable:
    """A table of the level page as it stands on the page."""

    def back(box: Box | None) -> Box | None:
        return box and levelled([Word("", "", box)], -page.angle, page.width, page.height)[0].box

    def line_back(line: Line) -> Line:
        return replace(line, box=back(line.box), words=tuple(w._replace(box=back(w.box)) for w in line.words))

    cells = tuple(
        replace(
            cell,
            box=back(cell.box),
            lines=tuple(line_back(line) for line in cell.lines),
            text=replace(cell.text, words=tuple(w._replace(box=back(w.box)) for w in cell.text.words)),
        )
        for cell in table.cells
    )
    return replace(table, box=back(table.box), cells=cells)


def _lattices(words: Sequence[Word]) -> list[list[Box]]:
    """The cells of each table that alignment tells."""
    lines = _lines(words)
    found = []
    done = -1
    for k, line in enumerate(lines):
        if k <= done or not any(_is_number_heading(w.text) for w in line.words[:2]):
            continue
        header = _header(lines, k)
        body = _body(lines, header) if header is not None else None
        if header is not None and body is not None:
            found.append(_cells(lines, header, body))
            done = body.end
    return found


def _lines(words: Sequence[Word]) -> list[_Line]:
    lines: list[_Line] = []
    for word in sorted((w for w in words if not _is_rule(w)), key=lambda w: w.box.y_centre if w.box else 0.0):
        box = word.box
        if box is None:
            continue
        if lines and abs(box.y_centre - lines[-1].box.y_centre) <= 0.45 * max(box.height, lines[-1].box.height):
            lines[-1].words.append(word)
            lines[-1].box = lines[-1].box.union(box)
        else:
            lines.append(_Line([word], box))
    for line in lines:
        line.words.sort(key=lambda w: w.box.x0 if w.box else 0.0)
    return lines


def _is_rule(word: Word) -> bool:
    return word.box is not None and word.box.width >= DASH and not any(c.isalnum() for c in word.text)


def _boxes(words: Sequence[Word]) -> list[Box]:
    return [w.box for w in words if w.box is not None]


def _is_number_heading(string: str) -> bool:
    return names_number_column((Field(Text(string)),))


def _header(lines: Sequence[_Line], k: int) -> _Header | None:
    """The header whose number column's heading stands in line ``k``; headings may have several lines."""
    headings = lines[k].segments()
    height = median(box.height for box in _boxes(lines[k].words))
    first = last = k
    for step in (-1, 1):
        n = k + step
        while 0 <= n < len(lines) and abs(lines[n].box.y_centre - lines[k].box.y_centre) <= HEADER_REACH * height:
            pieces = lines[n].segments()
            over = [[h for h in headings if piece.x0 < h.x1 and h.x0 < piece.x1] for piece in pieces]
            if any(len(hit) > 1 for hit in over) or any(piece.x0 < headings[0].x1 for piece in pieces):
                break
            for piece, hit in zip(pieces, over, strict=True):
                headings = [h for h in headings if h not in hit] + [hit[0].union(piece) if hit else piece]
            headings.sort(key=lambda box: box.x0)
            first, last = min(first, n), max(last, n)
            n += step
    if not _is_number_heading(lines[k].text(headings[0].x0, headings[0].x1)):
        return None
    texts = [" ".join(line.text(h.x0, h.x1) for line in lines[first : last + 1]).strip() for h in headings]
    known = sum(best_label(text, _labels(), least=0.84) is not None for text in texts[1:])
    if known < KNOWN_HEADINGS:
        return None
    return _Header(first, last, headings)


@cache
def _labels() -> KnownLabels:
    columns = load_table("columns").items()
    return KnownLabels({kind: tuple(label_key(x) for x in e["labels"]) for kind, e in columns if kind != "number"})


def _body(lines: Sequence[_Line], header: _Header) -> _Body | None:
    """The rows below a header as far as the columns keep apart; None when they are too few."""
    rivers = [(a.x_centre, b.x_centre) for a, b in pairwise(header.headings)]
    for line in lines[header.first : header.last + 1]:
        rivers = [_narrowed(river, line.words) for river in rivers]
    body = _Body(rivers, end=header.last)
    expected = 1
    for n in range(header.last + 1, len(lines)):
        line, before = lines[n], lines[n - 1]
        if line.box.y0 - before.box.y1 > ROW_GAP * before.box.height:
            break
        label = line.text(0.0, _narrowed(body.rivers[0], line.words)[0])
        number = _ROW_NUMBER.fullmatch(label.strip())
        if ROMAN.fullmatch(label.strip(" .)")) and len(line.segments()) == 2:
            body.groups.add(n)
            body.starts.append(n)
        elif number is not None and int(number[1]) == expected:
            expected += 1
            body.starts.append(n)
        elif label or not body.starts or n - 1 in body.groups:
            break  # no row of this table
        if n not in body.groups:
            narrowed = [_narrowed(river, line.words) for river in body.rivers]
            if any(x1 - x0 < RIVER for x0, x1 in narrowed):
                if n in body.starts:
                    body.starts.pop()
                    expected -= 1
                break
            body.rivers = narrowed
        body.end = n
    return body if expected > LEAST_ROWS else None


def _narrowed(river: tuple[float, float], words: Sequence[Word]) -> tuple[float, float]:
    """The widest part of a river that no word stands in; an empty one when there is none."""
    x0, x1 = river
    stops = sorted((max(x0, b.x0), min(x1, b.x1)) for b in _boxes(words) if b.x0 < x1 and b.x1 > x0)
    best, at = (x0, x0), x0
    for begin, end in [*stops, (x1, x1)]:
        if begin - at > best[1] - best[0]:
            best = at, begin
        at = max(at, end)
    return best


def _middle(river: tuple[float, float]) -> float:
    return (river[0] + river[1]) / 2


def _cells(lines: Sequence[_Line], header: _Header, body: _Body) -> list[Box]:
    inside = [w for line in lines[header.first : body.end + 1] for w in line.words]
    table = union(_boxes(inside))
    if table is None:
        return []
    xs = [table.x0 - 2.0, *(_middle(river) for river in body.rivers), table.x1 + 2.0]
    starts = [header.first, *body.starts]
    ys = [table.y0 - 1.0, *((lines[n - 1].box.y1 + lines[n].box.y0) / 2 for n in body.starts), table.y1 + 1.0]
    cells = []
    for start, (y0, y1) in zip(starts, pairwise(ys), strict=True):
        edges = [xs[0], xs[1], xs[-1]] if start in body.groups else xs
        cells += [Box(x0, y0, x1, y1) for x0, x1 in pairwise(edges)]
    return cells
