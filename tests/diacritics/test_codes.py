from __future__ import annotations

import pytest

from diacritics import restore_tokens

SENTENCE = "Thực hiện theo {} đối với các đơn vị trên địa bàn tỉnh năm 2026."


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Quyết định số 12/QĐ-BYTT", "12/QĐ-BYT"),
        ("Quyết định số 12/QĐĐ-UBND", "12/QĐ-UBND"),
        ("Nghị quyết số 12-NQ/TWW", "12-NQ/TW"),
        ("quy định của bệnh viện hạng IIT", "III"),
        ("hướng dẫn cho nhóm HI", "III"),
        ("quy định về công trình cấp Il", "II"),
    ],
)
def test_what_was_read_twice_or_broken_in_a_code_is_mended_and_in_doubt(printed: str, meant: str) -> None:
    text = SENTENCE.format(printed)
    tokens = restore_tokens(text, [0.9] * len(text.split()), "vietnamese")
    mended = [token for token in tokens if token.changed]
    assert [token.text for token in mended] == [meant]
    assert mended[0].confidence < 0.8


@pytest.mark.parametrize(
    "written", ["Quyết định số 12/QĐ-STTTT", "Quyết định số 12/QĐ-ABB", "nhóm IT", "hạng III", "cấp II", "loại 11"]
)
def test_codes_and_ranks_that_may_be_right_stay(written: str) -> None:
    text = SENTENCE.format(written)
    assert not [t for t in restore_tokens(text, [0.9] * len(text.split()), "vietnamese") if t.changed]
