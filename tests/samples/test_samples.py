"""The samples through the whole program: figures by field against the golden answers, above floors.

The floors stand a little below what the program reaches (one or two items of a short list), so that a step backwards in
any field shows; they are raised when the program gets better, never lowered to let a change pass.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import convert
from schemas.checks import violations
from schemas.plan import PlanDocument
from tests.samples.agreement import agreement

SAMPLES = Path(__file__).parents[2] / "samples"

FLOORS: dict[str, dict[str, float]] = {}


def golden(name: str) -> PlanDocument:
    return PlanDocument.model_validate_json((SAMPLES / "golden" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize(("file", "name"), [])
def test_sample_agrees_with_its_golden_answer(file: str, name: str) -> None:
    gold, found = golden(name), convert(SAMPLES / file)
    assert list(violations(found)) == []
    assert found.source.pages == gold.source.pages
    figures = agreement(gold, found)
    short = {field: round(figures[field], 3) for field, floor in FLOORS[file].items() if figures[field] < floor}
    assert not short, f"below their floors {({field: FLOORS[file][field] for field in short})}: {short}"


@pytest.mark.parametrize("name", ["chuyen-doi-so", "truong-hoc-an-toan", "cai-cach-hanh-chinh"])
def test_golden_answer_agrees_with_itself_and_not_with_another(name: str) -> None:
    gold = golden(name)
    assert list(violations(gold)) == []
    assert set(agreement(gold, gold).values()) == {1.0}
    other = golden("truong-hoc-an-toan" if name == "chuyen-doi-so" else "chuyen-doi-so")
    figures = agreement(gold, other)
    assert max(figures[field] for field in ("objectives", "tasks", "duties", "header", "recipients")) < 0.6
