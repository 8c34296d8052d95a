"""Words of a page as lines in reading order, each in its zone, with what its typography says.

Reads a :class:`PageReading`: words as OCR or the text layer gave them, not yet restored. Lines of text dumps pass
through; their zones are found from the restored text later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.layout.rows import LevelWord, Row, letter_height, levelled, rows_of
from pipeline.layout.zones import ZonedRow, zoned
from pipeline.values import Line, PageLayout, PageReading, Zone, union

_FILLS = 1.6  # letter heights that may be left free at the end of a line that its sentence fills
_CENTRED = 1.2  # letter heights by which a centred line's middle may be off


def lay_out(reading: PageReading) -> PageLayout:
    """The page's lines in reading order with zones, indents, gaps and weight; its tables as they are."""
    if reading.lines:
        return PageLayout(reading.number, reading.width, reading.height, reading.lines, reading.tables)
    words = [w for w in levelled(reading.words, reading.angle, reading.width, reading.height) if not _is_scrap(w)]
    rows = rows_of(words)
    parts = zoned(rows, reading.width, reading.height)
    lines = _measured(parts, words, reading)
    return PageLayout(reading.number, reading.width, reading.height, tuple(lines), reading.tables)


def _is_scrap(word: LevelWord) -> bool:
    """What specks, rules and edges are read as: marks without letters, of low confidence or of odd shape."""
    text = word.word.text
    if any(c.isalnum() for c in text):
        return word.box.height > 60 or (word.word.confidence < 0.1 and len(text) == 1 and not text.isdigit())
    if text in {"-", "–", "+", "*", "•", "·", "○", "▪", "“", "”", "/", "…", "&", "="} or set(text) <= {".", "…"}:
        return word.word.confidence < 0.15
    return word.word.confidence < 0.4 or set(text) <= set("_—|~¬=<>\\/'`^\"«»°©®£¥§")


def _measured(parts: Sequence[ZonedRow], words: Sequence[LevelWord], reading: PageReading) -> list[Line]:
    usual = letter_height(words)
    body = [part.row for part in parts if part.zone is Zone.BODY]
    left, right = _margins(body, usual, reading.width)
    lines: list[Line] = []
    above: dict[Zone, Row] = {}
    for part in parts:
        row, box = part.row, part.row.box
        before = above.get(part.zone)
        gap = None if before is None else max(0.0, round((row.y - before.y) / usual - 1.0, 2))
        above[part.zone] = row
        line = Line(
            page=reading.number,
            words=tuple(w.word for w in row.words),
            box=union(w.word.box for w in row.words),
            zone=part.zone,
            gap_before=gap,
            bold=_is_bold(row),
        )
        if part.zone is Zone.BODY:
            middle = abs(box.x_centre - (left + right) / 2) < _CENTRED * usual
            inset = min(box.x0 - left, right - box.x1) > 1.5 * usual
            line = replace(
                line,
                indent=round(max(0.0, box.x0 - left), 1),
                centred=middle and inset,
                fills=box.x1 > right - _FILLS * usual,
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
