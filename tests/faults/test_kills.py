"""Killed runs go on where they stopped: SIGKILL of the whole run or of a part at random moments, then resume.

``KEHOACH_KILLS`` sets the number of kills; the closing figures are of 25.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.command import COMMAND, environment, kehoach, ledger, results
from tests.faults.documents import incoming_plans

KILLS = int(os.environ.get("KEHOACH_KILLS", "4"))
DUMPS = 10
PAGES = 3
WORKERS = 2


@pytest.fixture(scope="module")
def incoming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten dumps and a scan of three pages, no two alike."""
    return incoming_plans(tmp_path_factory.mktemp("incoming"), DUMPS, PAGES)


@pytest.fixture
def counting_path(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A PATH whose Tesseract notes the name of each picture that it reads, and the file of notes."""
    notes = tmp_path / "readings"
    fake = tmp_path / "bin" / "tesseract"
    fake.parent.mkdir()
    real = shutil.which("tesseract")
    fake.write_text(f'#!/bin/sh\ncase "$1" in --*) exec {real} "$@";; esac\ntee -a {notes} | {real} "$@"\n')
    fake.chmod(0o755)
    notes.touch()
    yield f"{fake.parent}{os.pathsep}{os.environ['PATH']}", notes


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def wait_for_work(process: subprocess.Popen[bytes], out: Path) -> None:
    """Until the run has begun its record."""
    end = time.monotonic() + 90
    while not (out / "run.jsonl").exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)


def kill_at_random(
    process: subprocess.Popen[bytes], out: Path, chance: random.Random, most: float, *, whole: bool
) -> bool:
    """SIGKILL for the run, or for one of the processes that it started (workers, fork server, Tesseract), at most so
    many seconds after it has begun to work; whether it was in time."""
    wait_for_work(process, out)
    time.sleep(chance.uniform(0, most))
    children = family(process)
    if process.poll() is not None:
        return False
    if whole:
        process.kill()
        process.wait()
        psutil.wait_procs(children, timeout=120)  # one that is just importing ends when it is done with that
        assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
        return True
    if not children:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        chance.choice(children).kill()
        process.wait(timeout=120)
        return True
    return False


@pytest.mark.slow
def test_a_run_killed_again_and_again_ends_as_if_undisturbed(
    incoming: Path, tmp_path: Path, counting_path: tuple[str, Path]
) -> None:
    path, notes = counting_path
    chance = random.Random(f"{KILLS} kills")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    own = {"PATH": path, "TMPDIR": str(scratch)}
    arguments = [*COMMAND, "convert", str(incoming), "-j", str(WORKERS), "--out"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    calm = subprocess.Popen(
        [*arguments, str(tmp_path / "calm")],
        env=environment(**own, KEHOACH_CACHE_DIR=str(tmp_path / "c")),
        **silent,
    )
    wait_for_work(calm, tmp_path / "calm")
    began = time.monotonic()
    assert calm.wait(timeout=120) == 0
    undisturbed = time.monotonic() - began
    expected = results(tmp_path / "calm")
    assert len(expected) == DUMPS + 1
    readings = notes.read_text().count("\n")
    most_a_page = readings  # a page takes some of them
    killed = 0
    episode = 0
    while killed < KILLS and episode < 3 * KILLS:
        episode += 1
        out, cache = tmp_path / f"out{episode}", tmp_path / f"cache{episode}"
        notes.write_text("")
        kills = 0
        for _ in range(8):
            process = subprocess.Popen(
                [*arguments, str(out)],
                env=environment(**own, KEHOACH_CACHE_DIR=str(cache)),
                start_new_session=True,
                **silent,
            )
            kills += kill_at_random(process, out, chance, undisturbed, whole=chance.random() < 0.7)
            (out / "run.jsonl").unlink(missing_ok=True)
            if process.returncode == 0 or killed + kills >= KILLS:
                break
        last = kehoach("convert", incoming, "--out", out, "-j", WORKERS, **own, KEHOACH_CACHE_DIR=str(cache))
        assert last.code == 0, last.err
        assert results(out) == expected
        lines = ledger(out)
        assert [Path(line["input"]).name for line in lines] == sorted(p.name for p in incoming.iterdir())
        assert notes.read_text().count("\n") <= readings + kills * WORKERS * most_a_page
        assert not list((out / ".kehoach").glob("partial"))
        assert list(scratch.iterdir()) == []
        killed += kills
    assert killed >= KILLS
    print(f"{killed} kills in {episode} episodes")


def test_two_runs_on_one_folder_do_not_meet(incoming: Path, tmp_path: Path) -> None:
    """The second says so and leaves; the first is not disturbed."""
    out = tmp_path / "out"
    first = subprocess.Popen(
        [*COMMAND, "convert", str(incoming), "--out", str(out), "-j", "1"],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while not (out / "run.jsonl").exists() and time.monotonic() < end:
        time.sleep(0.01)
    second = kehoach("convert", incoming, "--out", out)
    assert first.wait(timeout=120) == 0
    assert second.code == 1
    assert "another run is at work on this folder" in second.err
    assert str(first.pid) in second.err
    assert len(ledger(out)) == DUMPS + 1
    assert kehoach("convert", incoming, "--out", out, "-q").code == 0


def test_what_is_new_or_changed_or_lost_is_done_and_no_more(incoming: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(4):
        shutil.copy(incoming / f"plan-{number}.txt", folder)
    assert kehoach("convert", folder, "--out", out).code == 0
    before = results(out)
    shutil.copy(incoming / "plan-5.txt", folder / "new.txt")
    shutil.copy(incoming / "plan-6.txt", folder / "plan-1.txt")
    os.utime(folder / "plan-0.txt")
    (out / "plan-2.json").write_text("{}")
    (out / ".kehoach" / "ledger" / "plan-3.json").write_text('{"key": 1, "fi')
    assert kehoach("convert", folder, "--out", out).code == 0
    done = {Path(line["input"]).name: not line["reused"] for line in ledger(out)}
    assert done == {"new.txt": True, "plan-0.txt": False, "plan-1.txt": True, "plan-2.txt": True, "plan-3.txt": True}
    after = results(out)
    assert {name for name, data in after.items() if before.get(name) != data} == {"new.json", "plan-1.json"}
