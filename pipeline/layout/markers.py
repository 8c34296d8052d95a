"""Bullets at the beginning of a paragraph: "- …", "+ …", "* …", "• …"."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.knowledge.folding import UPPER

_MARKER = re.compile(
    rf"^\s*(?:(?P<dash>[-–—−‒]|[_~](?=\s))(?!\s*\d+\s*[-–/])|(?P<plus>\+)|(?P<star>[*✱])|(?P<dot>[•▪●◦○■♦➢✓❖►]|o(?=\s+[{UPPER}])))\s*(?=\S)"
)


class Marker(NamedTuple):
    """``sign`` is the levelled bullet ("-", "+", "*", "•"); the text begins at ``end``."""

    sign: str
    end: int


def read_marker(text: str) -> Marker | None:
    """The bullet ``text`` begins with, if it begins with one."""
    match = _MARKER.match(text)
    if not match:
        return None
    sign = "-" if match["dash"] else "+" if match["plus"] else "*" if match["star"] else "•"
    return Marker(sign, match.end())
