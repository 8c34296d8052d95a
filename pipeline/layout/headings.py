"""How headings and statements end, and where a run-in heading does."""

from __future__ import annotations

import re

from pipeline.knowledge.folding import UPPER, fold_words
from pipeline.knowledge.forms import organ_words, sentence_openings
from pipeline.layout.roles import heading_role

_STATEMENT_END = re.compile(r"(?<!\.)[.;!?…]\W*$|\.\.\.\W*$|/\.$")
_RUN_IN = re.compile(r":\s+(?=\S)")
_LEADS = (("giao",), ("de", "nghi"), ("yeu", "cau"), ("doi", "voi"), ("phan", "cong"))  # "Đề nghị Sở A: …"
_ENUMERATED = re.compile(r"\bcác (?:sở|bộ|vụ|cục)$", re.IGNORECASE)  # "Giám đốc các Sở: Y tế, Tài chính"
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
        if text.startswith(sentence_openings(), match.end()):
            return match.end()
    return None


def names_body(text: str) -> bool:
    """Whether a run-in head is the name of a body: "Sở Nội vụ: …", "Các phòng chuyên môn: …"."""
    words = fold_words(text)
    for lead in _LEADS:
        words = words[len(lead) :] if words[: len(lead)] == lead else words
    words = words[1:] if words[:1] in (("cac",), ("nhung",)) else words
    return any(words[: len(kind)] == kind for kind in organ_words().kinds)


def run_in_body(text: str) -> bool:
    """Whether ``text`` opens with the name of a body and a colon."""
    end = run_in_head(text)
    return end is not None and names_body(text[:end])


def run_in_head(text: str) -> int | None:
    """Where the colon of a run-in heading stands ("Kinh phí thực hiện: Theo …"); None when there is none."""
    match = _RUN_IN.search(text)
    if match is None or len(text[: match.start()].split()) > _MOST_WORDS:
        return None
    head = text[: match.start()]
    behind = text[match.end() :].lstrip("“\"‘'")[:1]
    figures = behind.isdigit() and (known := heading_role(head)) is not None and known[1] <= 1  # "Thời gian: 01 ngày"
    if _ENUMERATED.search(head) or re.search(r"[.;]\s", head) or not (behind.isupper() or figures or names_body(head)):
        return None
    return match.start()
