"""Units: who leads, helps or carries duties, under one canonical name each.

Reads lists of units (:func:`units_in`: the value of "Chủ trì: …", a cell), headings that name a unit
(:func:`joint_unit`) and statements that open with one (:func:`opening_unit`: "Giao Văn phòng Sở chủ trì …", "Các đơn
vị trực thuộc căn cứ …"). Rules: contract.md, "units" and "Cases settled"; words and abbreviations:
knowledge/units.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract.abbreviations import UnitLore, canonical_name
from pipeline.extract.specks import tidy_list
from pipeline.extract.unit_doubts import doubted
from pipeline.extract.unit_tokens import Tokens, may_open_unit
from pipeline.knowledge import load_table
from pipeline.values import Text
from schemas import UnitRef

_ENDS = frozenset({";", ":", ".", "…", "...", "(", ")", "\n", "“", "”", "'", '"', "’", "‘"})
_JOINTS = frozenset({",", "và", "&", "/", "-", "–", ";", "\n", "+"})
_PARENT_HEADS = frozenset({"tỉnh", "thành", "quận", "sở", "bộ", "ubnd", "ủy", "cục", "syt", "byt", "huyện", "chi"})
_ALONE = frozenset({"sở", "ubnd", "hđnd"})  # heads that mean a body without a name behind them
_SHORT_COLLECTIVES = frozenset(load_table("units")["heads"]["short_collectives"])
_PARTS = frozenset({"phận", "tổ", "đội"})  # last syllables of what is part of a department
_WORDS_LEFT = 3
_LONGEST_HEAD = 12  # words in front of a colon that may still be a name
_DUTY = re.compile(
    r"chủ trì|chủ động|phối hợp|có |chịu |là |làm |theo |căn cứ|thực hiện|tổ chức|phải |cần ", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class UnitSpan:
    """A unit's place among the tokens: ``first`` up to ``last``, its parent (if printed) from ``parent`` on."""

    first: int
    last: int
    kind: str  # internal, body, collective, set, abbreviation
    parent: tuple[int, int] | None = None
    closed: int = 0  # behind the bracket around the parent, where there is one

    @property
    def end(self) -> int:
        return max(self.closed, self.parent[1] if self.parent else self.last)


@dataclass(frozen=True, slots=True)
class OpeningUnit:
    """The unit a statement opens with and the character behind it."""

    unit: UnitRef
    end: int
    colon: bool  # a colon follows


def unit_at(tokens: Tokens, i: int) -> UnitSpan | None:
    """The unit whose name begins at token ``i``; None where none does."""
    if not tokens.is_marked(i) and not tokens.is_abbreviation(i):
        return None
    determiner = tokens.at("determiner", i)
    k = determiner or i
    phrase = max((e for e in (tokens.at("set", i), tokens.at("set", k)) if e), default=None)
    head = phrase, "set"
    if phrase is None:
        other = tokens.at("not_head", k) or 0
        ends = [(e, kind) for kind in ("internal", "body", "collective") if (e := tokens.at(kind, k)) and e > other]
        if ends:
            head = max(ends)
        elif other == 0 and tokens.is_abbreviation(k):
            head = k + 1, "abbreviation"
        else:
            return None
    end, kind = head
    assert end is not None
    span = _grow_from(tokens, i, k, end, kind)
    unnamed = span.parent is None or span.parent[1] - span.parent[0] == 1  # "Cục thuộc Bộ" of "các Vụ, Cục thuộc Bộ"
    bare = span.last == end and end - k == 1 and determiner is None and unnamed
    if bare and kind in ("internal", "body") and tokens.word(k) not in _ALONE:
        return None  # "Tổ. chức thực hiện", "Ban …": a lone syllable is no name
    return span


def _grow_from(tokens: Tokens, i: int, k: int, end: int, kind: str) -> UnitSpan:
    known = max((e for e in (tokens.at("name", i), tokens.at("name", k)) if e), default=end)
    return _grow(tokens, i, end, max(end, known), kind)


def _grow(tokens: Tokens, first: int, head_end: int, j: int, kind: str) -> UnitSpan:
    """Take in the words behind the head that belong to the name, and the parent behind them."""
    while j < len(tokens):
        word = tokens.word(j)
        if word == "(" and tokens.word(j + 2) == ")" and tokens.texts[j + 1].isupper():
            j += 3  # "Trung tâm Y tế (TTYT) các khu vực"
            continue
        if word in _ENDS or (j >= head_end and _is_closed(tokens, j, head_end)):
            break
        if word in ("thuộc", "của") and tokens.word(j - 1) != "trực":
            parent = _parent_at(tokens, j + (4 if tokens.word(j + 3) == "thuộc" else 1))  # "thuộc, trực thuộc Sở Y tế"
            return UnitSpan(first, j, kind, parent)
        if word in (",", "và", "&", "/", "-", "–", "+"):
            if not _goes_on(tokens, j, head_end, kind):
                break
        elif (modifier := tokens.at("modifier", j)) is not None:
            j = modifier
            continue
        elif j == head_end and tokens.word(j - 1) in _PARTS and tokens.at("list_tail", j) is None:
            j = tokens.at("tail", j) or j + 1  # "Bộ phận tổng hợp", but "Bộ phận chủ động …"
            continue
        elif (tokens.at(tokens.tails, j) is not None and not tokens.is_capital(j) and tokens.word(j - 1) != "được") or (
            j > head_end and _starts_anew(tokens, j)
        ):
            if tokens.word(head_end - 1) in _PARTS and tokens.word(j) in ("phòng", "khoa", "văn"):
                return UnitSpan(first, j, kind, _parent_at(tokens, j))  # "Bộ phận Tổ chức Phòng Nội vụ"
            break
        elif (
            _is_parent_head(tokens, j)
            and (j > head_end or (kind in ("set", "collective") and head_end - first > 1))
            and (_takes_parent(tokens, first, kind) or tokens.word(j + 1) == "ủy")
        ):
            parent = _parent_at(tokens, j)
            if parent is not None:
                return UnitSpan(first, j, kind, parent)
        j += 1
    while j > head_end and tokens.word(j - 1) in _JOINTS:
        j -= 1
    behind = j + 1  # "Chi cục … - Sở Y tế", "Phòng … (Sở Y tế)"
    if tokens.word(j) in ("-", "–", "(") and behind < len(tokens) and _is_parent_head(tokens, behind):
        parent = _parent_at(tokens, behind)
        if parent is not None:
            end = parent[1] + (tokens.word(j) == "(" and tokens.word(parent[1]) == ")")
            return UnitSpan(first, j, kind, (behind, parent[1]), end)
    return UnitSpan(first, j, kind)


def _is_closed(tokens: Tokens, j: int, head_end: int) -> bool:
    """Whether the name was complete before token ``j``: a word of level stands there and a small letter here."""
    if tokens.tails != "tail" or not tokens.texts[j].isalpha() or tokens.is_capital(j):
        return False
    table = load_table("units")["tails"]
    before, word = tokens.word(j - 1), tokens.word(j)
    if before not in table["closers"] or word in table["goes_on"] or tokens.at("modifier", j) is not None:
        return False
    whole = f"{tokens.word(j - 2)} {before}" in table["closed_heads"]
    return whole or (before not in ("ủy", "đoàn") and j > head_end)


def _goes_on(tokens: Tokens, joint: int, head_end: int, kind: str) -> bool:
    """Whether a name goes on behind a comma, an "và" or a dash ("Sở Văn hóa, Thể thao và Du lịch")."""
    behind = joint + 1
    if behind >= len(tokens) or tokens.word(behind) in _ENDS | _JOINTS:
        return False
    if max(tokens.at("set", joint - k) or 0 for k in (1, 2)) > joint:  # "Thủ trưởng các sở, ban, ngành"
        return True
    following = unit_at(tokens, behind)
    if following is not None:
        head = " ".join(tokens.word(k) for k in range(head_end - 2, head_end))
        short = head in _SHORT_COLLECTIVES or tokens.word(head_end - 1) in _SHORT_COLLECTIVES
        bare = following.kind == "collective" and tokens.at("determiner", behind) is None
        return kind in ("set", "collective") and joint == head_end and short and bare and not tokens.is_capital(behind)
    if tokens.at(tokens.tails, behind) is not None and not tokens.is_capital(behind):
        return False
    if tokens.word(joint) in ("-", "–", "&"):
        return True
    return tokens.word(joint) != "," or kind != "abbreviation" or joint > head_end


def _starts_anew(tokens: Tokens, j: int) -> bool:
    """A capital "Các …" or "Phòng …" inside a name is the next unit of a list whose line break was lost."""
    if not tokens.is_capital(j):
        return False
    if tokens.word(j) == "ubnd" and tokens.word(j - 1) in ("tỉnh", "huyện", "xã", "phường", "phố"):
        return True
    determiner = tokens.at("determiner", j)
    head = determiner or j
    found = tokens.at("internal", head) or (
        tokens.at("collective", head) or tokens.at("body", head) if determiner else None
    )
    return found is not None and tokens.at("not_head", head) is None


def _is_parent_head(tokens: Tokens, j: int) -> bool:
    if tokens.is_abbreviation(j):
        return not tokens.lore.completes(tokens.word(j - 1), tokens.doc[j].text)
    if tokens.at("internal", j) is not None or tokens.word(j - 1) in load_table("units")["heads"]["not_behind"]:
        return False  # "Bộ phận …"
    return tokens.word(j) in _PARENT_HEADS and tokens.at("body", j) is not None and tokens.at("not_head", j) is None


def _takes_parent(tokens: Tokens, first: int, kind: str) -> bool:
    whole = load_table("units")["tails"]
    start = tokens.at("determiner", first) or first
    printed = tokens.printed(start, start + 4).lower()
    return kind in ("internal", "collective", "set") and not any(printed.startswith(w) for w in whole["whole"])


def _parent_at(tokens: Tokens, i: int) -> tuple[int, int] | None:
    """The parent body that begins at token ``i``: a unit, or a bare "Sở" or "Bộ" that means the issuer."""
    if tokens.word(i) not in _ENDS and (parent := unit_at(tokens, i)) is not None:
        return i, parent.end
    ends = tokens.word(i + 1) in _ENDS | {"", ",", "và"} or tokens.at(tokens.tails, i + 1)
    return (i, i + 1) if tokens.word(i) in _PARENT_HEADS and tokens.is_capital(i) and ends else None


def units_in(text: Text, lore: UnitLore) -> list[UnitRef]:
    """The units of a list, in order: split at ";", line breaks, "," and "và" where each part is itself a unit."""
    text = tidy_list(text)
    tokens = Tokens(text.string, lore, "list_tail")
    spans = list(_with_comma_parents(tokens, list(_spans(tokens))))
    return doubted([_ref(text, tokens, s) for s in spans], [(s.first, s.end) for s in spans], tokens.texts)


def _spans(tokens: Tokens) -> Iterator[UnitSpan]:
    i = 0
    may_start = True
    found = False
    while i < len(tokens):
        lead = tokens.at("lead", i)
        if may_start and (lead or tokens.at("list_lead", i)) is not None:
            i = lead or tokens.at("list_lead", i) or i + 1
            continue
        span = unit_at(tokens, i) if may_start else None
        if span is not None:
            yield span
            found = True
            i = max(span.end, i + 1)
            may_start = i < len(tokens) and _starts_anew(tokens, i)
            continue
        word = tokens.word(i)
        opens = word in _JOINTS or word in (".", ":", "•", "*") or (word == "(" and not found)
        may_start = opens or (may_start and not tokens.texts[i].isalpha())
        i += 1


def _with_comma_parents(tokens: Tokens, spans: list[UnitSpan]) -> Iterator[UnitSpan]:
    """ "Phòng Kế hoạch - Tài chính, Sở Y tế": the body behind the comma is the parent of the part before it."""
    k = 0
    while k < len(spans):
        span, behind = spans[k], spans[k + 1] if k + 1 < len(spans) else None
        if (
            behind is not None
            and span.parent is None
            and (span.kind == "internal" or (span.kind == "collective" and tokens.at("determiner", span.first) is None))
            and behind.kind in ("body", "abbreviation")
            and behind.first == span.last + 1
            and tokens.word(span.last) == ","
            and _takes_parent(tokens, span.first, span.kind)
            and (behind.kind == "abbreviation" or tokens.word(behind.first) in _PARENT_HEADS)
            and _is_parent(tokens, behind, alone=len(spans) == 2)
        ):
            yield UnitSpan(span.first, span.last, span.kind, (behind.first, behind.end))
            k += 2
        else:
            yield span
            k += 1


def _is_parent(tokens: Tokens, body: UnitSpan, *, alone: bool) -> bool:
    """Whether the body behind a comma is the issuer, or the only other one and not the issuer's equal."""
    name = _name(tokens, body.first, body.last)
    issuer = tokens.lore.issuer
    if issuer is None or name == issuer:
        return True
    return alone and name.split()[0] in ("Sở", "Bộ", "Cục", "Chi") and name.split()[0] != issuer.split()[0]


def joint_unit(text: Text, lore: UnitLore) -> UnitRef | None:
    """The unit that a heading names; several bodies together are one unit under their joint name.

    A heading is a name more often than a sentence: a few words left over behind the unit belong to it, unless they say
    what it has to do ("Cơ sở khám bệnh, chữa bệnh được thẩm định", but "Văn phòng Sở chủ trì").
    """
    found = opening_unit(text, lore)
    if found is None:
        return None
    rest = text.string[found.end :].strip(" .:;")
    if rest and ":" not in rest and "(" not in rest and len(rest.split()) <= _WORDS_LEFT and not _DUTY.match(rest):
        start = text.string.find(found.unit.text)
        whole = text.slice(start, found.end + text.string[found.end :].find(rest) + len(rest))
        return _printed_unit(whole, canonical_name(whole.string, lore), found.unit.parent)
    return found.unit


def opening_unit(text: Text, lore: UnitLore) -> OpeningUnit | None:
    """The unit (or bodies named jointly) with which a statement or heading opens; None where it opens otherwise."""
    if not may_open_unit(text.string, lore):
        return None
    named = _named_before_colon(text, lore)
    if named is not None:
        return named
    tokens = Tokens(text.string, lore)
    i = 0
    while i < len(tokens) and not tokens.texts[i].isalpha():
        i += 1
    while (lead := tokens.at("lead", i)) is not None:
        i = lead
    spans: list[UnitSpan] = []
    while (span := unit_at(tokens, i)) is not None:
        spans.append(span)
        joint = span.end
        if tokens.word(joint) in (",", "và", ";", "&") and unit_at(tokens, joint + 1) is not None:
            i = joint + 1
        elif tokens.word(joint) == "," and tokens.word(joint + 1) == "và":
            i = joint + 2
        else:
            break
    if not spans:
        return None
    merged = list(_with_comma_parents(tokens, spans))
    last = merged[-1].end
    _, end = tokens.chars(merged[0].first, last)
    if len(merged) == 1:
        unit = _ref(text, tokens, merged[0])
    else:
        start, end = tokens.chars(merged[0].first, merged[-1].end)
        printed = text.slice(start, end)
        unit = _printed_unit(printed, canonical_name(printed.string, lore), None)
    return OpeningUnit(unit, end, tokens.word(last) == ":" or (tokens.word(last) == "(" and ":" in text.string[end:]))


def _named_before_colon(text: Text, lore: UnitLore) -> OpeningUnit | None:
    """ "Phòng Kế hoạch tổng hợp: Đầu mối …": in front of a colon the name is whole, whatever verbs are part of it."""
    colon = text.string.find(":")
    if not colon > 0 or len(text.string[:colon].split()) > _LONGEST_HEAD or re.search(r"[.;,(]", text.string[:colon]):
        return None
    tokens = Tokens(text.string[:colon], lore, "list_tail")
    i = 0
    while (lead := tokens.at("lead", i)) is not None:
        i = lead
    span = unit_at(tokens, i) if i < len(tokens) else None
    if span is None or span.end != len(tokens):
        return None
    return OpeningUnit(_ref(text, tokens, span), colon, True)


def _name(tokens: Tokens, first: int, last: int) -> str:
    return canonical_name(tokens.printed(first, last), tokens.lore)


def _ref(text: Text, tokens: Tokens, span: UnitSpan) -> UnitRef:
    start, end = tokens.chars(span.first, span.end)
    parent = None
    if span.parent is not None:
        parent = _name(tokens, *span.parent)
        if parent.lower() in ("sở", "ngành", "bộ", "ubnd") and tokens.lore.issuer:
            parent = tokens.lore.issuer if tokens.lore.issuer.lower().startswith(parent.lower()) else parent
    name = _name(tokens, span.first, span.last)
    return _printed_unit(text.slice(start, end), name, parent)


def _printed_unit(printed: Text, name: str, parent: str | None) -> UnitRef:
    """The unit with its place on paper: the first page's, where a page break cuts the name."""
    sources = printed.sources()
    return UnitRef(
        name=name, parent=parent, text=" ".join(printed.string.split()), source=sources[0] if sources else None
    )
