"""The network that looks at both sides of a word: its training, and what it does to words in doubt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diacritics import restore
from diacritics.context_model import AROUND, ContextModel
from diacritics.lattice import Draft
from diacritics.model import context_model, vocabulary
from diacritics.rescoring import Entry, rescore, within
from diacritics.tokens import Atom
from diacritics.tokens import Kind as AtomKind
from diacritics.train import save
from diacritics.training import context
from diacritics.training.context import EPOCHS, train_context
from diacritics.training.corpus import encode
from diacritics.vocabulary import BOUNDARY, CLASSES, UNKNOWN, Vocabulary

WORDS = ["kế", "hoạch", "chuyển", "đổi", "số", "của", "tỉnh"]
SENTENCE = "kế hoạch chuyển đổi số của tỉnh"


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> tuple[Vocabulary, dict[str, np.ndarray]]:
    monkeypatch.setattr(context, "_BATCH", 64)
    monkeypatch.setattr(context, "_RISE", 5)
    own = Vocabulary.of([*CLASSES, *WORDS])
    files = {file: encode(iter([SENTENCE] * 40), own) for file in EPOCHS}
    size = len(own.words)
    once, again = (train_context(files, size, np.arange(size, dtype=np.uint16)) for _ in range(2))
    assert all(np.array_equal(once[name], again[name]) for name in once | again)
    return own, once


def test_training_learns_what_stands_between(trained: tuple[Vocabulary, dict[str, np.ndarray]], tmp_path: Path) -> None:
    own, arrays = trained
    save(tmp_path / "context.npz", arrays)
    with np.load(tmp_path / "context.npz") as stored:
        model = ContextModel.load(dict(stored))
    line = [BOUNDARY] * 5 + [own.ids[w] for w in SENTENCE.split()] + [BOUNDARY] * 5
    every = np.arange(len(own.words))
    for at, word in enumerate(SENTENCE.split(), 5):
        shares = np.exp(model.log_probability(np.array([line])[:, at + AROUND], np.zeros_like(every), every))
        assert own.words[shares.argmax()] == word
        assert shares.sum() == pytest.approx(1.0, abs=0.02)


def _fit(before: str, words: str, behind: str) -> list[float]:
    ids = [[vocabulary().id_of(w) for w in part.split()] for part in (before, words, behind)]
    around = np.array([[*([BOUNDARY] * 5 + ids[0])[-5:], *(ids[2] + [BOUNDARY] * 5)[:5]]])
    return context_model().log_probability(around, np.zeros(len(ids[1]), int), np.array(ids[1])).tolist()


def test_words_behind_tell_as_well_as_words_before() -> None:
    right, wrong = _fit("định kỳ", "một mốt", "lần mỗi tháng")
    assert right > wrong + 2
    right, wrong = _fit("", "tăng tặng", "cường ứng dụng công nghệ")
    assert right > wrong + 2


def test_a_rare_word_is_less_likely_than_any_unknown_one() -> None:
    rare = vocabulary().words[-1]
    one, unknown = _fit("ban hành", f"{rare} qqqqq", "của tỉnh")
    assert vocabulary().id_of("qqqqq") == UNKNOWN
    assert one < unknown < 0


def _draft(readings: list[list[tuple[str, float]]]) -> tuple[Draft, list[Entry], np.ndarray]:
    """Words with their readings and the probabilities of these; the line of the likeliest ones."""
    draft, probability, line = Draft(), [], []
    for at, own in enumerate(readings):
        slot = draft.new_slot(10 * at, 10 * at + 5)
        best = max(own, key=lambda reading: reading[1])
        for word, share in own:
            if word == best[0]:
                line.append(Entry(10 * at, vocabulary().id_of(word), len(probability)))
            draft.add(at, at + 1, vocabulary().id_of(word), 0.0, word, slot)
            probability.append(share)
    draft.finish()
    draft.finish()
    return draft, line, np.array(probability)


def test_words_in_doubt_are_settled_by_both_sides_and_keep_their_share() -> None:
    sure = [[(w, 1.0)] for w in ["tăng", "cường", "ứng", "dụng", "công", "nghệ", "thông"]]
    draft, line, probability = _draft([*sure, [("tính", 0.5), ("tin", 0.4)], [("và", 1.0)], [("chuyển", 1.0)]])
    before = probability.copy()
    rescore(draft, line, probability)
    assert probability[8] > 0.6
    assert probability[7:9].sum() == pytest.approx(0.9)
    assert np.array_equal(np.delete(probability, [7, 8]), np.delete(before, [7, 8]))


def test_two_words_in_doubt_settle_each_other() -> None:
    sure = [[(w, 1.0)] for w in ["thực", "hiện", "nhiệm", "vụ"]]
    doubt = [[("chuyện", 0.6), ("chuyển", 0.4)], [("đôi", 0.6), ("đổi", 0.4)], [("số", 1.0)]]
    draft, line, probability = _draft([*sure, *doubt])
    rescore(draft, line, probability)
    assert probability[5] > 0.7
    assert probability[7] > 0.7


def test_a_second_reading_stands_amid_the_first() -> None:
    def entry(start: int, row: int = 0) -> Entry:
        return Entry(start, 9, row)

    stretch = [Atom("a", 10, 11, AtomKind.WORD), Atom("b", 20, 21, AtomKind.WORD)]
    line = within([entry(0), entry(10), entry(20), entry(30)], [entry(9, 3), entry(10, 4), entry(20, 5)], [stretch])
    assert line == [entry(0, -1), entry(10, 4), entry(20, 5), entry(30, -1)]


def test_a_capital_among_signs_begins_a_word() -> None:
    garbled = "Trién khai K& hoach chuyén d6i s6 cua nganh y té; S¢ Y té ban hanh K& hoach nay."
    assert restore(garbled) == "Triển khai Kế hoạch chuyển đổi số của ngành y tế; Sở Y tế ban hành Kế hoạch này."


def test_letters_that_print_alike_are_mixed_up() -> None:
    garbled = "Cac don vi thuc hién phd blen cac chuong trinh, nhiém vu chuyén d6i s6 cua nganh y té."
    assert "phổ biến các chương trình" in restore(garbled)
