"""Letters scored exactly: what the tree says is what trying every way of cutting the noise says."""

from __future__ import annotations

import numpy as np
import pytest

from diacritics import restore
from diacritics.spelling import MAX_SEGMENT, Scores, Spelling, batches
from diacritics.tokens import is_scrap

CLEAN = ["ứng", "chức", "nghiêng", "y", "quả", "chấp"]
NOISY = ["ung", "ngh", "chf", "a6g"]


@pytest.mark.parametrize("cut", [True, False])
def test_scores_are_those_of_the_best_way_to_cut_the_noise(cut: bool) -> None:
    letters = sorted(set("".join(CLEAN)))
    spelling = Spelling.of([(w, 0, 0.0) for w in CLEAN], {c: i for i, c in enumerate(letters)}, cut=cut)
    segments = np.random.default_rng(1).uniform(-2.0, 0.0, (len(letters), MAX_SEGMENT + 1, 4, len(NOISY)))
    scores = spelling.scores(segments.astype(np.float32))
    for row, word in enumerate(spelling.words):
        for i in range(len(NOISY)):
            best = _best(segments, [letters.index(c) for c in word], 3, i)
            assert scores[row, i] == pytest.approx(best, abs=1e-4) if np.isfinite(best) else scores[row, i] == best


def _best(segments: Scores, letters: list[int], place: int, word: int) -> float:
    """The best way for ``letters`` to print as the first ``place`` characters, found by trying all."""
    if not letters:
        return 0.0 if place == 0 else -np.inf
    ways = (
        _best(segments, letters[:-1], place - k, word) + segments[letters[-1], k, place, word]
        for k in range(min(MAX_SEGMENT, place) + 1)
    )
    return max(ways)


def test_batches_hold_words_of_one_length() -> None:
    found = list(batches(["aa", "b", "cc", "dd", "e"], 2))
    assert found == [["b", "e"], ["aa", "cc"], ["dd"]]


@pytest.mark.parametrize(
    ("printed", "restored"),
    [
        ("cong nghé cao trong 9hén doan va diéu tri bénh", "công nghệ cao trong chẩn đoán và điều trị bệnh"),
        ("Nghi quyét cua Chinh phéi va Chuong trinh hanh dong", "Nghị quyết của Chính phủ và Chương trình hành động"),
    ],
)
def test_what_the_context_expects_stands_behind_spoilt_letters(printed: str, restored: str) -> None:
    assert restore(printed, channel="garbled") == restored


def test_what_was_read_well_is_not_bent_to_the_context() -> None:
    assert "Chính sách" in restore("Nghi quyét cua Chinh séch va Chuong trinh hanh dong", channel="garbled")


@pytest.mark.parametrize(
    ("word", "scrap"), [("x4Fq9~Zt", True), ("c4n_b6", False), ("d6i", False), ("daoTrung", False)]
)
def test_scraps_jump_between_kinds_of_characters(word: str, scrap: bool) -> None:
    assert is_scrap(word) is scrap
