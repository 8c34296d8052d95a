"""The number column of a table: OCR's slips mended by the sequence the rows must follow.

A lone digit is what OCR reads worst. Between 15 and 17 stands 16; a label that is no number at all there is mended, its
confidence lowered. A number that was read as a number stays unless the engine itself doubted it: writers slip too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.layout.tables.rows import ROMAN, Field, Row
from pipeline.values import Text

DOUBTED = 0.6
MENDED_CONFIDENCE = 0.5
_PLAIN = re.compile(r"(?P<open>\(?)(?P<digits>\d{1,4})(?P<close>[.)]?)")
_ROMAN_DIGITS = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))


def mend_numbers(rows: Sequence[Row], groups: Sequence[bool]) -> list[Row]:
    """``rows`` with their first fields mended; ``groups`` tells which rows are group rows, numbered by themselves."""
    result = list(rows)
    plain = [k for k, is_group in enumerate(groups) if not is_group]
    _mend(result, plain, _plain_value, _plain_label)
    _mend(result, [k for k, is_group in enumerate(groups) if is_group], _roman_value, lambda value, _: roman(value))
    return result


def _mend(rows: list[Row], places: Sequence[int], value_of, label_of) -> None:  # type: ignore[no-untyped-def]
    values = [value_of(rows[k][0].string) for k in places]
    sequence = sum(1 for a, b in zip(values, values[1:], strict=False) if a is not None and b == a + 1)
    if sequence < 2 or sequence * 2 < len(places) - 1:
        return
    pattern = next(rows[k][0].string for k, v in zip(places, values, strict=True) if v is not None)
    for n, k in enumerate(places):
        before = values[n - 1] if n else None
        after = values[n + 1] if n + 1 < len(values) else None
        expected = _between(before, after, n, len(values))
        field = rows[k][0]
        if expected is None or values[n] == expected or field.covered:
            continue
        if values[n] is not None and field.text.confidence >= DOUBTED:
            continue
        values[n] = expected
        rows[k] = (_relabelled(field, label_of(expected, pattern)), *rows[k][1:])


def _between(before: int | None, after: int | None, n: int, count: int) -> int | None:
    """The number that must stand at place ``n``, from both neighbours (one at either end of the table)."""
    if before is not None and after is not None:
        return before + 1 if after == before + 2 else None
    if n == 0 and after == 2:
        return 1
    if n == count - 1 and before is not None:
        return before + 1
    return None


def _plain_value(string: str) -> int | None:
    match = _PLAIN.fullmatch(string.strip())
    return int(match["digits"]) if match else None


def _plain_label(value: int, pattern: str) -> str:
    match = _PLAIN.fullmatch(pattern.strip())
    if match is None:
        return str(value)
    width = len(match["digits"]) if match["digits"].startswith("0") else 1
    return f"{match['open']}{value:0{width}d}{match['close']}"


def _roman_value(string: str) -> int | None:
    string = string.strip().rstrip(".)/")
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
        replace(w, start=0, end=len(label), confidence=min(w.confidence, MENDED_CONFIDENCE))
        for w in field.text.words[:1]
    )
    return replace(field, text=Text(label, words))
