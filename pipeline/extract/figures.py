"""Figures of dates whose signs OCR took for letters: "tháng l/2026", "tháng O6", "3O/6/2026", "ngày l5/7".

Reads the words behind "ngày", "tháng" and "năm", and words that hold a stroke between figures. A letter is taken for a
figure only where nothing but a figure can stand; the word keeps its place and loses confidence.
"""

from __future__ import annotations

import re

from pipeline.values import Text

_AS_FIGURES = str.maketrans("lI|OoQ", "111000")
_MENDED = 0.75
_SIGN = r"[\dlI|OoQ]"
_CANDIDATES = re.compile(
    rf"(?<=[Tt]háng\s){_SIGN}{{1,2}}(?=\s*[/.,;)\-–]|\s+(?:năm|đến|và)\b|\s*$)"  # "tháng l/2026"
    rf"|(?<=[Nn]gày\s){_SIGN}{{1,2}}(?=\s*/\s*{_SIGN}|\s+tháng\b)"  # "ngày l5/7"
    rf"|(?<![\w/]){_SIGN}{{1,2}}/{_SIGN}{{1,2}}(?:/(?:20|2O|2o){_SIGN}{{2}})(?![\w/])"  # "3O/6/2026"
    rf"|(?<=\d/)(?:20|2O|2o){_SIGN}{{2}}(?![\w/])"  # "6/2O26"
)


def mend_figures(text: Text) -> Text:
    """The text with letters that can only be figures put right, words keeping their places."""
    string = text.string
    if "/" not in string and "gày" not in string and "háng" not in string:  # one stands before or in what is mended
        return text
    touched: list[tuple[int, int]] = []
    for found in _CANDIDATES.finditer(text.string):
        figure = found.group().translate(_AS_FIGURES)
        if figure != found.group() and any(c.isdigit() for c in text.string[found.start() : found.end() + 5]):
            string = string[: found.start()] + figure + string[found.end() :]
            touched.append(found.span())
    if not touched:
        return text
    words = tuple(
        w._replace(confidence=min(w.confidence, _MENDED)) if any(w.start < b and a < w.end for a, b in touched) else w
        for w in text.words
    )
    return Text(string, words)
