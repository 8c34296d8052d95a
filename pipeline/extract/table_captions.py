"""What is printed right above a table: its caption ("Biểu số 02", "Bảng 1. …"), and the unit of its sums.

Reads the body of a document in reading order; captions stay paragraphs of their section too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.quantities import money_unit
from pipeline.values import Block, Paragraph, Table, Text

_LONGEST = 400  # characters that tell a caption
_ABOVE = 4  # paragraphs: label, title, the act it belongs to, the unit of sums
_LABEL = re.compile(
    r"^\W{0,2}(?:Phụ\s+biểu|Biểu(?:\s+mẫu)?|Bảng)(?:\s+số)?\s*:?\s*(?:\d{1,2}|[IVX]{1,4})(?!\w)\s*[.:–-]?\s*(?P<title>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_UNIT = re.compile(r"^\W{0,2}(?:ĐVT|Đơn\s+vị(?:\s+tính)?)\b\s*:?(?P<unit>[^:]{1,30})$", re.IGNORECASE)
_ACT = re.compile(r"^\W{0,2}(?:ban\s+hành\s+)?kèm\s+theo\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caption:
    """The title a label introduces, and the unit that sums without one of their own are in."""

    title: Text | None = None
    money: str | None = None


def is_caption(text: Text) -> bool:
    """Whether a paragraph above a table only labels it or names the unit of its sums."""
    string = text.string[:_LONGEST]
    return _LABEL.match(string) is not None or _UNIT.match(string) is not None


def caption_of(table: Table, body: Sequence[Block]) -> Caption:
    """What stands right above ``table`` in ``body``; nothing where it does not stand there."""
    place = next((k for k, block in enumerate(body) if block is table), 0)
    above: list[Text] = []
    for block in reversed(body[max(0, place - _ABOVE) : place]):
        if not isinstance(block, Paragraph):
            break
        above.insert(0, block.text)
    unit = next((found["unit"] for text in reversed(above) if (found := _UNIT.match(text.string))), None)
    for k in range(len(above) - 1, -1, -1):
        label = _LABEL.match(above[k].string)
        if label is not None:
            first = above[k].slice(label.start("title"))
            lines = [
                t for t in (first, *above[k + 1 :]) if t and not _UNIT.match(t.string) and not _ACT.match(t.string)
            ]
            return Caption(Text.join(lines) if lines else None, unit and money_unit(unit))
    return Caption(None, unit and money_unit(unit))
