"""Make the artefact in ``diacritics/data`` from a corpus folder: ``python -m diacritics.train --corpus DIR``.

DIR holds the files named in :mod:`diacritics.training.corpus`, ``syllable_freq.tsv.gz``,
``nonsyllable_token_freq.tsv.gz`` and the pairs ``ocr_pairs_*.tsv.gz``. Same input, same output, byte for byte (of the
network on the same processor, with OPENBLAS_NUM_THREADS=1). It takes about half an hour and 4 GB on one core: reading
and counting 43 million words and aligning 1.2 million pairs of words five minutes, training the network the rest.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
import time
import zipfile
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diacritics.model import CONTEXT_FILE, MODEL_FILE, VOCABULARY_FILE
from diacritics.syllables import normalize, old_style, strip_marks
from diacritics.training.context import train_context
from diacritics.training.corpus import FILES, encode, read_lines, read_vocabulary
from diacritics.training.ngrams import estimate
from diacritics.training.pairs import learn_channel, read_pairs, token_pairs, write_channel
from diacritics.vocabulary import CLASSES, Vocabulary

SYLLABLES_FILE = "syllables.txt"
_ATTESTED = 5
MINIMUM_COUNTS = (1.0, 1.0, 1.0)
MOST_NGRAMS = (1_200_000, 4_200_000, 4_200_000)
CHANNELS = {"garbled": (("eng",), True), "vietnamese": (("vie", "script_vietnamese"), False)}
"""Pairs each channel is learned from, and whether signs may stand for letters in them."""


def write_syllables(corpus: Path, out: Path) -> None:
    """The syllables attested five times and more."""
    counts: dict[str, int] = {}
    with gzip.open(corpus / "syllable_freq.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split("\t")
            word = old_style(normalize(word))
            counts[word] = counts.get(word, 0) + int(count)
    attested = sorted(w for w, n in counts.items() if n >= _ATTESTED)
    (out / SYLLABLES_FILE).write_text("\n".join(attested) + "\n", encoding="utf-8")


def write_language_models(corpus: Path, out: Path) -> None:
    """Vocabulary, n-gram tables, and the network that looks at both sides of a word."""
    vocabulary = read_vocabulary(corpus, _ATTESTED)
    (out / VOCABULARY_FILE).write_text("\n".join(vocabulary.words) + "\n", encoding="utf-8")
    files = {file: encode(read_lines(corpus, file), vocabulary) for file in FILES}
    size, bare = len(vocabulary.words), bare_words(vocabulary)
    weighted = [(ids, FILES[file]) for file, ids in files.items()]
    save(out / MODEL_FILE, estimate(weighted, size, MINIMUM_COUNTS, MOST_NGRAMS, bare))
    save(out / CONTEXT_FILE, train_context(files, size, bare))


def bare_words(vocabulary: Vocabulary) -> NDArray[np.uint16]:
    """For each word the first one that is like it but for marks."""
    first: dict[str, int] = {}
    bare = [first.setdefault(strip_marks(w) if i >= len(CLASSES) else w, i) for i, w in enumerate(vocabulary.words)]
    return np.array(bare, dtype=np.uint16)


def save(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    """An uncompressed ``.npz`` without dates, so that equal arrays make equal files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.ascontiguousarray(arrays[name]), allow_pickle=False)


def write_channels(corpus: Path, out: Path) -> None:
    """The tables of noise of each channel."""
    for name, (sources, garbled) in CHANNELS.items():
        lines = chain.from_iterable(read_pairs(corpus / f"ocr_pairs_{source}.tsv.gz") for source in sources)
        write_channel(out / f"channel-{name}.tsv", learn_channel(token_pairs(lines, garbled=garbled)), {})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data")
    arguments = parser.parse_args()
    if not (arguments.corpus / "syllable_freq.tsv.gz").is_file():
        parser.error(f"{arguments.corpus} holds no syllable_freq.tsv.gz: name the folder of the training corpus")
    start = time.perf_counter()
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_syllables(arguments.corpus, arguments.out)
    write_channels(arguments.corpus, arguments.out)
    write_language_models(arguments.corpus, arguments.out)
    for path in sorted(arguments.out.glob("*.*")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        print(f"{path.name:24s} {path.stat().st_size / 1e6:7.2f} MB  {digest}")  # noqa: T201
    print(f"{time.perf_counter() - start:.0f} s")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
