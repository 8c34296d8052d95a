"""How fast plans load and questions are answered: ``python -m tests.benchmarks.bench_store --to URL --plans 10000``.

Makes the plans in a folder, loads them into an empty database, asks every question three times. Prints documents a
second, peak memory of the loader, and milliseconds by question: on the clock, and of CPU (of this process and of
PostgreSQL's), which stays comparable when the machine is busy with something else.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import tempfile
import time
from pathlib import Path

from sqlalchemy import Connection

from pipeline.store.engine import open_engine
from pipeline.store.loading import load
from pipeline.store.queries import Asked, answer
from tests.store.conftest import Told
from tests.store.synthetic import plan

TODAY = dt.date(2026, 3, 1)
WHOLE = ("documents", "units", "tasks", "upcoming", "overdue", "incomplete", "changes")
WORDS = ("benh an dien tu", "bệnh án điện tử", "sở y tế", "chuyen so tinh", "khong co gi")
QUESTIONS = [
    *(Asked(name, today=TODAY) for name in WHOLE),
    Asked("tasks", unit="so y te"),
    Asked("upcoming", unit="Sở Y tế", today=TODAY),
    Asked("citing", "57-NQ/TW"),
    *(Asked("search", words) for words in WORDS),
]


def make(folder: Path, count: int) -> None:
    """Write ``count`` plans of 40 tasks."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        path = folder / f"plan-{seed:05}.json"
        if not path.exists():
            path.write_text(plan(seed).model_dump_json(), encoding="utf-8")


def ask(connection: Connection, asked: Asked, backend: int | None) -> tuple[float, float]:
    """Milliseconds on the clock and of CPU, the best of three."""
    found = []
    for _ in range(3):
        began, used = time.perf_counter(), _used(backend)
        answer(connection, asked)
        found.append(((time.perf_counter() - began) * 1e3, (_used(backend) - used) * 1e3))
    return min(clock for clock, _ in found), min(cpu for _, cpu in found)


def _used(backend: int | None) -> float:
    """Seconds of CPU of this process and of PostgreSQL's for our connection (Linux, server on this machine)."""
    server = int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9 if backend else 0.0
    return time.process_time() + server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", required=True, help="URL of an empty database")
    parser.add_argument("--plans", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "kehoach-bench")
    options = parser.parse_args()
    make(options.folder, options.plans)
    began = time.perf_counter()
    result = load(options.folder, options.to, Told(), max_bytes=10**9, jobs=options.jobs)
    seconds = time.perf_counter() - began
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    count = sum(result.counts.values())
    print(f"{dict(result.counts)} in {seconds:.1f} s: {count / seconds:.0f} documents a second")
    print(f"{cpu / count * 1e3:.1f} ms of client CPU a document, peak {own.ru_maxrss // 1024} MB")
    engine = open_engine(options.to, writing=False)
    with engine.connect() as connection:
        server = connection.dialect.name == "postgresql"
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() if server else None
        for asked in QUESTIONS:
            clock, used = ask(connection, asked, backend)
            print(f"{asked.name:12}{asked.what or asked.unit or '':22}{clock:8.1f} ms{used:8.1f} ms CPU")
    engine.dispose()


if __name__ == "__main__":
    main()
