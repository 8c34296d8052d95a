from __future__ import annotations

from pipeline.extract.letters import with_letter_roles
from schemas import Header
from tests.extract.builders import PLAN, bullet, outline, section, statement

TREE = outline(
    section("1", "Trung tâm Y tế các huyện", "other"),
    statement("2", "Giao Thanh tra Sở chủ trì kiểm tra.", "other", level=1),
    statement("3", "Thời gian thực hiện từ ngày ký.", "other", level=1),
)


def test_instructions_of_a_letter_that_name_who_acts_are_implementation() -> None:
    found = with_letter_roles(TREE, Header(document_type="Công văn"), PLAN)
    assert [s.role for s in found.sections] == ["implementation", "implementation", "other"]


def test_plans_keep_their_roles() -> None:
    assert with_letter_roles(TREE, Header(document_type="Kế hoạch"), PLAN) == TREE


def test_articles_of_a_decision_that_name_who_acts_are_implementation_but_its_last_formula_is_none() -> None:
    tree = outline(
        statement("Điều 1", "Ban hành kèm theo Quyết định này Kế hoạch phòng bệnh.", "other", level=1),
        statement("Điều 2", "Giao Thanh tra Sở chủ trì, báo cáo trước ngày 10/12.", "other", level=1),
        statement(
            "Điều 3",
            "Chánh Văn phòng Sở, Thủ trưởng các đơn vị chịu trách nhiệm thi hành Quyết định này./.",
            "other",
            level=1,
        ),
    )
    found = with_letter_roles(tree, Header(document_type="Quyết định"), PLAN)
    assert [s.role for s in found.sections] == ["other", "implementation", "other"]


def test_tasks_of_a_notice_are_duties_of_those_under_whose_names_they_stand() -> None:
    tree = outline(
        section(
            "II",
            "Nhiệm vụ trong thời gian tới",
            "tasks",
            section("1", "Văn phòng Sở", "tasks", bullet("Trình hồ sơ trước ngày 20/5."), level=2),
            statement("2", "Tuyên truyền trên Trang thông tin điện tử.", "tasks"),
        )
    )
    for kind, roles in (("Thông báo", ["implementation", "tasks"]), ("Kế hoạch", ["tasks", "tasks"])):
        (chapter,) = with_letter_roles(tree, Header(document_type=kind), PLAN).sections
        assert [s.role for s in chapter.children] == roles
