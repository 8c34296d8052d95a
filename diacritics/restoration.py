"""Restoring text: atoms, candidates, the best path, and the text written anew.

Reads any Unicode text, clean, garbled or stripped of its marks; paragraphs are decoded whole, across line breaks.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diacritics.abbreviations import settle
from diacritics.candidates import Kind
from diacritics.decoder import Gaps, Memory, decode
from diacritics.encodings import Encoding, detect_encoding
from diacritics.encodings import decode as decode_text
from diacritics.expected import expected
from diacritics.lattice import Draft, Penalties, Slot, build_lattice
from diacritics.model import language_model
from diacritics.rereading import asked_again, windows
from diacritics.rescoring import entries, rescore, within
from diacritics.result import Alternative, Token
from diacritics.specks import parted
from diacritics.syllables import (
    new_style,
    normalize,
    share_of_bare_syllables,
    share_of_valid_tokens,
    tone_placement,
)
from diacritics.tokens import ADDRESS, Atom, atoms
from diacritics.tokens import Kind as AtomKind
from diacritics.vocabulary import CLASSES, UNKNOWN

Channel = Literal["auto", "garbled", "vietnamese", "stripped"]

LM_WEIGHT: dict[Kind, float] = {"garbled": 0.9, "vietnamese": 1.0, "stripped": 1.0}
_CHANGE: dict[Kind, float] = {"garbled": 0.0, "vietnamese": -1.5, "stripped": 0.0}
_SURE: dict[Kind, float] = {"garbled": 0.0, "vietnamese": 0.9, "stripped": 0.0}
"""Least probability of a word that replaces another possible one."""

_GAPS: dict[Kind, Gaps] = {"garbled": (9.0, 7.0), "vietnamese": (14.0, 12.0), "stripped": (7.0, 6.0)}
"""Wide in well-read text: how doubtful a word is shows in rivals that are a thousand times less likely."""
_FEW_SLIPS = 4
_SLIP_RATE = 1 / 150
"""Up to so many words of well-read text that look wrong, and not more than this share, are its author's spelling."""
_WINDOW = 20_000
"""Words that are judged together."""

_MOST_ATOMS = 300
_BATCH = 6000
_JUDGED_ALONE = 300
"""Characters a page must have to be judged by itself: a signature alone tells little."""
_SAMPLE = 20_000
"""Characters of a page by which its kind is told."""
_WORD_OF_BYTES = re.compile(r"[^ \t\n\r\f\v]+")
"""A word of text whose bytes stand as characters: no other blank is one (UTF-8's à ends in a no-break space)."""
_CERTAIN = 0.999
"""A text whose words all have this confidence was not read by OCR."""
_LEAST_SHOWN = 0.001
_CLEAN_SHARE = 0.6
_VIETNAMESE_SHARE = 0.5
"""English has a third of words that are syllables when marks are disregarded, garbled Vietnamese three quarters."""
_TEMPER = 0.6
_EXPLAINED = -9.0
_DOUBT = 5.0
_UNKNOWN_SURE: dict[Kind, float] = {"garbled": 0.6, "vietnamese": 0.97, "stripped": 0.9}

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n|\f")


@dataclass(frozen=True)
class _Reading:
    """What was decoded: rows of the best path, the probability of each row, what is at home in the text."""

    draft: Draft
    path: list[int]
    probability: NDArray[np.float64]
    memory: Memory


def detect_channel(text: str) -> Kind:
    """Which kind of noise ``text`` bears, told from the text alone.

    Text in another language counts as "vietnamese", under which unknown words stay as they are.
    """
    text = ADDRESS.sub(" ", text)
    if share_of_valid_tokens(text) >= _CLEAN_SHARE or share_of_bare_syllables(text) < _VIETNAMESE_SHARE:
        return "vietnamese"
    letters = sum(c.isalpha() for c in text)
    strange = sum(not c.isascii() for c in text if c.isalpha())
    noise = len(re.findall(r"[a-zA-Z][0-9¢§&@¥]|[0-9¢§&@¥][a-z]", text))
    return "stripped" if strange + noise <= letters / 2000 else "garbled"


def restore(text: str, channel: Channel = "auto") -> str:
    """``text`` restored, line for line: as many lines ("\\n") as it had."""
    pieces = []
    at = 0
    for token in _tokens(text, None, channel):
        if token.changed:
            pieces += [text[at : token.start], token.text]
            at = token.end
    return "".join([*pieces, text[at:]])


def restore_tokens(text: str, confidences: Sequence[float] | None = None, channel: Channel = "auto") -> list[Token]:
    """The tokens of ``text`` in order, each with what it is restored to.

    ``confidences``: OCR's confidence (0..1) in each blank-separated word of ``text``, if known. With ``channel`` "auto"
    each page (pages end with a form feed) is judged by itself.
    """
    return list(_tokens(text, confidences, channel))


def _tokens(text: str, confidences: Sequence[float] | None, channel: Channel) -> Iterator[Token]:
    known: dict[int, float] = {}
    if confidences is not None:
        starts = (match.start() for match in re.finditer(r"\S+", text))
        known = dict(zip(starts, confidences, strict=False))
    for start, end, kind in _stretches(text, channel):
        page = text[start:end]
        if kind == "garbled" or kind == "vietnamese" or kind == "stripped":
            own = {place - start: value for place, value in known.items() if start <= place < end}
            tokens = _unicode_tokens(page, own, kind)
        else:
            tokens = _legacy_tokens(page, kind)
        for token in tokens:
            yield token._replace(start=token.start + start, end=token.end + start) if start else token


def _stretches(text: str, channel: Channel) -> Iterator[tuple[int, int, Kind | Encoding]]:
    """Pages that follow each other and are of one kind, with that kind: what is clear on one settles the others."""
    start = 0
    kind: Kind | Encoding | None = None
    for first, end in _pages(text):
        page = text[first:end]
        own: Kind | Encoding | None = None if channel == "auto" else channel
        if own is None:
            judged = page if len(page) >= _JUDGED_ALONE else text
            own = detect_encoding(page[:_SAMPLE]) or detect_channel(judged[:_SAMPLE])
        if kind is not None and own != kind:
            yield start, first, kind
            start = first
        kind = own
    if kind is not None:
        yield start, len(text), kind


def _pages(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\f", start) + 1 or len(text)
        yield start, end
        start = end


def _legacy_tokens(text: str, encoding: Encoding) -> Iterator[Token]:
    """Text in an old encoding: blank-separated words decoded, slips among them restored."""
    words = [m.span() for m in _WORD_OF_BYTES.finditer(text)]
    decoded: list[str] = []
    spans: list[tuple[int, int]] = []
    size = end = 0
    for start, stop in words:
        gap = text[end:start]
        word = " ".join(decode_text(text[start:stop], encoding).split())
        decoded += [gap, word]
        spans.append((size + len(gap), size + len(gap) + len(word)))
        size += len(gap) + len(word)
        end = stop
    whole = "".join(decoded)
    tokens = list(_unicode_tokens(whole, {}, "vietnamese"))
    at = 0
    for (start, stop), (first, last) in zip(words, spans, strict=True):
        pieces, place, sure = [], first, 1.0
        while at < len(tokens) and tokens[at].start < last:
            token = tokens[at]
            pieces += [whole[place : token.start], token.text]
            place, sure = token.end, min(sure, token.confidence)
            at += 1
        printed, restored = text[start:stop], "".join([*pieces, whole[place:last]])
        yield Token(printed, restored, start, stop, sure, printed != restored)


def _unicode_tokens(text: str, confidences: dict[int, float], kind: Kind) -> Iterator[Token]:
    placement = (tone_placement(text[:_SAMPLE]) or "old") if kind == "vietnamese" else "old"
    pieces: Iterable[Atom] = atoms(text, garbled=kind == "garbled")
    penalties = Penalties(_CHANGE[kind])
    if confidences:
        pieces = list(pieces)
        penalties = Penalties(_CHANGE[kind], _by_atom(pieces, confidences))
    tokens = (
        token for batch in _batches(text, pieces) for token in _restore_batch(text, batch, kind, placement, penalties)
    )
    read_by_machine = any(value < _CERTAIN for value in confidences.values())
    while window := list(islice(tokens, _WINDOW)):
        if kind == "garbled":
            yield from settle(window)
        elif kind == "stripped":
            yield from window
        elif read_by_machine:
            yield from parted(text, iter(window))
        else:
            yield from _authors_own(window)


def _authors_own(window: Sequence[Token]) -> Iterator[Token]:
    """Words changed only where so many look wrong that a machine must have read the text.

    A writer's slip now and then belongs to the document: it is kept, in low confidence, the likelier word beside it.
    """
    slips = sum(token.changed for token in window)
    kept = slips <= _FEW_SLIPS and slips < _SLIP_RATE * len(window)
    for token in window:
        yield _as_printed(token) if kept and token.changed and token.printed.isalpha() else token


def _as_printed(token: Token) -> Token:
    likelier = Alternative(token.text, round(token.confidence, 4))
    doubt = round(1.0 - token.confidence, 6)
    others = (likelier, *(a for a in token.alternatives if a.text != token.printed))
    return token._replace(text=token.printed, confidence=doubt, changed=False, alternatives=others)


def _by_atom(pieces: Iterable[Atom], confidences: dict[int, float]) -> dict[int, float]:
    """The confidence of each atom, by its start, from those of the words by theirs."""
    starts = sorted(confidences)
    result: dict[int, float] = {}
    for atom in pieces:
        at = bisect_right(starts, atom.start) - 1
        if at >= 0:
            result[atom.start] = confidences[starts[at]]
    return result


def _batches(text: str, pieces: Iterable[Atom]) -> Iterator[list[list[Atom]]]:
    """Paragraphs (lists of atoms) in batches small enough to decode at once."""
    batch: list[list[Atom]] = []
    size = 0
    paragraph: list[Atom] = []
    for atom in pieces:
        if paragraph and (len(paragraph) >= _MOST_ATOMS or _is_break(text, paragraph[-1], atom)):
            batch.append(paragraph)
            size += len(paragraph)
            paragraph = []
            if size >= _BATCH:
                yield batch
                batch, size = [], 0
        paragraph.append(atom)
    if paragraph:
        batch.append(paragraph)
    if batch:
        yield batch


def _is_break(text: str, before: Atom, atom: Atom) -> bool:
    """Whether a paragraph ends between two atoms: at an empty line or a new page, unless the sentence runs on there."""
    if text[before.end : atom.start] == " " or not _PARAGRAPH_BREAK.search(text, before.end, atom.start):
        return False
    lines_on = before.kind is AtomKind.WORD and atom.kind is AtomKind.WORD and len(atom.text) > 1
    return not (lines_on and atom.text[0].islower() and text[before.end : atom.start].strip() in ("", ","))


def _restore_batch(
    text: str, batch: list[list[Atom]], kind: Kind, placement: str, penalties: Penalties
) -> Iterator[Token]:
    first = _read(build_lattice(text, batch, kind, penalties), kind)
    if kind != "garbled":
        yield from _tokens_of(text, first, kind, placement, _everywhere)
        return
    more = expected(first.draft, text, first.path, first.probability, LM_WEIGHT[kind])
    again, settled = windows(batch, more, first.draft, first.path, first.probability)
    line = entries(first.draft, first.path)
    rescore(first.draft, line, first.probability)
    asked = asked_again(again, settled)
    tokens: Iterator[Token] = _tokens_of(text, first, kind, placement, lambda start: not asked(start))
    if more:
        second = _read(build_lattice(text, again, kind, penalties, more, settled), kind, first.memory)
        rescore(second.draft, within(line, entries(second.draft, second.path), again), second.probability)
        anew = _tokens_of(text, second, kind, placement, asked)
        tokens = iter(sorted([*tokens, *anew], key=attrgetter("start")))
    yield from parted(text, tokens)


def _everywhere(_: int) -> bool:
    return True


def _read(draft: Draft, kind: Kind, memory: Memory | None = None) -> _Reading:
    decoded = decode(draft.lattice, language_model(), LM_WEIGHT[kind], _GAPS[kind], memory)
    return _Reading(draft, decoded.path.tolist(), decoded.probability, decoded.memory)


def _tokens_of(
    text: str, reading: _Reading, kind: Kind, placement: str, wanted: Callable[[int], bool]
) -> Iterator[Token]:
    """The tokens of the best path that start where they are ``wanted``.

    In garbled text the path may be wrong at many places at once: the reading of a word that all paths together speak
    for is likelier than that of the best path.
    """
    draft = reading.draft
    probability: list[float] = reading.probability.tolist()
    rivals: dict[int, list[int]] = {}
    for row in np.flatnonzero(reading.probability > _LEAST_SHOWN).tolist():
        rivals.setdefault(draft.slot[row], []).append(row)
    for slot, run in groupby(reading.path, key=draft.slot.__getitem__):
        if slot < 0:
            continue
        own, chosen, others = draft.slots[slot], list(run), rivals.get(slot, [])
        if not wanted(own.start):
            continue
        if kind == "garbled" and own.whole and len(chosen) == 1 and others:
            chosen = [max([*chosen, *others], key=probability.__getitem__)]
        yield _token(text, draft, own, chosen, others, probability, kind, placement)


def _token(
    text: str,
    draft: Draft,
    slot: Slot,
    run: list[int],
    rivals: list[int],
    probability: list[float],
    kind: Kind,
    placement: str,
) -> Token:
    printed = text[slot.start : slot.end]
    chosen = draft.text[run[0]] if len(run) == 1 else " ".join(draft.text[row] for row in run if draft.text[row])
    confidence = min([_confidence(probability[row], draft.word[row], draft.score[row], kind) for row in run])
    others = [row for row in rivals if row not in run] if len(run) == 1 and slot.whole else []
    if len(others) > 1:
        others.sort(key=lambda row: (-probability[row], draft.text[row]))
    if chosen != printed and min(probability[row] for row in run) < _SURE[kind]:
        own = next((row for row in others if draft.text[row] == printed), None)
        if own is not None:
            others = [run[0], *(row for row in others if row != own)]
            chosen = printed
            confidence = _confidence(probability[own], draft.word[own], draft.score[own], kind)
    if chosen != printed:
        if new_style(normalize(chosen)) == new_style(normalize(printed)):
            chosen = printed
        elif placement == "new":
            chosen = " ".join(new_style(w) for w in chosen.split(" "))
    alternatives = tuple([Alternative(draft.text[row], round(probability[row], 4)) for row in others[:5]])
    return Token(printed, chosen, slot.start, slot.end, confidence, chosen != printed, alternatives)


def _confidence(probability: float, word: int, score: float, kind: Kind) -> float:
    """How sure a reading is: its probability among its rivals, tempered, less where even the best explains little.

    The models are surer than they are right, so the odds are raised to a power below 1. A word unknown to the
    vocabulary has no rival worth the name and is no surer for it.
    """
    if probability <= 0.0:
        return 0.0
    rivals = max(1e-12, 1.0 - probability)
    odds = math.exp(_TEMPER * math.log(probability / rivals))
    figure = UNKNOWN < word < len(CLASSES)
    explained = 1.0 if figure else min(1.0, math.exp((score - _EXPLAINED) / _DOUBT))
    known = _UNKNOWN_SURE[kind] if word == UNKNOWN else 1.0
    return round(odds / (1.0 + odds) * explained * known, 6)
