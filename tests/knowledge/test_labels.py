from __future__ import annotations

import pytest

from pipeline.knowledge.folding import fold
from pipeline.knowledge.labels import KnownLabels, best_label, label_key

KNOWN = KnownLabels({"project": ("cong trinh",), "deadline": ("thoi gian hoan thanh", "thoi gian")})


def test_folding_takes_marks_and_case_away() -> None:
    assert fold("Đơn vị CHỦ TRÌ") == "don vi chu tri"
    assert label_key(" Kết quả/ sản phẩm: ") == "ket qua/ san pham"


@pytest.mark.parametrize(
    ("printed", "kind"),
    [("Thời gian hoàn thành", "deadline"), ("Thơi gỉan hoan thanb", "deadline"), ("Công trình", "project"),
     ("Chương trình", None), ("", None), ("Họ và tên", None)],
)  # fmt: skip
def test_labels_match_by_letters_within_an_error_or_two(printed: str, kind: str | None) -> None:
    match = best_label(printed, KNOWN)
    assert (match.kind if match else None) == kind
