"""Cells of tables that say something without words of their own: as above, yes, the sum of the rows above."""

from __future__ import annotations

import re
from functools import cache

from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold
from pipeline.knowledge.labels import label_key

_BRACKETS = re.compile(r"\([^()]*\)|[:=]")
_BLANK = re.compile(r"\s+")


def is_ditto(string: str) -> bool:
    """Whether a cell repeats the one above it: "nt", "-nt-", "//"."""
    return _sign(string).strip("-–") in _signs("ditto")


def is_mark(string: str) -> bool:
    """Whether a cell only marks its column: "x"."""
    return _sign(string) in _signs("mark")


def is_total(string: str) -> bool:
    """Whether a row that opens with ``string`` adds up others: "Tổng cộng", "Cộng (I+II)"."""
    return label_key(_BRACKETS.sub(" ", string)) in _totals()


def never_adds_up(heading: str) -> bool:
    """Whether a column so headed holds shares, means or rates, whose total is no sum: "Tỷ lệ (%)"."""
    return any(word in heading.lower() for word in load_table("cells")["total"]["never"])


def _sign(string: str) -> str:
    return _BLANK.sub("", fold(string)).strip(".,")


@cache
def _signs(kind: str) -> frozenset[str]:
    return frozenset(_sign(sign) for sign in load_table("cells")[kind]["signs"])


@cache
def _totals() -> frozenset[str]:
    return frozenset(label_key(label) for label in load_table("cells")["total"]["labels"])
