"""Restoring the words of laid-out pages: reads words from OCR or from a text layer, clean or garbled.

Consecutive lines of one zone are decoded together, the text of a table cell by itself; the channel is chosen for each
page from its own text. Words keep their places: the box of a merged word is the union of its pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    overall = detect_channel(" ".join(texts))
    groups: dict[Channel, list[int]] = {}
    for number, text in enumerate(texts):
        channel: Channel = detect_channel(text) if len(text) >= _JUDGED_ALONE else overall
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
    places: list[tuple[int, int, int, int, int]] = []  # start, end, run, line, word
    for r, run in enumerate(runs):
        for number, line in enumerate(run.lines):
            if text:
                text += "\n" if number else _PARAGRAPH
            for w, word in enumerate(line.words):
                piece = unicodedata.normalize("NFC", " ".join(word.text.split()))
                text += " " if w else ""
                places.append((len(text), len(text) + len(piece), r, number, w))
                confidences += [word.confidence] * len(piece.split())
                text += piece
    tokens = restore_tokens(text, confidences, channel=channel)
    words = {place[2:]: runs[place[2]].lines[place[3]].words[place[4]] for place in places}
    kept = _rewritten(text, tokens, places, words)
    result = []
    for r, run in enumerate(runs):
        lines = []
        for number, line in enumerate(run.lines):
            own = [kept[r, number, w] for w in range(len(line.words)) if (r, number, w) in kept]
            lines.append(replace(line, words=tuple(own)))
        result.append(tuple(lines))
    return result


_Place = tuple[int, int, int]


def _rewritten(
    text: str,
    tokens: Sequence[Token],
    places: Sequence[tuple[int, int, int, int, int]],
    words: dict[_Place, Word],
) -> dict[_Place, Word]:
    """Each word with the restored text of its tokens; words under one merged token become the first of them."""
    kept: dict[_Place, Word] = {}
    cursor = 0
    position = 0
    while position < len(places):
        start, end, *key = places[position]
        last = position
        own: list[Token] = []
        while cursor < len(tokens) and tokens[cursor].start < end:
            token = tokens[cursor]
            own.append(token)
            cursor += 1
            while token.end > end and last + 1 < len(places):
                last += 1
                end = places[last][1]
        members = [words[places[i][2], places[i][3], places[i][4]] for i in range(position, last + 1)]
        kept[key[0], key[1], key[2]] = _word(text, start, end, own, members)
        position = last + 1
    return kept


def _word(text: str, start: int, end: int, tokens: Sequence[Token], members: Sequence[Word]) -> Word:
    pieces = []
    at = start
    for token in tokens:
        pieces += [text[at : token.start], token.text]
        at = token.end
    restored = "".join([*pieces, text[at:end]])
    read = min(w.confidence for w in members)
    changed = any(t.changed for t in tokens)
    sure = min((t.confidence for t in tokens), default=1.0)
    # a word that stands as it was read is as sure as its reading, unless the language model speaks against it
    confidence = sure if changed else min(read, max(sure, read / 2))
    return Word(
        restored,
        " ".join(w.printed for w in members),
        union(w.box for w in members),
        round(confidence, 3),
        members[0].bold,
    )
