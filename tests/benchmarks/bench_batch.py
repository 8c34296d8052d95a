"""Throughput, memory and overhead of batches over copies of the samples: ``python -m tests.benchmarks.bench_batch``.

Each copy has bytes of its own, so that no copy is known from another. Text dumps are converted from a cold cache; for
scans the cache is filled as a cold run would leave it, since their OCR alone would take hours. ``--ocr`` reads some
scans for the share of the processor's time that goes to Tesseract. One process a core is counted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import psutil

from pipeline.batch.cache import Cache
from pipeline.batch.fingerprint import versions_of
from pipeline.flow import restore
from pipeline.intake.source import source_facts
from pipeline.reading import read_page
from pipeline.settings import Settings, load_settings
from tests.faults.command import COMMAND, ROOT, environment

SAMPLES = ROOT / "samples"
_EVERY = 0.25


class Meter(threading.Thread):
    """Samples the processes of a run: processor seconds by kind, memory of each worker over time."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root = psutil.Process(pid)
        self.cpu: dict[int, float] = {}
        self.memory: dict[int, list[int]] = defaultdict(list)

    def run(self) -> None:
        while True:
            try:
                family = [self.root, *self.root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            for process in family:
                try:
                    times = process.cpu_times()
                    if process.name() != "tesseract":
                        self.cpu[process.pid] = times.user + times.system
                        self.memory[process.pid].append(process.memory_info().rss)
                except psutil.Error:
                    continue
            time.sleep(_EVERY)

    def memory_line(self) -> str:
        """Resident megabytes of the workers that lived longest: at a quarter, half, three quarters and the end."""
        longest = sorted(self.memory.values(), key=len)[-3:]
        points = [
            [series[min(len(series) - 1, len(series) * k // 4)] // 1_000_000 for k in (1, 2, 3, 4)]
            for series in longest
        ]
        peak = max(max(series) for series in self.memory.values()) // 1_000_000
        return f"MB by quarters {points}, peak of a process {peak} MB"


def run(folder: Path, out: Path, jobs: int, cache: Path, **more: str) -> tuple[float, Meter]:
    """Seconds of one run and what its meter saw."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*COMMAND, "convert", str(folder), "--out", str(out), "-j", str(jobs), "--quiet"],
        env=environment(KEHOACH_CACHE_DIR=str(cache), **more),
    )
    meter = Meter(process.pid)
    meter.start()
    if process.wait() not in (0, 1):
        sys.exit("the run failed")
    return time.monotonic() - began, meter


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


def fill(
    cache: Cache,
    readings: dict[Path, list[object]],
    made: dict[Path, list[Path]],
    settings: Settings,
    *,
    restored: bool,
) -> None:
    """The cache as a cold run over ``made`` would leave it."""
    for source, files in made.items():
        pages = readings[source]
        for file in files:
            facts = source_facts(file, settings)
            for number, page in zip(facts.wanted_pages, pages, strict=True):
                cache.keep_reading(facts.sha256, number, page)  # type: ignore[arg-type]
        if restored:
            done = restore(source_facts(source, settings), pages)  # type: ignore[arg-type]
            for file in files:
                facts = source_facts(file, settings)
                own = done.source.model_copy(update={"sha256": facts.sha256})
                cache.keep_restored(
                    facts.sha256, facts.wanted_pages, type(done)(done.pages, own, done.quality, done.warnings)
                )


def tell(name: str, documents: int, seconds: float, jobs: int, meter: Meter) -> None:
    cpu = sum(meter.cpu.values())
    print(
        f"{name:34} {documents:4} documents, {jobs} processes: {seconds:6.1f} s, {documents / seconds:5.1f} a second, "
        f"{documents / cpu:5.1f} a CPU second; {meter.memory_line()}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--cold", type=int, default=100, help="dumps to convert from a cold cache")
    parser.add_argument("--ocr", action="store_true", help="read a sample by OCR, for the share of Tesseract")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="bench-"))
    settings = load_settings(cache_dir=work / "cache")
    versions = versions_of(settings)
    known = Cache(load_settings().cache_dir, 2_000_000_000, versions)
    sources = sorted([*SAMPLES.glob("*.pdf"), *SAMPLES.glob("*.txt")])
    readings: dict[Path, list[object]] = {}
    for source in sources:
        facts = source_facts(source, settings)
        readings[source] = []
        for number in facts.wanted_pages:
            page = known.reading(facts.sha256, number) or read_page(source, number, settings)
            known.keep_reading(facts.sha256, number, page)
            readings[source].append(page)
    try:
        if options.ocr:
            ocr_share(work)
        copies(SAMPLES / "chuyen-doi-so-dump.txt", work / "dumps", options.cold)
        for jobs in (1, 2):
            seconds, meter = run(work / "dumps", work / f"out-cold{jobs}", jobs, work / f"cold{jobs}")
            tell("dumps, cold", options.cold, seconds, jobs, meter)
        made = {source: copies(source, work / "mixed", options.documents // len(sources)) for source in sources}
        count = sum(map(len, made.values()))
        fill(Cache(work / "warm", 4_000_000_000, versions), readings, made, settings, restored=True)
        for jobs in (1, 2):
            seconds, meter = run(work / "mixed", work / f"out-warm{jobs}", jobs, work / "warm")
            tell("samples, restored pages cached", count, seconds, jobs, meter)
        few = {source: files[: len(files) // 5] for source, files in made.items()}
        for source, files in few.items():
            copies(source, work / "few", len(files))
        fill(Cache(work / "read", 4_000_000_000, versions), readings, few, settings, restored=False)
        seconds, meter = run(work / "few", work / "out-read", 1, work / "read")
        tell("samples, page readings cached", sum(map(len, few.values())), seconds, 1, meter)
        seconds, meter = run(work / "mixed", work / "out-warm2", 2, work / "warm")
        tell("samples, nothing changed", count, seconds, 2, meter)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def ocr_share(work: Path) -> None:
    """How much of the processor's time of a cold run over a scan is Tesseract's own."""
    log, fake = work / "tesseract.log", work / "bin" / "tesseract"
    fake.parent.mkdir()
    real = shutil.which("tesseract")
    fake.write_text(f"#!/bin/bash\nTIMEFORMAT='%U %S'\nexec 3>&2\n{{ time {real} \"$@\" 2>&3; }} 2>>{log}\n")
    fake.chmod(0o755)
    copies(SAMPLES / "truong-hoc-an-toan.pdf", work / "scans", 3)
    path = f"{fake.parent}{os.pathsep}{os.environ['PATH']}"
    seconds, meter = run(work / "scans", work / "out-ocr", 2, work / "ocr", PATH=path)
    own = sum(meter.cpu.values())
    lines = [line.split() for line in log.read_text().splitlines() if line[:1].isdigit()]
    tesseract = sum(float(user) + float(system) for user, system in lines)
    print(
        f"3 scans of 4 pages, cold, 2 processes: {seconds:.0f} s; Tesseract {tesseract:.1f} CPU s, "
        f"all else {own:.1f} CPU s, {own / (own + tesseract):.1%} of all",
        flush=True,
    )


if __name__ == "__main__":
    main()
