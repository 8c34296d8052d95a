"""The headline figures of one document, and how right the parts of its matched items are.

Headline figures follow the common measure: items are matched by their texts, values inside them compared as bags or
shares. ``mission`` is the mean of what the program is for. Sub-fields are judged on matched items only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from rapidfuzz.distance import Levenshtein

from pipeline.quality.scoring.assignment import assign
from pipeline.quality.scoring.figures import Figure, bags, f1, mean, share
from pipeline.quality.scoring.levelling import (
    NEAR,
    Node,
    citation_key,
    deadline_key,
    duties_of,
    flat_sections,
    level,
    listed,
    owners_of,
    section_words,
    similarity,
    target_key,
    unit_key,
)
from pipeline.quality.scoring.tables import cell_f1, grids

HEADER = ("parent_authority", "issuing_authority", "document_number", "place", "issued_on", "document_type", "title")
SIGNATURE = ("capacity", "position", "name")
MISSION = (
    "objectives", "tasks", "lead_units", "coordinating_units", "responsible_units", "duties", "deadlines", "tables",
)  # fmt: skip
FIELDS = (
    "header", "citations", "sections", "objectives", "objective_horizon", "targets", "tasks", "lead_units",
    "coordinating_units", "deliverable", "budget", "responsible_units", "duties", "deadlines", "tables", "recipients",
    "signature", "funding", "syllables", "mission",
)  # fmt: skip
"""The headline figures, in the order in which they are shown."""

Pairs = Sequence[tuple[Node, Node]]


def document_figures(gold: Node, found: Node) -> dict[str, Figure]:
    """All headline figures; ``found`` is {} for a document that gave no result."""
    figures: dict[str, Figure] = {"header": _header(gold.get("header") or {}, found.get("header") or {})}
    own, theirs = _citations(gold), _citations(found)
    figures["citations"] = bags([(own, theirs)], len(own), len(theirs))
    figures["sections"] = _sections(gold, found)
    figures |= _objectives(gold, found)
    figures |= _tasks(gold, found)
    figures |= _duties(gold, found)
    own, theirs = _deadlines(owners_of(gold)), _deadlines(owners_of(found))
    figures["deadlines"] = bags([(own, theirs)], len(own), len(theirs))
    figures["tables"] = cell_f1(grids(gold), grids(found))
    figures["recipients"] = _matched_figure(listed(gold, "recipients"), listed(found, "recipients"), "name")
    figures["signature"] = _signature(gold.get("signature") or {}, found.get("signature") or {})
    figures["funding"] = _funding(gold.get("funding"), found.get("funding"))
    figures["syllables"] = _syllables(gold, found)
    mission = mean(figures[name].value for name in MISSION)
    figures["mission"] = Figure(mission, mission or 0.0, float(mission is not None))
    return figures


def matched(gold: Sequence[Node], found: Sequence[Node], key: str = "text") -> list[tuple[Node, Node]]:
    """Pairs of golden and found items that say the same."""
    pairs = assign([level(item.get(key)) for item in gold], [level(item.get(key)) for item in found])
    return [(gold[i], found[j]) for i, j in pairs]


def _matched_figure(gold: Sequence[Node], found: Sequence[Node], key: str) -> Figure:
    return f1(len(matched(gold, found, key)), len(gold), len(found))


def _header(gold: Node, found: Node) -> Figure:
    return share(sum(header_agrees(name, gold, found) for name in HEADER), len(HEADER))


def header_agrees(name: str, gold: Node, found: Node) -> bool:
    """A title need only be near, all else equal."""
    return similarity(gold.get(name), found.get(name)) >= (NEAR if name == "title" else 1)


def _citations(document: Node) -> list[Hashable]:
    return [citation_key(c) for basis in listed(document, "legal_bases") for c in listed(basis, "citations")]


def _sections(gold: Node, found: Node) -> Figure:
    own, theirs = list(flat_sections(listed(gold, "sections"))), list(flat_sections(listed(found, "sections")))
    keys = [[f"{path} {level(node.get('title'))}" for path, node in nodes] for nodes in (own, theirs)]
    pairs = assign([level(key) for key in keys[0]], [level(key) for key in keys[1]])
    return f1(sum(own[i][0] == theirs[j][0] for i, j in pairs), len(own), len(theirs))


def _bag_figure(
    pairs: Pairs, gold: Sequence[Node], found: Sequence[Node], name: str, key: Callable[[Node], Hashable]
) -> Figure:
    """F1 of the values in list ``name`` of matched items; those of unmatched items are missed or spurious."""
    values = [([key(v) for v in listed(own, name)], [key(v) for v in listed(theirs, name)]) for own, theirs in pairs]
    return bags(values, sum(len(listed(i, name)) for i in gold), sum(len(listed(i, name)) for i in found))


def _objectives(gold: Node, found: Node) -> dict[str, Figure]:
    own, theirs = listed(gold, "objectives"), listed(found, "objectives")
    pairs = matched(own, theirs)
    return {
        "objectives": f1(len(pairs), len(own), len(theirs)),
        "objective_horizon": share(sum(a.get("horizon") == b.get("horizon") for a, b in pairs), len(own)),
        "targets": _bag_figure(pairs, own, theirs, "targets", target_key),
    }


def _tasks(gold: Node, found: Node) -> dict[str, Figure]:
    own, theirs = listed(gold, "tasks"), listed(found, "tasks")
    pairs = matched(own, theirs)
    figures = {"tasks": f1(len(pairs), len(own), len(theirs))}
    for name in ("lead_units", "coordinating_units"):
        figures[name] = _bag_figure(pairs, own, theirs, name, unit_key)
    delivered = [(a, b) for a, b in pairs if a.get("deliverable")]
    near = sum(similarity(a["deliverable"], b.get("deliverable")) >= NEAR for a, b in delivered)
    figures["deliverable"] = share(near, sum(bool(task.get("deliverable")) for task in own))
    paid = [(a["budget_vnd"], b.get("budget_vnd")) for a, b in pairs if a.get("budget_vnd") is not None]
    figures["budget"] = share(sum(a == b for a, b in paid), sum(task.get("budget_vnd") is not None for task in own))
    return figures


def _duties(gold: Node, found: Node) -> dict[str, Figure]:
    units = [[unit_key(r.get("unit")) for r in listed(document, "responsibilities")] for document in (gold, found)]
    return {
        "responsible_units": bags([(units[0], units[1])], len(units[0]), len(units[1])),
        "duties": _matched_figure(duties_of(gold), duties_of(found), "text"),
    }


def _deadlines(owners: Iterable[Node]) -> list[Hashable]:
    return [deadline_key(deadline) for owner in owners for deadline in listed(owner, "deadlines")]


def signature_agrees(name: str, gold: Node, found: Node) -> bool:
    """Equal without blanks and full stops, which are set as one likes ("KT. GIÁM ĐỐC", "KT.GIÁM ĐỐC")."""
    own, theirs = (re.sub(r"[\s.]", "", level(node.get(name))) for node in (gold, found))
    return own == theirs


def _signature(gold: Node, found: Node) -> Figure:
    return share(sum(signature_agrees(name, gold, found) for name in SIGNATURE), len(SIGNATURE))


def _funding(gold: str | None, found: str | None) -> Figure:
    if not gold and not found:
        return share(0, 0)
    return share(float(similarity(gold, found) >= NEAR), 1)


def _syllables(gold: Node, found: Node) -> Figure:
    own = section_words(gold)
    wrong = Levenshtein.distance(own, section_words(found))
    return Figure(1 - wrong / max(1, len(own)), len(own) - wrong, len(own))


def subfield_figures(gold: Node, found: Node) -> dict[str, Figure]:
    """How often each part is right: of the header and signature, and of items whose text was found."""
    figures: dict[str, Figure] = {}
    own, theirs = gold.get("header") or {}, found.get("header") or {}
    for name in HEADER:
        figures[f"header.{name}"] = share(header_agrees(name, own, theirs), 1)
    own, theirs = gold.get("signature") or {}, found.get("signature") or {}
    for name in SIGNATURE:
        figures[f"signature.{name}"] = share(signature_agrees(name, own, theirs), 1)
    for kind, name in (("objective", "objectives"), ("task", "tasks")):
        figures |= _parts(kind, matched(listed(gold, name), listed(found, name)))
    figures |= _parts("duty", matched(duties_of(gold), duties_of(found)))
    return figures


_PARTS: dict[str, tuple[str, ...]] = {
    "objective": ("section", "context", "scope", "horizon"),
    "task": ("number", "section", "group", "context", "deliverable", "budget_vnd", "notes", "origin"),
    "duty": ("context",),
}
_LISTS: dict[str, dict[str, Callable[[Node], Any]]] = {
    "objective": {"targets": target_key, "deadlines": deadline_key},
    "task": {
        "lead_units": unit_key, "coordinating_units": unit_key, "deadlines": deadline_key, "citations": citation_key,
    },
    "duty": {"deadlines": deadline_key},
}  # fmt: skip


def _parts(kind: str, pairs: Pairs) -> dict[str, Figure]:
    """Sub-fields of matched items; one that the golden file does not know is not judged."""
    figures: dict[str, Figure] = {}
    for name in _PARTS[kind]:
        known = [(own.get(name), theirs.get(name)) for own, theirs in pairs if name in own]
        figures[f"{kind}.{name}"] = share(sum(similarity(a, b) >= NEAR for a, b in known), len(known))
    for name, key in _LISTS[kind].items():
        lists = [(listed(own, name), listed(theirs, name)) for own, theirs in pairs if name in own]
        right = sum(sorted(map(str, map(key, a))) == sorted(map(str, map(key, b))) for a, b in lists)
        figures[f"{kind}.{name}"] = share(right, len(lists))
    return figures
