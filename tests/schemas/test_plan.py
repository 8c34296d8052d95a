"""The models keep wrong values out and survive the way to JSON and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from schemas import SCHEMA_VERSION, Deadline, Header, PlanDocument, PlanTable, json_schema

SOURCE = {"file": "a.pdf", "sha256": "0" * 64, "pages": 0, "page_text": []}


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "date", "due": "2025-02-29"},
        {"kind": "date", "due": "2025-9-1"},
        {"kind": "date"},
        {"kind": "date", "due": "2025-09-01", "start": "2025-01-01"},
        {"kind": "period", "due": "2025-09-01"},
        {"kind": "period", "start": "2027-01-01", "due": "2025-09-01"},
        {"kind": "recurring", "rrule": "every year"},
        {"kind": "recurring", "due": "2025-09-01"},
        {"kind": "ongoing", "due": "2025-09-01"},
        {"kind": "conditional"},
        {"kind": "someday"},
        {"kind": "date", "due": 20250901},
        {"kind": "ongoing", "unknown": 1},
    ],
)
def test_wrong_deadlines_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Deadline.model_validate({"text": "…", **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "date", "due": "2024-02-29"},
        {"kind": "period", "start": "2025-01-01", "due": "2027-12-31"},
        {"kind": "recurring", "rrule": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15"},
        {"kind": "recurring", "rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "subject": "report"},
        {"kind": "ongoing"},
        {"kind": "conditional", "condition": "Sau khi Luật được thông qua"},
    ],
)
def test_deadlines_of_every_kind(fields: dict[str, Any]) -> None:
    assert Deadline.model_validate({"text": "…", **fields}).kind == fields["kind"]


@pytest.mark.parametrize("value", ["2026-03", "2026-03-31"])
def test_a_date_of_issue_may_lack_its_day(value: str) -> None:
    assert Header(issued_on=value).issued_on == value


@pytest.mark.parametrize("value", ["2026", "2026-13", "2026-02-30", "31/03/2026"])
def test_a_date_of_issue_is_real(value: str) -> None:
    with pytest.raises(ValidationError):
        Header(issued_on=value)


def test_rows_are_as_long_as_the_columns() -> None:
    with pytest.raises(ValidationError, match="row 2 has 1 cells"):
        PlanTable(id="t", columns=["a", "b"], rows=[["1", "2"], ["3"]])


def test_documents_survive_json() -> None:
    document = PlanDocument.model_validate(
        {"source": SOURCE, "header": {"title": "Về chuyển đổi số", "plan_years": [2026]}, "funding": "Ngân sách"}
    )
    assert document.schema_version == SCHEMA_VERSION
    assert PlanDocument.model_validate_json(document.model_dump_json()) == document


def test_the_schema_describes_the_whole_contract() -> None:
    schema = json_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    top = set(schema["properties"])
    assert {"header", "sections", "objectives", "tasks", "responsibilities", "units", "deadlines", "warnings"} <= top
    for name, model in schema["$defs"].items():
        if model["type"] == "object":
            assert model["additionalProperties"] is False, name
            assert model["description"], name
            undocumented = [field for field, about in model["properties"].items() if not about.get("description")]
            assert undocumented == [], name
    assert json.loads(json.dumps(schema)) == schema
