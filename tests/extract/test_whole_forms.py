"""Header, signature, recipients and bearers of duties of fictitious plans of many forms, through the whole flow."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from pipeline.flow import interpret
from pipeline.intake.source import source_facts
from pipeline.reading import read_page
from pipeline.settings import Settings
from schemas import PlanDocument

FORMS = Path(__file__).parent.parent / "layout" / "forms"


@cache
def plan(name: str) -> PlanDocument:
    path, settings = FORMS / f"{name}.txt", Settings(cache_dir=None)
    facts = source_facts(path, settings)
    return interpret(facts, [read_page(path, number, settings) for number in facts.wanted_pages]).document


PLACE = "Trường Sơn Đông"


@pytest.mark.parametrize(
    ("name", "parent", "issuer", "number", "date", "kind"),
    [
        ("commune", None, "Ủy ban nhân dân xã Suối Đá", "57/KH-UBND", "2025-08-21", "Kế hoạch"),
        ("party", f"Đảng bộ tỉnh {PLACE}", "Đảng ủy phường Bình Hạ", "14-KH/ĐU", "2025-09-10", "Kế hoạch"),
        ("hospital", f"Sở Y tế {PLACE}", "Bệnh viện Phụ sản", "301/KH-BVPS", "2025-03-03", "Kế hoạch"),
        ("school", "UBND huyện Khe Lau", "Trường THCS Nguyễn Trãi", "/KH-THCSNT", "2024-09", "Kế hoạch"),
        (
            "joint",
            None,
            f"Sở Tư pháp - Hội Liên hiệp Phụ nữ tỉnh {PLACE}",
            "09/KHLT-STP-HLHPN",
            "2026-02-02",
            "Kế hoạch liên tịch",
        ),
        ("company", None, f"Công ty Cổ phần Cấp Nước {PLACE}", "88/KH-CN", "2026-04-12", "Kế hoạch"),
        ("decision", None, f"Ủy ban nhân dân tỉnh {PLACE}", "1204/QĐ-UBND", "2025-05-30", "Quyết định"),
        ("letter", f"UBND tỉnh {PLACE}", "Sở Giáo dục và Đào tạo", "1455/SGDĐT-CTTT", "2025-10-02", "Công văn"),
        ("union", f"Liên đoàn Lao động tỉnh {PLACE}", "Công đoàn ngành Y tế", "22/KH-CĐYT", "2025-02-20", "Kế hoạch"),
        ("flood", "UBND huyện Suối Trắng", "Ban Chỉ đạo PCTT&TKCN", "03/PA-BCĐ", "2024-05-15", "Phương án"),
        (
            "children",
            f"UBND tỉnh {PLACE}",
            "Sở Lao động - Thương binh và Xã hội",
            "671/KH-SLĐTBXH",
            "2024-05-09",
            "Kế hoạch",
        ),
        (
            "programme",
            f"Hội đồng nhân dân tỉnh {PLACE}",
            "Ban Văn hóa - Xã hội",
            "45/CTr-BVHXH",
            "2025-12-20",
            "Chương trình",
        ),
        ("military", f"Bộ Chỉ huy Quân sự tỉnh {PLACE}", "Phòng Chính trị", "512/KH-PCT", "2025-11-11", "Kế hoạch"),
        (
            "health_station",
            "Trung tâm Y tế khu vực Suối Trắng",
            "Trạm Y tế xã Khe Lau",
            "12/KH-TYT",
            "2026-02-03",
            "Kế hoạch",
        ),
    ],
)
def test_headers(name: str, parent: str | None, issuer: str, number: str, date: str, kind: str) -> None:
    header = plan(name).header
    assert (header.parent_authority, header.issuing_authority) == (parent, issuer)
    assert (header.document_number, header.issued_on, header.document_type) == (number, date, kind)


@pytest.mark.parametrize(
    ("name", "capacity", "position", "signer"),
    [
        ("commune", "TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH", "Ngô Thị Bình"),
        ("party", "T/M BAN THƯỜNG VỤ", "BÍ THƯ", "Phan Quốc Toàn"),
        ("hospital", None, "GIÁM ĐỐC", "Đỗ Thị Hạnh Dung"),
        ("letter", "TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG CHÍNH TRỊ, TƯ TƯỞNG", "Bế Văn Sáng"),
        ("programme", "TM. BAN VĂN HÓA - XÃ HỘI", "TRƯỞNG BAN", "Tạ Quốc Khánh"),
        ("military", "KT. CHỦ NHIỆM", "PHÓ CHỦ NHIỆM", "Lục Văn Hiến"),
        ("health_station", None, "TRƯỞNG TRẠM", "Sầm Thị Nga"),
        ("children", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Châu Thị Bích"),
    ],
)
def test_signers(name: str, capacity: str | None, position: str, signer: str) -> None:
    signature = plan(name).signature
    assert signature is not None
    assert (signature.capacity, signature.position, signature.name) == (capacity, position, signer)


@pytest.mark.parametrize(
    ("name", "recipients"),
    [
        (
            "party",
            ["Ban Thường vụ Tỉnh ủy", "Các đồng chí Đảng ủy viên", "Các chi bộ trực thuộc", "Lưu Văn phòng Đảng ủy"],
        ),
        ("military", ["Thủ trưởng Bộ CHQS tỉnh", "Các cơ quan, đơn vị", "Lưu: VT, TH. N08"]),
        ("health_station", ["TTYT", "UBND xã", "Lưu TYT"]),
        ("joint", ["UBND tỉnh", "TW Hội LHPN Việt Nam", "Lưu: VT, STP, HLHPN"]),
    ],
)
def test_recipients(name: str, recipients: list[str]) -> None:
    assert [recipient.name for recipient in plan(name).recipients] == recipients


@pytest.mark.parametrize(
    ("name", "units"),
    [
        (
            "party",
            ["Ban Xây dựng Đảng phường", "Đảng ủy UBND phường", "Ủy ban Kiểm tra Đảng ủy", "Văn phòng Đảng ủy"],
        ),
        ("school", ["Ban Giám hiệu", "Tổ Ngữ văn", "Tổng phụ trách Đội", "Giáo viên chủ nhiệm", "Nhân viên thư viện"]),
        ("company", ["Phòng Kỹ thuật", "Phòng Kế hoạch - Kinh doanh", "Các chi nhánh", "Công đoàn Công ty"]),
        (
            "letter",
            ["UBND các xã, phường", "Các trường trung học phổ thông", "Phòng Chính trị, tư tưởng", "Các đơn vị"],
        ),
        ("union", ["Công đoàn ngành Y tế", "Công đoàn cơ sở trực thuộc", "Sở Y tế"]),
        ("health_station", ["Trưởng trạm", "Nhân viên y tế thôn bản", "UBND xã"]),
    ],
)
def test_bearers_of_duties(name: str, units: list[str]) -> None:
    assert [responsibility.unit.name for responsibility in plan(name).responsibilities] == units
