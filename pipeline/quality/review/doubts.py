"""The stops of a review: values that a person should look at, the most doubtful first.

Warnings come first, then values read with low confidence: those below 0.8, the least confident 15 % at most. Each stop
has a key made of ids, which outlives edits elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from schemas import warning_words

Json = dict[str, Any]
LOW = 0.8
SHARE = 0.15
_HEADER = {
    "number": "document_number", "date": "issued_on", "day": "issued_on", "issuer": "issuing_authority",
    "parent": "parent_authority", "place": "place", "title": "title", "type": "document_type",
}  # fmt: skip
"""First word of a warning's code -> the field of the header that it is about."""


@dataclass(frozen=True)
class Value:
    """A value with a place of its own: its path in the JSON, its stable key, its source."""

    key: str
    path: tuple[str | int, ...]
    text: str
    source: Json | None


@dataclass(frozen=True)
class Doubt:
    """A stop. ``messages`` are those of its warnings, ``reasons`` the same in Vietnamese; ``path`` is empty for the
    document as a whole.
    """

    key: str
    path: tuple[str | int, ...]
    messages: tuple[str, ...]
    reasons: tuple[str, ...]
    confidence: float | None
    page: int | None

    def as_json(self) -> Json:
        """All parts by name."""
        return asdict(self)


def doubts(document: Json) -> list[Doubt]:
    """The stops of ``document``: warnings in their order, then values by rising confidence."""
    values = list(values_of(document))
    by_key = {value.key: value for value in values}
    warned: dict[str, list[Json]] = {}
    for number, warning in enumerate(document.get("warnings") or ()):
        key = _about(warning, document, values) or f"warning:{warning['code']}:{warning.get('page') or ''}:{number}"
        warned.setdefault(key, []).append(warning)
    stops = [_warned(key, by_key.get(key), found) for key, found in warned.items()]
    sure = [(_confidence(value), value) for value in values if value.source and value.key not in warned]
    room = int(len(values) * SHARE)
    low = sorted(((c, value) for c, value in sure if c < LOW), key=lambda pair: pair[0])[:room]
    stops += [
        Doubt(value.key, value.path, (), (), confidence, (value.source or {}).get("page")) for confidence, value in low
    ]
    return stops


def _warned(key: str, value: Value | None, warnings: list[Json]) -> Doubt:
    page = next((warning["page"] for warning in warnings if warning.get("page")), None)
    if page is None and value and value.source:
        page = value.source.get("page")
    return Doubt(
        key=key,
        path=value.path if value else _fallback(key),
        messages=tuple(warning["message"] for warning in warnings),
        reasons=tuple(warning_words(warning["code"], warning["message"]) for warning in warnings),
        confidence=_confidence(value) if value and value.source else None,
        page=page,
    )


def _fallback(key: str) -> tuple[str | int, ...]:
    """Where a warning leads to whose value is not there."""
    part, _, name = key.partition(".")
    return ("header", name) if part == "header" else (part,) if part == "signature" else ()


def _confidence(value: Value) -> float:
    return float((value.source or {}).get("confidence", 1.0))


def values_of(document: Json) -> Iterator[Value]:
    """Every value that has, or could have, a place of its own on paper."""
    header = document.get("header") or {}
    for name, source in (header.get("sources") or {}).items():
        if header.get(name) is not None:
            yield Value(f"header.{name}", ("header", name), str(header[name]), source)
    for number, basis in enumerate(document.get("legal_bases") or ()):
        yield Value(f"basis{number + 1}", ("legal_bases", number), basis["text"], basis.get("source"))
    yield from _sections(document.get("sections") or [], ("sections",))
    for name in ("objectives", "tasks"):
        for number, item in enumerate(document.get(name) or ()):
            yield from _item(item, (name, number))
    for number, responsibility in enumerate(document.get("responsibilities") or ()):
        path = ("responsibilities", number)
        unit = responsibility["unit"]
        source = unit.get("source") or responsibility.get("source")
        yield Value(responsibility["id"], (*path, "unit"), unit["name"], source)
        for k, duty in enumerate(responsibility.get("duties") or ()):
            yield from _item(duty, (*path, "duties", k))
    for number, table in enumerate(document.get("tables") or ()):
        yield Value(table["id"], ("tables", number), table.get("title") or "", table.get("source"))
    for number, recipient in enumerate(document.get("recipients") or ()):
        path = ("recipients", number)
        yield Value(f"recipient{number + 1}", path, recipient["name"], recipient.get("source"))
    if signature := document.get("signature"):
        yield Value("signature", ("signature",), signature.get("name") or "", signature.get("source"))


def _sections(nodes: list[Json], path: tuple[str | int, ...]) -> Iterator[Value]:
    for number, node in enumerate(nodes):
        here = (*path, number)
        yield Value(node["id"], here, f"{node['label']} {node['title']}", node.get("source"))
        yield from _sections(node.get("children") or [], (*here, "children"))


def _item(item: Json, path: tuple[str | int, ...]) -> Iterator[Value]:
    yield Value(item["id"], path, item["text"], item.get("source"))
    for name in ("deadlines", "lead_units", "coordinating_units"):
        for number, part in enumerate(item.get(name) or ()):
            source = part.get("source") or item.get("source")
            if source == item.get("source"):
                source = None if name != "deadlines" else source
            yield Value(f"{item['id']}.{name}.{number + 1}", (*path, name, number), part["text"], source)


def _about(warning: Json, document: Json, values: list[Value]) -> str | None:
    """Key of the value that a warning is about; None for the document as a whole."""
    message, code, item = warning["message"], warning["code"], warning.get("item_id")
    quoted = re.search(r"'(.+?)'", message)
    row = re.match(r"(tb\d+), row (\d+)", message)
    if row:
        return _row(document, row[1], int(row[2]))
    first = code.partition("_")[0]
    if item:
        if quoted and first in {"deadline", "unit"}:
            own = (value for value in values if value.key.startswith(f"{item}."))
            return next((value.key for value in own if value.text == quoted[1]), item)
        return str(item)
    if first in _HEADER:
        return f"header.{_HEADER[first]}"
    if first == "signature":
        return "signature"
    if quoted and first == "citation":
        bases = document.get("legal_bases") or ()
        found = (n for n, b in enumerate(bases, 1) for c in b.get("citations") or () if c["number"] == quoted[1])
        return next((f"basis{number}" for number in found), None)
    if quoted and first == "recipient":
        return next((v.key for v in values if v.path[0] == "recipients" and v.text == quoted[1]), None)
    return None


def _row(document: Json, table: str, row: int) -> str:
    """The task of a table's row where it can be told by the row's text, else the table."""
    rows: list[list[str]] = next((t["rows"] for t in document.get("tables") or () if t["id"] == table), [])
    if 0 < row <= len(rows):
        cells = {" ".join(cell.split()) for cell in rows[row - 1] if cell}
        for task in document.get("tasks") or ():
            if task.get("section") == table and " ".join(task["text"].split()) in cells:
                return str(task["id"])
    return table
