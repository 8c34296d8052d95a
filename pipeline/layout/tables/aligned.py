"""Tables without vertical rules: words that stand in columns below a header that names them.

Reads the words of a page in points, as OCR or a text layer gave them, ruled tables already taken out. Letterheads,
signatures and lists of recipients stand in columns too, so a table must say that it is one: a header with the number
column's heading and at least two other known headings, above at least three rows that are numbered without a gap or
fill all other columns. A heading row of a group (a roman numeral) may run across. On the page behind, the rows at its
top that go on in the same columns belong to the table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from pipeline.knowledge.columns import heading_kind
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
LONGEST_LOST = 3  # signs that a number is misread as
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

    @property
    def rows(self) -> int:
        return len(self.starts) - len(self.groups)


def aligned_tables(page: PageReading) -> PageReading:
    """``page`` with the tables that alignment tells among its words taken out of them, behind its other tables."""
    if not any(_is_number_heading(word.text) for word in page.words):
        return page
    words, printed = _level(page)
    return _with_tables(page, _lattices(words), words, printed)


def continued_tables(pages: Sequence[PageReading]) -> list[PageReading]:
    """Pages with the rows at their top that go on with a table of the page before taken out of their words."""
    result: list[PageReading] = []
    for page in pages:
        before = result[-1] if result else None
        table = before.tables[-1] if before is not None and before.tables else None
        if before is not None and table is not None and table.unruled and not page.tables and _ends_page(table, before):
            words, printed = _level(page)
            page = _with_tables(page, _rows_at_top(words, table), words, printed)
        result.append(page)
    return result


def _level(page: PageReading) -> tuple[list[Word], dict[int, Word]]:
    """The words in a frame in which lines run level, and each as it is printed, by its identity."""
    level = levelled(page.words, page.angle, page.width, page.height)
    words = [x.word._replace(box=x.box) for x in level]
    return words, {id(word): x.word for word, x in zip(words, level, strict=True)}


def _with_tables(
    page: PageReading, lattices: list[list[Box]], words: Sequence[Word], printed: Mapping[int, Word]
) -> PageReading:
    if not lattices:
        return page
    rest, tables = lattice_tables(lattices, [word for word in words if not _is_rule(word)], page.number)
    placed = tuple(replace(_as_printed(table, page), unruled=True) for table in tables)
    outside = {id(word) for word in rest}
    kept = tuple(printed[id(word)] for word in words if id(word) in outside or _is_rule(word))
    return replace(page, words=kept, tables=(*page.tables, *placed))


def _ends_page(table: PageTable, page: PageReading) -> bool:
    """Whether nothing but a page number stands below the table."""
    words, _ = _level(page)
    level = levelled([Word("", "", table.box)], page.angle, page.width, page.height)[0].box
    below = [w for w in words if w.box is not None and w.box.y_centre > level.y1 and any(c.isalpha() for c in w.text)]
    return not below


def _rows_at_top(words: Sequence[Word], table: PageTable) -> list[list[Box]]:
    """The cells of the first rows of a page, numbered on from the last row of ``table``, in its columns."""
    numbers = [int(found[1]) for c in table.cells if c.column == 0 and (found := _ROW_NUMBER.fullmatch(c.text.string))]
    lines = _lines(words)
    first = next((k for k, line in enumerate(lines) if any(c.isalpha() for w in line.words for c in w.text)), None)
    if first is None:
        return []
    edges = table.column_edges
    rivers = [(x - RIVER, x + RIVER) for x in edges[1:-1]]
    body = _body(lines, first, rivers, max(numbers, default=table.rows - 1) + 1)
    return [_cells(lines, first, body, (edges[0], edges[-1]))] if body.starts and body.starts[0] == first else []


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
        if header is None or _is_far(lines, header.last + 1):
            continue
        rivers = [(a.x_centre, b.x_centre) for a, b in pairwise(header.headings)]
        for inside in lines[header.first : header.last + 1]:
            rivers = [_narrowed(river, inside.words) for river in rivers]
        body = _body(lines, header.last + 1, rivers, 1)
        if body.rows >= LEAST_ROWS:
            found.append(_cells(lines, header.first, body))
            done = body.end
    return found


def _lines(words: Sequence[Word]) -> list[_Line]:
    lines: list[_Line] = []
    middle = height = 0.0
    for word in sorted((w for w in words if not _is_rule(w)), key=lambda w: w.box.y_centre if w.box else 0.0):
        box = word.box
        if box is None:
            continue
        if lines and abs(box.y_centre - middle) <= 0.45 * max(box.height, height):
            lines[-1].words.append(word)
            lines[-1].box = box = lines[-1].box.union(box)
        else:
            lines.append(_Line([word], box))
        middle, height = box.y_centre, box.height  # of the line
    for line in lines:
        line.words.sort(key=lambda w: w.box.x0 if w.box else 0.0)
    return lines


def _is_rule(word: Word) -> bool:
    return word.box is not None and word.box.width >= DASH and not any(map(str.isalnum, word.text))


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
    known = sum(match.kind != "number" for text in texts[1:] if (match := heading_kind(text)) is not None)
    if known < KNOWN_HEADINGS:
        return None
    return _Header(first, last, headings)


def _body(lines: Sequence[_Line], first: int, rivers: list[tuple[float, float]], expected: int) -> _Body:
    """The rows from line ``first`` on as far as the columns keep apart, numbered from ``expected``."""
    body = _Body(rivers, end=first - 1)
    for n in range(first, len(lines)):
        line = lines[n]
        if n > first and _is_far(lines, n):
            break
        label = line.text(0.0, _narrowed(body.rivers[0], line.words)[0])
        number = _ROW_NUMBER.fullmatch(label.strip())
        if ROMAN.fullmatch(label.strip(" .)")) and len(line.segments()) == 2:
            body.groups.add(n)
            body.starts.append(n)
        elif (number is not None and int(number[1]) == expected) or _fills_columns(line, label, body.rivers):
            expected += 1
            body.starts.append(n)
        elif label or not body.starts or n - 1 in body.groups:
            break  # no row of this table
        if n not in body.groups:
            narrowed = [_narrowed(river, line.words) for river in body.rivers]
            if any(x1 - x0 < RIVER for x0, x1 in narrowed):
                if n in body.starts:
                    body.starts.pop()
                break
            body.rivers = narrowed
        body.end = n
    return body


def _fills_columns(line: _Line, label: str, rivers: Sequence[tuple[float, float]]) -> bool:
    """Whether a line begins a row whose number was lost (OCR misses lone digits): all its other columns hold words."""
    if len(label) > LONGEST_LOST or (label.isdigit() and len(label) > 1):
        return False
    edges = [_middle(_narrowed(river, line.words)) for river in rivers]
    return all(any(c.isalnum() for c in line.text(x0, x1)) for x0, x1 in pairwise([*edges, math.inf]))


def _is_far(lines: Sequence[_Line], n: int) -> bool:
    """Whether line ``n`` stands too far below the one before it to belong to the same table."""
    return n < len(lines) and lines[n].box.y0 - lines[n - 1].box.y1 > ROW_GAP * lines[n - 1].box.height


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


def _cells(lines: Sequence[_Line], first: int, body: _Body, sides: tuple[float, float] | None = None) -> list[Box]:
    """The cells of the rows from line ``first`` to the body's end; ``sides`` of the table where they are known."""
    table = union(_boxes([w for line in lines[first : body.end + 1] for w in line.words]))
    if table is None:
        return []
    x0, x1 = sides or (table.x0 - 2.0, table.x1 + 2.0)
    xs = [min(x0, table.x0), *(_middle(river) for river in body.rivers), max(x1, table.x1)]
    starts = sorted({first, *body.starts})
    tops = [(lines[n - 1].box.y1 + lines[n].box.y0) / 2 for n in starts[1:]]
    ys = [table.y0 - 1.0, *tops, table.y1 + 1.0]
    cells = []
    for start, (y0, y1) in zip(starts, pairwise(ys), strict=True):
        edges = [xs[0], xs[1], xs[-1]] if start in body.groups else xs
        cells += [Box(x0, y0, x1, y1) for x0, x1 in pairwise(edges)]
    return cells
