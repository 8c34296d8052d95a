"""Who does it, in brackets at the end of a statement.

Reads "… vào quy hoạch chung của xã (Phòng Kinh tế chủ trì, phối hợp Phòng Văn hóa - Xã hội, hoàn thành trong quý II)",
"… (Ban Quản lý dự án xã; thời gian: quý III)", "… tại khu dân cư (Công an xã, Trạm Y tế xã)". Brackets with labels
("(Chủ trì: …)") are read by :mod:`.tasks`. Words: knowledge/attributes.toml, "closing_bracket".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline.extract.abbreviations import UnitLore
from pipeline.extract.attributes import AttributeValue, led_and_helped
from pipeline.extract.surety import no_surer
from pipeline.extract.units import units_in
from pipeline.knowledge import load_table
from pipeline.values import Text

_UNSAID = 0.55  # units alone in brackets: most likely those who do it, but no word says so
_LONGEST = 400  # characters of a bracket
_AHEAD = 8  # words in front of a bracket that may name what it only explains
_FORMS = {
    "before": ("before", r"\s*WORDS\s+"),
    "behind": ("behind", r"\s(?:\s*[-–])?\s*WORDS$"),
    "led": ("behind", r"\sWORDS\s*(?P<cut>,)"),
    "helps": ("helps", r"\s*WORDS\s*:?\s*"),
    "helped": ("helps", r"\s(?:\s*[-–])?\s*WORDS$"),
    "parts": ("parts", r"(?P<cut>;|,(?=\s+WORDS\b))"),
    "several": ("several", r"WORDS\s"),
    "named": ("named", "WORDS"),
}
"""Of which words of the table each form is made."""
_JOINTS = re.compile(r"[\s,;.&/+–-]+|và\b")


def closing_bracket(text: Text, lore: UnitLore) -> list[AttributeValue]:
    """Lead and helpers that the bracket at the statement's end names; empty where it tells anything else first."""
    end = len(text.string.rstrip(" .;,/"))
    start = text.string.rfind("(", max(0, end - _LONGEST), end)
    if start <= 0 or text.string[end - 1] != ")" or ")" in text.string[start : end - 1]:
        return []
    first, *others = _parts(text.slice(start + 1, end - 1))
    led, helped = led_and_helped(first)
    opening, closing = _words("before").match(led.string), _words("behind").search(led.string)
    led = led.slice(opening.end() if opening else 0, closing.start() if closing else None)
    if not _all_units(led, lore):
        return []
    helpers = [helped] if helped is not None else []
    besides: list[Text] = []  # units that no word charges
    for part in others:
        if (helper := _helper(part)) is not None:
            helpers.append(helper)
        elif _all_units(part, lore):
            besides.append(no_surer(part, _UNSAID))
    if opening or closing or helpers:
        helpers += besides
        leads = [led]
    elif _explains(text.string[max(0, start - _LONGEST) : start].split()[-_AHEAD:], lore):
        return []
    else:
        leads = [no_surer(led, _UNSAID), *besides]
    return [
        AttributeValue(kind, value) for kind, values in (("lead", leads), ("coordinate", helpers)) for value in values
    ]


def _parts(inside: Text) -> list[Text]:
    """The bracket's parts: who leads, who helps, by when."""
    cuts = {cut.span("cut") for kind in ("parts", "led") for cut in _words(kind).finditer(inside.string)}
    begins, ends = [0, *sorted(end for _, end in cuts)], [*sorted(start for start, _ in cuts), None]
    return [inside.slice(begin, end) for begin, end in zip(begins, ends, strict=True)]


def _helper(part: Text) -> Text | None:
    """Who helps, by a part that says so in front or behind: "phối hợp: Công an xã", "Công an xã phối hợp"."""
    if ahead := _words("helps").match(part.string):
        return part.slice(ahead.end())
    behind = _words("helped").search(part.string)
    return part.slice(0, behind.start()) if behind else None


def _all_units(text: Text, lore: UnitLore) -> bool:
    """Whether the text is nothing but names of units."""
    rest = text.string
    units = units_in(text, lore)
    for unit in units:
        rest = rest.replace(unit.text, "", 1)
    return bool(units) and not _JOINTS.sub("", rest)


def _explains(ahead: Sequence[str], lore: UnitLore) -> bool:
    """ "báo cáo Ủy ban nhân dân tỉnh (Sở Y tế)", "cơ quan thường trực (Sở Nội vụ)": which body is meant."""
    endings = [" ".join(ahead[k:]) for k in range(len(ahead))]
    if any(_words("named").fullmatch(ending) for ending in endings):
        return True
    if any(sign.isdigit() for sign in "".join(ahead[-1:])):
        return False  # a day stands in front of it
    named = [e for e in endings if e[:1].isupper() or _words("several").match(e)]
    return any(_all_units(Text(ending), lore) for ending in named)


@cache
def _words(kind: str) -> re.Pattern[str]:
    words, form = _FORMS[kind]
    listed = sorted(load_table("attributes")["closing_bracket"][words], key=len, reverse=True)
    any_of = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in listed)
    return re.compile(form.replace("WORDS", f"(?:{any_of})"), re.IGNORECASE)
