"""Units of much the same name, and what a name typed in part means: the same in questions and in exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import InputError
from schemas import PlanDocument
from tests.store.conftest import put
from tests.store.synthetic import plan_fields

SCHOOLS, OFFICE, BOARD = "Các cơ sở giáo dục", "Sở Giáo dục và Đào tạo", "Ban Giám đốc Sở Giáo dục"

Meant = tuple[list[str], str | None]
"""The units of the rows that come for a typed name, and what the user is told that it was taken for."""


def put_namesakes(folder: Path) -> None:
    """Two plans whose tasks are led by schools, the department of education, its board, and a committee of schools."""
    put(folder, "a.json", with_units(1, SCHOOLS, BOARD))
    put(folder, "b.json", with_units(2, SCHOOLS, OFFICE, f"UBND {SCHOOLS}"))


def with_units(number: int, *names: str) -> PlanDocument:
    """A plan with a task for each of these units."""
    fields = plan_fields(number, tasks=0)
    fields |= {"objectives": [], "responsibilities": [], "warnings": [], "deadlines": []}
    fields["tasks"] = [
        {"id": f"t{n}", "text": f"Việc {n}.", "section": "II", "lead_units": [{"name": name, "text": name}]}
        for n, name in enumerate(names, 1)
    ]
    fields["units"] = [
        {"id": f"u{n}", "name": name, "roles": ["lead"], "item_ids": [f"t{n}"]} for n, name in enumerate(names, 1)
    ]
    return PlanDocument.model_validate_json(json.dumps(fields))


def check_units_meant(units: Callable[[str], Meant]) -> None:
    """What ``units`` gives for names typed in part, of the plans that :func:`put_namesakes` wrote."""
    assert units("so giao duc") == ([OFFICE], f"unit 'so giao duc' taken for: {OFFICE}")
    assert units("Sở giáo dục và đào tạo") == ([OFFICE], None)
    assert units("co so")[0] == [SCHOOLS, SCHOOLS, f"UBND {SCHOOLS}"]
    assert units("dao tao")[0] == [OFFICE]
    with pytest.raises(InputError, match="names a unit 'o giao duc'"):
        units("o giao duc")
