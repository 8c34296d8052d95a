"""Figures of diacritic restoration: accuracy, harm, calibration, speed, load time, memory; pyvi beside it if installed.

    python tests/benchmarks/bench_restore.py --corpus CORPUS [--cases CASES] [--lines 1000]

CORPUS holds the training corpus (its held-out lines are used), CASES folders with ``text-layer.txt`` and ``text.txt``.
``cold`` is a text never seen, ``warm`` the steady state, in which most noisy words are known. The peer row needs pyvi,
which is no dependency: ``pip install pyvi`` into an environment of its own that also has this project's dependencies.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from rapidfuzz.distance import Levenshtein

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def words(text: str) -> list[str]:
    """Words as compared: NFC, lower case, old-style tones, no punctuation at the edges."""
    from diacritics.syllables import level

    cut = (re.sub(r"^\W+|\W+$", "", w) for w in unicodedata.normalize("NFC", text).split())
    return ["hàng" if w == "hằng" else w for w in map(level, cut) if w]


def accuracy(true: str, other: str) -> tuple[float, float]:
    """Share of the true words that came out, and character error rate (blanks folded)."""
    a, b = words(true), words(other)
    c, d = " ".join(unicodedata.normalize("NFC", true).split()), " ".join(unicodedata.normalize("NFC", other).split())
    return 1 - Levenshtein.distance(a, b) / max(1, len(a)), Levenshtein.distance(c, d) / max(1, len(c))


def held_out_lines(corpus: Path, limit: int) -> Iterator[str]:
    from diacritics.training.corpus import read_lines

    for number, line in enumerate(read_lines(corpus, "tnt305_legal_admin_docs", held=True)):
        if number >= limit:
            return
        yield line


def harm(true: str) -> tuple[int, int, list[tuple[str, str]]]:
    """Tokens changed in correct text, tokens, and the changes."""
    from diacritics import restore_tokens

    tokens = restore_tokens(true)
    changes = [(t.printed, t.text) for t in tokens if t.changed]
    return len(changes), len(true.split()), changes


def calibration(true: str, garbled: str) -> float:
    """Share of the wrong tokens that are among the 5 % least confident; line by line where words stand one to one."""
    from diacritics import restore_tokens

    judged: list[tuple[float, bool]] = []
    tokens = restore_tokens(garbled)
    bounds = [0]
    for line in garbled.split("\n"):
        bounds.append(bounds[-1] + len(line) + 1)
    at = 0
    for number, true_line in enumerate(true.split("\n")):
        own = []
        while at < len(tokens) and tokens[at].start < bounds[min(number + 1, len(bounds) - 1)]:
            own.append(tokens[at])
            at += 1
        targets = words(" ".join(re.findall(r"[^\W_]+", true_line)))
        pieces = [(w, t.confidence) for t in own for w in words(" ".join(re.findall(r"[^\W_]+", t.text)))]
        restored = [w for w, _ in pieces]
        good = set()
        for tag, i1, i2, j1, _ in Levenshtein.opcodes(targets, restored).as_list():
            if tag == "equal":
                good |= {j1 + k for k in range(i2 - i1)}
        judged += [(confidence, i in good) for i, (_, confidence) in enumerate(pieces)]
    judged.sort(key=lambda j: j[0])
    wrong = sum(not ok for _, ok in judged)
    doubtful = judged[: max(1, len(judged) // 20)]
    return sum(not ok for _, ok in doubtful) / max(1, wrong)


def timed(restore: Callable[[str], str], text: str) -> float:
    start = time.perf_counter()
    restore(text)
    return len(text.split()) / (time.perf_counter() - start)


def peer() -> Callable[[str], str] | None:
    try:
        from pyvi import ViUtils
    except ImportError:
        return None

    def restore(text: str) -> str:
        lines = []
        for line in text.split("\n"):
            try:
                lines.append(ViUtils.add_accents(line))
            except Exception:  # noqa: BLE001 - it crashes on some lines; they stay as they were
                lines.append(line)
        return "\n".join(lines)

    return restore


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--long-line", action="store_true", help="restore a line of 10 MB as well (minutes)")
    parser.add_argument("--show", action="store_true", help="print the changes made to correct text")
    arguments = parser.parse_args()

    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # speed is that of one core; read when numpy is first imported
    start = time.perf_counter()
    from diacritics import restore
    from diacritics.syllables import strip_marks

    restore("Ké hoach chuyén d6i s6")
    print(f"load            {time.perf_counter() - start:.2f} s")
    rival = peer()
    if rival is None:
        print("pyvi is not installed: no peer row (pip install pyvi, in an environment of its own)")
    cases = sorted(arguments.cases.glob("*/text-layer.txt")) if arguments.cases else []
    for layer in cases:
        garbled, true = layer.read_text(encoding="utf-8"), layer.with_name("text.txt").read_text(encoding="utf-8")
        cold = timed(restore, garbled)
        warm = timed(restore, garbled)
        share, cer = accuracy(true, restore(garbled))
        print(
            f"{layer.parent.name:15s} syllables {share:.4f}  cer {cer:.4f}  wrong among 5 % doubtful "
            f"{calibration(true, garbled):.2f}  {cold:.0f} then {warm:.0f} syllables/s"
        )
        if rival:
            share, cer = accuracy(true, rival(garbled))
            print(f"{'  pyvi':15s} syllables {share:.4f}  cer {cer:.4f}  {timed(rival, garbled):.0f} syllables/s")
    if arguments.corpus:
        true = "\n\n".join(held_out_lines(arguments.corpus, arguments.lines))
        stripped = strip_marks(true)
        share, _ = accuracy(true, restore(stripped))
        print(f"stripped        syllables {share:.4f}  {timed(restore, stripped):.0f} syllables/s")
        if rival:
            share, _ = accuracy(true, rival(stripped))
            print(f"{'  pyvi':15s} syllables {share:.4f}")
        changed, count, changes = harm(true)
        print(f"harm, held out  {10000 * changed / count:.1f} in 10,000 of {count}")
        if arguments.show:
            print(changes)
    if arguments.cases:
        for path in sorted([*arguments.cases.glob("*/text.txt"), *arguments.cases.glob("real/*.txt")]):
            changed, count, changes = harm(path.read_text(encoding="utf-8"))
            share = 10000 * changed / count
            print(f"harm, {path.parent.name}/{path.stem}: {changed} of {count} ({share:.1f} in 10,000)")
            if arguments.show:
                print(changes)
    print(f"memory          {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if arguments.long_line:
        line = (cases[0].read_text(encoding="utf-8") if cases else "Trién khai thuc hién chuyén d6i s6").replace(
            "\n", " "
        )
        line = (line * (10_000_000 // len(line.encode()) + 1)).encode()[:10_000_000].decode(errors="ignore")
        print(f"10 MB line      {timed(restore, line):.0f} syllables/s")
        print(f"memory after it {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
