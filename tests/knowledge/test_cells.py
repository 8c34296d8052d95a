from __future__ import annotations

import pytest

from pipeline.knowledge.cells import is_ditto, is_mark, is_total


@pytest.mark.parametrize("string", ["nt", "-nt-", "- NT -", "//", "-//-", '"', "Như trên", "n.t."])
def test_as_above(string: str) -> None:
    assert is_ditto(string)


@pytest.mark.parametrize("string", ["", "-", "–", "n", "Như kế hoạch", "1"])
def test_none_and_values_are_not_as_above(string: str) -> None:
    assert not is_ditto(string)


@pytest.mark.parametrize(
    ("string", "mark"), [("x", True), ("X", True), ("×", True), ("xã", False), ("", False), ("+", False)]
)
def test_crosses(string: str, mark: bool) -> None:
    assert is_mark(string) is mark


@pytest.mark.parametrize(
    ("string", "total"),
    [("Tổng cộng", True), ("CỘNG (I+II):", True), ("Tổng số", True), ("Tổng kết công tác năm", False), ("", False)],
)
def test_sums(string: str, total: bool) -> None:
    assert is_total(string) is total
