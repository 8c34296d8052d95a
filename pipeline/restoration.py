"""Restoring the words of laid-out pages: reads words from OCR or from a text layer, clean or garbled.

Consecutive lines of one zone are decoded together, the text of a table cell by itself; the channel is chosen for each
page from its own text. Words keep their places: the box of a merged word is the union of its pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from diacritics.restoration import Channel, detect_channel, restore_tokens
from diacritics.result import Token
from pipeline.values import Cell, Line, PageLayout, PageTable, Text, Word, union

DOUBTFUL = 0.8
"""A syllable below this confidence counts as doubtful."""

_PARAGRAPH = "\n\n"
_JUDGED_ALONE = 300
"""Characters a page must have to be judged by itself; a signature alone tells little."""
_BULLETS = frozenset("-–•*+")


@dataclass(frozen=True, slots=True)
class RestoredPages:
    """Pages with their words restored, and figures: words seen, words changed, words left in doubt."""

    pages: tuple[PageLayout, ...]
    syllables: int
    restored: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines decoded as one paragraph."""

    lines: tuple[Line, ...]


def restore_pages(pages: Sequence[PageLayout]) -> RestoredPages:
    """The words of all lines and cells of ``pages`` restored; ``Word.printed`` keeps what was read.

    Pages with the same kind of noise are restored in one reading, so that a name or term that is clear on one page
    settles it on the others.
    """
    texts = [" ".join(w.text for w in words_of(page)) for page in pages]
    overall = cache(lambda: detect_channel(" ".join(texts)))
    groups: dict[Channel, list[int]] = {}
    for number, text in enumerate(texts):
        channel: Channel = detect_channel(text) if len(text) >= _JUDGED_ALONE else overall()
        groups.setdefault(channel, []).append(number)
    restored = list(pages)
    for channel, numbers in groups.items():
        lines = iter(_restore_runs([run for number in numbers for run in _runs_of_page(pages[number])], channel))
        for number in numbers:
            restored[number] = _rebuilt(pages[number], lines)
    before = [w for page in pages for w in words_of(page)]
    after = [w for page in restored for w in words_of(page)]
    return RestoredPages(
        tuple(restored),
        syllables=len(before),
        restored=sum(w.text != unicodedata.normalize("NFC", w.printed) for w in after),
        doubtful=sum(w.confidence < DOUBTFUL for w in after),
    )


def words_of(page: PageLayout) -> Iterator[Word]:
    """The words of its lines, then those of its tables."""
    for line in page.lines:
        yield from line.words
    for table in page.tables:
        yield from table.words()


def _runs_of_page(page: PageLayout) -> list[_Run]:
    cells = (cell for table in page.tables for cell in table.cells)
    return [*_runs(page.lines), *(_Run(cell.lines) for cell in cells if cell.lines)]


def _rebuilt(page: PageLayout, restored: Iterator[tuple[Line, ...]]) -> PageLayout:
    """The page with the lines of its runs, as :func:`_runs_of_page` gave them, replaced."""
    lines = tuple(line for _ in _runs(page.lines) for line in next(restored))
    tables = tuple(_restore_table(table, restored) for table in page.tables)
    return replace(page, lines=lines, tables=tables)


def _restore_table(table: PageTable, restored: Iterator[tuple[Line, ...]]) -> PageTable:
    cells = tuple(with_lines(cell, next(restored)) if cell.lines else cell for cell in table.cells)
    return replace(table, cells=cells)


def with_lines(cell: Cell, lines: tuple[Line, ...]) -> Cell:
    """The cell with new lines and its text made of them, items kept apart as they were."""
    starts = _item_starts(cell)
    groups: list[list[Line]] = []
    for i, line in enumerate(lines):
        if not groups or i in starts:
            groups.append([])
        groups[-1].append(line)
    text = Text.join([Text.of_lines(group) for group in groups], separator="\n")
    return replace(cell, lines=lines, text=text)


def _item_starts(cell: Cell) -> frozenset[int]:
    """The lines of ``cell`` that begin a new item in its text: those before which the text has a newline."""
    starts = set()
    at = 0
    text = cell.text.string
    for i, line in enumerate(cell.lines):
        piece = unicodedata.normalize("NFC", " ".join(line.text.split()))
        found = text.find(piece, at) if piece else -1
        if found < 0:
            continue
        if i and "\n" in text[at:found]:
            starts.add(i)
        at = found + len(piece)
    return frozenset(starts)


def _runs(lines: Sequence[Line]) -> list[_Run]:
    """Lines grouped into paragraphs: a change of zone, a wide gap or a bullet begins a new one."""
    groups: list[list[Line]] = []
    before: Line | None = None
    for line in lines:
        if before is None or _begins_paragraph(before, line):
            groups.append([])
        groups[-1].append(line)
        before = line
    return [_Run(tuple(group)) for group in groups]


def _begins_paragraph(before: Line, line: Line) -> bool:
    if before.zone is not line.zone or before.fills is False:
        return True
    if line.gap_before is not None and line.gap_before >= 1.0:
        return True
    first = line.words[0].text if line.words else ""
    return first[:1] in _BULLETS


def _restore_runs(runs: Sequence[_Run], channel: Channel) -> list[tuple[Line, ...]]:
    """The lines of every run, restored in one pass over the page."""
    text = ""
    confidences: list[float] = []
    spans: list[tuple[int, int]] = []
    words: list[Word] = []
    for run in runs:
        for number, line in enumerate(run.lines):
            if text:
                text += "\n" if number else _PARAGRAPH
            for w, word in enumerate(line.words):
                piece = unicodedata.normalize("NFC", " ".join(word.text.split()))
                text += " " if w else ""
                spans.append((len(text), len(text) + len(piece)))
                confidences += [word.confidence] * len(piece.split())
                text += piece
            words += line.words
    kept = iter(_rewritten(text, restore_tokens(text, confidences, channel=channel), spans, words))
    return [tuple([replace(line, words=_next(kept, len(line.words))) for line in run.lines]) for run in runs]


def _next(kept: Iterator[Word | None], count: int) -> tuple[Word, ...]:
    """The next ``count`` words, as far as they are left."""
    return tuple([word for word in islice(kept, count) if word is not None])


def _rewritten(
    text: str, tokens: Sequence[Token], spans: Sequence[tuple[int, int]], words: Sequence[Word]
) -> list[Word | None]:
    """Each word with the restored text of its tokens; of words under one merged token the first has it, the others are
    None. ``spans``: where the words stand in the text."""
    result: list[Word | None] = []
    cursor = 0
    while (position := len(result)) < len(words):
        start, end = spans[position]
        behind = position + 1
        first = cursor
        while cursor < len(tokens) and tokens[cursor].start < end:
            token = tokens[cursor]
            cursor += 1
            while token.end > end and behind < len(words):
                end = spans[behind][1]
                behind += 1
        result.append(_word(text, start, end, tokens[first:cursor], words[position:behind]))
        result += [None] * (behind - position - 1)
    return result


def _word(text: str, start: int, end: int, tokens: Sequence[Token], members: Sequence[Word]) -> Word:
    pieces: list[str] = []
    at = start
    changed, sure = False, 1.0
    for token in tokens:
        pieces += (text[at : token.start], token.text)
        at = token.end
        changed = changed or token.changed
        sure = min(sure, token.confidence)
    pieces.append(text[at:end])
    _, printed, box, read, bold = members[0]
    if len(members) > 1:
        printed, box = " ".join([w.printed for w in members]), union([w.box for w in members])
        read = min([w.confidence for w in members])
    # a word that stands as it was read is as sure as its reading, unless the language model speaks against it
    confidence = sure if changed else min(read, max(sure, read / 2))
    return Word("".join(pieces), printed, box, round(confidence, 3), bold)
