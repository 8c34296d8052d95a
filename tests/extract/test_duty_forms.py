"""Every statement of ``forms/duty_openings.tsv`` charges the unit that is written beside it."""

from __future__ import annotations

import pytest

from pipeline.extract.responsibilities import read_responsibilities
from tests.extract.builders import PLAN, outline, section, statement
from tests.extract.test_deadline_forms import rows


@pytest.mark.parametrize(("printed", "expected"), rows("duty_openings.tsv"))
def test_who_is_charged(printed: str, expected: str) -> None:
    chapter = section("IV", "TỔ CHỨC THỰC HIỆN", "implementation", statement("1", printed, "implementation"))
    found = read_responsibilities(outline(chapter), PLAN)
    units = [r.unit.name + (f" ({r.unit.parent})" if r.unit.parent else "") for r in found]
    assert ("; ".join(units) or "-") == expected
    assert all([d.text for d in r.duties] == [printed] for r in found)
