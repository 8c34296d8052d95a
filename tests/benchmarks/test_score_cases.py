"""The table of scores: which documents, which means, what changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.score_cases import Case, cases, changes, main, mean, render, with_means


def test_documents_are_found_with_their_answers(tmp_path: Path) -> None:
    for name in ("hue/scan-a.pdf", "hue/text-layer.txt", "hue/text.txt", "hue/plan.json", "real/1.pdf", "real/1.json",
                 "real/1.txt", "none/scan.pdf"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    assert [(case.name, case.group, case.gold.name) for case in cases(tmp_path)] == [
        ("hue/scan-a", "typeset scans", "plan.json"),
        ("1", "real scans", "1.json"),
        ("hue/text-layer", "text dumps", "plan.json"),
    ]


def test_means_leave_out_what_a_document_has_not() -> None:
    assert mean([1.0, None, 0.5]) == 0.75
    assert mean([None]) is None
    chosen = [Case(name, "real scans", Path(), Path()) for name in "ab"]
    rows = with_means({"a": {"tasks": 1.0, "tables": None}, "b": {"tasks": 0.5, "tables": 0.2}}, chosen)
    assert rows["mean of real scans"] == {"tasks": 0.75, "tables": 0.2}
    assert "0.75    0.20" in render(rows)


def test_changes_are_told_when_they_can_be_seen() -> None:
    before = {"a": {"tasks": 0.5, "tables": 0.9, "header": None}}
    after = {"a": {"tasks": 0.75, "tables": 0.901, "header": None}, "new": {"tasks": 1.0}}
    (line,) = changes(before, after)
    assert "0.500 -> 0.750 (+0.250)" in line


def test_without_cases_there_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["score_cases", "--shared", str(tmp_path)])
    assert main() == 0
    assert "nothing to score" in capsys.readouterr().out
