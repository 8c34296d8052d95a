from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.deadlines import find_deadlines
from pipeline.extract.quarters import mend_quarters
from pipeline.values import Box, Line, Text, Word


def on_paper(*words: tuple[str, float], confidence: float = 0.9) -> Text:
    """A line of words with their widths in points."""
    placed, x = [], 50.0
    for text, width in words:
        placed.append(Word(text, text, Box(x, 100, x + width, 110), confidence))
        x += width + 3
    return Text.of_lines([Line(1, tuple(placed))])


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("xong trong quý II/2026", "xong trong quý II/2026"),
        ("Quý 11/2026", "Quý II/2026"),
        ("quý H/2025", "quý II/2025"),
        ("Quý ll năm 2025", "Quý II năm 2025"),
        ("Quý IH/2026", "Quý III/2026"),
        ("Quý lV", "Quý IV"),
        ("Quý H, quý IV năm 2026", "Quý II, quý IV năm 2026"),
        ("Quý I - H/2026", "Quý I - II/2026"),
        ("quý n/2026", "quý II/2026"),
        ("Quý 1/2026", "Quý 1/2026"),
        ("Quý 3/2026", "Quý 3/2026"),
    ],
)
def test_numerals_that_ocr_broke(read: str, mended: str) -> None:
    assert mend_quarters(Text(read)).string == mended


@pytest.mark.parametrize(
    "text",
    [
        "đề nghị Quý vị đại biểu",
        "thời gian quý báu",
        "đá quý n hạt",
        "theo quy định",
        "quy I ốt",
        "hằng quý",
        "Quý",
        "",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert mend_quarters(Text(text)).string == text


@pytest.mark.parametrize(
    ("words", "mended"),
    [  # 11.5 point type in cells, 13.5 in the body: widths as scanners give them
        ([("Quý", 19.4), ("II", 6.7)], "Quý II"),
        ([("Quý", 19.4), ("II", 10.3)], "Quý III"),
        ([("Quý", 19.4), ("II/2025", 36.7)], "Quý III/2025"),
        ([("Quý", 19.4), ("1/2025", 29.0)], "Quý I/2025"),
        ([("trong", 28.1), ("quý", 19.8), ("II/2024.", 46.1)], "trong quý III/2024."),
        ([("trong", 28.1), ("quý", 19.8), ("II/2024.", 42.0)], "trong quý II/2024."),
        ([("trong", 28.1), ("quý", 19.8), ("III/2024.", 42.0)], "trong quý II/2024."),
    ],
)
def test_strokes_are_counted_by_width(words: list[tuple[str, float]], mended: str) -> None:
    assert mend_quarters(on_paper(*words)).string == mended


def test_a_numeral_that_nothing_confirms_is_doubtful() -> None:
    (sure,) = find_deadlines(on_paper(("trong", 28.1), ("quý", 19.8), ("II/2024.", 42.0)), 2024)
    (odd,) = find_deadlines(on_paper(("trong", 28.1), ("quý", 19.8), ("II/2024.", 60.0)), 2024)
    (guess,) = find_deadlines(on_paper(("trong", 28.1), ("quý", 19.8), ("n/2024.", 40.0)), 2024)
    (speck,) = find_deadlines(on_paper(("trong", 28.1), ("quý", 19.8), ("1/2024.", 46.1)), 2024)
    assert sure.source and odd.source and guess.source and speck.source
    assert sure.source.confidence >= 0.85
    assert odd.source.confidence < 0.6
    assert guess.source.confidence < 0.6
    assert speck.source.confidence < 0.6  # one stroke read, room for three


def test_words_keep_their_places() -> None:
    mended = mend_quarters(on_paper(("Quý", 19.4), ("IH/2025;", 43.0), ("hoàn", 25.0), ("thành", 27.0)))
    assert [mended.string[w.start : w.end] for w in mended.words] == ["Quý", "III/2025;", "hoàn", "thành"]


@given(st.text(alphabet="Quýquy IVHl1|n/2026,-– ", max_size=40))
def test_mending_twice_changes_nothing_more(text: str) -> None:
    once = mend_quarters(Text(text))
    assert mend_quarters(once).string == once.string
