"""Results are computed, ordered, and written whole."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import NoReturn

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.batch.inputs import expand_inputs
from pipeline.batch.output import open_output
from pipeline.batch.page import ROWS, write_pages
from pipeline.batch.progress import ProgressReport, Tally
from pipeline.batch.record import RunRecord, standing
from pipeline.batch.report import print_failures, print_summary
from pipeline.batch.result import Result, reused_result
from pipeline.batch.run import _in_order, convert_batch
from pipeline.errors import InputError
from pipeline.settings import Settings


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
    again = reused_result("b.pdf", record)
    assert again.reused
    assert {
        **again.record(),
        "reused": False,
        "input": "a.pdf",
        "path": record["path"],
        "seconds": record["seconds"],
    } == {
        **record,
        "error": again.record()["error"],
        "errors": again.record()["errors"],
    }


@given(st.permutations(range(6)))
def test_results_come_in_the_order_of_the_inputs(order: list[int]) -> None:
    results = [Result(str(n), None) for n in range(6)]
    assert list(_in_order((n, results[n]) for n in order)) == results


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
    assert (
        "2 documents: 1 review, 1 failed. 5 pages, 1 of them not read, 4 read now in 1 min 15 s (3 a minute)." in text
    )


def test_pages_from_the_cache_are_not_told_as_read() -> None:
    target = console()
    print_summary(target, [Result("a.pdf", "a.json", pages_in=1, pages_out=1, pages_cached=1)], 0.5)
    assert "1 document: 1 ok. 1 page, 0 read now, 1 from the cache, in 0.5 s." in printed(target)


def test_names_of_files_are_shown_as_they_are_without_their_control_characters() -> None:
    target = console()
    print_summary(target, [BAD], 1)
    print_failures(target, [BAD])
    with ProgressReport(target, 1) as progress:
        progress.document_done(BAD)
    text = printed(target)
    assert "\x1b[31m" not in text
    assert text.count("evil[bold].pdf") == 3


def test_the_state_of_a_watch_counts_what_is_in_hand_and_what_is_done() -> None:
    tally = Tally(None)
    assert tally.sentence() == "waiting for documents; 0 documents done"
    tally.in_hand["in/a.pdf"] = None
    assert tally.sentence() == "now a.pdf, 0 documents done"
    tally.pages, tally.pages_done, tally.done, tally.failed = 4, 1, 1, 1
    assert tally.sentence() == "now a.pdf, 1 of 4 pages read, 1 document done (1 failed)"


def test_a_watch_on_a_terminal_has_no_bar_without_an_end() -> None:
    target = Console(file=io.StringIO(), width=160, force_terminal=True)
    with ProgressReport(target, None) as progress:
        progress.document_began("in/a.pdf")
        progress.pages_found("in/a.pdf", 4)
        progress.say("waiting for trong.pdf: empty")
        progress.document_done(Result("in/a.pdf", None, errors=(InputError("is torn"),)))
    text = printed(target)
    assert "?" not in text.replace("\x1b[?", "")
    assert "waiting for trong.pdf: empty" in text
    assert "in/a.pdf: failed – is torn" in text


def test_the_page_has_both_languages_links_and_the_first_warnings(tmp_path: Path) -> None:
    name = "kế hoạch #1 <b>.json"
    warnings = [{"code": "text_doubtful", "message": f"'<i>' was read with confidence 0.{n}", "page": n} for n in "345"]
    result = Result(f"in/{name[:-5]}.pdf", name, pages_in=1, pages_out=1, counts={"warnings": 5})
    with open_output(tmp_path / "out") as output:
        output.write(name, json.dumps({"warnings": warnings}))
        write_pages(output, [result, BAD], 1)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for text in ("Không chuyển được", "Not converted, and what to do", "cần xem lại / review", "(+2)"):
        assert text in page
    assert 'href="./k%E1%BA%BF%20ho%E1%BA%A1ch%20%231%20%3Cb%3E.json"' in page
    assert "<b>kế hoạch #1 &lt;b&gt;.pdf</b>" in page
    assert "trang 3: Nội dung đọc chưa chắc" in page
    assert page.count("“&lt;i&gt;”</li>") == 3
    assert "<i>" not in page
    assert "is empty" in page
    assert "tệp có vấn đề" in page  # the reason is not one that the program gives: the words of its kind


def test_a_page_on_very_many_documents_lists_those_that_need_a_look(tmp_path: Path) -> None:
    fine = [Result(f"{n}.pdf", f"{n}.json", pages_in=1, pages_out=1) for n in range(ROWS + 50)]
    with open_output(tmp_path / "out") as output:
        write_pages(output, [*fine, BAD], 1)
    for name in ("report.html", "report.md"):
        page = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "51 văn bản khác xem trong" in page
        assert "evil" in page
        assert "2051 documents" in page
    assert page.count(".json |") == ROWS - 1


def test_failures_say_what_to_do() -> None:
    target = console()
    print_failures(target, [GOOD, BAD])
    assert "in/kế hoạch.pdf, page 5: page is torn\n    -> scan it again" in printed(target)


def test_nothing_is_said_when_nothing_failed() -> None:
    target = console()
    print_failures(target, [Result("a", "a.json")])
    assert printed(target) == ""


def test_failures_are_told_in_vietnamese_as_well() -> None:
    target = console()
    print_failures(target, [Result("a.pdf", None, errors=(InputError("does not exist", remedy="check the path"),))])
    assert "tệp không tồn tại -> kiểm tra lại đường dẫn" in printed(target)


def test_the_lines_of_results_that_still_lie_there_stay(tmp_path: Path) -> None:
    with open_output(tmp_path) as output:
        for name in ("a", "b", "gone"):
            output.write(f"{name}.json", "{}")
        with RunRecord(output, ()) as record:
            for name in ("a", "b", "gone", "b"):
                record.add(Result(f"{name}.pdf", f"{name}.json", pages_in=1, pages_out=1))
            record.add(BAD)
        before = output.path("run.jsonl")
        assert before is not None
        before.write_text(before.read_text(encoding="utf-8") + '{"half', encoding="utf-8")
        (tmp_path / "gone.json").unlink()
        kept = standing(output, {"a.json"})
        assert [each.result.output for each in kept] == ["b.json"]
        assert kept[0].result.reused
        with RunRecord(output, kept) as record:
            record.add(Result("a.pdf", "a.json"))
        lines = [json.loads(line) for line in before.read_text(encoding="utf-8").splitlines()]
    assert [(line["output"], line.get("earlier", False)) for line in lines] == [("b.json", True), ("a.json", False)]


def test_the_pages_name_the_files_of_other_kinds_and_both_have_the_warnings(tmp_path: Path) -> None:
    with open_output(tmp_path) as output:
        output.write("a.json", json.dumps({"warnings": [{"code": "text_doubtful", "message": "'x|y' is doubtful"}]}))
        result = Result("in/a.pdf", "a.json", pages_in=1, pages_out=1, counts={"warnings": 1})
        write_pages(output, [result], 1, ["in/b<i>\x1b.docx"])
    for name, file in (("report.html", "b&lt;i&gt;\\x1b.docx"), ("report.md", "b\\<i\\>\\\\x1b.docx")):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert f"1 file of another kind left out: {file}" in page
        assert "Bỏ qua 1 tệp khác loại" in page
        assert "Nội dung đọc chưa chắc" in page


def test_what_is_unchanged_is_told_once_before_what_is_new() -> None:
    target = console()
    with ProgressReport(target, 4) as progress:
        for name in ("a", "b"):
            progress.document_done(Result(name, f"{name}.json", reused=True))
        progress.document_began("c")
        progress.document_done(Result("c", None))
        progress.document_done(Result("d", "d.json", reused=True))
    lines = printed(target).splitlines()
    assert lines[0] == "2 documents unchanged since an earlier run"
    assert len(lines) == 2


def test_inputs_that_cannot_be_found_are_told_before_anything_starts(tmp_path: Path) -> None:
    def engine(*_: object) -> NoReturn:
        raise AssertionError("started")

    found = expand_inputs([str(tmp_path / "no.pdf"), str(tmp_path / "*.pdf"), str(tmp_path)], tmp_path / "out")
    settings = Settings(cache_dir=tmp_path / "cache")
    with ProgressReport(console(), len(found)) as progress:
        results = convert_batch(found, tmp_path / "out", settings, progress, make_engine=engine)
    assert [result.errors[0].reason for result in results] == [
        "does not exist",
        "no file matches this pattern",
        "folder holds nothing to convert",
    ]
    assert not (tmp_path / "cache").exists()
