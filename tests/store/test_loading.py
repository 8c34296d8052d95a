"""Loading: the same again changes nothing, versions replace and are kept, broken files cost themselves only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError, ProgrammingError

from pipeline.errors import InputError, KehoachError
from pipeline.store.engine import open_engine
from pipeline.store.rows import part_rows
from pipeline.store.search import parse, statement
from pipeline.store.tables import PARTS
from schemas import PlanDocument
from tests.store.command import kehoach
from tests.store.conftest import ask, load_into, put
from tests.store.synthetic import plan, plan_fields

Contents = Callable[[str], dict[str, list[Any]]]


def changed(document: PlanDocument, **fields: Any) -> PlanDocument:
    return PlanDocument.model_validate_json(json.dumps({**json.loads(document.model_dump_json()), **fields}))


def counted(database: str) -> dict[str, int]:
    tables = ("documents", "versions", "tasks", "assignments", "deadlines", "occurrences", "cells", "search")
    return {name: ask(database, f"SELECT count(*) FROM {name}")[0][0] for name in tables}


def assert_whole(database: str, documents: dict[str, PlanDocument]) -> None:
    """Each document is there once, with exactly its own parts, and every reference holds."""
    ids = dict(ask(database, "SELECT source_sha256, id FROM documents"))
    assert sorted(ids) == sorted(document.source.sha256 for document in documents.values())
    assert len(ids) == ask(database, "SELECT count(*) FROM documents")[0][0]
    wanted = {
        (table, ids[document.source.sha256], len(rows))
        for document in documents.values()
        for table, rows in part_rows(document).items()
        if rows
    }
    counts = (
        f"SELECT '{part.name}', document_id, count(*) FROM \"{part.name}\" GROUP BY document_id" for part in PARTS
    )
    assert set(ask(database, " UNION ALL ".join(counts))) == wanted
    if database.startswith("sqlite"):
        assert ask(database, "PRAGMA foreign_key_check") == []
        assert ask(database, "PRAGMA integrity_check") == [("ok",)]
        assert_search_index_whole(database)


def assert_search_index_whole(database: str) -> None:
    """The index of SQLite holds each text once and no other; it says "malformed" where it does not."""
    engine = open_engine(database, writing=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    engine.dispose()


def test_a_load_and_the_same_again(empty_database: str, tmp_path: Path, contents: Contents) -> None:
    database = empty_database
    plans = {f"{n}.json": plan(n) for n in range(3)}
    for name, document in plans.items():
        put(tmp_path / "out", name, document)
    result, _ = load_into(database, tmp_path / "out")
    assert result.counts == {"added": 3}
    assert result.migrated is not None
    assert_whole(database, plans)
    before = contents(database)
    again, _ = load_into(database, tmp_path / "out")
    assert again.counts == {"unchanged": 3}
    assert again.migrated is None
    assert contents(database) == before


def test_what_is_stored_is_what_was_read(database: str, tmp_path: Path) -> None:
    document = plan(7)
    put(tmp_path, "a.json", document)
    load_into(database, tmp_path)
    task = document.tasks[11]
    stored = ask(database, "SELECT text, number, page, x0, confidence, origin FROM tasks WHERE id = :id", id=task.id)
    assert task.source is not None and task.source.bbox is not None
    place = (task.source.page, task.source.bbox[0], task.source.confidence)
    assert stored == [(task.text, task.number, *place, task.origin)]
    units = ask(
        database,
        "SELECT a.role, u.name FROM assignments a JOIN units u ON u.document_id = a.document_id AND u.id = a.unit_id"
        " WHERE a.task_id = :id ORDER BY a.position",
        id=task.id,
    )
    wanted = [("lead", unit.name) for unit in task.lead_units]
    assert units == wanted + [("coordinate", unit.name) for unit in task.coordinating_units]
    cells = ask(database, "SELECT text FROM cells WHERE row_number = 3 ORDER BY column_number")
    assert [cell for (cell,) in cells] == document.tables[0].rows[2]
    (whole,) = ask(database, "SELECT CAST(document AS TEXT) FROM versions")[0]
    assert PlanDocument.model_validate_json(whole) == document


def test_a_new_version_replaces_and_the_old_one_is_kept(database: str, tmp_path: Path) -> None:
    first = plan(1)
    fields = plan_fields(1)
    fields["tasks"][4]["text"] = "Thí điểm trợ lý ảo tại bộ phận một cửa."
    fields["tasks"][6]["deliverable"] = "Đề án"
    second = PlanDocument.model_validate_json(json.dumps(fields))
    put(tmp_path, "a.json", first)
    put(tmp_path, "b.json", plan(2))
    load_into(database, tmp_path)
    put(tmp_path, "a.json", second)
    result, outcomes = load_into(database, tmp_path)
    assert result.counts == {"replaced": 1, "unchanged": 1}
    assert outcomes["a.json"] == "replaced"
    assert_whole(database, {"a": second, "b": plan(2)})
    kept = ask(database, "SELECT version, CAST(document AS TEXT) FROM versions ORDER BY document_id, version")
    assert [(n, PlanDocument.model_validate_json(text)) for n, text in kept] == [(1, first), (2, second), (1, plan(2))]
    changes = ask(database, "SELECT change, item_kind, item_id, field, new FROM plan_changes ORDER BY position")
    assert ("changed", "task", "t7", "deliverable", "Đề án") in changes
    assert {(change, item) for change, _, item, field, _ in changes if field != "deliverable"} <= {
        ("changed", "t5"), ("added", "t5"), ("removed", "t5"),
    }  # fmt: skip


def test_an_earlier_version_stays_replaced_unless_asked(database: str, tmp_path: Path, contents: Contents) -> None:
    old, new = plan(1), changed(plan(1), funding="Ngân sách tỉnh.")
    for document in (old, new):
        put(tmp_path, "a.json", document)
        load_into(database, tmp_path)
    put(tmp_path, "a.json", old)
    before = contents(database)
    result, _ = load_into(database, tmp_path)
    assert result.counts == {"superseded": 1}
    assert contents(database) == before
    result, _ = load_into(database, tmp_path, replace=True)
    assert result.counts == {"replaced": 1}
    assert ask(database, "SELECT version, funding FROM documents") == [(3, old.funding)]


def test_a_copy_under_another_name_is_the_same_document(database: str, tmp_path: Path) -> None:
    put(tmp_path, "a.json", plan(1))
    put(tmp_path, "b.json", plan(1, file="ban-sao.pdf"))
    result, _ = load_into(database, tmp_path)
    assert result.counts == {"added": 1, "unchanged": 1}


def test_a_corrected_scan_of_the_same_name_and_number_is_a_version(database: str, tmp_path: Path) -> None:
    first = plan(1)
    source = json.loads(first.source.model_dump_json()) | {"sha256": "ab" * 32}
    put(tmp_path, "a.json", first)
    put(tmp_path / "later", "a.json", changed(first, source=source))
    result, _ = load_into(database, tmp_path)
    assert result.counts == {"added": 1, "replaced": 1}
    elsewhere = json.loads(first.header.model_dump_json()) | {"issuing_authority": "UBND tỉnh khác"}
    put(tmp_path / "other", "a.json", changed(first, source=source | {"sha256": "cd" * 32}, header=elsewhere))
    result, _ = load_into(database, tmp_path / "other")
    assert result.counts == {"added": 1}  # another office's plan of the same number is not a version of this one


def test_broken_files_are_told_and_left_out(database: str, tmp_path: Path) -> None:
    put(tmp_path, "good.json", plan(1))
    (tmp_path / "cut.json").write_text(plan(2).model_dump_json()[:5000], encoding="utf-8")
    (tmp_path / "other.json").write_text('{"name": "package"}', encoding="utf-8")
    (tmp_path / "empty.json").write_bytes(b"")
    (tmp_path / "surrogate.json").write_text(plan(3).model_dump_json().replace("UBND", "\\ud800", 1), encoding="utf-8")
    fields = plan_fields(4)
    fields["deadlines"][0]["item_id"] = "nobody"
    (tmp_path / "contradiction.json").write_text(json.dumps(fields), encoding="utf-8")
    (tmp_path / "deep.json").write_text("[" * 5000 + "]" * 5000, encoding="utf-8")
    result, outcomes = load_into(database, tmp_path)
    assert result.counts == {"added": 1}
    assert len(result.failures) == 6
    for name, outcome in outcomes.items():
        if name != "good.json":
            assert isinstance(outcome, KehoachError)
            assert name in str(outcome) and outcome.remedy
    assert ask(database, "SELECT failed FROM runs") == [(6,)]
    assert len(ask(database, "SELECT file, reason FROM failures")) == 6


def test_what_the_database_refuses_costs_that_document_only(database: str, tmp_path: Path) -> None:
    fields = plan_fields(2)
    fields["sections"][0]["level"] = 10**20
    put(tmp_path, "a.json", plan(1))
    (tmp_path / "b.json").write_text(json.dumps(fields), encoding="utf-8")
    put(tmp_path, "c.json", plan(3))
    result, outcomes = load_into(database, tmp_path)
    assert result.counts == {"added": 2}
    assert "does not take it" in str(outcomes["b.json"])
    assert_whole(database, {"a": plan(1), "c": plan(3)})


def bare_plan(title: str) -> PlanDocument:
    """A letter that kehoach found nothing in: no objective, task, duty, unit or deadline."""
    fields = plan_fields(2, tasks=0)
    registers = ("objectives", "responsibilities", "units", "deadlines", "warnings", "recipients", "legal_bases")
    fields |= {name: [] for name in (*registers, "sections")} | {"signature": None}
    fields["header"]["title"] = title
    return PlanDocument.model_validate_json(json.dumps(fields))


def test_a_plan_without_tasks_is_loaded_like_any_other(database: str, tmp_path: Path) -> None:
    """By itself: among others, those gave the tables that it has nothing for their rows."""
    for title, outcome in (("Thông báo", "added"), ("Thông báo lần hai", "replaced")):
        put(tmp_path, "a.json", bare_plan(title))
        result, _ = load_into(database, tmp_path)
        assert (result.counts, result.failures) == ({outcome: 1}, [])
        assert_whole(database, {"a": bare_plan(title)})


def test_a_plan_loses_all_its_tasks_and_gets_them_back(database: str, tmp_path: Path) -> None:
    bare, full = bare_plan("Kế hoạch"), plan(2)
    for document, outcome in ((full, "added"), (bare, "replaced"), (changed(full, funding="Không"), "replaced")):
        put(tmp_path, "a.json", document)
        assert load_into(database, tmp_path)[0].counts == {outcome: 1}
        assert_whole(database, {"a": document})


@pytest.mark.parametrize("error", [ProgrammingError("INSERT", None, Exception("bindings")), KeyError("unit")])
def test_whatever_goes_wrong_with_one_document_the_others_are_loaded(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_: object) -> PlanDocument:
        raise error

    plans = {f"{n}.json": plan(n) for n in range(3)}
    for name, document in plans.items():
        put(tmp_path, name, document)
    load_into(database, tmp_path)
    monkeypatch.setattr("pipeline.store.writing._stored", failing)
    put(tmp_path, "1.json", changed(plans["1.json"], funding="Không"))
    put(tmp_path, "8.json", plan(8))
    result, outcomes = load_into(database, tmp_path)
    assert result.counts == {"unchanged": 2, "added": 1}
    assert [failure.file for failure in result.failures] == [str(tmp_path / "1.json")]
    assert "Traceback" not in str(outcomes["1.json"])
    assert_whole(database, {**plans, "8.json": plan(8)})


def test_hostile_text_is_text(database: str, tmp_path: Path) -> None:
    texts = {
        "t1": "'); DROP TABLE tasks; --",
        "t2": "=HYPERLINK(\"http://x\")\t\\N \\. {a,b} $$ %s :name ? é",
        "t3": "a\x00b\x01c\x1b[31m",
        "t4": "\u202eđảo ngược\u200f \ufeff",
        "t5": "chữ " * 260_000,
        "t6": "\\u0000 \\\\u0000",
    }  # fmt: skip
    fields = plan_fields(1)
    for task in fields["tasks"]:
        task["text"] = texts.get(task["id"], task["text"])
    fields["header"]["title"] = "\x00tiêu đề\\"
    fields["tasks"][6]["budget_vnd"] = 10**25
    (tmp_path / "a.json").write_text(json.dumps(fields), encoding="utf-8")
    result, _ = load_into(database, tmp_path)
    assert result.failures == []
    stored = dict(ask(database, "SELECT id, text FROM tasks"))
    for name, text in texts.items():
        assert stored[name] == text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    assert ask(database, "SELECT title FROM documents") == [("\N{REPLACEMENT CHARACTER}tiêu đề\\",)]
    assert float(ask(database, "SELECT budget_vnd FROM tasks WHERE id = 't7'")[0][0]) == 1e25
    assert load_into(database, tmp_path)[0].counts == {"unchanged": 1}


def command(database: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "cli", "load", str(folder), "--to", database, "--jobs", "1"]


def test_two_loaders_at_once(database: str, tmp_path: Path) -> None:
    plans = {f"{n:03}.json": plan(n, tasks=2) for n in range(60)}
    for name, document in plans.items():
        put(tmp_path / "out", name, document)
    running = [subprocess.Popen(command(database, tmp_path / "out"), stdout=subprocess.PIPE) for _ in range(2)]
    assert [process.wait(90) for process in running] == [0, 0]
    assert_whole(database, plans)
    assert ask(database, "SELECT count(*), max(version) FROM versions") == [(60, 1)]
    assert ask(database, "SELECT sum(added), sum(unchanged), sum(replaced), sum(failed) FROM runs") == [(60, 60, 0, 0)]


def test_a_loader_killed_in_mid_run_loses_and_doubles_nothing(database: str, tmp_path: Path) -> None:
    plans = {f"{n:03}.json": plan(n, tasks=1) for n in range(110)}
    for name, document in plans.items():
        put(tmp_path / "out", name, document)
    os.mkfifo(tmp_path / "out" / "999.json")  # nobody writes to it: the loader cannot come to its end
    process = subprocess.Popen(command(database, tmp_path / "out"))
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            done = ask(database, "SELECT count(*) FROM documents")[0][0]
        except (KehoachError, DBAPIError):  # not there yet
            done = 0
        if done:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    there = {sha for (sha,) in ask(database, "SELECT source_sha256 FROM documents")}
    assert 0 < len(there) < 110, "killed too early or too late to tell anything"
    assert_whole(database, {name: d for name, d in plans.items() if d.source.sha256 in there})
    assert ask(database, "SELECT finished_at FROM runs") == [(None,)]
    (tmp_path / "out" / "999.json").unlink()
    result, _ = load_into(database, tmp_path / "out")
    assert result.counts == {"unchanged": len(there), "added": 110 - len(there)}
    assert_whole(database, plans)


def test_a_deleted_document_takes_its_parts_along(database: str, tmp_path: Path) -> None:
    """For those who tidy up with SQL of their own."""
    put(tmp_path, "a.json", plan(1))
    load_into(database, tmp_path)
    engine = open_engine(database, writing=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM documents")
    engine.dispose()
    assert set(counted(database).values()) == {0}
    assert load_into(database, tmp_path)[0].counts == {"added": 1}


def test_other_processes_read_for_many_files(tmp_path: Path) -> None:
    plans = {f"{n:03}.json": plan(n, tasks=2) for n in range(70)}
    for name, document in plans.items():
        put(tmp_path / "out", name, document)
    (tmp_path / "out" / "100.json").write_text("{", encoding="utf-8")
    database = f"sqlite:///{tmp_path / 'p.db'}"
    run = kehoach("load", tmp_path / "out", "--to", database, "--jobs", "2")
    assert run.code == 1, run.all
    assert "70 added" in run.out
    assert "100.json" in run.err
    assert_whole(database, plans)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        load_into(f"sqlite:///{tmp_path / 'p.db'}", tmp_path / "nowhere")
    assert not (tmp_path / "p.db").exists()


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("mysql://x/y", 2, "not supported"),
        ("nonsense", 2, "no database URL"),
        ("plans.db", 2, "write sqlite:///plans.db\n"),
        ("/srv/a b.db", 2, "write sqlite:////srv/a b.db\n"),
        ("sqlite://", 2, "needs a file"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", 1, "***"),
        ("sqlite:////nowhere/at/all.db", 1, "folder does not exist"),
    ],
)
def test_databases_that_cannot_be_had(tmp_path: Path, url: str, code: int, words: str) -> None:
    put(tmp_path, "a.json", plan(1, tasks=1))
    run = kehoach("load", tmp_path, "--to", url)
    assert run.code == code
    assert words in run.all
    assert "Traceback" not in run.all and "secret" not in run.all


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    put(tmp_path / "out", "a.json", plan(1, tasks=1))
    (tmp_path / "plans.db").write_text("this is a letter and not a database at all" * 50)
    run = kehoach("load", tmp_path / "out", "--to", f"sqlite:///{tmp_path / 'plans.db'}")
    assert run.code == 1
    assert "not a database" in run.all and "Traceback" not in run.all


def test_the_database_counts_what_it_has(tmp_path: Path) -> None:
    """Without these figures SQLite lists tasks by unit by sorting them all: 600 ms instead of 3 at 5,000 plans."""
    put(tmp_path / "out", "a.json", plan(1))
    database = f"sqlite:///{tmp_path / 'p.db'}"
    load_into(database, tmp_path / "out")
    assert "units" in {table for (table,) in ask(database, "SELECT tbl FROM sqlite_stat1")}


def test_search_hands_out_the_latest_without_sorting_all(tmp_path: Path) -> None:
    put(tmp_path / "out", "a.json", plan(1))
    database = f"sqlite:///{tmp_path / 'p.db'}"
    load_into(database, tmp_path / "out")
    sql, values = statement("sqlite", parse("benh an")[0])
    steps = [row[-1] for row in ask(database, f"EXPLAIN QUERY PLAN {sql}", **values, limit=50)]
    hits = next(step for step in steps if "VIRTUAL TABLE" in step)
    assert "INDEX 0:" not in hits, steps  # 0: in any order
    assert sum("TEMP B-TREE" in step for step in steps) <= 1, steps  # the few that are shown may be sorted
