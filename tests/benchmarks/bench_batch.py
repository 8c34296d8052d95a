"""Throughput, memory and overhead of batches: ``python -m tests.benchmarks.bench_batch PART… [--help]``.

Documents are copies of the samples, each with bytes of its own, so that no copy is known from another. Parts:

cold      all samples, every page read by OCR; the share of the processor's time that goes to Tesseract
dumps     text-layer dumps from a cold cache, by one and by two processes
warm      all samples with their restored pages in the cache, by one and by two processes; then once more, unchanged
readings  all samples with their page readings in the cache: what a better parser costs
inputs    one batch over the folders of ``--inputs``: status and reason of each, the slowest, memory of a worker
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.batch.cache import Cache
from pipeline.batch.fingerprint import versions_of
from pipeline.flow import restore
from pipeline.intake.source import source_facts
from pipeline.reading import read_page
from pipeline.settings import Settings, load_settings
from pipeline.values import PageReading
from tests.benchmarks.meter import Meter, metered
from tests.faults.command import ROOT

SAMPLES = sorted(path for path in (ROOT / "samples").iterdir() if path.suffix in {".pdf", ".txt"})
DUMP = next(path for path in SAMPLES if path.suffix == ".txt")
_CACHE_BYTES = 4_000_000_000


def copies(source: Path, folder: Path, count: int) -> list[Path]:
    """Copies of ``source`` with bytes of their own: a comment at the end of a PDF, another number in a dump."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(count):
        target = folder / f"{source.stem}-{number:04}{source.suffix}"
        tail = f"\n%{number}\n" if source.suffix == ".pdf" else f"\nSố {number}\n"
        target.write_bytes(source.read_bytes() + tail.encode())
        made.append(target)
    return made


def copies_of_all(folder: Path, documents: int) -> dict[Path, list[Path]]:
    """Some ``documents`` in all, as many of each sample."""
    return {source: copies(source, folder, max(1, documents // len(SAMPLES))) for source in SAMPLES}


def fill(folder: Path, made: dict[Path, list[Path]], *, restored: bool) -> None:
    """The cache in ``folder`` as a cold run over ``made`` would leave it."""
    settings = load_settings(cache_dir=folder)
    versions = versions_of(settings)
    cache = Cache(folder, _CACHE_BYTES, versions)
    known = Cache(load_settings().cache_dir, _CACHE_BYTES, versions)
    for source, files in made.items():
        pages = _readings(source, settings, known)
        done = restore(source_facts(source, settings), pages) if restored else None
        for file in files:
            facts = source_facts(file, settings)
            for page in pages:
                cache.keep_reading(facts.sha256, page.number, page)
            if done is not None:
                own = done.source.model_copy(update={"sha256": facts.sha256})
                cache.keep_restored(
                    facts.sha256, facts.wanted_pages, type(done)(done.pages, own, done.quality, done.warnings)
                )


def _readings(source: Path, settings: Settings, known: Cache) -> list[PageReading]:
    """The pages of a sample, read once and then kept in the user's own cache."""
    facts = source_facts(source, settings)
    pages = []
    for number in facts.wanted_pages:
        page = known.reading(facts.sha256, number) or read_page(source, number, settings)
        known.keep_reading(facts.sha256, number, page)
        pages.append(page)
    return pages


def tell(name: str, documents: int, seconds: float, jobs: int, meter: Meter) -> None:
    rate = f"{documents / seconds:.2f} a second, {documents / meter.cpu:.1f} a CPU second beside Tesseract"
    spent = f"CPU {meter.cpu_of_tesseract:.1f} s of Tesseract, {meter.cpu:.1f} s of all else"
    print(f"{name}: {documents} documents, {jobs} processes, {seconds:.1f} s, {rate}; {spent}")
    print(f"  {meter.memory_line()}", flush=True)


def cold(work: Path, options: argparse.Namespace) -> None:
    made = copies_of_all(work / "in", options.documents)
    for jobs in options.jobs:
        seconds, meter = metered([work / "in"], work / f"out{jobs}", jobs, work / f"cache{jobs}")
        tell("cold", sum(map(len, made.values())), seconds, jobs, meter)
        lines = [json.loads(line) for line in (work / f"out{jobs}" / "run.jsonl").read_text().splitlines()]
        pages = sum(line["pages"]["in"] for line in lines if not line["input"].endswith(".txt"))
        whole = meter.cpu + meter.cpu_of_tesseract
        print(f"  all but Tesseract {meter.cpu / whole:.1%}; {pages} pages of scans, {whole / pages:.2f} CPU s each")


def dumps(work: Path, options: argparse.Namespace) -> None:
    copies(DUMP, work / "in", options.documents)
    for jobs in options.jobs:
        seconds, meter = metered([work / "in"], work / f"out{jobs}", jobs, work / f"cache{jobs}")
        tell("dumps", options.documents, seconds, jobs, meter)


def warm(work: Path, options: argparse.Namespace) -> None:
    made = copies_of_all(work / "in", options.documents)
    fill(work / "cache", made, restored=True)
    for jobs in options.jobs:
        seconds, meter = metered([work / "in"], work / f"out{jobs}", jobs, work / "cache")
        tell("warm", sum(map(len, made.values())), seconds, jobs, meter)
    seconds, meter = metered([work / "in"], work / f"out{jobs}", jobs, work / "cache")
    tell("unchanged", sum(map(len, made.values())), seconds, jobs, meter)


def readings(work: Path, options: argparse.Namespace) -> None:
    made = copies_of_all(work / "in", options.documents)
    fill(work / "cache", made, restored=False)
    for jobs in options.jobs:
        cache = work / f"cache{jobs}"
        shutil.copytree(work / "cache", cache)  # the first run fills in the restored pages
        seconds, meter = metered([work / "in"], work / f"out{jobs}", jobs, cache)
        tell("readings", sum(map(len, made.values())), seconds, jobs, meter)


def inputs(work: Path, options: argparse.Namespace) -> None:
    seconds, meter = metered(options.inputs, work / "out", options.jobs[0], work / "cache")
    lines = [json.loads(line) for line in (work / "out" / "run.jsonl").read_text().splitlines()]
    tell("inputs", len(lines), seconds, options.jobs[0], meter)
    print(f"  a worker with its Tesseract: {meter.largest_worker / 1e6:.0f} MB at most")
    print(" ", dict(Counter(line["status"] for line in lines)), dict(Counter(_kind(line) for line in lines)))
    for line in lines:
        error = line["error"] or {"reason": ""}
        spent = {step: value for step, value in line["seconds"].items() if value >= 1}
        print(f"{line['status']:7} {line['pages']['out']}/{line['pages']['in']} {Path(line['input']).name!r}"
              f" {error['reason'][:90]} {spent}")  # fmt: skip


def _kind(line: dict[str, dict[str, str] | None]) -> str:
    return (line["error"] or {"kind": "none"})["kind"]


PARTS: dict[str, Callable[[Path, argparse.Namespace], None]] = {
    part.__name__: part for part in (cold, dumps, warm, readings, inputs)
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=PARTS)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="numbers of processes, one run each")
    parser.add_argument("--inputs", type=Path, nargs="+", default=[])
    options = parser.parse_args(arguments)
    for name in options.parts:
        with tempfile.TemporaryDirectory(prefix="bench-") as work:
            PARTS[name](Path(work), options)


if __name__ == "__main__":
    main()
