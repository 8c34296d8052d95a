"""A table's skeleton in pixels: its edges, and its cells as fields joined over sides where no rule stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipeline.layout.tables.bits import Mask
from pipeline.layout.tables.rules import PageRules

SAME_EDGE = 5.0  # points: rules closer than this are one edge: doubled, bent or broken
SHORT_SIDE = 26.0  # a side so short may be the stroke of a capital letter
UNBROKEN = 0.7  # share of a field's side that a rule covers where rules are whole: letters in line with it cover less
COVERED = 0.5  # and where that leaves no rectangles
BARELY_COVERED = 0.25
LOW_ROW = 40.0  # points
STEM = 0.35  # share of a low row's height that is left of a rule
DAMAGED = 0.12  # share of half covered sides from which on a table's rules count as broken
REMAINS = 0.18  # in such a table: share of a side that tells a broken rule from none
CLEAR = 2.2  # points of white on either side of a missing rule between two cells' texts
LINE_GAP = 4.5  # points of white between two rows: lines of one cell stand closer

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class GridCell:
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's skeleton in pixels of the picture.

    ``row_edges`` and ``column_edges`` are ascending, one more than rows and columns. Every field belongs to exactly one
    cell. ``open_top`` and ``open_bottom``: no rule closes the first or last row, so a page break cuts it.
    """

    row_edges: tuple[float, ...]
    column_edges: tuple[float, ...]
    cells: tuple[GridCell, ...]
    open_top: bool = False
    open_bottom: bool = False

    @property
    def rows(self) -> int:
        return len(self.row_edges) - 1

    @property
    def columns(self) -> int:
        return len(self.column_edges) - 1

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1."""
        return self.column_edges[0], self.row_edges[0], self.column_edges[-1], self.row_edges[-1]

    def rectangle(self, cell: GridCell) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 of a cell."""
        return (
            self.column_edges[cell.column],
            self.row_edges[cell.row],
            self.column_edges[cell.column + cell.column_span],
            self.row_edges[cell.row + cell.row_span],
        )

    def scaled(self, factor: int) -> Grid:
        """The same in a picture of ``factor`` times the resolution, each edge in the middle of its pixels."""
        return replace(
            self,
            row_edges=tuple(factor * y + (factor - 1) / 2 for y in self.row_edges),
            column_edges=tuple(factor * x + (factor - 1) / 2 for x in self.column_edges),
        )

    def moved(self, dx: float, dy: float) -> Grid:
        return replace(
            self,
            row_edges=tuple(y + dy for y in self.row_edges),
            column_edges=tuple(x + dx for x in self.column_edges),
        )


def cells_of(grid: Grid, rules: PageRules) -> tuple[GridCell, ...]:
    """Fields joined over sides where no rule stands, made rectangular."""
    right = np.array(
        [
            [_covered(rules.vertical_mask, grid, r, c, True, rules) for c in range(grid.columns - 1)]
            for r in range(grid.rows)
        ]
    ).reshape(grid.rows, grid.columns - 1)
    below = np.array(
        [
            [_covered(rules.horizontal_mask, grid, r, c, False, rules) for c in range(grid.columns)]
            for r in range(grid.rows - 1)
        ]
    ).reshape(grid.rows - 1, grid.columns)
    sides = np.concatenate([right.ravel(), below.ravel()])
    standing = sides[sides >= REMAINS]
    broken = len(standing) > 0 and float((standing < 0.9).mean()) >= DAMAGED
    if broken:
        walls = _walls(right, grid, rules, vertical=True), _walls(below, grid, rules, vertical=False)
        cells = _joined(grid, ~walls[0], ~walls[1])
        if cells is not None:
            return cells
    for threshold in (UNBROKEN, COVERED, BARELY_COVERED):
        cells = _joined(grid, right < threshold, below < threshold)
        if cells is not None:
            return cells
    if broken:
        return _joined_in_rows(grid, ~walls[0])
    return _joined_in_rows(grid, right < COVERED)


def cells_joined(grid: Grid, join_right: Flags, join_below: Flags) -> tuple[GridCell, ...]:
    """Fields joined where told, inside their rows only where that gives no rectangles."""
    cells = _joined(grid, join_right, join_below)
    return cells if cells is not None else _joined_in_rows(grid, join_right)


def _walls(covered: npt.NDArray[np.float64], grid: Grid, rules: PageRules, *, vertical: bool) -> Flags:
    """Where a rule stands or stood, in a table whose rules are broken.

    What is left of a rule tells it. Where nothing is left, two texts that keep clear of the line between them do.
    """
    walls: Flags = np.asarray(covered >= REMAINS)
    low = rules.pixels(LOW_ROW)
    for r, c in zip(*np.nonzero(~walls), strict=True):
        apart = _texts_apart(grid, int(r), int(c), rules, vertical)
        # A gap may be as long as a low row is high. A row of which another wall stands is no heading across the table.
        if not apart and vertical and grid.row_edges[r + 1] - grid.row_edges[r] <= low:
            apart = bool((covered[r, 1:] >= REMAINS).any()) and _is_clear(grid, int(r), int(c), rules)
        walls[r, c] = apart
    return walls


def _is_clear(grid: Grid, row: int, column: int, rules: PageRules) -> bool:
    """Whether no text crosses the line to the right of a field."""
    gap, inset, edge = rules.pixels(CLEAR), rules.pixels(2.5), grid.column_edges[column + 1]
    top, bottom = round(grid.row_edges[row] + inset), round(grid.row_edges[row + 1] - inset)
    flanks = (
        rules.ink[top:bottom, round(edge - gap) : round(edge - gap / 2)],
        rules.ink[top:bottom, round(edge + gap / 2) : round(edge + gap)],
    )
    return not any(flank.any() for flank in flanks)


def _texts_apart(grid: Grid, row: int, column: int, rules: PageRules, vertical: bool) -> bool:
    """Whether both fields hold text and the line between them is clear of it."""
    x0, x1 = grid.column_edges[column], grid.column_edges[column + 1]
    y0, y1 = grid.row_edges[row], grid.row_edges[row + 1]
    if vertical:
        ink, edge = rules.ink.T, x1
        begin, end, across = x0, grid.column_edges[column + 2], (y0, y1)
        clear = CLEAR
    else:
        ink, edge = rules.ink, y1
        begin, end, across = y0, grid.row_edges[row + 2], (x0, x1)
        clear = LINE_GAP / 2
    inset = rules.pixels(2.5)
    low, high = round(across[0] + inset), round(across[1] - inset)
    gap = rules.pixels(clear)
    middle = ink[round(edge - gap) : round(edge + gap) + 1, low:high] > 0
    before = ink[round(begin + inset) : round(edge - gap), low:high] > 0
    behind = ink[round(edge + gap) : round(end - inset), low:high] > 0
    least = rules.pixels(1.0) * rules.pixels(6.0)
    return bool(middle.mean() < 0.01 and before.sum() > least and behind.sum() > least) if middle.size else False


def _covered(mask: Mask, grid: Grid, row: int, column: int, vertical: bool, rules: PageRules) -> float:
    """Share of the side right of a field (or below it) along which a rule stands."""
    band = round(rules.pixels(SAME_EDGE)) - 1
    if vertical:
        edge, first, last = grid.column_edges[column + 1], grid.row_edges[row], grid.row_edges[row + 1]
        ink = rules.ink
    else:
        edge, first, last = grid.row_edges[row + 1], grid.column_edges[column], grid.column_edges[column + 1]
        mask, ink = mask.T, rules.ink.T
    inset = rules.pixels(2.5)
    begin, end = round(first + inset), max(round(first + inset) + 1, round(last - inset))
    low, high = max(0, round(edge) - band), round(edge) + band + 1
    side = mask[begin:end, low:high]
    if not side.size:
        return 0.0
    covered = float(side.any(axis=1).mean())
    if covered < COVERED or last - first > rules.pixels(SHORT_SIDE):
        return covered
    # The mask bridges gaps, so a capital's stem between two rules looks like a rule: ask the ink itself, where the
    # mask is thickest.
    middle = low + int(np.argmax(side.sum(axis=0, dtype=np.int64)))
    narrow = max(1, round(rules.pixels(0.8)))
    near = rules.pixels(1.2)  # right behind the crossing rules, where letters do not reach
    begin, end = round(first + near), max(round(first + near) + 1, round(last - near))
    stroke: Flags = np.asarray(ink[begin:end, max(0, middle - narrow) : middle + narrow + 1].any(axis=1))
    rim = max(1, round(rules.pixels(1.2)))
    whole = float(stroke.mean())
    if whole >= 0.88 or (stroke[:rim].any() and stroke[-rim:].any()):
        return whole
    if whole < STEM or not (stroke[:rim].any() or stroke[-rim:].any()):
        return 0.0
    # A broken rule keeps its distance from the texts beside it; a stem has its neighbours.
    beside = round(rules.pixels(4.0))
    flanks = (
        ink[begin:end, max(0, middle - beside) : max(0, middle - 2 * narrow)],
        ink[begin:end, middle + 2 * narrow + 1 : middle + beside + 1],
    )
    return 0.0 if all(flank.any() for flank in flanks) else whole


def _joined(grid: Grid, join_right: Flags, join_below: Flags) -> tuple[GridCell, ...] | None:
    """Connected fields as cells; None when one of them is not a rectangle."""
    label: npt.NDArray[np.intp] = np.arange(grid.rows * grid.columns).reshape(grid.rows, grid.columns)
    changed = True
    while changed:
        before = label.copy()
        for r in range(grid.rows):
            for c in range(grid.columns):
                if c + 1 < grid.columns and join_right[r, c]:
                    label[r, c] = label[r, c + 1] = min(label[r, c], label[r, c + 1])
                if r + 1 < grid.rows and join_below[r, c]:
                    label[r, c] = label[r + 1, c] = min(label[r, c], label[r + 1, c])
        changed = not np.array_equal(before, label)
    cells = []
    for k in np.unique(label):
        where_rows, where_columns = np.nonzero(np.asarray(label == k))
        height, width = int(np.ptp(where_rows)) + 1, int(np.ptp(where_columns)) + 1
        if height * width != len(where_rows):
            return None
        cells.append(GridCell(int(where_rows.min()), int(where_columns.min()), height, width))
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))


def _joined_in_rows(grid: Grid, join_right: Flags) -> tuple[GridCell, ...]:
    """Fields joined inside their rows only: always rectangles, for a grid whose rules contradict each other."""
    cells = []
    for r in range(grid.rows):
        start = 0
        for c in range(grid.columns):
            if c == grid.columns - 1 or not join_right[r, c]:
                cells.append(GridCell(r, start, 1, c + 1 - start))
                start = c + 1
    return tuple(cells)


def without_idle_edges(grid: Grid, cells: tuple[GridCell, ...]) -> Grid:
    """The grid without edges that bound no cell (a stroke that crossed two rules and divides nothing)."""
    rows = sorted({c.row for c in cells} | {c.row + c.row_span for c in cells})
    columns = sorted({c.column for c in cells} | {c.column + c.column_span for c in cells})
    moved = tuple(
        GridCell(
            rows.index(c.row),
            columns.index(c.column),
            rows.index(c.row + c.row_span) - rows.index(c.row),
            columns.index(c.column + c.column_span) - columns.index(c.column),
        )
        for c in cells
    )
    return Grid(
        tuple(grid.row_edges[r] for r in rows),
        tuple(grid.column_edges[c] for c in columns),
        moved,
        grid.open_top,
        grid.open_bottom,
    )
