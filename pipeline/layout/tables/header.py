"""The header of a table: how many rows it has, what its columns are called, and whether a page repeats it."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from pipeline.knowledge.columns import heading_kind
from pipeline.knowledge.folding import fold
from pipeline.layout.tables.rows import Field, Row, is_label
from pipeline.values import Text

LONGEST_HEADING = 90  # letters
DEEPEST = 4  # header levels seen in plans: at most three, and a row of column numbers
LEAST_NUMBERED = 0.7  # of the columns, in a row that numbers them
LONGEST_SIGN = 5  # letters of such a number: "(12)."
MANY = 4  # columns; a row of fewer bare numbers is data
SEQUENCE = 0.6  # share of such a row's numbers that are read right
ALPHABET = "ABCDEFGHIJKLM"
SAME_HEADING = 70.0  # similarity of a repeated header's text, OCR errors included
_LETTERS_LOST = 1  # of a heading that is repeated
_FEWEST_LETTERS = 4  # of a text under it: fewer are specks, and numbers are those of columns

_NUMBER_COLUMN = frozenset({"stt", "tt", "sott", "so", "sothutu", "no"})
_FIRST = frozenset({"1", "01"})
_LOOKALIKES = str.maketrans("lI|!i", "11111")


def header_depth(rows: Sequence[Row]) -> int:
    """Rows of the header at the top of ``rows``; 0 when the table starts with data."""
    if not rows or not (_is_header(rows[0]) or _heads_first_row(rows)):
        return 0
    depth = max((f.height for f in rows[0] if f.string and f.width < len(rows[0])), default=1)
    if depth == 1 and any(1 < f.width < len(rows[0]) for f in rows[0]) and len(rows) > 1 and not rows[1][0].string:
        depth = 2  # headings over several columns, whose names stand below
    return min(depth, DEEPEST, len(rows))


def _is_header(row: Row) -> bool:
    first = row[0].string.strip()
    if names_number_column(row):
        return True
    if is_label(first):
        return False
    filled = [f for f in row if f.string]
    return (
        len(filled) >= 2
        and len(filled) + sum(f.covered for f in row) >= len(row) - 1
        and all(len(f.string) <= LONGEST_HEADING and not f.opens_item for f in filled)
    )


def _heads_first_row(rows: Sequence[Row]) -> bool:
    """Whether the first row heads a row numbered 1, the number column's heading read as a number ("11" for "TT")."""
    if len(rows) < 2 or rows[1][0].string.strip(" .)") not in _FIRST:
        return False
    others = [f for f in rows[0][1:] if not f.covered]
    known = sum(heading_kind(f.string) is not None for f in others)
    words = all(any(c.isalpha() for c in f.string) and len(f.string) <= LONGEST_HEADING for f in others)
    return words and (known >= 1 or not _letters(rows[0][0].string).isdigit())


def names_number_column(row: Row) -> bool:
    """Whether a row begins with the heading of a number column ("STT", "TT", "Số TT"): no row of data does."""
    return _letters(row[0].string) in _NUMBER_COLUMN


def is_numbering(row: Row, *, below_header: bool = True) -> bool:
    """A row of column numbers: "(1) (2) (3)", "1 2 3=1+2", "A B 1 2", some of them broken by OCR.

    Short signs only, most of which count on. Elsewhere than below a header a few small numbers may be data: then all
    columns are numbered in brackets, or there are many.
    """
    signs = [f.string.strip() for f in row if f.string]
    if len(signs) < 2 or len(signs) + sum(f.covered for f in row) < LEAST_NUMBERED * len(row):
        return False
    if any(len(s.split("=")[0].replace(" ", "")) > LONGEST_SIGN for s in signs):
        return False
    if not below_header and len(signs) < MANY and not any(c in s for s in signs for c in "()[]"):
        return False
    return _counts(signs, [c for c, f in enumerate(row) if f.string])


def _counts(signs: Sequence[str], columns: Sequence[int]) -> bool:
    """Whether signs count on, each one more than the sign (or column) before; letters may come first."""
    letters = "".join(s for s in signs if len(s) == 1 and s.isalpha()).upper()
    if len(letters) == len(signs) and len(letters) > 2:
        return letters in ALPHABET
    values = [_value(s) for s in signs]
    numbers = [v for v in values if v is not None]
    words = any(v is None and sum(c.isalpha() for c in s) > 1 for v, s in zip(values, signs, strict=True))
    if words or len(set(numbers)) < len(numbers):
        return False
    steps = max(
        (sum(v is not None and v - k == first for v, k in zip(values, places, strict=True)), first)
        for places in (range(len(signs)), columns)
        for first in (1, 0, -1, -2)
    )
    lettered = len(signs) - len(numbers) if signs[0][:1].upper() == "A" else 0
    return steps[0] >= max(2, SEQUENCE * (len(signs) - lettered))


def _value(sign: str) -> int | None:
    digits = "".join(c for c in sign.split("=")[0].translate(_LOOKALIKES) if c.isdigit())
    return int(digits) if digits else None


def column_names(header: Sequence[Row], columns: int) -> tuple[str, ...]:
    """One name a column: the headings above it from the top level down, joined by " - "."""
    names = []
    for column in range(columns):
        parts: list[str] = []
        for level in range(len(header)):
            string = " ".join(_heading(header, level, column).split())
            if string and string not in parts:
                parts.append(string)
        names.append(" - ".join(parts))
    return tuple(names)


def _heading(header: Sequence[Row], level: int, column: int) -> str:
    """The heading whose cell lies over the field at ``level`` and ``column``."""
    for r in range(level, -1, -1):
        for c in range(column, -1, -1):
            field = header[r][c]
            if not field.covered:
                if r + field.height > level and c + field.width > column:
                    return field.string
                break
    return header[level][column].string


def repeats(header: Sequence[Row], rows: Sequence[Row]) -> bool:
    """Whether ``rows`` begin with ``header`` again, OCR errors and what stands under its headings aside."""
    if not header or len(rows) < len(header):
        return False
    pairs = [pair for pair in _fields(header, rows) if pair[0].string or pair[1].string]
    wanted = " ".join([_letters(heading.string) for heading, _ in pairs])
    found = " ".join([_letters(_parted(*pair)[0].string) for pair in pairs])
    return bool(wanted.strip()) and fuzz.ratio(wanted, found) >= SAME_HEADING


def rest_below(header: Sequence[Row], rows: Sequence[Row]) -> Row:
    """What stands under the headings that ``rows`` repeat, in the same cells: the rest of a row that the page break
    cut, where no rule is drawn between it and the header."""
    rests = [_parted(*pair)[1] for pair in _fields(header, rows)]
    columns = len(header[0])
    return tuple(Field(Text.join(filter(None, rests[column::columns]))) for column in range(columns))


def _fields(header: Sequence[Row], rows: Sequence[Row]) -> list[tuple[Field, Field]]:
    return [pair for own, again in zip(header, rows, strict=False) for pair in zip(own, again, strict=True)]


def _parted(heading: Field, found: Field) -> tuple[Text, Text]:
    """The text of a repeated field as its heading and what follows it, if that is some words."""
    wanted, letters = _letters(heading.string), 0
    for word in found.text.words:
        if wanted and letters >= len(wanted) - _LETTERS_LOST:
            head, rest = found.text.slice(0, word.start), found.text.slice(word.start)
            if sum(c.isalpha() for c in rest.string) >= _FEWEST_LETTERS and (
                fuzz.ratio(wanted, _letters(head.string)) >= SAME_HEADING
            ):
                return head, rest
        letters += len(_letters(found.string[word.start : word.end]))
    return found.text, Text("")


def _letters(string: str) -> str:
    """Letters and digits only, without case and diacritics."""
    return "".join(c for c in fold(string) if c.isalnum())
