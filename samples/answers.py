"""From an annotated source to its golden answer: the decisions stand in the source, here they only find their places.

Nothing is guessed: units, deadlines, targets, citations and roles are annotations a person wrote beside the text; ids,
label paths and the two registers follow from them by the contract. What comes out is valid under ``schemas.plan``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from samples.plan_source import Block, PlanSource

Json = dict[str, Any]


def _padded(fields: list[str], count: int) -> list[str | None]:
    values: list[str | None] = [value or None for value in fields]
    return values + [None] * (count - len(values))


def citations(block: Block) -> list[Json]:
    """``@cite type | number | date | issuer``."""
    names = ("type", "number", "issued_on", "issuer")
    return [dict(zip(names, _padded(fields, 4), strict=True)) for fields in block.values("cite")]


def deadlines(block: Block) -> list[Json]:
    """``@due kind value… | text as printed | subject | inferred field``; the values depend on the kind."""
    out = []
    for fields in block.values("due"):
        kind, *values = fields[0].split(" ")
        text, subject, inferred = _padded(fields[1:], 3)
        entry: Json = {"text": text, "kind": kind, "subject": subject or "item"}
        entry |= {"start": None, "due": None, "rrule": None, "condition": None}
        if kind == "period":
            entry["start"], entry["due"] = values
        elif kind == "recurring":
            (entry["rrule"],) = values
        elif kind == "conditional":
            entry["condition"] = text
        elif kind != "ongoing":
            (entry["due"],) = values
        out.append(entry | ({"inferred": [inferred]} if inferred else {}))
    return out


def targets(block: Block) -> list[Json]:
    """``@target value | unit | comparator``."""
    return [
        {"value": float(value) if "." in value else int(value), "unit": unit, "comparator": comparator}
        for value, unit, comparator in block.values("target")
    ]


def units(block: Block, word: str) -> list[Json]:
    """``@lead name | parent | text``, likewise ``@with`` and ``@unit``; without a text it is the name."""
    out = []
    for fields in block.values(word):
        name, parent, text = _padded(fields, 3)
        out.append({"name": name, "parent": parent, "text": text or name})
    return out


@dataclass
class _Place:
    """Where in the section tree the next block belongs."""

    section: Json
    role: str
    path: str
    scope: str | None = None
    horizon: int | None = None
    heading: str | None = None
    responsibility: Json | None = None


@dataclass
class _Builder:
    plan: Json
    stack: list[_Place] = field(default_factory=list)
    context: str | None = None
    outer_context: str | None = None
    last: Json | None = None
    table: Json | None = None
    group: str | None = None

    def next_id(self, key: str, letter: str) -> str:
        if key == "duties":
            return f"d{sum(len(r['duties']) for r in self.plan['responsibilities']) + 1}"
        return f"{letter}{len(self.plan[key]) + 1}"

    def open_section(self, block: Block) -> None:
        """A numbered line: a heading, or a statement that is itself an item."""
        del self.stack[block.level - 1 :]
        above = self.stack[-1] if self.stack else None
        statement = block.has("statement")
        role = block.value("role") or (above.role if above else "other")
        section: Json = {
            "id": f"s{self._count_sections() + 1}",
            "label": block.label,
            "title": "" if statement else block.text.removesuffix(":"),
            "level": block.level,
            "role": role,
            "paragraphs": [block.text] if statement else [],
            "children": [],
        }
        (above.section["children"] if above else self.plan["sections"]).append(section)
        horizon = block.value("horizon")
        place = _Place(
            section=section,
            role=role,
            path=_path([place.section["label"] for place in self.stack] + [block.label]),
            scope=block.value("scope") or (above.scope if above else None),
            horizon=int(horizon) if horizon else (above.horizon if above else None),
            heading=(above.heading if above else None) if statement else section["title"],
        )
        self.stack.append(place)
        self.context = self.outer_context = self.last = self.table = None
        if statement and not block.has("intro"):
            self.add_item(block, number=block.label)
        elif block.has("unit"):
            place.responsibility = self.add_responsibility(block, block.label)

    def _count_sections(self) -> int:
        def count(nodes: list[Json]) -> int:
            return sum(1 + count(node["children"]) for node in nodes)

        return count(self.plan["sections"])

    def add_responsibility(self, block: Block, label: str | None) -> Json:
        (unit,) = units(block, "unit")
        entry: Json = {"id": self.next_id("responsibilities", "r"), "unit": unit, "label": label, "duties": []}
        self.plan["responsibilities"].append(entry)
        return entry

    def add_item(self, block: Block, number: str | None = None) -> None:
        """A leaf: an objective, a task or a duty, by the role of its section."""
        place = self.stack[-1]
        if place.role == "objectives":
            scope, horizon = block.value("scope") or place.scope, block.value("horizon") or place.horizon
            self.last = {"id": self.next_id("objectives", "o"), "text": block.text, "section": place.path}
            self.last |= {"context": self.context, "scope": scope, "horizon": int(horizon) if horizon else None}
            self.last |= {"targets": targets(block), "deadlines": deadlines(block)}
            self.plan["objectives"].append(self.last)
        elif place.role == "tasks":
            self.last = self.task(block, block.text, number, place.path, place.heading, "section")
        elif place.role == "implementation":
            own = units(block, "unit")
            if own:
                holder: Json | None = self.add_responsibility(block, number)
            else:
                holder = next((p.responsibility for p in reversed(self.stack) if p.responsibility), None)
            if holder is not None:
                self.last = {"id": self.next_id("duties", "d"), "text": block.text}
                self.last |= {"context": self.context, "deadlines": deadlines(block)}
                holder["duties"].append(self.last)

    def task(self, block: Block, text: str, number: str | None, section: str, group: str | None, origin: str) -> Json:
        budget = block.value("budget")
        entry: Json = {"id": self.next_id("tasks", "t"), "number": number, "text": text, "section": section}
        entry |= {"group": group, "context": self.context if origin == "section" else None}
        entry |= {"lead_units": units(block, "lead"), "coordinating_units": units(block, "with")}
        entry |= {"deliverable": block.value("deliverable"), "deadlines": deadlines(block)}
        entry |= {"budget_vnd": int(budget) if budget else None, "notes": block.value("notes")}
        entry |= {"citations": citations(block), "origin": origin}
        self.plan["tasks"].append(entry)
        return entry

    def add_attribute(self, block: Block) -> None:
        """An attribute line fills the task right above it."""
        if self.last is None or "lead_units" not in self.last:
            raise ValueError(f"no task above the attribute line {block.text!r}")
        self.last["lead_units"] += units(block, "lead")
        self.last["coordinating_units"] += units(block, "with")
        self.last["deadlines"] += deadlines(block)
        self.last["deliverable"] = block.value("deliverable") or self.last["deliverable"]

    def add_table_block(self, block: Block) -> None:
        """Columns open a table; a row whose table has a task role is a task."""
        if block.kind == "columns":
            self.table = {"id": self.next_id("tables", "tb"), "title": block.value("title"), "columns": block.cells}
            self.table |= {"rows": [], "pages": [], "role": block.value("role") or "other"}
            self.plan["tables"].append(self.table)
            self.group = None
            return
        if self.table is None:
            raise ValueError(f"a table row without a table: {block.text[:60]}")
        cells = block.cells + [""] * (len(self.table["columns"]) - len(block.cells))
        self.table["rows"].append(cells)
        if block.kind == "group":
            self.group = cells[1]
        elif self.table["role"] != "other":
            wanted = {"deliverable": "deliverable", "notes": "notes"}
            for word, column in wanted.items():
                index = self.table_column(column)
                if index is not None and cells[index]:
                    block.notes.append((word, [cells[index]]))
            self.task(block, cells[1], cells[0], self.table["id"], self.group, "table")

    def table_column(self, meaning: str) -> int | None:
        """Index of the column of a meaning, from the heading's annotation ``@column meaning | index``."""
        return self.meanings.get(meaning)

    meanings: dict[str, int] = field(default_factory=dict)

    def add(self, block: Block) -> None:
        """Put one block where it belongs."""
        match block.kind:
            case "basis":
                self.plan["legal_bases"].append({"text": block.text, "citations": citations(block)})
            case "heading":
                self.open_section(block)
            case "bullet" | "subbullet" | "plain":
                self.stack[-1].section["paragraphs"].append(block.text)
                if block.kind != "subbullet":
                    self.context = None
                if block.has("intro"):
                    self.context = block.text
                elif not block.has("note"):
                    self.add_item(block)
                if self.stack[-1].role == "funding":
                    self.plan["funding"] = "\n".join(filter(None, (self.plan["funding"], block.text)))
            case "attribute":
                self.stack[-1].section["paragraphs"].append(block.text)
                self.add_attribute(block)
            case "closing":
                self.context = None
                del self.stack[1:]
                self.stack[0].section["paragraphs"].append(block.text)
                if block.has("unit"):
                    self.add_item(block)
            case "columns":
                self.meanings = {meaning: int(index) for meaning, index in block.values("column")}
                self.add_table_block(block)
            case "row" | "group":
                self.add_table_block(block)
            case "enacting" | "page":
                pass


def _path(labels: list[str]) -> str:
    """Label path; a parent's label that is a prefix of its child's is dropped: "II", "2", "2.1" -> "II.2.1"."""
    kept = [label for label, below in zip(labels, [*labels[1:], ""], strict=True) if not below.startswith(label + ".")]
    return ".".join(kept)


def _owners(plan: Json) -> Iterator[tuple[str, Json]]:
    yield from (("objective", item) for item in plan["objectives"])
    yield from (("task", item) for item in plan["tasks"])
    yield from (("duty", duty) for entry in plan["responsibilities"] for duty in entry["duties"])


def _unit_key(name: str) -> str:
    """ "Các" before a unit does not count."""
    return re.sub(r"^các ", "", name.casefold())


def unit_register(plan: Json) -> list[Json]:
    """Every unit named as lead, coordinator or duty bearer, with the tasks and duties it is named for."""
    register: dict[str, Json] = {}

    def enter(unit: Json, role: str, item_ids: list[str]) -> None:
        entry = register.setdefault(
            _unit_key(unit["name"]),
            {"id": f"u{len(register) + 1}", "name": unit["name"], "aliases": [], "parent": None}
            | {"roles": [], "item_ids": []},
        )
        entry["parent"] = entry["parent"] or unit["parent"]
        for key, values in (("roles", [role]), ("item_ids", item_ids), ("aliases", [unit["text"]])):
            entry[key] += [value for value in values if value not in entry[key] and value != entry["name"]]

    for task in plan["tasks"]:
        for unit in task["lead_units"]:
            enter(unit, "lead", [task["id"]])
        for unit in task["coordinating_units"]:
            enter(unit, "coordinate", [task["id"]])
    for entry in plan["responsibilities"]:
        enter(entry["unit"], "implement", [duty["id"] for duty in entry["duties"]])
    return list(register.values())


def deadline_register(plan: Json) -> list[Json]:
    """Every deadline with its owner."""
    rows = [(kind, item["id"], entry) for kind, item in _owners(plan) for entry in item["deadlines"]]
    return [
        {"id": f"dl{number}", "item_id": item_id, "item_kind": kind} | entry
        for number, (kind, item_id, entry) in enumerate(rows, 1)
    ]


def golden(source: PlanSource, file: Json) -> Json:
    """The golden answer of a sample; ``file`` is its ``source`` field."""
    front = source.front
    plan: Json = {"schema_version": "1.0", "source": file, "header": front["header"]}
    plan |= {key: [] for key in ("legal_bases", "sections", "objectives", "tasks", "responsibilities")}
    plan |= {"units": [], "deadlines": [], "funding": None, "tables": []}
    builder = _Builder(plan)
    for block in source.blocks:
        builder.add(block)
    plan["units"] = unit_register(plan)
    plan["deadlines"] = deadline_register(plan)
    plan["recipients"] = [{"name": entry["name"], "purpose": entry.get("purpose")} for entry in front["to"]]
    plan["signature"] = {key: front["signed"].get(key) for key in ("capacity", "position", "name", "digital")}
    return plan
