"""Results are computed, ordered, and written whole."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.batch.report import ProgressReport, print_failures, print_summary
from pipeline.batch.run import Result, _in_order, write_whole
from pipeline.errors import InputError, OutputError


@given(
    output=st.none() | st.just("a.json"),
    pages=st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted),
    warnings=st.integers(0, 3),
    errors=st.integers(0, 2),
)
def test_status_is_never_ok_while_something_is_wrong(
    output: str | None, pages: list[int], warnings: int, errors: int
) -> None:
    result = Result(
        "a.pdf",
        output,
        pages_in=pages[1],
        pages_out=pages[0],
        counts={"warnings": warnings},
        errors=(InputError("bad", remedy="mend"),) * errors,
    )
    record = result.record()
    assert (result.status == "failed") == (output is None)
    if result.status == "ok":
        assert not warnings
        assert record["error"] is None
        assert record["pages"]["failed"] == 0
    assert record["pages"]["in"] == record["pages"]["out"] + record["pages"]["failed"]
    assert not (result.complete and errors)
    assert json.loads(json.dumps(record)) == record


@given(st.permutations(range(6)))
def test_results_come_in_the_order_of_the_inputs(order: list[int]) -> None:
    results = [Result(str(n), None) for n in range(6)]
    assert list(_in_order((n, results[n]) for n in order)) == results


def test_a_file_is_written_whole_or_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "plan.json"
    write_whole(target, "first")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_whole(target, "second")
    assert target.read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


GOOD = Result(
    "in/kế hoạch.pdf",
    "kế hoạch.json",
    pages_in=5,
    pages_out=4,
    counts={"objectives": 3, "tasks": 12, "units": 7, "deadlines": 9, "warnings": 2},
    seconds={"total": 12.34},
    errors=(InputError("page is torn", file="in/kế hoạch.pdf", page=5, remedy="scan it again"),),
)
BAD = Result("in/\x1b[31mevil[bold].pdf", None, errors=(InputError("is empty", file="in/\x1b[31mevil[bold].pdf"),))


def console() -> Console:
    return Console(file=io.StringIO(), width=160, force_terminal=False)


def printed(target: Console) -> str:
    assert isinstance(target.file, io.StringIO)
    return target.file.getvalue()


def test_the_summary_has_a_row_a_document_and_totals() -> None:
    target = console()
    print_summary(target, [GOOD, BAD], 75)
    text = printed(target)
    row = next(line for line in text.splitlines() if "kế hoạch" in line).split()
    assert row[-8:] == ["review", "4/5", "3", "12", "7", "9", "2", "12.3"]
    assert "2 documents: 1 review, 1 failed. 4 pages in 1 min 15 s (3 a minute)." in text


def test_names_of_files_are_shown_as_they_are_without_their_control_characters() -> None:
    target = console()
    print_summary(target, [BAD], 1)
    print_failures(target, [BAD])
    with ProgressReport(target, 1) as progress:
        progress.document_done(BAD)
    text = printed(target)
    assert "\x1b[31m" not in text
    assert text.count("evil[bold].pdf") == 3


def test_failures_say_what_to_do() -> None:
    target = console()
    print_failures(target, [GOOD, BAD])
    assert "in/kế hoạch.pdf, page 5: page is torn\n    -> scan it again" in printed(target)


def test_nothing_is_said_when_nothing_failed() -> None:
    target = console()
    print_failures(target, [Result("a", "a.json")])
    assert printed(target) == ""
