"""The registers of units and deadlines, made anew after an edit, and warnings whose item is gone taken out.

Works on the JSON of a plan. Entries keep their id, printed forms and parent as long as something refers to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_ROLES = ("lead", "coordinate", "implement")


def with_registers(document: Json) -> Json:
    """``document`` with ``units``, ``deadlines`` and ``warnings`` that fit its items."""
    items = {item.get("id") for item in _identified(document)}
    known = [warning for warning in document.get("warnings") or () if warning.get("item_id") in {None, *items}]
    return {**document, "units": _units(document), "deadlines": _deadlines(document), "warnings": known}


def owners(document: Json) -> Iterator[tuple[str, Json]]:
    """Everything that can own a deadline, with its kind."""
    yield from (("objective", item) for item in document.get("objectives") or ())
    yield from (("task", item) for item in document.get("tasks") or ())
    for responsibility in document.get("responsibilities") or ():
        yield from (("duty", item) for item in responsibility.get("duties") or ())


def sections_of(nodes: list[Json]) -> Iterator[Json]:
    """All sections, parents first."""
    for node in nodes:
        yield node
        yield from sections_of(node.get("children") or [])


def _identified(document: Json) -> Iterator[Json]:
    yield from (item for _, item in owners(document))
    yield from sections_of(document.get("sections") or [])
    for name in ("responsibilities", "tables", "units", "deadlines"):
        yield from document.get(name) or ()


def _mentions(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Role, id of the item, and the unit as it stands there."""
    for task in document.get("tasks") or ():
        for role, name in (("lead", "lead_units"), ("coordinate", "coordinating_units")):
            yield from ((role, task["id"], unit) for unit in task.get(name) or ())
    for responsibility in document.get("responsibilities") or ():
        yield "implement", responsibility["id"], responsibility["unit"]


def _units(document: Json) -> list[Json]:
    entries = [{**unit, "roles": set(), "item_ids": []} for unit in document.get("units") or ()]
    by_name = {entry["name"]: entry for entry in entries}
    for entry in entries:
        for alias in entry.get("aliases") or ():
            by_name.setdefault(alias, entry)
    for role, item_id, unit in _mentions(document):
        name = unit["name"]
        if name not in by_name:
            entry = {"name": name, "aliases": [], "parent": unit.get("parent"), "roles": set(), "item_ids": []}
            entries.append(entry)
            by_name[name] = entry
        entry = by_name[name]
        entry["roles"].add(role)
        if item_id not in entry["item_ids"]:
            entry["item_ids"].append(item_id)
        printed = unit.get("text")
        if printed and printed != entry["name"] and printed not in entry["aliases"]:
            entry["aliases"] = [*entry["aliases"], printed]
    used = [entry for entry in entries if entry["item_ids"]]
    return _numbered("u", [{**entry, "roles": [role for role in _ROLES if role in entry["roles"]]} for entry in used])


def _deadlines(document: Json) -> list[Json]:
    earlier: dict[tuple[str, str], list[str]] = {}
    for entry in document.get("deadlines") or ():
        earlier.setdefault((entry["item_id"], entry["text"]), []).append(entry["id"])
    found = []
    for kind, item in owners(document):
        for deadline in item.get("deadlines") or ():
            ids = earlier.get((item["id"], deadline["text"]))
            identity = {"id": ids.pop(0)} if ids else {}
            found.append({**deadline, **identity, "item_id": item["id"], "item_kind": kind})
    return _numbered("dl", found)


def _numbered(prefix: str, entries: list[Json]) -> list[Json]:
    """Entries without an id get the next free one."""
    taken = {entry.get("id") for entry in entries}
    number = 0
    numbered = []
    for entry in entries:
        if not entry.get("id"):
            number += 1
            while f"{prefix}{number}" in taken:
                number += 1
            entry = {"id": f"{prefix}{number}", **entry}
        numbered.append(entry)
    return numbered
