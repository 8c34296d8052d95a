"""The values that flow through the pipeline, from words on a page to the outline of a plan.

Every value is immutable and carries where it came from, so that any leaf of the JSON can be shown on the page.
Lengths are PDF points (1/72 inch) with the origin at the top left of the page; confidences lie in 0..1. What a document
has thousands of (words, boxes) are named tuples: made and unpickled several times as fast as frozen dataclasses.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from pipeline.boxes import Box as Box
from pipeline.boxes import union as union
from pipeline.stored import Stored, keep_by_values

if TYPE_CHECKING:
    from schemas.base import Source


class Word(NamedTuple):
    """One word as read.

    ``text`` is the best reading so far; ``printed`` is what OCR or the text layer gave before restoration.
    ``box`` is None for words from a text dump.
    """

    text: str
    printed: str
    box: Box | None = None
    confidence: float = 1.0
    bold: bool | None = None


class Zone(StrEnum):
    """The part of a page a line belongs to."""

    LETTERHEAD_LEFT = "letterhead_left"
    LETTERHEAD_RIGHT = "letterhead_right"
    BODY = "body"
    SIGNATURE_LEFT = "signature_left"  # the recipients' column
    SIGNATURE_RIGHT = "signature_right"  # capacity, position, name
    DIGITAL_SIGNATURE = "digital_signature"
    RUNNING = "running"  # page numbers, running heads
    STAMP = "stamp"  # "Công văn đến", "HỎA TỐC", marginal notes


class _Joined(Stored):
    """Keeps its text once it was joined: the rules ask for a line's a dozen times."""

    __slots__ = ("_joined",)
    _joined: str


@dataclass(frozen=True, slots=True)
class Line(_Joined):
    """One printed line inside its column.

    ``indent`` is its distance from the left edge of the page's text block, ``gap_before`` the white space above it in
    line heights, ``fills`` whether it reaches the right edge, so that the next line may continue its sentence. They are
    None where there is no geometry (text dumps). For a text dump ``gap_before`` is 1.0 behind a blank line, else 0.0.
    """

    page: int
    words: tuple[Word, ...]
    box: Box | None = None
    zone: Zone = Zone.BODY
    indent: float | None = None
    centred: bool = False
    bold: bool | None = None
    gap_before: float | None = None
    fills: bool | None = None
    place: int | None = None  # in a text dump: its order on the page, lines of tables counted

    @property
    def text(self) -> str:
        """Its words, a blank between two."""
        try:
            return self._joined
        except AttributeError:
            object.__setattr__(self, "_joined", " ".join([w.text for w in self.words]))
            return self._joined


class PlacedWord(NamedTuple):
    """A word inside a :class:`Text`: its span of characters and its place on paper."""

    start: int
    end: int
    page: int
    box: Box | None
    confidence: float
    printed: str


_BROKEN_CODE = re.compile(r"[^\W_][-/]$")  # at the end of a line


@lru_cache(maxsize=16384)
def _tidied(word: str) -> str:
    """The word in NFC, its white space as single blanks inside: a plan says few different words often."""
    return unicodedata.normalize("NFC", " ".join(word.split()))


_placed = partial(tuple.__new__, PlacedWord)  # a text has hundreds: without a frame of Python for each
keep_by_values(Word, PlacedWord)


@dataclass(frozen=True, slots=True)
class Text(Stored):
    """A string that knows where each of its words stands on paper.

    Slices keep the knowledge, so that a deadline found by a pattern in a paragraph can be shown on the page.
    """

    string: str
    words: tuple[PlacedWord, ...] = ()

    @staticmethod
    def of_lines(lines: Iterable[Line], joined_by: str = " ") -> Text:
        """Lines as one text, NFC, one space between words; a word hyphenated by the line break is rejoined.

        Rejoined are codes only ("57-" + "NQ/TW" -> "57-NQ/TW"): Vietnamese syllables are never broken, so a hyphen
        right behind a letter or digit at the end of a line belongs to a code that goes on.
        """
        pieces: list[str] = []
        words: list[PlacedWord] = []
        length = 0
        for line in lines:
            page, behind_break = line.page, True
            for text, printed, box, confidence, _ in line.words:
                piece = _tidied(text)
                if piece and length:
                    broken = behind_break and piece[0].isalnum() and _BROKEN_CODE.search("".join(pieces[-3:]))
                    between = "" if broken else joined_by if behind_break else " "
                    pieces.append(between)
                    length += len(between)
                if piece:
                    pieces.append(piece)
                    start, length = length, length + len(piece)
                    words.append(_placed((start, length, page, box, confidence, printed)))
                behind_break = False
        return Text("".join(pieces), tuple(words))

    @staticmethod
    def join(parts: Iterable[Text], separator: str = " ") -> Text:
        string = ""
        words: list[PlacedWord] = []
        for part in parts:
            if not part.string:
                continue
            string += separator if string else ""
            at = len(string)
            words += [_placed((a + at, b + at, page, box, sure, word)) for a, b, page, box, sure, word in part.words]
            string += part.string
        return Text(string, tuple(words))

    def __bool__(self) -> bool:
        return bool(self.string)

    def __str__(self) -> str:
        return self.string

    def slice(self, start: int = 0, end: int | None = None) -> Text:
        """Characters ``start`` to ``end``, outer white space removed."""
        stop = len(self.string) if end is None else min(end, len(self.string))
        start = max(0, start)
        while start < stop and self.string[start].isspace():
            start += 1
        while stop > start and self.string[stop - 1].isspace():
            stop -= 1
        if start == 0 and stop == len(self.string) and (not self.words or self.words[-1].end <= stop):
            return self
        first = bisect_left(self.words, (start,))
        while first and self.words[first - 1].end > start:
            first -= 1
        words = [
            _placed((a - start if a > start else 0, (b if b < stop else stop) - start, page, box, confidence, printed))
            for a, b, page, box, confidence, printed in self.words[first : bisect_left(self.words, (stop,))]
        ]
        return Text(self.string[start:stop], tuple(words))

    def sources(self, sure: float = 1.0) -> list[Source]:
        """One source a page, in page order: the box around the words and how sure their reading is, times ``sure``, how
        sure it is that they mean what they were taken for."""
        from schemas.base import Source  # here: pages are read before the models of a plan are there

        result = []
        pages = {word.page for word in self.words}
        for page in sorted(pages):
            words = self.words if len(pages) == 1 else [word for word in self.words if word.page == page]
            box = union([word.box for word in words])
            confidence = round(_confidence(words) * sure, 3)
            result.append(Source(page=page, bbox=box.as_tuple() if box else None, confidence=confidence))
        return result

    @property
    def confidence(self) -> float:
        return _confidence(self.words)


def _confidence(words: Sequence[PlacedWord]) -> float:
    """Mean confidence weighted by length, drawn down by the worst word: one bad word spoils a value."""
    if not words:
        return 1.0
    total, letters, worst = 0.0, 0, 1.0
    for start, end, _, _, confidence, _ in words:
        length = end - start or 1
        total += length * confidence
        letters += length
        worst = confidence if confidence < worst else worst
    return round((total / letters + worst) / 2, 3)


@dataclass(frozen=True, slots=True)
class Cell(Stored):
    """One cell of a ruled table; ``text`` holds wrapped lines joined by a space, bullet items parted by newlines."""

    row: int
    column: int
    text: Text
    row_span: int = 1
    column_span: int = 1
    box: Box | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class PageTable(Stored):
    """A table as it stands on one page. A merged cell stands once, at its first row and column."""

    page: int
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    box: Box | None = None
    column_edges: tuple[float, ...] = ()
    """Where each vertical rule stands along the rows of the page held upright, columns + 1 of them."""
    open_top: bool = False  # no rule closes the first row: it continues a row of the page before
    open_bottom: bool = False
    place: int | None = None  # in a text dump: the order of its first line on the page
    unruled: bool = False  # told by alignment alone

    def words(self) -> list[Word]:
        """The words of all its cells."""
        return [word for cell in self.cells for line in cell.lines for word in line.words]


@dataclass(frozen=True, slots=True)
class Table:
    """A table joined over its pages: header rows apart, every row as long as ``columns``."""

    header: tuple[tuple[Text, ...], ...]
    rows: tuple[tuple[Text, ...], ...]
    columns: tuple[str, ...]
    pages: tuple[int, ...]
    boxes: tuple[Box | None, ...] = ()
    title: Text | None = None
    place: int | None = None  # in a text dump: the order of its first line on its first page
    covered: tuple[tuple[int, int, int], ...] = ()
    """Row and column of each field that a cell merged over rows covers, and the row that cell begins in."""


@dataclass(frozen=True, slots=True)
class Triage:
    """What a page is made of, with the score that decided (share of valid Vietnamese tokens in its text layer)."""

    kind: str
    score: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PageReading(Stored):
    """All that was read on one page: words outside tables, tables, and how it was done."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    tables: tuple[PageTable, ...] = ()
    method: str = "ocr"  # ocr, text_layer, fused, none
    triage: Triage = field(default_factory=lambda: Triage("image"))
    lines: tuple[Line, ...] = ()  # given already where the source has lines (text dumps, text layers)
    angle: float = 0.0  # degrees by which the page was straightened
    error: str | None = None
    flat: tuple[float, ...] = ()
    """Of a photographed sheet: 3 x 3 matrix, by rows, from points of the page to the sheet laid flat on it; else ()."""
    layer: tuple[Word, ...] = ()
    """Words of the file's own text layer, where it is no more than a second opinion on those read in the picture."""


@dataclass(frozen=True, slots=True)
class PageLayout(Stored):
    """A page as lines in reading order, each in its zone, with its tables."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[PageTable, ...] = ()
    turns: int = 0  # quarter turns clockwise by which it is held upright; boxes stand as on the page as it is

    def upright(self, box: Box) -> Box:
        """Where ``box`` stands on the page held upright."""
        return box.turned(self.turns, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that make one paragraph, rejoined over line and page breaks."""

    text: Text
    indent: float | None = None
    centred: bool = False
    bold: bool | None = None

    @property
    def page(self) -> int:
        return self.text.words[0].page if self.text.words else 1


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class DocumentLayout:
    """The document in reading order, its formal parts apart (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

    letterhead_left: tuple[Text, ...]  # issuing bodies and number, a line each
    letterhead_right: tuple[Text, ...]  # motto, place and date
    title: tuple[Text, ...]  # document type, then the lines of the trích yếu
    body: tuple[Block, ...]  # all that follows, appendices after the signature included
    recipients: tuple[Text, ...]  # lines of "Nơi nhận"
    signature: tuple[Text, ...]  # lines of the signature column(s)
    digital_signature: Text | None = None
    stamps: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A bullet or an un-numbered paragraph of a section, its marker taken off.

    ``depth`` counts bullets only: 0 for a plain paragraph or a "-" bullet, 1 for a "+" below it, and so on.
    ``closing``: a paragraph that closes the chapter, though it stands in its last section.
    """

    text: Text
    marker: str | None = None
    depth: int = 0
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered heading or statement with what stands under it.

    ``statement``: the numbered line is a whole statement, so ``title`` is empty and it is the first item.
    ``content`` keeps items, tables and subsections in printed order.
    """

    label: str
    title: Text
    level: int
    role: str
    statement: bool = False
    content: tuple[Item | Table | Section, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(c for c in self.content if isinstance(c, Item))

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(c for c in self.content if isinstance(c, Table))

    @property
    def children(self) -> tuple[Section, ...]:
        return tuple(c for c in self.content if isinstance(c, Section))

    def walk(self) -> Iterator[Section]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Outline:
    """Preamble (legal bases, enacting clause) and the tree of sections, appendices last."""

    preamble: tuple[Item, ...]
    sections: tuple[Section, ...]
    notes: tuple[tuple[str, str, int], ...] = ()  # (code, message, page) of repairs and doubts
