"""Fictitious plans of different forms, with labels and bullets as OCR breaks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layout.broken import broken, sections_f1, surviving_items
from tests.layout.dumps import outline_of

FOLDER = Path(__file__).parent / "forms"
GARBLED = "electricity"  # broken already
FORMS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt")) if path.stem != GARBLED}
SEEDS = range(3)


@pytest.mark.parametrize(("rate", "sections", "items"), [(0.15, 0.98, 0.99), (0.3, 0.98, 0.99)])
def test_outlines_survive_broken_labels(rate: float, sections: float, items: float) -> None:
    pairs = [(outline_of(text), outline_of(broken(text, seed, rate)[0])) for text in FORMS.values() for seed in SEEDS]
    assert sum(sections_f1(*pair) for pair in pairs) / len(pairs) >= sections
    assert sum(surviving_items(*pair) for pair in pairs) / len(pairs) >= items


def test_breaking_breaks_and_is_the_same_each_time() -> None:
    text = FORMS["commune"]
    assert broken(text, 1, 0.3) == broken(text, 1, 0.3)
    changed = [broken(text, seed, 0.3)[1] for seed in SEEDS]
    assert min(map(len, changed)) >= 4
    assert all(printed != read for pairs in changed for printed, read in pairs)
    assert broken(text, 1, 0.0) == (text, [])


def test_repairs_are_told() -> None:
    outlines = [outline_of(broken(text, 3, 0.5)[0]) for text in FORMS.values()]
    assert sum("label_repaired" in [code for code, _, _ in outline.notes] for outline in outlines) >= 10
    assert not any("label_repaired" in [code for code, _, _ in outline_of(text).notes] for text in FORMS.values())
