"""What each step of the image work and of the second reading gives and costs.

    python -m tests.benchmarks.bench_steps --shared FOLDER [--pages NAME:NUMBER ...] [--steps NAME ...]

Each step is switched off in turn, by putting another function in its place from here: the product knows no such
switches. A page's wrong syllables are those read, after restoration, that its text has not, and those of its text that
were not read, whatever their order; the CPU is that of reading it. FOLDER holds ``cases/`` with ``text.txt`` or
``NAME.txt`` beside each scan, pages parted by form feeds or not: then the page's part is where the alignment lies.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import resource
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from rapidfuzz.distance import LCSseq

from pipeline import reading
from pipeline.flow import plain_text
from pipeline.intake import image, second, whole
from pipeline.intake.engine import close_engines
from pipeline.intake.pieces import pieces_of
from pipeline.layout.lines import lay_out
from pipeline.reading import read_page
from pipeline.restoration import restore_pages
from pipeline.settings import Settings

PAGES = (
    "real/1942_kh_syt.pdf:1", "real/1942_kh_syt.pdf:2", "real/2084_kh_syt.pdf:1", "real/2084_kh_syt.pdf:3",
    "real/2084_kh_syt.pdf:5", "real/2128_kh_syt.pdf:1", "real/2128_kh_syt.pdf:3", "real/2130_kh_syt.pdf:2",
    "an-giang/scan-office.pdf:6", "an-giang/scan-photocopy.pdf:1", "an-giang/scan-photocopy.pdf:4",
    "vinh-phuc/scan-photocopy.pdf:3", "vinh-phuc/scan-photocopy.pdf:10", "dong-thap/scan-photocopy.pdf:5",
)  # fmt: skip
STEPS: dict[str, Sequence[tuple[Any, str, Callable[..., Any]]]] = {
    "nothing": (),
    "seals and signatures": ((image, "grey_of", lambda pixels, dpi: _plain(pixels)),),
    "uneven light": ((image, "evenly_lit", lambda grey, dpi: grey),),
    "borders": ((image, "without_border", lambda grey, ink, dpi: (grey, ink)),),
    "specks": ((image, "without_specks", lambda grey, ink, dpi: (grey, ink, pieces_of(ink, dpi))),),
    "deskew": ((image, "LEAST_SKEW", 99.0),),  # type: ignore[dict-item]
    "stronger strokes": ((image, "with_stronger_strokes", lambda grey: grey),),
    "specks in word boxes": ((whole, "within_lines", lambda parts, ink: parts),),
    "missed lines": ((whole, "find_missed", lambda *arguments: []),),
    "second reading": ((whole, "find_doubts", lambda *arguments: []), (second, "find_doubts", lambda *arguments: [])),
    "rules out of cells": ((reading, "erase_rules", lambda gray, rules, boxes: gray),),
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--pages", nargs="+", default=PAGES)
    parser.add_argument("--steps", nargs="+", default=list(STEPS), choices=list(STEPS))
    chosen = parser.parse_args(arguments)
    print(f"{'without':24s}{'wrong':>7s}{'of':>7s}{'CPU s':>8s}   pages that differ")
    usual: dict[str, int] = {}
    for step in chosen.steps:
        with _without(step):
            found = {page: _read(chosen.shared / "cases", page) for page in chosen.pages}
        usual = usual or {page: wrong for page, (wrong, _, _) in found.items()}
        changed = [f"{page} {wrong - usual[page]:+d}" for page, (wrong, _, _) in found.items() if wrong != usual[page]]
        wrong, size, cpu = (sum(column) for column in zip(*found.values(), strict=True))
        print(f"{step:24s}{wrong:7d}{size:7d}{cpu:8.1f}   {', '.join(changed)}", flush=True)
    return 0


@contextlib.contextmanager
def _without(step: str) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for module, name, other in STEPS[step]:
            stack.enter_context(mock.patch.object(module, name, other))
        yield


def _read(cases: Path, page: str) -> tuple[int, int, float]:
    """Wrong syllables of a page, all that its text has, and CPU seconds."""
    name, number = page.rsplit(":", 1)
    path = cases / name
    own = path.with_suffix(".txt")
    answer = (own if own.exists() else path.parent / "text.txt").read_text(encoding="utf-8")
    before = _cpu()
    found = read_page(path, int(number), Settings(cache_dir=None))
    cpu = _cpu() - before
    restored = restore_pages([lay_out(replace(found, number=1))])
    words = _syllables(plain_text(restored.pages))
    pages = answer.split("\f")
    true = _syllables(pages[int(number) - 1]) if len(pages) > 1 else _part(words, _syllables(answer))
    return (Counter(words) - Counter(true)).total() + (Counter(true) - Counter(words)).total(), len(true), cpu


def _syllables(text: str) -> list[str]:
    return re.findall(r"[^\W_]+|(?<!\S)-(?!\S)", text)


def _part(words: Sequence[str], answer: Sequence[str]) -> Sequence[str]:
    """Where the page's ``words`` stand in the whole ``answer``: from the first long run they share to the last."""
    runs = [
        block for block in LCSseq.opcodes(words, answer) if block.tag == "equal" and block.src_end - block.src_start > 3
    ]
    start = max(0, runs[0].dest_start - runs[0].src_start)
    return answer[start : runs[-1].dest_end + len(words) - runs[-1].src_end]


def _plain(pixels: Any) -> Any:
    import cv2

    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)


def _cpu() -> float:
    close_engines()  # the time of a child counts when it has ended
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


if __name__ == "__main__":
    raise SystemExit(main())
