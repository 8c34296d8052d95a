"""What the processes of a run spend: CPU seconds of Tesseract and of all else, memory of each worker over time."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.faults.command import COMMAND, environment

EVERY = 0.25
"""Seconds between two samples."""
_MB = 1_000_000


@dataclass(eq=False)
class Meter(threading.Thread):
    """Follows a run from outside until it ends.

    A worker leads a process group of its own, to which the Tesseracts belong that it started; their memory counts with
    the worker's.
    """

    pid: int
    own: dict[int, float] = field(default_factory=dict)
    """Processor seconds of each process but Tesseract."""
    tesseract: dict[int, float] = field(default_factory=dict)
    """Processor seconds of each Tesseract."""
    moments: list[tuple[float, int, int]] = field(default_factory=list)
    """Seconds since the beginning, resident bytes of the own process, of the largest worker with its Tesseract."""
    peaks: dict[int, int] = field(default_factory=dict)
    """The most resident bytes each process ever had, by the kernel's own account."""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        root, began = psutil.Process(self.pid), time.monotonic()
        while True:
            groups: dict[int, int] = {}
            try:
                for process in [root, *root.children(recursive=True)]:
                    with contextlib.suppress(psutil.Error, OSError):
                        self._sample(process, groups)
            except psutil.NoSuchProcess:
                return
            main = groups.pop(os.getpgid(0), 0)
            self.moments.append((time.monotonic() - began, main, max(groups.values(), default=0)))
            time.sleep(EVERY)

    def _sample(self, process: psutil.Process, groups: dict[int, int]) -> None:
        pid, name = process.pid, process.name()
        group = os.getpgid(pid)
        if group != os.getpgid(0) or pid == self.pid:
            groups[group] = groups.get(group, 0) + process.memory_info().rss
        self.peaks[pid] = max(self.peaks.get(pid, 0), _peak(pid))
        times = process.cpu_times()
        (self.tesseract if name == "tesseract" else self.own)[pid] = times.user + times.system

    @property
    def cpu(self) -> float:
        """Processor seconds of all but Tesseract."""
        return sum(self.own.values())

    @property
    def cpu_of_tesseract(self) -> float:
        return sum(self.tesseract.values())

    @property
    def largest_worker(self) -> int:
        """Most resident bytes of a worker together with its Tesseract, as sampled."""
        return max((worker for _, _, worker in self.moments), default=0)

    def memory_line(self) -> str:
        """Megabytes over ten parts of the run, the highest of each: the run's own process, the largest worker."""
        parts = [self.moments[len(self.moments) * k // 10 : len(self.moments) * (k + 1) // 10] for k in range(10)]
        columns = [[max((m[column] for m in part), default=0) // _MB for part in parts] for column in (1, 2)]
        return (
            f"MB by tenths: own process {columns[0]}, largest worker with Tesseract {columns[1]}; "
            f"peak of a process {max(self.peaks.values(), default=0) // _MB}"
        )


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def metered(inputs: list[Path], out: Path, jobs: int, cache: Path, **more: str) -> tuple[float, Meter]:
    """Convert ``inputs``: the seconds that it took, and what its meter saw."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*COMMAND, "convert", *map(str, inputs), "--out", str(out), "-j", str(jobs), "--quiet"],
        env=environment(KEHOACH_CACHE_DIR=str(cache), **more),
        stderr=subprocess.DEVNULL,
    )
    meter = Meter(process.pid)
    meter.start()
    code = process.wait()
    seconds = time.monotonic() - began
    meter.join()
    if code not in (0, 1):
        sys.exit(f"the run failed with code {code}")
    return seconds, meter
