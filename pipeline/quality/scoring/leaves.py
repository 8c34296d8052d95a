"""Every value of a prediction, judged against the golden answer, with what the prediction itself says of its doubt.

A value (leaf) is right when the golden answer has it at the matched place. Its confidence is that of the nearest source
above it. A wrong leaf is *told* when a warning names its item, its table row or its header field, or when it lies among
the 15 % least confident leaves of its document. Values that the prediction leaves out of a matched item, of header or
signature are *missing*: only a warning can tell of them, for there is no value whose confidence could be low.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.quality.scoring.assignment import assign
from pipeline.quality.scoring.fields import HEADER, SIGNATURE, header_agrees, signature_agrees
from pipeline.quality.scoring.levelling import (
    NEAR,
    Node,
    citation_key,
    deadline_key,
    duties_of,
    flat_sections,
    level,
    listed,
    rows_of,
    similarity,
    target_key,
    unit_key,
)

LEAST_CONFIDENT = 0.15
"""Share of a document's leaves that a person is asked to look at for their confidence alone."""
_SAME_ROW = 0.5

_LISTS: tuple[tuple[str, Callable[[Node], Hashable]], ...] = (
    ("deadlines", deadline_key),
    ("targets", target_key),
    ("lead_units", unit_key),
    ("coordinating_units", unit_key),
)
_WARNED_PART = {
    "number": "header.document_number", "date": "header.issued_on", "day": "header.issued_on",
    "issuer": "header.issuing_authority", "parent": "header.parent_authority", "place": "header.place",
    "title": "header.title", "type": "header.document_type", "signature": "signature",
}  # fmt: skip
"""First word of a warning's code -> the part of the document that it is about."""


@dataclass(frozen=True)
class Leaf:
    """One judged value; None for a missing one. ``keys`` are what a warning may name to be about it."""

    kind: str
    value: str | None
    right: bool
    confidence: float
    keys: frozenset[str]
    warned: bool = False
    low: bool = False

    @property
    def told(self) -> bool:
        """Whether a person is pointed at it."""
        return self.warned or self.low


def judged(gold: Node, found: Node) -> list[Leaf]:
    """The leaves of one document, told or not."""
    named: set[str] = set()
    for warning in listed(found, "warnings"):
        named |= named_by(warning)
    leaves = [replace(leaf, warned=bool(leaf.keys & named)) for leaf in _leaves(gold, found)]
    order = sorted(leaf.confidence for leaf in leaves if leaf.value is not None)
    if not order:
        return leaves
    room = int(len(order) * LEAST_CONFIDENT)
    edge = order[room]
    tied_fit = order.count(edge) <= max(
        1, room - sum(c < edge for c in order)
    )  # else the tie is too large for the 15 %
    return [
        replace(leaf, low=leaf.value is not None and (leaf.confidence < edge or (tied_fit and leaf.confidence == edge)))
        for leaf in leaves
    ]


def named_by(warning: Node) -> set[str]:
    """What a warning is about: a row of a table, its item, a quoted name, or the part that its code names."""
    row = re.match(r"(tb\d+), row (\d+)", warning["message"])
    if row:
        return {f"{row[1]}.{row[2]}"}
    if warning.get("item_id"):
        return {warning["item_id"]}
    first = warning["code"].partition("_")[0]
    quoted = None if first == "signature" else re.match(r"(?:recipient|citation) '(.+?)'", warning["message"])
    if quoted:
        return {quoted[1]}
    return {_WARNED_PART[first]} if first in _WARNED_PART else set()


def confidence_of(*nodes: Node | None) -> float:
    """Of the first node that has a source: the least over its pages. 1 where none has."""
    for node in nodes:
        sources = [s for s in ((node or {}).get("source"), *((node or {}).get("sources") or ())) if s]
        if sources:
            return float(min(s.get("confidence", 1.0) for s in sources))
    return 1.0


def _leaves(gold: Node, found: Node) -> Iterator[Leaf]:
    yield from _header(gold.get("header") or {}, found.get("header") or {})
    yield from _signature(gold.get("signature") or {}, found.get("signature") or {})
    yield from _items("objective", listed(gold, "objectives"), listed(found, "objectives"))
    yield from _items("task", listed(gold, "tasks"), listed(found, "tasks"))
    yield from _responsible_units(listed(gold, "responsibilities"), listed(found, "responsibilities"))
    yield from _items("duty", duties_of(gold), duties_of(found))
    yield from _sections(listed(gold, "sections"), listed(found, "sections"))
    yield from _tables(listed(gold, "tables"), listed(found, "tables"))
    yield from _recipients(listed(gold, "recipients"), listed(found, "recipients"))
    own = [c for basis in listed(gold, "legal_bases") for c in listed(basis, "citations")]
    theirs = [
        {**citation, "source": citation.get("source") or basis.get("source")}
        for basis in listed(found, "legal_bases")
        for citation in listed(basis, "citations")
    ]
    yield from _bag("citation", own, theirs, citation_key, None, frozenset())


def _header(gold: Node, found: Node) -> Iterator[Leaf]:
    for name in HEADER:
        right, keys = header_agrees(name, gold, found), frozenset({f"header.{name}"})
        if found.get(name) is not None:
            source = (found.get("sources") or {}).get(name)
            yield Leaf(f"header {name}", found[name], right, confidence_of({"source": source}), keys)
        elif not right:
            yield Leaf(f"header {name}", None, False, 1.0, keys)


def _signature(gold: Node, found: Node) -> Iterator[Leaf]:
    for name in SIGNATURE:
        right, keys = signature_agrees(name, gold, found), frozenset({f"signature.{name}", "signature"})
        if found.get(name):
            yield Leaf(f"signature {name}", found[name], right, confidence_of(found), keys)
        elif not right:
            yield Leaf(f"signature {name}", None, False, 1.0, keys)


def _found_to_gold(gold: Sequence[str], found: Sequence[str], least: float = NEAR) -> dict[int, int]:
    return {j: i for i, j in assign([level(text) for text in gold], [level(text) for text in found], least)}


def _items(kind: str, gold: Sequence[Node], found: Sequence[Node]) -> Iterator[Leaf]:
    pairs = _found_to_gold([item.get("text") or "" for item in gold], [item.get("text") or "" for item in found])
    for k, item in enumerate(found):
        keys = frozenset(x for x in (item.get("id"), item.get("section")) if x)
        yield Leaf(f"{kind} text", item.get("text") or "", k in pairs, confidence_of(item), keys)
        own: Node = gold[pairs[k]] if k in pairs else {}
        for name, key in _LISTS:
            yield from _bag(
                f"{kind} {name}", listed(own, name), listed(item, name), key, item, keys, complete=k in pairs
            )


def _bag(
    kind: str,
    gold: Sequence[Node],
    found: Sequence[Node],
    key: Callable[[Node], Hashable],
    owner: Node | None,
    keys: frozenset[str],
    *,
    complete: bool = True,
) -> Iterator[Leaf]:
    """Values of one list: right as often as the golden list has them; what it has beyond them is missing."""
    left = Counter(key(node) for node in gold)
    for node in found:
        right = left[key(node)] > 0
        left[key(node)] -= right
        own = keys | {str(node["number"])} if "number" in node else keys
        shown = node.get("name") or node.get("text") or node.get("number") or node.get("value")
        yield Leaf(kind, str(shown), right, confidence_of(node, owner), own)
    if complete:
        yield from (Leaf(kind, None, False, 1.0, keys) for _ in (+left).elements())


def _responsible_units(gold: Sequence[Node], found: Sequence[Node]) -> Iterator[Leaf]:
    left = Counter(unit_key(responsibility.get("unit")) for responsibility in gold)
    for responsibility in found:
        unit = responsibility.get("unit") or {}
        right = left[unit_key(unit)] > 0
        left[unit_key(unit)] -= right
        keys = frozenset({responsibility.get("id") or ""})
        yield Leaf("responsible unit", unit.get("name") or "", right, confidence_of(unit, responsibility), keys)


def _sections(gold: Sequence[Node], found: Sequence[Node]) -> Iterator[Leaf]:
    own, theirs = list(flat_sections(gold)), list(_with_ids(found))
    paths = list(flat_sections(found))
    texts = [[f"{path} {level(node.get('title'))}" for path, node in nodes] for nodes in (own, paths)]
    pairs = _found_to_gold(texts[0], texts[1])
    for k, ((path, section), ids) in enumerate(zip(paths, theirs, strict=True)):
        right = k in pairs and own[pairs[k]][0] == path
        yield Leaf("section", f"{path} {section.get('title')}", right, confidence_of(section), ids)


def _with_ids(nodes: Sequence[Node], above: frozenset[str] = frozenset()) -> Iterator[frozenset[str]]:
    """Ids of each section and those above it: a warning about a chapter is about its parts."""
    for node in nodes:
        ids = above | {node.get("id") or ""}
        yield ids
        yield from _with_ids(listed(node, "children"), ids)


def _tables(gold: Sequence[Node], found: Sequence[Node]) -> Iterator[Leaf]:
    """Each filled cell; the row whose text is nearest is its golden row."""
    for k, table in enumerate(found):
        answers = rows_of(gold[k]) if k < len(gold) else []
        rows = rows_of(table)
        pairs = _found_to_gold([" ".join(row) for row in answers], [" ".join(row) for row in rows], _SAME_ROW)
        name = table.get("id") or ""
        for r, row in enumerate(rows):
            answer = answers[pairs[r]] if r in pairs else ()
            for c, cell in enumerate(row):
                if cell:
                    right = c < len(answer) and similarity(answer[c], cell) >= NEAR
                    yield Leaf("cell", cell, right, confidence_of(table), frozenset({name, f"{name}.{r + 1}"}))


def _recipients(gold: Sequence[Node], found: Sequence[Node]) -> Iterator[Leaf]:
    names = [recipient.get("name") or "" for recipient in found]
    pairs = _found_to_gold([recipient.get("name") or "" for recipient in gold], names)
    for k, recipient in enumerate(found):
        yield Leaf("recipient", names[k], k in pairs, confidence_of(recipient), frozenset({names[k]}))
