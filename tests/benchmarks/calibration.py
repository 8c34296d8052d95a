"""Does the product know where it is wrong? Wrong values of a prediction, and whether a person is pointed at them.

    python -m tests.benchmarks.calibration GOLD PRED [GOLD PRED ...] [--show N]
    python -m tests.benchmarks.calibration --shared FOLDER [--out score-out] [--samples out] [GOLD PRED ...]

Predictions of the shared cases are those that ``make score`` left in ``score-out/``, of the samples those that ``make
run`` left in ``out/``.

Each value of the predictions (a leaf) is judged against the golden answer, items matched by text as ``make score``
does. A wrong leaf is *told* when a warning names its item, its table or its header field, or when it lies among the
15 % of the document's leaves with the lowest confidence (the nearest source's). Wanted: 80 % of the wrong leaves.
Values that the golden answer has and the prediction leaves out of a matched item, of header or signature, are counted
apart as *missing*; they are told by warnings alone, for there is no value whose confidence could be low.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from tests.benchmarks.score_cases import OUT, cases

Node = dict[str, Any]
NEAR = 0.9
LEAST_CONFIDENT = 0.15
SAMPLES = Path("samples/golden")
HEADER = ("parent_authority", "issuing_authority", "document_number", "place", "issued_on", "document_type", "title")
SIGNATURE = ("capacity", "position", "name")
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.001)


@dataclass(frozen=True)
class Leaf:
    """One judged value. ``keys`` are what a warning may name to be about it; a missing value has no ``value``."""

    kind: str
    value: str | None
    right: bool
    confidence: float
    keys: frozenset[str]
    warned: bool = False
    low: bool = False

    @property
    def told(self) -> bool:
        return self.warned or self.low


def level(value: Any) -> str:
    """Differences that do not count levelled: case, dashes, white space, closing punctuation."""
    text = unicodedata.normalize("NFC", str(value or "")).casefold()
    return re.sub(r"\s+", " ", re.sub(r"[–—−]", "-", text)).strip(" .;:,/-")


def similar(one: Any, other: Any) -> float:
    a, b = level(one), level(other)
    return 1.0 if a == b else fuzz.ratio(a, b) / 100


def matched(
    gold: Sequence[Node], found: Sequence[Node], key: Callable[[Node], Any], near: float = NEAR
) -> dict[int, int]:
    """Index in ``found`` -> index in ``gold``, each used once, the most alike first."""
    scored = sorted(
        ((similar(key(g), key(f)), -i, -j) for i, g in enumerate(gold) for j, f in enumerate(found)), reverse=True
    )
    result: dict[int, int] = {}
    used: set[int] = set()
    for score, i, j in scored:
        if score < near:
            break
        if -i not in used and -j not in result:
            used.add(-i)
            result[-j] = -i
    return result


def unit_key(unit: Node) -> str:
    name = re.sub(r"^(các|những)\s+", "", str((unit or {}).get("name") or ""), flags=re.IGNORECASE)
    return re.sub(r"[\s,\-]+", " ", level(name)).strip()


def deadline_key(deadline: Node) -> tuple[Any, ...]:
    rule = ";".join(sorted((deadline.get("rrule") or "").upper().split(";")))
    start = deadline.get("start") if deadline.get("kind") == "period" else None
    return (deadline.get("kind"), start, deadline.get("due"), rule)


def target_key(target: Node) -> tuple[Any, ...]:
    return (float(target["value"]), level(target.get("unit")))


def citation_key(citation: Node) -> tuple[Any, ...]:
    return (level(citation.get("number")), citation.get("issued_on"))


def sure(*nodes: Node | None) -> float:
    """Confidence of the nearest source: of the first node that has one, over all its pages."""
    for node in nodes:
        sources = [s for s in ((node or {}).get("source"), *((node or {}).get("sources") or [])) if s]
        if sources:
            return float(min(s["confidence"] for s in sources))
    return 1.0


def bag(
    kind: str,
    gold: Sequence[Node],
    found: Sequence[Node],
    key: Callable[[Node], Any],
    owner: Node | None,
    keys: frozenset[str],
    *,
    complete: bool = True,
) -> Iterator[Leaf]:
    """Values of one list: right as often as the golden list has them; what it has beyond them is missing."""
    left = Counter(key(g) for g in gold)
    for node in found:
        right = left[key(node)] > 0
        left[key(node)] -= right
        own = keys | {node["number"]} if "number" in node else keys
        yield Leaf(kind, str(node.get("name") or node.get("text") or key(node)), right, sure(node, owner), own)
    if complete:
        for value in (+left).elements():
            yield Leaf(f"{kind}, missing: {value}"[:90], None, False, 1.0, keys)


def leaves(gold: Node, found: Node) -> Iterator[Leaf]:
    """Every value of ``found`` that has a source near it, judged."""
    yield from _header(gold.get("header") or {}, found.get("header") or {})
    yield from _signature(gold.get("signature") or {}, found.get("signature") or {})
    yield from _items("objective", gold.get("objectives") or [], found.get("objectives") or [])
    yield from _items("task", gold.get("tasks") or [], found.get("tasks") or [])
    yield from _duties(gold.get("responsibilities") or [], found.get("responsibilities") or [])
    yield from _sections(gold, found)
    yield from _tables(gold.get("tables") or [], found.get("tables") or [])
    own, theirs = gold.get("recipients") or [], found.get("recipients") or []
    pairs = matched(own, theirs, lambda r: r.get("name"))
    for k, recipient in enumerate(theirs):
        yield Leaf("recipient", recipient["name"], k in pairs, sure(recipient), frozenset({recipient["name"]}))
    bases = gold.get("legal_bases") or []
    every = [c for basis in bases for c in basis.get("citations") or []]
    given = [
        {**c, "source": c.get("source") or basis.get("source")}
        for basis in found.get("legal_bases") or []
        for c in basis["citations"]
    ]
    yield from bag("citation", every, given, citation_key, None, frozenset())


def _header(gold: Node, found: Node) -> Iterator[Leaf]:
    for name in HEADER:
        own, value = gold.get(name), found.get(name)
        right = similar(own, value) >= (NEAR if name == "title" else 1)
        source = (found.get("sources") or {}).get(name)
        if value is not None:
            confidence = source["confidence"] if source else 1.0
            yield Leaf(f"header {name}", value, right, confidence, frozenset({f"header.{name}"}))
        elif not right:
            yield Leaf(f"header {name}, missing: {own}", None, False, 1.0, frozenset({f"header.{name}"}))


def _signature(gold: Node, found: Node) -> Iterator[Leaf]:
    for name in SIGNATURE:
        own, value = (re.sub(r"[\s.]", "", level(node.get(name))) for node in (gold, found))
        keys = frozenset({f"signature.{name}", "signature"})
        if value:
            yield Leaf(f"signature {name}", found[name], own == value, sure(found), keys)
        elif own:
            yield Leaf(f"signature {name}, missing: {own}", None, False, 1.0, keys)


def _items(kind: str, gold: Sequence[Node], found: Sequence[Node], owner: str | None = None) -> Iterator[Leaf]:
    pairs = matched(gold, found, lambda item: item.get("text"))
    for k, item in enumerate(found):
        keys = frozenset(x for x in (item.get("id"), owner, item.get("section")) if x)
        yield Leaf(f"{kind} text", item["text"], k in pairs, sure(item), keys)
        own = gold[pairs[k]] if k in pairs else {}
        for name, key in (
            ("deadlines", deadline_key), ("targets", target_key), ("lead_units", unit_key),
            ("coordinating_units", unit_key),
        ):  # fmt: skip
            yield from bag(
                f"{kind} {name}", own.get(name) or [], item.get(name) or [], key, item, keys, complete=k in pairs
            )


def _duties(gold: Sequence[Node], found: Sequence[Node]) -> Iterator[Leaf]:
    units = Counter(unit_key(r.get("unit") or {}) for r in gold)
    for responsibility in found:
        key = unit_key(responsibility["unit"])
        right = units[key] > 0
        units[key] -= right
        keys = frozenset({responsibility["id"]})
        yield Leaf(
            "responsible unit",
            responsibility["unit"]["name"],
            right,
            sure(responsibility["unit"], responsibility),
            keys,
        )
    own = [duty for r in gold for duty in r.get("duties") or []]
    yield from _items("duty", own, [duty for r in found for duty in r["duties"]])


def _sections(gold: Node, found: Node) -> Iterator[Leaf]:
    own, theirs = list(_flat(gold.get("sections") or [])), list(_flat(found.get("sections") or []))
    pairs = matched(own, theirs, lambda s: f"{s['path']} {level(s.get('title'))}")
    for k, section in enumerate(theirs):
        right = k in pairs and own[pairs[k]]["path"] == section["path"]

        yield Leaf(
            "section", f"{section['path']} {section['title']}", right, sure(section), frozenset(section["above"])
        )


def _flat(nodes: Sequence[Node], path: str = "", above: tuple[str, ...] = ()) -> Iterator[Node]:
    """Sections with their label path and the ids of those above them: a warning about a chapter is about its parts."""
    for node in nodes:
        here = f"{path}.{level(node.get('label'))}" if path else level(node.get("label"))
        ids = (*above, node.get("id") or "")
        yield {**node, "path": here, "above": ids}
        yield from _flat(node.get("children") or [], here, ids)


def _tables(gold: Sequence[Node], found: Sequence[Node]) -> Iterator[Leaf]:
    """Each cell of each table; the row whose text is nearest is its golden row."""
    for k, table in enumerate(found):
        own = gold[k] if k < len(gold) else {"rows": []}
        rows = [{"cells": row, "text": " ".join(row)} for row in table["rows"]]
        answers = [{"cells": row, "text": " ".join(row)} for row in own["rows"]]
        pairs = matched(answers, rows, lambda row: row["text"], near=0.5)
        for r, row in enumerate(rows):
            answer = answers[pairs[r]]["cells"] if r in pairs else []
            for c, cell in enumerate(row["cells"]):
                if cell:
                    right = c < len(answer) and similar(answer[c], cell) >= NEAR
                    yield Leaf("cell", cell, right, sure(table), frozenset({table["id"], f"{table['id']}.{r + 1}"}))


def judged(gold: Node, found: Node) -> list[Leaf]:
    """The leaves of one document with what points a person at them."""
    named: set[str] = set()
    for warning in found.get("warnings") or []:
        named |= _named(warning)
    result = [replace(leaf, warned=bool(leaf.keys & named)) for leaf in leaves(gold, found)]
    order = sorted(leaf.confidence for leaf in result if leaf.value is not None)
    edge = order[int(len(order) * LEAST_CONFIDENT)] if order else 0.0
    below = sum(c < edge for c in order)
    ties = int(len(order) * LEAST_CONFIDENT) - below
    tied = sum(c == edge for c in order)
    marked = []
    for leaf in result:
        at_edge = leaf.confidence == edge and tied <= max(1, ties)  # a tie too large for the 15 % is outside of them
        marked.append(replace(leaf, low=leaf.value is not None and (leaf.confidence < edge or at_edge)))
    return marked


def _named(warning: Node) -> set[str]:
    """What a warning is about: its item, or the part of the document that its code names."""
    row = re.match(r"(tb\d+), row (\d+)", warning["message"])
    if row:
        return {f"{row[1]}.{row[2]}"}
    if warning.get("item_id"):
        return {warning["item_id"]}
    code = warning["code"]
    quoted = None if code.startswith("signature") else re.match(r"(?:recipient|citation) '(.+?)'", warning["message"])
    if quoted:
        return {quoted[1]}
    parts = {
        "number": "header.document_number", "date": "header.issued_on", "day": "header.issued_on",
        "issuer": "header.issuing_authority", "parent": "header.parent_authority", "place": "header.place",
        "title": "header.title", "type": "header.document_type", "signature": "signature",
    }  # fmt: skip
    name = parts.get(code.partition("_")[0])
    return {name} if name else set()


def report(rows: dict[str, list[Leaf]], show: int) -> None:
    """The table by document, the table by kind of leaf, the reliability table."""
    print(f"{'':34}{'leaves':>8}{'wrong':>7}{'told':>7}{'missing':>9}{'told':>7}")
    for name, found in rows.items():
        print(f"{name[:33]:<34}" + _figures(found))
        for leaf in [x for x in found if not x.right and not x.told][:show]:
            print(f"      {leaf.confidence:.2f} {leaf.kind}: {(leaf.value or '')[:100]!r}")
    every = [leaf for found in rows.values() for leaf in found]
    print(f"{'all':<34}{_figures(every)}")
    print(f"{'all but cells of tables':<34}{_figures([leaf for leaf in every if leaf.kind != 'cell'])}\n")
    kinds = dict.fromkeys(leaf.kind.partition(",")[0] for leaf in every)
    for kind in kinds:
        print(f"{kind:<34}" + _figures([x for x in every if x.kind.partition(",")[0] == kind]))
    values = [leaf for leaf in every if leaf.value is not None]
    warned = sum(leaf.warned for leaf in values)
    print(
        f"\n{warned} of {len(values)} leaves carry a warning, {sum(x.warned and x.right for x in values)} of them right"
    )
    print("\nconfidence       leaves   right")
    for low, high in pairwise(BANDS):
        band = [leaf for leaf in values if low <= leaf.confidence < high]
        if band:
            print(f"{low:.2f} .. {min(high, 1):.2f} {len(band):>9} {sum(x.right for x in band) / len(band):>7.3f}")


def _figures(found: Sequence[Leaf]) -> str:
    values = [leaf for leaf in found if leaf.value is not None]
    wrong = [leaf for leaf in values if not leaf.right]
    missing = [leaf for leaf in found if leaf.value is None]

    def share(part: Sequence[Leaf]) -> str:
        return f"{sum(x.told for x in part) / len(part):.2f}" if part else "-"

    return f"{len(values):>8}{len(wrong):>7}{share(wrong):>7}{len(missing):>9}{share(missing):>7}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pairs", type=Path, nargs="*", metavar="GOLD PRED")
    parser.add_argument("--shared", type=Path, help="folder with cases/, whose predictions lie in --out")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--samples", type=Path, default=Path("out"), help="folder with the samples converted")
    parser.add_argument("--show", type=int, default=0, help="wrong leaves a document that nothing tells of")
    options = parser.parse_args()
    if len(options.pairs) % 2:
        parser.error("golden answers and predictions come in pairs")
    pairs = list(zip(options.pairs[::2], options.pairs[1::2], strict=True))
    if options.shared:
        for case in cases(options.shared / "cases"):
            prediction = options.out / f"{case.name.replace('/', '-')}.json"
            if prediction.exists():
                pairs.append((case.gold, prediction))
    for gold in sorted(SAMPLES.glob("*.json")):
        pairs += [(gold, prediction) for prediction in sorted(options.samples.glob(f"{gold.stem}*.json"))]
    if not pairs:
        print("nothing to judge: name pairs of files, or run `make run`, or `make score` and name --shared")
        return 2
    rows: dict[str, list[Leaf]] = {}
    for gold, prediction in pairs:
        answer, found = (json.loads(path.read_text(encoding="utf-8")) for path in (gold, prediction))
        rows[prediction.name.removesuffix(".json")] = judged(answer, found)
    report(rows, options.show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
