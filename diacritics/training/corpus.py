"""Reading the training corpus: gzipped text, one paragraph a line, clean Vietnamese in NFC."""

from __future__ import annotations

import gzip
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diacritics.syllables import has_marks, normalize, old_style
from diacritics.vocabulary import BOUNDARY, CLASSES, LM_TOKEN, Vocabulary, shape

FILES = {
    "tnt305_legal_admin_docs": 4.0,
    "nq57_masterplan": 4.0,
    "phapdien_bo_phap_dien": 1.0,
    "vlc_laws": 1.0,
    "tthc_bqp_congbot": 1.0,
    "tnt305_viwiki": 0.5,
    "viwik19_wiki": 0.5,
}
"""Weight of each file's counts: administrative style above law, law above encyclopaedia."""

_BLOCK = 50
_HELD_OUT_SHARE = 50


def held_out(file: str, number: int) -> bool:
    """Whether a line is kept out of training: one block of 50 lines in 50 of the administrative texts."""
    block = f"{file}:{number // _BLOCK}".encode()
    return file == "tnt305_legal_admin_docs" and zlib.crc32(block) % _HELD_OUT_SHARE == 0


def read_lines(folder: Path, file: str, *, held: bool = False) -> Iterator[str]:
    """The lines of one corpus file that are (not) held out."""
    with gzip.open(folder / f"{file}.txt.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if held_out(file, number) == held:
                yield normalize(line.rstrip("\n"))


def read_vocabulary(folder: Path, minimum_syllable: int = 5, minimum_other: int = 150) -> Vocabulary:
    """Classes, attested syllables, and the frequent tokens that are no syllables (law counts fivefold)."""
    counts: dict[str, int] = {}
    with gzip.open(folder / "syllable_freq.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split("\t")
            word = old_style(normalize(word))
            counts[word] = counts.get(word, 0) + int(count)
    words = sorted((w for w, n in counts.items() if n >= minimum_syllable), key=lambda w: (-counts[w], w))
    known = set(words)
    others: dict[str, str] = {}  # by shape: of "VNeID" and "VNelD" the more frequent one (the file's first) is right
    with gzip.open(folder / "nonsyllable_token_freq.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            word, count, legal = line.split("\t")
            word = normalize(word)
            typo = has_marks(word) and (len(word) > 6 or word.islower())  # "rốiloạn", "viêc"
            if typo or not LM_TOKEN.fullmatch(word) or old_style(word.lower()) in known:
                continue
            if int(count) + 4 * int(legal) >= minimum_other:
                others.setdefault(shape(word), word)
    return Vocabulary.of([*CLASSES, *words, *others.values()])


def encode(lines: Iterator[str], vocabulary: Vocabulary) -> NDArray[np.uint16]:
    """The lines as one sequence of word ids, a clause boundary before and behind each; runs of boundaries are one."""
    memory: dict[str, int] = {}
    result = array("H", [BOUNDARY])
    find = LM_TOKEN.findall
    for line in lines:
        tokens = find(line)
        for token in tokens:
            if token not in memory:
                memory[token] = vocabulary.id_of(token)
        result.extend([memory[t] for t in tokens])
        result.append(BOUNDARY)
    ids = np.frombuffer(result, dtype=np.uint16)
    repeated = np.zeros(len(ids), dtype=bool)
    repeated[1:] = (ids[1:] == BOUNDARY) & (ids[:-1] == BOUNDARY)
    return ids[~repeated]
