"""Specks: signs that dirt on the paper leaves between the words of short values.

Reads cells and attribute values, whose every sign counts: "Thường ˆ xuyên", "Quý II/⁄2026", "Hành chính,.Sở Y tế".
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.values import Text

# signs no Vietnamese administrative text prints; a stop right behind a comma; a doubled slash
_SPECK = re.compile(
    r"[\u02c6\u02dc\u00b4\u00a8\u00af\u00ac\u00b0\u00b7\u2044^`~|_¦§¤«»\\<>{}\[\]]+|(?<=[,;])\s*\.(?=\s*\w)|(?<=/)/"
)
_SLASH = re.compile(r"(?<=\w)\u2044(?=\w)")  # "Quý II⁄2026"

# in a list of units: a stop or a line break in front of a small letter, a line break or a dash behind a comma; "P.KHTC"
_LIST_SPECK = re.compile(
    r"(?<=[^\W\d_])\s?[.\n](?=\s?[a-zà-ỹđ])|(?<=,)\s*\n|(?<=,)[ \t]*[-–][ \t]?(?=[^\W\d_])|(?<=\bP\.)(?=[A-ZĐ]{2})"
)


def tidy_list(text: Text) -> Text:
    """A list of units without specks: no sentence ends, and no unit begins, in front of a small letter."""
    text = tidy(text)
    parts: list[Text] = []
    start = 0
    for speck in _LIST_SPECK.finditer(text.string):
        parts.append(text.slice(start, speck.start()))
        start = speck.end()
    return Text.join([*parts, text.slice(start)], " ") if parts else text


def tidy(text: Text) -> Text:
    """The text without specks; provenance is kept, the words left stay as they were read."""
    if "\u2044" in text.string:
        text = replace(text, string=_SLASH.sub("/", text.string))
    parts: list[Text] = []
    start = 0
    for speck in _SPECK.finditer(text.string):
        parts.append(text.slice(start, speck.start()))
        start = speck.end()
        apart = text.string[speck.start() - 1 : speck.start()].isspace() or text.string[start : start + 1].isspace()
        if not apart and len(parts) > 0:
            following = _SPECK.search(text.string, start)
            end = following.start() if following else len(text.string)
            parts[-1] = Text.join([parts[-1], text.slice(start, end)], "")
            start = end
    if not parts:
        return text
    return Text.join([*parts, text.slice(start)], " ")
