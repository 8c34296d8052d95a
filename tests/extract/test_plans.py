"""Small plans of other fields as text dumps: every objective, task and duty is found, and none besides.

``plans/*.plan``: lines of a plan; behind " ## " what each is: ``O`` an objective ([t: targets] [d: deadlines]), ``T``
a task ([L: lead] [C: helpers] [d: deadlines]), ``D`` a duty and its unit; else no item. Values are parted by "; ".
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import pytest

from pipeline.flow import convert
from pipeline.settings import Settings
from schemas import Deadline, Duty, Objective, PlanDocument, Task

PLANS = sorted((Path(__file__).parent / "plans").glob("*.plan"))
_WIDTH = 84
_LABEL = re.compile(r"^\s*(?:[-+*]|\(?[\dIVXa-zđ]{1,4}(?:\.\d+)*(?:[.)/]|-(?=\s)))\s+")


@dataclass(frozen=True)
class Expected:
    kind: str
    text: str
    note: str

    def values(self, key: str) -> list[str]:
        match = re.search(rf"\[{key}: ([^\]]*)\]", self.note)
        return match[1].split("; ") if match else []


def lines_and_items(source: str) -> tuple[list[str], list[Expected]]:
    lines: list[str] = []
    items = []
    for line in source.splitlines():
        printed, _, note = line.partition(" ## ")
        lines += textwrap.wrap(printed, _WIDTH) if len(printed) > _WIDTH and "\t" not in printed else [printed]
        if note and note[0] in "OTD":
            items.append(Expected(note[0], _LABEL.sub("", printed), note))
    return lines, items


def form(deadline: Deadline) -> str:
    if deadline.kind == "conditional":
        return "conditional"
    day = f"{deadline.start}..{deadline.due}" if deadline.kind == "period" else deadline.due or deadline.rrule
    return f"{deadline.kind} {day}" if day else deadline.kind


def found_items(document: PlanDocument) -> Iterator[tuple[str, Objective | Task | Duty, str]]:
    yield from (("O", o, "") for o in document.objectives)
    yield from (("T", t, "") for t in document.tasks)
    yield from (("D", d, r.unit.name) for r in document.responsibilities for d in r.duties)


def stated(kind: str, item: Objective | Task | Duty, unit: str) -> tuple[str, dict[str, list[str]]]:
    """The item's text and its values in the notation of the files."""
    values = {"d": [form(d) for d in item.deadlines]}
    if isinstance(item, Objective):
        values["t"] = [f"{t.value:g} {t.unit}" for t in item.targets]
    if isinstance(item, Task):
        values["L"] = [u.name for u in item.lead_units]
        values["C"] = [u.name for u in item.coordinating_units]
    if kind == "D":
        values["unit"] = [unit]
    return item.text.rstrip(" .;"), values


@pytest.mark.parametrize("path", PLANS, ids=[p.stem for p in PLANS])
def test_every_item_of_a_plan(path: Path, tmp_path: Path) -> None:
    lines, expected = lines_and_items(path.read_text(encoding="utf-8"))
    dump = tmp_path / "plan.txt"
    dump.write_text("\n".join(lines) + "\n", encoding="utf-8")
    document = convert(dump, Settings(cache_dir=None))
    found = [(kind, *stated(kind, item, unit)) for kind, item, unit in found_items(document)]
    wanted = []
    for item in expected:
        values = {"d": item.values("d")}
        if item.kind == "O":
            values["t"] = item.values("t")
        if item.kind == "T":
            values |= {"L": item.values("L"), "C": item.values("C")}
        if item.kind == "D":
            values["unit"] = [re.sub(r"\s*\[.*", "", item.note[2:])]
        wanted.append((item.kind, item.text.rstrip(" .;"), values))
    assert sorted(found, key=itemgetter(0, 1)) == sorted(wanted, key=itemgetter(0, 1))
