"""Every target in ``forms/targets.tsv`` and every sum in ``forms/money.tsv`` is read as written there."""

from __future__ import annotations

import pytest

from pipeline.extract.quantities import find_money, find_targets, money_unit
from tests.extract.test_deadline_forms import FORMS, rows


@pytest.mark.parametrize(("printed", "expected"), rows("targets.tsv"))
def test_targets_of_a_statement(printed: str, expected: str) -> None:
    found = [f"{t.value} {t.unit} {t.comparator}" for t in find_targets(printed)]
    assert (" | ".join(found) or "-") == expected


def sums() -> list[list[str]]:
    lines = (FORMS / "money.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("row", sums(), ids=lambda row: row[0])
def test_sums_of_a_text_or_cell(row: list[str]) -> None:
    printed, expected, *heading = row
    unit = (money_unit(heading[0]) or "đồng") if heading else None
    assert (" ".join(str(s) for s in find_money(printed, unit)) or "-") == expected
