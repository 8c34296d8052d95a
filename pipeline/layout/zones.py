"""The formal parts of a page by place and wording: letterhead, recipients, signature, page number, stamps.

Reads rows of words that are not restored yet; so wording is compared without marks and with tolerance, and place counts
as much. Places: Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.knowledge.folding import fold, fold_words, share_of_capitals
from pipeline.knowledge.zones import zone_words
from pipeline.layout.rows import Row, split, widest_gap
from pipeline.values import Zone

_PAGE_NUMBER = re.compile(r"(?:trang|page)?[\s\-–—.|~]*\d{1,4}(?:\s*/\s*\d{1,4})?[\s\-–—.|~]*")
# the pen that fills in day and month touches the words beside it: "ngày0} thángh năm 2026"
_DATE = re.compile(r"\bng\w{1,3}y\d?\b.*\bth\w{1,3}ngh?\b|\bth\w{1,3}ngh?\b.*\bn\w{1,2}m\b")
_NUMBER = re.compile(r"^s\w{1,2}[\s:.;,?]")
_SUBJECT = re.compile(r"v\s?/\s?v\b")
_STROKES = "'`‘’|"  # what a seal's edge leaves in front of a word
_LETTERHEAD_DEPTH = 0.45  # share of the page's height in which the letterhead ends


@dataclass(frozen=True, slots=True)
class ZonedRow:
    row: Row
    zone: Zone


def zoned(rows: Sequence[Row], width: float, height: float) -> list[ZonedRow]:
    """Rows in reading order, each in its zone; rows that run over two columns are split."""
    head, number_rows = _running(rows, height)
    letterhead = _letterhead(head, width, height)
    foot = _foot(head[letterhead.end :], width)
    body = head[letterhead.end : letterhead.end + foot.start]
    result = [ZonedRow(row, Zone.RUNNING) for row in number_rows if row.y < height / 2]
    result += [ZonedRow(row, Zone.STAMP) for row in letterhead.above]
    result += [ZonedRow(row, Zone.LETTERHEAD_LEFT) for row in letterhead.left]
    result += [ZonedRow(row, Zone.LETTERHEAD_RIGHT) for row in letterhead.right]
    result += [ZonedRow(row, _body_zone(row)) for row in body]
    result += [ZonedRow(row, _digital(row) or Zone.SIGNATURE_LEFT) for row in foot.left]
    result += [ZonedRow(row, _digital(row) or Zone.SIGNATURE_RIGHT) for row in foot.right]
    result += [ZonedRow(row, Zone.RUNNING) for row in number_rows if row.y >= height / 2]
    return result


def _running(rows: Sequence[Row], height: float) -> tuple[list[Row], list[Row]]:
    """Rows of text, and page numbers: rows of nothing but a number at the very top or bottom."""
    kept = list(rows)
    numbers = []
    for at in (0, -1):
        if not kept:
            break
        row = kept[at]
        margin = row.y < 0.1 * height if at == 0 else row.y > 0.9 * height
        if margin and _PAGE_NUMBER.fullmatch(fold(row.text)):
            numbers.append(kept.pop(at))
    return kept, numbers


@dataclass(frozen=True, slots=True)
class _Letterhead:
    above: list[Row]
    left: list[Row]
    right: list[Row]
    end: int  # index of the first row behind it


def _letterhead(rows: Sequence[Row], width: float, height: float) -> _Letterhead:
    top = [row for row in rows if row.y < _LETTERHEAD_DEPTH * height][:14]
    anchor = next((k for k, row in enumerate(top) if _has_motto(row)), None)
    if anchor is None:
        return _Letterhead([], [], [], 0)
    x = _column_border(top[anchor : anchor + 6], width)
    if x is None:
        return _Letterhead([], [], [], 0)
    end = anchor + 1
    for k in range(anchor + 1, len(top)):
        left, right = split(top[k], x)
        if _crosses(top[k], x):
            break
        dated = right is not None and _DATE.search(fold(right.text)) is not None
        numbered = left is not None and _NUMBER.match(fold(left.text)) is not None
        if dated or numbered or (right is not None and _has_motto(right)):
            end = k + 1
    end = _subject_end(top, end, x)
    parts = [split(row, x) for row in top[:end]]
    # Bodies of the letterhead may begin a row above the motto; stamps stand higher and elsewhere.
    return _Letterhead(
        [], [left for left, _ in parts if left is not None], [right for _, right in parts if right is not None], end
    )


def _subject_end(rows: Sequence[Row], end: int, x: float) -> int:
    """Behind the rest of a letter's subject whose first row stands beside the date ("V/v … | Hà Nội, ngày …")."""
    left, _ = split(rows[end - 1], x)
    if left is None or not _SUBJECT.match(fold(left.text)):
        return end
    while end < len(rows) and rows[end].box.x1 < x and fold_words(rows[end].text)[:1] != ("kinh",):
        end += 1
    return end


def _has_motto(row: Row) -> bool:
    text = " ".join(fold_words(row.text))
    return any(len(text) >= 0.7 * len(motto) and fuzz.partial_ratio(motto, text) >= 78 for motto in zone_words().motto)


def _column_border(rows: Sequence[Row], width: float) -> float | None:
    """Where the two columns of the letterhead part: in the gap that most rows leave free."""
    low, high = 0.25 * width, 0.65 * width
    gaps = [gap for row in rows if (gap := widest_gap(row, low, high)) is not None and gap[1] - gap[0] > 8]
    mottoes = [row for row in rows if _has_motto(row)]
    if gaps:
        start, end = max(gaps, key=lambda gap: gap[1] - gap[0])
        for gap in sorted(gaps, key=lambda gap: gap[0] - gap[1]):
            if gap[0] < end and gap[1] > start:
                start, end = max(start, gap[0]), min(end, gap[1])
        return (start + end) / 2
    if mottoes and mottoes[0].box.x0 > 0.3 * width:
        return mottoes[0].box.x0 - 4
    return None


def _crosses(row: Row, x: float) -> bool:
    """Whether words of one sentence stand on both sides of ``x``: the letterhead is over."""
    before = [w for w in row.words if w.box.x_centre < x]
    after = [w for w in row.words if w.box.x_centre >= x]
    return bool(before and after) and after[0].box.x0 - before[-1].box.x1 < 8


@dataclass(frozen=True, slots=True)
class _Foot:
    start: int  # index of its first row
    left: list[Row]
    right: list[Row]


def _foot(rows: Sequence[Row], width: float) -> _Foot:
    """Recipients' and signature column: from "Nơi nhận", or from the capacity beside or above it, to the end."""
    recipients = next((k for k, row in enumerate(rows) if _opens_recipients(row, width)), None)
    signature = _signature_start(rows, width)
    if recipients is None and signature is None:
        return _Foot(len(rows), [], [])
    if recipients is not None and signature is not None and not -6 <= signature - recipients <= 6:
        signature = None
    start = min(k for k in (recipients, signature) if k is not None)
    if recipients is None and not any(row.box.x0 < 0.3 * width for row in rows[start + 1 :]):
        return _Foot(start, [], list(rows[start:]))
    x = _foot_border(rows[start:], width)
    left_rows, right_rows = [], []
    for row in rows[start:]:
        left, right = split(row, x)
        if left is not None:
            left_rows.append(left)
        if right is not None:
            right_rows.append(right)
    return _Foot(start, left_rows, right_rows)


def _signature_start(rows: Sequence[Row], width: float) -> int | None:
    """The row whose right half opens the signature column: a capacity or an office in capitals, few rows before the
    end, with nothing, or a wide gap, to its left."""
    for k in range(max(0, len(rows) - 16), len(rows)):
        row = rows[k]
        gap = widest_gap(row, 0.25 * width, 0.75 * width)
        wide = gap is not None and gap[1] - gap[0] > 20
        part = split(row, gap[1])[1] if gap is not None and wide else row
        if part is not None and part.box.x0 > 0.38 * width and _is_signature_line(part) and _in_capitals(part):
            return k - 1 if k and _are_capacities(rows[k - 1], width) else k
    return None


def _are_capacities(row: Row, width: float) -> bool:
    """ "TM. BAN THƯỜNG VỤ LĐLĐ TỈNH KT. GIÁM ĐỐC CÔNG AN TỈNH": two signers' lines with hardly a gap between them."""
    opens = [word for word in row.words if fold(word.word.text.strip(_STROKES)).rstrip(".") in zone_words().capacity]
    return _in_capitals(row) and row.words[0] in opens and any(word.box.x0 > 0.38 * width for word in opens)


def _in_capitals(row: Row) -> bool:
    return share_of_capitals(row.text) > 0.8


def _opens_recipients(row: Row, width: float) -> bool:
    if row.words[0].box.x0 > 0.4 * width:
        return False
    words = fold_words(row.text)
    start = " ".join(words[:2])
    return any(fuzz.ratio(start, phrase) >= 82 for phrase in zone_words().recipients)


def _is_signature_line(row: Row) -> bool:
    words = fold_words(row.text)
    if not words:
        return False
    known = zone_words()
    return words[0] in known.capacity or any(
        fuzz.ratio(" ".join(words[: len(office.split())]), office) >= 85 for office in known.offices
    )


def _foot_border(rows: Sequence[Row], width: float) -> float:
    """Where recipients and signature part: the middle of the widest strip that no row's words enter."""
    low, high = 0.3 * width, 0.68 * width
    steps = 120
    blocked = [0.0] * steps
    for row in rows:
        for word in row.words:
            for k in _strips(word.box.x0 - 1, word.box.x1 + 1, low, high, steps):
                blocked[k] += 1
    for left, right in _neighbours(rows):
        # Words of one phrase: the blank between them is no border.
        for k in _strips(left, right, low, high, steps):
            blocked[k] += 1
    least = min(blocked)
    best = (0, 0)
    start = None
    for k, count in enumerate([*blocked, least + 1]):
        if count <= least and start is None:
            start = k
        elif count > least and start is not None:
            if k - start > best[1] - best[0]:
                best = (start, k)
            start = None
    return low + (high - low) * (best[0] + best[1]) / 2 / steps


def _neighbours(rows: Sequence[Row]) -> Iterator[tuple[float, float]]:
    for row in rows:
        for before, after in zip(row.words, row.words[1:], strict=False):
            if 0 < after.box.x0 - before.box.x1 < 7:
                yield before.box.x1, after.box.x0


def _strips(x0: float, x1: float, low: float, high: float, steps: int) -> range:
    scale = steps / (high - low)
    return range(max(0, int((x0 - low) * scale)), min(steps, int((x1 - low) * scale) + 1))


def _body_zone(row: Row) -> Zone:
    text = " ".join(fold_words(row.text))
    if len(text) <= 24 and any(fuzz.ratio(text, stamp) >= 90 for stamp in zone_words().stamps):
        return Zone.STAMP
    return Zone.BODY


def _digital(row: Row) -> Zone | None:
    """Whether a row belongs to the box of a digital signature: "Ký bởi: …", "Thời gian ký: …"."""
    if ":" not in row.text:
        return None
    label = " ".join(fold_words(row.text.split(":", 1)[0]))
    if any(fuzz.ratio(label, phrase) >= 85 for phrase in zone_words().digital_signature):
        return Zone.DIGITAL_SIGNATURE
    return None
