"""What reading costs, beside bare Tesseract and OCRmyPDF, on the same ten pages in one run.

    python -m tests.benchmarks.bench_ocr [--shared FOLDER] [--rounds N] [--long PAGES]

Pages: of the samples, and with FOLDER of the real and typeset scans of ``FOLDER/cases`` too. ``convert`` reads them to
JSON without a cache; ``tesseract -l vie`` gets their pictures at native resolution, as uncompressed files; ``ocrmypdf``
gets the same PDF. They take turns, and the least of each figure counts: whatever else the machine does only adds to
it. CPU counts all processes started, those left behind too. ``--long 200`` compares the peak of memory
(sum over all processes of their proportional share) of so many pages with that of ten.

OCRmyPDF is no requirement; for this benchmark only:
``python -m venv bench && bench/bin/pip install ocrmypdf && apt-get install ghostscript``, then
``PATH=$PATH:bench/bin python -m tests.benchmarks.bench_ocr``. Without it its row is left out, with a message.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import pikepdf

from pipeline.intake.source import open_source
from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = (
    ("samples/chuyen-doi-so.pdf", 1), ("samples/chuyen-doi-so.pdf", 2), ("samples/chuyen-doi-so.pdf", 3),
    ("samples/chuyen-doi-so.pdf", 4), ("samples/truong-hoc-an-toan.pdf", 1), ("samples/truong-hoc-an-toan.pdf", 2),
    ("samples/truong-hoc-an-toan.pdf", 3), ("samples/cai-cach-hanh-chinh.pdf", 1),
    ("samples/cai-cach-hanh-chinh.pdf", 2), ("samples/cai-cach-hanh-chinh.pdf", 3),
)  # fmt: skip
SHARED = (
    ("cases/real/1942_kh_syt.pdf", 1), ("cases/real/1942_kh_syt.pdf", 2), ("cases/real/2084_kh_syt.pdf", 1),
    ("cases/real/2128_kh_syt.pdf", 3), ("cases/real/2130_kh_syt.pdf", 2), ("cases/an-giang/scan-photocopy.pdf", 2),
    ("cases/an-giang/scan-layered.pdf", 1), ("cases/vinh-phuc/scan-photocopy.pdf", 6),
    ("cases/dong-thap/scan-office.pdf", 10), ("cases/vinh-phuc/scan-office.pdf", 3),
)  # fmt: skip
CPU_BAR, WALL_BAR, MEMORY_BAR = 1.3, 0.75, 1.2
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER (prctl(2)): processes whose parent ends become ours, and their time with them


@dataclass(frozen=True)
class Cost:
    """Seconds of processor and of the clock, and the peak of memory in MB."""

    cpu: float
    wall: float
    memory: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, help="folder that holds cases/")
    parser.add_argument("--rounds", type=int, default=3, help="how often each command runs (default: 3)")
    parser.add_argument("--long", type=int, default=0, help="compare the memory of so many pages with that of ten")
    chosen = parser.parse_args(arguments)
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    pages = [(chosen.shared / name, n) for name, n in SHARED] if chosen.shared else [(ROOT / f, n) for f, n in SAMPLES]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return compare(pages, Path(folder), chosen.rounds, chosen.long)


def compare(pages: Sequence[tuple[Path, int]], folder: Path, rounds: int, long: int) -> int:
    """Print the table; 0 when every bar that was measured is met."""
    for package in ("pipeline", "schemas", "diacritics"):  # as `make run` leaves them
        compileall.compile_dir(ROOT / package, quiet=1)
    document = joined(pages, folder / "ten.pdf")
    pictures = native_pictures(pages, folder)
    commands = {
        "bare": ["sh", "-c", 'for p in "$@"; do tesseract "$p" "$p" -l vie 2>/dev/null; done', "sh", *pictures],
        "own": convert(document, folder, jobs=2),
    }
    if shutil.which("ocrmypdf"):
        options = ["-q", "-l", "vie", "--jobs", "2", "--force-ocr"]
        commands["other"] = ["ocrmypdf", *options, str(document), f"{folder}/o.pdf"]
    else:
        print("ocrmypdf is not on the PATH: its row is left out (how to get it: --help)")
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(measured(command))
    least = {name: of_least(own) for name, own in costs.items()}
    bare, own = least["bare"], least["own"]
    row("tesseract -l vie", bare, "")
    row("kehoach convert -j 2", own, verdict(own.cpu / bare.cpu, CPU_BAR))
    met = [own.cpu <= CPU_BAR * bare.cpu]
    if "other" in least:
        other = least["other"]
        row("ocrmypdf -l vie --jobs 2", other, f"wall of convert: {verdict(own.wall / other.wall, WALL_BAR)}")
        met.append(own.wall <= WALL_BAR * other.wall)
    if long:
        few = measured(convert(joined(pages, folder / "few.pdf"), folder, jobs=2))
        many = measured(convert(joined([pages[k % len(pages)] for k in range(long)], folder / "many.pdf"), folder, 2))
        row("10 pages", few, "")
        row(f"{long} pages", many, f"memory: {verdict(many.memory / few.memory, MEMORY_BAR)}")
        met.append(many.memory <= MEMORY_BAR * few.memory)
    return 0 if all(met) else 1


def of_least(costs: Sequence[Cost]) -> Cost:
    """The least time of several runs, and the highest peak of memory."""
    return Cost(min(c.cpu for c in costs), min(c.wall for c in costs), max(c.memory for c in costs))


def joined(pages: Sequence[tuple[Path, int]], path: Path) -> Path:
    """One PDF of the pages."""
    with pikepdf.new() as result, contextlib.ExitStack() as stack:
        opened = {name: stack.enter_context(pikepdf.open(name)) for name in {name for name, _ in pages}}
        for name, number in pages:
            result.pages.append(opened[name].pages[number - 1])
        result.save(path)
    return path


def native_pictures(pages: Sequence[tuple[Path, int]], folder: Path) -> list[str]:
    """The pages' pictures as their scanners made them, as uncompressed TIFF, the resolution told."""
    paths = []
    for k, (name, number) in enumerate(pages):
        with open_source(name, Settings(cache_dir=None)) as source:
            raster = source.raster(number, 1200, 10**9)
        path = str(folder / f"{k}.tif")
        dpi = round(raster.dpi)
        told = [cv2.IMWRITE_TIFF_COMPRESSION, 1, cv2.IMWRITE_TIFF_XDPI, dpi, cv2.IMWRITE_TIFF_YDPI, dpi]
        cv2.imwrite(path, raster.pixels, told)
        paths.append(path)
    return paths


def convert(document: Path, folder: Path, jobs: int) -> list[str]:
    out = str(folder / "out")
    return [sys.executable, str(ROOT / "cli.py"), "convert", str(document), "--out", out, "--no-cache", "-q",
            "-j", str(jobs), "--force"]  # fmt: skip


def measured(command: Sequence[str]) -> Cost:
    """What a command and all it starts cost. Raises CalledProcessError where it fails."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # bare Tesseract is cheapest so
    before, began = _cpu(), time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    peak = [0.0]
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(peak, done))
    watch.start()
    status = process.wait()
    wall = time.monotonic() - began
    done.set()
    watch.join()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    if status not in (0, 1):  # 1: converted, but some page was lost
        raise subprocess.CalledProcessError(status, list(command))
    return Cost(_cpu() - before, wall, peak[0])


def _watch(peak: list[float], done: threading.Event) -> None:
    while not done.wait(0.3):
        peak[0] = max(peak[0], sum(_share(pid) for pid in _descendants(os.getpid())))


def _descendants(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                children = [int(child) for child in (task / "children").read_text().split()]
                found += children
                waiting += children
    return found


def _share(pid: int) -> float:
    """The process's proportional share of memory, in MB."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def verdict(ratio: float, bar: float) -> str:
    return f"{ratio:.2f} (at most {bar}: {'met' if ratio <= bar else 'NOT met'})"


def row(name: str, cost: Cost, note: str) -> None:
    print(
        f"{name:26s} CPU {cost.cpu:7.1f} s   wall {cost.wall:7.1f} s   peak {cost.memory:6.0f} MB   {note}", flush=True
    )


if __name__ == "__main__":
    raise SystemExit(main())
