"""Cells in place, and GriTS against values that can be reckoned."""

from __future__ import annotations

import pytest

from pipeline.quality.scoring.tables import cell_f1, grits, mean_grits

GRID = [["1", "họp giao ban", "quý i"], ["2", "báo cáo", "quý ii"], ["3", "tổng kết", "quý iii"]]


def test_a_row_lost_in_the_middle_costs_its_cells_only() -> None:
    figure = cell_f1([GRID], [[GRID[0], GRID[2]]])
    assert (figure.hits, figure.gold, figure.found) == (6, 9, 6)
    assert figure.value == pytest.approx(12 / 15)


def test_cells_in_another_column_do_not_agree() -> None:
    assert cell_f1([GRID], [[row[::-1] for row in GRID]]).hits == 3  # the middle column stays
    assert cell_f1([GRID], []).value == 0.0
    assert cell_f1([], []).value is None


def test_rows_out_of_order_agree_only_as_far_as_they_keep_it() -> None:
    assert cell_f1([GRID], [[GRID[1], GRID[0], GRID[2]]]).hits == 6


def test_grits_of_equal_lost_and_shifted_tables() -> None:
    assert grits(GRID, GRID) == 1.0
    assert grits(GRID, []) == 0.0
    assert grits([], []) == 1.0
    assert grits(GRID, [GRID[0], GRID[2]]) == pytest.approx(2 * 6 / (9 + 6))
    without_column = [row[1:] for row in GRID]
    assert grits(GRID, without_column) == pytest.approx(2 * 6 / (9 + 6))


def test_grits_counts_how_alike_texts_are() -> None:
    assert grits([["abcd"]], [["abxd"]]) == pytest.approx(0.75)


def test_a_table_too_many_counts_nothing() -> None:
    table = {"columns": ["a", "b", "c"], "rows": GRID}
    assert mean_grits({"tables": [table]}, {"tables": [table, table]}) == 0.5
    assert mean_grits({"tables": []}, {}) is None
