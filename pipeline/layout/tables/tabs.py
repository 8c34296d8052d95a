"""Tables of a text dump: runs of lines whose cells are divided by tabs.

Such dumps come from programs that wrote cells as text; left-overs of their markup (``<p>``, ``<ul><li>``, ``<i>``,
``**``) are taken off, list items become items of the cell. Markup is only recognised to be removed, never interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.knowledge.folding import fold, starts_like_any
from pipeline.knowledge.zones import zone_words
from pipeline.layout.tables.header import names_number_column
from pipeline.layout.tables.paragraphs import MARKERS, MEANING_SIGNS, items_text
from pipeline.layout.tables.rows import Field, is_label
from pipeline.layout.tables.spans import with_header_spans
from pipeline.values import Cell, Line, PageTable, Text, Word

TAB = "\t"
LEAST_ROWS = 2
REPEATED = 90.0  # similarity of a header to its repetition
LEAST_COLUMNS = 3  # two columns divided by a tab are a letterhead or a signature block

_ITEM = re.compile(r"<\s*(?:li|br|p|tr|div)\b[^<>]*>", re.I)
_MARKUP = re.compile(
    r"<\s*/?\s*(?:p|ul|ol|li|i|b|u|em|strong|br|span|div|sup|sub|font|table|tr|td|th|tbody|thead)\b[^<>]*>|\*\*|__",
    re.I,
)


def tables_from_tabs(lines: Sequence[Line], page: int) -> tuple[list[Line], list[PageTable]]:
    """Lines outside tables, and the tables made of the runs of tabbed lines (tabs are words of their own).

    A run ends at a line without tabs or where its header comes again. ``open_top`` tells that nothing but a page number
    stands between a table and the one before. Short scraps of tabbed text (letterheads, signature blocks) stay lines,
    their tabs taken off.
    """
    kept: list[Line] = []
    tables: list[PageTable] = []
    near = False  # nothing but page numbers and blank lines since the last table
    placed = [replace(line, place=k) for k, line in enumerate(lines)]
    for tabbed, run in _runs(placed):
        columns = max((_tab_count(line) + 1 for line in run), default=1)
        enough = len(run) >= LEAST_ROWS or tables or _is_lone_row(run[0])
        if tabbed and columns >= LEAST_COLUMNS and enough:
            for part in _parts(run):
                tables.append(_table(part, page, continues=near))
                near = True
        else:
            near = near and not any(c.isalpha() for line in run for c in line.text)
            kept += [replace(line, words=tuple(w for w in line.words if w.text != TAB)) for line in run]
    return [line for line in kept if line.words], tables


def _tab_count(line: Line) -> int:
    return sum(word.text == TAB for word in line.words)


def _is_lone_row(line: Line) -> bool:
    """A row by itself, its table on the page before or behind: begun by the number column's heading or a number."""
    first, *others = ["".join(w.text for w in words) for words in _split(line)]
    numbers = names_number_column((Field(Text(first)),)) or is_label(first)
    return numbers and sum(any(c.isalpha() for c in cell) for cell in others) >= LEAST_COLUMNS - 1


def _runs(lines: Sequence[Line]) -> Iterator[tuple[bool, list[Line]]]:
    run: list[Line] = []
    tabbed = False
    for line in lines:
        divided = bool(_tab_count(line)) and not starts_like_any(line.text, zone_words().recipients)
        if run and divided != tabbed:
            yield tabbed, run
            run = []
        tabbed = divided
        run.append(line)
    if run:
        yield tabbed, run


def _parts(run: Sequence[Line]) -> Iterator[list[Line]]:
    """A run cut where its first row, the header, comes again, as it does on each page of the original."""
    part: list[Line] = []
    for line in run:
        if part and _same_row(line, run[0]):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _same_row(line: Line, header: Line) -> bool:
    """Whether a line repeats the header, slips of OCR aside; rows of data differ in their numbers."""
    return fold(header.text) == fold(line.text) or (
        not any(c.isdigit() for c in header.text) and fuzz.ratio(fold(header.text), fold(line.text)) >= REPEATED
    )


def _table(rows: Sequence[Line], page: int, *, continues: bool) -> PageTable:
    columns = max(_tab_count(row) for row in rows) + 1
    cells = []
    for r, row in enumerate(rows):
        for c, words in enumerate(_split(row)):
            items = _items(words, row)
            cells.append(Cell(r, c, items_text(items), lines=tuple(line for item in items for line in item)))
    cells = list(with_header_spans(cells, len(rows), columns))
    return PageTable(page, len(rows), columns, tuple(cells), open_top=continues, place=rows[0].place)


def _split(row: Line) -> Iterator[list[Word]]:
    words: list[Word] = []
    for word in row.words:
        if word.text == TAB:
            yield words
            words = []
        else:
            words.append(word)
    yield words


def _items(words: Sequence[Word], row: Line) -> list[list[Line]]:
    """The words of a cell as items, one line each: split at list markup, and at the dashes of a flattened list."""
    items: list[list[Word]] = [[]]
    listed = bool(words) and words[0].text in MARKERS
    for piece in _plain(words):
        if piece is None:
            items.append([])
            continue
        behind_end = bool(items[-1]) and items[-1][-1].text.endswith((";", "."))
        if piece.text in MARKERS and items[-1] and (behind_end or (listed and piece.text == items[0][0].text)):
            items.append([])
        items[-1].append(piece)
    filled = [item for item in items if any(c.isalnum() for w in item for c in w.text)]
    if not filled and len(items) == 1 and len(items[0]) == 1 and items[0][0].text in MEANING_SIGNS:
        filled = items
    result = []
    for k, item in enumerate(filled):
        if item[0].text in MARKERS and len(item) > 1 and k > 0:
            item = item[1:]
        result.append([replace(row, words=tuple(item), gap_before=0.0, fills=False)])
    return result


def _plain(words: Sequence[Word]) -> Iterator[Word | None]:
    """Words without markup; None where the markup begins a new item or paragraph."""
    joined = " ".join(w.text for w in words)
    if "<" not in joined and "**" not in joined and "__" not in joined:
        yield from words
        return
    # A tag may hold blanks and so several words ("<ul style=\"x: y\">"): mark the letters to drop, word by word.
    drop = [False] * len(joined)
    for match in _MARKUP.finditer(joined):
        drop[match.start() : match.end()] = [True] * (match.end() - match.start())
    breaks = [match.start() for match in _ITEM.finditer(joined)]
    at = 0
    for word in words:
        end = at + len(word.text)
        cuts = [b for b in breaks if at <= b < end]
        for begin, stop in pairwise([at, *cuts, end]):
            if begin in cuts:
                yield None
            text = "".join(c for c, gone in zip(joined[begin:stop], drop[begin:stop], strict=True) if not gone)
            if text:
                yield word._replace(text=text)
        at = end + 1
