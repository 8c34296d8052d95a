"""Tables of single pages joined into the tables of the document.

A continued table has the same columns on the next page, whose widths may have drifted, its header repeated or not; a
row that the page break cut goes on in the first row behind it. Works on restored text; no picture is needed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.layout.tables.header import (
    column_names,
    header_depth,
    is_numbering,
    names_number_column,
    repeats,
    rest_below,
)
from pipeline.layout.tables.numbers import mend_numbers
from pipeline.layout.tables.rows import Field, Row, dense_rows, group_row, is_blank, is_label, texts
from pipeline.values import Box, Line, PageLayout, PageTable, Table, Text, Zone

DRIFT = 0.035  # of the table's width: how far a column's edge may move from page to page
WIDTH_DRIFT = 0.12  # how much the whole table's width may change
LINES_BETWEEN = 2  # captions and page numbers between the halves of a table
NEAR = 30.0  # points between two pieces of a table on one page

_OPEN_END = re.compile(r"[,\-–/(]$|\w$")


@dataclass
class _Chain:
    """A table as far as it has been followed: its parts, and what stands between it and what comes next."""

    edges: tuple[float, ...]
    columns: int
    header: list[Row]
    rows: list[Row]
    pages: list[int]
    boxes: list[Box | None]
    cut: bool = False  # the last row is open at the bottom
    place: int | None = None  # among the lines of a dump's page


def join_tables(pages: Sequence[PageLayout]) -> list[Table]:
    """All tables of a document, each joined over its pages, in reading order."""
    chains: list[_Chain] = []
    last: tuple[PageLayout, PageTable] | None = None
    for page in pages:
        for table in sorted(page.tables, key=lambda t: page.upright(t.box).y0 if t.box else 0.0):
            rows = [row for row in dense_rows(table) if not is_blank(row)]
            if not rows:
                continue
            current = chains[-1] if chains else None
            if current is not None and last is not None and _continues(current, last, (page, table), rows):
                _extend(current, table, rows)
            else:
                chains.append(_begin(table, rows))
            last = (page, table)
    return [_table(chain) for chain in chains]


def _begin(table: PageTable, rows: list[Row]) -> _Chain:
    depth = header_depth(rows)
    header, data = rows[:depth], rows[depth:]
    data = [row for k, row in enumerate(data) if not is_numbering(row, below_header=bool(header) and k == 0)]
    edges, pages, boxes = table.column_edges, [table.page], [table.box]
    return _Chain(edges, table.columns, header, data, pages, boxes, table.open_bottom, table.place)


def _continues(
    chain: _Chain, last: tuple[PageLayout, PageTable], now: tuple[PageLayout, PageTable], rows: list[Row]
) -> bool:
    (last_page, last_table), (page, table) = last, now
    mapping = _column_mapping(chain, table)
    if mapping is None:
        return False
    old, new, columns = mapping
    header = [_spread(row, old, columns) for row in chain.header]
    repeated = repeats(header, [_spread(row, new, columns) for row in rows])
    if table.box is None and page.number == last_page.number:
        return table.open_top  # a text dump: pages may not be marked
    if page.number == last_page.number:
        return not repeated and _stand_together(page, last_table, table)
    if page.number != last_page.number + 1:
        return False
    between = _lines_below(last_page, last_table) + _lines_above(page, table)
    if between > LINES_BETWEEN:
        return False
    return repeated or not names_number_column(rows[0])


def _stand_together(page: PageLayout, upper: PageTable, lower: PageTable) -> bool:
    """Two pieces on one page with nothing but a little white between them."""
    if upper.box is None or lower.box is None:
        return False
    top, bottom = page.upright(upper.box).y1, page.upright(lower.box).y0
    return 0 <= bottom - top <= NEAR and _counted(page, top, bottom) == 0


def _lines_below(page: PageLayout, table: PageTable) -> int:
    if table.box is None:
        return sum(_is_text(x) for x in page.lines if table.place is not None and (x.place or 0) > table.place)
    return _counted(page, page.upright(table.box).y1, math.inf)


def _lines_above(page: PageLayout, table: PageTable) -> int:
    if table.box is None:
        return sum(_is_text(x) for x in page.lines if table.place is not None and (x.place or 0) < table.place)
    return _counted(page, -math.inf, page.upright(table.box).y0)


def _counted(page: PageLayout, top: float, bottom: float) -> int:
    """Lines of text between two heights of the page held upright."""
    return sum(_is_text(x) for x in page.lines if x.box is not None and top < page.upright(x.box).y_centre < bottom)


def _is_text(line: Line) -> bool:
    """Page numbers, stamps and specks are none."""
    aside = line.zone in (Zone.RUNNING, Zone.STAMP, Zone.DIGITAL_SIGNATURE)
    return not aside and sum(c.isalpha() for c in line.text) >= 3


def _extend(chain: _Chain, table: PageTable, rows: list[Row]) -> None:
    mapping = _column_mapping(chain, table)
    if mapping is None:
        return
    old, new, columns = mapping
    if columns != chain.columns:
        chain.rows = [_spread(row, old, columns) for row in chain.rows]
        chain.header = [_spread(row, old, columns) for row in chain.header]
        chain.columns, chain.edges = columns, table.column_edges
    rows = [_spread(row, new, columns) for row in rows]
    repeated = repeats(chain.header, rows)
    if repeated:
        rest = rest_below(chain.header, rows)
        if chain.rows and any(f.string for f in rest):
            chain.rows[-1] = _joined(chain.rows[-1], rest)
        rows = rows[len(chain.header) :]
    first = repeated or not chain.rows or not is_label(rows[0][0].string) if rows else False
    rows = [row for k, row in enumerate(rows) if not is_numbering(row, below_header=first and k == 0)]
    if rows and chain.rows and _goes_on(chain, rows, table.open_top and table.box is not None):
        chain.rows[-1] = _joined(chain.rows[-1], rows[0])
        rows = rows[1:]
    chain.rows += rows
    chain.pages.append(table.page)
    chain.boxes.append(table.box)
    chain.cut = table.open_bottom


def _column_mapping(chain: _Chain, table: PageTable) -> tuple[list[int], list[int], int] | None:
    """Where the edges of the chain and of the table stand in their common columns; None when they do not fit.

    Of two tables with unlike numbers of columns, each edge of the poorer must be one of the richer's.
    """
    count = table.columns
    plain = list(range(max(chain.columns, count) + 1))
    a, b = _relative(chain.edges), _relative(table.column_edges)
    if not a or not b:
        return (plain, plain, count) if chain.columns == count else None
    widths = chain.edges[-1] - chain.edges[0], table.column_edges[-1] - table.column_edges[0]
    if abs(widths[0] - widths[1]) > WIDTH_DRIFT * max(widths):
        return None
    if chain.columns == count:
        return (plain, plain, count) if all(abs(x - y) <= 2 * DRIFT for x, y in zip(a, b, strict=True)) else None
    rich, poor = (a, b) if len(a) > len(b) else (b, a)
    places = [min(range(len(rich)), key=lambda k: abs(rich[k] - x)) for x in poor]
    if len(set(places)) < len(poor) or any(abs(rich[k] - x) > DRIFT for k, x in zip(places, poor, strict=True)):
        return None
    return (plain, places, chain.columns) if len(a) > len(b) else (places, plain, count)


def _relative(edges: Sequence[float]) -> list[float]:
    if len(edges) < 2 or edges[-1] <= edges[0]:
        return []
    return [(x - edges[0]) / (edges[-1] - edges[0]) for x in edges]


def _spread(row: Row, places: Sequence[int], columns: int) -> Row:
    """A row of fewer columns laid over ``columns``: edge ``k`` of the row is edge ``places[k]``."""
    if len(row) == columns:
        return row
    fields = [Field(covered=True) for _ in range(columns)]
    for k, f in enumerate(row):
        end = places[min(len(row), k + f.width)]
        fields[places[k]] = replace(f, width=end - places[k])
    return tuple(fields)


def _goes_on(chain: _Chain, rows: list[Row], open_top: bool) -> bool:
    """Whether the first row behind the page break is the rest of the last row before it."""
    before, after = chain.rows[-1], rows[0]
    if group_row(after) is not None or group_row(before) is not None:
        return False
    numbered = sum(is_label(row[0].string) for row in (*chain.rows, *rows)) * 3 >= 2 * len([*chain.rows, *rows])
    if numbered and len(after) > 1:
        if not any(c.isalnum() for c in after[0].string) and not after[0].covered:
            return True
        if not before[0].string and not before[0].covered and is_label(after[0].string):
            return chain.cut or open_top or _unfinished(before, after)  # the number stood in the middle of the row
        return False
    if chain.cut or open_top:
        return _unfinished(before, after) or any(not f.string for f in after)
    return not after[0].string and _unfinished(before, after)


def _unfinished(before: Row, after: Row) -> bool:
    """Whether some sentence runs from one row into the next: no end there, a small letter here."""
    return any(
        a.string and b.string and _OPEN_END.search(a.string) and b.string[0].islower()
        for a, b in zip(before, after, strict=True)
    )


def _joined(before: Row, after: Row) -> Row:
    fields = [replace(a, text=_join_text(a, b)) for a, b in zip(before, after, strict=True)]
    if is_label(before[0].string) and not any(c.isalnum() for c in after[0].string):
        fields[0] = before[0]  # specks beside a number
    return tuple(fields)


def _join_text(a: Field, b: Field) -> Text:
    if not a.string or not b.string:
        return a.text or b.text
    broken = len(a.string) > 1 and a.string[-1] in "-/" and a.string[-2].isalnum() and b.string[0].isalnum()
    return Text.join((a.text, b.text), "\n" if b.opens_item else "" if broken else " ")


def _table(chain: _Chain) -> Table:
    groups = [group_row(row) for row in chain.rows]
    rows = [group or row for group, row in zip(groups, chain.rows, strict=True)]
    rows = mend_numbers(rows, [group is not None for group in groups])
    return Table(
        header=tuple(texts(row) for row in chain.header),
        rows=tuple(texts(row) for row in rows),
        columns=column_names(chain.header, chain.columns) or ("",) * chain.columns,
        pages=tuple(dict.fromkeys(chain.pages)),
        boxes=tuple(chain.boxes),
        place=chain.place,
        covered=tuple(_covered(rows)),
    )


def _covered(rows: Sequence[Row]) -> Iterator[tuple[int, int, int]]:
    """Row and column of the fields under cells merged over rows, and the row each of those begins in."""
    for r, row in enumerate(rows):
        for c, f in enumerate(row):
            first = next((k for k in range(r - 1, -1, -1) if not rows[k][c].above), None) if f.above else None
            if first is not None and rows[first][c].height > 1:
                yield r, c, first
