"""What differs between a golden answer and a prediction, value by value, in words that a person can check.

Items are matched as the figures match them; what is left is matched once more by half its text, so that a badly read
statement stands beside its true form instead of counting as one missed and one too many.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from pipeline.quality.scoring.assignment import assign
from pipeline.quality.scoring.fields import HEADER, SIGNATURE, header_agrees, signature_agrees
from pipeline.quality.scoring.levelling import (
    Node,
    citation_key,
    deadline_key,
    duties_of,
    flat_sections,
    level,
    listed,
    rows_of,
    target_key,
    unit_key,
)
from pipeline.quality.words import Piece, compare_words

HALF_ALIKE = 0.5
Verdict = Literal["missed", "spurious", "changed"]


@dataclass(frozen=True)
class Difference:
    """``field`` is the figure that it counts against; ``place`` says where, in the prediction's own numbering."""

    verdict: Verdict
    field: str
    place: str
    gold: str
    found: str

    def pieces(self) -> list[Piece]:
        """Word by word, the golden text first."""
        return compare_words(self.gold, self.found)

    def as_json(self) -> dict[str, str]:
        """All parts by name."""
        return {
            "verdict": self.verdict,
            "field": self.field,
            "place": self.place,
            "gold": self.gold,
            "found": self.found,
        }


def differences(gold: Node, found: Node) -> list[Difference]:
    """All differences that count, in the order of the document's parts."""
    return list(_differences(gold, found))


def _differences(gold: Node, found: Node) -> Iterator[Difference]:
    yield from _named_parts("header", HEADER, header_agrees, gold.get("header") or {}, found.get("header") or {})
    own, theirs = (
        [citation for basis in listed(document, "legal_bases") for citation in listed(basis, "citations")]
        for document in (gold, found)
    )
    yield from _bag("citations", "legal bases", own, theirs, citation_key)
    yield from _sections(gold, found)
    objective_lists: Lists = {"targets": target_key, "deadlines": deadline_key}
    task_lists: Lists = {"lead_units": unit_key, "coordinating_units": unit_key, "deadlines": deadline_key}
    parts: tuple[str, ...] = ("horizon", "scope")
    yield from _items("objectives", listed(gold, "objectives"), listed(found, "objectives"), parts, objective_lists)
    parts = ("number", "group", "deliverable", "budget_vnd")
    yield from _items("tasks", listed(gold, "tasks"), listed(found, "tasks"), parts, task_lists)
    own, theirs = ([r.get("unit") or {} for r in listed(d, "responsibilities")] for d in (gold, found))
    yield from _bag("responsible_units", "responsibilities", own, theirs, unit_key)
    yield from _items("duties", duties_of(gold), duties_of(found), (), {"deadlines": deadline_key})
    yield from _texts("funding", "funding", [gold.get("funding") or ""], [found.get("funding") or ""])
    yield from _tables(listed(gold, "tables"), listed(found, "tables"))
    own, theirs = listed(gold, "recipients"), listed(found, "recipients")
    yield from _items("recipients", own, theirs, ("purpose",), {}, key="name")
    parts = SIGNATURE
    yield from _named_parts(
        "signature", parts, signature_agrees, gold.get("signature") or {}, found.get("signature") or {}
    )


Lists = dict[str, Callable[[Node], Hashable]]


def _named_parts(
    field: str, names: Sequence[str], agrees: Callable[[str, Node, Node], bool], gold: Node, found: Node
) -> Iterator[Difference]:
    for name in names:
        if not agrees(name, gold, found):
            yield _difference(field, f"{field}.{name}", gold.get(name), found.get(name))


def _difference(field: str, place: str, gold: object, found: object) -> Difference:
    own, theirs = ("" if value is None else str(value) for value in (gold, found))
    return Difference("missed" if not theirs else "spurious" if not own else "changed", field, place, own, theirs)


def _texts(field: str, place: str, gold: Sequence[str], found: Sequence[str]) -> Iterator[Difference]:
    for own, theirs in zip_longest(gold, found, fillvalue=""):
        if level(own) != level(theirs):
            yield _difference(field, place, own, theirs)


def paired(gold: Sequence[str], found: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Indexes of texts that belong together, nearly alike ones before half alike ones; None where one is alone."""
    own, theirs = [level(text) for text in gold], [level(text) for text in found]
    pairs: list[tuple[int | None, int | None]] = list(assign(own, theirs))
    rest = [i for i in range(len(own)) if i not in {i for i, _ in pairs}]
    other = [j for j in range(len(theirs)) if j not in {j for _, j in pairs}]
    half = assign([own[i] for i in rest], [theirs[j] for j in other], HALF_ALIKE)
    pairs += [(rest[i], other[j]) for i, j in half]
    taken, other_taken = {i for i, _ in pairs}, {j for _, j in pairs}
    pairs += [(i, None) for i in rest if i not in taken]
    pairs += [(None, j) for j in other if j not in other_taken]
    return sorted(pairs, key=lambda p: (p[1] if p[1] is not None else p[0] or 0, p[1] is None))


def _sections(gold: Node, found: Node) -> Iterator[Difference]:
    own, theirs = list(flat_sections(listed(gold, "sections"))), list(flat_sections(listed(found, "sections")))
    titles = [[f"{path} {node.get('title') or ''}".strip() for path, node in nodes] for nodes in (own, theirs)]
    for i, j in paired(titles[0], titles[1]):
        before = "" if i is None else titles[0][i]
        after = "" if j is None else titles[1][j]
        if level(before) != level(after):
            yield _difference("sections", "sections" if j is None else _name(theirs[j][1]), before, after)
        elif i is not None and j is not None:
            paragraphs = [" ".join(node.get("paragraphs") or ()) for node in (own[i][1], theirs[j][1])]
            yield from _texts("syllables", _name(theirs[j][1]), paragraphs[:1], paragraphs[1:])


def _name(node: Node) -> str:
    page = (node.get("source") or {}).get("page")
    return f"{node.get('id') or ''}{f', page {page}' if page else ''}"


def _items(
    field: str, gold: Sequence[Node], found: Sequence[Node], parts: Sequence[str], lists: Lists, key: str = "text"
) -> Iterator[Difference]:
    for i, j in paired([item.get(key) or "" for item in gold], [item.get(key) or "" for item in found]):
        own: Node = {} if i is None else gold[i]
        theirs: Node = {} if j is None else found[j]
        place = _name(own if j is None else theirs) or field
        yield from _texts(field, place, [own.get(key) or ""], [theirs.get(key) or ""])
        if i is None or j is None:
            continue
        for part in parts:
            if part in own and level(own.get(part)) != level(theirs.get(part)):
                yield _difference(field, f"{place}: {part}", own.get(part), theirs.get(part))
        for name, keyed in lists.items():
            yield from _bag(name, place, listed(own, name), listed(theirs, name), keyed)


def _bag(
    field: str, place: str, gold: Sequence[Node], found: Sequence[Node], key: Callable[[Node], Hashable]
) -> Iterator[Difference]:
    """Values that only one side has, the first missed one beside the first that is too many."""
    own, theirs = list(gold), list(found)
    for node in gold:
        match = next((other for other in theirs if key(other) == key(node)), None)
        if match is not None:
            own.remove(node)
            theirs.remove(match)
    for a, b in zip_longest(own, theirs):
        yield _difference(field, place, None if a is None else shown(a), None if b is None else shown(b))


def shown(node: Node) -> str:
    """A unit, deadline, target or citation in one line."""
    if "kind" in node:
        form = [node.get("start"), node.get("due"), node.get("rrule"), node.get("condition")]
        return " ".join([str(node.get("text") or ""), f"({node['kind']}:", *(str(x) for x in form if x)]) + ")"
    if "number" in node:
        return " ".join(str(x) for x in (node.get("type"), node["number"], node.get("issued_on")) if x)
    if "value" in node:
        return " ".join(str(x) for x in (node.get("comparator"), node["value"], node.get("unit")) if x is not None)
    return ", ".join(str(x) for x in (node.get("name"), node.get("parent")) if x)


def _tables(gold: Sequence[Node], found: Sequence[Node]) -> Iterator[Difference]:
    for number, (own, theirs) in enumerate(zip_longest(gold, found), 1):
        rows = [rows_of(table or {}) for table in (own, theirs)]
        name = (theirs or own or {}).get("id") or f"table {number}"
        for i, j in paired([" ".join(row) for row in rows[0]], [" ".join(row) for row in rows[1]]):
            before = [] if i is None else rows[0][i]
            after = [] if j is None else rows[1][j]
            at = f"row {j + 1}" if j is not None else f"golden row {(i or 0) + 1}"
            for column, (a, b) in enumerate(zip_longest(before, after, fillvalue=""), 1):
                if level(a) != level(b):
                    yield _difference("tables", f"{name}, {at}, column {column}", a, b)
