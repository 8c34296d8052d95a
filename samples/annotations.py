"""The annotations beside a printed block as the JSON they stand for (the notation: ``samples.plan_source``)."""

from __future__ import annotations

from typing import Any

from samples.plan_source import Block

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
