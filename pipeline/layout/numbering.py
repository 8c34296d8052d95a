"""The numbering of Vietnamese administrative texts, read as a language.

Form of text: the beginning of a paragraph, "I. MỤC ĐÍCH", "2.1. Mục tiêu chung", "a) Về thể chế", "(1) Hạ tầng",
"1/ Nội dung", "Phần thứ nhất", "Điều 3.", well printed or broken by OCR ("I11.", "|.", "Il.", "11 Thường xuyên" for
1.1, "233 Phấn đấu" for 3.3).

A paragraph alone does not tell what its label is; the sequence does. :func:`number_paragraphs` therefore searches for
the cheapest reading of all paragraphs together: each may be taken as printed, as one of the labels that may stand there
(its distance from what is printed is the cost of the repair), or as no label at all. Labels that follow their
predecessors cost nothing; gaps, repetitions and restarts cost something, so that an author's slip is kept where
repairing it would only move the slip.

Order of the styles: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.6 (phần, chương, mục, điều, khoản, điểm) and custom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from pipeline.knowledge.folding import fold
from pipeline.knowledge.forms import numbering_words


class Style(StrEnum):
    """How a label is written; each style counts for itself."""

    PART = "part"  # Phần thứ nhất, Phần I
    CHAPTER = "chapter"  # Chương I
    CAPITAL = "capital"  # A.
    DIVISION = "division"  # Mục 1
    ARTICLE = "article"  # Điều 1
    ROMAN = "roman"  # I.
    DECIMAL = "decimal"  # 1. 1.1. 1.1.1.
    SLASH = "slash"  # 1/
    LETTER = "letter"  # a)
    PAREN = "paren"  # 1)
    BRACKETS = "brackets"  # (1)


RANK = {
    Style.PART: 0,
    Style.CHAPTER: 1,
    Style.CAPITAL: 2,
    Style.DIVISION: 3,
    Style.ROMAN: 4,
    Style.ARTICLE: 5,
    Style.DECIMAL: 6,  # plus its depth
    Style.SLASH: 7,
    Style.LETTER: 12,
    Style.PAREN: 13,
    Style.BRACKETS: 13,
}

# The order of points (điểm) in Vietnamese texts; f, j, w, z are skipped by most authors, đ by some.
LETTERS = "abcdđefghijklmnopqrstuvwxyz"
_OFTEN_SKIPPED = frozenset("đfjwz")
_ROMANS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def roman(number: int) -> str:
    """Roman numeral of 1..39."""
    return "X" * (number // 10) + _ROMANS[number % 10] if number % 10 else "X" * (number // 10)


_ROMAN_VALUES = {roman(n): n for n in range(1, 40)}


@dataclass(frozen=True, slots=True)
class Label:
    """A label's style and value: (2, 1) for "2.1", (3,) for "III" or "c)"."""

    style: Style
    value: tuple[int, ...]
    word: str = ""  # "Phần", "Chương", "Mục", "Điều" as printed, with ordinals written out

    @property
    def text(self) -> str:
        """The label as the contract writes it: "I", "2.1", "a", "1"."""
        last = self.value[-1]
        if self.word:
            return self.word
        if self.style is Style.ROMAN:
            return roman(last)
        if self.style is Style.CAPITAL:
            return chr(ord("A") + last - 1)
        if self.style is Style.LETTER:
            return LETTERS[last - 1]
        return ".".join(map(str, self.value))

    @property
    def printed(self) -> str:
        """The label as a typist writes it, with its punctuation."""
        if self.style in (Style.LETTER, Style.PAREN):
            return self.text + ")"
        if self.style is Style.BRACKETS:
            return f"({self.text})"
        if self.style is Style.SLASH:
            return self.text + "/"
        return self.text + "."

    @property
    def key(self) -> tuple[Style, int]:
        """What counts together: the style, and for decimals the depth."""
        return (self.style, len(self.value))

    @property
    def rank(self) -> int:
        return RANK[self.style] + (len(self.value) - 1 if self.style is Style.DECIMAL else 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read the beginning of a paragraph: its label, where the text behind it starts, what it costs."""

    label: Label
    end: int
    cost: float = 0.0
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What the search needs to know of a paragraph."""

    readings: tuple[Reading, ...]  # labels as printed
    broken: tuple[str, int] | None  # a token that may be a broken label, and where the text behind it starts
    plain: float  # cost of taking it for no label
    opens_list: bool = False  # an un-numbered line ending with ":" stands right before


@dataclass(frozen=True, slots=True)
class Numbered:
    """The search's answer for one paragraph."""

    reading: Reading | None
    stack: tuple[Label, ...] = ()  # the open labels, this one last
    note: str = ""


# ---------------------------------------------------------------------------------------------------------- readings

_GARBAGE = r"[\s‘’'`“”\"*.,·•_~^]{0,3}"
_WORDED = re.compile(
    rf"^{_GARBAGE}(?P<word>\w{{3,6}})\s+(?P<ordinal>th\w{{1,2}}\s+)?(?P<value>\w{{1,5}})\s*[.:\-–)]*\s*", re.IGNORECASE
)
_ROMAN = re.compile(rf"^{_GARBAGE}(?P<value>[IVX]{{1,6}})(?P<stop>\s?[.\-–/):,]+\s*|\s+)(?=\S|$)")
_CAPITAL = re.compile(rf"^{_GARBAGE}(?P<value>[A-H])(?P<stop>\s?[.\-–/):]\s*)(?=\S)")
_DECIMAL = re.compile(
    rf"^{_GARBAGE}(?P<value>\d{{1,2}}(?:\s?[.,]\s?\d{{1,2}}(?![\d%/])){{0,4}})(?P<stop>\s?[.:]+\s*|\s?[.]?-\s+|\s?/\s*(?=[^\W\d])|\s?\)\s*|\s+)(?=\S)"
)
_LETTER = re.compile(rf"^{_GARBAGE}(?P<value>[a-zđ])(?P<stop>\s?[.)/]\s*|\)\s*)(?=\S)")
_BRACKETS = re.compile(rf"^{_GARBAGE}\(\s?(?P<value>\d{{1,2}}|[a-zđ])\s?\)[.:]?\s*(?=\S)")
_BROKEN = re.compile(r"^(?P<token>\S{1,9}(?:\s\d{1,2}[.)])?)\s*(?P<rest>\S.*)?$", re.DOTALL)
_GLUED = re.compile(r"^(?P<token>[\dIVXivxlL|!.,]{1,8}[.,)])(?P<rest>[^\W\d_][^.]*)")
_LABEL_LIKE = frozenset("0123456789IVXLivxl|!.,():;/-–'’‘`\"”“[]{}SsOoBZz¡†tTíìÍ¥Y")


def open_paragraph(
    text: str, *, opens_list: bool = False, continues: bool = False, heading_like: bool = False
) -> Opening:
    """All that the beginning of ``text`` may be.

    ``continues``: the text before did not end its sentence, so a number here more likely belongs to it.
    ``heading_like``: capitals, bold type or centring speak for a heading.
    """
    readings = tuple(_printed_readings(text))
    plain = 0.0
    for reading in readings:
        rest = text[reading.end :].lstrip("“\"' ")
        doubt = reading.cost + (1.5 if continues else 0.0) - (0.5 if heading_like else 0.0)
        plain = max(plain, 5.0 - 1.6 * doubt if rest[:1].isupper() or rest[:1].isdigit() else 0.8)
    broken = None if readings and min(r.cost for r in readings) < 0.5 and len(readings) > 1 else _broken_token(text)
    if broken and not readings:
        plain = 3.0 if heading_like else 2.6
    return Opening(readings, broken, plain, opens_list)


def _printed_readings(text: str) -> Iterator[Reading]:
    if worded := _worded(text):
        yield worded
        return
    if match := _BRACKETS.match(text):
        value = match["value"]
        number = int(value) if value.isdigit() else LETTERS.index(value) + 1
        if number:
            yield Reading(Label(Style.BRACKETS, (number,)), match.end(), _behind(text, match.end()))
        return
    if (match := _ROMAN.match(text)) and match["value"] in _ROMAN_VALUES:
        missing = 0.0 if match["stop"].strip() else 1.2
        yield Reading(
            Label(Style.ROMAN, (_ROMAN_VALUES[match["value"]],)), match.end(), missing + _behind(text, match.end())
        )
    if match := _CAPITAL.match(text):
        yield Reading(Label(Style.CAPITAL, (ord(match["value"]) - 64,)), match.end(), 0.2 + _behind(text, match.end()))
    if match := _DECIMAL.match(text):
        yield from _decimal(text, match)
    if match := _LETTER.match(text):
        missing = 0.0 if ")" in match["stop"] else 0.4
        yield Reading(
            Label(Style.LETTER, (LETTERS.index(match["value"]) + 1,)), match.end(), missing + _behind(text, match.end())
        )


def _worded(text: str) -> Reading | None:
    match = _WORDED.match(text)
    if not match:
        return None
    words = numbering_words()
    style = words.styles.get(fold(match["word"]))
    if style is None:
        return None
    rest = text[match.end() :]
    value = fold(match["value"])
    number = words.ordinals.get(value) if match["ordinal"] else None
    if number is None and match["value"].upper() in _ROMAN_VALUES:
        number = _ROMAN_VALUES[match["value"].upper()]
    if number is None and value.isdigit():
        number = int(value)
    if not number or (style in (Style.PART, Style.CHAPTER, Style.DIVISION) and rest and not _capitals(rest)):
        return None
    printed = " ".join(text[match.start("word") : match.end("value")].split())
    return Reading(
        Label(
            Style(style),
            (number,),
            printed[:1].upper() + printed[1:].lower() if printed.isupper() and match["ordinal"] else printed,
        ),
        match.end(),
    )


def _decimal(text: str, match: re.Match[str]) -> Iterator[Reading]:
    value = tuple(int(part) for part in re.split(r"\s?[.,]\s?", match["value"]))
    if 0 in value:
        return
    stop = match["stop"].strip()
    end = match.end()
    after = text[end : end + 1]
    if len(value) == 1 and not stop and not (after.isupper() and not match["value"].startswith("0")):
        return
    if after.isdigit() and match["stop"] == ".":  # "2.3.100" is no label
        return
    cost = _behind(text, end)
    if len(value) == 1:
        cost += {"": 1.6, "/": 0.0, ")": 0.0}.get(stop, 0.0) + (3.0 if value[0] > 40 else 0.0)
        style = {"/": Style.SLASH, ")": Style.PAREN}.get(stop, Style.DECIMAL)
    else:
        style = Style.DECIMAL
        cost += 0.2 if not stop else 0.0
        cost += 0.6 if "," in match["value"] else 0.0
    yield Reading(Label(style, value), end, cost)


def _behind(text: str, end: int) -> float:
    """What follows a label begins with a capital or a figure; a small letter is doubtful, nothing at all more so."""
    rest = text[end:].lstrip("“\"'( ")
    if not rest:
        return 0.6
    if rest[0].isupper() or rest[0].isdigit():
        return 0.0
    return 1.8


def _capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return not letters or sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _broken_token(text: str) -> tuple[str, int] | None:
    """The first token when it might be a label that OCR broke: short, label-like, a capital behind it."""
    text_start = len(text) - len(text.lstrip(" ‘’'`“”\"_~^"))
    body = text[text_start:]
    match = _GLUED.match(body) or _BROKEN.match(body)
    if not match or not match["rest"]:
        return None
    token, rest = match["token"], match["rest"].lstrip("“\"' ‘’”:.")
    if not rest[:1].isupper() and not rest[:1].isdigit():
        return None
    like = sum(c in _LABEL_LIKE for c in token) / len(token)
    if like < 0.75 or not any(c.isdigit() or c in "IVXLl|!ivx" for c in token) or "%" in token:
        return None
    if re.fullmatch(r"[A-Za-z]{3,}", token) and not re.fullmatch(r"[IVXLl|1]+", token):
        return None
    return token, text_start + match.start("rest")


# ----------------------------------------------------------------------------------------------------- the channel

_LOOK_ALIKE = (
    "Il1|!i][íìÍ†t",
    "0OoQ",
    "5Ss",
    "8B",
    "2Zz",
    "VvYy¥U",
    "Xx",
    ".,·:;'’`-",
    ")]}>",
    "([{<",
    "6b",
    "9gq",
    "4A",
    "aA@",
    "đd",
)
_CLASS = {c: n for n, group in enumerate(_LOOK_ALIKE) for c in group}


@lru_cache(maxsize=65536)
def repair_cost(token: str, label: str) -> float:
    """How unlikely OCR turns ``label`` (as printed) into ``token``: an edit distance where look-alikes cost little.

    Points come and go easily, strokes are doubled or lost ("I11." for "III.", "II." for "III."), digits seldom change.
    """
    rows, columns = len(token) + 1, len(label) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            if i == j == 0:
                continue
            options = []
            if i and j:
                options.append(cost[i - 1][j - 1] + _substitution(token[i - 1], label[j - 1]))
            if i:
                options.append(cost[i - 1][j] + _gap(token[i - 1]))
            if j:
                options.append(cost[i][j - 1] + _gap(label[j - 1]))
            cost[i][j] = min(options)
    return cost[-1][-1]


def _substitution(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if _CLASS.get(one, -1) == _CLASS.get(other, -2):
        return 0.3
    if "." in (one, other):
        return 0.9
    return 1.3


def _gap(char: str) -> float:
    if char in ".,·:;'’`-":
        return 0.3
    if char in "Il1|!i":
        return 0.8
    return 1.1


# ------------------------------------------------------------------------------------------------------ the sequence

REPEATED, GAP, RESTARTED, REPAIRED = "repeated", "gap", "restarted", "repaired"
_REPAIR = 0.7  # a label is broken now and then
_BEAM = 96


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    stack: tuple[Label, ...]
    last: tuple[_Path, Numbered] | None


def number_paragraphs(openings: Sequence[Opening]) -> list[Numbered]:
    """The cheapest reading of all paragraphs together (beam search over the stacks of open labels)."""
    beam: dict[tuple[Label, ...], _Path] = {(): _Path(0.0, (), None)}
    for opening in openings:
        following: dict[tuple[Label, ...], _Path] = {}
        for path in beam.values():
            for numbered, cost in _choices(path.stack, opening):
                total = path.cost + cost
                known = following.get(numbered.stack)
                if known is None or total < known.cost:
                    following[numbered.stack] = _Path(total, numbered.stack, (path, numbered))
        beam = {p.stack: p for p in sorted(following.values(), key=lambda p: p.cost)[:_BEAM]}
    best = min(beam.values(), key=lambda p: p.cost)
    answer: list[Numbered] = []
    while best.last is not None:
        best, numbered = best.last
        answer.append(numbered)
    return answer[::-1]


def _choices(stack: tuple[Label, ...], opening: Opening) -> Iterator[tuple[Numbered, float]]:
    yield Numbered(None, stack), opening.plain
    seen: set[Label] = set()
    for reading in opening.readings:
        seen.add(reading.label)
        opened, cost, note = _open(stack, reading.label, opening.opens_list)
        yield Numbered(reading, opened, note), reading.cost + cost
    if opening.broken is None:
        return
    token, end = opening.broken
    surely = 1.0 if opening.readings and min(r.cost for r in opening.readings) < 0.5 else 0.0
    for label in expected(stack):
        if label in seen:
            continue
        repair = repair_cost(token, label.printed)
        if repair > 0.75 * len(label.printed) + 0.4:
            continue
        opened, cost, note = _open(stack, label, opening.opens_list)
        reading = Reading(label, end, repair, repaired=True)
        yield Numbered(reading, opened, note or REPAIRED), _REPAIR + surely + repair + cost


@lru_cache(maxsize=4096)
def expected(stack: tuple[Label, ...]) -> tuple[Label, ...]:
    """The labels that may well come next: successors of the open ones and first ones below the last."""
    result = [
        replace(label, value=(*label.value[:-1], n), word="") for label in stack for n in _next(label) if not label.word
    ]
    if not stack:
        result += [Label(Style.ROMAN, (1,)), Label(Style.DECIMAL, (1,)), Label(Style.CAPITAL, (1,))]
    else:
        top = stack[-1]
        if top.style is Style.DECIMAL:
            result.append(Label(Style.DECIMAL, (*top.value, 1)))
        if top.style is Style.ROMAN:
            result += [Label(Style.DECIMAL, (1,)), Label(Style.DECIMAL, (top.value[0], 1))]
        if top.style in (Style.ROMAN, Style.DECIMAL):
            result.append(Label(Style.LETTER, (1,)))
    return tuple(dict.fromkeys(result))


def _next(label: Label) -> tuple[int, ...]:
    last = label.value[-1]
    if label.style is not Style.LETTER:
        limit = 39 if label.style is Style.ROMAN else 99
        return (last + 1,) if last < limit else ()
    numbers = []
    for n in range(last, len(LETTERS)):
        numbers.append(n + 1)
        if LETTERS[n] not in _OFTEN_SKIPPED:
            break
    return tuple(numbers)


@lru_cache(maxsize=65536)
def _open(stack: tuple[Label, ...], label: Label, opens_list: bool) -> tuple[tuple[Label, ...], float, str]:
    """The stack after ``label``, what the step costs, and what is odd about it."""
    place = next((k for k, open_label in enumerate(stack) if open_label.key == label.key), None)
    if place is not None:
        return _sibling(stack, place, label, opens_list)
    return _child(stack, label)


def _sibling(
    stack: tuple[Label, ...], place: int, label: Label, opens_list: bool
) -> tuple[tuple[Label, ...], float, str]:
    before, kept = stack[place], stack[:place]
    opened = (*kept, label)
    if label.value[:-1] != before.value[:-1]:
        follows = label.value[-1] == 1 and label.value[:-1] > before.value[:-1]
        return opened, 3.0 if follows else 5.5, GAP
    if label.value[-1] in _next(before):
        return opened, 0.0, ""
    step = label.value[-1] - before.value[-1]
    if step == 0:
        return opened, 3.0, REPEATED
    if label.value[-1] == 1:
        return opened, 0.4 if opens_list else 2.6, RESTARTED
    if step > 0:
        return opened, 1.8 + 0.5 * min(step, 12), GAP
    return opened, 5.0, GAP


def _child(stack: tuple[Label, ...], label: Label) -> tuple[tuple[Label, ...], float, str]:
    late = label.value[-1] - 1
    missing = 1.8 + 0.5 * min(late, 12) if late else 0.0
    note = GAP if late else ""
    if label.style is Style.DECIMAL and len(label.value) > 1:
        for k in range(len(stack) - 1, -1, -1):
            if stack[k].style is Style.DECIMAL and stack[k].value == label.value[:-1]:
                return (*stack[: k + 1], label), missing, note
        if (
            len(label.value) == 2
            and stack
            and stack[-1].style in (Style.ROMAN, Style.CAPITAL, Style.PART, Style.CHAPTER)
        ):
            own = stack[-1].value[-1] == label.value[0]  # "II." then "2.1."
            return (*stack, label), (0.1 if own else 1.0 if label.value[0] == 1 else 2.5) + missing, note
        return (*_above(stack, label), label), 3.5 + missing, GAP
    kept = _above(stack, label)
    dropped = len(stack) - len(kept)
    below_list = bool(kept) and kept[-1].style in (Style.PAREN, Style.BRACKETS)
    return (*kept, label), missing + 2.0 * bool(dropped) + (0.8 if below_list else 0.0), note


def _above(stack: tuple[Label, ...], label: Label) -> tuple[Label, ...]:
    """The part of the stack that may stand over ``label``."""
    if label.style in (Style.LETTER, Style.PAREN, Style.BRACKETS):
        return stack
    kept = len(stack)
    while kept and stack[kept - 1].rank >= label.rank:
        kept -= 1
    return stack[:kept]
