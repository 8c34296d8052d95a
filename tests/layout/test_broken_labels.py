"""Fictitious plans of different forms, with labels and bullets as OCR breaks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.layout.paragraphs import paragraphs
from pipeline.values import Line, Word
from tests.layout.broken import broken, sections_f1, surviving_items
from tests.layout.dumps import PLAN, outline_of

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


CHAPTERS = """\
I. NHIỆM VỤ
- Khảo sát.

II. GIẢI PHÁP
- In tài liệu.

{} KINH PHÍ
Theo dự toán.

IV. BÁO CÁO
- Hằng quý.
"""


@pytest.mark.parametrize("printed", ["-HI.", "- HI.", "· IIT.", "*III.", "-ỊII.", "_ 111."])
def test_a_speck_before_the_broken_label_of_a_chapter_hides_no_chapter(printed: str) -> None:
    head = PLAN.split("I. MỤC ĐÍCH", 1)[0]
    found = outline_of(head + CHAPTERS.format(printed)).sections
    assert [s.label for s in found] == ["I", "II", "III", "IV"]
    assert found[2].title.string == "KINH PHÍ"


def test_only_a_doubted_letter_before_the_label_of_a_chapter_is_a_speck() -> None:
    def text(confidence: float) -> str:
        words = [Word(w, w, confidence=confidence) for w in ("ì", "III.", "KINH", "PHÍ")]
        return paragraphs([Line(1, tuple(words))])[0].text.string

    assert text(0.3) == "III. KINH PHÍ"
    assert text(0.9) == "ì III. KINH PHÍ"


def test_bullets_keep_their_dash_before_strokes_without_capitals_behind() -> None:
    line = Line(1, tuple(Word(w, w) for w in ["-", "HT.", "Thạnh", "Hòa", "mở", "lớp."]))
    assert paragraphs([line])[0].text.string == line.text
