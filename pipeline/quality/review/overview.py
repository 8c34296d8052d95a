"""A plan as two pictures: a timeline of its deadlines, and which units lead or help with which tasks.

Both are computed here as coordinates and drawn by the template as inline SVG, in parts of some rows that each fit on a
printed page, with their headings repeated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Json = dict[str, Any]
Part = TypeVar("Part")
ROWS = 32
UNITS = 18
ROW_HEIGHT = 22
LABEL_WIDTH = 420
TIME_WIDTH = 620
CELL = 30
LONGEST_LABEL = 58
_OPEN_KINDS = frozenset({"recurring", "ongoing"})


@dataclass(frozen=True)
class Tick:
    """A month (or year) on the axis."""

    x: float
    label: str
    year: bool


@dataclass(frozen=True)
class Bar:
    """A deadline: from ``x`` to ``end`` for a span, a point where they are equal."""

    y: int
    x: float
    end: float
    kind: str
    label: str
    full: str
    when: str


@dataclass(frozen=True)
class Timeline:
    """A printed page's worth of deadlines."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    height: int


@dataclass(frozen=True)
class Cell:
    """A mark in the matrix: the unit leads or helps."""

    x: int
    y: int
    role: str


@dataclass(frozen=True)
class MatrixRow:
    """A task's row."""

    y: int
    label: str
    full: str


@dataclass(frozen=True)
class Matrix:
    """A printed page's worth of tasks against some of the units."""

    units: tuple[tuple[int, str, str], ...]
    rows: tuple[MatrixRow, ...]
    cells: tuple[Cell, ...]
    width: int
    height: int


def in_parts(values: Sequence[Part], most: int) -> Iterator[Sequence[Part]]:
    """``values`` in order, ``most`` at a time."""
    for first in range(0, len(values), most):
        yield values[first : first + most]


def short(text: str, longest: int = LONGEST_LABEL) -> str:
    """``text`` cut to fit beside the picture."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def timelines(document: Json) -> list[Timeline]:
    """The deadlines that have a place in time, by date; open ones (recurring, ongoing) run over the whole time."""
    texts = {item["id"]: item["text"] for item in _items(document)}
    dated = [d for d in document.get("deadlines") or () if d.get("due")]
    spanning = [d for d in document.get("deadlines") or () if d["kind"] in _OPEN_KINDS]
    dates = [dt.date.fromisoformat(date) for d in dated for date in (d.get("start"), d["due"]) if date]
    if not dates:
        dates = [dt.date(year, month, 1) for year in _years(document) for month in (1, 12)]
    if not dates or not (dated or spanning):
        return []
    first, last = min(dates).replace(day=1), _next_month(max(dates))
    dated.sort(key=lambda d: (d["due"], d.get("start") or d["due"], d["id"]))
    ticks = tuple(_ticks(first, last))

    def x(date: str) -> float:
        share = (dt.date.fromisoformat(date) - first).days / max(1, (last - first).days)
        return round(LABEL_WIDTH + TIME_WIDTH * share, 1)

    parts = []
    for rows in in_parts([*dated, *spanning], ROWS):
        bars = tuple(_bar(n, deadline, texts.get(deadline["item_id"], ""), x) for n, deadline in enumerate(rows))
        parts.append(Timeline(bars, ticks, len(bars) * ROW_HEIGHT))
    return parts


def _bar(number: int, deadline: Json, text: str, x: Any) -> Bar:
    y = number * ROW_HEIGHT
    full = f"{deadline['text']}: {text}"
    if deadline.get("due"):
        end = x(deadline["due"])
        start = x(deadline["start"]) if deadline.get("start") else end
        when = " – ".join(date for date in (deadline.get("start"), deadline["due"]) if date)
    else:
        start, end, when = LABEL_WIDTH, LABEL_WIDTH + TIME_WIDTH, deadline.get("rrule") or deadline["text"]
    return Bar(y, start, end, deadline["kind"], short(text), full, when)


def undated(document: Json) -> list[tuple[str, str]]:
    """Deadlines that depend on something else: the condition, and what is due."""
    texts = {item["id"]: item["text"] for item in _items(document)}
    return [
        (deadline.get("condition") or deadline["text"], texts.get(deadline["item_id"], ""))
        for deadline in document.get("deadlines") or ()
        if deadline["kind"] == "conditional"
    ]


def _items(document: Json) -> Iterator[Json]:
    for name in ("objectives", "tasks"):
        yield from document.get(name) or ()
    for responsibility in document.get("responsibilities") or ():
        yield from responsibility.get("duties") or ()


def _years(document: Json) -> list[int]:
    return list((document.get("header") or {}).get("plan_years") or ())


def _next_month(date: dt.date) -> dt.date:
    return dt.date(date.year + date.month // 12, date.month % 12 + 1, 1)


def _ticks(first: dt.date, last: dt.date) -> Iterator[Tick]:
    """Each month where there is room, else each quarter, each January, or some Januaries."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((s for s in (1, 3, 12, 60) if months / s <= 26), 120)
    date = first
    while date < last:
        if (date.month - 1 + 12 * date.year) % step == 0 or date == first:
            share = (date - first).days / max(1, (last - first).days)
            year = date.month == 1 or date == first
            label = f"{date.month}/{date.year}" if year and step < 12 else str(date.year if step >= 12 else date.month)
            yield Tick(round(LABEL_WIDTH + TIME_WIDTH * share, 1), label, year)
        date = _next_month(date)


def matrices(document: Json) -> list[Matrix]:
    """Tasks that name units, against those units, most named first."""
    tasks = [task for task in document.get("tasks") or () if task.get("lead_units") or task.get("coordinating_units")]
    counts: dict[str, int] = {}
    for task in tasks:
        for unit in (*(task.get("lead_units") or ()), *(task.get("coordinating_units") or ())):
            counts[unit["name"]] = counts.get(unit["name"], 0) + 1
    names = sorted(counts, key=lambda name: -counts[name])
    parts = []
    for columns in in_parts(names, UNITS):
        own = [task for task in tasks if {u["name"] for u in _units_of(task)} & set(columns)]
        parts += [_matrix(rows, columns) for rows in in_parts(own, ROWS)]
    return parts


def _units_of(task: Json) -> Iterator[Json]:
    yield from task.get("lead_units") or ()
    yield from task.get("coordinating_units") or ()


def _matrix(tasks: Sequence[Json], names: Sequence[str]) -> Matrix:
    at = {name: LABEL_WIDTH + k * CELL for k, name in enumerate(names)}
    rows, cells = [], []
    for number, task in enumerate(tasks):
        y = number * ROW_HEIGHT
        label = f"{task['number']}. {task['text']}" if task.get("number") else task["text"]
        rows.append(MatrixRow(y, short(label), label))
        roles = {unit["name"]: "coordinate" for unit in task.get("coordinating_units") or ()}
        roles |= {unit["name"]: "lead" for unit in task.get("lead_units") or ()}
        cells += [Cell(at[name], y, role) for name, role in roles.items() if name in at]
    units = tuple((x, short(name, 34), name) for name, x in at.items())
    return Matrix(units, tuple(rows), tuple(cells), LABEL_WIDTH + len(names) * CELL, len(rows) * ROW_HEIGHT)
