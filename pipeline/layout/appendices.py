"""Appendices behind the signature: "PHỤ LỤC", "Phụ lục 1", "Phụ lục II: …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.layout.columns import heads_list, is_type_line
from pipeline.layout.markers import read_marker
from pipeline.values import Block, Paragraph, Text

_HEAD = re.compile(
    r"^[\W_]{0,2}ph[uụüù][\s.]{0,2}l[uụüù]c\b\s*(?:số\s*)?(?P<number>(?:\d{1,2}|[IVX]{1,5}|[A-H])(?!\w))?\s*[.:\-–]*\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(r"^([IVX]{1,4}|[A-H]|\d{1,2})[.)/]|^(PHẦN|CHƯƠNG|Phần|Chương|Điều)\s")
_ENACTED = re.compile(r"^\W*(ban hành\s+)?(kèm theo|theo Quyết định)", re.IGNORECASE)


_TITLE = 4  # paragraphs in which a part's own title stands


@dataclass(frozen=True, slots=True)
class Part:
    """The body, or an appendix with its label and title."""

    label: str
    title: Text
    blocks: tuple[Block, ...]


def split_parts(body: Sequence[Block]) -> list[Part]:
    """The main text (label ""), what is enacted with it (label "" too), and the appendices, in printed order."""
    starts = [0]
    for k, block in enumerate(body):
        if k and isinstance(block, Paragraph) and (_opens_part(block) or _opens_list(body, k, starts[-1])):
            starts.append(k)
    if body and isinstance(body[0], Paragraph) and _is_head(body[0]):
        return [_part(body[start:end]) for start, end in zip(starts, [*starts[1:], len(body)], strict=True)]
    ends = [*starts[1:], len(body)]
    first = Part("", Text(""), tuple(body[: ends[0]]))
    return [first, *(_part(body[start:end]) for start, end in zip(starts[1:], ends[1:], strict=True))]


def _opens_part(paragraph: Paragraph) -> bool:
    return _is_head(paragraph) or is_type_line(paragraph.text.string) is not None


def _opens_list(body: Sequence[Block], k: int, part: int) -> bool:
    """ "DANH SÁCH ĐƠN VỊ" over "(Kèm theo Kế hoạch số …)": an appendix without the word, not the title of a part."""
    first, second = body[k], body[k + 1] if k + 1 < len(body) else None
    if not isinstance(first, Paragraph) or not isinstance(second, Paragraph) or (part and k - part < _TITLE):
        return False
    return heads_list(first.text.string, second.text.string)


def _part(blocks: Sequence[Block]) -> Part:
    first = blocks[0]
    assert isinstance(first, Paragraph)
    if _is_head(first):
        return _appendix(blocks)
    return (
        Part("Phụ lục", first.text, tuple(blocks[1:])) if is_type_line(first.text.string) is None else _enacted(blocks)
    )


def _enacted(blocks: Sequence[Block]) -> Part:
    """A plan enacted by a decision: its own type line and title, then its body."""
    used = 1
    while used < min(6, len(blocks)):
        block = blocks[used]
        if not isinstance(block, Paragraph) or _NUMBERED.match(block.text.string) or read_marker(block.text.string):
            break
        used += 1
        if _ENACTED.match(block.text.string):
            break
    else:
        used = 1
    return Part("", Text(""), tuple(blocks[used:]))


def _is_head(paragraph: Paragraph) -> bool:
    """A line of its own, not a sentence that begins with the words ("Phụ lục kèm theo.")."""
    match = _HEAD.match(paragraph.text.string)
    if match is None:
        return False
    rest = match["rest"]
    return not rest or paragraph.centred or (match["number"] is not None and rest[:1].isupper()) or rest.isupper()


def _appendix(blocks: Sequence[Block]) -> Part:
    first = blocks[0]
    assert isinstance(first, Paragraph)
    match = _HEAD.match(first.text.string)
    assert match is not None
    label = f"Phụ lục {match['number'].upper()}" if match["number"] else "Phụ lục"
    titles = [first.text.slice(match.start("rest"))] if match["rest"] else []
    used = 1
    for block in blocks[1:]:
        if not isinstance(block, Paragraph) or _ENACTED.match(block.text.string) or len(titles) >= 4:
            break
        string = block.text.string
        if read_marker(string) or _NUMBERED.match(string) or string.endswith((".", ";")):
            break
        if titles and not (block.centred or string.isupper()):
            break
        titles.append(block.text)
        used += 1
    return Part(label, Text.join(titles), tuple(blocks[used:]))
