"""The trainer: small corpora give the statistics one can count by hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from diacritics.model import read_model
from diacritics.syllables import onset_length
from diacritics.train import save
from diacritics.training.corpus import encode, read_vocabulary
from diacritics.training.ngrams import estimate
from diacritics.training.pairs import learn_channel, token_pairs, write_channel
from diacritics.vocabulary import BOUNDARY, CLASSES, Vocabulary

WORDS = ["kế", "hoạch", "chuyển", "đổi", "số", "của", "tỉnh"]


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary.of([*CLASSES, *WORDS, "UBND"])


def test_numbers_and_clauses_are_classes(vocabulary: Vocabulary) -> None:
    ids = encode(iter(["Kế hoạch số 57, năm 2026; UBND tỉnh."]), vocabulary)
    names = [vocabulary.words[i] for i in ids]
    assert names == ["<p>", "kế", "hoạch", "số", "<n2>", "<unk>", "<year>", "<p>", "UBND", "tỉnh", "<p>"]


def test_probabilities_sum_to_one_and_prefer_what_was_seen(vocabulary: Vocabulary, tmp_path: Path) -> None:
    ids = encode(iter(["kế hoạch chuyển đổi số của tỉnh", "chuyển đổi số", "kế hoạch của tỉnh"] * 5), vocabulary)
    size = len(vocabulary.words)
    arrays = estimate([(ids, 1.0)], size, (1, 1, 1), (100, 100, 100), np.arange(size, dtype=np.uint16))
    save(tmp_path / "model.npz", arrays)
    model = read_model(tmp_path / "model.npz")
    every = np.arange(size)
    for context in ([], ["chuyển"], ["chuyển", "đổi"], ["kế", "hoạch", "chuyển"], ["số", "kế", "kế"]):
        before = [np.full(size, vocabulary.ids[w]) for w in context]
        shares = np.exp(model.score(*before, every))
        assert shares.sum() == pytest.approx(1.0, abs=0.12)  # scores are stored in steps of a sixteenth
        if context == ["chuyển", "đổi"]:
            assert every[shares.argmax()] == vocabulary.ids["số"]


def test_equal_arrays_make_equal_files(tmp_path: Path) -> None:
    arrays = {"b": np.arange(5), "a": np.ones(3, dtype=np.float32)}
    save(tmp_path / "one.npz", arrays)
    save(tmp_path / "two.npz", dict(reversed(arrays.items())))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_words_are_paired_where_lines_have_as_many() -> None:
    pairs = token_pairs([("s6 (Diéu 3), té/xa", "số (Điều 3), tế/xã"), ("one word", "một")], garbled=True)
    assert pairs == {("s6", "số"): 1, ("Diéu", "Điều"): 1, ("té", "tế"): 1, ("xa", "xã"): 1}


def test_letters_are_aligned(tmp_path: Path) -> None:
    lines = [("chuyén d6i s6", "chuyển đổi số"), ("nim", "năm"), ("thyc", "thực")] * 30
    counts = learn_channel(token_pairs(lines, garbled=True))
    assert counts["letter"]["đ", "d"] == 30
    assert counts["letter"]["ổ", "6"] == 30
    assert counts["onset"]["ch", "ch"] == 30
    assert counts["rime"]["ực", "yc"] == 30
    write_channel(tmp_path / "channel.tsv", counts, {})
    assert "word\tsố\t30\ts6\t30\n" in (tmp_path / "channel.tsv").read_text(encoding="utf-8")


def test_onsets() -> None:
    assert [onset_length(w) for w in ("nghiêng", "GIỮA", "quốc", "an", "đổi", "thực")] == [3, 2, 2, 0, 1, 2]


def test_vocabulary_keeps_no_look_alikes(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "syllable_freq.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("hòa\t900\t100\nhoà\t100\t10\nrar\t2\t0\n")
    with gzip.open(tmp_path / "nonsyllable_token_freq.tsv.gz", "wt", encoding="utf-8") as out:
        out.write("UBND\t6000\t6000\nVNeID\t500\t400\nVNelD\t60\t50\nviêc\t900\t900\n")
    words = read_vocabulary(tmp_path).words
    assert words[BOUNDARY] == "<p>"
    assert words[len(CLASSES) :] == ("hòa", "UBND", "VNeID")
