from __future__ import annotations

import pytest

from pipeline.extract.table_checks import check_tables
from pipeline.extract.table_totals import check_totals
from schemas import PlanTable
from tests.extract.test_crosschecks import plan

HEADINGS = ["TT", "Xã", "Số trường", "Số trẻ"]
ROWS = [["1", "Xã An Khê", "6", "1.214"], ["2", "Xã Bình Hà", "4", "865"], ["3", "Xã Cao Lộc", "3", "412"]]


def told(rows: list[list[str]], headings: list[str] = HEADINGS) -> list[str]:
    table = PlanTable(id="tb1", columns=headings, rows=rows, pages=[2], role="other")
    return [warning.message for warning in check_totals(table)]


def with_total(*figures: str) -> list[list[str]]:
    return [*ROWS, ["", "Tổng cộng", *figures]]


def test_columns_that_add_up_are_silent() -> None:
    assert told(with_total("13", "2.491")) == []


def test_a_figure_that_was_misread_is_told_with_both_sums() -> None:
    assert told(with_total("18", "2.497")) == [
        "tb1, column 'Số trường': its figures add up to 13, its total says 18: compare the column with the page",
        "tb1, column 'Số trẻ': its figures add up to 2.491, its total says 2.497: compare the column with the page",
    ]


def test_a_figure_that_was_lost_is_told() -> None:
    rows = [*ROWS, ["4", "Xã Duy Hải", "", "100"], ["", "Cộng", "15", "2.591"]]
    assert told(rows) == [
        "tb1, column 'Số trường': its figures add up to 13, its total says 15: compare the column with the page"
    ]


@pytest.mark.parametrize(
    ("rows", "headings"),
    [
        ([*with_total("13", "2.491")[:2], ["", "Tổng cộng", "99", "99"]], HEADINGS),  # two figures tell too little
        (with_total("13", "90,5"), ["TT", "Xã", "Số trường", "Tỷ lệ (%)"]),  # a mean
        ([["I", "Miền núi", "6", "9"], *with_total("13", "2.491")], HEADINGS),  # a row that adds up others
        ([*with_total("7", "7"), ["", "Tổng số", "9", "9"]], HEADINGS),  # two rows of totals
        (with_total("5", "830"), HEADINGS),  # less than a row: a mean
        ([], HEADINGS),
    ],
)
def test_what_need_not_add_up_is_silent(rows: list[list[str]], headings: list[str]) -> None:
    assert told(rows, headings) == []


@pytest.mark.parametrize(("total", "differs"), [("31,4", False), ("31,5", False), ("38,5", True)])
def test_rounded_figures_add_up_nearly(total: str, differs: bool) -> None:
    rows = [["1", "a", "10,4"], ["2", "b", "10,4"], ["3", "c", "10,6"], ["", "Cộng", total]]
    assert bool(told(rows, ["TT", "Việc", "Triệu đồng"])) is differs


def test_the_plan_carries_the_warning() -> None:
    table = PlanTable(id="tb1", columns=HEADINGS, rows=with_total("13", "2.497"), pages=[2], role="other")
    found = [w for w in check_tables(plan(tables=[table])) if w.code == "table_total_differs"]
    assert [(w.page, w.item_id) for w in found] == [(2, "tb1")]
