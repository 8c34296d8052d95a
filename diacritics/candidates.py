"""The candidate words of each atom, with channel scores, by the kind of text at hand.

Three kinds: ``garbled`` (read with the wrong language), ``vietnamese`` (read or typed well, a slip here and there),
``stripped`` (all marks gone).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from diacritics.channel import Reading
from diacritics.channel_file import load_channel
from diacritics.model import language_model, vocabulary
from diacritics.syllables import level, strip_marks, syllables
from diacritics.tokens import NOISE, is_scrap, levelled
from diacritics.vocabulary import UNKNOWN, shape

Kind = Literal["garbled", "vietnamese", "stripped"]

_UNKNOWN_LETTER: dict[Kind, float] = {"garbled": -3.0, "vietnamese": -1.4, "stripped": -2.6}
"""Cost in nats of each character of a word the language model does not know, kept as it stands."""
_UNKNOWN_WORD: dict[Kind, float] = {"garbled": -4.0, "vietnamese": -1.0, "stripped": -3.0}
_SIGN_INSIDE = -4.0
"""Cost of each sign in such a word beside letters: no print has it."""
_SHORT = 3
_SHORT_UNKNOWN = -4.0
"""Cost of an unknown short word in small letters: foreign words are longer, abbreviations are capitals."""
_LONE_LETTER = {"garbled": -3.5, "vietnamese": -0.3, "stripped": -0.5}
"""Cost of a single letter by itself: labels are taken out before, and garbled text has many remains of words."""
_LOOK_ALIKE = -3.0
_STRAY_SIGN = -4.0
_CERTAIN = 8.0
_CAPITALS_ALONE = -5.0
"""Cost of a syllable in capitals on a line that is not set in capitals."""

_DIGIT_LOOK = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0", "o": "0", "S": "5", "B": "8", "Z": "2"})
_WRONG_DIGIT = -4.0
_DAY_LOOK = str.maketrans({"l": "1", "I": "1", "O": "0", "o": "0", "S": "5", "F": "1", "f": "1", "L": "1", "Z": "2"})
"""Letters that the figures of a day or a month are read as ("ngày OF tháng LO")."""
LETTERED = re.compile(r"[1-9][a-eđ]")
"""The number of an article put in later ("Điều 7a")."""
_LETTERED_COST = -6.0
_OTHER_MARKS = -8.0
"""Cost of taking a word of well-read text for any other that differs in its marks alone."""
ABBREVIATION = re.compile(r"[A-ZĐ]{2,8}|[A-ZĐ]{2,8}&[A-ZĐ]{2,8}")
"""Capitals that make no syllable: SYT, PHCN, KHCN&ĐT."""

KEPT = 12
KEPT_OF_WRECKS = 24
_GAP: dict[Kind, float] = {"garbled": 11.0, "vietnamese": 16.0, "stripped": 11.0}
"""How far a candidate may lie behind the best one."""
_POOR = -5.5
_POOR_AND_RARE = -12.0
_MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """``word`` as it would be printed, its id in the vocabulary, log p(noisy | word)."""

    word: str
    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one noisy word, likeliest first, in columns; ``own`` is the place of the word itself.

    ``poor``: no candidate explains the word, so that it may be a piece of a word or several words; no scrap is.
    """

    words: tuple[str, ...]
    ids: tuple[int, ...]
    scores: tuple[float, ...]
    own: int
    poor: bool

    def known(self) -> Candidates:
        """Those the vocabulary knows."""
        kept = [i for i, word in enumerate(self.ids) if word != UNKNOWN]
        words, ids = tuple(self.words[i] for i in kept), tuple(self.ids[i] for i in kept)
        scores = tuple(self.scores[i] for i in kept)
        return Candidates(words, ids, scores, -1, self.poor)

    def with_more(self, more: Candidates) -> Candidates:
        """These and ``more``; a word that is among both has the better score."""
        scores = dict(zip(self.words, self.scores, strict=True))
        ids = dict(zip((*self.words, *more.words), (*self.ids, *more.ids), strict=True))
        for word, score in zip(more.words, more.scores, strict=True):
            scores[word] = max(score, scores.get(word, score))
        return Candidates(tuple(scores), tuple(ids[w] for w in scores), tuple(scores.values()), self.own, self.poor)

    def first(self, count: int) -> Candidates:
        """The likeliest ``count`` of them."""
        if len(self.ids) <= count:
            return self
        own = self.own if self.own < count else -1
        return Candidates(self.words[:count], self.ids[:count], self.scores[:count], own, self.poor)


Noisy = tuple[str, bool]
"""A noisy word and whether its line is set in capitals."""

_memory: dict[tuple[Noisy, Kind], Candidates] = {}


def candidates(words: Iterable[Noisy], kind: Kind) -> dict[Noisy, Candidates]:
    """Candidates of each noisy word; the word itself is always among them."""
    distinct = dict.fromkeys(words)
    missing = [w for w in distinct if (w, kind) not in _memory]
    if missing:
        if len(_memory) > _MOST_REMEMBERED:
            _memory.clear()
        noisy = [w for w, _ in missing]
        readings: Sequence[Sequence[Reading]]
        if kind == "stripped":
            readings = _stripped_readings(noisy)
        else:
            readings = load_channel(kind).readings([levelled(w) for w in noisy])
        if kind == "vietnamese":
            others = _stripped_readings([strip_marks(w) for w in noisy], _OTHER_MARKS)
            readings = [(*own, *more) for own, more in zip(readings, others, strict=True)]
        for word, found in zip(missing, readings, strict=True):
            _memory[word, kind] = _candidates(word, found, kind)
        if len(missing) < len(distinct) and any((w, kind) not in _memory for w in distinct):
            return candidates(words, kind)  # the memory was cleared above
    return {w: _memory[w, kind] for w in distinct}


def _candidates(word: Noisy, readings: Sequence[Reading], kind: Kind) -> Candidates:
    noisy, capitals = word
    best: dict[int, tuple[float, str]] = {}
    for reading in readings:
        printed, number, score = reading.word, reading.id, reading.score
        if not capitals and len(printed) > 1 and printed.isupper() and printed != noisy:
            score += _CAPITALS_ALONE
        if printed == noisy and kind == "garbled" and _is_lone_letter(noisy):
            score += _LONE_LETTER[kind]
        if number not in best or score > best[number][0]:
            best[number] = score, printed
    for own in [*_as_it_stands(noisy, kind, capitals), *_without_signs(noisy)]:
        if own.id not in best or own.score > best[own.id][0]:
            best[own.id] = own.score, own.word
    common = language_model().commonness
    ranked = sorted((-(score + common[number]), printed, number) for number, (score, printed) in best.items())
    worst = ranked[0][0] + _GAP[kind]
    most = KEPT_OF_WRECKS if len(readings) > KEPT_OF_WRECKS else KEPT
    kept = [r for r in ranked[:most] if r[0] <= worst]
    if all(printed != noisy for _, printed, _ in kept):
        kept += [r for r in ranked if r[1] == noisy][:1]
    found = [Candidate(printed, number, best[number][0]) for _, printed, number in kept]
    return Candidates(
        tuple([c.word for c in found]),
        tuple([c.id for c in found]),
        tuple([c.score for c in found]),
        next((i for i, c in enumerate(found) if c.word == noisy), -1),
        _is_poor(noisy, found),
    )


def _is_poor(noisy: str, kept: Sequence[Candidate]) -> bool:
    if is_scrap(noisy):
        return False
    if ABBREVIATION.fullmatch(noisy) and not (noisy.isalpha() and len(noisy) <= 4 and set(noisy) & set("AEIOUY")):
        return False
    explained = [c for c in kept if c.id != UNKNOWN]
    best = max((c.score for c in explained), default=-99.0)
    common = language_model().commonness
    return best < _POOR or (best < _POOR / 2 and max(c.score + common[c.id] for c in explained) < _POOR_AND_RARE)


def _as_it_stands(noisy: str, kind: Kind, capitals: bool) -> list[Candidate]:
    known = vocabulary()
    if noisy.isdecimal():
        return [Candidate(noisy, known.id_of(noisy), -math.log(10) * min(len(noisy), 4) * 0.75 - 0.1)]
    result = []
    if kind == "garbled" and len(noisy) == 2 and noisy.isalpha():
        figure = noisy.translate(_DAY_LOOK)
        if figure.isdecimal():
            result.append(Candidate(figure, known.id_of(figure), 2 * _WRONG_DIGIT - math.log(10) * 1.5))
    if any(c.isdigit() for c in noisy):
        figure = noisy.translate(_DIGIT_LOOK)
        wrong = sum(a != b for a, b in zip(noisy, figure, strict=True))
        if figure.isdecimal() and wrong < len(noisy):
            cost = _WRONG_DIGIT * wrong - math.log(10) * min(len(noisy), 4) * 0.75
            result.append(Candidate(figure, known.id_of(figure), cost))
    own = known.id_of(noisy) if noisy.isalpha() else UNKNOWN
    if noisy == "&":
        return [Candidate(noisy, own, -2.0)]
    if own == UNKNOWN and ABBREVIATION.fullmatch(noisy) and strip_marks(noisy).lower() not in _by_bare_form():
        # "SYT" is most likely meant; "SOY" may be "SỞ Y", the more so among capitals
        speakable = (2.0 + (1.4 if capitals else 0.7) * len(noisy)) if set(noisy) & set("AEIOUY") else 0.0
        return [Candidate(noisy, own, -2.0 - 0.8 * len(noisy) - speakable)]
    if kind == "vietnamese" and len(noisy) == 1 and noisy.isupper():
        return [Candidate(noisy, own, _CERTAIN)]
    if own == UNKNOWN:
        signs = sum(not c.isalnum() for c in noisy) if len(noisy) > 1 else 0
        cost = _UNKNOWN_WORD[kind] + _UNKNOWN_LETTER[kind] * len(noisy) + _SIGN_INSIDE * signs
        if kind == "garbled" and noisy.islower() and len(noisy) <= _SHORT:
            cost += _SHORT_UNKNOWN
        if _is_lone_letter(noisy):
            cost = _LONE_LETTER[kind]
        if kind == "garbled" and LETTERED.fullmatch(noisy):
            cost = _LETTERED_COST
        result.append(Candidate(noisy, own, cost))
        alike = known.shapes.get(shape(noisy))
        if alike is not None:
            result.append(Candidate(known.words[alike], alike, _LOOK_ALIKE))
    elif level(noisy) not in syllables():
        result.append(Candidate(noisy, own, _LONE_LETTER[kind] if _is_lone_letter(noisy) else -0.1))
    else:
        result.append(Candidate(noisy, own, {"garbled": -9.0, "vietnamese": -0.05, "stripped": -12.0}[kind]))
    return result


def _is_lone_letter(noisy: str) -> bool:
    return len(noisy) == 1 and noisy.islower() and level(noisy) not in syllables()


def _without_signs(noisy: str) -> list[Candidate]:
    """The word with stray signs at its edges taken off, where that leaves a word that is no syllable ("KHCN'")."""
    core = noisy.strip(NOISE)
    known = vocabulary()
    if len(core) < 2 or core == noisy or not core.isalpha() or level(core) in syllables():
        return []
    own = known.id_of(core)
    if own == UNKNOWN and not ABBREVIATION.fullmatch(core):
        return []
    return [Candidate(core, own, _STRAY_SIGN)]


@lru_cache(maxsize=1)
def _by_bare_form() -> dict[str, list[str]]:
    result: dict[str, list[str]] = defaultdict(list)
    for syllable in sorted(syllables()):
        result[strip_marks(syllable)].append(syllable)
    return dict(result)


def _stripped_readings(words: Sequence[str], score: float = 0.0) -> list[tuple[Reading, ...]]:
    table = _by_bare_form()
    known = vocabulary()
    result = []
    for word in words:
        found = table.get(word.lower(), [])
        shaped = [
            f.upper() if word.isupper() and len(word) > 1 else f.capitalize() if word[:1].isupper() else f
            for f in found
        ]
        result.append(tuple(Reading(w, known.id_of(w), score) for w in shaped))
    return result
