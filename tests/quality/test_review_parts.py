"""The parts of the review behind the page: edits, registers, doubts, folders, sources, pictures, words."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import pipeline.quality.review as package
from pipeline.errors import InputError
from pipeline.quality.review.doubts import doubts
from pipeline.quality.review.edits import Edit, RefusedEditError, StaleEditError, edited
from pipeline.quality.review.folding import finds, searchable
from pipeline.quality.review.overview import matrices, timelines, undated
from pipeline.quality.review.registers import with_registers
from pipeline.quality.review.sources import NoPictureError, PagePictures, SourceFinder, render, text_pages
from pipeline.quality.review.words import words
from pipeline.quality.review.workspace import ConflictError, Workspace
from tests.quality.plans import deadline, pdf, plan, put
from tests.store.command import kehoach

PACKAGE = Path(package.__file__).parent
Json = dict[str, Any]


@pytest.fixture
def document() -> Json:
    return plan(pdf(2))


def setting(path: list[str | int], value: Any, was: Any) -> Edit:
    return Edit(op="set", path=path, value=value, was=was)


def test_an_edit_keeps_the_registers_true(document: Json) -> None:
    after = edited(document, [Edit(op="remove", path=["tasks", 1], was=document["tasks"][1])])
    assert [d["item_id"] for d in after["deadlines"]] == ["t1", "t3"]
    assert [w["code"] for w in after["warnings"]] == ["number_handwritten"]
    assert len(document["tasks"]) == 3
    unit = {"name": "Ban quản lý", "parent": None, "text": "BQL", "source": None}
    after = edited(document, [Edit(op="insert", path=["tasks", 0, "lead_units", 1], value=unit, size=1)])
    entry = next(each for each in after["units"] if each["name"] == "Ban quản lý")
    assert (entry["aliases"], entry["roles"], entry["item_ids"]) == (["BQL"], ["lead"], ["t1"])
    kept = {each["id"]: each["name"] for each in document["units"]}
    assert kept.items() <= {each["id"]: each["name"] for each in after["units"]}.items()


def test_registers_made_by_the_converter_stay_as_they_are(document: Json) -> None:
    assert with_registers(document) == document


@pytest.mark.parametrize(
    ("path", "value", "was"),
    [
        (["tasks", 0, "deadlines", 0, "due"], "2026-13-01", "2026-09-01"),
        (["tasks", 0, "budget_vnd"], -5, None),
        (["tables", 0, "rows", 0], ["một ô"], ["1", "Họp"]),
        (["tasks", 0, "lead_units"], "Văn phòng", [{"name": "Phòng Tổ chức - Hành chính", "parent": None,
                                                    "text": "Phòng Tổ chức - Hành chính", "source": None}]),
        (["tasks", 0, "unknown"], "x", None),
        (["source", "file"], "khac.pdf", "ke-hoach.pdf"),
        (["units", 0, "name"], "x", "Phòng Tổ chức - Hành chính"),
    ],
)  # fmt: skip
def test_what_breaks_the_contract_is_refused_with_a_reason(document: Json, path: Any, value: Any, was: Any) -> None:
    with pytest.raises(RefusedEditError) as refused:
        edited(document, [setting(path, value, was)])
    assert refused.value.faults[0].message


@pytest.mark.parametrize(
    "edit",
    [
        setting(["tasks", 0, "text"], "mới", "không phải chữ cũ"),
        setting(["tasks", 9, "text"], "mới", None),
        setting(["tasks", -1, "text"], "mới", None),
        Edit(op="insert", path=["tasks", 0, "deadlines", 0], value=deadline("x", "2026-01-01", {}), size=7),
        Edit(op="remove", path=["header", "title"], was="Chuyển đổi số ngành y tế năm 2026"),
    ],
)
def test_an_edit_made_for_another_state_is_stale(document: Json, edit: Edit) -> None:
    with pytest.raises(StaleEditError):
        edited(document, [edit])


def test_doubts_point_at_the_value_and_come_in_order(document: Json) -> None:
    document["tasks"][0]["source"]["confidence"] = 0.5
    found = doubts(document)
    assert [doubt.key for doubt in found] == ["t2.deadlines.1", "header.document_number", "t1"]
    assert found[0].path == ("tasks", 1, "deadlines", 0)
    assert found[1].path == ("header", "document_number")
    assert found[2].confidence == 0.5


def test_few_values_are_doubtful_for_their_confidence_alone(document: Json) -> None:
    for task in document["tasks"]:
        task["source"]["confidence"] = 0.1
    for name in ("objectives", "recipients", "sections", "tables", "legal_bases"):
        document[name][0]["source"]["confidence"] = 0.1
    unwarned = [doubt for doubt in doubts(document) if not doubt.messages]
    assert 1 <= len(unwarned) <= 4


def test_work_is_kept_beside_the_result_and_versions_are_told_apart(folder: Path) -> None:
    original = (folder / "ke-hoach.json").read_bytes()
    workspace = Workspace(folder, who="A")
    first = workspace.version("ke-hoach")
    edit = setting(["tasks", 0, "text"], "Việc mới", first.document["tasks"][0]["text"])
    second = workspace.edit("ke-hoach", first.etag, [edit], settled=["t1"])
    assert second.document["tasks"][0]["text"] == "Việc mới"
    assert second.etag != first.etag
    assert "t1" in second.state["confirmed"]
    with pytest.raises(ConflictError):
        workspace.edit("ke-hoach", first.etag, [edit])
    with pytest.raises(StaleEditError):
        workspace.edit("ke-hoach", second.etag, [edit])
    assert workspace.status(second) == "started"
    workspace.approve("ke-hoach", second.etag)
    assert workspace.summary("ke-hoach").status == "approved"
    edit = setting(["tasks", 0, "text"], "Sửa sau", "Việc mới")
    workspace.edit("ke-hoach", second.etag, [edit])
    assert Workspace(folder).summary("ke-hoach").status == "changed"
    assert (folder / "ke-hoach.json").read_bytes() == original
    assert not list(folder.rglob("*.partial"))
    log = [json.loads(line) for line in (folder / "review" / "corrections.jsonl").read_text().splitlines()]
    assert [line["after"] for line in log] == ["Việc mới", "Sửa sau"]


def test_a_new_conversion_is_told_and_can_be_taken(folder: Path) -> None:
    workspace = Workspace(folder)
    first = workspace.version("ke-hoach")
    workspace.edit("ke-hoach", first.etag, [setting(["funding"], "Ngân sách", None)])
    document = json.loads((folder / "ke-hoach.json").read_text(encoding="utf-8"))
    document["header"]["place"] = "Nơi khác"
    (folder / "ke-hoach.json").write_text(json.dumps(document), encoding="utf-8")
    version = workspace.version("ke-hoach")
    assert version.newer
    assert version.document["funding"] == "Ngân sách"
    taken = workspace.discard("ke-hoach", version.etag)
    assert not taken.newer
    assert taken.document["header"]["place"] == "Nơi khác"
    assert (folder / "review" / "ke-hoach.json.old").exists()


def test_what_golden_accept_took_is_shown_as_approved(folder: Path) -> None:
    from pipeline.quality.golden import accept

    workspace = Workspace(folder)
    name = workspace.names()[0]
    assert workspace.summary(name).status == "new"
    accept(folder / f"{name}.json", folder / "golden", "A")
    assert workspace.summary(name).status == "approved"
    other = json.loads((folder / "golden" / f"{name}.json").read_text(encoding="utf-8"))
    other["source"]["sha256"] = "ab" * 32
    (folder / "golden" / f"{name}.json").write_text(json.dumps(other), encoding="utf-8")
    assert workspace.summary(name).status == "new"


def test_scans_in_a_folder_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    run = kehoach("review", folder, "--source", tmp_path / "nowhere")
    assert run.code != 0 and "nowhere" in run.err and "no such folder" in run.err, run.all


def test_warnings_that_nobody_resolved_are_told(folder: Path, tmp_path: Path) -> None:
    name = Workspace(folder).names()[0]
    plan = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    plan["warnings"] = [{"code": "no_items", "message": "none", "page": None, "item_id": None}] * 2
    (folder / f"{name}.json").write_text(json.dumps(plan), encoding="utf-8")
    run = kehoach("golden", "accept", folder / f"{name}.json", "--golden", tmp_path / "g")
    assert run.code == 0 and "accepted; 2 warnings were not resolved" in run.out, run.all


def test_folders_without_plans_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError):
            Workspace(path)


def test_sources_are_found_by_content_not_by_name_alone(tmp_path: Path) -> None:
    right, wrong = pdf(1), pdf(2)
    document = plan(right, tasks=1, pages=1)
    put(tmp_path, "a", document, right)
    facts = document["source"]
    finder = SourceFinder([tmp_path])
    assert finder.find(facts["file"], facts["sha256"]) == tmp_path / "scans" / "ke-hoach.pdf"
    (tmp_path / "scans" / "ke-hoach.pdf").rename(tmp_path / "scans" / "doi-ten.pdf")
    (tmp_path / "scans" / "ke-hoach.pdf").write_bytes(wrong)
    assert finder.find(facts["file"], facts["sha256"]) == tmp_path / "scans" / "doi-ten.pdf"
    assert SourceFinder([tmp_path]).find("../../etc/passwd.pdf", "0" * 64) is None


def test_pages_are_drawn_and_what_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(2))
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    Image.new("L", (1000, 500), 200).save(tmp_path / "c.png")
    assert render(tmp_path / "a.pdf", 2, 240)[:2] == b"\xff\xd8"
    assert render(tmp_path / "c.png", 1, 240)[:2] == b"\xff\xd8"
    for name, page in (("b.pdf", 1), ("a.pdf", 9), ("none.png", 1)):
        with pytest.raises(NoPictureError):
            render(tmp_path / name, page, 240)
    pictures = PagePictures()
    try:
        assert pictures.picture(tmp_path / "a.pdf", 1, 240) == pictures.picture(tmp_path / "a.pdf", 1, 240)
        with pytest.raises(NoPictureError):
            pictures.picture(tmp_path / "b.pdf", 1, 240)
    finally:
        pictures.close()


def test_dumps_are_parted_into_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("một\fhai\f", encoding="utf-8")
    assert text_pages(path) == ["một", "hai"]


def test_search_needs_no_marks() -> None:
    text = searchable("Đẩy mạnh chuyển đổi số")
    assert finds("chuyen doi so", text)
    assert finds("ĐỔI số", text)
    assert not finds("chuyển hướng", text)


def test_the_timeline_and_the_matrix_have_every_deadline_and_unit(document: Json) -> None:
    document["tasks"][0]["deadlines"] += [
        {
            **deadline("hằng quý", "", {}),
            "due": None,
            "source": None,
            "kind": "recurring",
            "rrule": "FREQ=MONTHLY;INTERVAL=3",
        },
        {
            **deadline("khi có luật", "", {}),
            "due": None,
            "source": None,
            "kind": "conditional",
            "condition": "khi có luật",
        },
    ]
    document = with_registers({**document, "deadlines": []})
    (timeline,) = timelines(document)
    assert [bar.kind for bar in timeline.bars] == ["date", "date", "date", "recurring"]
    assert [bar.x for bar in timeline.bars[:3]] == sorted(bar.x for bar in timeline.bars[:3])
    assert undated(document) == [("khi có luật", document["tasks"][0]["text"])]
    (matrix,) = matrices(document)
    assert len(matrix.rows) == 3
    assert sorted(cell.role for cell in matrix.cells) == ["coordinate", "lead", "lead", "lead"]
    assert timelines({"deadlines": []}) == []
    many = plan(pdf(1), tasks=100, pages=1)
    assert sum(len(part.bars) for part in timelines(many)) == 100
    assert all(len(part.rows) <= 32 for part in matrices(many))


def test_both_languages_have_every_word_and_every_word_used_is_there() -> None:
    table = tomllib.loads((PACKAGE / "strings.toml").read_text(encoding="utf-8"))
    assert all(set(entry) == {"vi", "en"} and all(entry.values()) for entry in table.values())
    used = set()
    for path in (PACKAGE / "static").glob("*.js"):
        used |= set(re.findall(r"\bt\(\"([a-z_]+)\"\)", path.read_text(encoding="utf-8")))
    for path in (PACKAGE / "templates").glob("*.html"):
        used |= set(re.findall(r"\bt\.([a-z_]+)\b", path.read_text(encoding="utf-8")))
    assert used - set(words("vi")) == set()


def test_nothing_of_the_page_stands_outside_the_package_or_inline() -> None:
    for path in [*(PACKAGE / "static").iterdir(), *(PACKAGE / "templates").iterdir()]:
        text = path.read_text(encoding="utf-8")
        outside = set(re.findall(r"https?://[^\s\"'`)]+", text)) - {"http://www.w3.org/2000/svg"}
        assert outside == set(), path
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|\son[a-z]+=\"|\sstyle=\"|innerHTML|insertAdjacentHTML|eval\(", text
        ), path
