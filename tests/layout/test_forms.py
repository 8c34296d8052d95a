"""Outlines of eighteen fictitious plans of different forms: commune, party, hospital, school, joint, letter, …

``forms/NAME.tree`` holds what a reader makes of ``forms/NAME.txt``: path of labels, role and title of each section.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.values import Section
from tests.layout.dumps import outline_of

FORMS = sorted((Path(__file__).parent / "forms").glob("*.txt"))


@pytest.mark.parametrize("form", FORMS, ids=[form.stem for form in FORMS])
def test_sections_and_roles(form: Path) -> None:
    found: list[str] = []

    def walk(section: Section, path: str) -> None:
        here = f"{path}/{section.label}" if path else section.label
        found.append(f"{here}\t{section.role}\t{section.title.string}")
        for child in section.children:
            walk(child, here)

    for section in outline_of(form.read_text(encoding="utf-8")).sections:
        walk(section, "")
    assert found == form.with_suffix(".tree").read_text(encoding="utf-8").rstrip("\n").split("\n")
