"""The number column of a table: OCR's slips mended by the sequence the rows must follow.

A lone digit is what OCR reads worst. Between 15 and 17 stands 16, whatever was read there: it is mended, its confidence
lowered. A number that agrees with a neighbour stays as it is: a writer who slips counts on from his slip.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.knowledge.cells import is_total
from pipeline.layout.tables.rows import ROMAN, Field, Row
from pipeline.values import Text

Number = tuple[int, ...]
"""A number by its levels: "2.1" is (2, 1)."""
MENDED_CONFIDENCE = 0.5
_PLAIN = re.compile(r"(?P<open>\(?)(?P<digits>\d{1,4})(?P<close>[.)]?)")
_ANY_LEVEL = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?")
LEAST_DOTTED = 2  # numbers of the second level that tell that there are levels
_ROMAN = re.compile(rf"(?:{ROMAN.pattern})[.)/]?")
_DIGITS = str.maketrans("lI|![]Oo", "11111100")
"""Letters and signs that OCR reads for digits."""
_ROMAN_LOOKALIKES = str.maketrans({"H": "II", "L": "I", "1": "I", "|": "I", "!": "I", "[": "I", "]": "I", "Y": "V"})
_ROMAN_DIGITS = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))


def mend_numbers(rows: Sequence[Row], groups: Sequence[bool]) -> list[Row]:
    """``rows`` with their first fields mended; ``groups`` tells which rows are group rows, numbered by themselves.

    Rows that add up others have no number.
    """
    result = list(rows)
    plain = [k for k, row in enumerate(rows) if not groups[k] and _takes_number(row)]
    if sum(len(_dotted_value(rows[k][0].string) or ()) > 1 for k in plain) >= LEAST_DOTTED:
        _mend_dotted(result, plain)
    else:
        _mend(result, plain, _PLAIN, _plain_value, _plain_label)
    headings = [k for k, is_group in enumerate(groups) if is_group]
    _mend(result, headings, _ROMAN, _roman_value, lambda value, _: roman(value))
    return result


def _takes_number(row: Row) -> bool:
    """Not so the rows under a merged number, the rest of a row that a page cut, and sums."""
    return not row[0].covered and any(f.string for f in row[:2]) and not any(is_total(f.string) for f in row[:2])


def _mend_dotted(rows: list[Row], places: Sequence[int]) -> None:
    """Numbers of several levels ("1", "1.1", "1.2", "2"): one that neither follows nor is followed is read anew."""
    labels = [_dotted_value(rows[k][0].string) for k in places]
    starts = [n == 0 or places[n] - places[n - 1] > 1 for n in range(len(places))]  # behind a group row
    for n, k in enumerate(places):
        label, before = labels[n], labels[n - 1] if n and not starts[n] else None
        after = labels[n + 1] if n + 1 < len(places) and not starts[n + 1] else None
        heads = n > 0 and not any(f.string for f in rows[places[n - 1]][2:])
        labels[n] = _in_sequence(label, before, after, below_heading=heads)
        proper = ".".join(map(str, labels[n] or ()))
        if proper and (labels[n] != label or not _ANY_LEVEL.fullmatch(rows[k][0].string.strip())):
            rows[k] = (_relabelled(rows[k][0], proper), *rows[k][1:])


def _in_sequence(
    label: Number | None, before: Number | None, after: Number | None, *, below_heading: bool
) -> Number | None:
    """The number that stands between two others; ``label`` itself where nothing speaks against it.

    ``before`` is None for the first of a group; ``below_heading``: the row above heads those below it.
    """
    parted = divmod(label[0], 10) if label is not None and len(label) == 1 and label[0] > 10 else None  # "21" for "2.1"
    if before is None:
        return parted if parted is not None and parted[1] == 1 else label
    likely = _following(before)
    if label in likely:
        return label
    if parted in likely:
        return parted
    if label is not None and after is not None and label >= before and after in _following(label):
        return label  # the writer counts so
    if below_heading:
        likely = [likely[-1], *likely[:-1]]
    return next((x for x in likely if after is None or after in _following(x)), label)


def _following(label: Number) -> list[Number]:
    """What may stand behind a number: the next of its level, of a level above, the first of the level below."""
    nexts = [(*label[: n - 1], label[n - 1] + 1) for n in range(len(label), 0, -1)]
    return [*nexts, (*label, 1)]


def _dotted_value(string: str) -> Number | None:
    match = _ANY_LEVEL.fullmatch(re.sub(r"(?<=\d)[,:](?=\d)", ".", string.strip()).rstrip(".,:"))
    return tuple(int(part) for part in match[1].split(".")) if match else None


def _mend(
    rows: list[Row],
    places: Sequence[int],
    proper: re.Pattern[str],
    value_of: Callable[[str], int | None],
    label_of: Callable[[int, str], str],
) -> None:
    values = [value_of(rows[k][0].string) for k in places]
    known = [v for v in values if v is not None]
    steps = sum(1 for a, b in pairwise(values) if a is not None and b == a + 1)
    if len(known) < 2 or steps == 0 or len(known) * 2 < len(values):
        return
    sure = [v if _fits(values, n) else None for n, v in enumerate(values)]
    if values[-1] is not None:  # behind a gap the writer may have counted on otherwise
        sure[-1] = values[-1]
    pattern = next((rows[k][0].string for k in places if proper.fullmatch(rows[k][0].string.strip())), "")
    for n, expected in enumerate(_completed(sure)):
        field = rows[places[n]][0]
        if expected is None or field.covered or (expected == values[n] and proper.fullmatch(field.string.strip())):
            continue
        rows[places[n]] = (_relabelled(field, label_of(expected, pattern)), *rows[places[n]][1:])


def _fits(values: Sequence[int | None], n: int) -> bool:
    """Whether a neighbour bears out the number at place ``n``."""
    value = values[n]
    before, after = values[n - 1] if n else None, values[n + 1] if n + 1 < len(values) else None
    return value is not None and ((n == 0 and value == 1) or before == value - 1 or after == value + 1)


def _completed(sure: Sequence[int | None]) -> list[int | None]:
    """Gaps filled where the numbers on both sides leave exactly their room (at the ends: from 1, and one more)."""
    result = list(sure)
    n = 0
    while n < len(result):
        if result[n] is not None:
            n += 1
            continue
        end = n
        while end < len(result) and result[end] is None:
            end += 1
        before = result[n - 1] if n else 0
        after = result[end] if end < len(result) else None
        fits = after is None if end == len(result) and end - n == 1 else False
        if before is not None and (fits or (after is not None and after - before == end - n + 1)):
            for k in range(n, end):
                result[k] = before + 1 + k - n
        n = end
    return result


def _plain_value(string: str) -> int | None:
    match = _PLAIN.fullmatch(string.strip().translate(_DIGITS))
    return int(match["digits"]) if match else None


def _plain_label(value: int, pattern: str) -> str:
    match = _PLAIN.fullmatch(pattern.strip())
    if match is None:
        return str(value)
    width = len(match["digits"]) if match["digits"].startswith("0") else 1
    return f"{match['open']}{value:0{width}d}{match['close']}"


def _roman_value(string: str) -> int | None:
    plain = unicodedata.normalize("NFD", string.strip().rstrip(".)/").upper())
    string = "".join(c for c in plain if not unicodedata.combining(c)).translate(_ROMAN_LOOKALIKES)
    if not ROMAN.fullmatch(string):
        return None
    return next((n for n in range(1, 40) if roman(n) == string), None)


def roman(value: int) -> str:
    result = ""
    for digit, worth in _ROMAN_DIGITS:
        while value >= worth:
            result, value = result + digit, value - worth
    return result


def _relabelled(field: Field, label: str) -> Field:
    words = tuple(
        w._replace(start=0, end=len(label), confidence=min(w.confidence, MENDED_CONFIDENCE))
        for w in field.text.words[:1]
    )
    return replace(field, text=Text(label, words))
