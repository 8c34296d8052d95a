"""Disks that are full, folders that cannot be written, inputs that cannot be read, files left by killed runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.batch import scratch
from pipeline.batch.output import LocalFolder
from pipeline.batch.scratch import remove_abandoned
from pipeline.errors import OutputError
from tests.faults.command import COMMAND, environment, kehoach, ledger
from tests.faults.documents import DUMP

FULL = "#!/bin/sh\nulimit -f 8\nexec {command}\n"  # no file above 4 kB: what a full disk or a quota does to a write


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(DUMP, encoding="utf-8")
    return path


def test_a_disk_that_is_full_costs_the_result_and_leaves_nothing_half_written(dump: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = " ".join([*COMMAND, "convert", str(dump), "--out", str(out), "--no-cache"])
    script = tmp_path / "full.sh"
    script.write_text(FULL.format(command=command))
    run = subprocess.run(
        ["sh", str(script)], capture_output=True, text=True, env=environment(), check=False, timeout=120
    )
    assert run.returncode == 1, run.stderr
    assert "cannot be written" in run.stderr
    assert "check free space" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (out / "plan.json").exists()
    assert not list((out / ".kehoach").rglob("plan.json"))
    again = kehoach("convert", dump, "--out", out)
    assert again.code == 0, again.err
    assert (out / "plan.json").exists()
    assert not ledger(out)[0]["reused"]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root may mount a small disk")
def test_a_small_disk_that_fills_up(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        folder = tmp_path / "in"
        folder.mkdir()
        for number in range(9):
            (folder / f"{number}.txt").write_text(DUMP.replace("12/KH", f"{number}/KH"), encoding="utf-8")
        run = kehoach("convert", folder, "--out", disk / "out", "--no-cache", "-j", 1)
        assert run.code == 1
        assert "No space left" in run.err
        assert "Traceback" not in run.all
        for path in (disk / "out").glob("*.json"):
            assert path.read_text(encoding="utf-8").endswith("}\n")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody may write to")
def test_a_folder_that_cannot_be_written_is_named(dump: Path) -> None:
    run = kehoach("convert", dump, "--out", "/proc/results")
    assert run.code == 1
    assert "/proc/results" in run.err
    assert "--out" in run.err
    assert "Traceback" not in run.all


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(dump: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    run = kehoach("convert", dump, "--out", out)
    assert run.code == 1
    assert str(out) in run.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_input_that_may_not_be_read_is_named(dump: Path, tmp_path: Path) -> None:
    dump.chmod(0)
    run = kehoach("convert", dump, "--out", tmp_path / "out")
    assert run.code == 1
    assert "check its permissions" in run.err


def test_a_file_is_written_whole_or_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalFolder(tmp_path / "out") as folder:
        folder.write("plan.json", "first")

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            folder.write("plan.json", "second")
        assert folder.read("plan.json") == b"first"
    assert sorted(path.name for path in (tmp_path / "out").rglob("*") if path.is_file()) == ["lock", "plan.json"]


def test_one_run_at_a_time_holds_a_folder_and_cleans_what_another_left(tmp_path: Path) -> None:
    left = tmp_path / ".kehoach" / "partial" / "plan.json"
    left.parent.mkdir(parents=True)
    left.write_text("half")
    with LocalFolder(tmp_path):
        assert not left.exists()
        with pytest.raises(OutputError, match="another run is at work"), LocalFolder(tmp_path):
            pass
    with LocalFolder(tmp_path):
        pass


def test_private_folders_of_processes_that_are_gone_are_removed_and_of_others_not(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pipeline.batch.scratch import private_folder\n"
        "folder = private_folder()\n"
        "(folder / 'page.pgm').write_text('private')\n"
        "print(folder, oct(folder.stat().st_mode & 0o777), flush=True)\n"
        "sys.stdin.read()\n"
    )

    root = str(Path(COMMAND[1]).parent)
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(TMPDIR=str(tmp_path), PYTHONPATH=root),
    )
    assert process.stdout is not None
    name, mode = process.stdout.readline().split()
    assert mode == "0o700"
    assert remove_abandoned(tmp_path) == []
    process.kill()
    process.communicate()
    assert Path(name).exists()
    (tmp_path / ".kehoach-empty").mkdir()
    (tmp_path / ".kehoach-foreign").mkdir()
    (tmp_path / ".kehoach-foreign" / "file").touch()
    assert remove_abandoned(tmp_path) == sorted([Path(name), tmp_path / ".kehoach-empty"])
    assert [path.name for path in tmp_path.iterdir()] == [".kehoach-foreign"]  # however old it is


def test_a_private_folder_that_is_removed_before_it_is_claimed_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def mkdtemp(prefix: str) -> str:
        made.append(tmp_path / f"{prefix}{len(made)}")
        made[-1].mkdir(mode=0o700)
        if len(made) < 3:
            assert remove_abandoned(tmp_path) == [made[-1]]  # as another run does that begins at this moment
        return str(made[-1])

    monkeypatch.setattr(scratch, "tempfile", SimpleNamespace(mkdtemp=mkdtemp))
    assert scratch.private_folder.__wrapped__() == made[2]
    assert remove_abandoned(tmp_path) == []
    assert list(tmp_path.iterdir()) == [made[2]]


def test_a_private_folder_whose_removal_was_cut_short_is_removed_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / ".kehoach-half"
    (folder / "pool").mkdir(parents=True)
    (folder / scratch.LOCK).touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)  # another process still writes there
        assert remove_abandoned(tmp_path) == []
    assert (folder / scratch.LOCK).exists()
    assert remove_abandoned(tmp_path) == [folder]


def test_a_run_with_nothing_to_do_removes_what_a_killed_one_left(dump: Path, tmp_path: Path) -> None:
    own = tmp_path / "temporary"
    own.mkdir()
    assert kehoach("convert", dump, "--out", tmp_path / "out", TMPDIR=str(own)).code == 0
    left = own / ".kehoach-left" / "pool"
    left.mkdir(parents=True)
    (left.parent / scratch.LOCK).touch()
    assert kehoach("convert", dump, "--out", tmp_path / "out", TMPDIR=str(own)).code == 0
    assert list(own.iterdir()) == []
