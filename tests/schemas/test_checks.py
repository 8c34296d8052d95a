"""A document that contradicts itself is refused, and the refusal says where."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from schemas import InconsistentDocumentError, PlanDocument, check_document, violations

Json = dict[str, Any]
DEADLINE: Json = {"text": "trước ngày 30/9/2025", "kind": "date", "due": "2025-09-30"}
PLACE: Json = {"page": 1, "bbox": [70, 100, 500, 120], "confidence": 0.9}


def plan() -> Json:
    """A small fictitious plan in which everything refers to something that exists."""
    return {
        "source": {
            "file": "plan.pdf",
            "sha256": "0" * 64,
            "pages": 2,
            "page_text": ["ocr", "none"],
            "page_info": [{"page": n, "width": 595, "height": 842, "triage": "image"} for n in (1, 2)],
        },
        "header": {"document_number": "12/KH-SYT", "sources": {"document_number": PLACE}},
        "sections": [
            {
                "id": "s1", "label": "I", "title": "Mục tiêu", "level": 1, "role": "objectives", "source": PLACE,
                "children": [{"id": "s2", "label": "1", "title": "Chung", "level": 2, "role": "objectives"}],
            }
        ],
        "objectives": [{"id": "o1", "text": "Đạt 70%", "section": "I.1", "deadlines": [DEADLINE], "source": PLACE}],
        "tasks": [
            {"id": "t1", "text": "Lập danh mục", "section": "tb1", "origin": "table",
             "lead_units": [{"name": "Phòng Nghiệp vụ Y", "text": "P. NVY"}]}
        ],
        "responsibilities": [
            {"id": "r1", "unit": {"name": "Văn phòng Sở", "text": "Văn phòng Sở"},
             "duties": [{"id": "d1", "text": "Theo dõi", "sources": [PLACE, {**PLACE, "page": 2}]}]}
        ],
        "units": [
            {"id": "u1", "name": "Phòng Nghiệp vụ Y", "roles": ["lead"], "item_ids": ["t1"]},
            {"id": "u2", "name": "Văn phòng Sở", "roles": ["implement"], "item_ids": ["r1", "d1"]},
        ],
        "deadlines": [{**DEADLINE, "id": "dl1", "item_id": "o1", "item_kind": "objective"}],
        "tables": [{"id": "tb1", "columns": ["TT", "Nhiệm vụ"], "rows": [["1", "Lập danh mục"]], "pages": [1, 2]}],
        "warnings": [{"code": "low_confidence", "message": "…", "page": 2, "item_id": "o1"}],
    }  # fmt: skip


def changed(change: Callable[[Json], Any]) -> PlanDocument:
    data = copy.deepcopy(plan())
    change(data)
    return PlanDocument.model_validate(data)


def test_a_sound_document_passes() -> None:
    check_document(PlanDocument.model_validate(plan()))


def test_an_empty_document_passes() -> None:
    check_document(PlanDocument.model_validate({"source": {**plan()["source"]}}))


def set_in(data: Json, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    here: Any = data
    for step in parents:
        here = here[int(step)] if step.isdigit() else here[step]
    here[int(last) if last.isdigit() else last] = value


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("tasks.0.id", "o1", "id 'o1' is used 2 times"),
        ("sections.0.children.0.id", "s1", "id 's1' is used 2 times"),
        ("tables.0.id", "", "an id is empty"),
        ("deadlines.0.item_id", "o9", "belongs to 'o9', which does not exist"),
        ("deadlines.0.item_kind", "task", "calls 'o1' a task, it is a objective"),
        ("deadlines.0.due", "2025-10-01", "is not in the register"),
        ("deadlines", [], "deadline 'trước ngày 30/9/2025' of 'o1' is not in the register"),
        ("objectives.0.deadlines", [], "gives 'o1' a deadline 'trước ngày 30/9/2025' that it does not have"),
        ("units.0.item_ids", ["t1", "t7"], "unit 'u1' points at 't7', which does not exist"),
        ("units.0.name", "Phòng Khác", "unit 'Phòng Nghiệp vụ Y' of 't1' is not in the register"),
        ("tasks.0.section", "tb2", "comes from table 'tb2', which does not exist"),
        ("warnings.0.item_id", "zz", "warning 'low_confidence' points at 'zz'"),
        ("warnings.0.page", 3, "page 3 is named, the document has 2"),
        ("tables.0.pages", [1, 4], "page 4 is named, the document has 2"),
        ("source.page_text", ["ocr"], "page_text has 1 entries for 2 pages"),
        ("source.page_info.1.page", 1, "page_info names page 1 twice"),
        ("objectives.0.source.page", 5, "o1 stands on page 5, the document has 2"),
        ("objectives.0.source.bbox", [70, 100, 60, 120], "o1 has a box turned inside out"),
        ("objectives.0.source.bbox", [70, 100, 700, 120], "o1 lies outside page 1 (595 x 842)"),
        ("header.sources.document_number.bbox", [70, 800, 90, 900], "header.document_number lies outside page 1"),
        ("responsibilities.0.duties.0.sources.1.bbox", [-9, 1, 2, 3], "d1 lies outside page 2"),
    ],
)
def test_a_contradiction_is_told(path: str, value: Any, told: str) -> None:
    document = changed(lambda data: set_in(data, path, value))
    assert [sentence for sentence in violations(document) if told in sentence]
    with pytest.raises(InconsistentDocumentError):
        check_document(document)


def test_a_box_may_leave_its_page_by_what_straightening_costs() -> None:
    check_document(changed(lambda data: set_in(data, "objectives.0.source.bbox", [-2, 100, 597, 120])))


def test_many_contradictions_make_a_short_message_and_a_whole_list() -> None:
    def break_all(data: Json) -> None:
        data["warnings"] = [{"code": "x", "message": "…", "item_id": f"no{n}"} for n in range(12)]

    with pytest.raises(InconsistentDocumentError, match="and 7 more") as caught:
        check_document(changed(break_all))
    assert len(caught.value.violations) == 12
