"""Building the lattice: the candidates of every atom, of atoms merged and of atoms split, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from diacritics.candidates import LETTERED, Candidates, Kind, Noisy, candidates
from diacritics.decoder import Lattice
from diacritics.model import vocabulary
from diacritics.syllables import has_marks, is_valid_syllable, strip_marks
from diacritics.tokens import Atom
from diacritics.tokens import Kind as AtomKind
from diacritics.vocabulary import BOUNDARY, LM_TOKEN, UNKNOWN

_GUESSED = -12.0
"""Of a code that needed a guess: it has no rival, but shall be less sure than what is told as doubtful (0.8)."""
_MERGED = -6.0
_SPLIT = -6.5
_SPLIT_AT_CAPITAL = -2.0
_PIECES = 8
_LONGEST_MERGED = 8
_LONGEST_PIECE = 3
_LONGEST_SPLIT = 16

_SPECK = {".": -2.0, ";": -4.0, ":": -4.0, "!": -2.0, "…": -5.0}
"""Cost of taking the mark before a word in small letters for a speck on the paper."""
_SPECK_SIGN = -4.0
_SPECK_LETTER = -6.0
"""Cost of taking a sign or a letter that stands alone for a speck."""
_SPECK_LETTERS = "aeijlnoru"
_NEVER_SPECKS = "&%@+"

_NO_MORE: Mapping[int, Candidates] = {}

_ITEM = re.compile(r"\n\s*(?:[-+•*–|]|\(?\w{1,4}[.)]\s)")


class Slot(NamedTuple):
    """A stretch of the text that one token takes: ``start`` to ``end``; ``whole`` is False for merges and splits."""

    start: int
    end: int
    whole: bool = True


@dataclass
class Draft:
    """A lattice in the making: a column a list, a row a node. ``text`` is what a node would print.

    ``slot`` and ``lattice`` are there once all nodes are (:meth:`finish`).
    """

    word: list[int] = field(default_factory=list)
    score: list[float] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    """Start, end, slot, paragraph and number of the nodes that have these in common, run after run."""
    costs: list[float] = field(default_factory=list)
    """What each run adds to the scores of its nodes, those in ``spared`` left out."""
    spared: list[int] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    level: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    slot: list[int] = field(init=False)
    lattice: Lattice = field(init=False)

    def add(self, start: int, end: int, word: int, score: float, text: str = "", slot: int = -1) -> None:
        self.runs += (start, end, slot, len(self.last), 1)
        self.costs.append(0.0)
        self.word.append(word)
        self.score.append(score)
        self.text.append(text)

    def add_all(self, start: int, end: int, own: Candidates, slot: int, cost: float = 0.0, spared: int = -1) -> None:
        """A node for each candidate; ``cost`` is added to the scores of all but the one at place ``spared``."""
        if spared >= 0:
            self.spared.append(len(self.word) + spared)
        self.runs += (start, end, slot, len(self.last), len(own.ids))
        self.costs.append(cost)
        self.word += own.ids
        self.score += own.scores
        self.text += own.words

    def new_slot(self, start: int, end: int, *, whole: bool = True) -> int:
        self.slots.append(Slot(start, end, whole))
        return len(self.slots) - 1

    def finish(self) -> None:
        """Make columns of the runs."""
        *shared, count = np.array(self.runs).reshape(-1, 5).T
        start, end, slot, paragraph = (np.repeat(column, count) for column in shared)
        self.slot = slot.tolist()
        word, score, level, last = (np.array(c) for c in (self.word, self.score, self.level, self.last))
        unchanged = score[self.spared]
        score += np.repeat(self.costs, count)
        score[self.spared] = unchanged
        self.score = score.tolist()
        self.lattice = Lattice(start, end, word, score, level, paragraph, last)


@dataclass(frozen=True, slots=True)
class Penalties:
    """What it costs (as a score, not above 0) to change a word, beside the channel."""

    change: float
    confidences: dict[int, float] = field(default_factory=dict)
    """OCR's confidence by the start of an atom."""

    def of(self, atom: Atom) -> float:
        known = self.confidences.get(atom.start)
        # at confidence 0.9 the channel's own prior holds; below it a change costs less, above it more
        return self.change if known is None else self.change + 4.0 * (0.9 - max(0.3, min(1.0, known)))


@dataclass(frozen=True, slots=True)
class _Source:
    """What the paragraphs of one batch draw upon."""

    text: str
    found: dict[Noisy, Candidates]
    cuts: dict[Noisy, list[tuple[str, str, float]]]
    merges: dict[int, str]
    specks: dict[int, float]  # what is lost if the atom with this start is a speck
    capitals: dict[int, bool]  # by the start of an atom: whether its line is set in capitals
    penalties: Penalties
    more: Mapping[int, Candidates]  # by the start of an atom
    settled: Mapping[int, Candidates]


def build_lattice(
    text: str,
    paragraphs: Sequence[Sequence[Atom]],
    kind: Kind,
    penalties: Penalties,
    more: Mapping[int, Candidates] = _NO_MORE,
    settled: Mapping[int, Candidates] = _NO_MORE,
) -> Draft:
    """All nodes of ``paragraphs``. Hand its lattice to the decoder.

    ``more``: candidates beside the channel's own, by the start of a word; ``settled``: those of words no longer in
    question, which are neither merged nor split.
    """
    capitals = _lines_in_capitals(text, paragraphs)
    found = candidates([(a.text, c) for a, c in capitals], kind)
    cuts = {w: _cuts(w[0], kind) for w, c in found.items() if c.poor} if kind != "stripped" else {}
    by_start = {a.start: c for a, c in capitals}
    merges = _merges(text, paragraphs, found, by_start) if kind == "garbled" else {}
    specks = _specks(text, paragraphs) if kind == "garbled" else {}
    if settled:
        for one, two in (pair for atoms in paragraphs for pair in pairwise(atoms)):
            if one.start in settled or two.start in settled:
                merges.pop(one.start, None)
            if one.start in settled:
                specks.pop(two.start, None)
    pieces = [(p, w[1]) for w, own in cuts.items() for left, right, _ in own for p in (left, right)]
    joined = [(w, by_start[start]) for start, w in merges.items()]
    found = found | candidates([*pieces, *joined], kind)
    source = _Source(text, found, cuts, merges, specks, by_start, penalties, more, settled)
    draft = Draft()
    for atoms in paragraphs:
        _add_paragraph(draft, source, atoms)
    draft.finish()
    return draft


def _add_paragraph(draft: Draft, source: _Source, atoms: Sequence[Atom]) -> None:
    first = point = len(draft.level)
    for _ in range(3):  # three boundaries, so that the first words have a context
        draft.add(point, point + 1, BOUNDARY, 0.0)
        point += 1
    fresh = True  # a boundary was just passed
    places: list[tuple[int, int]] = []
    for i, atom in enumerate(atoms):
        gap = source.text[atoms[i - 1].end : atom.start] if i else ""
        if not fresh and "\n" in gap and _ITEM.match(source.text, atoms[i - 1].end + gap.index("\n")):
            draft.add(point, point + 1, BOUNDARY, 0.0)
            point += 1
            fresh = True
        start = point
        markup = atom.mended == ""
        joins = atom.text == "&" and i + 1 < len(atoms) and atoms[i + 1].text[0].isupper()
        if joins:  # "Y & An toàn": between names the sign is itself
            draft.add(point, point + 1, UNKNOWN, 0.0, "&", draft.new_slot(atom.start, atom.end))
            point += 1
        elif markup:
            draft.add(point, point + 1, BOUNDARY, 0.0, "", draft.new_slot(atom.start, atom.end))
            point += 1
        elif atom.kind is not AtomKind.STOP:
            point = _add_atom(draft, source, point, atom)
            fresh = False
        elif not fresh:
            draft.add(point, point + 1, BOUNDARY, 0.0)
            point += 1
            fresh = True
        places.append((start, point))
    for i, atom in enumerate(atoms):
        merged = source.merges.get(atom.start)
        if merged is not None:
            own = source.found[merged, source.capitals[atom.start]].known()
            slot = draft.new_slot(atom.start, atoms[i + 1].end, whole=False)
            draft.add_all(places[i][0], places[i + 1][1], own, slot, _MERGED)
        speck = source.specks.get(atom.start)
        if speck is not None and places[i][0] < places[i][1]:
            _add_with_speck(draft, source, places[i - 1][0], places[i][1], (atoms[i - 1], atom), speck)
    draft.add(point, point + 1, BOUNDARY, 0.0)
    draft.last.append(len(draft.word) - 1)
    draft.level += range(point + 2 - first)


def _add_with_speck(draft: Draft, source: _Source, start: int, end: int, atoms: tuple[Atom, Atom], cost: float) -> None:
    """The nodes of a word that take the speck behind it with them."""
    word, speck = atoms
    own = source.found[word.text, source.capitals[word.start]].first(_PIECES).known()
    slot = draft.new_slot(word.start, speck.end, whole=False)
    draft.add_all(start, end, own, slot, cost)


def _add_atom(draft: Draft, source: _Source, point: int, atom: Atom) -> int:
    """The nodes of one atom; returns the point behind it."""
    slot = draft.new_slot(atom.start, atom.end)
    known = vocabulary()
    if atom.kind is not AtomKind.WORD:
        text = atom.text if atom.mended is None else atom.mended
        score = _GUESSED if atom.guessed else 0.0
        found = [] if atom.kind is AtomKind.ADDRESS else LM_TOKEN.findall(text.rstrip("%"))
        for i, word in enumerate([known.id_of(t) for t in found] or [UNKNOWN]):
            draft.add(point, point + 1, word, score, "" if i else text, slot)
            point += 1
        return point
    capitals = source.capitals[atom.start]
    if (settled := source.settled.get(atom.start)) is not None:
        draft.add_all(point, point + 1, settled, slot)
        return point + 1
    own = source.found[atom.text, capitals]
    if (more := source.more.get(atom.start)) is not None:
        own = own.with_more(more)
    penalty = source.penalties.of(atom)
    cuts = source.cuts.get((atom.text, capitals), ())
    end = point + 1 + len(cuts)
    draft.add_all(point, end, own, slot, penalty, own.own)
    for i, (left, right, cost) in enumerate(cuts):
        slot = draft.new_slot(atom.start, atom.end, whole=False)
        for piece, begin, finish in ((left, point, point + 1 + i), (right, point + 1 + i, end)):
            part = source.found[piece, capitals].first(_PIECES)
            draft.add_all(begin, finish, part, slot, (cost + penalty) / 2)
    return end


def _cuts(word: str, kind: Kind) -> list[tuple[str, str, float]]:
    """The ways to take ``word`` for two words, with their costs; signs at the cut are dropped."""
    if not 2 <= len(word) <= _LONGEST_SPLIT:
        return []
    result = []
    for i in range(1, len(word)):
        left, right = word[:i], word[i:]
        capital = right[0].isupper() and (not left[-1].isupper())
        if kind == "vietnamese":
            sound = all(is_valid_syllable(p) and (has_marks(p) or len(p) > 2) for p in (left, right))
            if capital and sound:
                result.append((left, right, _SPLIT_AT_CAPITAL))
            continue
        if word.isdecimal() or LETTERED.fullmatch(word):
            continue
        cost = _SPLIT_AT_CAPITAL if capital else _SPLIT
        result.append((left, right, cost))
        if not left[-1].isalnum() and i > 1:
            result.append((left[:-1], right, cost))
    return result


def _lines_in_capitals(text: str, paragraphs: Sequence[Sequence[Atom]]) -> list[tuple[Atom, bool]]:
    """Every word with whether it stands among capitals: on a line that is set in them, or beside a word that is."""
    result = []
    for atoms in paragraphs:
        line: list[Atom] = []
        for i, atom in enumerate(atoms):
            if atom.kind is AtomKind.WORD:
                line.append(atom)
            if i + 1 == len(atoms) or "\n" in text[atom.end : atoms[i + 1].start]:
                cases = [_cases(a.text) for a in line]
                all_upper, all_lower = sum(c[0] for c in cases), sum(c[1] for c in cases)
                for k, (a, (u, low, _)) in enumerate(zip(line, cases, strict=True)):
                    rest = all_upper - u, all_lower - low
                    beside = (k > 0 and cases[k - 1][2]) or (k + 1 < len(line) and cases[k + 1][2])
                    among = rest[0] > rest[1] if any(rest) else u > low and len(a.text) > 3
                    result.append((a, among or beside))
                line = []
    return result


@lru_cache(maxsize=65536)
def _cases(word: str) -> tuple[int, int, bool]:
    """How many capitals and small letters ``word`` has, and whether it is a syllable, or its remains, in capitals.

    Abbreviations mostly lack a vowel.
    """
    in_capitals = len(word) > 1 and word.isupper() and not set(strip_marks(word)).isdisjoint("AEIOUY")
    return sum(c.isupper() for c in word), sum(c.islower() for c in word), in_capitals


def _merges(
    text: str, paragraphs: Sequence[Sequence[Atom]], found: dict[Noisy, Candidates], capitals: dict[int, bool]
) -> dict[int, str]:
    """Two atoms on a line that may be one word, by the start of the first: one is short, one is no good by itself."""
    result = {}
    for atoms in paragraphs:
        for one, two in pairwise(atoms):
            if one.kind is not AtomKind.WORD or two.kind is not AtomKind.WORD:
                continue
            if two.start - one.end != 1 or text[one.end] not in " ,":
                continue
            short = min(len(one.text), len(two.text)) <= _LONGEST_PIECE
            if short and len(one.text) + len(two.text) <= _LONGEST_MERGED:
                lone = any(a.text.isalpha() and len(a.text) == 1 and a.text.islower() for a in (one, two))
                if lone or any(found[a.text, capitals[a.start]].poor for a in (one, two)):
                    result[one.start] = one.text + two.text
    return result


def _specks(text: str, paragraphs: Sequence[Sequence[Atom]]) -> dict[int, float]:
    """The atoms behind a word that may be no print at all, by their start, with the cost of leaving them out.

    What begins a line is never taken for a speck: it may be a bullet or a label.
    """
    result = {}
    for atoms in paragraphs:
        for i, (word, atom) in enumerate(pairwise(atoms), 2):
            if word.kind is not AtomKind.WORD or "\n" in text[word.end : atom.start]:
                continue
            if atom.kind is AtomKind.STOP:
                following = atoms[i] if i < len(atoms) else None
                if (
                    following is not None
                    and following.text[0].islower()
                    and "\n" not in text[atom.end : following.start]
                ):
                    result[atom.start] = _SPECK[atom.text]
            elif atom.kind is AtomKind.WORD and len(atom.text) == 1 and text[word.end : atom.start] == " ":
                after = text[atom.end : atom.end + 1]
                if after.strip() or atom.text.isdigit() or atom.text.isupper() or atom.text in _NEVER_SPECKS:
                    continue
                if not atom.text.isalpha():
                    result[atom.start] = _SPECK_SIGN
                elif after == " " and atom.text in _SPECK_LETTERS:
                    result[atom.start] = _SPECK_LETTER
    return result
