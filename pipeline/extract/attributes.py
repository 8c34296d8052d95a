"""Attribute lines: what they state, value by value.

Reads lines under a task: "- Chủ trì thực hiện: Phòng …", several on one line ("Chủ trì: A; phối hợp: B; thời gian:
Quý II"), and short assignments ("Giao Phòng A chủ trì, phối hợp với Phòng B, xong trước ngày 15/6"). Labels:
knowledge/attributes.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.extract.abbreviations import UnitLore, learn
from pipeline.extract.units import opening_unit
from pipeline.knowledge.attributes import attribute_of
from pipeline.knowledge.folding import LOWER, UPPER
from pipeline.values import Text

_SEPARATOR = re.compile(rf"[;.\n]\s*|,\s+|\s[-–+•]\s|(?<=\w)\s+(?=[{UPPER}][{LOWER}])")
_ASSIGNMENT = re.compile(
    r"^(?:Giao|Phân công)(?:\s+cho)?\s+(?P<lead>.+?)\s+(?:là\s+đơn\s+vị\s+|làm\s+)?"
    r"(?:chủ\s+trì|đầu\s+mối|chịu\s+trách\s+nhiệm)"
    r"(?P<work>(?:\s+(?:tham\s+mưu|tổ\s+chức|triển\s+khai|thực\s+hiện|chính))*)"
    r"(?:\s*[,;]?\s*(?:và\s+)?phối\s+hợp(?:\s+(?:với|cùng))?\s+(?P<help>.+?))?"
    r"(?:\s+(?:tổ\s+chức|triển\s+khai|thực\s+hiện|tham\s+mưu))*"
    r"(?:\s*[,;]?\s*(?P<when>(?:xong|hoàn\s+thành|thường\s+xuyên|hằng|hàng|định\s+kỳ"
    r"|(?:trước|trong|từ|đến)\s+(?:ngày|tháng|quý|năm|hết))\b.*?))?\s*[.;]?$",
    re.IGNORECASE,
)
_LONGEST_ASSIGNMENT = 40  # words; longer ones state the work too and are tasks of their own


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """A stated attribute: its kind (a heading of attributes.toml) and the text of its value."""

    kind: str
    value: Text
    inherited: bool = False  # stated for all items below it, not under this one


def attributes_in(text: Text) -> list[AttributeValue]:
    """The attributes that a line states; empty where it is no attribute line."""
    first = attribute_of(text.string)
    if first is None:
        return _assignment(text)
    values: list[AttributeValue] = []
    kind, start = first.kind, first.value_start
    for separator in _SEPARATOR.finditer(text.string, start):
        if separator.end() >= len(text.string) or separator.start() < start:
            continue
        rest = text.string[separator.end() :]
        following = attribute_of(rest)
        colon = rest.find(":")
        blank = not separator.group().strip()
        if blank and re.search(r"[;.]", rest[: max(colon, 0)]):
            continue  # "Thanh tra Sở; Thời gian: …": no label begins at "Sở"
        if following is None or not 0 <= colon < following.value_start or rest[:colon].count(",") > 1:
            continue
        values.append(AttributeValue(kind, text.slice(start, separator.start())))
        kind, start = following.kind, separator.end() + following.value_start
    values.append(AttributeValue(kind, text.slice(start)))
    return [v for value in values for v in _parted(value) if v.value.string.strip(" .;,-")]


def _parted(attribute: AttributeValue) -> list[AttributeValue]:
    led, helped = led_and_helped(attribute.value) if attribute.kind == "lead" else (attribute.value, None)
    parts = [AttributeValue(attribute.kind, led)]
    return [*parts, AttributeValue("coordinate", helped)] if helped is not None else parts


_HELPERS = re.compile(
    r"(?:\s+(?:là\s+đơn\s+vị\s+)?chủ\s+trì)?\s*[,;]?\s+(?:và\s+)?phối\s+hợp(?:\s+(?:với|cùng))?\s+(?=[^\W\d_])",
    re.IGNORECASE,
)


def led_and_helped(value: Text) -> tuple[Text, Text | None]:
    """ "Phòng A chủ trì, phối hợp Phòng B": who leads and who takes part; None where the value names no helper."""
    match = _HELPERS.search(value.string)
    if match is None or not value.string[: match.start()].strip():
        return value, None
    return value.slice(0, match.start()), value.slice(match.end())


def _assignment(text: Text) -> list[AttributeValue]:
    """ "Giao Phòng A chủ trì, phối hợp với Phòng B thực hiện trước ngày 15/6": who and by when, without what."""
    if len(text.string.split()) > _LONGEST_ASSIGNMENT:
        return []
    match = _ASSIGNMENT.match(text.string)
    if match is None:
        return []
    if match["help"] and _says_what(match["help"]):
        return []
    values = [AttributeValue("lead", text.slice(*match.span("lead")))]
    if match["help"]:
        values.append(AttributeValue("coordinate", text.slice(*match.span("help"))))
    if match["when"]:
        values.append(AttributeValue("deadline", text.slice(*match.span("when"))))
    return values


def _says_what(helpers: str) -> bool:
    """Whether the work itself is stated behind the helpers' names: "Sở Xây dựng rà soát cơ sở vật chất"."""
    named = opening_unit(Text(helpers), _lore())
    return named is not None and helpers[named.end :].strip(" ,;")[:1].islower()


@cache
def _lore() -> UnitLore:
    return learn("", None)
