"""The command as users meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from schemas import PlanDocument
from tests.faults.command import kehoach, ledger
from tests.faults.documents import DUMP, page_picture, scan

ROOT = Path(__file__).parent.parent


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "ke-hoach.txt"
    path.write_text(DUMP, encoding="utf-8")
    return path


@pytest.mark.parametrize("arguments", [["--help"], ["convert", "--help"], ["restore", "--help"], ["doctor", "--help"]])
def test_help_teaches(arguments: list[str]) -> None:
    run = kehoach(*arguments)
    assert run.code == 0
    assert "Usage" in run.out


def test_help_has_examples_and_vietnamese() -> None:
    text = kehoach("convert", "--help").out
    assert "kehoach convert plan.pdf" in text
    assert "thư mục" in text.lower()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["convert"],
        ["convert", "a.pdf", "--jobs", "0"],
        ["convert", "a.pdf", "--pages", "x"],
        ["convert", "a.pdf", "--text-layer", "maybe"],
        ["convert", "a.pdf", "--unknown"],
    ],
)
def test_wrong_usage_is_exit_code_2_without_a_traceback(arguments: list[str], tmp_path: Path) -> None:
    run = kehoach(*arguments)
    assert run.code == 2
    assert run.all.strip()
    assert "Traceback" not in run.all


def test_a_python_without_the_packages_is_told_what_is_missing() -> None:
    run = subprocess.run(
        [sys.executable, "-E", "-S", str(ROOT / "cli.py"), "--help"], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 1
    assert "is missing in" in run.stderr and "make run" in run.stderr
    assert "Traceback" not in run.stderr


def test_version_and_schema() -> None:
    assert kehoach("--version").out.startswith("kehoach")
    assert json.loads(kehoach("schema").out)["title"] == "PlanDocument"


def test_a_dump_becomes_valid_json_with_text_and_ledger(dump: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = kehoach("convert", dump, "--out", out, "--text")
    assert run.code == 0, run.err
    document = PlanDocument.model_validate_json((out / "ke-hoach.json").read_text(encoding="utf-8"))
    assert document.header.document_number == "12/KH-SYT"
    assert [d.due for d in document.deadlines] == ["2025-09-30"]
    assert "chuyển đổi số" in (out / "ke-hoach.txt").read_text(encoding="utf-8")
    (line,) = ledger(out)
    assert line["status"] in {"ok", "review"}
    assert (line["status"] == "review") == (line["warnings"] > 0)
    assert line["pages"] == {"in": 1, "out": 1, "failed": 0}
    assert line["error"] is None
    assert line["seconds"]["total"] > 0
    assert line["found"]["deadlines"] == 1
    assert "ke-hoach.txt" in run.out
    assert "[1/1]" in run.err


def test_a_later_run_on_some_files_keeps_the_others_and_says_where_all_is(dump: Path, tmp_path: Path) -> None:
    folder, out = dump.parent / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text(DUMP, encoding="utf-8")
    (folder / "notes.docx").write_text("no plan")
    (folder / ".hidden").write_text("no plan")
    first = kehoach("convert", dump, "--out", out)
    assert f"Results / Kết quả: {out}/ (open / mở {out}/report.html)" in first.out
    again = kehoach("convert", folder, "--out", out)
    assert again.out.count("left out") == again.out.count("1 file of another kind left out: notes.docx\n") == 1
    lines = {line["output"]: (line.get("earlier", False), line["path"]) for line in ledger(out)}
    assert lines == {"ke-hoach.json": (True, str(dump)), "a.json": (False, str(folder / "a.txt"))}
    assert "ke-hoach.json" in (out / "report.html").read_text(encoding="utf-8")
    assert "2 documents" in (out / "report.md").read_text(encoding="utf-8")
    told = json.loads(kehoach("convert", folder, "--out", out, "--json").out)
    assert [Path(each["input"]).name for each in told["documents"]] == ["a.txt"]
    drawn = kehoach("convert", folder, "--out", out, "--debug", tmp_path / "look")
    assert f"{tmp_path}/look/" in drawn.out


def test_quiet_says_nothing(dump: Path, tmp_path: Path) -> None:
    run = kehoach("convert", dump, "--out", tmp_path / "out", "--quiet")
    assert (run.code, run.out, run.err) == (0, "", "")


def test_the_same_input_gives_the_same_bytes(dump: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert kehoach("convert", dump, "--out", tmp_path / name, "--no-cache").code == 0
    assert (tmp_path / "a" / "ke-hoach.json").read_bytes() == (tmp_path / "b" / "ke-hoach.json").read_bytes()


def test_scans_and_pictures_are_read_and_pages_chosen(tmp_path: Path) -> None:
    (tmp_path / "two.pdf").write_bytes(scan(2))
    pages = [page_picture("TRANG 1", 200), page_picture("TRANG 2", 200)]
    pages[0].save(tmp_path / "many.tif", save_all=True, append_images=pages[1:], dpi=(200, 200))
    pages[0].save(tmp_path / "one.png", dpi=(200, 200))
    run = kehoach("convert", tmp_path, "--out", tmp_path / "out", "--pages", "1", "--text")
    assert run.code == 0, run.err
    lines = {Path(line["input"]).name: line for line in ledger(tmp_path / "out")}
    assert {name: line["pages"]["in"] for name, line in lines.items()} == {"many.tif": 1, "one.png": 1, "two.pdf": 1}
    for stem in ("two", "many", "one"):
        assert "TRANG 1" in (tmp_path / "out" / f"{stem}.txt").read_text(encoding="utf-8").upper()


def test_a_second_run_does_nothing_twice_and_force_does_all_anew(tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(scan())
    cache = str(tmp_path / "cache")
    seen = []
    for out, *more in (("out",), ("out",), ("other",), ("out", "--force"), ("out",)):
        run = kehoach("convert", tmp_path / "plan.pdf", "--out", tmp_path / out, *more, KEHOACH_CACHE_DIR=cache)
        (line,) = ledger(tmp_path / out)
        seen.append((line["reused"], "read" in line["seconds"]))
        assert run.code == 0, run.err
    assert seen == [(False, True), (True, False), (False, False), (False, True), (True, False)]
    assert (tmp_path / "out" / "plan.json").read_bytes() == (tmp_path / "other" / "plan.json").read_bytes()


def test_the_summary_for_machines_and_the_pages_for_people(dump: Path, tmp_path: Path) -> None:
    evil = tmp_path / "<script>alert(1)|x.pdf"
    evil.write_bytes(b"")
    run = kehoach("convert", dump, evil, "--out", tmp_path / "out", "--json")
    told = json.loads(run.out)
    assert run.code == 1
    assert (told["totals"]["documents"], told["totals"]["failed"]) == (2, 1)
    assert told["totals"]["pages"] == {
        "in": 1,
        "out": 1,
        "failed": 0,
        "done": 1,
        "cached": told["totals"]["pages"]["cached"],
    }
    assert [d["status"] for d in told["documents"]] == ["review", "failed"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "is empty" in page
    assert "copy or scan it again" in page
    table = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "\\<script\\>alert\\(1\\)\\|x.pdf" in table
    rows = [line for line in table.splitlines() if line.startswith("|")]
    assert "ke-hoach.json" in table
    assert len(rows) == 3 + 4


def test_the_cache_is_shown_and_cleared(dump: Path, tmp_path: Path) -> None:
    cache = {"KEHOACH_CACHE_DIR": str(tmp_path / "cache")}
    kehoach("convert", dump, "--out", tmp_path / "out", **cache)
    shown = json.loads(kehoach("cache", "--json", **cache).out)
    assert {name: facts["entries"] for name, facts in shown["drawers"].items()} == {"readings": 1, "restored": 1}
    assert "readings" in kehoach("cache", **cache).out
    cleared = json.loads(kehoach("cache", "--clear", "--json", **cache).out)
    assert cleared["removed"] == 2
    assert {facts["entries"] for facts in cleared["drawers"].values()} == {0}


def test_restore_streams_line_for_line() -> None:
    garbled = "Ké hoach chuyén d6i s6 quéc gia\n\nS6 Y té\n"
    run = kehoach("restore", stdin=garbled)
    assert run.code == 0
    assert run.out.count("\n") == garbled.count("\n")
    assert "chuyển đổi số quốc gia" in run.out


@pytest.mark.parametrize(
    ("text", "told"),
    [("6Ӣ CÔNG 7+ѬѪ1*\n", True), ("the house is far away from the river " * 8 + "\n", True), ("Sở Y tế\n", False)],
)
def test_restore_says_what_it_cannot_restore(text: str, told: bool) -> None:
    run = kehoach("restore", stdin=text)
    assert (run.code, run.out.count("\n")) == (0, 1)
    assert ("does not read as Vietnamese" in run.err) == told


def test_restore_explains(tmp_path: Path) -> None:
    (tmp_path / "garbled.txt").write_text("chuyén d6i s6 quéc gia\n", encoding="utf-8")
    run = kehoach("restore", tmp_path / "garbled.txt", "--explain")
    words = [json.loads(line) for line in run.out.splitlines()]
    assert {"printed", "text", "confidence"} <= set(words[0])
    assert "chuyén" in [word["printed"] for word in words]


def test_restore_names_a_file_it_cannot_read(tmp_path: Path) -> None:
    run = kehoach("restore", tmp_path / "missing.txt")
    assert run.code == 1
    assert "missing.txt" in run.err
    assert "Traceback" not in run.all


@pytest.mark.parametrize("name", ["scan.pdf", "scan"])
def test_restore_says_what_to_do_with_a_pdf(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(scan())
    run = kehoach("restore", tmp_path / name)
    assert (run.code, run.out) == (2, "")
    assert "convert it" in run.err
    assert "pdftotext" in run.err
    assert kehoach("restore", stdin="%PDF-1.7\n").code == 2


@pytest.mark.parametrize("text", ["", "\n\f\n"])
def test_restore_says_that_there_is_no_text(text: str) -> None:
    run = kehoach("restore", stdin=text)
    assert (run.code, run.out) == (0, text)
    assert "kehoach convert" in run.err


def test_restore_tells_once_that_bytes_are_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "tcvn.txt").write_bytes(b"chuy\xfen d6i\ns\xfe quoc\xff gia\n" * 3)
    run = kehoach("restore", tmp_path / "tcvn.txt")
    assert run.code == 0
    assert run.out.count("\n") == 6
    assert run.err.count("UTF-8:") == 1


def test_doctor_says_which_setting_is_wrong() -> None:
    run = kehoach("doctor", KEHOACH_DPI="many")
    assert run.code == 1
    [told] = [line for line in run.out.splitlines() if "setting 'dpi'" in line]
    assert told.startswith("wrong")


def test_doctor_finds_this_machine_in_order() -> None:
    run = kehoach("doctor")
    assert run.code == 0, run.out
    assert "Tesseract" in run.out
