"""Where the trích yếu under the kind of document ends and the preamble begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.knowledge.folding import share_of_capitals, starts_like, starts_like_any
from pipeline.knowledge.forms import signature_words
from pipeline.layout.markers import read_marker
from pipeline.values import Line

_MOST_LINES = 12
_BASES = (
    "căn cứ",
    "thực hiện",
    "theo",
    "xét",
    "triển khai",
    "để",
    "nhằm",
    "tiếp tục",
    "trên cơ sở",
    "thi hành",
    "thời gian qua",
    "trong thời gian qua",
    "vừa qua",
)
_SECTION = re.compile(r"^(?:[IVX1l|]{1,5}\s?[.\-/)]|PHẦN|CHƯƠNG|Phần|Chương|Điều)\s*\S")
_GARBLED_BASIS = re.compile(r"^C\S{1,2}\s\S{2,3}\s.*\d/[A-ZĐ]{2}")  # "Can cit Chi thi sé 20/CT-TTg"
_ON_A_DAY = re.compile(r"^(?:Sáng |Chiều )?[Nn]gày \d")  # of a meeting whose conclusions a notice gives
_ADDRESSED = "kính gửi"


def title_end(lines: Sequence[Line], start: int) -> int:
    """Index behind the last line of the title whose type line is ``lines[start]``.

    On paper the trích yếu is centred; in a dump a blank line or the opening of the first legal basis ends it.
    """
    geometry = any(line.box is not None for line in lines[start : start + 4])
    end = start + 1
    while end < len(lines) and end - start <= _MOST_LINES:
        line, first = lines[end], end == start + 1
        if not first and _opens_body(line, lines[end - 1], geometry):
            break
        if first and (starts_like(line.text, "căn cứ") or starts_like(line.text, _ADDRESSED)):
            break
        end += 1
    return end


def _opens_body(line: Line, before: Line, geometry: bool) -> bool:
    text = line.text
    marked = read_marker(text) is not None and not (line.bold and before.bold)
    if _GARBLED_BASIS.match(text) and starts_like(text, "căn cứ", 0.74):
        return True
    if _SECTION.match(text) or marked or starts_like(text, "căn cứ") or starts_like(text, _ADDRESSED):
        return True
    if _signs(text) or _ON_A_DAY.match(text):
        return True
    if geometry:
        return line.page != before.page or _set_apart(line, before)
    if line.gap_before:
        return text[:1].isupper()
    return starts_like_any(text, _BASES) and text[:1].isupper() and before.text[-1:] not in ",-"


def _signs(text: str) -> bool:
    """Who decides, in capitals under the trích yếu of a decision: "GIÁM ĐỐC SỞ Y TẾ"."""
    capitals = share_of_capitals(text) > 0.85  # "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH … điện:"
    return capitals and starts_like_any(text, signature_words().positions)


def _set_apart(line: Line, before: Line) -> bool:
    """On paper the trích yếu is bold and centred, a gap stands below it and the preamble's first line is indented."""
    gap = line.gap_before or 0.0
    if line.bold is False and before.bold is True:
        return gap > 0.9 or not line.centred
    if line.centred or (line.bold is True and before.bold is True):
        return gap > 3.0
    return gap > 1.1 or bool(line.fills) or starts_like(line.text, "sở") > 0
