"""Drawn tables come back with their edges and spans; what is no table gives none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layout.tables.fields import Grid
from pipeline.layout.tables.grid import find_grids, looks_ruled
from pipeline.layout.tables.rules import Grey, erase_rules, erase_specks, find_rules
from tests.layout.tables.drawing import DPI, Drawing, Span, draw_table, page, write
from tests.layout.tables.grits import cell_f1, grits_top


@st.composite
def tables(draw: st.DrawFn, lowest: int = 45) -> tuple[list[int], list[int], list[Span]]:
    widths = draw(st.lists(st.integers(80, 260), min_size=3, max_size=6))
    heights = draw(st.lists(st.integers(lowest, 140), min_size=3, max_size=7))
    merged: list[Span] = []
    taken: set[tuple[int, int]] = set()
    for _ in range(draw(st.integers(0, 3))):
        r, c = draw(st.integers(0, len(heights) - 1)), draw(st.integers(0, len(widths) - 1))
        # An edge that no cell uses cannot be seen, so one row and one column stay whole.
        high, wide = draw(st.integers(1, min(2, len(heights) - r))), draw(st.integers(1, min(3, len(widths) - c)))
        fields = {(y, x) for y in range(r, r + high) for x in range(c, c + wide)}
        if len(fields) > 1 and not fields & taken and all(y > 0 and x > 0 for y, x in fields):
            taken |= fields
            merged.append((r, c, high, wide))
    return widths, heights, merged


def spans(grid: Grid) -> frozenset[Span]:
    return frozenset((c.row, c.column, c.row_span, c.column_span) for c in grid.cells)


def assert_same(grid: Grid, drawn: Drawing) -> None:
    assert grid.row_edges == pytest.approx(drawn.row_edges, abs=4)
    assert grid.column_edges == pytest.approx(drawn.column_edges, abs=4)
    assert spans(grid) == drawn.cells


@settings(max_examples=12, deadline=None, derandomize=True)
@given(tables())
def test_drawn_tables_come_back(table: tuple[list[int], list[int], list[Span]]) -> None:
    drawn = draw_table(*table)
    (grid,) = find_grids(drawn.image, DPI)
    assert_same(grid, drawn)
    assert not grid.open_top and not grid.open_bottom


@settings(max_examples=12, deadline=None, derandomize=True)
@given(tables(lowest=80), st.integers(0, 10_000))  # in rows of one line a broken rule may be a capital's stem
def test_broken_faint_rules_under_noise_come_back(table: tuple[list[int], list[int], list[Span]], seed: int) -> None:
    """A rule as short as one side may be lost with the cells it bounds; the rest of the table is not."""
    drawn = draw_table(*table, broken=0.08, noise=0.002, shade=120, seed=seed)
    (grid,) = find_grids(drawn.image, DPI)
    assert grid.box == pytest.approx(
        (drawn.column_edges[0], drawn.row_edges[0], drawn.column_edges[-1], drawn.row_edges[-1]), abs=4
    )
    assert grits_top(spans(grid), drawn.cells) >= 0.75


def test_most_broken_tables_come_back_whole() -> None:
    random = np.random.default_rng(6)
    whole, top, f1 = [], [], []
    for seed in range(16):
        widths, heights = (
            random.integers(80, 260, random.integers(3, 7)),
            random.integers(80, 140, random.integers(3, 8)),
        )
        merged = [(1, 1, 2, 2)] if seed % 2 else [(len(heights) - 1, 1, 1, len(widths) - 1)]
        drawn = draw_table(
            [*map(int, widths)], [*map(int, heights)], merged, broken=0.08, noise=0.002, shade=120, seed=seed
        )
        (grid,) = find_grids(drawn.image, DPI)
        whole.append(spans(grid) == drawn.cells)
        top.append(grits_top(spans(grid), drawn.cells))
        f1.append(cell_f1(spans(grid), drawn.cells))
    assert np.mean(whole) >= 0.9, (np.mean(whole), np.mean(top), np.mean(f1))
    assert np.mean(top) >= 0.98 and np.mean(f1) >= 0.95, (np.mean(top), np.mean(f1))


@pytest.mark.parametrize(
    ("widths", "heights", "merged", "seed"),
    [
        ([80, 80, 80, 204], [80, 80, 80], (1, 1, 2, 2), 435),
        ([80, 80, 80, 80], [104, 82, 80, 116], (1, 1, 2, 3), 0),
    ],
)
def test_a_short_rule_whose_end_is_broken_off_comes_back(
    widths: list[int], heights: list[int], merged: Span, seed: int
) -> None:
    drawn = draw_table(widths, heights, [merged], broken=0.08, noise=0.002, shade=120, seed=seed)
    (grid,) = find_grids(drawn.image, DPI)
    assert_same(grid, drawn)


def test_upright_strokes_of_a_pen_are_no_columns() -> None:
    drawn = draw_table([110, 400, 400, 300], [70] * 8)
    for row, x in ((2, 400), (4, 750), (5, 330), (6, 1000)):
        top, bottom = drawn.row_edges[row], drawn.row_edges[row + 1]
        cv2.line(drawn.image, (x, top + 3), (x, bottom - 2), 40, 3)
        cv2.polylines(  # the rest of the letter
            drawn.image,
            [np.array([(x, top + 20), (x + 14, top + 12), (x + 6, top + 45), (x + 30, top + 50)])],
            False,
            40,
            3,
        )
        cv2.line(drawn.image, (x - 12, top + 30), (x, top + 24), 40, 3)
    (grid,) = find_grids(drawn.image, DPI)
    assert spans(grid) == drawn.cells


def test_a_rule_to_a_side_without_border_divides_its_row() -> None:
    """The right border is missing; the rules end together there, one of them only over the last two columns."""
    drawn = draw_table([110, 400, 300, 300], [70, 120, 120], [])
    image = drawn.image
    right = drawn.column_edges[-1]
    image[:, right - 3 : right + 4] = 235
    middle = drawn.row_edges[1] + 60
    cv2.line(image, (drawn.column_edges[2], middle), (right, middle), 60, 2)
    (grid,) = find_grids(image, DPI)
    assert (grid.rows, grid.columns) == (4, 4)
    assert {(1, 0, 2, 1), (1, 1, 2, 1), (1, 2, 1, 1), (2, 3, 1, 1)} <= spans(grid)


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_resolution_does_not_matter(dpi: int) -> None:
    drawn = draw_table([100, 300, 200], [80, 90, 70], [(1, 1, 1, 2)])
    scaled = cv2.resize(drawn.image, None, fx=dpi / DPI, fy=dpi / DPI, interpolation=cv2.INTER_AREA)
    (grid,) = find_grids(np.asarray(scaled, np.uint8), dpi)
    assert spans(grid) == drawn.cells


def test_a_slightly_sloping_and_bent_table_comes_back() -> None:
    drawn = draw_table([120, 400, 300, 250], [70, 70, 90, 120], [(2, 1, 1, 3)])
    height, width = drawn.image.shape
    xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = cv2.remap(
        drawn.image, xs, ys + 0.003 * xs + 3 * np.sin(xs / 400), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    (grid,) = find_grids(np.asarray(bent, np.uint8), DPI)
    assert spans(grid) == drawn.cells


def test_doubled_rules_are_one() -> None:
    drawn = draw_table([150, 400, 300], [80, 80, 80])
    doubled = np.minimum(drawn.image, np.roll(drawn.image, (6, 6), (0, 1)))
    (grid,) = find_grids(np.asarray(doubled, np.uint8), DPI)
    assert spans(grid) == drawn.cells


def test_a_row_without_closing_rule_is_open() -> None:
    (grid,) = find_grids(draw_table([100, 500, 300], [80, 90, 70], close_bottom=False).image, DPI)
    assert grid.rows == 3
    assert grid.open_bottom and not grid.open_top


def test_a_capital_between_two_rules_is_no_wall() -> None:
    drawn = draw_table([100, 400, 300], [80, 44, 80], [(1, 1, 1, 2)])
    x, y = drawn.column_edges[2], drawn.row_edges[1]
    cv2.line(drawn.image, (x, y + 11), (x, y + 33), 30, 5)
    (grid,) = find_grids(drawn.image, DPI)
    assert spans(grid) == drawn.cells


def test_a_seal_across_a_table_changes_nothing() -> None:
    drawn = draw_table([120, 420, 400], [70] * 8)
    cv2.circle(drawn.image, (600, 400), 120, 90, 4)
    cv2.circle(drawn.image, (600, 400), 95, 90, 2)
    (grid,) = find_grids(drawn.image, DPI)
    assert spans(grid) == drawn.cells


def test_two_tables_on_a_page() -> None:
    upper = draw_table([200, 300, 400], [60, 60])
    lower = draw_table([100, 200, 300, 200], [60, 60, 60], top=500)
    grids = find_grids(np.minimum(upper.image, lower.image), DPI)
    assert [(g.rows, g.columns) for g in grids] == [(2, 3), (3, 4)]


def test_letterhead_signature_and_stamps_are_no_tables() -> None:
    image = page()
    write(image, "SO Y TE", 250, 120)
    cv2.line(image, (260, 140), (420, 140), 40, 2)  # underlines
    cv2.line(image, (900, 140), (1300, 140), 40, 2)
    cv2.rectangle(image, (200, 200), (420, 270), 40, 3)  # boxed "HOA TOC"
    cv2.rectangle(image, (200, 320), (560, 520), 40, 2)  # the registry's stamp
    cv2.line(image, (200, 380), (560, 380), 40, 2)
    cv2.line(image, (280, 380), (280, 520), 40, 2)
    cv2.line(image, (280, 450), (560, 450), 40, 2)
    cv2.ellipse(image, (1100, 900), (200, 60), 12, 0, 300, 60, 3)  # signature
    cv2.line(image, (900, 960), (1350, 880), 60, 3)
    cv2.rectangle(image, (0, 0), (30, 1199), 0, -1)  # scanner's black border
    assert find_grids(image, DPI) == []


def test_pages_of_text_have_no_tables() -> None:
    image = page()
    for y in range(100, 1100, 46):
        write(image, "HILL LIFT ILLUMINATE THE HIHI LLL III TITLE FIELD", 120, y, 1.2, 3)
    assert find_grids(image, DPI) == []


def test_erasing_rules_keeps_letters_and_specks_go() -> None:
    drawn = draw_table([200, 500], [90, 90])
    write(drawn.image, "abc", 380, 175)
    drawn.image[160:163, 700:703] = 0
    rules = find_rules(drawn.image, DPI)
    cells = [(150.0, 120.0, 350.0, 210.0), (350.0, 120.0, 850.0, 210.0), (150.0, 210.0, 850.0, 300.0)]
    clean = erase_rules(drawn.image, rules, cells)
    assert (clean[120, 160:840] > 200).all() and (clean[125:295, 150] > 200).all()
    assert (clean[140:180, 380:440] < 100).any()
    assert (clean[160:163, 700:703] == 0).all()
    dusted, _ = erase_specks(clean, DPI)
    assert (dusted[160:163, 700:703] > 200).all()
    assert (dusted[140:180, 380:440] < 100).any()


def test_a_dark_header_ground_is_no_rule() -> None:
    drawn = draw_table([120, 420, 400], [70] * 5)
    header = drawn.image[120:190, 150:1090]
    header[header > 200] = 120
    (grid,) = find_grids(drawn.image, DPI)
    assert spans(grid) == drawn.cells


def test_a_pen_stroke_into_a_rule_leaves_the_rule() -> None:
    drawn = draw_table([120, 420, 400], [70] * 8)
    cv2.line(drawn.image, (400, 420), (1000, 380), 50, 4)
    (grid,) = find_grids(drawn.image, DPI)
    assert spans(grid) == drawn.cells


def dashed(image: Grey, start: tuple[int, int], end: tuple[int, int], dash: int, gap: int) -> None:
    length = max(end[0] - start[0], end[1] - start[1])
    for at in range(0, length, dash + gap):
        stop = min(at + dash, length)
        if end[0] > start[0]:
            cv2.line(image, (start[0] + at, start[1]), (start[0] + stop, start[1]), 60, 2)
        else:
            cv2.line(image, (start[0], start[1] + at), (start[0], start[1] + stop), 60, 2)


@pytest.mark.parametrize(("dash", "gap"), [(11, 6), (3, 4)])
def test_dashed_and_dotted_rules(dash: int, gap: int) -> None:
    """Dashes of 4 points and dots of one, as word processors draw them."""
    image = page()
    columns, rows = (150, 300, 800, 1100, 1400), (150, 250, 350, 450, 550)
    for y in rows:
        dashed(image, (columns[0], y), (columns[-1], y), dash, gap)
    for x in columns:
        dashed(image, (x, rows[0]), (x, rows[-1]), dash, gap)
    for r in range(4):
        for x in columns[:-1]:
            write(image, "Ke hoach"[: 2 if x == 150 else 8], x + 15, rows[r] + 60, 0.8)
    assert looks_ruled(image, DPI)
    (grid,) = find_grids(image, DPI)
    assert (grid.rows, grid.columns) == (4, 4)
    assert len(grid.cells) == 16


def test_a_stem_in_line_with_a_column_does_not_part_a_group_row() -> None:
    drawn = draw_table([200, 400, 300, 300], [70, 62, 70, 70], [(1, 0, 1, 4)])
    x, y = drawn.column_edges[2], drawn.row_edges[1]
    cv2.line(drawn.image, (x, y + 17), (x, y + 45), 30, 4)  # "I" of "II."
    write(drawn.image, "I. CAI CACH", x + 12, y + 44, 0.9)
    (grid,) = find_grids(drawn.image, DPI)
    assert spans(grid) == drawn.cells
