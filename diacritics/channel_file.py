"""Reading a channel's counts from ``data/channel-*.tsv`` and making probabilities of them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from diacritics.channel import Channel, Shape, Shares
from diacritics.model import language_model, vocabulary
from diacritics.spelling import Spelling, by_length
from diacritics.syllables import TONES, strip_marks, syllables
from diacritics.vocabulary import UNKNOWN

_PART_PRIOR = 4.0
_KIN_SHARES = (0.82, 0.12, 0.06)
"""Of a letter's noise, the shares told by its own counts, by letters that differ in tone, by those of the same base."""
_ALIKE = {"0": "o", "1": "ilr", "2": "az", "5": "s", "6": "dbo", "8": "sbo", "9": "gqo", "3": "o", "4": "a"}
"""Digits and the letters that look like them; real layers hold more of these than pages made for training."""
_ALIKE_LETTERS = {"l": "i", "i": "l", "I": "il"}
"""Letters and the letters that look like them, likewise."""
_LEAST = {"vowel": (5e-3, 3e-4), "plain": (5e-4, 5e-5), "consonant": (2e-4, 3e-5)}
"""Least probability of losing a letter and of reading it as any one given character, by class: vowels with marks
suffer most."""
_LEAST_ALIKE = 2e-3
_STROKES_ALIKE = 0.05
"""How often i among several characters read for a letter is l instead ("tlr" beside "tir" for "từ")."""
_LEAST_SEVERAL = 1e-6
_WELL_KNOWN = 50
_WORD_PRIOR = 40.0
_LEAST_UNSEEN = 0.2
RARE = -14.0
"""log frequency taken for words that have none."""

_Counts = Mapping[str, tuple[int, list[tuple[str, int]]]]
"""By clean unit: how often it was met, and its noisy forms with their counts."""


@lru_cache(maxsize=4)
def load_channel(name: str) -> Channel:
    """The channel of ``data/channel-<name>.tsv``."""
    text = resources.files(__package__).joinpath(f"data/channel-{name}.tsv").read_text(encoding="utf-8")
    tables: dict[str, dict[str, tuple[int, list[tuple[str, int]]]]] = {
        k: {} for k in ("word", "onset", "rime", "letter")
    }
    for line in text.split("\n"):
        if line:
            kind, clean, often, *cells = line.split("\t")
            tables[kind][clean] = int(often), [(s, int(n)) for s, n in zip(cells[::2], cells[1::2], strict=True)]
    letter_ids = {c: i for i, c in enumerate(sorted(tables["letter"]))}
    read = {s for _, forms in tables["letter"].values() for s, _ in forms} | {""}
    segments = sorted(read | {s.replace("i", "l") for s in read})
    segment_ids = {s: i + 1 for i, s in enumerate(segments)}
    emission = _emission(tables["letter"], letter_ids, segment_ids)
    known = vocabulary()
    foreign = ((w, known.id_of(w)) for w in known.words if len(w) > 2 and not w.islower() and w.isalpha())
    by_noisy: dict[str, dict[str, float]] = defaultdict(dict)
    met: dict[str, int] = defaultdict(int)
    for clean, (total, forms) in tables["word"].items():
        for noisy, n in forms:
            by_noisy[noisy][clean] = (1 - _unseen(total)) * n / total
            met[noisy] += n
    return Channel(
        name,
        dict(by_noisy),
        frozenset(w for w, n in met.items() if n >= _WELL_KNOWN and len(w) > 2),
        segment_ids,
        {d: [row for c, row in letter_ids.items() if strip_marks(c).lower() in _ALIKE[d]] for d in _ALIKE},
        np.vstack([emission.T, np.full((1, len(letter_ids)), -np.inf, dtype=np.float32)]),
        {
            case: _shape(shaped, tables, letter_ids)
            for case, shaped in (("lower", str.lower), ("title", str.capitalize), ("upper", str.upper))
        },
        by_length(_weighed(foreign), letter_ids),
    )


def _unseen(total: int) -> float:
    """The share of a word's noise that its own counts do not tell."""
    return max(_LEAST_UNSEEN, _WORD_PRIOR / (total + _WORD_PRIOR))


def _weighed(words: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int, float]]:
    frequencies = language_model().frequencies.tolist()
    for word, number in words:
        yield word, number, RARE if number == UNKNOWN else frequencies[number]


def _shape(shaped: Callable[[str], str], tables: Mapping[str, _Counts], letter_ids: Mapping[str, int]) -> Shape:
    known = vocabulary()
    printed = ((shaped(s), s) for s in syllables())
    spelling = Spelling.of(_weighed((w, known.id_of_syllable(w, s)) for w, s in printed), letter_ids)
    return Shape(
        spelling,
        _inverted(tables["onset"], spelling.onset_ids),
        _inverted(tables["rime"], spelling.rime_ids),
        np.array([_unseen(tables["word"].get(w, (0, []))[0]) for w in spelling.words]),
        {w: i for i, w in enumerate(spelling.words)},
    )


def _inverted(table: _Counts, ids: Mapping[str, int]) -> Shares:
    shares: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for clean, number in ids.items():
        total, forms = table.get(clean, (0, []))
        for noisy, n in forms:
            shares[noisy].append((number, n / (total + _PART_PRIOR)))
    return {
        noisy: (np.array([i for i, _ in own], dtype=np.int64), np.array([p for _, p in own]))
        for noisy, own in shares.items()
    }


def _without_tone(letter: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", letter) if c not in TONES))


def _emission(
    table: Mapping[str, tuple[int, list[tuple[str, int]]]], letters: Mapping[str, int], segments: Mapping[str, int]
) -> NDArray[np.float32]:
    """log p(segment | letter): counts of the letter and its kin, above a floor."""
    counts = np.zeros((len(letters), len(segments) + 1))
    for letter, (_, forms) in table.items():
        for segment, n in forms:
            counts[letters[letter], segments[segment]] = n
    probability = np.zeros_like(counts)
    kinds: tuple[Callable[[str], str], ...] = (lambda letter: letter, _without_tone, strip_marks)
    for share, kin in zip(_KIN_SHARES, kinds, strict=True):
        groups: dict[str, list[int]] = defaultdict(list)
        for letter, i in letters.items():
            groups[kin(letter)].append(i)
        for rows in groups.values():
            total = counts[rows].sum(axis=0)
            probability[rows] += share * total / max(1.0, total.sum())
    least = np.full_like(probability, _LEAST_SEVERAL)
    single = [0, *(i for s, i in segments.items() if len(s) == 1)]
    for letter, row in letters.items():
        base = strip_marks(letter).lower()
        kind = "consonant" if base not in "aeiouy" else "plain" if letter.isascii() else "vowel"
        least[row, segments[""]], least[row, single] = _LEAST[kind]
        for sign, alike in (*_ALIKE.items(), *_ALIKE_LETTERS.items()):
            if base in alike and sign in segments:
                least[row, segments[sign]] = _LEAST_ALIKE
    for segment, i in segments.items():
        if len(segment) > 1 and "i" in segment:
            other = segments[segment.replace("i", "l")]
            probability[:, other] = np.maximum(probability[:, other], _STROKES_ALIKE * probability[:, i])
    probability = np.maximum(probability, least)
    result: NDArray[np.float32] = np.log(probability).astype(np.float32)
    return result
