from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.knowledge.attributes import attribute_of, known_labels


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("- Chủ trì thực hiện: Phòng Tổ chức - Hành chính.", "lead", "Phòng Tổ chức - Hành chính."),
        ("Cơ quan, đơn vị phối hợp: Các phòng chức năng", "coordinate", "Các phòng chức năng"),
        ("a) Đơn vị chủ trì: Thanh tra Sở", "lead", "Thanh tra Sở"),
        ("b) Đơn vị phối hợp : Văn phòng Sở", "coordinate", "Văn phòng Sở"),
        ("+ Thời gian hoàn thành: Quý II/2026.", "deadline", "Quý II/2026."),
        ("* Sản phẩm: Kế hoạch được ban hành", "deliverable", "Kế hoạch được ban hành"),
        ("Kết quả/ sản phẩm: Báo cáo", "deliverable", "Báo cáo"),
        ("- Đơn vị chủ trì/phối hợp: Phòng A; Phòng B", "lead_coordinate", "Phòng A; Phòng B"),
        ("- Kinh phí thực hiện: 50.000.000 đồng", "budget", "50.000.000 đồng"),
        # as OCR breaks them: marks lost or wrong, a letter wrong, the colon a semicolon
        ("- Chu tri thuc hiên: Phòng Nghiệp vụ", "lead", "Phòng Nghiệp vụ"),
        ("- Thời gỉan thực hiện: Thường xuyên", "deadline", "Thường xuyên"),
        ("- Thời gian thực hiện; Thường xuyên.", "deadline", "Thường xuyên."),
        ("- Cơ quan phoi hop: Các phòng", "coordinate", "Các phòng"),
    ],
)
def test_attribute_lines_are_known_by_their_label(line: str, kind: str, value: str) -> None:
    found = attribute_of(line)
    assert found is not None
    assert found.kind == kind
    assert line[found.value_start :].strip() == value


@pytest.mark.parametrize(
    "line",
    [
        "Chủ trì, phối hợp các phòng thuộc Sở đẩy mạnh công tác tuyên truyền: báo, đài, mạng xã hội",
        "Tổ chức hội nghị: 02 hội nghị",
        "Phối hợp tổ chức triển khai thành công các nền tảng số.",
        "Thời gian qua, công tác tuyên truyền còn hạn chế.",
        "Kết quả thực hiện được công bố trên Cổng thông tin.",
        "Kinh phí do ngân sách nhà nước bảo đảm: theo phân cấp",
        "1.1. Nâng cao nhận thức của cán bộ",
        "",
        "-",
    ],
)
def test_sentences_are_no_attribute_lines(line: str) -> None:
    assert attribute_of(line) is None


@given(st.text())
def test_any_text_is_answered_with_offsets_inside_it(line: str) -> None:
    found = attribute_of(line)
    assert found is None or 0 <= found.label_start < found.value_start <= len(line)


@given(st.sampled_from([(k, label) for k, labels in known_labels().items() for label in labels]), st.text(max_size=30))
def test_every_known_label_is_found_again(label: tuple[str, str], value: str) -> None:
    found = attribute_of(f"- {label[1]}: {value}")
    assert found is not None


def test_a_stray_stop_in_the_label_costs_nothing() -> None:
    found = attribute_of("Cơ. quan phối hợp: Các phòng")
    assert found is not None
    assert found.kind == "coordinate"
