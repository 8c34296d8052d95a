"""Tables ruled across only: rows between horizontal rules of one length, columns kept apart by white.

Reads the rules and the ink of a straightened page picture. No letterhead, signature or heading has four rules of the
same long extent one below the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.intake.pieces import connected
from pipeline.layout.tables.bits import Mask
from pipeline.layout.tables.fields import SAME_EDGE, Flags, Grid, cells_joined, without_idle_edges
from pipeline.layout.tables.rules import SPECK, PageRules, Rule

LEAST_RULES = 4  # head, foot and two rows
LEAST_WIDTH = 0.5  # of the page's
SAME_EXTENT = 6.0  # points by which ends of the table's rules differ
RIVER = 7.0  # points of white between two columns
OPEN_ROWS = 0.7  # share of the rows that a river runs through; headings over several columns cross it
LEAST_COLUMNS = 3
INSET = 2.5  # points from a rule to where letters may stand
DIRT = 0.02  # share of a field's height that specks may ink
HIGHEST_ROW = 260.0  # points
OFF_EDGE = 25.0  # points in a river from where a rule under a heading ends to the river's middle
UNDER = 0.7  # of a field's width that a rule below it covers


def row_rules(rules: Sequence[Rule], dpi: float, page_width: int) -> list[list[Rule]]:
    """Horizontal rules in sets of like extent, each from top to bottom, that may be the rows of a table."""
    points = dpi / 72
    sets: list[list[Rule]] = []
    for rule in sorted((r for r in rules if r.length >= LEAST_WIDTH * page_width), key=lambda r: r.position):
        for other in sets:
            last = other[-1]
            if (
                abs(last.start - rule.start) <= SAME_EXTENT * points
                and abs(last.end - rule.end) <= SAME_EXTENT * points
                and rule.position - last.position <= HIGHEST_ROW * points
            ):
                if rule.position - last.position > SAME_EDGE * points:  # a doubled rule is one
                    other.append(rule)
                break
        else:
            sets.append([rule])
    return [found for found in sets if len(found) >= LEAST_RULES]


def grids_across(rules: PageRules, whole: Sequence[Rule], found: Sequence[Grid]) -> list[Grid]:
    """The tables that only horizontal rules tell, outside the grids ``found``.

    ``whole`` are the page's horizontal rules, pieces of one made one.
    """
    width = rules.ink.shape[1]
    free = [rule for rule in whole if not any(_within(rule, grid) for grid in found)]
    grids = (_grid(long, rules) for long in row_rules(free, rules.dpi, width))
    return [grid for grid in grids if grid is not None]


def _within(rule: Rule, grid: Grid) -> bool:
    x0, y0, x1, y1 = grid.box
    return y0 - 2 <= rule.position <= y1 + 2 and rule.start < x1 and rule.end > x0


def _grid(long: Sequence[Rule], rules: PageRules) -> Grid | None:
    left, right = min(r.start for r in long), max(r.end for r in long)
    rows = [r.position for r in long]
    text = _letters(rules)
    columns = [left, *_rivers(long, left, right, text, rules), right]
    if len(columns) - 1 < LEAST_COLUMNS:
        return None
    short = _short_rules(long, columns, rules)
    rows = sorted([*rows, *(rule.position for rule in short)])
    grid = Grid(tuple(rows), tuple(columns), ())
    apart = np.array([[_clear(grid, r, c, text, rules) for c in range(grid.columns - 1)] for r in range(grid.rows)])
    ruled = np.array([[_under(grid, r, c, rules) for c in range(grid.columns)] for r in range(grid.rows - 1)])
    for row in (rows.index(rule.position) - 1 for rule in short):
        apart[row] &= ~(ruled[row, :-1] & ruled[row, 1:])  # its heading is that of all columns it runs under
    return without_idle_edges(grid, cells_joined(grid, ~apart, ~ruled))


def _rivers(long: Sequence[Rule], left: float, right: float, text: Mask, rules: PageRules) -> list[float]:
    """The middles of the white between the columns, from left to right."""
    inset = rules.pixels(INSET)
    first, last = round(left), round(right)
    white: list[Flags] = []
    for above, below in pairwise(long):
        band = text[round(above.position + inset) : round(below.position - inset), first:last]
        if band.size and band.any():
            white.append(band.mean(axis=0) <= DIRT * 255)
    if len(white) < LEAST_RULES - 1:
        return []
    share = np.asarray(white).mean(axis=0)
    end = last - first
    middles = []
    for a, b in _runs(share >= OPEN_ROWS):
        rivers = [(a + p, a + q) for p, q in _openest(share[a:b], len(white), rules.pixels(RIVER))]
        rivers = [(p, q) for p, q in rivers if p > 0 and q < end]
        stops = [*(p for p, _ in rivers[1:]), b if b == end else 0][: len(rivers)]
        headed = [not white[0][q:stop].all() for (_, q), stop in zip(rivers, stops, strict=True)]
        if b == end:  # a column of few words on the right: its heading stands behind the river
            rivers = [river for river, head in zip(rivers, headed, strict=True) if head]
        elif not any(headed):
            rivers = sorted(rivers, key=lambda river: river[1] - river[0])[-1:]
        middles += [left + (p + q) / 2 for p, q in rivers]
    return middles


def _letters(rules: PageRules) -> Mask:
    """The ink without horizontal rules and dust."""
    ink = cv2.subtract(rules.ink, cv2.dilate(rules.horizontal_mask, np.ones((5, 1), np.uint8)))
    labels, stats, _ = connected(ink)
    small = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) < rules.pixels(SPECK)
    return np.where(small[labels], 0, ink).astype(np.uint8)


def _openest(share: npt.NDArray[np.float64], rows: int, least: float) -> list[tuple[int, int]]:
    """Where the most rows are open for the width of a river: long lines of single rows reach far into the white."""
    for crossed in range(rows):
        runs = [run for run in _runs(share >= share.max() - (crossed + 0.5) / rows) if run[1] - run[0] >= least]
        if runs:
            return runs
    return []


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """Begin and end of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _short_rules(long: Sequence[Rule], columns: Sequence[float], rules: PageRules) -> list[Rule]:
    """Rules under a heading of several columns: they run from column to column."""
    top, bottom = long[0].position, long[-1].position
    near = rules.pixels(OFF_EDGE)
    short: list[Rule] = []
    for rule in rules.horizontal:
        apart = all(abs(rule.position - other.position) > rules.pixels(SAME_EDGE) for other in (*long, *short))
        spanning = all(min(abs(end - x) for x in columns) <= near for end in (rule.start, rule.end))
        if apart and spanning and top < rule.position < bottom and sum(rule.start < x < rule.end for x in columns):
            short.append(rule)
    return short


def _clear(grid: Grid, row: int, column: int, text: Mask, rules: PageRules) -> bool:
    """Whether no text crosses the middle of the white to the right of a field."""
    edge, inset, half = grid.column_edges[column + 1], rules.pixels(INSET), rules.pixels(RIVER / 4)
    top, bottom = round(grid.row_edges[row] + inset), round(grid.row_edges[row + 1] - inset)
    middle = text[top:bottom, round(edge - half) : round(edge + half) + 1] > 0
    return not middle.size or float(middle.any(axis=1).mean()) <= 2 * DIRT


def _under(grid: Grid, row: int, column: int, rules: PageRules) -> bool:
    """Whether a rule runs below a field."""
    y, band = grid.row_edges[row + 1], round(rules.pixels(SAME_EDGE)) - 1
    x0, x1 = round(grid.column_edges[column]), round(grid.column_edges[column + 1])
    side = rules.horizontal_mask[max(0, round(y) - band) : round(y) + band + 1, x0:x1]
    return bool(side.size) and float(side.any(axis=0).mean()) >= UNDER
