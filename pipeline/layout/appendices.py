"""Appendices behind the signature: "PHỤ LỤC", "Phụ lục 1", "Phụ lục II: …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.layout.markers import read_marker
from pipeline.values import Block, Paragraph, Text

_HEAD = re.compile(
    r"^\W{0,2}ph[uụüù][\s.]{0,2}l[uụüù]c\b\s*(?:số\s*)?(?P<number>(?:\d{1,2}|[IVX]{1,5}|[A-H])(?!\w))?\s*[.:\-–]*\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ENACTED = re.compile(r"^\W*(ban hành\s+)?kèm theo", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """The body, or an appendix with its label and title."""

    label: str
    title: Text
    blocks: tuple[Block, ...]


def split_parts(body: Sequence[Block]) -> tuple[Part, list[Part]]:
    """The main text and the appendices behind it."""
    starts = [k for k, block in enumerate(body) if isinstance(block, Paragraph) and _is_head(block)]
    if not starts:
        return Part("", Text(""), tuple(body)), []
    ends = [*starts[1:], len(body)]
    return (
        Part("", Text(""), tuple(body[: starts[0]])),
        [_appendix(body[start:end]) for start, end in zip(starts, ends, strict=True)],
    )


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
        if read_marker(string) or re.match(r"^([IVX]{1,4}|\d{1,2})[.)/]", string) or string.endswith((".", ";")):
            break
        if titles and not (block.centred or string.isupper()):
            break
        titles.append(block.text)
        used += 1
    return Part(label, Text.join(titles), tuple(blocks[used:]))
