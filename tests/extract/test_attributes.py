from __future__ import annotations

import pytest

from pipeline.extract.attributes import attributes_in
from pipeline.values import Text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Chủ trì: Văn phòng Sở.", [("lead", "Văn phòng Sở.")]),
        (
            "Chủ trì: Văn phòng Sở; Phối hợp: Thanh tra Sở; Thời gian: Quý II",
            [("lead", "Văn phòng Sở"), ("coordinate", "Thanh tra Sở"), ("deadline", "Quý II")],
        ),
        ("Giao Phòng Nghiệp vụ chủ trì, phối hợp với Thanh tra Sở thực hiện.",
         [("lead", "Phòng Nghiệp vụ"), ("coordinate", "Thanh tra Sở")]),
        ("Giao Tỉnh đoàn chủ trì, phối hợp với Hội Nông dân tỉnh thực hiện thường xuyên.",
         [("lead", "Tỉnh đoàn"), ("coordinate", "Hội Nông dân tỉnh"), ("deadline", "thường xuyên")]),
        ("Giao Sở Nội vụ chủ trì, phối hợp với Sở Tư pháp, Sở Y tế thực hiện, hoàn thành trong Quý II/2026.",
         [("lead", "Sở Nội vụ"), ("coordinate", "Sở Tư pháp, Sở Y tế"), ("deadline", "hoàn thành trong Quý II/2026")]),
        ("Phân công Văn phòng chủ trì, phối hợp với Thanh tra Sở, trước ngày 15/6.",
         [("lead", "Văn phòng"), ("coordinate", "Thanh tra Sở"), ("deadline", "trước ngày 15/6")]),
        ("Thời gian thực hiện: Thường xuyên. Sau khi có lệnh", [("deadline", "Thường xuyên. Sau khi có lệnh")]),
        ("Đơn vị thực hiện: Thanh tra Sở chủ trì, phối hợp Văn phòng Sở",
         [("lead", "Thanh tra Sở"), ("coordinate", "Văn phòng Sở")]),
        ("Chủ trì:", []),
        ("Tổ chức hội nghị: 02 hội nghị", []),
    ],
)  # fmt: skip
def test_attributes_of_a_line(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(a.kind, a.value.string) for a in attributes_in(Text(line))] == expected


@pytest.mark.parametrize(
    "line",
    [
        "Giao Sở Xây dựng chủ trì, phối hợp với Sở Công Thương rà soát cơ sở vật chất trước ngày 31/10/2026.",
        "Giao Phòng Kinh tế chủ trì, phối hợp với các phòng, đơn vị liên quan lập danh mục dự án.",
    ],
)
def test_assignments_that_say_what_is_to_be_done_are_tasks_of_their_own(line: str) -> None:
    assert attributes_in(Text(line)) == []


def test_long_assignments_are_tasks_of_their_own() -> None:
    work = "xây dựng, trình ban hành và tổ chức triển khai quy chế phối hợp giữa các cơ quan trong tỉnh " * 3
    assert attributes_in(Text(f"Giao Văn phòng Sở chủ trì {work}")) == []
