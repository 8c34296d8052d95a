"""From an annotated source to its golden answer: the decisions stand in the source, here they only find their places.

Nothing is guessed: units, deadlines, targets, citations and roles are annotations a person wrote beside the text; ids,
label paths and the two registers follow from them by the contract. What comes out is valid under ``schemas.plan``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from samples.annotations import Json, citations, deadlines, targets, units
from samples.plan_source import Block, Place, PlanSource


@dataclass
class _Level:
    """An open section, and what it hands down to what stands in it."""

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
    places: dict[int, list[Place]]
    stack: list[_Level] = field(default_factory=list)
    context: str | None = None
    task: Json | None = None
    table: Json | None = None
    group: str | None = None
    meanings: dict[str, int] = field(default_factory=dict)

    def add(self, block: Block) -> None:
        """Put one block where it belongs."""
        match block.kind:
            case "basis":
                entry = {"text": block.text, "citations": citations(block)}
                self.plan["legal_bases"].append(entry | self.evidence(block))
            case "heading":
                self.open_section(block)
            case "bullet" | "subbullet" | "plain":
                self.add_paragraph(block)
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
                self.open_table(block)
            case "row" | "group":
                self.add_row(block)
            case "enacting" | "page":
                pass

    def evidence(self, block: Block) -> Json:
        """``source``, and ``sources`` when it stands on several pages: a box around all that is printed of it."""
        pages: dict[int, list[tuple[float, ...]]] = {}
        for page, box in self.places.get(block.number, []):
            pages.setdefault(page, []).append(box)
        sources = []
        for page, boxes in sorted(pages.items()):
            left, top, right, bottom = zip(*boxes, strict=True)
            sources.append({"page": page, "bbox": [min(left), min(top), max(right), max(bottom)]})
        return {"source": sources[0]} | ({"sources": sources} if len(sources) > 1 else {}) if sources else {}

    def open_section(self, block: Block) -> None:
        """A numbered line: a heading, or a statement that is itself an item."""
        del self.stack[block.level - 1 :]
        above = self.stack[-1] if self.stack else _Level({"children": self.plan["sections"]}, "other", "")
        statement = block.has("statement")
        role, horizon = block.value("role") or above.role, block.value("horizon")
        section: Json = {"id": f"s{_count(self.plan['sections']) + 1}", "label": block.label}
        section |= {"title": "" if statement else block.text.removesuffix(":"), "level": block.level, "role": role}
        section |= {"paragraphs": [block.text] if statement else [], "children": []}
        above.section["children"].append(section | self.evidence(block))
        level = _Level(
            section=above.section["children"][-1],
            role=role,
            path=_path([level.section["label"] for level in self.stack] + [block.label]),
            scope=block.value("scope") or above.scope,
            horizon=int(horizon) if horizon else above.horizon,
            heading=above.heading if statement else section["title"],
        )
        self.stack.append(level)
        self.context = self.task = self.table = None
        if statement and not block.has("intro"):
            self.add_item(block, number=block.label)
        elif block.has("unit"):
            level.responsibility = self.add_responsibility(block, block.label)

    def add_paragraph(self, block: Block) -> None:
        """A bullet or plain paragraph: an item of its section, or the line that introduces those below it."""
        level = self.stack[-1]
        level.section["paragraphs"].append(block.text)
        if block.kind != "subbullet":
            self.context = None
        if block.has("intro"):
            self.context = block.text
        else:
            self.add_item(block)
        if level.role == "funding":
            self.plan["funding"] = "\n".join(filter(None, (self.plan["funding"], block.text)))

    def add_item(self, block: Block, number: str | None = None) -> None:
        """A leaf: an objective, a task or a duty, by the role of its section."""
        level = self.stack[-1]
        if level.role == "objectives":
            entry: Json = {"id": f"o{len(self.plan['objectives']) + 1}", "text": block.text, "section": level.path}
            entry |= {"context": self.context, "scope": level.scope, "horizon": level.horizon}
            entry |= {"targets": targets(block), "deadlines": deadlines(block)}
            self.plan["objectives"].append(entry | self.evidence(block))
        elif level.role == "tasks":
            place = {"section": level.path, "group": level.heading, "context": self.context}
            self.add_task(block, {"number": number, "text": block.text} | place, None, "section")
        elif level.role == "implementation":
            if block.has("unit"):
                self.add_duty(block, self.add_responsibility(block, number))
            else:
                holders = [above.responsibility for above in self.stack if above.responsibility]
                for holder in holders[-1:]:
                    self.add_duty(block, holder)

    def add_task(self, block: Block, named: Json, deliverable: str | None, origin: str) -> None:
        """A task with what its own annotations say."""
        budget = block.value("budget")
        entry: Json = {"id": f"t{len(self.plan['tasks']) + 1}"} | named
        entry |= {"lead_units": units(block, "lead"), "coordinating_units": units(block, "with")}
        entry |= {"deliverable": deliverable, "deadlines": deadlines(block)}
        entry |= {"budget_vnd": int(budget) if budget else None, "notes": None}
        entry |= {"citations": citations(block), "origin": origin}
        self.task = entry | self.evidence(block)
        self.plan["tasks"].append(self.task)

    def add_responsibility(self, block: Block, label: str | None) -> Json:
        """A unit charged with duties."""
        (unit,) = units(block, "unit")
        entry: Json = {"id": f"r{len(self.plan['responsibilities']) + 1}", "unit": unit, "label": label, "duties": []}
        entry |= self.evidence(block)
        self.plan["responsibilities"].append(entry)
        return entry

    def add_duty(self, block: Block, holder: Json) -> None:
        """A duty of a unit."""
        count = sum(len(entry["duties"]) for entry in self.plan["responsibilities"])
        duty: Json = {"id": f"d{count + 1}", "text": block.text, "context": self.context, "deadlines": deadlines(block)}
        holder["duties"].append(duty | self.evidence(block))

    def add_attribute(self, block: Block) -> None:
        """An attribute line fills the task right above it."""
        if self.task is None:
            raise ValueError(f"no task above the attribute line {block.text!r}")
        self.task["lead_units"] += units(block, "lead")
        self.task["coordinating_units"] += units(block, "with")
        self.task["deadlines"] += deadlines(block)

    def open_table(self, block: Block) -> None:
        """The heading row of a table; ``@column deliverable | 4`` says what a column means."""
        self.meanings = {meaning: int(index) for meaning, index in block.values("column")}
        self.group = None
        self.table = {"id": f"tb{len(self.plan['tables']) + 1}", "title": block.value("title"), "columns": block.cells}
        self.table |= {"rows": [], "pages": [], "role": block.value("role") or "other"}
        self.plan["tables"].append(self.table)

    def add_row(self, block: Block) -> None:
        """A row; in a table of tasks each numbered row is a task, a group row the heading of those below."""
        if self.table is None:
            raise ValueError(f"a table row without a table: {block.text[:60]}")
        cells = block.cells + [""] * (len(self.table["columns"]) - len(block.cells))
        self.table["rows"].append(cells)
        pages = {page for page, _ in self.places.get(block.number, [])}
        self.table["pages"] = sorted({*self.table["pages"], *pages})
        if block.kind == "group":
            self.group = cells[1]
        elif self.table["role"] != "other":
            place = {"section": self.table["id"], "group": self.group, "context": None}
            result = cells[self.meanings["deliverable"]] if "deliverable" in self.meanings else ""
            self.add_task(block, {"number": cells[0], "text": cells[1]} | place, result or None, "table")


def _count(sections: list[Json]) -> int:
    return sum(1 + _count(section["children"]) for section in sections)


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


def golden(source: PlanSource, file: Json, places: dict[int, list[Place]] | None = None) -> Json:
    """The golden answer of a sample.

    ``file`` is its ``source`` field, ``places`` says where the blocks stand on paper (from ``samples.typeset``).
    """
    front = source.front
    plan: Json = {"schema_version": "1.0", "source": file, "header": front["header"]}
    plan |= {key: [] for key in ("legal_bases", "sections", "objectives", "tasks", "responsibilities")}
    plan |= {"units": [], "deadlines": [], "funding": None, "tables": []}
    builder = _Builder(plan, places or {})
    for block in source.blocks:
        builder.add(block)
    plan["units"] = unit_register(plan)
    plan["deadlines"] = deadline_register(plan)
    plan["recipients"] = [{"name": entry["name"], "purpose": entry.get("purpose")} for entry in front["to"]]
    plan["signature"] = {key: front["signed"].get(key) for key in ("capacity", "position", "name", "digital")}
    return plan
