"""Where the trích yếu under the kind of document ends and the preamble begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.knowledge.folding import starts_like
from pipeline.layout.markers import read_marker
from pipeline.values import Line

_MOST_LINES = 12
_BASES = ("căn cứ", "thực hiện", "theo", "xét", "triển khai", "để", "nhằm", "tiếp tục", "trên cơ sở", "thi hành")
_SECTION = re.compile(r"^(?:[IVX1l|]{1,5}\s?[.\-/)]|PHẦN|CHƯƠNG|Phần|Chương|Điều)\s*\S")
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
    if _SECTION.match(text) or read_marker(text) or starts_like(text, "căn cứ") or starts_like(text, _ADDRESSED):
        return True
    if geometry:
        if line.page != before.page or (not line.centred and bool(line.fills)):
            return True
        return not line.centred and (before.bold is True and line.bold is False)
    if line.gap_before:
        return text[:1].isupper()
    return any(starts_like(text, opening) for opening in _BASES) and text[:1].isupper() and before.text[-1:] not in ",-"
