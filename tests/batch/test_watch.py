"""Documents are taken when they have arrived whole, once, and again when they change."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.batch.arrivals import Arrivals
from tests.faults.command import COMMAND, environment, kehoach, ledger
from tests.faults.documents import DUMP, scan


def names(arrivals: Arrivals) -> list[str]:
    return [item.path.name for item in arrivals.look()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "in"
    path.mkdir()
    return path


@pytest.fixture
def arrivals(folder: Path, tmp_path: Path) -> Arrivals:
    return Arrivals(folder, tmp_path / "out")


def test_a_file_is_taken_when_it_has_stayed_the_same_and_only_once(arrivals: Arrivals, folder: Path) -> None:
    (folder / "a.txt").write_text("one")
    assert names(arrivals) == []
    assert names(arrivals) == ["a.txt"]
    assert names(arrivals) == []
    assert list(arrivals.waiting) == []


def test_a_file_that_grows_is_left_alone(arrivals: Arrivals, folder: Path) -> None:
    for size in range(1, 5):
        (folder / "a.txt").write_text("x" * size)
        assert names(arrivals) == []
    assert names(arrivals) == ["a.txt"]


def test_a_changed_file_is_taken_again_and_a_removed_one_forgotten(arrivals: Arrivals, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_text("one")
    names(arrivals), names(arrivals)
    path.write_text("one and two")
    assert [names(arrivals), names(arrivals)] == [[], ["a.txt"]]
    path.unlink()
    assert names(arrivals) == []
    path.write_text("one and two")
    assert [names(arrivals), names(arrivals)] == [[], ["a.txt"]]


def test_a_pdf_without_its_end_is_waited_for_but_not_for_ever(arrivals: Arrivals, folder: Path) -> None:
    whole = scan()
    (folder / "a.pdf").write_bytes(whole[:2000])
    looks = [names(arrivals) for _ in range(5)]
    assert looks == [[]] * 5
    assert list(arrivals.waiting) == [str(folder / "a.pdf")]
    assert names(arrivals) == ["a.pdf"]
    (folder / "a.pdf").write_bytes(whole)
    assert [names(arrivals), names(arrivals)] == [[], ["a.pdf"]]


@pytest.mark.parametrize("mark", [".part", ".crdownload", ".tmp"])
def test_what_a_program_marks_as_under_way_is_left_alone(arrivals: Arrivals, folder: Path, mark: str) -> None:
    (folder / "a.txt").write_text("x")
    (folder / f"a.txt{mark}").write_text("x")
    (folder / f"b.txt{mark}").write_text("x")
    assert [names(arrivals) for _ in range(7)] == [[]] * 7
    (folder / f"a.txt{mark}").unlink()
    assert names(arrivals) == ["a.txt"]


def test_a_folder_that_vanishes_and_comes_back_is_watched_on(arrivals: Arrivals, folder: Path) -> None:
    folder.rmdir()
    assert names(arrivals) == []
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    assert [names(arrivals), names(arrivals)] == [[], ["a.txt"]]


def test_what_is_not_whole_is_held_with_the_reason(arrivals: Arrivals, folder: Path) -> None:
    (folder / "a.pdf").write_bytes(b"")
    (folder / "b.pdf").write_bytes(scan()[:2000])
    (folder / "c.txt").write_text("x")
    (folder / "c.txt.part").write_text("x")
    assert names(arrivals) == []
    assert arrivals.held == {}
    assert names(arrivals) == []
    assert {Path(name).name: why for name, why in arrivals.held.items()} == {
        "a.pdf": "empty",
        "b.pdf": "not complete",
        "c.txt": "not complete: c.txt.part lies beside it",
    }


def test_waiting_is_bounded_when_asked(folder: Path, tmp_path: Path) -> None:
    arrivals = Arrivals(folder, tmp_path / "out", patience=3, bounded=True)
    (folder / "a.txt").write_text("x")
    (folder / "a.txt.part").write_text("x")
    looks = [arrivals.look() for _ in range(4)]
    assert looks[:3] == [[]] * 3
    assert "a.txt.part" in str(looks[3][0].error)
    assert list(arrivals.waiting) == []


def test_what_was_not_done_is_taken_again(arrivals: Arrivals, folder: Path) -> None:
    (folder / "a.txt").write_text("x")
    arrivals.look()
    found = arrivals.look()
    arrivals.release(found)
    assert arrivals.look() == found


def test_an_empty_file_is_named_and_fails_as_in_convert(folder: Path, tmp_path: Path) -> None:
    (folder / "trong.pdf").write_bytes(b"")
    out = tmp_path / "out"
    run = kehoach("watch", folder, "--out", out, "--every", 0.2, "--once")
    assert run.code == 1
    assert f"watching {folder}, every 0.2 s" in run.err
    assert run.err.count("waiting for trong.pdf: empty") == 1
    converted = kehoach("convert", folder, "--out", tmp_path / "other")
    told = converted.err[converted.err.index("Not converted") :]
    assert "is empty (0 bytes)" in told
    assert told in run.err
    assert [line["error"]["reason"] for line in ledger(out)] == ["is empty (0 bytes)"]
    assert "is empty (0 bytes)" in (out / "report.html").read_text(encoding="utf-8")
    (folder / "trong.pdf").unlink()
    (folder / "tot.txt").write_text(DUMP, encoding="utf-8")
    again = kehoach("watch", folder, "--out", out, "--every", 0.2, "--once", "-j", 1)
    assert again.code == 0, again.err
    assert "nothing left to do: 1 document done\n" in again.err
    assert f"open / mở {out}/report.html" in again.err
    assert 'href="./tot.json"' in (out / "report.html").read_text(encoding="utf-8")


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, "ended too early"
        assert time.monotonic() < end, "took too long"
        time.sleep(0.05)


def test_plans_are_converted_as_they_arrive_until_ctrl_c(folder: Path, tmp_path: Path) -> None:
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    scratch.mkdir()
    (folder / "first.txt").write_text(DUMP, encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, "watch", str(folder), "--out", str(out), "--every", "0.3", "-j", "1"],
        env=environment(TMPDIR=str(scratch)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for((out / "first.json").exists, process)
    (folder / "bad.txt").write_bytes(b"\0\1\2" * 100)
    (folder / "second.txt").write_text(DUMP.replace("12/KH", "13/KH"), encoding="utf-8")
    wait_for(lambda: (out / "second.json").exists() and len(ledger(out)) == 3, process)
    (folder / "first.txt").write_text(DUMP.replace("12/KH", "14/KH"), encoding="utf-8")
    wait_for(lambda: "14/KH" in (out / "first.json").read_text(encoding="utf-8"), process)
    wait_for(lambda: len(ledger(out)) == 4, process)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert "stopped: 4 documents done (1 failed)" in told
    assert "Traceback" not in told
    assert sorted(path.name for path in folder.iterdir()) == ["bad.txt", "first.txt", "second.txt"]
    assert [line["status"] for line in ledger(out)].count("failed") == 1
    assert list(scratch.iterdir()) == []
    again = kehoach("watch", folder, "--out", out, "--every", 0.2, "--once")
    assert again.code == 1, again.err  # of the bad one
    assert [line["reused"] for line in ledger(out)][4:].count(True) == 2


def test_the_watched_folder_is_no_place_for_results(folder: Path) -> None:
    run = kehoach("watch", folder, "--out", folder)
    assert run.code == 2
    assert "another folder" in run.err
