"""What the columns of a table mean, and what the table is for.

Reads tables joined over their pages (:class:`pipeline.values.Table`). Columns are known by their headings, compared
fuzzily with knowledge/columns.toml, and by what their cells hold where a heading is lost. A heading over several
columns stands before theirs, with a dash ("Đơn vị thực hiện - Chủ trì"): the lower one tells more. Rules: contract.md,
"tables".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.extract.language import read, time_spans
from pipeline.knowledge.cells import is_mark
from pipeline.knowledge.columns import column_labels, heading_kind
from pipeline.knowledge.labels import label_key
from pipeline.values import Table, Text

TableRole = Literal["tasks", "projects", "other"]

ROW_NUMBER = re.compile(r"^[(\[]?\s*(\d{1,3}(?:\.\d{1,3}){0,3}|[a-zđ])\s*[.)\]:]?$")
_ROMAN = re.compile(r"^[(\[]?\s*[IVXLl1|]{1,6}\s*[.)\]]?$")
_SPECK = 2  # letters; headings of fewer are strokes of the scan
_LEAST_INSIDE = 6  # letters of a label that counts inside a longer heading
_LEVELS = " - "
_WITH = frozenset({"lead", "coordinate", "lead_coordinate", "deadline", "deliverable", "budget"})
_TIME = re.compile(
    r"(?P<kind>quy|thang|thg|th|t|nam)?\s?(?P<which>\d{1,3}|[ivxhl]{1,4})?(?:\s?[/ ]\s?(?:nam )?)?(?P<year>20\d\d)?"
)
_SERIES = {"Quý": ("I", "II", "III", "IV"), "Tháng": tuple(str(month) for month in range(1, 13))}
_LEAST_SERIES = 3  # columns


@dataclass(frozen=True, slots=True)
class Columns:
    """The kind of each column (a heading of columns.toml, or None), the printed headings, and the times they name.

    ``times`` holds the text of a heading that is a time by itself ("Quý I/2026"): a cross in its column is a deadline.
    """

    kinds: tuple[str | None, ...]
    headings: tuple[str, ...]
    times: tuple[str | None, ...] = ()

    def all(self, kind: str) -> list[int]:
        return [k for k, own in enumerate(self.kinds) if own == kind]

    def first(self, kind: str) -> int | None:
        return next(iter(self.all(kind)), None)

    def time(self, column: int) -> str | None:
        return self.times[column] if column < len(self.times) else None


def read_columns(table: Table) -> Columns:
    """What the columns mean: by heading, and by content where no heading tells."""
    headings = tuple(table.columns)
    kinds: list[str | None] = [_kind_of_heading(h) for h in headings]
    times = _counted_on(headings)
    for k, kind in enumerate(kinds):
        cells = [row[k] for row in table.rows if k < len(row)]
        if times[k] is not None and (kind in (None, "deadline")) and _are_marks(cells):
            kinds[k] = "deadline"
        elif kind is None:
            kinds[k] = _kind_of_cells(cells, kinds, k, headings[k])
    if "task" in kinds and "body" in kinds and not {"lead", "lead_coordinate"} & set(kinds):
        kinds[kinds.index("body")] = "lead"
    return Columns(tuple(kinds), headings, times)


def _kind_of_heading(heading: str) -> str | None:
    """The kind whose label is most like the heading, or its lowest level, else the longest label found inside it."""
    bare = re.sub(r"\([^()]*\)", " ", heading)
    upper, _, own = bare.rpartition(_LEVELS)
    has_levels = bool(upper.strip()) and own[:1].isupper()
    if _names_both(bare) and not (has_levels and _names_both(upper) and not _names_both(own)):
        return "lead_coordinate"  # both in one heading, whatever OCR made of the sign between them
    match = heading_kind(bare) or heading_kind(heading)
    if match is None and has_levels:
        match = heading_kind(own)
    if match is not None:
        return match.kind
    return (_label_inside(own) if has_levels else None) or _label_inside(bare)


def _names_both(heading: str) -> bool:
    words = label_key(heading).replace("/", " ").split()
    return "chu" in words and "phoi" in words


def _label_inside(heading: str) -> str | None:
    key = f" {label_key(heading)} "
    keys = f"{key}|{key.replace('/', ' ')}"
    return next((kind for label, kind in _labels_inside() if label in keys), None)


@cache
def _labels_inside() -> tuple[tuple[str, str], ...]:
    """The labels that count inside a longer heading, between blanks, each with its kind; the longest first."""
    labels = [(label, kind) for kind, labels in column_labels().items() for label in labels if kind != "body"]
    long = [(label, kind) for label, kind in labels if len(label) >= _LEAST_INSIDE]
    return tuple((f" {label} ", kind) for label, kind in sorted(long, key=lambda e: (len(e[0]), e[1]), reverse=True))


def _time_of(heading: str) -> str | None:
    """The time that a heading's lowest level is, with the year of a level above: "Năm 2026 - Quý I" -> "Quý I/2026"."""
    *upper, own = (label_key(level) for level in heading.split(_LEVELS))
    match = _TIME.fullmatch(own)
    if match is None or not own:
        return None
    above = " ".join(upper)
    year = match["year"] or next(iter(re.findall(r"\b20\d\d\b", above)), None)
    kind = match["kind"] or next((k for k in ("quy", "thang") if re.search(rf"\b{k}\b", above)), "nam")
    if kind == "nam":
        return f"Năm {year}" if year is not None and match["which"] is None else None
    number = _number(match["which"] or "", kind)
    return f"{number}/{year}" if number and year else number


def _number(printed: str, kind: str) -> str | None:
    """ "Quý III" of "iii", also where OCR read "iil" or "ih"; "Tháng 4" of "04"."""
    if kind != "quy":
        return f"Tháng {int(printed)}" if printed.isdigit() and 1 <= int(printed) <= 12 else None
    strokes = printed.replace("h", "ii").replace("l", "i").replace("1", "i")
    numeral = {"2": "ii", "3": "iii", "4": "iv"}.get(printed, strokes)
    return f"Quý {numeral.upper()}" if numeral in ("i", "ii", "iii", "iv") else None


def _counted_on(headings: Sequence[str]) -> tuple[str | None, ...]:
    """The times that headings are. Quarters and months of neighbouring columns count on: where OCR broke one, or lost
    its number ("Quý I", "Quý II", "Quý", "Quý IV"), the others tell it."""
    times = [_time_of(heading) for heading in headings]
    mended = list(times)
    for name, signs in _SERIES.items():
        known = {k: time for k, time in enumerate(times) if time is not None and time.startswith(name)}
        bare = [k for k, h in enumerate(headings) if label_key(h.rpartition(_LEVELS)[2]) == label_key(name)]
        places = sorted({*known, *bare})
        if len(known) < _LEAST_SERIES or places[-1] - places[0] != len(places) - 1:
            continue
        numbers = {k: signs.index(time.split()[1].partition("/")[0]) for k, time in known.items()}
        (start, votes), *_ = Counter(n - (k - places[0]) for k, n in numbers.items()).most_common()
        start = 0 if len(places) == len(signs) else start
        if (2 * votes > len(known) or len(places) == len(signs)) and 0 <= start <= len(signs) - len(places):
            year = next(iter(known.values())).partition("/")[2]
            for k, place in enumerate(places):
                mended[place] = f"{name} {signs[start + k]}" + (f"/{year}" if year else "")
    return tuple(mended)


def _are_marks(cells: Sequence[Text]) -> bool:
    filled = [c.string.strip() for c in cells if c.string.strip()]
    return all(is_mark(c) for c in filled)


def _kind_of_cells(cells: Sequence[Text], kinds: Sequence[str | None], place: int, heading: str) -> str | None:
    """A lost heading's meaning from its cells: running numbers, deadlines, long statements.

    A heading that can be read and names nothing to be done ("Tên lớp") is not overruled by long cells.
    """
    filled = [c.string.strip() for c in cells if c.string.strip()]
    if len(filled) < 2:
        return None
    numbered = sum(bool(ROW_NUMBER.match(c) or _ROMAN.match(c)) for c in filled)
    if place == 0 and "number" not in kinds and numbered >= 0.7 * len(filled):
        return "number"
    timed = sum(bool(time_spans(read(c))) for c in filled if len(c) < 60)
    ongoing = sum(label_key(c).startswith("thuong xuyen") for c in filled)
    if "deadline" not in kinds and timed + ongoing >= 0.6 * len(filled):
        return "deadline"
    words = sum(len(c.split()) for c in filled) / len(filled)
    lost = sum(c.isalpha() for c in heading) <= _SPECK
    if lost and not {"task", "project"} & set(kinds) and words >= 6 and place <= 2:
        return "task"
    return None


def table_role(columns: Columns, title: str | None) -> TableRole:
    """``tasks`` or ``projects`` where the table says what is to be done and by whom or when; else ``other``."""
    kinds = set(columns.kinds)
    if "person" in kinds:
        return "other"
    if "project" in kinds and kinds & (_WITH | {"funding_source"}):
        return "projects"
    if "task" in kinds and kinds & (_WITH - {"budget"}):
        projects = title is not None and re.search(r"\bdự án\b", title, re.IGNORECASE)
        return "projects" if projects and not re.search(r"nhiệm vụ", title or "", re.IGNORECASE) else "tasks"
    return "other"
