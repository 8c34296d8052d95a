"""Restoring text: atoms, candidates, the best path, and the text written anew.

Reads any Unicode text, clean, garbled or stripped of its marks; paragraphs are decoded whole, across line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from diacritics.candidates import Candidate, Kind, candidates
from diacritics.decoder import Lattice, decode
from diacritics.model import language_model, vocabulary
from diacritics.syllables import new_style, normalize, share_of_valid_tokens, tone_placement
from diacritics.tokens import Atom, atoms
from diacritics.tokens import Kind as AtomKind
from diacritics.vocabulary import BOUNDARY, UNKNOWN

Channel = Literal["auto", "garbled", "vietnamese", "stripped"]

LM_WEIGHT = {"garbled": 0.8, "vietnamese": 1.0, "stripped": 1.0}
_CHANGE = {"garbled": 0.0, "vietnamese": -1.5, "stripped": 0.0}
_SURE = {"garbled": 0.0, "vietnamese": 0.9, "stripped": 0.0}
"""Least probability of a word that replaces another possible one."""

_POOR = -5.5
_MERGED = -6.0
_SPLIT = -6.5
_PIECES = 4
_MOST_ATOMS = 300
_BATCH = 6000

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n|\f")
_ITEM = re.compile(r"\n\s*(?:[-+•*–|]|\(?\w{1,4}[.)]\s)")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of a token and its probability."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the input from ``start`` to ``end`` and what it is restored to.

    A token may span two printed words that were one, and its text may hold a space where one printed word was two.
    """

    printed: str
    text: str
    start: int
    end: int
    confidence: float
    changed: bool
    alternatives: tuple[Alternative, ...] = ()


def detect_channel(text: str) -> Kind:
    """Which kind of noise ``text`` bears, told from the text alone."""
    if share_of_valid_tokens(text) >= 0.6:
        return "vietnamese"
    letters = sum(c.isalpha() for c in text)
    strange = sum(not c.isascii() for c in text if c.isalpha())
    noise = len(re.findall(r"[a-zA-Z][0-9¢§&@¥]|[0-9¢§&@¥][a-z]", text))
    return "stripped" if strange + noise <= letters / 2000 else "garbled"


def restore(text: str, channel: Channel = "auto") -> str:
    """``text`` restored, line for line: as many lines ("\\n") as it had."""
    pieces = []
    at = 0
    for token in restore_tokens(text, channel=channel):
        if token.changed:
            pieces += [text[at : token.start], token.text]
            at = token.end
    return "".join([*pieces, text[at:]])


def restore_tokens(text: str, confidences: Sequence[float] | None = None, channel: Channel = "auto") -> list[Token]:
    """The tokens of ``text`` in order, each with what it is restored to.

    ``confidences``: OCR's confidence (0..1) in each blank-separated word of ``text``, if known.
    """
    kind: Kind = detect_channel(text) if channel == "auto" else channel
    placement = tone_placement(text) or "old"
    tokens: list[Token] = []
    for batch in _batches(text, kind):
        tokens += _restore_batch(text, batch, kind, placement)
    return tokens


def _batches(text: str, kind: Kind) -> Iterator[list[list[Atom]]]:
    """Paragraphs (lists of atoms) in batches small enough to decode at once."""
    batch: list[list[Atom]] = []
    size = 0
    paragraph: list[Atom] = []
    end = 0
    for atom in atoms(text, garbled=kind == "garbled"):
        if paragraph and (len(paragraph) >= _MOST_ATOMS or _PARAGRAPH_BREAK.search(text, end, atom.start)):
            batch.append(paragraph)
            size += len(paragraph)
            paragraph = []
            if size >= _BATCH:
                yield batch
                batch, size = [], 0
        paragraph.append(atom)
        end = atom.end
    if paragraph:
        batch.append(paragraph)
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of the lattice and the atoms (from ``first`` to before ``last``) of its paragraph it stands for."""

    start: int
    end: int
    id: int
    score: float
    text: str
    first: int = 0
    last: int = 0


def _restore_batch(text: str, batch: list[list[Atom]], kind: Kind, placement: str) -> Iterator[Token]:
    words = [a.text for paragraph in batch for a in paragraph if a.kind is AtomKind.WORD]
    found = dict(zip(words, candidates(words, kind), strict=True))
    paragraphs = [_nodes(text, atoms_, found, kind) for atoms_ in batch]
    nodes = [(n, p) for p, own in enumerate(paragraphs) for n in own]
    nodes.sort(key=lambda pair: pair[0].end)
    shift = np.cumsum([0, *(max(n.end for n in own) + 1 for own in paragraphs)])
    paragraph = np.array([p for _, p in nodes])
    points = int(shift[-1])
    level = np.arange(points) - np.repeat(shift[:-1], np.diff(shift))
    last = np.full(len(paragraphs), -1)
    for i, (node, p) in enumerate(nodes):
        if node.end == level[shift[p + 1] - 1]:
            last[p] = i
    lattice = Lattice(
        np.array([n.start for n, _ in nodes]) + shift[paragraph],
        np.array([n.end for n, _ in nodes]) + shift[paragraph],
        np.array([n.id for n, _ in nodes]),
        np.array([n.score for n, _ in nodes]),
        level,
        paragraph,
        last,
    )
    decoded = decode(lattice, language_model(), LM_WEIGHT[kind])
    at: dict[tuple[int, int, int], list[int]] = {}
    for i, (node, p) in enumerate(nodes):
        at.setdefault((p, node.first, node.last), []).append(i)
    path = [int(i) for i in decoded.path if nodes[int(i)][0].last > nodes[int(i)][0].first]
    position = 0
    while position < len(path):
        node, p = nodes[path[position]]
        run = [path[position]]
        while position + len(run) < len(path):
            other, q = nodes[path[position + len(run)]]
            if (q, other.first) != (p, node.first):
                break
            run.append(path[position + len(run)])
        position += len(run)
        yield _token(text, batch[p], nodes, run, at, decoded.probability, kind, placement)


def _token(
    text: str,
    paragraph: list[Atom],
    nodes: list[tuple[_Node, int]],
    run: list[int],
    at: dict[tuple[int, int, int], list[int]],
    probability: np.ndarray[tuple[int], np.dtype[np.float64]],
    kind: Kind,
    placement: str,
) -> Token:
    node, p = nodes[run[0]]
    start, end = paragraph[node.first].start, paragraph[node.last - 1].end
    printed = text[start:end]
    chosen = " ".join(nodes[i][0].text for i in run)
    confidence = float(min(probability[i] for i in run))
    others = [i for i in at[p, node.first, node.last] if i not in run and probability[i] > 0.001 and len(run) == 1]
    others.sort(key=lambda i: (-probability[i], nodes[i][0].text))
    if confidence < _SURE[kind] and len(run) == 1:
        own = [i for i in others if nodes[i][0].text == printed]
        if own and chosen != printed:
            others = [run[0], *(i for i in others if i != own[0])]
            chosen, confidence = printed, float(probability[own[0]])
    if chosen != printed and placement == "new":
        chosen = " ".join(new_style(w) for w in chosen.split(" "))
    alternatives = tuple(Alternative(nodes[i][0].text, round(float(probability[i]), 4)) for i in others[:5])
    changed = chosen != printed and not (node.id not in (BOUNDARY, UNKNOWN) and _same_word(chosen, printed))
    return Token(printed, chosen if changed else printed, start, end, round(confidence, 4), changed, alternatives)


def _same_word(a: str, b: str) -> bool:
    return new_style(normalize(a)) == new_style(normalize(b))


def _nodes(text: str, paragraph: list[Atom], found: dict[str, tuple[Candidate, ...]], kind: Kind) -> list[_Node]:
    """The nodes of one paragraph; three boundaries stand before it, so that its first words have a context."""
    known = vocabulary()
    nodes = [_Node(i, i + 1, BOUNDARY, 0.0, "") for i in range(3)]
    point = 3
    fresh = True  # a boundary was just passed
    extra: list[tuple[int, int]] = []
    for i, atom in enumerate(paragraph):
        gap = text[paragraph[i - 1].end : atom.start] if i else ""
        if not fresh and "\n" in gap and _ITEM.match(text, paragraph[i - 1].end + gap.index("\n")):
            nodes.append(_Node(point, point + 1, BOUNDARY, 0.0, ""))
            point += 1
            fresh = True
        if atom.kind is AtomKind.STOP:
            if not fresh:
                nodes.append(_Node(point, point + 1, BOUNDARY, 0.0, ""))
                point += 1
            fresh = True
            continue
        fresh = False
        if atom.kind is not AtomKind.WORD:
            word = known.id_of(atom.text) if atom.text[0].isdigit() and "%" not in atom.text else UNKNOWN
            if atom.text.endswith("%"):
                word = known.id_of(atom.text[:-1])
            nodes.append(_Node(point, point + 2, word, 0.0, atom.text, i, i + 1))
        else:
            own = found[atom.text]
            nodes += [
                _Node(
                    point, point + 2, c.id, c.score + (_CHANGE[kind] if c.word != atom.text else 0.0), c.word, i, i + 1
                )
                for c in own
            ]
            if kind == "garbled" and own[0].score < _POOR:
                extra.append((i, point))
        point += 2
    nodes.append(_Node(point, point + 1, BOUNDARY, 0.0, ""))
    return nodes
