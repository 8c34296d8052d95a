"""Ruled tables of born-digital pages: cells that the page draws as vectors, filled with the page's own words.

Reads the boxes of cells as :mod:`pipeline.intake.vectors` finds them; positions are points from the top left.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.layout.tables.paragraphs import cell_items, items_text
from pipeline.values import Box, Cell, Line, PageTable, Word, union

SAME_EDGE = 3.0  # points within which two edges are one
PADDING = 5.4  # points between a rule and its text
SLACK = 4.0


def lattice_tables(
    lattices: Sequence[Sequence[Box]], words: Sequence[Word], page_number: int
) -> tuple[list[Word], list[PageTable]]:
    """Words outside tables, and the tables whose cells are ``lattices``, with the words inside them."""
    rest = list(words)
    tables = []
    for boxes in lattices:
        table = _table(boxes, rest, page_number)
        if table is None or table.box is None:
            continue
        tables.append(table)
        rest = [word for word in rest if not _inside(word, table.box)]
    return rest, tables


def _inside(word: Word, box: Box) -> bool:
    return word.box is not None and box.x0 <= word.box.x_centre <= box.x1 and box.y0 <= word.box.y_centre <= box.y1


def _table(boxes: Sequence[Box], words: Sequence[Word], page_number: int) -> PageTable | None:
    """None for what is no table: a box around words, an underline, rules without text."""
    columns = _edges([x for b in boxes for x in (b.x0, b.x1)])
    rows = _edges([y for b in boxes for y in (b.y0, b.y1)])
    if len(columns) < 3 or len(rows) < 2 or len(boxes) < 3:
        return None
    cells = []
    for box in boxes:
        row, column = _nearest(rows, box.y0), _nearest(columns, box.x0)
        row_span, column_span = _nearest(rows, box.y1) - row, _nearest(columns, box.x1) - column
        if row_span < 1 or column_span < 1:
            continue
        items = cell_items(_lines([w for w in words if _inside(w, box)], box, page_number))
        lines = tuple(line for item in items for line in item)
        cells.append(Cell(row, column, items_text(items), row_span, column_span, box, lines))
    if not any(cell.text for cell in cells):
        return None
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return PageTable(
        page_number, len(rows) - 1, len(columns) - 1, tuple(cells), union(boxes), tuple(round(x, 1) for x in columns)
    )


def _edges(values: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > SAME_EDGE:
            edges.append(value)
    return edges


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda k: abs(edges[k] - value))


def _lines(words: Sequence[Word], cell: Box, page_number: int) -> list[Line]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box.y_centre if w.box else 0.0):
        last = rows[-1][0].box if rows else None
        if last is not None and word.box is not None and word.box.y_centre - last.y_centre <= 0.5 * last.height:
            rows[-1].append(word)
        else:
            rows.append([word])
    lines: list[Line] = []
    for k, row in enumerate(rows):
        row.sort(key=lambda w: w.box.x0 if w.box else 0.0)
        box = union(w.box for w in row)
        following = min((w.box for w in rows[k + 1] if w.box), key=lambda b: b.x0) if k + 1 < len(rows) else None
        fills = None
        if box is not None and following is not None:
            room = cell.width - 2 * PADDING
            fills = box.width + 0.25 * box.height + following.width + SLACK > room
        lines.append(Line(page_number, tuple(row), box, fills=fills))
    return lines
