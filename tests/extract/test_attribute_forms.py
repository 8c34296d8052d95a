"""Every printed form of an attribute line in ``forms/attribute_lines.tsv`` states what is written beside it."""

from __future__ import annotations

import pytest

from pipeline.extract.attributes import attributes_in
from pipeline.values import Text
from tests.extract.test_deadline_forms import rows


@pytest.mark.parametrize(("printed", "expected"), rows("attribute_lines.tsv"))
def test_what_a_line_states(printed: str, expected: str) -> None:
    stated = [f"{a.kind}={a.value.string}" for a in attributes_in(Text(printed))]
    assert (" | ".join(stated) or "-") == expected
