"""A page's own text layer as a second opinion on what was read in its picture.

Scanners write layers with the wrong language, but from the same ink by another engine: restored, such a layer errs in
other places than our reading does. Words of both are aligned by the ink they stand on and voted on one by one, after
the idea of ROVER (Fiscus 1997): what was read without doubt stands, a word in doubt is settled by the layer, a word the
engine left out is put in. What the layer alone says stays in doubt, so that it is looked at.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from diacritics.syllables import is_valid_syllable, strip_marks
from pipeline.boxes import Box, side_by_side
from pipeline.intake.second import is_abbreviation, is_numeral
from pipeline.layout.lines import lay_out
from pipeline.restoration import DOUBTFUL, RestoredPages, restore_pages, with_lines, words_of
from pipeline.values import Line, PageLayout, PageReading, Word, Zone, union

_SHARED = 0.4
"""Of the narrower word's width that two words share to be readings of the same ink."""
_LEVEL = 0.5
"""Of the lower word's height by which their middles may differ."""
_AGREES = 0.6
"""Least share of the words read without doubt a layer says too: 29 pages have 0.94 and more, one of tables 0.80."""
_ALONE = 0.75
"""Most confidence in a word that only one of the two readings has: below :data:`DOUBTFUL`."""
_OF_MARKS = 0.9
"""Least confidence of the layer in other marks on the same letters: of marks it knows what the language expects."""
_EDGES = ".,;:()"
_LEFT_OUT = 0.85
"""Least confidence of the layer in a word that the engine left out."""


def fused(restored: RestoredPages, readings: Sequence[PageReading]) -> RestoredPages:
    """``restored`` with the words that the layers of ``readings`` settle; pages without a layer as they are."""
    layers = [replace(r, words=r.layer, layer=(), tables=(), lines=(), angle=0.0) for r in readings if r.layer]
    if not layers:
        return restored
    words = {
        page.number: _Layer([word for line in page.lines for word in line.words])
        for page in restore_pages([lay_out(layer) for layer in layers]).pages
    }
    pages = tuple(_settled(page, words[page.number]) if page.number in words else page for page in restored.pages)
    return replace(restored, pages=pages, doubtful=sum(w.confidence < DOUBTFUL for p in pages for w in words_of(p)))


class _Layer:
    """The restored words of a layer, found by where they stand."""

    def __init__(self, words: Sequence[Word]) -> None:
        placed = sorted(((word.box.y_centre, word) for word in words if word.box), key=lambda entry: entry[0])
        self._middles = [middle for middle, _ in placed]
        self._words = [word for _, word in placed]

    def beside(self, line: Line) -> list[Word]:
        """The words whose middle lies as high as the words of ``line``, from left to right."""
        box = union([word.box for word in line.words])
        if box is None:
            return []
        start, end = bisect_left(self._middles, box.y0), bisect_left(self._middles, box.y1)
        return sorted(self._words[start:end], key=_left)


def _settled(page: PageLayout, layer: _Layer) -> PageLayout:
    """The page with the words that the ``layer`` settles, if it is this page's. A page that lies on its side has its
    words below each other: not asked."""
    lines = [(line, _readings(line, layer)) for line in page.lines]
    if page.turns or not _agrees([pair for _, pairs in lines for pair in pairs]):
        return page
    boxes = [word.box for word in words_of(page) if word.box]
    tables = tuple(
        replace(
            table,
            cells=tuple(
                with_lines(cell, tuple(_voted(line, _readings(line, layer), boxes) for line in cell.lines))
                if cell.lines
                else cell
                for cell in table.cells
            ),
        )
        for table in page.tables
    )
    return replace(page, lines=tuple(_voted(line, pairs, boxes) for line, pairs in lines), tables=tables)


_Pair = tuple[list[Word], list[Word]]
"""Words of a page and words of its layer that stand on the same ink; either may be missing."""


def _agrees(pairs: Sequence[_Pair]) -> bool:
    """Whether the layer is the page's, and stands where its words do: it says what was read without doubt."""
    same = [
        _letters(own[0].text) == _letters(other[0].text)
        for own, other in pairs
        if own and other and min([word.confidence for word in own]) >= DOUBTFUL
    ]
    return sum(same) >= _AGREES * len(same)


def _voted(line: Line, pairs: Sequence[_Pair], taken: Sequence[Box]) -> Line:
    """The line with its doubtful words settled and, in running text, those put in that were left out of it."""
    box = union([word.box for word in line.words])
    if box is None or any(word.box is None for word in line.words):
        return line
    words: list[Word] = []
    for own, other in pairs:
        if own:
            words += _vote(own, other)
        elif line.zone is Zone.BODY and _was_left_out(other[0], box, taken):
            words.append(other[0]._replace(confidence=_ALONE, bold=line.words[0].bold))
    return line if words == list(line.words) else replace(line, words=tuple(words))


def _readings(line: Line, layer: _Layer) -> list[_Pair]:
    """The words of the line and those of the layer beside them, from left to right."""
    return side_by_side([w for w in line.words if w.box], layer.beside(line), _left, _same_ink)


def _left(word: Word) -> float:
    return word.box.x0 if word.box else 0.0


def _same_ink(word: Word, opposite: Word) -> bool:
    one, other = word.box, opposite.box
    if one is None or other is None:
        return False
    left, top, right, bottom = one
    other_left, other_top, other_right, other_bottom = other
    shared = min(right, other_right) - max(left, other_left)
    if shared <= _SHARED * min(right - left, other_right - other_left):
        return False
    apart = abs((top + bottom) / 2 - (other_top + other_bottom) / 2)
    return apart < _LEVEL * min(bottom - top, other_bottom - other_top)


def _vote(own: Sequence[Word], other: Sequence[Word]) -> list[Word]:
    """What stands on one piece of ink. No language judges numbers and abbreviations that may be ones: they are kept."""
    text, said = " ".join(w.text for w in own), " ".join(w.text for w in other)
    sure, surer = min(w.confidence for w in own), min((w.confidence for w in other), default=0.0)
    if text == said:
        return [w._replace(confidence=round(1 - (1 - w.confidence) * (1 - surer), 3)) for w in own]
    least = _OF_MARKS if _letters(strip_marks(text)) == _letters(strip_marks(said)) else sure
    if sure >= DOUBTFUL or surer <= least or _letters(text) == _letters(said):
        return list(own)
    if is_numeral(text) or is_abbreviation(text) or not all(_may_settle(word, text) for word in said.split()):
        return list(own)
    printed = " ".join(w.printed for w in own)
    box = union([w.box for w in own])
    return [Word(said, printed, box, round(min(surer, _ALONE), 3), own[0].bold)]


def _may_settle(word: str, text: str) -> bool:
    """Whether ``word`` is more than what specks are read as; a label ("II.") only in the place of what is no word."""
    label = is_numeral(word) and not any(c.isdigit() for c in word)
    return _is_syllable(word) or is_abbreviation(word) or (label and not is_valid_syllable(_letters(text)))


def _is_syllable(word: str) -> bool:
    bare = word.strip(_EDGES)
    return len(bare) > 1 and bare.isalpha() and is_valid_syllable(bare)


def _letters(text: str) -> str:
    return "".join([c for c in text if c.isalnum()]).casefold()


def _was_left_out(word: Word, line: Box, taken: Sequence[Box]) -> bool:
    """Whether ``word`` stands within the ``line`` on ink of which nothing was read."""
    box = word.box
    return (
        box is not None
        and word.confidence >= _LEFT_OUT
        and all(_is_syllable(part) for part in word.text.split())
        and line.x0 <= box.x_centre <= line.x1
        and not any(_overlap(box, other) for other in taken)
    )


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > 0.2 * one.width and down > 0.3 * min(one.height, other.height)
