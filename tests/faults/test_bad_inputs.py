"""Bad files beside good ones: each is named with its reason and what to do, the good ones are converted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.command import Run, kehoach, ledger
from tests.faults.documents import DUMP, bad_inputs, scan

BAD = (
    "empty.pdf", "truncated.pdf", "text.pdf", "noise.png", "short.jpg", "table.xlsx", "encrypted.pdf", "no-pages.pdf",
    "absurd.pdf", "missing.pdf",
)  # fmt: skip
GOOD = ("good.pdf", "dump.txt")


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path, dict[str, dict[str, Any]], dict[str, str]]:
    """One run over good and bad inputs: the run, its output folder, its ledger by file name, words to expect."""
    folder = tmp_path_factory.mktemp("bad")
    words = bad_inputs(folder / "in")
    (folder / "in" / "good.pdf").write_bytes(scan())
    (folder / "in" / "dump.txt").write_text(DUMP, encoding="utf-8")
    inputs = [folder / "in" / name for name in (*BAD, *GOOD)]
    run = kehoach("convert", *inputs, "--out", folder / "out", KEHOACH_CACHE_DIR=str(folder / "cache"))
    return run, folder / "out", {Path(line["input"]).name: line for line in ledger(folder / "out")}, words


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_with_reason_and_remedy(name: str, batch: Any) -> None:
    run, out, lines, words = batch
    line = lines[name]
    error = line["error"]
    assert line["status"] == "failed"
    assert name in error["file"]
    assert error["reason"]
    assert error["remedy"]
    assert error["kind"] in {"input", "limit"}, error
    assert words[name].lower() in error["reason"].lower()
    assert name in run.err
    assert error["remedy"] in run.err
    assert not list(out.glob(f"{Path(name).stem}*"))


@pytest.mark.parametrize("name", GOOD)
def test_the_others_go_on(name: str, batch: Any) -> None:
    _, out, lines, _ = batch
    assert lines[name]["status"] in {"ok", "review"}
    assert (out / lines[name]["output"]).exists()


def test_the_user_sees_no_traceback_and_exit_code_1(batch: Any) -> None:
    run, _, _, _ = batch
    assert run.code == 1
    assert "Traceback" not in run.all


def test_a_line_for_each_input_in_their_order(batch: Any) -> None:
    _, _, lines, _ = batch
    assert tuple(lines) == (*BAD, *GOOD)


def test_nothing_but_results_in_the_output_folder(batch: Any) -> None:
    _, out, lines, _ = batch
    own = {"run.jsonl", "report.html", "report.md", ".kehoach"}
    expected = own | {line["output"] for line in lines.values() if line["output"]}
    assert {path.name for path in out.iterdir()} == expected


def test_a_page_that_fails_costs_that_page_only(tmp_path: Path) -> None:
    """The second page of three is of absurd size."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(scan(3))) as pdf:
        pdf.pages[1].MediaBox = pikepdf.Array([0, 0, 2_000_000_000, 2_000_000_000])
        pdf.save(tmp_path / "plan.pdf")
    run = kehoach("convert", tmp_path / "plan.pdf", "--out", tmp_path / "out")
    (line,) = ledger(tmp_path / "out")
    assert (run.code, line["status"]) == (1, "review")
    assert line["pages"] == {"in": 3, "out": 2, "failed": 1}
    assert [error["page"] for error in line["errors"]] == [2]
    assert (tmp_path / "out" / "plan.json").exists()
    assert "page 2" in run.err


def test_an_output_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_text(DUMP, encoding="utf-8")
    (tmp_path / "file").write_text("")
    run = kehoach("convert", tmp_path / "dump.txt", "--out", tmp_path / "file" / "out")
    assert run.code == 1
    assert "file/out" in run.err.replace("\n", "")
    assert "--out" in run.err
    assert "Traceback" not in run.all


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(DUMP, encoding="utf-8")
    run = kehoach("convert", tmp_path / "plan.txt", "--out", tmp_path, "--text")
    assert run.code == 1
    assert "overwrite an input" in run.err
    assert (tmp_path / "plan.txt").read_text(encoding="utf-8") == DUMP
