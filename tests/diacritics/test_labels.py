"""Labels of headings in broken text, read as a sequence. All texts are fictitious."""

from __future__ import annotations

import pytest

from diacritics import restore
from diacritics.labels import find_labels


def labels(text: str, *, garbled: bool = True) -> list[str]:
    return [c.text.strip() for c in sorted(find_labels(text, garbled=garbled), key=lambda c: c.start)]


def test_a_repeated_numeral_takes_the_place_that_is_left_free() -> None:
    text = "|. MUC TIEU\nchung\nIl. NOI DUNG\nchung\nII. NHIEM VU\nchung\nIV. KINH PHI\nchung\nV.TO CHUC\nchung\n"
    assert labels(text) == ["I.", "II.", "III.", "IV.", "V."]


def test_numerals_of_an_annex_begin_anew() -> None:
    text = "I. MUC TIEU\nII. NOI DUNG\nI. MUC TIEU\nII. NOI DUNG\n"
    assert labels(text) == ["I.", "II.", "I.", "II."]


@pytest.mark.parametrize("printed", ["HII. KINH PHÍ", "IIL. KINH PHÍ", "I1I. KINH PHÍ", "l|l. KINH PHÍ"])
def test_strokes_are_levelled(printed: str) -> None:
    assert labels(printed, garbled=False) == ["III."]
    assert restore(printed + "\nKinh phí thực hiện do ngân sách tỉnh cấp.").startswith("III. KINH PHÍ\n")


def test_a_label_that_cannot_be_read_stays() -> None:
    assert restore("VXH. KINH PHÍ THỰC HIỆN\nDo ngân sách tỉnh cấp.").startswith("VXH. KINH PHÍ")


@pytest.mark.parametrize(
    ("before", "printed", "after", "label"),
    [
        ("1. Nang cao nhan thuc", "11 Thuong xuyen quan triet", "1.2. Phoi hop", "1.1."),
        ("3.2. Tiep tuc tap trung", "233 Phan dau nam trong nhom", "IV. KINH PHI", "3.3."),
        ("2.1. Phoi hop", "22 Trien khai cac nhiem vu", "2.3. Hoan thanh", "2.2."),
    ],
)
def test_dots_that_were_lost(before: str, printed: str, after: str, label: str) -> None:
    assert label in labels(f"{before}\n\n{printed}\n\n{after} ket qua\n")


@pytest.mark.parametrize(
    "text",
    [
        "1. Nang cao nang luc cua\n11 Trung tam y te trong tinh\n\n1.2. Phoi hop\n",  # the sentence runs on
        "1.1. Phoi hop.\n\n12 Trung tam y te bao cao\n\n1.2. Hoan thanh\n",  # 1.2 comes later
        "12 Trung tam y te bao cao\n",
    ],
)
def test_numbers_that_are_no_labels(text: str) -> None:
    assert not set(labels(text)) & {"1.1.", "1.2."}
