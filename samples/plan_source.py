"""The source form of a sample plan: what is printed, line by line, with the annotator's decisions beside it.

A source is a Markdown-like file. Between two ``+++`` lines stand the letterhead, recipients and signature as TOML. Then
each line is one printed block, told by how it begins:

    = text        legal basis                  # I. TITLE     numbered line; one ``#`` a level
    => text       enacting clause              - text         bullet          + text      bullet below a bullet
    ~ text        closing paragraph            * text         attribute line ("Chủ trì: …")
    | a | b |     table row                    || a | b |     its heading     |= I | TITLE  a group row
    ! landscape   the pages turn from here     anything else  plain paragraph

A line ``@word …`` annotates the block above it (``@role tasks``, ``@due date 2026-06-30 | trước ngày 30/6/2026``), a
line ``; …`` is a remark. Inside a table cell ``<br>`` breaks the line between bullets.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

Kind = Literal[
    "basis",
    "enacting",
    "heading",
    "bullet",
    "subbullet",
    "closing",
    "attribute",
    "columns",
    "row",
    "group",
    "page",
    "plain",
]
Place = tuple[int, tuple[float, ...]]
"""A page and a box on it: x0, y0, x1, y1 in points from the top left."""
PREFIXES: list[tuple[str, Kind]] = [
    ("=> ", "enacting"),
    ("= ", "basis"),
    ("- ", "bullet"),
    ("+ ", "subbullet"),
    ("~ ", "closing"),
    ("* ", "attribute"),
    ("|| ", "columns"),
    ("|= ", "group"),
    ("| ", "row"),
    ("! ", "page"),
]
HEADING = re.compile(
    r"(#+) (?:(?P<label>Phụ lục|[IVX]+|[a-zđ]|\d+(?:\.\d+)*)(?P<mark>[.)]|(?= \|)) )?(?:\| )?(?P<text>.*)"
)


class SourceError(ValueError):
    """The source file cannot be read: names the file and the line."""


@dataclass
class Block:
    """One printed block, its place in the order, and its annotations, each ``(word, fields split at "|")``."""

    kind: Kind
    text: str
    level: int = 0
    label: str = ""
    printed: str = ""
    cells: list[str] = field(default_factory=list)
    number: int = 0
    notes: list[tuple[str, list[str]]] = field(default_factory=list)

    def has(self, word: str) -> bool:
        """Whether the annotation ``@word`` is there."""
        return any(name == word for name, _ in self.notes)

    def values(self, word: str) -> list[list[str]]:
        """The fields of every annotation ``@word``."""
        return [fields for name, fields in self.notes if name == word]

    def value(self, word: str) -> str | None:
        """The first field of the first annotation ``@word``, or None."""
        found = self.values(word)
        return found[0][0] if found else None


@dataclass
class PlanSource:
    """A whole plan: ``front`` is the TOML at its head."""

    name: str
    front: dict[str, Any]
    blocks: list[Block]


def _block(line: str) -> Block:
    if line.startswith("#"):
        match = HEADING.fullmatch(line)
        if match is None:
            raise ValueError("not a heading")
        label = match["label"] or ""
        printed = f"{label}{match['mark'] or ''} {match['text']}" if match["mark"] else match["text"]
        return Block("heading", match["text"], level=len(match[1]), label=label, printed=printed)
    for prefix, kind in PREFIXES:
        if line.startswith(prefix):
            text = line.removeprefix(prefix).strip()
            cells = [cell.strip().replace("<br>", "\n") for cell in text.split("|")]
            return Block(kind, text, printed=text, cells=cells if kind in ("columns", "row", "group") else [])
    return Block("plain", line, printed=line)


def read_source(path: Path) -> PlanSource:
    """Read a sample's source.

    Raises:
        SourceError: a line cannot be understood, or the TOML at the head is wrong.
    """
    _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    try:
        front = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path.name}: the TOML between the +++ lines is wrong: {error}") from error
    blocks: list[Block] = []
    start = head.count("\n") + 3
    for number, raw in enumerate(body.splitlines(), start):
        line = raw.strip()
        if not line or line.startswith("; "):
            continue
        if line.startswith("@"):
            if not blocks:
                raise SourceError(f"{path.name}, line {number}: an annotation stands above the first block")
            word, _, rest = line[1:].partition(" ")
            blocks[-1].notes.append((word, [part.strip() for part in rest.split("|")]))
            continue
        try:
            blocks.append(replace(_block(line), number=len(blocks)))
        except ValueError as error:
            raise SourceError(f"{path.name}, line {number}: {error}: {line[:60]}") from error
    return PlanSource(path.stem, front, blocks)
