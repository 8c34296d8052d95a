"""Numbers of documents: what is no syllable but was garbled all the same.

Reads raw text of any kind. Finds "322/Qb-UBND", "57- NQITW" and says what they should be; labels come from
:mod:`diacritics.labels`.
A document's number is repaired only when its type is a known abbreviation; its figures are never touched.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from operator import ne

from diacritics.labels import Code, find_labels
from diacritics.syllables import strip_marks

_LOOK = str.maketrans({"b": "D", "Đ": "D", "Ð": "D", "đ": "D", "l": "I", "1": "I", "|": "I", "0": "O"})
_GAP = r"[^\S\n]{0,2}"
_DASH = rf"(?:{_GAP}[-–—]{_GAP}){{1,2}}"
_SLASH = rf"{_GAP}[/⁄]{_GAP}"
_LETTERS = r"[A-Za-zĐđÐƯƠ|][A-Za-zĐđÐƯƠ|]*"
_ORGAN = rf"{_LETTERS}\d{{0,2}}(?:[-&]{_LETTERS}){{0,2}}"
_STATE = re.compile(
    rf"(?<![\w/.-])(?P<number>\d{{1,5}})(?:{_GAP}/{_GAP}(?P<year>(?:19|20)\d\d))?{_SLASH}"
    rf"(?P<type>{_LETTERS}){_DASH}(?P<organ>{_ORGAN})(?!\w)"
)
_PARTY = re.compile(rf"(?<![\w/.-])(?P<number>\d{{1,5}}){_DASH}(?P<type>{_LETTERS}){_SLASH}(?P<organ>{_ORGAN})(?!\w)")
_BLANK = re.compile(rf"[/⁄](?P<type>[A-ZĐ][A-Za-zĐđÐƯƠ|]*){_DASH}(?P<organ>{_ORGAN})(?!\w)")  # no number before it
_GLUED = re.compile(r"(?<![\w/.-])(?P<number>\d{1,5})(?P<mark>[-/])(?P<rest>[A-ZĐ][A-Za-zĐđ|1]{3,9})(?![\w/-])")
_MOST_STROKES = 3
_SHORTEST_DOUBLED = 3  # letters
_FIGURES = str.maketrans({"I": "1", "l": "1", "|": "1", "O": "0", "o": "0", "S": "5"})
_PROCEDURE = re.compile(r"(?<![\w.])\d\.\d{6}(?:\.\d{3})*\.H\d{2}(?!\w)")
"""The number of an administrative procedure ("1.013418.H50")."""
_INITIALS = re.compile(r"(?<![\w/.-])[A-Za-zĐđ]/[A-Za-zĐđ](?![\w/-])")
"""Two words by their first letters, a stroke between: "b/c" (báo cáo), "đ/c" (đồng chí), "V/v" (Về việc)."""
_OFTEN = re.compile(r"(?<![\w/.,])(?:\d{1,2}|[Ii\d][lI\d]) (?P<counted>\w{3,4})/(?P<period>\w{3,5})(?![\w/])")
"""How often, behind a number: "01 lần/tháng"."""
_MARKUP = re.compile(r"</?(?:p|i|b|u|em|strong|span|div|br|ul|ol|li|td|tr|table)(?:\s[^<>\n]{0,200})?/?>")


@lru_cache(maxsize=1)
def code_tables() -> dict[str, list[str]]:
    """The tables of ``data/codes.toml`` by their names."""
    return tomllib.loads(resources.files(__package__).joinpath("data/codes.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _laws() -> re.Pattern[str]:
    """Numbers of laws, that end in the term of the assembly that passed them ("46/2014/QH13", "QHI5")."""
    assemblies = "|".join(code_tables()["assemblies"])
    return re.compile(
        rf"(?<![\w/.-])(?P<number>\d{{1,5}}){_GAP}/{_GAP}(?P<year>(?:19|20)\d\d){_SLASH}"
        rf"(?P<assembly>{assemblies}){_GAP}(?P<term>[\dIl|OoS]{{1,2}})(?!\w)"
    )


@lru_cache(maxsize=1)
def _ranks() -> re.Pattern[str]:
    """Roman numerals of strokes alone, broken, behind what they number ("hạng IIT", "cấp HI", "nhóm Il")."""
    ranked = "|".join(code_tables()["ranked"])
    return re.compile(rf"(?<!\w)(?i:{ranked}) (?P<roman>IIT|(?=[1l|!L]*[IH])[IHLl1|!]{{2,3}})(?![\w/])")


@lru_cache(maxsize=1)
def _initials() -> dict[str, str]:
    """Words by their first letters that hold a đ, by what is left of them without its bar."""
    return {word.replace("đ", "d"): word for word in code_tables()["initials"]}


def _meant(read: str, words: Sequence[str]) -> str | None:
    """The one of ``words`` from which ``read`` differs in a letter at most, marks aside."""
    plain = strip_marks(read).lower()
    near = [w for w in words if len(w) == len(plain) and sum(map(ne, strip_marks(w), plain)) <= 1]
    return near[0] if len(near) == 1 else None


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Types and organs by the form that is left when look-alikes are levelled."""
    types: dict[str, str] = {}
    organs: dict[str, str] = {}
    for name, table in (("types", types), ("organs", organs)):
        for word in code_tables()[name]:
            table.setdefault(_levelled(word), word)
    return types, organs


def _levelled(word: str) -> str:
    return strip_marks(word.translate(_LOOK)).upper()


def find_codes(text: str, *, garbled: bool) -> Iterator[Code]:
    """Codes and labels of ``text`` in order, those included that are right already (so that nothing else mends them).

    Blanks within a label are only mended in garbled text. Markup that a text layer kept is taken out.
    """
    markup = (Code(match.start(), match.end(), "") for match in _MARKUP.finditer(text))
    found = [*_numbers(text, garbled=garbled), *find_labels(text, garbled=garbled), *markup]
    end = 0
    for code in sorted(found, key=lambda c: (c.start, -c.end)):
        if code.start >= end:
            yield code
            end = code.end


def _numbers(text: str, *, garbled: bool) -> Iterator[Code]:
    types, organs = _tables()
    for pattern in (_STATE, _PARTY):
        for match in pattern.finditer(text):
            kind = _known(match["type"], types)
            if kind is None:
                continue
            kind = _as_printed(match["type"], kind)
            organ = _organ(match["organ"], organs)
            if pattern is _PARTY:
                whole = f"{match['number']}-{kind}/{organ}"
            else:
                whole = "/".join(filter(None, (match["number"], match["year"], f"{kind}-{organ}")))
            if not garbled and pattern is _STATE and "".join(match[0].split()) == whole:
                whole = match[0]  # "Số: 1942 /KH-SYT": the number was stamped into a gap
            guessed = len(kind) < len(match["type"]) or len(organ) < len(match["organ"])
            tight = garbled and whole != match[0] and text[match.start() - 1 : match.start()] == ":"
            yield Code(match.start(), match.end(), (" " if tight else "") + whole, guessed)
    for match in _BLANK.finditer(text):  # a number left blank, or written by hand and read as scribble
        kind = types.get(_levelled(match["type"]))
        if kind is not None:
            organ = _organ(match["organ"], organs)
            yield Code(match.start(), match.end(), f"/{_as_printed(match['type'], kind)}-{organ}")
    for match in _laws().finditer(text):
        term = match["term"].translate(_FIGURES)
        whole = f"{match['number']}/{match['year']}/{match['assembly']}{term}"
        as_written = not garbled and "".join(match[0].split()) == whole
        yield Code(match.start(), match.end(), match[0] if as_written else whole)
    for match in _ranks().finditer(text):
        strokes = len(match["roman"].replace("H", "II"))
        if strokes <= _MOST_STROKES:
            numeral = "I" * strokes
            yield Code(match.start("roman"), match.end("roman"), numeral, numeral != match["roman"])
    for match in _PROCEDURE.finditer(text):
        yield Code(match.start(), match.end(), match[0])
    for match in _INITIALS.finditer(text):
        yield Code(match.start(), match.end(), _initials().get(match[0], match[0]) if garbled else match[0])
    for match in _OFTEN.finditer(text) if garbled else ():
        counted = _meant(match["counted"], code_tables()["counted"])
        period = _meant(match["period"], code_tables()["periods"])
        if counted and period:
            yield Code(match.start("counted"), match.end("period"), f"{counted}/{period}")
    for match in _GLUED.finditer(text):
        parts = _unglued(match["rest"], types, organs)
        if parts:
            party = match["mark"] == "-"
            yield Code(
                match.start(), match.end(), match["number"] + match["mark"] + ("/" if party else "-").join(parts)
            )


def _organ(printed: str, organs: dict[str, str]) -> str:
    """The organ as its abbreviation is written; what follows the first known part is kept, unknown ones too."""
    number = re.search(r"\d*$", printed)
    digits = number[0] if number else ""
    stem = printed[: len(printed) - len(digits)]
    parts = re.split(r"([-&])", stem)
    known = (p if p in "-&" else _as_printed(p, _known(p, organs) or p) for p in parts)
    return "".join(known) + digits


def _known(printed: str, table: dict[str, str]) -> str | None:
    """The type or organ ``printed`` stands for, its last letter read twice if only that hides it ("BYTT", "QĐĐ")."""
    plain = _levelled(printed)
    doubled = len(plain) >= _SHORTEST_DOUBLED and plain[-1] == plain[-2]
    return table.get(plain) or (table.get(plain[:-1]) if doubled else None)


def _as_printed(printed: str, known: str) -> str:
    """``known``, or what was printed when the two differ in case alone ("TTG" in a heading)."""
    return printed if printed.upper() == known.upper() else known


def _unglued(rest: str, types: dict[str, str], organs: dict[str, str]) -> tuple[str, str] | None:
    """Type and organ of letters run together, the mark between them read as a letter ("NQITW")."""
    for cut in range(2, len(rest) - 1):
        kind = types.get(_levelled(rest[:cut]))
        if kind is None:
            continue
        organ = organs.get(_levelled(rest[cut + 1 :]))
        if rest[cut] in "Il1|" and organ is not None:
            return kind, organ
    return None
