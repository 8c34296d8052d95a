"""The closed set of syllables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diacritics import is_valid_syllable, share_of_valid_tokens
from diacritics.syllables import level, new_style, old_style, strip_marks, tone_placement


@pytest.mark.parametrize("word", ["chuyển", "ĐỔI", "Số", "hoà", "hòa", "nghiêng", "quý", "giờ", "cu\u0309a"])
def test_syllables(word: str) -> None:
    assert is_valid_syllable(word)


@pytest.mark.parametrize("word", ["chuyén", "d6i", "quéc", "vucy", "", "UBND", "57"])
def test_no_syllables(word: str) -> None:
    assert not is_valid_syllable(word)


@pytest.mark.parametrize(
    ("new", "old"), [("hoà", "hòa"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"), ("THUỶ", "THỦY"), ("Uỷ", "Ủy")]
)
def test_both_placements(new: str, old: str) -> None:
    assert old_style(new) == old
    assert new_style(old) == new


@pytest.mark.parametrize("word", ["quý", "quỷ", "toàn", "của", "mùa", "nghĩa", "giữa", "già", "người", "khuỷu"])
def test_placements_that_do_not_float(word: str) -> None:
    assert old_style(word) == word
    assert new_style(word) == word


def test_misplaced_tones_are_levelled() -> None:
    assert level("Cuả") == "của"


def test_placement_of_a_text() -> None:
    assert tone_placement("hoà bình, sức khoẻ, thủy lợi") == "new"
    assert tone_placement("hòa bình") == "old"
    assert tone_placement("kế hoạch") is None


def test_share_tells_kinds_of_text() -> None:
    assert share_of_valid_tokens("Thực hiện kế hoạch chuyển đổi số của UBND tỉnh năm 2026") > 0.95
    assert share_of_valid_tokens("Thuc hién ké hoach chuyén d6i s6 cua UBND tinh nim 2026") < 0.5
    assert share_of_valid_tokens("") == 0.0


@given(st.text())
def test_any_text_has_a_share(text: str) -> None:
    assert 0.0 <= share_of_valid_tokens(text) <= 1.0


@given(st.text(alphabet="aeiouyăâêôơưđbcdghklmnpqrstvx\u0300\u0301\u0303\u0309\u0323", max_size=8))
def test_levelling_is_stable_and_keeps_the_letters(word: str) -> None:
    assert level(level(word)) == level(word)
    assert strip_marks(level(word)) == strip_marks(word).lower()
