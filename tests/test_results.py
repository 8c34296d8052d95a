"""A folder of results behind a review: each document counts once, the approved one for the raw one."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.quality.review.edits import Edit
from pipeline.quality.review.workspace import Workspace
from pipeline.quality.scoring.evaluation import pair_files
from pipeline.results import result_files
from pipeline.store.export import Filters, export
from pipeline.store.loading import load
from pipeline.store.plans import find_plans
from tests.faults.command import COMMAND, ROOT, environment, kehoach
from tests.quality.plans import pdf, plan, put
from tests.store.conftest import Told, ask

TEXT = "Tổ chức lớp tập huấn kỹ năng bơi"


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """Two results; the first was corrected and approved, the second was only begun."""
    out = tmp_path / "out"
    for pages, name in ((2, "mot"), (3, "hai")):
        put(out, name, plan(pdf(pages), pages=pages, file=f"{name}.pdf"), pdf(pages))
    (out / "run.jsonl").write_text("")
    workspace = Workspace(out, who="Nguyễn Văn A")
    for name in ("mot", "hai"):
        version = workspace.version(name)
        was = version.document["tasks"][0]["text"]
        edit = Edit(op="set", path=["tasks", 0, "text"], value=TEXT, was=was)
        version = workspace.edit(name, version.etag, [edit])
        if name == "mot":
            workspace.approve(name, version.etag)
    return out


def below(folder: Path, files: Any) -> list[str]:
    return [str(path.relative_to(folder)) for path in files]


def test_what_is_a_result(reviewed: Path) -> None:
    assert (reviewed / "review" / "hai.json").exists()
    assert below(reviewed, result_files(reviewed)) == ["hai.json", "mot.json"]
    assert below(reviewed, find_plans(reviewed)) == ["hai.json", "golden/mot.json"]
    assert below(reviewed, find_plans(reviewed / "golden")) == ["golden/mot.json"]
    assert below(reviewed, find_plans(reviewed / "mot.json")) == ["mot.json"]


def test_an_approved_document_of_another_scan_stands_for_nothing(reviewed: Path) -> None:
    put(reviewed, "mot", plan(pdf(1), pages=1), pdf(1))
    assert below(reviewed, find_plans(reviewed)) == ["hai.json", "mot.json"]


def test_a_folder_of_that_name_that_was_converted_into(reviewed: Path) -> None:
    (reviewed / "golden" / "run.jsonl").write_text("")
    assert "golden/mot.json" in below(reviewed, result_files(reviewed))


def test_exports_and_databases_take_the_approved_text_once(reviewed: Path, tmp_path: Path) -> None:
    result = export(reviewed, tmp_path / "x.csv", Filters(), max_bytes=10**8, told=lambda: None)
    assert (result.documents, result.failures) == (2, [])
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(TEXT in row for row in csv.reader(file)) == 1
    database = f"sqlite:///{tmp_path / 'x.db'}"
    loaded = load(reviewed, database, Told(), max_bytes=10**8)
    assert (loaded.counts["added"], loaded.counts.total(), loaded.failures) == (2, 2, [])
    assert ask(database, "SELECT count(*) FROM tasks WHERE text = :text", text=TEXT) == [(1,)]


def test_predictions_are_never_what_a_review_keeps(reviewed: Path) -> None:
    pairs, spare = pair_files(reviewed / "golden", reviewed)
    assert [(pair.name, pair.prediction) for pair in pairs] == [("mot", reviewed / "mot.json")]
    assert spare == ["hai.json"]
    assert json.loads((reviewed / "mot.json").read_text())["tasks"][0]["text"] != TEXT


def test_the_sequence_that_the_readme_prints(reviewed: Path) -> None:
    (reviewed / "hai.json").rename(reviewed / "plan.json")
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Checking and correcting results")[2]
    lines = [line.strip() for line in section.partition("\n## ")[0].splitlines()]
    lines = [line for line in lines if line.startswith(("kehoach golden", "kehoach evaluate"))]
    assert len(lines) >= 7
    script = f'kehoach() {{ "{COMMAND[0]}" "{COMMAND[1]}" "$@"; }}\n'
    script += "\n".join(f"{line}\necho CODE=$?" for line in (line.partition("  #")[0] for line in lines))
    done = subprocess.run(
        ["bash", "-c", script], cwd=reviewed.parent, env=environment(), capture_output=True, text=True, check=True
    )
    codes = [int(line.removeprefix("CODE=")) for line in done.stdout.splitlines() if line.startswith("CODE=")]
    wanted = [int("golden diff" in line or "--min" in line) for line in lines]  # one of two results was corrected
    assert codes == wanted, done.stdout + done.stderr
    assert done.stderr.splitlines() == ["tasks: 0.8333, wanted at least 0.95"]
    assert "2 compared, 1 differs" in done.stdout
    assert json.loads((reviewed.parent / "before.json").read_text())["spare_predictions"] == []
    assert "bơi" in (reviewed.parent / "report.html").read_text(encoding="utf-8")


def test_results_without_a_golden_file_are_listed(reviewed: Path) -> None:
    run = kehoach("golden", "diff", reviewed, "--golden", reviewed / "golden")
    assert (run.code, run.err) == (1, "")
    assert "hai.json: no golden file of this name" in run.out and "1 compared, 1 differs" in run.out
    (reviewed / "golden" / "mot.json").write_bytes((reviewed / "mot.json").read_bytes())
    assert kehoach("golden", "diff", reviewed, "--golden", reviewed / "golden").code == 0
    missing = kehoach("golden", "diff", reviewed, "--golden", reviewed / "nowhere")
    assert missing.code == 1 and "DIR/golden" in missing.err
