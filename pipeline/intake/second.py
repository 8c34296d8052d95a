"""A second reading, by another model, of the lines in which the first one read something that is no Vietnamese.

The two Vietnamese models of Tesseract err in different places. Reading all lines twice doubles the work and mends
little that restoration would not: on 15 shared pages 107 wrong syllables were left after restoration with one
reading, 98 with two of every line. Re-reading only lines that hold an implausible word of low confidence (one line in
eleven) left 93.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

import numpy as np

from diacritics.syllables import is_valid_syllable
from pipeline.boxes import side_by_side
from pipeline.intake.ocr import PSM_BLOCK, PSM_LINE, PSM_PAGE, Grey, OcrWord, Reader, default_reader, second_reader

DOUBTFUL = 0.8
"""Confidence below which an implausible word has its line read again."""
DOUBTFUL_SIGN = 0.5
"""The same for a document's sign ("1145/QĐ-UBND"): no syllable is that sure."""
PLAUSIBLE = 0.3
"""What being plausible is worth beside confidence when two readings differ."""
NOTHING = 0.35
"""Score of reading nothing at all where the other model read a word: specks are read as words of low confidence."""
MISTAKEN = frozenset("§€£¥¢")
"""Signs that plans do not print: figures and letters are taken for them ("§" for 8), at times with confidence."""
_SHARED = 0.4  # of the narrower word's width that two words share to be readings of the same ink
_COLUMN_GAP = 2.5  # heights of a line's words between two columns
_NUMBER = re.compile(r"[\d.,/%:–-]+")
_NUMERAL = re.compile(r"[IVX]+|\d[\d.,]*")
_SIGN = re.compile(r"(?:\d+/)?[A-ZĐ]{2,}(?:[-/][A-ZĐ]{2,}[gr]?)+")
_EDGES = " .,;:()\"'“”‘’!?…"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Part ``part`` of the lines of picture ``picture``, cut out of it at (``x``, ``y``)."""

    picture: int
    part: int
    x: int
    y: int
    cutting: Grey


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """A reader that asks ``second`` about the doubtful lines of ``first``."""

    first: Reader
    second: Reader

    def read(self, image: Grey, *, dpi: int = 300, psm: int = PSM_PAGE) -> list[OcrWord]:
        return self.read_many([image], dpi=dpi, psm=psm)[0]

    def read_many(self, images: Sequence[Grey], *, dpi: int = 300, psm: int = PSM_BLOCK) -> list[list[OcrWord]]:
        return self.read_each(images, (psm,), dpi=dpi)

    def read_each(self, images: Sequence[Grey], modes: Sequence[int], *, dpi: int = 300) -> list[list[OcrWord]]:
        pictures = [cut_to_parts(words) for words in self.first.read_each(images, modes, dpi=dpi)]
        doubts = find_doubts(pictures, images, dpi)
        answers = self.second.read_many([d.cutting for d in doubts], dpi=dpi, psm=PSM_LINE) if doubts else []
        return settled(pictures, doubts, answers)


def cut_to_parts(words: Sequence[OcrWord]) -> list[list[OcrWord]]:
    """The lines of ``words``, those that run over several columns cut."""
    return [part for line in lines_of(words) for part in parts_of(line)]


def find_doubts(pictures: Sequence[Sequence[Sequence[OcrWord]]], images: Sequence[Grey], dpi: int) -> list[Doubt]:
    """What is to be read again of ``pictures``, each given as the parts of its lines: those with a doubtful word.

    The whole part, for words that seem to be in order are mended with it: of the doubtful words and their neighbours
    alone, read in half the time, a real scan kept one wrong syllable in 200 more.
    """
    doubts = []
    for number, parts in enumerate(pictures):
        for k, part in enumerate(parts):
            if any(is_doubtful(word) for word in part) and _is_written(part):
                doubts.append(Doubt(number, k, *_cut(images[number], part, dpi)))
    return doubts


def settled(
    pictures: Sequence[Sequence[Sequence[OcrWord]]], doubts: Sequence[Doubt], answers: Sequence[Sequence[OcrWord]]
) -> list[list[OcrWord]]:
    """The words of each picture, doubts decided by the second reader's ``answers``."""
    merged = [[list(part) for part in parts] for parts in pictures]
    for doubt, answer in zip(doubts, answers, strict=True):
        parts = merged[doubt.picture]
        own = parts[doubt.part]
        others = [word for j, other in enumerate(parts) if j != doubt.part for word in other]
        moved = [_moved(word, doubt.x, doubt.y, own) for word in answer]
        parts[doubt.part] = merge(own, [word for word in moved if not _belongs(word, others, own)])
    return [[word for part in parts for word in part] for parts in merged]


def careful_reader(seconds: float) -> Reader:
    """The reader of pages and cells; asks the other Vietnamese model too where that is installed.

    Raises ToolError when no Vietnamese model is installed.
    """
    first, second = default_reader(seconds), second_reader(seconds)
    return first if second is None else SecondOpinion(first, second)


def lines_of(words: Sequence[OcrWord]) -> list[list[OcrWord]]:
    return [list(line) for _, line in groupby(words, key=lambda word: word.line)]


def parts_of(line: Sequence[OcrWord]) -> list[list[OcrWord]]:
    """A line cut at the wide gaps between columns.

    Columns that the engine took for one line need not run level: a cutting around all of it would hold words of the
    lines above and below.
    """
    widest = _COLUMN_GAP * median(word.y1 - word.y0 for word in line)
    parts = [[line[0]]]
    for before, word in pairwise(line):
        if word.x0 - before.x1 > widest:
            parts.append([])
        parts[-1].append(word)
    return parts


def is_doubtful(word: OcrWord) -> bool:
    if not MISTAKEN.isdisjoint(word.text):
        return True
    bound = DOUBTFUL_SIGN if _SIGN.fullmatch(word.text.strip(_EDGES)) else DOUBTFUL
    return word.confidence < bound and not is_plausible(word.text)


def is_numeral(text: str) -> bool:
    """Whether ``text`` is a number, arabic or roman, with whatever signs stand at its ends."""
    return _NUMERAL.fullmatch(text.strip(_EDGES)) is not None


def is_abbreviation(text: str) -> bool:
    """Whether ``text`` is in capitals without marks and no numeral, as abbreviations are: "UBND", "GDĐT"."""
    bare = text.strip(_EDGES).replace("Đ", "D")
    return len(bare) > 1 and bare.isascii() and bare.isalpha() and bare.isupper() and not is_numeral(bare)


def is_plausible(text: str) -> bool:
    """Whether ``text`` may stand in Vietnamese print: a syllable, a number, syllables or numbers joined by strokes
    ("tháng/lần", "II/2026"), a short abbreviation, mere punctuation."""
    bare = text.strip(_EDGES)
    if not bare or _NUMBER.fullmatch(bare):
        return True
    if all(_NUMERAL.fullmatch(part) or is_valid_syllable(part) for part in bare.split("/")):
        return True
    return bare.isalpha() and bare.isupper() and len(bare) < 8


def merge(first: Sequence[OcrWord], second: Sequence[OcrWord]) -> list[OcrWord]:
    """Two readings of one line as one: where they differ, the words of more confidence and plausibility.

    A word keeps the box of the first reading where that has one word there too: boxes in a cutting are as high as the
    cutting and, at times, narrower than the ink. Where the first reading has signs or nothing, signs and lone letters
    of the second are specks.
    """
    result: list[OcrWord] = []
    for one, other in side_by_side(first, second, lambda word: word.x0, _on_same_ink):
        same = [w.text for w in one] == [w.text for w in other]
        # Signs may yet be other signs: a colon read as a stroke.
        speck = not _is_written(one) and (_letters(other) == 1 or (not one and _letters(other) == 0))
        if same or speck or _score(one) >= _score(other):
            result += one
        elif len(one) == len(other):
            result += [o._replace(text=w.text, confidence=w.confidence) for o, w in zip(one, other, strict=True)]
        else:
            result += _within(other, one or first)
    return result


def _is_written(words: Sequence[OcrWord]) -> bool:
    return _letters(words) > 0


def _letters(words: Sequence[OcrWord]) -> int:
    return sum(c.isalnum() or c in MISTAKEN for word in words for c in word.text)


def _within(words: Sequence[OcrWord], others: Sequence[OcrWord]) -> list[OcrWord]:
    """``words`` no higher and no lower than ``others``."""
    top, bottom = min(w.y0 for w in others), max(w.y1 for w in others)
    return [word._replace(y0=top, y1=bottom) for word in words]


def _score(words: Sequence[OcrWord]) -> float:
    if not words:
        return NOTHING
    size = sum(len(word.text) for word in words)
    return sum((w.confidence + PLAUSIBLE * is_plausible(w.text)) * len(w.text) for w in words) / size


def _on_same_ink(one: OcrWord, other: OcrWord) -> bool:
    shared = min(one.x1, other.x1) - max(one.x0, other.x0)
    return shared > _SHARED * min(one.x1 - one.x0, other.x1 - other.x0)


def _moved(word: OcrWord, x: int, y: int, part: Sequence[OcrWord]) -> OcrWord:
    """A word of a cutting with its place in the picture and in the line the cutting was made of."""
    line, block = part[0].line, part[0].block
    return word.moved(x, y)._replace(line=line, block=block)


def _belongs(word: OcrWord, others: Sequence[OcrWord], part: Sequence[OcrWord]) -> bool:
    """Whether the ink that ``word`` was read from is that of a word of another line, not of this ``part``."""
    return not any(_on_same_ink(word, own) for own in part) and any(
        _on_same_ink(word, other) and min(word.y1, other.y1) - max(word.y0, other.y0) > 0.5 * (other.y1 - other.y0)
        for other in others
    )


def _cut(image: Grey, line: Sequence[OcrWord], dpi: int) -> tuple[int, int, Grey]:
    """Where the line's part of the picture was cut out, and that part with some paper around it."""
    pad = round(3 * dpi / 72)
    x0, y0 = max(0, min(w.x0 for w in line) - 2 * pad), max(0, min(w.y0 for w in line) - pad)
    x1, y1 = max(w.x1 for w in line) + 2 * pad, max(w.y1 for w in line) + pad
    return x0, y0, np.ascontiguousarray(image[y0:y1, x0:x1])
