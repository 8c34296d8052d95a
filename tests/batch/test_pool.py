"""Workers that hang, crash, swell or blunder cost their own job only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.batch.pool import RECYCLE_AFTER, Job, Outcome, WorkerPool
from pipeline.errors import InputError, InternalError, LimitError

GIGABYTE = 1_000_000_000


def job(key: Any, name: str, *arguments: Any, seconds: float = 60) -> Job:
    return Job(key, f"tests.batch.jobs:{name}", arguments, seconds)


def run(*jobs: Job, workers: int = 2) -> dict[Any, Outcome]:
    with WorkerPool(workers, worker_bytes=2 * GIGABYTE) as pool:
        for each in jobs:
            pool.submit(each)
        return {outcome.key: outcome for outcome in pool.outcomes()}


def alive(pid: int) -> bool:
    """Whether the process runs; a dead one that nobody has yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def test_values_come_back_under_their_keys() -> None:
    outcomes = run(*(job(n, "double", n) for n in range(20)))
    assert {key: outcome.value for key, outcome in outcomes.items()} == {n: 2 * n for n in range(20)}


def test_each_worker_leads_a_process_group() -> None:
    pid, group = run(job("a", "group"))["a"].value
    assert pid == group != os.getpgrp()


def test_workers_run_the_code_of_the_program_and_no_other_that_is_installed(tmp_path: Path) -> None:
    """The program is a copy, started from elsewhere."""
    for package in ("pipeline", "diacritics", "schemas", "tests"):
        shutil.copytree(package, tmp_path / "copy" / package, ignore=shutil.ignore_patterns("__pycache__", "data"))
    program = tmp_path / "copy" / "program.py"
    program.write_text(
        "from pipeline.batch.pool import Job, WorkerPool\n"
        "if __name__ == '__main__':\n"
        "    with WorkerPool(1, worker_bytes=2_000_000_000, first=('pipeline.errors',)) as pool:\n"
        "        pool.submit(Job('a', 'tests.batch.jobs:code', (), 60))\n"
        "        print([outcome.value for outcome in pool.outcomes()])\n"
    )
    done = subprocess.run([sys.executable, program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"['{tmp_path}/copy/pipeline/__init__.py']", done.stderr


def test_errors_of_the_house_come_back_as_they_are() -> None:
    error = run(job("a", "refuse"))["a"].error
    assert isinstance(error, InputError)
    assert (error.reason, error.remedy) == ("is no good", "take another")


def test_a_defect_names_its_place_and_spares_the_others() -> None:
    outcomes = run(job("bad", "blunder"), job("good", "double", 4), workers=1)
    error = outcomes["bad"].error
    assert isinstance(error, InternalError)
    assert "ZeroDivisionError at jobs.py:" in error.reason
    assert outcomes["good"].value == 8


def test_a_hanging_job_is_ended_at_its_limit_and_not_tried_again() -> None:
    began = time.monotonic()
    outcomes = run(job("hang", "hang", seconds=0.5), job("good", "double", 4), workers=1)
    assert time.monotonic() - began < 30
    assert isinstance(outcomes["hang"].error, LimitError)
    assert "0.5 seconds" in outcomes["hang"].error.reason
    assert outcomes["hang"].attempts == 1
    assert outcomes["good"].value == 8


def test_children_of_a_hanging_job_end_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    outcomes = run(job("hang", "hang_with_child", note, seconds=3))
    assert outcomes["hang"].error is not None
    assert gone(int(note.read_text()))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_job_whose_worker_dies_is_tried_twice(tmp_path: Path, number: int) -> None:
    log = tmp_path / "log"
    outcomes = run(job("dies", "die", log, number), job("good", "double", 4))
    error = outcomes["dies"].error
    assert isinstance(error, LimitError)
    assert signal.Signals(number).name in error.reason
    assert outcomes["dies"].attempts == 2
    assert log.read_text().split() == ["tried", "tried"]
    assert outcomes["good"].value == 8


@pytest.mark.parametrize("name", ["die_once", "fail_once"])
def test_the_second_attempt_counts(tmp_path: Path, name: str) -> None:
    outcome = run(job("a", name, tmp_path / "log"))["a"]
    assert (outcome.value, outcome.error, outcome.attempts) == ("second attempt", None, 2)


def test_memory_is_bounded() -> None:
    outcomes = run(job("big", "swell"), job("good", "double", 4), workers=1)
    assert isinstance(outcomes["big"].error, LimitError)
    assert "2.0 GB of memory" in outcomes["big"].error.reason
    assert outcomes["good"].value == 8


def test_libraries_cannot_write_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(job("a", "write_to_terminal"))["a"].value == "quiet"
    assert capfd.readouterr() == ("", "")


def test_nothing_is_left_behind() -> None:
    with WorkerPool(1, worker_bytes=2 * GIGABYTE) as pool:
        pool.submit(job("a", "group"))
        pool.submit(job("b", "leave_scratch"))
        values = {outcome.key: outcome.value for outcome in pool.outcomes()}
        assert Path(values["b"]).exists()
    assert gone(values["a"][0])
    assert not Path(values["b"]).exists()


def test_jobs_may_be_submitted_while_others_come_back_and_jump_the_queue() -> None:
    order = []
    with WorkerPool(1, worker_bytes=2 * GIGABYTE) as pool:
        for key in (1, 2, 3):
            pool.submit(job(key, "double", key))
        for outcome in pool.outcomes():
            order.append(outcome.key)
            if outcome.key == 1:
                pool.submit(job("first", "double", 0), first=True)
    assert order == [1, "first", 2, 3]


def test_jobs_that_wait_can_be_taken_back() -> None:
    with WorkerPool(1, worker_bytes=2 * GIGABYTE) as pool:
        for key in range(6):
            pool.submit(job(key, "double", key))
        assert pool.withdraw(lambda key: key % 2) == [1, 3, 5]
        assert sorted(outcome.key for outcome in pool.outcomes()) == [0, 2, 4]


def test_a_job_goes_to_the_worker_that_did_the_one_it_follows() -> None:
    with WorkerPool(2, worker_bytes=2 * GIGABYTE) as pool:
        for key in ("a", "b"):
            pool.submit(Job(key, "tests.batch.jobs:group", (), 60))
        pids = {outcome.key: outcome.value[0] for outcome in pool.outcomes()}
        assert pids["a"] != pids["b"]
        for before, key in (("a", "c"), ("b", "d"), ("c", "e"), ("d", "f"), ("f", "g")):
            pool.submit(Job(key, "tests.batch.jobs:group", (), 60, behind=before))
            [outcome] = pool.outcomes()
            pids[key] = outcome.value[0]
            assert pids[key] == pids[before]


def test_workers_are_renewed() -> None:
    with WorkerPool(1, worker_bytes=2 * GIGABYTE) as pool:
        for key in range(RECYCLE_AFTER + 1):
            pool.submit(job(key, "group"))
        pids = {outcome.key: outcome.value[0] for outcome in pool.outcomes()}
    assert len({pids[key] for key in range(RECYCLE_AFTER)}) == 1
    assert pids[RECYCLE_AFTER] != pids[0]


def test_the_first_jobs_do_not_wait_for_what_later_ones_need() -> None:
    """The later ones find it loaded, in a worker that comes in the place of an early one."""
    first, then = "tests.batch.jobs", "tests.batch.slow_jobs"
    with WorkerPool(2, worker_bytes=2 * GIGABYTE, first=(first,), then=(then,)) as pool:
        pool.submit(Job("later", f"{then}:process", (), 60))
        for key in range(4):
            pool.submit(job(key, "loaded", then))
        values = {outcome.key: outcome.value for outcome in pool.outcomes()}
    assert list(values)[4] == "later"
    assert [values[key][1] for key in range(4)] == [False] * 4
    assert values["later"] not in {values[key][0] for key in range(4)}


def test_workers_are_had_though_the_process_that_forks_them_was_killed(tmp_path: Path) -> None:
    with WorkerPool(1, worker_bytes=2 * GIGABYTE) as pool:
        pool.submit(job("parent", "parent"))
        server = next(outcome.value for outcome in pool.outcomes())
        os.kill(server, signal.SIGKILL)
        assert gone(server)
        pool.submit(job("dies", "die_once", tmp_path / "log"))
        (outcome,) = pool.outcomes()
    assert (outcome.value, outcome.attempts) == ("second attempt", 2)


def test_workers_and_their_children_end_when_the_program_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = textwrap.dedent(f"""
        from pathlib import Path
        from pipeline.batch.pool import Job, WorkerPool
        if __name__ == "__main__":
            with WorkerPool(1, worker_bytes=2_000_000_000) as pool:
                pool.submit(Job("a", "tests.batch.jobs:hang_with_child", (Path({str(note)!r}),), 600))
                list(pool.outcomes())
    """)
    program = tmp_path / "program.py"
    program.write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    process = subprocess.Popen([sys.executable, str(program)], env=environment)
    end = time.monotonic() + 30
    while not (note.exists() and note.read_text()) and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert gone(int(note.read_text()))
