"""Words of a page as lines in reading order, each in its zone, with what its typography says.

Reads a :class:`PageReading`: words as OCR or the text layer gave them, not yet restored. Lines of text dumps pass
through; their zones are found from the restored text later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.layout.rows import LevelWord, Row, has_letters, letter_height, levelled, rows_of
from pipeline.layout.zones import ZonedRow, zoned
from pipeline.values import Line, PageLayout, PageReading, Zone, union

_FILLS = 1.6  # letter heights that may be left free at the end of a line that its sentence fills
_CENTRED = 1.2  # letter heights by which a centred line's middle may be off
_SCRIBBLE = 0.6  # of confidence: handwriting read as print stays below
_FORMAL = frozenset({Zone.LETTERHEAD_LEFT, Zone.LETTERHEAD_RIGHT, Zone.SIGNATURE_RIGHT})
_TALLEST = 60.0  # points; no letter of running text is taller: a picture, a seal, a signature


def lay_out(reading: PageReading) -> PageLayout:
    """The page's lines in reading order with zones, indents, gaps and weight; its tables as they are."""
    if reading.lines:
        return PageLayout(reading.number, reading.width, reading.height, reading.lines, reading.tables)
    level = levelled(reading.words, reading.angle, reading.width, reading.height, reading.flat)
    words = [w for w in level if not _is_scrap(w)]
    usual = letter_height(words)
    rows = [tidy for row in rows_of(words, usual) if (tidy := _tidied(row, usual)) is not None]
    parts = [part for zoned_row in zoned(rows, reading.width, reading.height) if (part := _cleared(zoned_row))]
    lines = _measured(parts, usual, reading)
    turns = round(reading.angle / 90) % 4
    return PageLayout(reading.number, reading.width, reading.height, tuple(lines), reading.tables, turns)


_BULLETS = frozenset("-–—~_+*•·○▪●■♦")
_MEANT = frozenset('/&=%“”"()…;:,.!?')


def _is_scrap(word: LevelWord) -> bool:
    """What specks, rules and edges are read as: signs without letters, of low confidence or odd kind."""
    text = word.word.text
    if has_letters(text):
        return word.box.height > _TALLEST or (len(text) == 1 and not text.isdigit() and word.word.confidence < 0.1)
    if set(text) <= _BULLETS:
        return word.word.confidence < 0.15
    return word.word.confidence < 0.4 or not set(text) <= _MEANT | _BULLETS


def _tidied(row: Row, usual: float) -> Row | None:
    """The row without specks read as signs far from its words; an opening dash in whatever shape it was read is "-"."""
    words = list(row.words)
    while words and not has_letters(words[-1].word.text):
        if len(words) > 1 and words[-1].box.x0 - words[-2].box.x1 < 0.8 * usual:
            break
        words.pop()
    while len(words) > 1 and not has_letters(words[0].word.text):
        text = words[0].word.text
        if set(text) <= _BULLETS and words[1].box.x0 - words[0].box.x1 < 4 * usual:
            if set(text) <= frozenset("-–—~_"):
                words[0] = words[0]._replace(word=words[0].word._replace(text="-"))
            break
        if words[1].box.x0 - words[0].box.x1 < 0.8 * usual and text in {"(", "“", '"'}:
            break
        words.pop(0)
    return Row(tuple(words)) if any(has_letters(w.word.text) for w in words) else None


def _cleared(part: ZonedRow) -> ZonedRow | None:
    """Letterhead and signature hold no list items: signs at their ends are remains of rules, seals and signatures.

    None for a row with nothing but scribble: a letter or two, or a few read with little confidence.
    """
    if part.zone not in _FORMAL:
        return part
    words = list(part.row.words)
    while words and not has_letters(words[0].word.text):
        words.pop(0)
    while words and not has_letters(words[-1].word.text):
        words.pop()
    letters = sum(c.isalnum() for w in words for c in w.word.text)
    unsure = all(w.word.confidence < _SCRIBBLE for w in words)
    if letters < 2 or (unsure and letters <= 6):
        return None
    first = words[0].word
    words[0] = words[0]._replace(word=first._replace(text=first.text.lstrip("-–—_~.,;:|'`")))
    return replace(part, row=Row(tuple(words)))


def _measured(parts: Sequence[ZonedRow], usual: float, reading: PageReading) -> list[Line]:
    body = [part.row for part in parts if part.zone is Zone.BODY]
    left, right = _margins(body, usual, reading.width)
    lines: list[Line] = []
    above: dict[Zone, Row] = {}
    for part in parts:
        row, box = part.row, part.row.box
        before = above.get(part.zone)
        gap = None if before is None else max(0.0, round((row.y - before.y) / usual - 1.0, 2))
        above[part.zone] = row
        running = part.zone is Zone.BODY
        middle = abs(box.x_centre - (left + right) / 2) < _CENTRED * usual
        inset = min(box.x0 - left, right - box.x1) > 1.5 * usual
        line = Line(
            page=reading.number,
            words=tuple([w.word for w in row.words]),
            box=union([w.word.box for w in row.words]),
            zone=part.zone,
            indent=round(max(0.0, box.x0 - left), 1) if running else None,
            centred=running and middle and inset,
            bold=_is_bold(row),
            gap_before=gap,
            fills=box.x1 > right - _FILLS * usual if running else None,
        )
        lines.append(line)
    return lines


def _is_bold(row: Row) -> bool | None:
    """By the letters of its words that were weighed; None when none were."""
    weighed = [(len(w.word.text), w.word.bold) for w in row.words if w.word.bold is not None]
    if not weighed:
        return None
    return sum(n for n, bold in weighed if bold) > 0.6 * sum(n for n, _ in weighed)


def _margins(rows: Sequence[Row], usual: float, width: float) -> tuple[float, float]:
    """Left and right edge of the text block: where many lines begin, and where many end.

    The left edge is the leftmost place at which a fair share of lines begins, for first lines are indented; the right
    edge the rightmost at which lines end.
    """
    if not rows:
        return 0.0, width
    starts, ends = [row.box.x0 for row in rows], [row.box.x1 for row in rows]
    return _edge(starts, usual), -_edge([-x for x in ends], usual)


def _edge(positions: Sequence[float], usual: float) -> float:
    """The least position with at least a seventh of all (two at least) within half a letter height of it."""
    need = min(len(positions), max(2, len(positions) // 7))
    ordered = sorted(positions)
    for k, position in enumerate(ordered):
        near = [p for p in ordered[k:] if p - position <= 0.5 * usual]
        if len(near) >= need:
            return sum(near) / len(near)
    return ordered[0]
