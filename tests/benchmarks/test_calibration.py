"""The measure of calibration on small answers by hand."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.calibration import judged


def task(number: int, text: str, confidence: float, **more: Any) -> dict[str, Any]:
    return {"id": f"t{number}", "section": "II", "text": text, "source": {"page": 1, "confidence": confidence}, **more}


TEXTS = [
    "Tiêm phòng cho đàn chó", "Mở lớp tập huấn", "Kiểm tra chợ", "In tờ rơi", "Phun thuốc", "Họp giao ban",
    "Báo cáo tỉnh", "Mua vắc xin", "Lập danh sách", "Tổng kết năm",
]  # fmt: skip
GOLD = {"tasks": [task(n, text, 1.0) for n, text in enumerate(TEXTS, 1)]}


def test_wrong_leaves_are_told_by_warning_or_low_confidence() -> None:
    found = [task(n, text, 0.9) for n, text in enumerate(TEXTS, 1)]
    found[2] = task(3, "nothing of the kind", 0.9)  # wrong, warned of
    found[4] = task(5, "another thing", 0.3)  # wrong, least confident
    found[6] = task(7, "a third thing", 0.9)  # wrong, not told
    warning = {"code": "statement_doubtful", "message": "compare", "item_id": "t3", "page": 1}
    leaves = judged(GOLD, {"tasks": found, "warnings": [warning]})
    assert [(leaf.warned, leaf.low) for leaf in leaves if not leaf.right] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_confidences_that_do_not_differ_tell_nothing() -> None:
    found = [task(n, text, 1.0) for n, text in enumerate(TEXTS, 1)]
    assert not any(leaf.low for leaf in judged(GOLD, {"tasks": found}))


def test_values_left_out_are_told_by_warnings_alone() -> None:
    gold = {"tasks": [task(1, TEXTS[0], 1.0, lead_units=[{"name": "Văn phòng Sở"}])]}
    found = {"tasks": [task(1, TEXTS[0], 0.1)], "warnings": []}
    (missing,) = [leaf for leaf in judged(gold, found) if leaf.value is None]
    assert not missing.told
