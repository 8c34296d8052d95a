"""The registers of a plan: every unit with its names and roles, every deadline with its owner."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from pipeline.knowledge.folding import fold
from pipeline.knowledge.labels import label_key
from schemas import Duty, Objective, RegisteredDeadline, Responsibility, Task, Unit, UnitRef
from schemas.plan import UnitRole

_FUNCTION_WORDS = frozenset(
    {"và", "được", "của", "các", "cho", "với", "để", "tại", "trong", "là", "những", "theo", "về", "trên"}
)
Pairs = Counter[tuple[str, str]]
_TIMES_AS_FREQUENT = 3
_MAJORITY = 1.4  # of two markings of one pair of words, the likelier is so many times as frequent
_MENDED = 0.8  # confidence left to a name that was put right after others
_ROLES: tuple[UnitRole, ...] = ("lead", "coordinate", "implement")


@dataclass(slots=True)
class _Entry:
    names: Counter[str] = field(default_factory=Counter)
    printed: list[str] = field(default_factory=list)
    parents: Counter[str] = field(default_factory=Counter)
    roles: set[UnitRole] = field(default_factory=set)
    items: list[str] = field(default_factory=list)


def unit_key(name: str) -> str:
    """What two printings of one unit share: case, marks, dashes and a leading "Các" do not count."""
    key = label_key(name.replace("&", " "))
    return re.sub(r"^(?:cac|nhung|tat ca cac) ", "", key).replace("uy ban nhan dan", "ubnd")


def reconcile_units(
    tasks: Sequence[Task], responsibilities: Sequence[Responsibility], words: Sequence[str] = ()
) -> tuple[list[Task], list[Responsibility]]:
    """The same items with misread unit names put right by those that the document prints more often.

    A name yields to one that is at least three times as frequent when it differs in marks alone, in one letter, or by
    a lost last syllable of a letter or two ("Bệnh viện Quân dân" beside "Bệnh viện Quân dân y"). Proper names of one
    capital word each are left alone: "xã Tân An" is not "xã Tân Ân". Pairs of small words take the marks that
    ``words``, the whole document, gives them more often ("thâm định" beside "thẩm định").
    """
    counts = Counter(unit.name for _, _, unit in _mentions(tasks, responsibilities))
    if not counts:
        return list(tasks), list(responsibilities)
    parts = {word for name in counts for word in name.split(" ")[1:] if _is_small(word)}
    spellings = _spellings({word.lower() for word in set(words)}, {fold(word) for word in parts})
    disputed = {
        s for word in parts if (spelled := spellings.get(fold(word), [word])) != [word] for s in (*spelled, word)
    }
    pairs = _pairs_with(disputed, words)
    better: dict[str, str] = {}
    for name in counts:
        mended_name = _more_frequent(name, counts) or _marked_as_elsewhere(name, pairs, spellings)
        if mended_name != name:
            better[name] = mended_name
    if not better:
        return list(tasks), list(responsibilities)

    def mended(unit: UnitRef) -> UnitRef:
        if unit.name not in better:
            return unit
        source = unit.source and unit.source.model_copy(
            update={"confidence": round(unit.source.confidence * _MENDED, 3)}
        )
        return unit.model_copy(update={"name": better[unit.name], "source": source})

    return (
        [
            task.model_copy(
                update={
                    "lead_units": [mended(u) for u in task.lead_units],
                    "coordinating_units": [mended(u) for u in task.coordinating_units],
                }
            )
            for task in tasks
        ],
        [r.model_copy(update={"unit": mended(r.unit)}) for r in responsibilities],
    )


def _more_frequent(name: str, counts: Counter[str]) -> str | None:
    candidates = [n for n in counts if n != name and counts[n] >= _TIMES_AS_FREQUENT * counts[name] and _alike(name, n)]
    return max(candidates, key=lambda n: (counts[n], n), default=None)


def _marked_as_elsewhere(name: str, pairs: Pairs, spellings: Mapping[str, list[str]]) -> str:
    """The name with each small word marked as the document marks it beside the same neighbours."""
    words = name.split(" ")
    for k in range(1, len(words)):
        word = words[k]
        if not _is_small(word):
            continue
        spelled = spellings.get(fold(word), [word])
        if spelled == [word]:
            continue
        sides = [words[k - 1].lower()], [words[k + 1].lower()] if k + 1 < len(words) else []

        def evidence(spelling: str, sides: tuple[list[str], list[str]] = sides) -> int:
            before, behind = ([w for w in side if w not in _FUNCTION_WORDS] for side in sides)
            return sum(pairs[(w, spelling)] for w in before) + sum(pairs[(spelling, w)] for w in behind)

        best = max(spelled, key=lambda s: (evidence(s), s))
        if evidence(best) >= max(2, _MAJORITY * evidence(word)):
            words[k] = best
    return " ".join(words)


def _is_small(word: str) -> bool:
    return word.isalpha() and word.islower()


def _pairs_with(disputed: Set[str], words: Sequence[str]) -> Pairs:
    """How often each pair of neighbours among ``words``, in lower case, holds one of the ``disputed``."""
    printed = {word for word in set(words) if word.lower() in disputed}
    places = [k for k, word in enumerate(words) if word in printed]
    firsts = {*places, *(k - 1 for k in places)}
    return Counter((words[k].lower(), words[k + 1].lower()) for k in firsts if 0 <= k < len(words) - 1)


def _spellings(words: Set[str], wanted: Set[str]) -> dict[str, list[str]]:
    """How each of the ``wanted`` words, which have no marks, is written among ``words``."""
    found: dict[str, list[str]] = {}
    for word in words:
        if (bare := fold(word)) in wanted:
            found.setdefault(bare, []).append(word)
    return {bare: sorted(spelled) for bare, spelled in found.items()}


def _alike(rare: str, frequent: str) -> bool:
    one, other = rare.split(), frequent.split()
    if len(other) == len(one) + 1 and len(other) > 2 and one == other[:-1]:
        return len(other[-1]) <= 2
    if len(one) != len(other) or len(one) < 3:
        return False
    changed = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(changed) != 1:
        return False
    a, b = changed[0]
    named = a[:1].isupper() and b[:1].isupper() and len(a) > 1  # a proper name: both spellings may be right
    return not named and (label_key(a) == label_key(b) or Levenshtein.distance(a, b) <= 1)


def register_units(tasks: Sequence[Task], responsibilities: Sequence[Responsibility]) -> list[Unit]:
    """Every unit named as lead, helper or bearer of duties, in order of first mention."""
    entries: dict[str, _Entry] = {}
    for role, item_id, unit in _mentions(tasks, responsibilities):
        entry = entries.setdefault(unit_key(unit.name), _Entry())
        entry.names[unit.name] += 1
        entry.printed.append(unit.text)
        if unit.parent:
            entry.parents[unit.parent] += 1
        entry.roles.add(role)
        if item_id not in entry.items:
            entry.items.append(item_id)
    return [_unit(f"u{n}", entry) for n, entry in enumerate(entries.values(), 1)]


def _mentions(
    tasks: Sequence[Task], responsibilities: Sequence[Responsibility]
) -> Iterator[tuple[UnitRole, str, UnitRef]]:
    for task in tasks:
        for unit in task.lead_units:
            yield "lead", task.id, unit
        for unit in task.coordinating_units:
            yield "coordinate", task.id, unit
    for responsibility in responsibilities:
        yield "implement", responsibility.id, responsibility.unit


def _unit(unit_id: str, entry: _Entry) -> Unit:
    name = entry.names.most_common(1)[0][0]
    others = dict.fromkeys(a for a in (*entry.names, *entry.printed) if a != name)
    return Unit(
        id=unit_id,
        name=name,
        aliases=list(others),
        parent=entry.parents.most_common(1)[0][0] if entry.parents else None,
        roles=[role for role in _ROLES if role in entry.roles],
        item_ids=entry.items,
    )


def register_deadlines(
    objectives: Iterable[Objective], tasks: Iterable[Task], responsibilities: Iterable[Responsibility]
) -> list[RegisteredDeadline]:
    """Every deadline of every item, in the order of the items."""
    owners: list[tuple[str, Objective | Task | Duty]] = [("objective", o) for o in objectives]
    owners += [("task", t) for t in tasks]
    owners += [("duty", d) for r in responsibilities for d in r.duties]
    found = [(kind, owner, deadline) for kind, owner in owners for deadline in owner.deadlines]
    return [
        RegisteredDeadline.model_validate({**dict(deadline), "id": f"dl{n}", "item_id": owner.id, "item_kind": kind})
        for n, (kind, owner, deadline) in enumerate(found, 1)
    ]
