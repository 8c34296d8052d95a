"""A folder of results behind a review: each document counts once, the approved one for the raw one."""

from __future__ import annotations

import csv
import json
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
