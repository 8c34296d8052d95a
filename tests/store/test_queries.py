"""Questions: search with and without marks, deadlines, units, versions; the command and its SQL."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from pipeline.errors import InputError
from pipeline.store.engine import open_engine
from pipeline.store.queries import QUERIES, Asked, answer, sql_of
from schemas import PlanDocument
from tests.store.command import kehoach
from tests.store.conftest import KINDS, Databases, load_into, put
from tests.store.namesakes import OFFICE, SCHOOLS, Meant, check_units_meant, put_namesakes
from tests.store.synthetic import plan_fields

UNIT = {"name": "Sở Y tế", "parent": None, "text": "Sở Y tế"}
OTHER = {"name": "Phòng Tài chính", "parent": None, "text": "Phòng TC"}


CITED = {"type": "Nghị quyết", "number": "57-NQ/TW"}


def task(number: int, words: str, **fields: Any) -> dict[str, Any]:
    return {"id": f"t{number}", "text": words, "section": "II", "deadlines": [], **fields}


def small_plan() -> PlanDocument:
    """Six tasks whose answers can be told by reading."""
    fields = plan_fields(1, tasks=0)
    due = {"kind": "date", "text": "trước ngày 15/3/2026", "due": "2026-03-15"}
    late = {"kind": "month", "text": "Tháng 2", "due": "2026-02-28"}
    often = {"kind": "recurring", "text": "Hằng quý", "rrule": "FREQ=MONTHLY;INTERVAL=3"}
    owned = [("t1", due), ("t2", late), ("t3", often), ("t6", {"kind": "ongoing", "text": "Thường xuyên"})]
    fields["header"] |= {"document_number": "71/KH-SYT", "issued_on": "2026-01-20", "plan_years": [2026]}
    fields["header"]["title"] = "Chuyển đổi số năm 2026"
    fields |= {"objectives": [], "responsibilities": [], "warnings": [], "sections": fields["sections"][:1]}
    fields["tasks"] = [
        task(1, "Triển khai bệnh án điện tử.", lead_units=[UNIT], coordinating_units=[OTHER], deadlines=[due]),
        task(2, "Chuyển đổi số tại Sở.", lead_units=[UNIT], deadlines=[late]),
        task(3, "Báo cáo số liệu.", lead_units=[OTHER], deadlines=[often]),
        task(4, "Bệnh viện lập hồ sơ; điện sinh hoạt, án phí, tử tuất tại phòng 10E.", citations=[CITED]),
        task(5, "Việc của hoà giải viên ở thuỷ điện.", lead_units=[OTHER]),
        task(6, "Vệ sinh môi trường.", deadlines=[{"kind": "ongoing", "text": "Thường xuyên"}]),
    ]  # fmt: skip
    fields["units"] = [
        {"id": "u1", "name": "Sở Y tế", "roles": ["lead"], "item_ids": ["t1", "t2"]},
        {"id": "u2", "name": "Phòng Tài chính", "roles": ["coordinate", "lead"], "item_ids": ["t1", "t3", "t5"]},
    ]
    fields["deadlines"] = [
        each | {"id": f"dl{n}", "item_id": owner, "item_kind": "task"} for n, (owner, each) in enumerate(owned, 1)
    ]
    return PlanDocument.model_validate_json(json.dumps(fields))


@contextlib.contextmanager
def connected(database: str, folder: Path) -> Iterator[Connection]:
    """A connection to a database with the small plan in it."""
    put(folder / "out", "a.json", small_plan())
    result, _ = load_into(database, folder / "out")
    assert result.failures == []
    engine = open_engine(database, writing=False)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module", params=KINDS)
def asking(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """A connection for those who only ask."""
    with connected(databases.ready(request.param), tmp_path_factory.mktemp("plans")) as connection:
        yield connection


def found(connection: Connection, words: str) -> list[str]:
    return [row["item_id"] for row in answer(connection, Asked("search", words)).rows if row["kind"] == "task"]


def items(connection: Connection, name: str, **particulars: Any) -> list[str]:
    return [row["item_id"] for row in answer(connection, Asked(name, **particulars)).rows]


def test_search_needs_no_marks(asking: Connection) -> None:
    assert found(asking, "benh an dien tu") == ["t1", "t4"]  # as a phrase first, then all words anywhere
    assert found(asking, "BỆNH ÁN điện tử") == ["t1", "t4"]
    assert found(asking, '"benh an dien tu"') == ["t1"]
    assert found(asking, "chuyen doi so") == ["t2"]
    assert found(asking, "phong 10e") == ["t4"]  # a word of digits and letters stays one


def test_marks_are_heeded_where_typed(asking: Connection) -> None:
    assert set(found(asking, "so")) == {"t2", "t3", "t4"}
    assert set(found(asking, "số")) == {"t2", "t3"}
    assert set(found(asking, "sở")) == {"t2"}
    assert found(asking, "sơ") == ["t4"]
    assert found(asking, "hòa giải") == ["t5"]  # the tone's place is not a mark
    assert found(asking, "thủy dien") == ["t5"]


@pytest.mark.parametrize("words", ["71/KH-SYT", "71 kh syt", "chuyen doi so nam 2026"])
def test_the_plan_itself_is_found(asking: Connection, words: str) -> None:
    assert answer(asking, Asked("search", words)).rows[0]["document_number"] == "71/KH-SYT"


@pytest.mark.parametrize(
    "words", ['"', "'; DROP TABLE tasks --", "a OR b", "NEAR(a b)", "x*", "(", "& | !", "%_%", "\x00"]
)
def test_what_is_typed_is_never_syntax(asking: Connection, words: str) -> None:
    try:
        assert found(asking, words) == []
    except InputError as error:
        assert error.remedy
    assert found(asking, "moi truong") == ["t6"]


def test_deadlines_ahead_and_behind(asking: Connection) -> None:
    today = dt.date(2026, 3, 10)
    ahead = answer(asking, Asked("upcoming", today=today, days=30)).rows
    assert [(row["due"], row["item_id"], row["units"]) for row in ahead] == [
        ("2026-03-15", "t1", "Sở Y tế"),
        ("2026-03-31", "t3", "Phòng Tài chính"),
    ]
    assert items(asking, "upcoming", today=today, days=30, unit="so y te") == ["t1"]
    assert items(asking, "upcoming", today=today, days=4) == []
    assert items(asking, "upcoming", today=dt.date(2026, 4, 1), days=275) == ["t3"] * 3
    assert items(asking, "overdue", today=today) == ["t2"]
    assert items(asking, "overdue", today=dt.date(2026, 2, 28)) == []  # due today is not overdue


def test_tasks_by_unit(asking: Connection) -> None:
    rows = answer(asking, Asked("tasks", unit="TAI CHINH")).rows
    assert [(row["item_id"], row["role"]) for row in rows] == [("t1", "coordinate"), ("t3", "lead"), ("t5", "lead")]
    assert rows[1]["deadlines"] == "Hằng quý"
    (unit,) = answer(asking, Asked("units", unit="sở y tế")).rows
    assert (unit["leads"], unit["coordinates"], unit["duties"]) == (2, 0, 0)


def test_a_unit_that_nobody_names_is_told_with_those_that_may_be_meant(asking: Connection) -> None:
    for name in ("tasks", "upcoming", "units"):
        with pytest.raises(InputError, match="names a unit 'Sở Yy tê'") as told:
            answer(asking, Asked(name, unit="Sở Yy tê", today=dt.date(2026, 3, 10)))
        assert told.value.remedy == "is it one of: Sở Y tế?"
    with pytest.raises(InputError) as told:
        answer(asking, Asked("tasks", unit="qqqq"))
    assert told.value.remedy == "kehoach query units lists them"
    assert items(asking, "upcoming", unit="so y te", today=dt.date(2030, 1, 1)) == []  # known, with nothing to do


def test_a_part_of_a_name_means_names_that_begin_so(database: str, tmp_path: Path) -> None:
    """Schools are not the department of education, though its name is part of theirs without marks."""
    put_namesakes(tmp_path / "out")
    load_into(database, tmp_path / "out")
    engine = open_engine(database, writing=False)
    with engine.connect() as connection:

        def units(typed: str) -> Meant:
            asked = [Asked(name, unit=typed) for name in ("tasks", "units")]
            tasks, known = (answer(connection, each) for each in asked)
            assert {row["unit"] for row in tasks.rows} == {row["unit"] for row in known.rows}
            return [row["unit"] for row in tasks.rows], tasks.note

        check_units_meant(units)
    engine.dispose()
    run = kehoach("query", "tasks", "--unit", "so giao duc", "--db", database)
    assert run.code == 0 and OFFICE in run.out and SCHOOLS not in run.out
    assert run.err == f"unit 'so giao duc' taken for: {OFFICE}\n"
    sql, values = sql_of(Asked("tasks", unit="so giao duc"))
    assert "unit_key LIKE :unit" in sql and values == {"unit": "so giao duc%"}


def test_tasks_that_lack_something(asking: Connection) -> None:
    rows = answer(asking, Asked("incomplete")).rows
    assert [(row["item_id"], row["without_unit"], row["without_deadline"]) for row in rows] == [
        ("t4", True, True),
        ("t5", False, True),
        ("t6", True, False),
    ]


def test_what_cites_a_resolution(asking: Connection) -> None:
    rows = answer(asking, Asked("citing", "57 - nq/tw")).rows
    assert ("task", "t4") in [(row["item_kind"], row["item_id"]) for row in rows]
    assert answer(asking, Asked("citing", "7-NQ/TW")).rows == []


def test_between_versions(database: str, tmp_path: Path) -> None:
    with connected(database, tmp_path) as asking:
        assert_versions_compared(asking, database, tmp_path)


def assert_versions_compared(asking: Connection, database: str, tmp_path: Path) -> None:
    document = small_plan()
    for version, words in ((2, "Triển khai bệnh án điện tử toàn tỉnh."), (3, "Triển khai bệnh án điện tử cả nước.")):
        tasks = [document.tasks[0].model_copy(update={"text": words}), *document.tasks[1 : 7 - version]]
        kept = {each.id for each in tasks}
        update = {
            "tasks": tasks,
            "deadlines": [each for each in document.deadlines if each.item_id in kept],
            "units": [
                each.model_copy(update={"item_ids": [name for name in each.item_ids if name in kept]})
                for each in document.units
            ],
        }
        put(tmp_path / "out", "a.json", document.model_copy(update=update))
        assert load_into(database, tmp_path / "out")[0].counts == {"replaced": 1}
    asking.rollback()  # SQLite: what this connection sees is as old as its transaction

    def seen(**particulars: Any) -> list[tuple[Any, ...]]:
        rows = answer(asking, Asked("changes", document="71/KH-SYT", **particulars)).rows
        return [(row["version"], row["change"], row["field"], row["old"]) for row in rows]

    first, second = "Triển khai bệnh án điện tử.", "Triển khai bệnh án điện tử toàn tỉnh."
    assert seen() == [
        (3, "changed", "text", second),
        (3, "removed", None, document.tasks[4].text),
        (2, "changed", "text", first),
        (2, "removed", None, document.tasks[5].text),
    ]
    assert seen(versions=(1, 3)) == [
        (3, "changed", "text", first),
        (3, "removed", None, document.tasks[4].text),
        (3, "removed", None, document.tasks[5].text),
    ]
    with pytest.raises(InputError, match="no version 9"):
        seen(versions=(1, 9))


def test_limits_are_told(asking: Connection) -> None:
    assert answer(asking, Asked("incomplete", limit=2)).more
    assert not answer(asking, Asked("incomplete", limit=3)).more
    assert len(answer(asking, Asked("incomplete", limit=0)).rows) == 3


@pytest.mark.parametrize(
    "asked",
    [
        Asked("nonsense"),
        Asked("citing"),
        Asked("search"),
        Asked("incomplete", unit="x"),
        Asked("tasks", document="99/KH"),
        Asked("tasks", versions=(1, 2)),
        Asked("changes", versions=(1, 2)),
    ],
)
def test_questions_that_make_no_sense(asking: Connection, asked: Asked) -> None:
    with pytest.raises(InputError) as told:
        answer(asking, asked)
    assert told.value.remedy


def test_the_printed_sql_runs_by_itself(asking: Connection) -> None:
    for name in QUERIES:
        what = "57-NQ/TW" if QUERIES[name].needs else None
        sql, values = sql_of(Asked(name, what, today=dt.date(2026, 3, 1)), dialect=asking.dialect.name)
        from sqlalchemy import text

        asking.execute(text(sql), {**values, "limit": 5} if ":limit" in sql else values).all()


def test_the_command(tmp_path: Path) -> None:
    put(tmp_path / "out", "a.json", small_plan())
    database = f"sqlite:///{tmp_path / 'p.db'}"
    assert kehoach("load", tmp_path / "out", "--to", database).code == 0
    table = kehoach("query", "upcoming", "--db", database, "--today", "2026-03-10")
    assert table.code == 0 and "Triển khai bệnh án điện tử." in table.out
    rows = json.loads(kehoach("query", "search", "benh an", "--db", database, "--json").out)
    assert rows[0]["text"] == "Triển khai bệnh án điện tử."
    assert "FROM due_dates" in kehoach("query", "overdue", "--sql").out
    assert "upcoming" in kehoach("query").out
    assert "nothing found" in kehoach("query", "search", "khong co", "--db", database).out
    missing = kehoach("query", "units", "--db", f"sqlite:///{tmp_path / 'none.db'}")
    assert (
        missing.code == 1
        and f"kehoach load FOLDER --to sqlite:///{tmp_path}/none.db makes it" in missing.all
        and not (tmp_path / "none.db").exists()
    )


def test_asking_before_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "– kehoach load FOLDER makes it" in kehoach("query", "units").err
    (tmp_path / "out").mkdir()
    assert "kehoach convert" in kehoach("load", "out").out


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["query", "plans"], "no query of the name 'plans'"),
        (["query", "search"], "needs words to look for"),
        (["query", "citing"], "needs the number of a document"),
        (["query", "tasks", "abc"], "takes no word more"),
        (["load", "nothere"], "no such folder"),
        (["evaluate", "nope", "out"], "nope: does not exist"),
    ],
)
def test_mistakes_in_typing_end_with_a_sentence(tmp_path: Path, typed: list[str], told: str) -> None:
    database = (
        [] if typed[0] == "evaluate" else ["--to" if typed[0] == "load" else "--db", f"sqlite:///{tmp_path}/x.db"]
    )
    run = kehoach(*typed, *database)
    assert run.code == 2 and told in run.err and len(run.err.splitlines()) == 1, run.all
    assert not (tmp_path / "x.db").exists()
