"""``kehoach evaluate`` and ``kehoach golden`` as users meet them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError, SettingsError
from pipeline.quality.scoring.baseline import Move, below, moves, parse_thresholds
from pipeline.quality.scoring.calibration import calibrate
from pipeline.quality.scoring.differences import differences
from pipeline.quality.scoring.evaluation import evaluate, pair_files
from pipeline.quality.scoring.fields import FIELDS
from pipeline.quality.scoring.leaves import judged
from pipeline.quality.scoring.report import HEADLINES, render_html
from pipeline.quality.words import compare_words
from tests.faults.command import kehoach
from tests.quality.plans import pdf, plan, put


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A golden folder of three plans, and predictions: one right, one with a wrong deadline and text, one not there."""
    data = pdf(2)
    gold, found = tmp_path / "gold", tmp_path / "found"
    document = plan(data)
    for name in ("dung", "sai", "thieu"):
        put(gold, name, document, data)
    put(found, "dung", document, data)
    put(found, "sai", wrong(document), data)
    put(found, "thua", document, data)
    (gold / "dung.txt").write_text("Kế hoạch năm 2026", encoding="utf-8")
    (found / "dung.txt").write_text("Kê hoạch năm 2026", encoding="utf-8")
    return gold, found


def wrong(document: dict[str, Any]) -> dict[str, Any]:
    """A deadline misread as the warning tells, and a text of which nothing tells."""
    from pipeline.quality.review.registers import with_registers

    other = json.loads(json.dumps(document))
    other["tasks"][1]["deadlines"][0]["due"] = "2026-09-12"
    other["tasks"][2]["text"] = "<b>Tổ chức lớp tập huấn</b> kỹ năng bơi cho học sinh"
    return with_registers({**other, "units": [], "deadlines": []})


def test_figures_of_folders_with_a_document_lost(folders: tuple[Path, Path]) -> None:
    pairs, spare = pair_files(*folders)
    assert [(pair.name, bool(pair.prediction)) for pair in pairs] == [("dung", True), ("sai", True), ("thieu", False)]
    assert spare == ["thua.json"]
    evaluation = evaluate(pairs, spare)
    right, other, lost = evaluation.documents
    assert {figure.value for figure in right.figures.values() if figure.value is not None} == {1.0}
    assert right.text is not None
    assert right.text.wer == 0.25
    assert right.text.cer_no_marks == 0.0
    assert other.figures["tasks"].value == pytest.approx(2 / 3)
    assert lost.figures["mission"].value == 0.0
    assert evaluation.means()["tasks"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert evaluation.pooled()["tasks"].value == pytest.approx(2 * 5 / (9 + 6))


def test_calibration_tells_which_wrong_values_were_told(folders: tuple[Path, Path]) -> None:
    gold, found = (json.loads((folder / "sai.json").read_text(encoding="utf-8")) for folder in folders)
    leaves = judged(gold, found)
    wrong_leaves = [leaf for leaf in leaves if leaf.value is not None and not leaf.right]
    told = [leaf.kind for leaf in wrong_leaves if leaf.warned]
    assert "task deadlines" in told
    assert "task text" in [leaf.kind for leaf in wrong_leaves if not leaf.warned]
    calibration = calibrate(leaves)
    assert calibration.leaves == sum(band.leaves for band in calibration.bands)
    assert calibration.wrong == len(wrong_leaves)
    assert calibration.error is not None
    assert 0 <= calibration.error <= 1


def test_differences_word_by_word(folders: tuple[Path, Path]) -> None:
    gold, found = (json.loads((folder / "sai.json").read_text(encoding="utf-8")) for folder in folders)
    shown = {(d.verdict, d.field): d for d in differences(gold, found)}
    assert "2026-09-02" in shown["changed", "deadlines"].gold
    assert "2026-09-12" in shown["changed", "deadlines"].found
    pieces = shown["changed", "tasks"].pieces()
    assert [(p.change, p.text) for p in pieces][:3] == [("gone", "Tổ"), ("new", "<b>Tổ"), ("same", "chức lớp tập")]
    assert differences(gold, gold) == []
    assert [(p.change, p.text) for p in compare_words("một hai ba", "một ba bốn")] == [
        ("same", "một"), ("gone", "hai"), ("same", "ba"), ("new", "bốn"),
    ]  # fmt: skip


def test_the_page_of_html_escapes_what_documents_say(folders: tuple[Path, Path]) -> None:
    html = render_html(evaluate(*pair_files(*folders)))
    assert "&lt;b&gt;Tổ" in html
    assert "<b>Tổ" not in html
    assert "<script" not in html
    assert "<del>" in html
    assert "no prediction" in html


def test_what_got_better_and_worse(folders: tuple[Path, Path]) -> None:
    gold, found = folders
    before = evaluate(*pair_files(gold, found))
    earlier = json.loads(json.dumps(before.as_json()))
    assert moves(earlier, before) == []
    (found / "sai.json").write_bytes((found / "dung.json").read_bytes())
    changed = moves(earlier, evaluate(*pair_files(gold, found)))
    gained = {move.field: move.change for move in changed if move.document == "sai"}
    assert gained["tasks"] == pytest.approx(1 / 3)
    assert min(gained.values()) > 0
    assert Move("x", "cer", 0.1, 0.2).change == pytest.approx(-0.1)


def test_thresholds(folders: tuple[Path, Path]) -> None:
    evaluation = evaluate(*pair_files(*folders))
    assert below(evaluation, parse_thresholds(["tasks=0.5", "tables=0.9"])) == [("tables", pytest.approx(2 / 3), 0.9)]
    for bad in ("tasks", "tasks=x", "nothing=0.5", "tasks=2", "cer=0.1"):
        with pytest.raises(SettingsError):
            parse_thresholds([bad])


def test_the_command(folders: tuple[Path, Path], tmp_path: Path) -> None:
    gold, found = folders
    run = kehoach("evaluate", gold, found, "--json")
    assert run.code == 0, run.err
    figures = json.loads(run.out)
    assert set(figures["means"]) >= set(FIELDS)
    assert figures["documents"]["dung"]["figures"]["tasks"]["precision"] == 1.0
    baseline = tmp_path / "before.json"
    baseline.write_text(run.out, encoding="utf-8")
    html = tmp_path / "report.html"
    run = kehoach("evaluate", gold, found, "--baseline", baseline, "--html", html, "--min", "tasks=0.9", "--show", 2)
    assert run.code == 1
    assert "tasks: 0.5556, wanted at least 0.9" in run.err
    assert "Nothing changed" in run.out
    assert "<html" in html.read_text(encoding="utf-8")
    assert kehoach("evaluate", gold, found, "--min", "nonsense=1").code == 2
    run = kehoach("evaluate", gold, tmp_path / "nowhere")
    assert run.code == 2
    assert "does not exist" in run.err
    assert "Traceback" not in run.all


def test_one_file_against_one(folders: tuple[Path, Path]) -> None:
    gold, found = folders
    pairs, _ = pair_files(gold / "dung.json", found / "sai.json")
    assert [(pair.name, pair.prediction) for pair in pairs] == [("dung", found / "sai.json")]
    (found / "rong.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="no plan"):
        pair_files(gold / "dung.json", found / "rong.json")


def test_golden_files_know_who_and_when(folders: tuple[Path, Path], tmp_path: Path) -> None:
    _, found = folders
    golden = tmp_path / "golden"
    run = kehoach("golden", "accept", found / "dung.json", "--golden", golden, "--name", "Cán bộ A")
    assert run.code == 0, run.err
    assert json.loads((golden / "dung.json").read_text(encoding="utf-8"))["warnings"] == []
    (line,) = (golden / "accepted.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["accepted_by"] == "Cán bộ A"
    assert kehoach("golden", "diff", found / "dung.json", "--golden", golden).code == 0
    (found / "dung.json").write_bytes((found / "sai.json").read_bytes())
    run = kehoach("golden", "diff", found / "dung.json", "--golden", golden)
    assert run.code == 1
    assert "+(date:" in run.out or "2026-09-12" in run.out
    (golden / "dung.json").write_bytes((found / "sai.json").read_bytes())
    listing = kehoach("golden", "list", "--golden", golden).out
    assert "Cán bộ A" in listing
    assert "changed since" in listing


def test_what_breaks_the_contract_is_never_golden(folders: tuple[Path, Path], tmp_path: Path) -> None:
    _, found = folders
    document = json.loads((found / "dung.json").read_text(encoding="utf-8"))
    document["tasks"][0]["deadlines"][0]["due"] = None
    (found / "dung.json").write_text(json.dumps(document), encoding="utf-8")
    run = kehoach("golden", "accept", found / "dung.json", "--golden", tmp_path / "golden")
    assert run.code == 1
    assert "breaks the contract at tasks.0.deadlines.0" in run.err
    assert not (tmp_path / "golden" / "dung.json").exists()


@pytest.mark.parametrize("documents", [1, 2, 12])
def test_eighty_columns_cut_neither_names_nor_numbers(tmp_path: Path, documents: int) -> None:
    names = [
        f"ke-hoach-so-{n}-cua-so-y-te-ve-chuyen-doi-so" if documents == 12 else f"van-ban-{n}" for n in range(documents)
    ]
    document = plan(pdf(1), pages=1)
    for name in names:
        put(tmp_path / "gold", name, document, b"")
        put(tmp_path / "found", name, document, b"")
        (tmp_path / "gold" / f"{name}.txt").write_text("Kế hoạch", encoding="utf-8")
        (tmp_path / "found" / f"{name}.txt").write_text("Kế hoạch", encoding="utf-8")
    run = kehoach("evaluate", tmp_path / "gold", tmp_path / "found", COLUMNS="80")
    assert run.code == 0, run.err
    assert "…" not in run.out and max(map(len, run.out.splitlines())) <= 80
    first = run.out.split("\n\n")[0]
    if documents < 12:
        assert all(name in first.splitlines()[0] for name in names)
        columns = documents + (documents > 1)
        assert ["coordinating_units", *["1.00"] * columns] in [line.split() for line in first.splitlines()]
    else:
        heads = first.splitlines()[0]
        assert heads.split() == ["document", *" ".join(HEADLINES.values()).split()]
        folded = "".join(line.split()[0] for line in first.splitlines()[1:])
        assert all(name in folded for name in names)
        assert first.splitlines()[-1].split() == ["mean", *["1.00"] * 6]
