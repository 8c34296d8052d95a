"""Tables as grids, from the rules of a straightened grey page picture (pixels).

A table is a set of horizontal and vertical rules that cross. Its edges are the clustered positions of its rules; two
neighbouring fields belong to one cell where no rule stands between them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np
import numpy.typing as npt

from pipeline.intake.scale import smaller
from pipeline.layout.tables.across import grids_across, row_rules
from pipeline.layout.tables.fields import SAME_EDGE, Grid, cells_of, without_idle_edges
from pipeline.layout.tables.mending import TOUCH, inked, mended, merged
from pipeline.layout.tables.rules import (
    POINTS_PER_INCH,
    STRAIGHT,
    Grey,
    PageRules,
    Rule,
    dark,
    find_rules,
    rules_of,
    straight_strokes,
    strokes_down,
    transposed,
)

COARSE_DPI = 100.0

# Lengths in points.
STICKING_OUT = 8.0  # rules that go so far beyond the last crossing rule bound an open row
OPEN_SIDE = 14.0  # the same for a column without a border
EDGE_SHARE = 0.4  # of the table's height (width) that the rules on a column's (row's) edge make together
BROKEN, UNBROKEN = 0.4, 0.92  # share of ink along such an edge, and along a rule that stands alone
WHOLE = 0.95
HEAD = 3  # rows in which headings of two columns stand under a common one
HALF_BROKEN = 0.6  # of a rule that stands alone with white along both sides
BESIDE = 0.12  # share of its length with ink beside it: crossing rules, specks
SOLID = 0.8  # share of ink of a rule beyond the last crossing rule
MEETS = 3.0  # how near a rule that stands alone comes to the rules it divides
ALIKE, LEAST_ALIKE = 6.0, 4  # rules that begin and end together, and how many of them make a table likely
NARROW = 0.4  # of the page's width: below that a boxed stamp ("CÔNG VĂN ĐẾN") is likelier than a table


def find_grids(gray: Grey, dpi: float) -> list[Grid]:
    """The ruled tables of a straightened page picture, from top to bottom; none on a page without tables."""
    return grids_of(find_rules(gray, dpi))


def grids_of(rules: PageRules) -> list[Grid]:
    """The tables that the rules of a page make, from top to bottom."""
    horizontal, vertical = merged(rules.horizontal, rules.dpi), merged(rules.vertical, rules.dpi)
    width = rules.ink.shape[1]
    found = (_grid(across, down, rules) for across, down in _crossing_sets(horizontal, vertical, rules))
    grids = [grid for grid in found if grid is not None and _is_table(grid, width)]
    grids += grids_across(rules, horizontal, grids)
    return sorted(grids, key=lambda g: (g.row_edges[0], g.column_edges[0]))


def looks_ruled(gray: Grey, dpi: float) -> bool:
    """Whether rules that cross are seen at a coarse scale; without, finding rules at full size finds no table.

    Takes a tenth of the time of :func:`find_grids`, which most pages are spared so: a table has straight horizontal
    rules, one below the other or meeting vertical ones; dashed ones are not seen, but several tall vertical ones are.
    """
    factor = min(1.0, COARSE_DPI / dpi)
    small = smaller(gray, factor)
    dpi *= factor
    ink = dark(small, dpi)
    straight = straight_strokes(transposed(ink), dpi)
    if row_rules(merged(straight, dpi), dpi, ink.shape[1]):
        return True
    few = len(straight_strokes(ink, dpi)) < LEAST_ALIKE
    if few and not straight:
        return False
    strokes = strokes_down(ink, dpi)
    if few and not _meetings(straight, strokes.rules, TOUCH * dpi / POINTS_PER_INCH).any():
        return False
    rules = rules_of(ink, dpi, strokes)
    across, down = merged(rules.horizontal, dpi), merged(rules.vertical, dpi)
    crossing = _crossing_sets(across, down, rules)
    if any(_may_be_table(*lines, ink.shape[1]) for lines in crossing) or _stand_alike(down, rules):
        return True
    return bool(row_rules(across, dpi, ink.shape[1]))


def _may_be_table(across: Sequence[Rule], down: Sequence[Rule], page_width: int) -> bool:
    """Whether :func:`_is_table` may hold of a grid of these rules."""
    x0, _, x1, _ = _bounds(across, down)
    return len(down) >= 2 and (x1 - x0 >= 0.9 * NARROW * page_width or (len(across) >= 3 and len(down) >= 3))


def _stand_alike(down: Sequence[Rule], rules: PageRules) -> bool:
    """Whether several vertical rules begin and end together: of dashed rules across nothing is left at that scale."""
    same, least = rules.pixels(ALIKE), rules.pixels(STRAIGHT)
    tall = [r for r in down if r.length >= least]
    return any(
        sum(abs(r.start - other.start) <= same and abs(r.end - other.end) <= same for other in tall) >= LEAST_ALIKE
        for r in tall
    )


def _crossing_sets(
    across: Sequence[Rule], down: Sequence[Rule], rules: PageRules
) -> list[tuple[list[Rule], list[Rule]]]:
    """Sets of horizontal and vertical rules that hang together by crossings; rules that cross too little (underlines)
    are left out."""
    touch = rules.pixels(TOUCH)
    across, down = mended(across, down, rules, vertical=False), mended(down, across, rules, vertical=True)
    meets = _meetings(across, down, touch)
    while True:
        # A horizontal rule divides something only between two verticals; a vertical may hang from one rule (open row).
        keep_across = np.flatnonzero(meets.sum(axis=1) >= 2)
        keep_down = np.flatnonzero(meets[keep_across].any(axis=0))
        if len(keep_across) == len(across) and len(keep_down) == len(down):
            break
        across, down = [across[i] for i in keep_across.tolist()], [down[j] for j in keep_down.tolist()]
        meets = meets[np.ix_(keep_across, keep_down)]
    parent = list(range(len(across) + len(down)))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    for i, j in np.argwhere(meets).tolist():
        parent[root(i)] = root(len(across) + j)
    sets: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across):
        sets.setdefault(root(i), ([], []))[0].append(rule)
    for j, rule in enumerate(down):
        sets.setdefault(root(len(across) + j), ([], []))[1].append(rule)
    return _united(list(sets.values()), touch)


def _meetings(across: Sequence[Rule], down: Sequence[Rule], touch: float) -> npt.NDArray[np.bool_]:
    """Which of the horizontal rules (rows) meets which of the vertical ones (columns)."""
    position, start, end = _along(across)
    column, top, bottom = (values[None, :] for values in _along(down))
    within = (start[:, None] - touch <= column) & (column <= end[:, None] + touch)
    return np.asarray(within & (top - touch <= position[:, None]) & (position[:, None] <= bottom + touch))


def _along(rules: Sequence[Rule]) -> tuple[npt.NDArray[np.float64], ...]:
    """Positions, starts and ends."""
    values = np.array([(r.position, r.start, r.end) for r in rules], dtype=np.float64).reshape(-1, 3)
    return values[:, 0], values[:, 1], values[:, 2]


def _united(sets: list[tuple[list[Rule], list[Rule]]], touch: float) -> list[tuple[list[Rule], list[Rule]]]:
    """Sets whose boxes overlap are one table whose rules are broken."""
    done: list[tuple[list[Rule], list[Rule]]] = []
    for across, down in sorted(sets, key=lambda s: min(r.position for r in s[0]) if s[0] else 0.0):
        if not across or not down:
            continue
        for other_across, other_down in done:
            if _overlap(_bounds(across, down), _bounds(other_across, other_down), touch):
                other_across += across
                other_down += down
                break
        else:
            done.append((across, down))
    return done


def _bounds(across: Sequence[Rule], down: Sequence[Rule]) -> tuple[float, float, float, float]:
    return (
        min(min(r.start for r in across), min(r.position for r in down)),
        min(min(r.position for r in across), min(r.start for r in down)),
        max(max(r.end for r in across), max(r.position for r in down)),
        max(max(r.position for r in across), max(r.end for r in down)),
    )


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float], touch: float) -> bool:
    return a[0] <= b[2] + touch and b[0] <= a[2] + touch and a[1] <= b[3] + touch and b[1] <= a[3] + touch


def _grid(across: list[Rule], down: list[Rule], rules: PageRules) -> Grid | None:
    _, y0, _, y1 = _bounds(across, down)
    down = _supported(down, [r.position for r in across], y1 - y0, rules, vertical=True)
    if len(down) < 2:
        return None
    x0, _, x1, _ = _bounds(across, down)
    across = _supported(across, _sides(across, down, rules), x1 - x0, rules, vertical=False)
    if not across:
        return None
    rows, columns = _edges(across, rules), _edges(down, rules)
    top = _open_end(
        _ends(down, columns, rules, rows[0], first=True, vertical=True), rows[0], -1, rules.pixels(STICKING_OUT)
    )
    bottom = _open_end(
        _ends(down, columns, rules, rows[-1], first=False, vertical=True), rows[-1], 1, rules.pixels(STICKING_OUT)
    )
    left = _open_end(
        _ends(across, rows, rules, columns[0], first=True, vertical=False), columns[0], -1, rules.pixels(OPEN_SIDE)
    )
    right = _open_end(
        _ends(across, rows, rules, columns[-1], first=False, vertical=False), columns[-1], 1, rules.pixels(OPEN_SIDE)
    )
    row_edges = [e for e in (top, *rows, bottom) if e is not None]
    column_edges = [e for e in (left, *columns, right) if e is not None]
    if len(row_edges) < 2 or len(column_edges) < 2:
        return None
    grid = Grid(tuple(row_edges), tuple(column_edges), (), top is not None, bottom is not None)
    return without_idle_edges(grid, cells_of(grid, rules))


def _supported(
    candidates: list[Rule], crossings: Sequence[float], extent: float, rules: PageRules, *, vertical: bool
) -> list[Rule]:
    """Candidates without chance alignments of letters, handwriting and seals.

    An edge of a table runs through much of it, in one piece or several on one line. A rule that does not must run from
    one crossing rule to another. White along both sides tells it from a pen's upright stroke, which has its letters
    beside it; lines of text may touch a horizontal rule, which then must be unbroken ink. Amid the rows of a table lone
    strokes are likelier than columns of one row, so there they must be whole.
    """
    same = rules.pixels(SAME_EDGE)
    edges = [c for c, following in pairwise([*sorted(crossings), math.inf]) if following - c > same]
    below_head = edges[HEAD - 1] - same if len(edges) > 2 * HEAD else math.inf
    kept = []
    for rule in candidates:
        on_line = [r for r in candidates if abs(r.position - rule.position) <= same]
        together = sum(r.length for r in on_line)
        long_edge = together >= EDGE_SHARE * extent
        share = inked(rule, rules, vertical)
        if long_edge:
            standing = share >= BROKEN
        elif _stands_free(rule, rules, vertical):
            least, reach = (WHOLE, MEETS) if vertical and rule.start > below_head else (HALF_BROKEN, 2 * MEETS)
            standing = share >= least and _reaches(rule, crossings, rules.pixels(reach))
        else:
            standing = not vertical and share >= UNBROKEN and _reaches(rule, crossings, rules.pixels(MEETS))
        if standing:
            kept.append(rule)
    return kept


def _stands_free(rule: Rule, rules: PageRules, vertical: bool) -> bool:
    """Whether there is white along both sides of a rule, as beside no stroke of a letter."""
    ink = rules.ink.T if vertical else rules.ink
    middle, near, far = round(rule.position), round(rules.pixels(1.4)), round(rules.pixels(3.4))
    begin, end = round(rule.start + rules.pixels(3.0)), round(rule.end - rules.pixels(3.0))
    sides = ink[max(0, middle - far) : middle - near, begin:end], ink[middle + near + 1 : middle + far + 1, begin:end]
    return end > begin and all(float((side > 0).any(axis=0).mean()) <= BESIDE for side in sides if side.size)


def _reaches(rule: Rule, crossings: Sequence[float], tolerance: float) -> bool:
    return all(any(abs(end - c) <= tolerance for c in crossings) for end in (rule.start, rule.end))


def _sides(across: Sequence[Rule], down: Sequence[Rule], page: PageRules) -> list[float]:
    """Where the vertical rules stand, and where the horizontal ones end together on a side without a border."""
    upright = [r.position for r in down]
    least = page.pixels(OPEN_SIDE)
    left = _open_end([r.start for r in across], min(upright), -1, least)
    right = _open_end([r.end for r in across], max(upright), 1, least)
    return [*upright, *(x for x in (left, right) if x is not None)]


def _ends(
    rules_of_axis: Sequence[Rule], edges: Sequence[float], page: PageRules, last: float, *, first: bool, vertical: bool
) -> list[float]:
    """Where each edge's rules begin (or end), one value an edge.

    What goes beyond ``last``, the outermost crossing rule, counts only if it is solid ink: letters below a table line
    up with its rules by chance.
    """
    same = page.pixels(SAME_EDGE)
    ends = []
    for edge in edges:
        own = [r for r in rules_of_axis if abs(r.position - edge) <= same]
        if own:
            end = min(r.start for r in own) if first else max(r.end for r in own)
            out = end < last if first else end > last
            ends.append(end if not out or _goes_beyond(edge, last, end, page, vertical) else last)
    return ends


def _goes_beyond(edge: float, last: float, end: float, page: PageRules, vertical: bool) -> bool:
    """Solid ink from the last crossing rule to ``end``, and no gap right behind that rule."""
    away = 1.0 if end > last else -1.0
    near, far = last + away * page.pixels(1.5), last + away * page.pixels(3.5)
    return (
        inked(Rule(edge, min(near, far), max(near, far), 1.0), page, vertical) >= SOLID
        and inked(Rule(edge, min(last, end), max(last, end), 1.0), page, vertical) >= SOLID
    )


def _edges(rules_of_axis: Sequence[Rule], page: PageRules) -> list[float]:
    """Clustered positions, weighted by length."""
    same = page.pixels(SAME_EDGE)
    clusters: list[list[Rule]] = []
    for rule in sorted(rules_of_axis, key=lambda r: r.position):
        if clusters and rule.position - _centre(clusters[-1]) <= same:
            clusters[-1].append(rule)
        else:
            clusters.append([rule])
    return [_centre(c) for c in clusters]


def _centre(cluster: Sequence[Rule]) -> float:
    return sum(r.position * r.length for r in cluster) / sum(r.length for r in cluster)


def _open_end(ends: Sequence[float], last: float, direction: int, least: float) -> float | None:
    """Where an unclosed row or column ends: at least two crossing rules, and half of all, stick out beyond ``last``."""
    out = [e for e in ends if (e - last) * direction > least]
    if len(out) < 2 or len(out) * 2 < len(ends):
        return None
    return float(median(out))


def _is_table(grid: Grid, page_width: int) -> bool:
    """Whether a grid is a table rather than a box around words or a stamp of the registry."""
    if grid.columns < 2 or len(grid.cells) < 3:
        return False
    if grid.rows < 2 and grid.columns < 3:
        return False
    x0, _, x1, _ = grid.box
    return x1 - x0 >= NARROW * page_width or (grid.columns >= 3 and grid.rows >= 3)
