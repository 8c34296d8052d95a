"""Small outlines and tables by hand, for tests of the extraction."""

from __future__ import annotations

from pipeline.extract.abbreviations import UnitLore, learn
from pipeline.extract.context import PlanContext
from pipeline.values import Item, Outline, Section, Table, Text

LORE: UnitLore = learn("", "Sở Y tế")
PLAN = PlanContext(2025, LORE)


def bullet(text: str, depth: int = 0) -> Item:
    return Item(Text(text), "-" if depth == 0 else "+", depth)


def plain(text: str) -> Item:
    return Item(Text(text))


def section(label: str, title: str, role: str, *content: Item | Table | Section, level: int = 1) -> Section:
    return Section(label, Text(title), level, role, False, content)


def statement(label: str, text: str, role: str, *content: Item | Table | Section, level: int = 2) -> Section:
    return Section(label, Text(""), level, role, True, (plain(text), *content))


def outline(*sections: Section) -> Outline:
    return Outline((), sections)


def table(columns: list[str], *rows: list[str], title: str | None = None) -> Table:
    cells = tuple(tuple(Text(c) for c in row) for row in rows)
    return Table((tuple(Text(c) for c in columns),), cells, tuple(columns), (1,), (), Text(title) if title else None)
