"""The engine of a cluster, on a real one: several worker processes, of which one is killed in mid-run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import distributed
import pytest

from tests.faults.command import COMMAND, ROOT, environment, kehoach, ledger, results
from tests.faults.documents import incoming_plans

DUMPS = 9


@pytest.fixture(scope="module")
def incoming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = incoming_plans(tmp_path_factory.mktemp("incoming"), DUMPS)
    (folder / "empty.pdf").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def local(incoming: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same documents converted on this machine."""
    folder = tmp_path_factory.mktemp("local")
    kehoach("convert", incoming, "--out", folder / "out", KEHOACH_CACHE_DIR=str(folder / "cache"))
    return folder / "out"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster of two worker processes that start as on other machines: by Dask's own commands."""
    script = (
        "from distributed import LocalCluster; import sys, time\n"
        "if __name__ == '__main__':\n"
        "    c = LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)\n"
        "    print(c.scheduler_address, flush=True)\n"
        "    sys.stdin.read()\n"
        "    c.close()\n"
    )
    environ = environment(PYTHONPATH=str(ROOT))
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ, cwd="/"
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip()
        process.stdin.close()
        process.wait(timeout=60)


def test_a_worker_killed_in_mid_run_costs_nothing_and_all_is_as_on_one_machine(
    incoming: Path, local: Path, scheduler: str, tmp_path: Path
) -> None:
    with distributed.Client(scheduler, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())
    arguments = ("convert", str(incoming), "--out", str(tmp_path / "out"), "--engine", "dask", "--scheduler", scheduler)
    cache = {"KEHOACH_CACHE_DIR": str(tmp_path / "cache")}
    run = subprocess.Popen([*COMMAND, *arguments], env=environment(**cache), stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 100
    while not results(tmp_path / "out") and run.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    assert run.poll() is None
    os.kill(pids[0], signal.SIGKILL)
    _, told = run.communicate(timeout=200)
    assert run.returncode == 1, told  # one input is empty
    assert results(tmp_path / "out") == results(local)
    lines = {Path(line["input"]).name: line for line in ledger(tmp_path / "out")}
    assert list(lines) == [Path(line["input"]).name for line in ledger(local)]
    assert [name for name, line in lines.items() if line["status"] == "failed"] == ["empty.pdf"]
    assert "is empty" in lines["empty.pdf"]["error"]["reason"]
    again = kehoach(*arguments, "--json", **cache)
    assert '"reused": 10' in again.out, again.all


def test_a_scheduler_that_is_not_there_is_named(incoming: Path, tmp_path: Path) -> None:
    missing = kehoach("convert", incoming, "--out", tmp_path / "out", "--engine", "dask")
    assert missing.code == 2
    assert "--scheduler" in missing.err
    alone = kehoach("convert", incoming, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1")
    assert alone.code == 2
    assert "--engine dask" in alone.err


def test_inputs_and_results_by_url(incoming: Path, local: Path, tmp_path: Path) -> None:
    """local:// is fsspec's own way to files: inputs are fetched and results put as on any storage."""
    store = tmp_path / "store"
    store.mkdir()
    for name in ("plan-1.txt", "plan-2.txt", "empty.pdf"):
        (store / name).write_bytes((incoming / name).read_bytes())
    (store / ".hidden.txt").write_text("x")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    arguments = (
        "convert",
        f"local://{store}",
        f"local://{store}/gone.pdf",
        "--out",
        f"local://{tmp_path}/out",
        "--json",
    )
    run = kehoach(*arguments, TMPDIR=str(scratch))
    assert run.code == 1, run.all
    found = results(tmp_path / "out")
    assert found == {name: data for name, data in results(local).items() if name in ("plan-1.json", "plan-2.json")}
    reasons = {Path(line["input"]).name: (line["error"] or {}).get("reason") for line in ledger(tmp_path / "out")}
    assert reasons.pop("gone.pdf") == "does not exist"
    assert reasons.pop("empty.pdf") == "is empty (0 bytes)"
    assert reasons == {"plan-1.txt": None, "plan-2.txt": None}
    assert "report.html" in {path.name for path in (tmp_path / "out").iterdir()}
    assert list(scratch.iterdir()) == []
    again = kehoach(*arguments)
    assert '"reused": 2' in again.out


def test_a_url_of_no_kind_that_is_known_is_named(tmp_path: Path) -> None:
    run = kehoach("convert", "nosuch://bucket/plans", "--out", tmp_path / "out")
    assert run.code == 2
    assert "nosuch://bucket/plans" in run.err
    assert "Traceback" not in run.all
