"""The leaf items of a section tree: what each entry of objectives, tasks and duties is made from.

Reads sections as :mod:`pipeline.layout.outline` built them. A line that ends with ":" and introduces what follows is
the ``context`` of the items under it; a line that states an attribute of the item above belongs to that item; a
heading that carries nothing but attribute lines is itself the item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from pipeline.extract.attributes import AttributeValue, attributes_in
from pipeline.extract.table_captions import is_caption
from pipeline.values import Item, Section, Table, Text

_POINTS = re.compile(
    r"\(?(?:các |những )?(?:nội dung|nhiệm vụ|chi tiết|cụ thể|danh mục|công việc)\b[^.;:]{0,120}"
    r"\b(?:tại|theo|ở|trong|có)\s+(?:các\s+)?(?:phụ lục|biểu|bảng|danh mục)[^.;:]{0,80}\)?[.;]?$",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    r"\((?:có |xem |chi tiết |theo )*(?:các |những )?(?:phụ lục|biểu|bảng|danh sách|danh mục|mẫu|lịch)\b"
    r"[^()]{0,80}\)[.;]?",
    re.IGNORECASE,
)
_SHORTEST = 6  # letters of a single word that may still be an item ("Chuyên đề"); shorter ones are scraps
_LABELLED = re.compile(r"[^\W\d_][^:.;]{2,40}:\s+\S")
_SHORT_INTRODUCTION = 10  # words: "Về hạ tầng, nền tảng, dữ liệu số:"
_ANNOUNCES = re.compile(r"(?:gồm|sau|sau đây|như|là|cụ thể|nhiệm vụ|nội dung|trách nhiệm|việc)\s*:\s*$", re.IGNORECASE)


@dataclass(slots=True)
class Leaf:
    """One entry, with the sections it stands in (outermost first) and the attributes stated under it."""

    text: Text
    chain: tuple[Section, ...]
    number: str | None = None
    context: Text | None = None
    marker: str | None = None
    headed: bool = False  # the section's own heading is the item
    closing: bool = False  # closes the chapter: no item of the section it stands in
    attributes: list[AttributeValue] = field(default_factory=list)

    @property
    def section(self) -> Section:
        return self.chain[-1]


def label_path(chain: tuple[Section, ...]) -> str:
    """ "II.2.1": the labels down to the section, without those that the next repeats (contract, "Label paths")."""
    labels = [s.label for s in chain]
    kept = [a for a, b in zip(labels, [*labels[1:], ""], strict=True) if not b.startswith(a + ".")]
    return ".".join(kept)


def leaves(section: Section, roles: frozenset[str], *, attributes: bool = False) -> list[Leaf]:
    """The leaf items of the section and of its children whose role is in ``roles``, in printed order.

    ``attributes``: attribute lines fill the leaf above them (tasks); otherwise they are items like others.
    """
    found: list[Leaf] = []
    _collect((section,), roles, attributes, None, found)
    return found


def _collect(
    chain: tuple[Section, ...], roles: frozenset[str], attributes: bool, inherited: Text | None, found: list[Leaf]
) -> None:
    section = chain[-1]
    own = section.role in roles
    ahead: list[AttributeValue] = []  # stated under the heading, in front of its items: true of each of them
    labelled = attributes and own and _only_labels(section)
    contexts: list[tuple[int, Text]] = []  # (depth of the introducing line, its text), outermost first
    first_own = len(found)
    content = section.content
    for k, entry in enumerate(content):
        if isinstance(entry, Table):
            continue
        if isinstance(entry, Section):
            _collect((*chain, entry), roles, attributes, contexts[-1][1] if contexts else inherited, found)
            continue
        if not own:
            continue
        if _is_scrap(entry.text) or _heads_table(content, k):
            continue
        rank = _rank(entry)
        head = section.statement and k == 0
        stated = attributes_in(entry.text) if attributes and not head else []
        if not stated and labelled and not head and len(found) > first_own:
            stated = [AttributeValue("notes", entry.text)]
        if stated and (len(found) > first_own or section.title):
            if len(found) == first_own and _items_behind(content[k + 1 :]):
                ahead += stated
                continue
            if len(found) == first_own:
                found.append(Leaf(section.title, chain[:-1] or chain, section.label, inherited, headed=True))
            found[-1].attributes += stated
            continue
        contexts = [c for c in contexts if c[0] < rank]
        following = content[k + 1] if k + 1 < len(content) else None
        if _introduces(entry, following):
            contexts = [c for c in contexts if c[0] < rank] if rank >= 0 else []
            contexts.append((_reach(entry, following), entry.text))
            continue
        number = section.label if head else None
        context = contexts[-1][1] if contexts else inherited
        found.append(Leaf(entry.text, chain, number, context, entry.marker, closing=entry.closing))
    for leaf in found[first_own:] if ahead else ():
        if leaf.chain == chain:
            own_kinds = {b.kind for b in leaf.attributes}
            leaf.attributes += [replace(a, inherited=True) for a in ahead if a.kind not in own_kinds]


def _items_behind(content: Sequence[Item | Section | Table]) -> bool:
    """Whether bullets that are no attribute lines follow."""
    return any(isinstance(e, Item) and e.marker and not attributes_in(e.text) for e in content)


def _only_labels(section: Section) -> bool:
    """A numbered statement with nothing but "Label: value" lines under it, most of them known attributes."""
    if not section.statement:
        return False
    lines = [item.text for item in section.items[1:]]
    known = [bool(attributes_in(line)) for line in lines]
    return sum(known) >= 2 and all(k or _LABELLED.match(t.string) for k, t in zip(known, lines, strict=True))


def points_elsewhere(text: Text) -> bool:
    """ "Các nhiệm vụ cụ thể nêu tại Phụ lục …", "(Có biểu chi tiết kèm theo)": only where the items stand."""
    return _POINTS.match(text.string) is not None or _ATTACHED.fullmatch(text.string) is not None


def _is_scrap(text: Text) -> bool:
    """A word or less, left by a speck or a torn line: nothing that could be done or aimed at."""
    words = list(islice((w for w in text.string.split() if any(map(str.isalnum, w))), 2))
    return len(words) == 0 or (len(words) == 1 and len(words[0]) <= _SHORTEST and not words[0].endswith(":"))


def _heads_table(content: Sequence[Item | Section | Table], k: int) -> bool:
    """Whether the paragraph is the caption of a table right behind it, other captions between them aside."""
    for entry in islice(content, k, None):
        if isinstance(entry, Table):
            return True
        if isinstance(entry, Section) or entry.marker is not None or not is_caption(entry.text):
            return False
    return False


def _rank(item: Item) -> int:
    """Depth of an item: plain paragraphs stand above bullets."""
    return -1 if item.marker is None else item.depth


def _introduces(item: Item, following: Item | Section | Table | None) -> bool:
    """Whether the line only introduces what stands behind it."""
    if not item.text.string.rstrip().endswith(":") or following is None:
        return False
    if isinstance(following, Item):
        if _rank(following) == _rank(item) and item.marker is not None:
            return len(item.text.string.split()) <= _SHORT_INTRODUCTION or bool(_ANNOUNCES.search(item.text.string))
        return _rank(following) >= _rank(item)
    return True


def _reach(item: Item, following: Item | Section | Table | None) -> int:
    """Depth the context ends at: its own where deeper items follow, one less where its equals do."""
    rank = _rank(item)
    deeper = not isinstance(following, Item) or _rank(following) > rank
    return rank if deeper else rank - 1


def heading_above(leaf: Leaf) -> Text | None:
    """The nearest heading the leaf stands under (its ``group``)."""
    return next((s.title for s in reversed(leaf.chain) if s.title), None)


def walk_role(sections: tuple[Section, ...], role: str) -> Iterator[Section]:
    """The outermost sections of the role."""
    for section in sections:
        if section.role == role:
            yield section
        else:
            yield from walk_role(section.children, role)
