"""The measure of tables measures: figures worked out by hand."""

from __future__ import annotations

import pytest

from tests.layout.tables.grits import cell_f1, grits_con, grits_top

PLAIN = {(r, c, 1, 1): f"{r}{c}" for r in range(3) for c in range(3)}


def test_a_table_is_like_itself() -> None:
    spans = [(0, 0, 1, 2), (0, 2, 2, 1), (1, 0, 1, 1), (1, 1, 1, 1)]
    assert grits_top(spans, spans) == grits_con(PLAIN, PLAIN) == cell_f1(spans, spans) == 1.0


def test_a_lost_row_costs_its_fields() -> None:
    lost = {(r - (r > 1), c, 1, 1): t for (r, c, _, _), t in PLAIN.items() if r != 1}
    assert grits_top(lost, PLAIN) == grits_con(lost, PLAIN) == pytest.approx(2 * 6 / 15)
    assert cell_f1(lost, PLAIN) == pytest.approx(2 * 6 / 15)


def test_two_cells_taken_for_one() -> None:
    merged = [(0, 0, 1, 2), *(s for s in PLAIN if s not in ((0, 0, 1, 1), (0, 1, 1, 1)))]
    assert grits_top(merged, PLAIN) == pytest.approx((7 + 2 * 0.5) / 9)


def test_a_slip_in_a_text() -> None:
    assert grits_con({**PLAIN, (0, 0, 1, 1): "0x"}, PLAIN) == pytest.approx((8 + 0.5) / 9)
