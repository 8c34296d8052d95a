"""How OCR breaks labels: a noisy channel over their few characters.

Form of text: a label as a typist writes it ("III.") against what was read ("I11.", "HI.", "IlI").
"""

from __future__ import annotations

from functools import lru_cache

_LOOK_ALIKE = (
    "Il1|!i][†tTLJ",
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
    "9gqø",
    "4A",
    "aA@",
    "CG€c",
    "bph",
    "ceo€",
    "7T?",
    "đd",
)
# Two characters that OCR reads as one: the strokes of "II" as "H", "I." as "L".
_MERGED = {("H", "II"): 0.3, ("N", "II"): 0.8, ("U", "II"): 0.6, ("L", "I."): 0.2, ("H", "I."): 0.8, ("Y", "IV"): 0.8}
_CLASSES = {c: frozenset(n for n, group in enumerate(_LOOK_ALIKE) if c in group) for c in "".join(_LOOK_ALIKE)}


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
            if i and j > 1:
                options.append(cost[i - 1][j - 2] + _MERGED.get((token[i - 1], label[j - 2 : j]), 9.0))
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
    if _CLASSES.get(one, frozenset()) & _CLASSES.get(other, frozenset()):
        return 0.3
    if "." in (one, other):
        return 0.4 if {one, other} & set("/-–") else 0.9  # a label may be written "1/", "I-"
    return 1.3


def _gap(char: str) -> float:
    if char in ".,·:;'’`-":
        return 0.3
    if char in "Il1|!i":
        return 0.8
    if char == "(":
        return 0.4
    return 1.1
