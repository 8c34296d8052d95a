"""How well tables agree: F1 of cells with rows aligned in order, and GriTS.

GriTS (Smock, Pesala, Abraham: GriTS: Grid table similarity metric for table structure recognition, 2022) looks for
the most alike pair of sub-grids of two tables; rows and columns are chosen one after the other, by dynamic
programming, as its authors do. ``GriTS_Con`` counts how alike the matched cells' texts are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.quality.scoring.assignment import similarities
from pipeline.quality.scoring.figures import Figure, f1
from pipeline.quality.scoring.levelling import NEAR, Node, level, listed, rows_of

Grid = list[list[str]]
Rewards = npt.NDArray[np.float64]


def grids(document: Node) -> list[Grid]:
    """The rows of each table, cells levelled; the headings are not among them."""
    return [[[level(cell) for cell in row] for row in rows_of(table)] for table in listed(document, "tables")]


def cell_f1(gold: Sequence[Grid], found: Sequence[Grid]) -> Figure:
    """F1 of filled cells that agree in table, row and column; rows are aligned in order so that most cells agree."""
    hits = 0
    for own, theirs in zip(gold, found, strict=False):
        if own and theirs:
            hits += int(_best_chain(_agreeing(own, theirs)))
    return f1(hits, _filled(gold), _filled(found))


def _filled(tables: Sequence[Grid]) -> int:
    return sum(bool(cell) for table in tables for row in table for cell in row)


def _agreeing(gold: Grid, found: Grid) -> Rewards:
    """For each pair of rows the number of cells that are near, column by column."""
    width = min(max(map(len, gold)), max(map(len, found)))
    total = np.zeros((len(gold), len(found)))
    for column in range(width):
        own, theirs = _column(gold, column), _column(found, column)
        near = similarities(own, theirs, NEAR) >= NEAR
        near[[i for i, cell in enumerate(own) if not cell], :] = False
        total += near
    return total


def _column(table: Grid, column: int) -> list[str]:
    return [row[column] if column < len(row) else "" for row in table]


def _best_chain(rewards: Rewards) -> float:
    """Greatest sum of rewards over pairs that keep both orders."""
    best = np.zeros(rewards.shape[1] + 1)
    for row in rewards:
        taken = np.maximum(best[1:], best[:-1] + row)
        best = np.concatenate([[0.0], np.maximum.accumulate(taken)])
    return float(best[-1])


def _chain(rewards: Rewards) -> list[tuple[int, int]]:
    """The pairs of the best chain, in order."""
    rows, columns = rewards.shape
    best = np.zeros((rows + 1, columns + 1))
    for i in range(rows):
        taken = np.maximum(best[i, 1:], best[i, :-1] + rewards[i])
        best[i + 1, 1:] = np.maximum.accumulate(taken)
    pairs = []
    i, j = rows, columns
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def grits(gold: Grid, found: Grid) -> float:
    """GriTS_Con of two tables, 0 to 1; headings may be given as first rows. 1 for two empty tables."""
    if not gold or not found:
        return float(not gold and not found)
    height, width = len(gold), max(map(len, gold))
    other_height, other_width = len(found), max(map(len, found))
    rewards = np.empty((width, other_width, height, other_height))
    for a in range(width):
        for b in range(other_width):
            rewards[a, b] = similarities(_column(gold, a), _column(found, b))
    return grits_of(rewards)


def grits_of(rewards: Rewards) -> float:
    """GriTS from the likeness, 0 to 1, of each pair of fields: one's column, the other's, one's row, the other's."""
    width, other_width, height, other_height = rewards.shape
    rows = _chain(_aligned(rewards))
    columns = _chain(_aligned(rewards.transpose(2, 3, 0, 1)))
    common = sum(rewards[a, b, i, j] for a, b in columns for i, j in rows)
    return float(2 * common / (height * width + other_height * other_width))


def _aligned(rewards: Rewards) -> Rewards:
    """For each pair of lines (last two axes) the greatest reward of aligning their cells (first two axes) in order."""
    cells, other_cells, lines, other_lines = rewards.shape
    best: Rewards = np.zeros((other_cells + 1, lines, other_lines))
    for a in range(cells):
        previous = best.copy()
        for b in range(other_cells):
            taken = np.maximum(previous[b + 1], previous[b] + rewards[a, b])
            best[b + 1] = np.maximum(taken, best[b])
    last: Rewards = best[-1]
    return last


def mean_grits(gold: Node, found: Node) -> float | None:
    """Mean GriTS_Con over the tables in order, headings included; a table too few or too many counts 0."""
    own, theirs = ([_with_headings(table) for table in listed(document, "tables")] for document in (gold, found))
    count = max(len(own), len(theirs))
    return sum(grits(a, b) for a, b in zip(own, theirs, strict=False)) / count if count else None


def _with_headings(table: Node) -> Grid:
    rows = [list(table.get("columns") or ()), *rows_of(table)]
    return [[level(cell) for cell in row] for row in rows]
