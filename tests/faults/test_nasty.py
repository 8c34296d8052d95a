"""Hostile files in one batch: each ends with a result or with its reason, none stops the others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.batch.scratch import PREFIX
from pipeline.errors import unicode_name
from pipeline.settings import Settings
from schemas import PlanDocument
from tests.faults.command import ROOT, Run, kehoach, ledger
from tests.faults.nasty import nasty_files, texts

pytestmark = pytest.mark.slow  # one batch of 60 files, of which one has to run into its limit

REASONS = {
    "pixels.png": "too many pixels",
    "two-billion-points.pdf": "larger than PDF allows",
    "bomb.pdf": "not done after|cannot be drawn|more than",
    "tree-loop.pdf": "broken",
    "self-loop.pdf": "broken",
    "about.pdf": "cannot be read",
    "round.pdf": "cannot be read",
    "device.pdf": "is not a file",
    "pipe.pdf": "is not a file",
    "empty.png": "is empty",
    "cut.pdf": "cut off",
    "only-head.pdf": "cut off",
    "nulls.txt": "null bytes",
    "one-line.txt": "lines of over",
    "garbage.jbig2.pdf": "cannot be drawn",
    "many-pages.pdf": "more than max_pages",
    "no-area.pdf": "has no area",
    "giant.jpg": "too many pixels",
    "thin.png": "too few for a page",
    "cut.png": "cut off",
    "socket.pdf": "is not a file",
}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path, dict[str, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("nasty")
    (folder / "in").mkdir()
    nasty_files(folder / "in")
    run = kehoach(
        "convert", folder / "in", "--out", folder / "out",
        timeout=300, KEHOACH_PAGE_SECONDS="10", KEHOACH_CACHE_DIR=str(folder / "cache"), TMPDIR=str(folder),
    )  # fmt: skip
    return run, folder, {Path(line["input"]).name: line for line in ledger(folder / "out")}


def test_each_has_a_status_and_a_reason(batch: Any) -> None:
    run, folder, lines = batch
    files = {unicode_name(path.name) for path in (folder / "in").rglob("*") if not path.is_dir()}
    assert set(lines) == files
    assert run.code == 1
    assert "Traceback" not in run.all
    for line in lines.values():
        pages = line["pages"]
        assert pages["in"] == pages["out"] + pages["failed"]
        assert (line["status"] == "failed") == (line["output"] is None)
        assert line["status"] != "ok" or not line["errors"]
        assert all(error["reason"] and error["remedy"] for error in line["errors"]), line
        assert "internal" not in [error["kind"] for error in line["errors"]], line
        if line["output"]:
            PlanDocument.model_validate_json((folder / "out" / line["output"]).read_bytes())


@pytest.mark.parametrize("name", REASONS)
def test_what_is_hopeless_is_refused_with_its_reason(name: str, batch: Any) -> None:
    _, _, lines = batch
    assert lines[name]["status"] == "failed"
    assert re.search(REASONS[name], lines[name]["error"]["reason"]), lines[name]["error"]


def test_what_can_be_read_in_spite_of_it_is_read(batch: Any) -> None:
    _, _, lines = batch
    converted = {name for name, line in lines.items() if line["output"]}
    names = {"inside.txt", "-x.txt", "kế hoạch ‮fdp.txt", "t\\xean.txt", "<img src=x onerror=alert(1)>.txt"}
    broken = {"broken.tif", "bad-bytes.txt", "table-loop.pdf", "forms-in-a-chain.pdf", "length-of-itself.pdf"}
    assert names | broken | set(texts()) <= converted
    assert lines["broken.tif"]["pages"] == {"in": 3, "out": 2, "failed": 1}


def test_no_name_reaches_the_shell_or_leaves_the_output_folder(batch: Any) -> None:
    run, folder, lines = batch
    name = next(name for name in lines if name.startswith("new\n"))
    assert lines[name]["output"]
    assert not [path for path in (folder, folder / "in", folder / "out", ROOT) if (path / "hacked").exists()]
    assert {path.parent for path in (folder / "out").rglob("*.json")} <= {
        folder / "out",
        folder / "out" / ".kehoach" / "ledger",
    }
    assert "\nline" not in run.out
    assert "‮" not in run.all
    assert "<img" not in (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert [path.name for path in folder.iterdir() if path.name.startswith(PREFIX)] == []


@pytest.mark.parametrize(
    ("name", "limit", "reason"),
    [
        ("bad-bytes.txt", {"KEHOACH_MAX_PAGES": "3"}, "max_pages = 3"),
        ("cut.pdf", {"KEHOACH_MAX_BYTES": "100"}, "max_bytes = 100"),
    ],
)
def test_limits_are_named(name: str, limit: dict[str, str], reason: str, batch: Any, tmp_path: Path) -> None:
    _, folder, _ = batch
    kehoach("convert", folder / "in" / name, "--out", tmp_path / "out", **limit)
    (line,) = ledger(tmp_path / "out")
    assert line["error"]["kind"] == "limit"
    assert reason in line["error"]["reason"]
    assert line["error"]["remedy"]


def test_a_worker_has_less_than_two_gigabytes() -> None:
    assert Settings().worker_bytes <= 2_000_000_000
