"""Exports: what people and other programs read back is what the plans say; nothing in it runs."""

from __future__ import annotations

import csv
import datetime as dt
import gc
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import icalendar
import openpyxl
import pandas
import pytest
import recurring_ical_events

from pipeline.batch.result import Result
from pipeline.errors import InputError, KehoachError, ToolError
from pipeline.store.export import FORMATS, Exported, Filters, export, sheets
from pipeline.store.export.files import Links
from pipeline.store.export.records import Due, PlanRecords, records_of, when_words
from pipeline.store.plans import Plan
from schemas import Deadline, PlanDocument
from tests.store.command import kehoach
from tests.store.conftest import put
from tests.store.namesakes import OFFICE, Meant, check_units_meant, put_namesakes
from tests.store.synthetic import plan, plan_fields
from tests.store.test_queries import small_plan

FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", " =1", "＝1"]


def write(folder: Path, to: Path, filters: Filters | None = None, **more: Any) -> Exported:
    return export(folder, to, filters or Filters(), max_bytes=10**8, told=lambda: None, **more)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    put(tmp_path / "out", "a.json", small_plan())
    put(tmp_path / "out", "b.json", plan(5, tasks=6))
    record = {"input": str(tmp_path / "scans" / "kế hoạch số 1.pdf"), "output": "a.json"}
    (tmp_path / "out" / "run.jsonl").write_text(json.dumps(record) + "\n")
    return tmp_path / "out"


def hostile(folder: Path) -> Path:
    fields = plan_fields(1, tasks=8)
    for task, text in zip(
        fields["tasks"], [*FORMULAS, "a\x00b\x0b\x1b[0m | <script> `x` \u202e" + "dài " * 300_000], strict=True
    ):
        task["text"] = text
    fields["header"]["title"] = "=CMD()\r\nBEGIN:VEVENT"
    fields["source"]["file"] = "javascript:alert(1)/../../=x.pdf"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(fields), encoding="utf-8")
    return folder


def test_the_workbook(results: Path, tmp_path: Path) -> None:
    done = write(results, tmp_path / "x.xlsx")
    assert (done.documents, done.rows, done.failures) == (2, 6 + 6 + 15, [])
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["Phân công", "Mục tiêu", "Đơn vị", "Thời hạn", "Cần xem lại"]
    sheet = book["Phân công"]
    headings = [cell.value for cell in sheet[1]]
    wanted = ["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Sản phẩm", "Thời hạn", "Ngày đến hạn", "Căn cứ", "Trang"]
    assert headings[:9] == wanted
    first = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
    assert first["Nhiệm vụ"] == "Triển khai bệnh án điện tử."
    assert (first["Chủ trì"], first["Phối hợp"]) == ("Sở Y tế", "Phòng Tài chính")
    assert first["Thời hạn"] == "trước ngày 15/3/2026"
    assert first["Ngày đến hạn"] == dt.datetime(2026, 3, 15)
    assert sheet["H5"].value == "Nghị quyết số 57-NQ/TW"
    for each in book:
        assert each.freeze_panes == "A2"
        assert each.auto_filter.ref.startswith("A1:")
        assert each["B2"].alignment.wrap_text
    assert sheet.column_dimensions["B"].width == 48
    assert sheet.print_area == f"'Phân công'!$A$1:$I${sheet.max_row}"
    heights = [sheet.row_dimensions[row].height for row in (2, 6, 9)]
    assert min(heights) >= 18 and heights[2] > heights[1]
    assert book["Thời hạn"]["D4"].value == "31/03/2026; 30/06/2026; 30/09/2026; 31/12/2026"
    doubt = {cell.value: below.value for cell, below in zip(*book["Cần xem lại"], strict=True)}
    assert doubt["Cần xem lại"] == "Thời hạn đọc chưa chắc (độ tin cậy 0,42)"
    assert doubt["Mã"] == "deadline_doubtful"


def test_links_lead_to_the_page_of_the_scan(results: Path, tmp_path: Path) -> None:
    fields = json.loads(small_plan().model_dump_json())
    fields["tasks"][0]["source"] = {"page": 3, "bbox": None, "confidence": 0.9}
    (results / "a.json").write_text(json.dumps(fields))
    for scan in (tmp_path / "scans" / "kế hoạch số 1.pdf", tmp_path / "khác" / small_plan().source.file):
        scan.parent.mkdir()
        scan.write_bytes(b"%PDF")
    write(results, tmp_path / "x.xlsx")
    target = openpyxl.load_workbook(tmp_path / "x.xlsx")["Phân công"]["I2"].hyperlink.target
    assert target == "scans/k%E1%BA%BF%20ho%E1%BA%A1ch%20s%E1%BB%91%201.pdf#page=3"
    write(results, tmp_path / "x.xlsx", scans=tmp_path / "khác")
    target = openpyxl.load_workbook(tmp_path / "x.xlsx")["Phân công"]["I2"].hyperlink.target
    assert target == f"kh%C3%A1c/{small_plan().source.file}#page=3"


def test_links_of_a_conversion_in_another_folder(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = json.loads(small_plan().model_dump_json())
    fields["tasks"][0]["source"] = {"page": 3, "bbox": None, "confidence": 0.9}
    (results / "a.json").write_text(json.dumps(fields))
    (results / "golden").mkdir()
    (results / "golden" / "a.json").write_text(json.dumps(fields))
    there, here = tmp_path / "there", tmp_path / "here"
    for folder in (there / "scans", here):
        folder.mkdir(parents=True)
    (there / "scans" / "a.pdf").write_bytes(b"%PDF")
    monkeypatch.chdir(there)
    (results / "run.jsonl").write_text(json.dumps(Result("scans/a.pdf", "a.json").record()) + "\n")
    monkeypatch.chdir(here)
    only = Filters(document=small_plan().source.file)
    for folder in (results, results / "golden"):
        assert write(folder, here / "x.md", only).notes == []
        assert "[3](<../there/scans/a.pdf#page=3>)" in (here / "x.md").read_text(encoding="utf-8")
    (there / "scans" / "a.pdf").unlink()
    for suffix in (".md", ".xlsx", ".csv", ".jsonl", ".parquet"):
        (note,) = write(results, here / f"x{suffix}", only).notes
        assert note.startswith("1 document without links: scans not found") and "--scans" in note
    assert "](<" not in (here / "x.md").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(here / "x.xlsx")
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    (tmp_path / "=x.pdf").write_bytes(b"%PDF")
    done = write(hostile(tmp_path / "out"), tmp_path / "x.xlsx")
    assert any("cut" in note for note in done.notes)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = [book["Phân công"].cell(row, 2) for row in range(2, 9)]
    assert [cell.value for cell in texts] == FORMULAS
    assert all(cell.quotePrefix for cell in texts)
    links = [cell.hyperlink.target for cell in cells if cell.hyperlink]
    assert links and all(link.startswith("%3Dx.pdf#page=") for link in links)


def test_no_cell_of_a_csv_file_is_a_formula(tmp_path: Path) -> None:
    write(hostile(tmp_path / "out"), tmp_path / "x.csv")
    content = (tmp_path / "x.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    csv.field_size_limit(10**7)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@", "＝")]
    assert [row[1] for row in rows[1:7]] == ["'" + text for text in FORMULAS[:6]]


def test_the_calendar_expands_to_the_right_days(results: Path, tmp_path: Path) -> None:
    done = write(results, tmp_path / "x.ics", Filters(document="71/KH-SYT"))
    assert "1 deadline without a day is a to-do" in done.notes[0]
    content = (tmp_path / "x.ics").read_bytes()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(content)
    assert not calendar.errors and not [each for each in calendar.walk() if each.errors]
    for event in calendar.walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
        assert event.walk("VALARM")[0]["TRIGGER"].dt == dt.timedelta(days=-3)
    found = recurring_ical_events.of(calendar).between(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
    quarters = [dt.date(2026, 3, 31), dt.date(2026, 6, 30), dt.date(2026, 9, 30), dt.date(2026, 12, 31)]
    assert sorted((event["DTSTART"].dt, str(event["SUMMARY"])) for event in found) == sorted(
        [(dt.date(2026, 3, 15), "Triển khai bệnh án điện tử."), (dt.date(2026, 2, 28), "Chuyển đổi số tại Sở.")]
        + [(day, "Báo cáo số liệu.") for day in quarters]
    )
    assert [c for event in calendar.walk("VEVENT") for c in event.categories] == [
        "Sở Y tế",
        "Sở Y tế",
        "Phòng Tài chính",
    ]
    (todo,) = calendar.walk("VTODO")
    assert todo["SUMMARY"] == "Vệ sinh môi trường." and "DUE" not in todo
    uids = [str(each["UID"]) for each in calendar.walk() if "UID" in each]
    assert len(set(uids)) == 4


def test_identifiers_stay_when_the_plan_is_read_anew(tmp_path: Path) -> None:
    document = small_plan()
    put(tmp_path / "one", "a.json", document)
    put(tmp_path / "two", "b.json", document.model_copy(update={"funding": "khác"}))
    uids = []
    for name in ("one", "two"):
        write(tmp_path / name, tmp_path / "x.ics")
        calendar = icalendar.Calendar.from_ical((tmp_path / "x.ics").read_bytes())
        uids.append([str(each["UID"]) for each in calendar.walk() if "UID" in each])
    assert uids[0] == uids[1]


def test_hostile_text_stays_in_its_property(tmp_path: Path) -> None:
    write(hostile(tmp_path / "out"), tmp_path / "x.ics")
    calendar = icalendar.Calendar.from_ical((tmp_path / "x.ics").read_bytes())
    events = [each for each in calendar.walk() if each.name in ("VEVENT", "VTODO")]
    due = json.loads((tmp_path / "out" / "a.json").read_text())["deadlines"]
    assert len(events) == len(due)
    assert any("=CMD()" in str(event["DESCRIPTION"]) for event in events)


def test_parquet_reads_in_duckdb_and_pandas(results: Path, tmp_path: Path) -> None:
    write(results, tmp_path / "x.parquet")
    path = tmp_path / "x.parquet"
    query = (
        f"SELECT text, lead_units, first_due FROM '{path}' WHERE list_contains(coordinating_units, 'Phòng Tài chính')"
    )
    assert duckdb.sql(query).fetchall()[0] == ("Triển khai bệnh án điện tử.", ["Sở Y tế"], dt.date(2026, 3, 15))
    frame = pandas.read_parquet(path)
    assert len(frame) == 27
    assert frame["first_due"].iloc[0] == dt.date(2026, 3, 15)
    assert list(frame["due_days"].iloc[2])[-1] == dt.date(2026, 12, 31)


def test_parquet_without_its_library_says_what_to_install(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ToolError, match=r"\.\[parquet\]"):
        write(results, tmp_path / "x.parquet")
    assert not (tmp_path / "x.parquet").exists()


def test_json_lines_and_markdown(results: Path, tmp_path: Path) -> None:
    write(results, tmp_path / "x.jsonl")
    records = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(records) == 27
    assert records[0]["lead_units"] == ["Sở Y tế"] and records[0]["first_due"] == "2026-03-15"
    write(results, tmp_path / "x.md")
    lines = (tmp_path / "x.md").read_text(encoding="utf-8").splitlines()
    assert "| 1 | Triển khai bệnh án điện tử. | Sở Y tế | Phòng Tài chính |  | trước ngày 15/3/2026 |  |" in lines
    write(hostile(tmp_path / "bad"), tmp_path / "x.md")
    text = (tmp_path / "x.md").read_text(encoding="utf-8")
    assert "<script>" not in text and r"\| \<script\>" in text


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_the_same_results_give_the_same_bytes(results: Path, tmp_path: Path, suffix: str) -> None:
    contents = []
    for name in ("one", "two"):
        write(results, tmp_path / f"{name}{suffix}")
        contents.append((tmp_path / f"{name}{suffix}").read_bytes())
    assert contents[0] == contents[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["out", f"one{suffix}", f"two{suffix}"])


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filters(document="71/kh-syt"), ["t1", "t2", "t3", "t4", "t5", "t6"]),
        (Filters(document="71/KH-SYT", unit="tai chinh"), ["t1", "t3", "t5"]),
        (Filters(document="71/KH-SYT", due_to=dt.date(2026, 3, 15)), ["t1", "t2"]),
        (Filters(document="71/KH-SYT", due_from=dt.date(2026, 4, 1), due_to=dt.date(2026, 6, 30)), ["t3"]),
    ],
)
def test_filters(results: Path, tmp_path: Path, filters: Filters, wanted: list[str]) -> None:
    write(results, tmp_path / "x.jsonl", filters)
    records = map(json.loads, (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines())
    assert [record["item_id"] for record in records] == wanted


def test_a_recurrence_is_shown_on_its_days_within_the_period(results: Path, tmp_path: Path) -> None:
    second_half = Filters(document="71/KH-SYT", due_from=dt.date(2026, 7, 1), due_to=dt.date(2026, 12, 31))
    write(results, tmp_path / "x.jsonl", second_half)
    (record,) = map(json.loads, (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines())
    assert (record["item_id"], record["first_due"]) == ("t3", "2026-09-30")
    assert record["due_days"] == ["2026-09-30", "2026-12-31"]
    write(results, tmp_path / "x.ics", second_half)
    calendar = icalendar.Calendar.from_ical((tmp_path / "x.ics").read_bytes())
    found = recurring_ical_events.of(calendar).between(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
    assert sorted(event["DTSTART"].dt for event in found) == [dt.date(2026, 9, 30), dt.date(2026, 12, 31)]


def test_what_cannot_be_exported(results: Path, tmp_path: Path) -> None:
    for to in ("x.doc", "x", "nowhere/x.csv"):
        with pytest.raises(KehoachError) as told:
            write(results, tmp_path / to)
        assert told.value.remedy
    with pytest.raises(InputError, match="no plan of that name"):
        write(results, tmp_path / "x.csv", Filters(document="none"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_a_folder_that_is_not_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder, code, reason in (("nothere", 2, "no such folder"), ("empty", 1, "no plan in this folder")):
        run = kehoach("export", tmp_path / folder, "--to", tmp_path / "x.xlsx")
        assert (run.code, run.out) == (code, "")
        assert reason in run.err and len(run.err.splitlines()) == 1, run.err
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_a_workbook_that_fails_midway_leaves_nothing_open(tmp_path: Path) -> None:
    def broken() -> Iterator[PlanRecords]:
        yield records_of(Plan("a.json", small_plan(), "", "", None), Filters())  # type: ignore[misc]
        raise OSError("disk gone")

    complaints: list[Any] = []
    before, sys.unraisablehook = sys.unraisablehook, complaints.append
    try:
        with pytest.raises(OSError, match="disk gone"):
            sheets.write(broken(), tmp_path / "x.xlsx", Links(tmp_path, tmp_path / "x.xlsx", None))
        gc.collect()
    finally:
        sys.unraisablehook = before
    assert complaints == []


def test_a_unit_that_nobody_names_is_told_with_those_that_may_be_meant(results: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no plan in this folder names a unit 'Phong Tai chinhs'") as told:
        write(results, tmp_path / "x.xlsx", Filters(unit="Phong Tai chinhs"))
    assert "Phòng Tài chính" in (told.value.remedy or "")
    assert not (tmp_path / "x.xlsx").exists()


def test_the_command_tells_what_it_left_out(results: Path, tmp_path: Path) -> None:
    (results / "c.json").write_text("{")
    run = kehoach("export", results, "--to", tmp_path / "x.csv", "--unit", "so y te")
    assert run.code == 1
    assert "2 tasks and duties of 1 document\n" in run.out
    assert "c.json" in run.err and "Traceback" not in run.all
    assert PlanDocument.model_validate_json((results / "a.json").read_bytes()) == small_plan()


def test_a_part_of_a_name_means_names_that_begin_so(tmp_path: Path) -> None:
    """Schools are not the department of education, though its name is part of theirs without marks."""
    out = tmp_path / "out"
    put_namesakes(out)

    def units(typed: str) -> Meant:
        done = write(out, tmp_path / "x.jsonl", Filters(unit=typed))
        records = map(json.loads, (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines())
        return [unit for record in records for unit in record["lead_units"]], done.taken_for

    check_units_meant(units)
    run = kehoach("export", out, "--to", tmp_path / "x.csv", "--unit", "so giao duc")
    assert "1 task or duty of 1 document\n" in run.out
    assert run.err == f"unit 'so giao duc' taken for: {OFFICE}\n"


def test_a_period_that_ends_before_it_begins_is_refused(results: Path, tmp_path: Path) -> None:
    run = kehoach("export", results, "--to", tmp_path / "x.csv", "--due-from", "2026-07-01", "--due-to", "2026-01-01")
    assert run.code == 2 and "lies before --due-from" in run.err and not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize(("typed", "said"), [("31/2/2026", "no day of the calendar"), ("Friday", "01/03/2026")])
def test_a_day_that_is_none_is_told(results: Path, tmp_path: Path, typed: str, said: str) -> None:
    run = kehoach("export", results, "--to", tmp_path / "x.csv", "--due-from", typed)
    assert run.code == 2 and said in run.err and not (tmp_path / "x.csv").exists()


def test_a_calendar_counts_deadlines(results: Path, tmp_path: Path) -> None:
    run = kehoach("export", results, "--to", tmp_path / "x.ics", "--document", "71/KH-SYT")
    assert "x.ics: 4 deadlines of 1 document\n" in run.out, run.all
    run = kehoach("export", results, "--to", tmp_path / "x.ics", "--due-from", "2099-01-01")
    assert "x.ics: 0 deadlines of 0 documents\n" in run.out, run.all


def test_a_deadline_that_another_names_is_not_repeated() -> None:
    texts = ("30/11 hằng năm", "trước ngày 31/5 và 30/11 hằng năm", "hằng năm", "30/11 hằng năm")
    dues = [
        Due(f"dl{n}", Deadline(kind="recurring", text=text, rrule="FREQ=YEARLY"), (), False)
        for n, text in enumerate(texts)
    ]
    assert when_words(dues) == "trước ngày 31/5 và 30/11 hằng năm; hằng năm"
    assert when_words([dues[0], dues[3]]) == "30/11 hằng năm"


def test_days_as_vietnam_writes_them_and_one_document(results: Path, tmp_path: Path) -> None:
    (results / "b.json").unlink()
    for day in ("2026-03-15", "15/03/2026"):
        run = kehoach("export", results, "--to", tmp_path / "x.csv", "--due-from", day, "--due-to", day)
        assert run.code == 0 and "1 task or duty of 1 document\n" in run.out, run.all
