"""Paragraphs to the tree of sections.

Form of text: the body of a plan in reading order, paragraphs as :mod:`pipeline.layout.blocks` rejoined them. The
numbering is read by :mod:`pipeline.layout.numbering`; here it becomes a tree: headings or statements, run-in headings,
attribute lines, bullets, tables where they are printed, closing paragraphs, appendices, roles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.knowledge.attributes import attribute_of
from pipeline.knowledge.folding import share_of_capitals
from pipeline.layout.appendices import Part, split_parts
from pipeline.layout.closing import closing_from
from pipeline.layout.headings import ends_like_statement, run_in_body, run_in_head, seam
from pipeline.layout.label_readings import NO_LABEL, number_behind_bullet, open_behind_speck, open_paragraph
from pipeline.layout.labels import Label, Style
from pipeline.layout.markers import Marker, read_marker
from pipeline.layout.numbering import GAP, REPAIRED, REPEATED, RESTARTED, Numbered, number_paragraphs
from pipeline.layout.roles import heading_role, section_role
from pipeline.values import DocumentLayout, Item, Outline, Paragraph, Section, Table, Text

Note = tuple[str, str, int]
# Where "3. Thanh tra Sở: Kiểm tra …" charges a body: one statement, as with bullets; elsewhere its head is a heading.
_CHARGING = (None, "implementation", "other")
_LIST_STYLES = (Style.LETTER, Style.PAREN, Style.BRACKETS, Style.INNER)


@dataclass(slots=True)
class _Node:
    """A section while it grows."""

    label: Label
    head: Text
    paragraph: Paragraph
    content: list[_Node | Item | Table] = field(default_factory=list)
    title: Text = field(default_factory=lambda: Text(""))
    statement: bool = False

    @property
    def nodes(self) -> list[_Node]:
        return [c for c in self.content if isinstance(c, _Node)]


def build_outline(layout: DocumentLayout) -> Outline:
    """The outline of a plan.

    Repairs and doubts go to ``notes`` as (code, message, page): ``label_repaired``, ``numbering_gap``,
    ``numbering_repeated``.
    """
    parts = split_parts(layout.body)
    notes: list[Note] = []
    preamble: list[Item | Table] = []
    sections: list[Section] = []
    for part in parts:
        if part.label:
            sections.append(_appendix(part, notes))
            continue
        before, nodes = _grow(part.blocks, notes)
        preamble += before
        closing = _take_closing(nodes)
        shaped = _shaped(nodes)
        if closing:
            shaped[-1].content += closing
        sections += [_section(node, None, 1) for node in shaped]
    return Outline(tuple(p for p in preamble if isinstance(p, Item)), tuple(sections), tuple(notes))


# ------------------------------------------------------------------------------------------------------------- tree


def _grow(blocks: Sequence[Paragraph | Table], notes: list[Note]) -> tuple[list[Item | Table], list[_Node]]:
    """Content before the first section, and the top sections with all below them."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    numbered = dict(zip(map(id, paragraphs), _number(paragraphs), strict=True))
    before: list[Item | Table] = []
    top: list[_Node] = []
    open_nodes: list[_Node] = []
    inner = 0  # depth of a list that stands inside a bullet
    for block in blocks:
        here: list[_Node | Item | Table] = open_nodes[-1].content if open_nodes else before  # type: ignore[assignment]
        if isinstance(block, Table):
            here.append(block)
            continue
        result = numbered[id(block)]
        if result.reading is None:
            here.append(_item(block, here))
            continue
        _note(result, block, notes)
        label = result.reading.label
        depth = len(result.stack)
        if not (inner and depth >= inner):
            inner = depth if label.style in _LIST_STYLES and label.value[-1] == 1 and _introduced(here) else 0
        if inner:
            here.append(Item(block.text.slice(result.reading.end), label.printed, _deepest(here) + 1 + depth - inner))
            continue
        node = _Node(label, block.text.slice(result.reading.end), block)
        if result.note == RESTARTED:
            _lift_list_head(open_nodes, len(result.stack) - 1, before)
        open_nodes = open_nodes[: len(result.stack) - 1]
        (open_nodes[-1].content if open_nodes else top).append(node)
        open_nodes.append(node)
    return before, top


def _introduced(before: Sequence[_Node | Item | Table]) -> bool:
    """Whether a bullet that ends with ":" stands right before: what follows is its list, no section."""
    last = before[-1] if before else None
    return isinstance(last, Item) and last.marker is not None and last.text.string.endswith(":")


def _deepest(before: Sequence[_Node | Item | Table]) -> int:
    """The depth of the bullet that introduces the list."""
    heads = [entry for entry in before if isinstance(entry, Item) and entry.text.string.endswith(":") and entry.marker]
    return heads[-1].depth if heads else 0


def _lift_list_head(open_nodes: list[_Node], depth: int, before: list[Item | Table]) -> None:
    """The line that opens a list which counts from one again ("Chiều:") stands beside the first list, not in it."""
    deepest = open_nodes[-1].content
    if not (deepest and isinstance(deepest[-1], Item) and deepest[-1].text.string.endswith(":")):
        return
    target: list[_Node | Item | Table] = open_nodes[depth - 1].content if depth else before  # type: ignore[assignment]
    if target is not deepest:
        target.append(deepest.pop())


def _number(paragraphs: Sequence[Paragraph]) -> list[Numbered]:
    openings = []
    before = ""
    bulleted = _numbers_behind_bullets(paragraphs)
    for paragraph in paragraphs:
        string = paragraph.text.string
        first = paragraph.text.words[0] if paragraph.text.words else None
        if marker := read_marker(string):
            listed = _in_run(number_behind_bullet(string, marker.end), bulleted)
            printed = first.printed if first else ""
            openings.append(NO_LABEL if listed else open_behind_speck(string, marker.end, printed))
        else:
            continues = bool(before) and before[-1] not in '.;:!?/”"' and len(before) > 60
            opens_list = before.endswith(":") and not read_marker(before)
            opens_inner = before.endswith(":") and read_marker(before) is not None
            capitals = share_of_capitals(string[:60]) > 0.8
            openings.append(
                open_paragraph(
                    string,
                    opens_list=opens_list,
                    opens_inner=opens_inner,
                    continues=continues,
                    heading_like=capitals or bool(paragraph.bold),
                    printed=first.printed if first else "",
                    confidence=first.confidence if first else 1.0,
                    chapter=capitals and string.isupper() and _is_chapter(string),
                )
            )
        before = string
    return number_paragraphs(openings)


def _numbers_behind_bullets(paragraphs: Sequence[Paragraph]) -> set[str]:
    strings = [(p.text.string, marker.end) for p in paragraphs if (marker := read_marker(p.text.string))]
    return {number for string, end in strings if (number := number_behind_bullet(string, end))}


def _in_run(number: str | None, bulleted: set[str]) -> bool:
    """Whether bullets count on ("- 1. …", "- 2. …"): the author's own list, where a speck stands alone."""
    if number is None:
        return False
    above, _, last = number.rpartition(".")
    return bool({f"{above}.{int(last) + step}".lstrip(".") for step in (-1, 1)} & bulleted)


def _is_chapter(string: str) -> bool:
    known = heading_role(string)
    return known is not None and known[1] <= 2


def _note(result: Numbered, paragraph: Paragraph, notes: list[Note]) -> None:
    assert result.reading is not None
    printed = paragraph.text.string[: result.reading.end].strip()
    label = result.reading.label.text
    if result.note == REPAIRED and printed.rstrip(".)") != label:
        notes.append(("label_repaired", f"label {printed!r} read as {label!r} from the sequence", paragraph.page))
    elif result.note == GAP:
        notes.append(("numbering_gap", f"label {label!r} does not follow the one before it", paragraph.page))
    elif result.note == REPEATED:
        notes.append(("numbering_repeated", f"label {label!r} stands twice", paragraph.page))


def _item(paragraph: Paragraph, before: Sequence[_Node | Item | Table]) -> Item:
    marker = read_marker(paragraph.text.string)
    if marker is None:
        return Item(paragraph.text)
    return Item(paragraph.text.slice(marker.end), marker.sign, _depth(marker, before))


def _depth(marker: Marker, before: Sequence[_Node | Item | Table]) -> int:
    """Bullets of a kind stand on one level; a new kind behind another one stands below it."""
    signs: list[str] = []
    for entry in before:
        if not isinstance(entry, Item) or entry.marker is None:
            if isinstance(entry, Item) and entry.text.string.endswith(":"):
                signs = []
            continue
        if entry.marker in signs:
            signs = signs[: signs.index(entry.marker) + 1]
        else:
            signs.append(entry.marker)
    if marker.sign in signs:
        return signs.index(marker.sign)
    return len(signs)


# ------------------------------------------------------------------------------------------- headings and statements


def _shaped(nodes: list[_Node], role: str | None = None) -> list[_Node]:
    """Each node of one level told heading or statement, run-in headings split, attribute lines made items.

    ``role`` is that of the section above them, None at the top.
    """
    for node in nodes:
        _title_from_next_line(node)
        _attributes_to_items(node)
    forms = [_form(node) for node in nodes]
    by_form = [form in ("heading", "colon") for form, node in zip(forms, nodes, strict=True) if _has_items(node)]
    headed = sum(
        form in ("heading", "colon") or run_in_body(node.head.string) or _known_run_in(node.head.string)
        for form, node in zip(forms, nodes, strict=True)
    )
    for node, form in zip(nodes, forms, strict=True):
        if form == "stop" and _has_items(node) and (any(by_form) or node.paragraph.bold):
            form = "heading"
        if form in ("stop", "leaf"):
            charges = role in _CHARGING and run_in_body(node.head.string)
            _split_or_state(node, 2 * headed >= len(nodes) and not charges)
        else:
            node.title = _bare(node.head)
        _shape_children(node, section_role(node.title.string, role, statement=node.statement))
    return nodes


def _known_run_in(string: str) -> bool:
    """Whether a line opens with a heading of the table and a colon ("Đối tượng: …")."""
    end = run_in_head(string)
    known = heading_role(string[:end]) if end is not None else None
    return known is not None and known[1] <= 4


def _title_from_next_line(node: _Node) -> None:
    """ "Phần thứ nhất" stands on a line of its own; the next line is its title."""
    first = node.content[0] if node.content else None
    if node.head or not isinstance(first, Item) or first.marker or ends_like_statement(first.text.string):
        return
    node.head = first.text
    del node.content[0]


def _shape_children(node: _Node, role: str) -> None:
    shaped = iter(_shaped(node.nodes, role))
    node.content = [next(shaped) if isinstance(c, _Node) else c for c in node.content]


def _form(node: _Node) -> str:
    """ "heading", "colon" (ends with one), "stop" (ends like a statement), "leaf" (nothing stands under it)."""
    string = node.head.string
    if all(isinstance(c, Table) and not any(c.boxes) for c in node.content):
        letters = [c for c in string if c.isalpha()]
        capitals = bool(letters) and all(c.isupper() for c in letters)
        return "heading" if capitals and len(string) < 160 else "leaf"
    if string.endswith(":"):
        return "colon"
    if ends_like_statement(string) or not _has_items(node):
        return "stop"
    if run_in_head(string) and not _has_items(node):
        return "stop"
    return "heading"


def _has_items(node: _Node) -> bool:
    """Content other than attribute lines; where a dump's table stands on its page is not known."""
    return any(
        not (attribute_of(c.text.string) if isinstance(c, Item) else isinstance(c, Table) and not any(c.boxes))
        for c in node.content
    )


def _split_or_state(node: _Node, siblings_headed: bool) -> None:
    """A node without content of its own: a run-in heading with its text, a bare heading, or a statement."""
    string = node.head.string
    end = run_in_head(string)
    if end is not None and (siblings_headed or _known_run_in(string)):
        node.title = _bare(node.head.slice(0, end))
        node.content.insert(0, Item(node.head.slice(end + 1)))
        return
    if siblings_headed and (start := seam(string)) is not None:
        node.title = node.head.slice(0, start)
        node.content.insert(0, Item(node.head.slice(start)))
        return
    known = heading_role(string)
    if known is not None and known[1] <= 1 and len(string) < 60 and not ends_like_statement(string):
        node.title = _bare(node.head)  # "4. Thời gian, địa điểm" over "- Thời gian: …", "- Địa điểm: …"
        return
    node.statement = True
    node.content.insert(0, Item(node.head))


def _bare(text: Text) -> Text:
    string = text.string.rstrip()
    return text.slice(0, len(string) - 1) if string.endswith(":") else text


def _surely(node: _Node) -> bool:
    """Units are named in attribute lines only; "Thời gian:" or "Kinh phí:" alone may be headings."""
    attribute = attribute_of(node.head.string)
    return attribute is not None and attribute.kind in ("lead", "coordinate")


def _attributes_to_items(node: _Node) -> None:
    """Lettered attribute lines ("a) Đơn vị chủ trì: …") are items of the entry above them, not sections."""
    groups: dict[Style, list[_Node]] = {}
    for child in node.nodes:
        groups.setdefault(child.label.style, []).append(child)
    turned: set[int] = set()
    for group in groups.values():
        attributes = [c for c in group if not c.nodes and attribute_of(c.head.string)]
        numbers = group[0].label.style in (Style.DECIMAL, Style.SLASH, Style.ROMAN)
        if any(map(_surely, attributes)) if numbers and len(attributes) >= 2 else attributes and not numbers:
            turned |= {id(c) for c in attributes if len(attributes) > 1 or _surely(c)}
    if not turned:
        return
    content: list[_Node | Item | Table] = []
    for entry in node.content:
        if isinstance(entry, _Node) and id(entry) in turned:
            target = content[-1].content if content and isinstance(content[-1], _Node) else content
            target.append(Item(entry.head, entry.label.printed))
            target.extend(entry.content)
        else:
            content.append(entry)
    node.content = content


# ---------------------------------------------------------------------------------------------------------- sections


def _section(node: _Node, inherited: str | None, level: int) -> Section:
    role = section_role(node.title.string, inherited, statement=node.statement)
    content = tuple(_section(c, role, level + 1) if isinstance(c, _Node) else c for c in node.content)
    return Section(node.label.text, node.title, level, role, node.statement, content)


def _take_closing(nodes: list[_Node]) -> list[Item | Table]:
    """Closing paragraphs behind the last unit, taken out of the section they happen to follow."""
    if not nodes:
        return []
    last = nodes[-1]
    while last.content and isinstance(last.content[-1], _Node):
        last = last.content[-1]
    end = len(last.content)
    while end and isinstance(last.content[end - 1], Table):  # a table of a dump stands behind the text of its page
        end -= 1
    start = closing_from(last.head.string, last.content[:end])
    closing = [
        replace(entry, closing=True) if isinstance(entry, Item) else entry
        for entry in last.content[start:end]
        if not isinstance(entry, _Node)
    ]
    del last.content[start:end]
    return closing


def _appendix(part: Part, notes: list[Note]) -> Section:
    before, nodes = _grow(part.blocks, notes)
    shaped = _shaped(nodes)
    listed = bool(shaped) or any(isinstance(b, Item) and b.marker for b in before)
    found = heading_role(part.title.string) if listed else None
    role = "tasks" if found and found[0] == "tasks" else "appendix"
    content = (*before, *(_section(node, role if role == "tasks" else "appendix", 2) for node in shaped))
    return Section(part.label, part.title, 1, role, False, content)
