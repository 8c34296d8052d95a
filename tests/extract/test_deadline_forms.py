"""Every printed form of a deadline in the tables ``forms/*.tsv`` has the normal form written beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.extract.deadline_values import read_deadline_value
from pipeline.extract.deadlines import find_deadlines
from pipeline.values import Text
from schemas import Deadline

YEAR = 2026
FORMS = Path(__file__).parent / "forms"


def rows(name: str) -> list[tuple[str, str]]:
    return list(_rows(name))


def _rows(name: str) -> Iterator[tuple[str, str]]:
    for line in (FORMS / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            printed, expected = line.split("\t")
            yield printed, expected


def form(deadline: Deadline) -> str:
    if deadline.kind == "conditional":
        return f"conditional: {deadline.condition}"
    day = f"{deadline.start}..{deadline.due}" if deadline.kind == "period" else deadline.due or deadline.rrule
    return f"{deadline.kind} {day}" if day else deadline.kind


def check(found: list[Deadline], expected: str) -> None:
    wanted = [] if expected == "-" else expected.split("; ")
    forms = [form(d) for d in found]
    # "conditional" alone: the words of the condition do not matter
    assert [f.partition(":")[0] if w == "conditional" else f for f, w in zip(forms, wanted, strict=False)] == wanted
    assert len(forms) == len(wanted)


@pytest.mark.parametrize(("printed", "expected"), rows("deadlines_in_sentences.tsv"))
def test_a_deadline_inside_a_statement(printed: str, expected: str) -> None:
    check(find_deadlines(Text(printed), YEAR), expected)


@pytest.mark.parametrize(("printed", "expected"), rows("deadline_values.tsv"))
def test_a_value_that_is_a_deadline_as_a_whole(printed: str, expected: str) -> None:
    check(read_deadline_value(Text(printed), YEAR), expected)
