"""Learning the channel from pairs of noisy and clean lines: what print turns into when it is read.

Lines are aligned token by token where both have as many; tokens are aligned letter by letter by hard EM: each clean
letter (with its case and marks) becomes zero to three noisy characters.
"""

from __future__ import annotations

import gzip
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from diacritics.syllables import is_valid_syllable, normalize, old_style, onset_length, strip_marks
from diacritics.tokens import Kind, atoms, levelled

MAX_SEGMENT = 3
_ROUNDS = 4
_CHANCE = -3.0


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """(noisy line, clean line) of a gzipped file of pairs."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            noisy, _, clean = line.rstrip("\n").partition("\t")
            yield normalize(noisy), normalize(clean)


def token_pairs(lines: Iterable[tuple[str, str]], *, garbled: bool) -> Counter[tuple[str, str]]:
    """Counts of (noisy word, clean word) from lines whose tokens stand one against one."""
    result: Counter[tuple[str, str]] = Counter()
    for noisy_line, clean_line in lines:
        noisy_tokens, clean_tokens = noisy_line.split(), clean_line.split()
        if len(noisy_tokens) != len(clean_tokens):
            continue
        for noisy, clean in zip(noisy_tokens, clean_tokens, strict=True):
            if noisy == clean and clean.isalpha():
                result[noisy, old_style(clean)] += 1
                continue
            clean_atoms = [a.text for a in atoms(clean, garbled=False) if a.kind is Kind.WORD]
            noisy_atoms = [a.text for a in atoms(noisy, garbled=garbled) if a.kind is Kind.WORD]
            if len(clean_atoms) != len(noisy_atoms):
                continue
            for noisy_atom, clean_atom in zip(noisy_atoms, clean_atoms, strict=True):
                if clean_atom.isalpha():
                    result[levelled(noisy_atom), old_style(clean_atom)] += 1
    return result


class Alignment:
    """Letter statistics and the alignment they imply."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._cost: dict[tuple[str, str], float] = {}

    def cost(self, letter: str, segment: str) -> float:
        """-log p(segment | letter), before any learning by likeness."""
        key = (letter, segment)
        found = self._cost.get(key)
        if found is None:
            found = self._cost[key] = self._estimate(letter, segment)
        return found

    def _estimate(self, letter: str, segment: str) -> float:
        if len(segment) == 1:
            same = strip_marks(letter).lower() == strip_marks(segment).lower()
            guess = 0.5 if same else 0.002
        else:
            guess = 0.003 if not segment else 0.0005 ** (len(segment) - 1)
        counts = self.counts.get(letter)
        if not counts:
            return -math.log(guess)
        return -math.log((counts[segment] + 2 * guess) / (counts.total() + 2))

    def align(self, noisy: str, clean: str) -> list[str] | None:
        """The noisy segment of each clean letter; None when it cannot be cut so."""
        n, m = len(clean), len(noisy)
        if m > MAX_SEGMENT * n:
            return None
        infinite = math.inf
        best = [[infinite] * (m + 1) for _ in range(n + 1)]
        back = [[0] * (m + 1) for _ in range(n + 1)]
        best[0][0] = 0.0
        for i in range(n):
            row, following, trace = best[i], best[i + 1], back[i + 1]
            for j in range(m + 1):
                base = row[j]
                if base == infinite:
                    continue
                for k in range(min(MAX_SEGMENT, m - j) + 1):
                    total = base + self.cost(clean[i], noisy[j : j + k])
                    if total < following[j + k]:
                        following[j + k] = total
                        trace[j + k] = k
        if best[n][m] == infinite:
            return None
        segments = []
        j = m
        for i in range(n, 0, -1):
            k = back[i][j]
            segments.append(noisy[j - k : j])
            j -= k
        return segments[::-1]

    def is_chance(self, clean: str, segments: list[str]) -> bool:
        """Whether two words stand side by side only because their lines were read with a word more and a word less."""
        likelihood = -sum(self.cost(c, s) for c, s in zip(clean, segments, strict=True))
        return likelihood < _CHANCE * (len(clean) + 1)

    def learn(self, pairs: Counter[tuple[str, str]]) -> None:
        for _ in range(_ROUNDS):
            counts: dict[str, Counter[str]] = defaultdict(Counter)
            for (noisy, clean), n in pairs.items():
                segments = self.align(noisy, clean)
                if segments:
                    for letter, segment in zip(clean, segments, strict=True):
                        counts[letter][segment] += n
            self.counts = counts
            self._cost.clear()


def learn_channel(pairs: Counter[tuple[str, str]]) -> dict[str, Counter[tuple[str, str]]]:
    """Counts of (clean, noisy) for whole words, onsets, rimes and letters."""
    usable = Counter(
        {
            (noisy, clean): n
            for (noisy, clean), n in pairs.items()
            if is_valid_syllable(clean) and len(noisy) <= 2 * len(clean) + 1
        }
    )
    alignment = Alignment()
    alignment.learn(usable)
    result: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in ("word", "onset", "rime", "letter")}
    for (noisy, clean), n in pairs.items():
        if (noisy, clean) in usable or (noisy == clean and n > 2):
            result["word"][clean, noisy] += n
    for (noisy, clean), n in usable.items():
        segments = alignment.align(noisy, clean)
        if segments is None or alignment.is_chance(clean, segments):
            result["word"].pop((clean, noisy), None)
            continue
        onset = onset_length(clean)
        result["onset"][clean[:onset], "".join(segments[:onset])] += n
        result["rime"][clean[onset:], "".join(segments[onset:])] += n
        for letter, segment in zip(clean, segments, strict=True):
            result["letter"][letter, segment] += n
    return result


def write_channel(path: Path, counts: dict[str, Counter[tuple[str, str]]], minimum: dict[str, int]) -> None:
    """A line for each clean unit: its kind, the unit, and noisy forms with counts, most frequent first."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for name, table in counts.items():
            rows: dict[str, list[tuple[int, str]]] = defaultdict(list)
            totals: Counter[str] = Counter()
            for (clean, noisy), n in table.items():
                totals[clean] += n
                if n >= minimum.get(name, 1):
                    rows[clean].append((-n, noisy))
            for clean in sorted(rows):
                cells = [f"{noisy}\t{-n}" for n, noisy in sorted(rows[clean])]
                out.write("\t".join([name, clean, str(totals[clean]), *cells]) + "\n")
