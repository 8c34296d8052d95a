"""How headings and statements end, and where a run-in heading does."""

from __future__ import annotations

import re

from pipeline.knowledge.folding import UPPER
from pipeline.knowledge.forms import sentence_openings

_STATEMENT_END = re.compile(r"(?<!\.)[.;!?…]\W*$|\.\.\.\W*$|/\.$")
_RUN_IN = re.compile(r":\s+(?=\S)")
_MOST_WORDS = 14
_LEAST_WORDS = 4


def ends_like_statement(text: str) -> bool:
    """A full stop or semicolon closes a statement, not a heading."""
    return bool(_STATEMENT_END.search(text.rstrip('"”’ )')))


def seam(text: str) -> int | None:
    """Where a sentence begins right behind a heading on its line, without a sign between them; None when none does.

    "Phát triển nhân lực y tế Tiếp tục xây dựng …": verbs that open sentences are not written with capitals inside one.
    """
    for match in re.finditer(rf"(?<=[^\W\d_])\s+(?=[{UPPER}])", text):
        words = text[: match.start()].split()
        if len(words) < _LEAST_WORDS or not words[-1].islower():
            continue
        if any(text.startswith(opening + " ", match.end()) for opening in sentence_openings()):
            return match.end()
    return None


def run_in_head(text: str) -> int | None:
    """Where the colon of a run-in heading stands ("Kinh phí thực hiện: Theo …"); None when there is none."""
    match = _RUN_IN.search(text)
    if match is None or len(text[: match.start()].split()) > _MOST_WORDS:
        return None
    if re.search(r"[.;]\s", text[: match.start()]) or not text[match.end() : match.end() + 1].isupper():
        return None
    return match.start()
