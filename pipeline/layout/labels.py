"""Labels of sections: how they are written and what follows what.

Order of the styles: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.6 (phần, chương, mục, điều, khoản, điểm) and custom.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Style(StrEnum):
    """How a label is written; each style counts for itself."""

    __hash__ = str.__hash__  # the search for the numbering asks for it without end; that of enumerations is slow

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
    INNER = "inner"  # 1. in a list inside a bullet, whatever the sections count with


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
    Style.INNER: 14,
}

# The order of points (điểm) in Vietnamese texts; f, j, w, z are skipped by most authors, đ by some.
LETTERS = "abcdđefghijklmnopqrstuvwxyz"
CAPITALS = "ABCDĐEFGH"  # of chapters; Đ and F are skipped by most
_OFTEN_SKIPPED = frozenset("đfjwz")
FOREIGN = frozenset("fjwz")
_ROMANS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def roman(number: int) -> str:
    """Roman numeral of 1..39."""
    return "X" * (number // 10) + _ROMANS[number % 10] if number % 10 else "X" * (number // 10)


ROMAN_VALUES = {roman(n): n for n in range(1, 40)}


class Label(NamedTuple):
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
            return CAPITALS[last - 1] if last <= len(CAPITALS) else chr(ord("A") + last - 2)
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


def next_values(label: Label) -> tuple[int, ...]:
    """Last figures that may follow ``label`` among its like: one, or several where authors skip letters."""
    last = label.value[-1]
    if label.style is Style.CAPITAL:
        return tuple(
            n for n in range(last + 1, last + 3) if n <= len(CAPITALS) and set(CAPITALS[last : n - 1]) <= {"Đ", "F"}
        )
    if label.style is not Style.LETTER:
        limit = 39 if label.style is Style.ROMAN else 99
        return (last + 1,) if last < limit else ()
    numbers = []
    for n in range(last, len(LETTERS)):
        numbers.append(n + 1)
        if LETTERS[n] not in _OFTEN_SKIPPED:
            break
    return tuple(numbers)
