"""Tesseract that hangs, crashes or is missing, memory that runs out, users who press Ctrl-C: real processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests.faults.command import COMMAND, environment, kehoach, ledger
from tests.faults.documents import DUMP, scan

REAL = shutil.which("tesseract") or ""

# Answers questions on itself like the real one, and reads badly: what stands in {body}.
FAKE = """#!/bin/sh
case "$1" in --version|--list-langs) exec {real} "$@";; esac
{body}
"""


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "scan.pdf").write_bytes(scan())
    (folder / "dump.txt").write_text(DUMP, encoding="utf-8")
    return folder


def path_with(tmp_path: Path, body: str) -> str:
    """A PATH on which tesseract is a fake."""
    folder = tmp_path / "bin"
    folder.mkdir()
    fake = folder / "tesseract"
    fake.write_text(FAKE.format(real=REAL, body=body))
    fake.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def running(needle: str) -> list[int]:
    """Processes with ``needle`` in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if needle.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_a_tesseract_that_hangs_is_ended_with_its_page(tmp_path: Path, inputs: Path) -> None:
    path = path_with(tmp_path, f"exec sleep 98765{os.getpid()}")
    run = kehoach("convert", inputs, "--out", tmp_path / "out", "--jobs", 1, PATH=path, KEHOACH_PAGE_SECONDS="4")
    lines = {Path(line["input"]).name: line for line in ledger(tmp_path / "out")}
    assert run.code == 1
    assert lines["scan.pdf"]["status"] == "failed"
    assert lines["scan.pdf"]["error"]["kind"] in {"tool", "limit"}
    # Tesseract is given a little less than the page; on a busy machine the page's limit may come first.
    assert re.search(r"Tesseract took longer|not done after 4 seconds", lines["scan.pdf"]["error"]["reason"])
    assert lines["dump.txt"]["output"] == "dump.json"
    assert running(f"98765{os.getpid()}") == []


def test_a_document_of_which_no_page_can_be_read_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(scan(9))
    count = tmp_path / "count"
    path = path_with(tmp_path, f"echo >> {count}\nexec sleep 76543{os.getpid()}")
    run = kehoach(
        "convert", tmp_path / "long.pdf", "--out", tmp_path / "out", "--jobs", 2, PATH=path, KEHOACH_PAGE_SECONDS="3"
    )
    (line,) = ledger(tmp_path / "out")
    assert (run.code, line["status"]) == (1, "failed")
    assert line["pages"] == {"in": 9, "out": 0, "failed": 9}
    assert [error["page"] for error in line["errors"]] == list(range(1, 10))
    assert "not tried" in line["errors"][0]["reason"]
    assert count.read_text().count("\n") < 9


def test_a_tesseract_that_crashes_costs_the_page_after_two_attempts(tmp_path: Path, inputs: Path) -> None:
    """It crashes in three ways, one after the other: two attempts of each page each."""
    (inputs / "scan.pdf").write_bytes(scan(3))
    count = tmp_path / "count"
    body = (
        f"echo >> {count}\ncase $(wc -l < {count}) in\n1|2) kill -SEGV $$;;\n3|4) kill -KILL $$;;\n"
        "*) echo nonsense; printf '\\377\\376' >&2; exit 3;;\nesac"
    )
    run = kehoach("convert", inputs, "--out", tmp_path / "out", "-j", 1, PATH=path_with(tmp_path, body))
    lines = {Path(line["input"]).name: line for line in ledger(tmp_path / "out")}
    assert run.code == 1
    assert [error["page"] for error in lines["scan.pdf"]["errors"]] == [1, 2, 3]
    assert {error["kind"] for error in lines["scan.pdf"]["errors"]} == {"tool"}
    assert all("Tesseract" in error["reason"] for error in lines["scan.pdf"]["errors"])
    assert lines["scan.pdf"]["attempts"] == 2
    assert [retry["page"] for retry in lines["scan.pdf"]["retries"]] == [1, 2, 3]
    assert lines["dump.txt"]["output"] == "dump.json"
    assert "Traceback" not in run.all
    assert count.read_text().count("\n") == 6


def test_without_tesseract_scans_fail_with_what_to_install_and_dumps_go_on(tmp_path: Path, inputs: Path) -> None:
    run = kehoach("convert", inputs, "--out", tmp_path / "out", PATH=str(tmp_path / "nothing"))
    lines = {Path(line["input"]).name: line for line in ledger(tmp_path / "out")}
    assert run.code == 1
    assert lines["scan.pdf"]["error"]["kind"] == "tool"
    assert "tesseract-ocr-vie" in lines["scan.pdf"]["error"]["remedy"]
    assert lines["dump.txt"]["output"] == "dump.json"


def test_doctor_tells_what_is_missing(tmp_path: Path) -> None:
    run = kehoach("doctor", PATH=str(tmp_path / "nothing"))
    assert run.code == 1
    assert "Tesseract" in run.out
    assert "missing" in run.out
    assert "->" in run.out


def test_a_long_temporary_folder_is_no_obstacle(tmp_path: Path) -> None:
    """The path of a socket in it has a hundred bytes at most, of which half follow."""
    with tempfile.TemporaryDirectory(dir="/tmp") as base:
        long = Path(base, "t" * (60 - len(base) - 1))
        long.mkdir()
        (tmp_path / "empty.pdf").touch()
        run = kehoach("convert", tmp_path / "empty.pdf", "--out", tmp_path / "out", TMPDIR=str(long))
        assert [line["error"]["reason"] for line in ledger(tmp_path / "out")] == ["is empty (0 bytes)"], run.all
        assert list(long.iterdir()) == []


@pytest.mark.parametrize(("number", "more"), [(signal.SIGINT, []), (signal.SIGTERM, ["--no-cache"])])
def test_stopping_is_clean(tmp_path: Path, inputs: Path, number: int, more: list[str]) -> None:
    mark = tmp_path / "mark"
    path = path_with(tmp_path, f"touch {mark}\nexec sleep 87654{os.getpid()}")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [*COMMAND, "convert", str(inputs / "scan.pdf"), "--out", str(tmp_path / "out"), *more],
        env=environment(PATH=path, TMPDIR=str(scratch)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while not mark.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    if process.poll() is None:
        os.killpg(process.pid, number)  # a terminal sends Ctrl-C to every process of the group
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    assert "Run the same command again" in err
    assert ("are in the cache" in err) == (not more)
    assert "Traceback" not in out + err
    assert running(f"87654{os.getpid()}") == []
    assert list((tmp_path / "out").glob("*.json")) == []
    assert list(scratch.iterdir()) == []
