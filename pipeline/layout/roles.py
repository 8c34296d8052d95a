"""What a section is for, from its heading.

Form of text: the title of a section, "NHIỆM VỤ, GIẢI PHÁP TRỌNG TÂM NĂM 2026", "Mục đích kiểm tra, đánh giá". The
phrases stand in ``knowledge/headings.toml``; they are matched at the beginning of the title without marks, a few wrong
letters allowed, the longest first.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

from pipeline.knowledge.folding import fold_words
from pipeline.knowledge.forms import heading_roles

_ALIKE = 86.0
# Below the top, only a title that says little more than the phrase changes the role: "Kinh phí thực hiện" in a chapter
# of tasks does, "Tổ chức thực hiện tốt công tác tuyên truyền" does not.
_TAIL_BELOW_TOP = 3
# What a chapter passes on firmly: under "Tổ chức thực hiện" even "Nhiệm vụ của Sở Y tế" assigns duties.
_FIRM = {
    "implementation": frozenset({"funding"}),
    "purpose_requirements": frozenset({"purpose", "requirements", "objectives"}),
    "funding": frozenset[str](),
    "situation": frozenset[str](),
    "objectives": frozenset({"tasks", "funding", "implementation", "requirements"}),
}


@lru_cache(maxsize=4096)
def heading_role(title: str) -> tuple[str, int] | None:
    """The role a title gives and the number of its words behind the phrase; None when no phrase fits."""
    words = _without_quantifiers(fold_words(title))
    for length, phrases in heading_roles().phrases.items():  # the longest first
        opening, tail = words[:length], len(words) - length
        if tail < 0:
            continue
        if opening in phrases:  # "địa điểm" itself, though "đặc điểm" is like it
            return phrases[opening], tail
        printed = " ".join(opening)
        for phrase, role in phrases.items():
            if fuzz.ratio(printed, " ".join(phrase), score_cutoff=_ALIKE) and _near(opening, phrase):
                return role, tail
    return None


def _speaks_of_money(title: str) -> bool:
    words = " ".join(fold_words(title))
    return any(said in words for said in ("kinh phi", "du toan", "khai toan", "nguon von"))


def _near(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Every word recognisable: "muc dich" is no "muc tieu", though most letters agree."""
    return all(fuzz.ratio(word, wanted) >= 50 for word, wanted in zip(words, phrase, strict=False))


def _without_quantifiers(words: tuple[str, ...]) -> tuple[str, ...]:
    changed = True
    while changed:
        changed = False
        for quantifier in heading_roles().passed_over:
            if words[: len(quantifier)] == quantifier and len(words) > len(quantifier):
                words, changed = words[len(quantifier) :], True
    return words


def section_role(title: str, inherited: str | None, *, statement: bool = False) -> str:
    """The role of a section below one whose role is ``inherited`` (None at the top)."""
    found = None if statement else heading_role(title)
    if inherited is None:
        return found[0] if found else "other"
    if found is None:
        return inherited
    role, tail = found
    if role == "other":
        if inherited == "objectives":  # "Quan điểm" in a chapter "Quan điểm, mục tiêu"
            return "other" if tail == 0 else inherited
        return "other" if inherited in ("other", "tasks") and tail <= _TAIL_BELOW_TOP else inherited
    if inherited == "tasks" and role == "funding" and not _speaks_of_money(title):
        return inherited  # "Về tài chính" among the solutions is one of them
    if inherited in _FIRM and role not in _FIRM[inherited]:
        return inherited
    if role in ("objectives", "purpose", "requirements"):
        return role if tail <= 8 else inherited
    return role if tail <= _TAIL_BELOW_TOP else inherited
