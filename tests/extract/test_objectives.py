from __future__ import annotations

from pipeline.extract.objectives import read_objectives
from tests.extract.builders import PLAN, bullet, outline, plain, section, statement


def test_leaves_of_the_aims_with_scope_horizon_and_path() -> None:
    found = read_objectives(
        outline(
            section(
                "II", "MỤC TIÊU", "objectives",
                section("2.1", "Mục tiêu chung", "objectives", bullet("Nâng cao chất lượng dịch vụ."), level=2),
                section(
                    "2.2", "Mục tiêu cụ thể", "objectives",
                    section("2.2.1", "Đến năm 2030", "objectives",
                            bullet("Tối thiểu 40% xã có trạm đọc sách."), level=3),
                    level=2,
                ),
                section("3", "Tầm nhìn đến năm 2045", "objectives", plain("Là tỉnh dẫn đầu vùng."), level=2),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert [(o.id, o.section, o.scope, o.horizon) for o in found] == [
        ("o1", "II.2.1", "general", None),
        ("o2", "II.2.2.1", "specific", 2030),
        ("o3", "II.3", "vision", 2045),
    ]
    assert [(t.value, t.unit, t.comparator) for t in found[1].targets] == [(40, "%", ">=")]
    assert found[1].inferred == ["horizon"]
    assert found[1].deadlines == []  # the heading's year is a horizon, no deadline


def test_lines_that_introduce_are_the_context_of_what_stands_under_them() -> None:
    found = read_objectives(
        outline(
            section(
                "I", "MỤC TIÊU", "objectives",
                bullet("Về hạ tầng số:"), bullet("100% xã có cáp quang.", 1), bullet("Phủ sóng toàn tỉnh.", 1),
                bullet("Về kỹ năng số:"), bullet("80% người dân có tài khoản.", 1),
            )
        ),
        PLAN,
    )  # fmt: skip
    assert [(o.text, o.context) for o in found] == [
        ("100% xã có cáp quang.", "Về hạ tầng số:"),
        ("Phủ sóng toàn tỉnh.", "Về hạ tầng số:"),
        ("80% người dân có tài khoản.", "Về kỹ năng số:"),
    ]


def test_the_items_own_year_is_horizon_and_deadline() -> None:
    (objective,) = read_objectives(
        outline(section("I", "MỤC TIÊU", "objectives", plain("Mục tiêu 1: Đến năm 2030 có 70% cán bộ được đào tạo."))),
        PLAN,
    )
    assert (objective.horizon, [d.due for d in objective.deadlines], objective.inferred) == (2030, ["2030-12-31"], [])


def test_numbered_statements_are_objectives_and_scraps_are_not() -> None:
    found = read_objectives(
        outline(
            section("I", "MỤC TIÊU", "objectives", statement("1.1", "Hoàn thiện mô hình.", "objectives"), plain("e"))
        ),
        PLAN,
    )
    assert [o.text for o in found] == ["Hoàn thiện mô hình."]
