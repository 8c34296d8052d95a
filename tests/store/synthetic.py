"""Made-up plans of provinces that do not exist, as many and as large as a test needs; the same seed, the same plan."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from schemas import PlanDocument

VERBS = [
    "Tổ chức tuyên truyền",
    "Xây dựng kế hoạch",
    "Rà soát, sửa đổi quy định về",
    "Kiểm tra, giám sát",
    "Đào tạo, bồi dưỡng",
    "Triển khai",
    "Nâng cấp hạ tầng",
    "Hoàn thiện cơ sở dữ liệu",
    "Kết nối, chia sẻ dữ liệu",
    "Phối hợp thực hiện",
    "Đôn đốc, hướng dẫn",
    "Sơ kết, tổng kết",
    "Lập danh mục",
    "Thẩm định hồ sơ",
    "Ban hành văn bản chỉ đạo",
    "Bảo đảm an toàn",
    "Đánh giá kết quả",
    "Mở rộng",
    "Vận hành, duy trì",
    "Số hóa hồ sơ",
]
SUBJECTS = [
    "chuyển đổi số",
    "bệnh án điện tử",
    "dịch vụ công trực tuyến",
    "hồ sơ sức khỏe điện tử",
    "phòng cháy, chữa cháy",
    "an toàn thực phẩm",
    "trường học an toàn",
    "cải cách thủ tục hành chính",
    "an toàn thông tin mạng",
    "nông thôn mới",
    "du lịch cộng đồng",
    "phòng chống thiên tai",
    "bảo hiểm y tế",
    "giáo dục mầm non",
    "văn hóa đọc",
    "quản lý đất đai",
    "thu gom chất thải rắn",
    "khám, chữa bệnh từ xa",
    "kinh tế tập thể",
    "chăm sóc người cao tuổi",
    "giao thông nông thôn",
    "quản lý rừng",
    "cấp nước sạch",
    "phòng chống dịch bệnh",
    "việc làm cho thanh niên",
    "chữ ký số",
    "thư viện lưu động",
    "tiết kiệm điện",
    "bình đẳng giới",
    "phổ biến giáo dục pháp luật",
]
SCOPES = [
    "trên địa bàn tỉnh",
    "tại các cơ sở khám bệnh, chữa bệnh",
    "trong các trường phổ thông",
    "cho cán bộ, công chức, viên chức",
    "tại các xã vùng cao",
    "đối với hộ nghèo và cận nghèo",
    "trong toàn ngành",
    "tại bộ phận một cửa",
    "theo hướng hiện đại, hiệu quả",
    "gắn với trách nhiệm của người đứng đầu",
    "bảo đảm đúng tiến độ, chất lượng",
    "phục vụ người dân và doanh nghiệp",
]
UNITS = [
    "Sở Y tế",
    "Sở Giáo dục và Đào tạo",
    "Sở Khoa học và Công nghệ",
    "Sở Tài chính",
    "Sở Nội vụ",
    "Sở Tư pháp",
    "Sở Xây dựng",
    "Sở Công Thương",
    "Văn phòng UBND tỉnh",
    "Công an tỉnh",
    "Phòng Kế hoạch - Tài chính",
    "Phòng Tổ chức - Hành chính",
    "Phòng Nghiệp vụ Y",
    "Trung tâm Y tế",
    "Bệnh viện Đa khoa tỉnh",
    "Trung tâm Kiểm soát bệnh tật",
    "UBND các xã, phường",
    "Các đơn vị trực thuộc",
    "Đoàn Thanh niên",
    "Hội Phụ nữ",
]
PLACES = ["Trường Sơn Đông", "Hải Vân Tây", "Cửu Long Thượng", "Bình Minh Nam", "Tân Lập Bắc"]
CITED = (
    ("Nghị quyết", "57-NQ/TW"),
    ("Quyết định", "749/QĐ-TTg"),
    ("Chỉ thị", "04/CT-TTg"),
    ("Kế hoạch", "118/KH-UBND"),
)


def plan(seed: int, tasks: int = 40, *, file: str | None = None) -> PlanDocument:
    """A whole plan: sections, objectives with targets, tasks in sections and in a table, duties, registers."""
    return PlanDocument.model_validate_json(_dump(plan_fields(seed, tasks, file=file)))


def plan_fields(seed: int, tasks: int = 40, *, file: str | None = None) -> dict[str, Any]:
    """The same as plain fields, for tests that change some."""
    chance = random.Random(seed)
    year = chance.choice((2024, 2025, 2026))
    issued = dt.date(year, chance.randint(1, 4), chance.randint(1, 28))
    made = _Maker(chance, year)
    in_table = tasks // 2
    sections = [
        made.section("I", "MỤC TIÊU", "objectives"),
        made.section("II", "NHIỆM VỤ", "tasks", below=True),
        made.section("III", "KINH PHÍ", "funding", ["Từ nguồn ngân sách nhà nước được giao hằng năm."]),
        made.section("IV", "TỔ CHỨC THỰC HIỆN", "implementation"),
    ]
    objectives = [made.objective(n) for n in range(1, 7)]
    rows = [made.task(n, "table" if n > tasks - in_table else "section") for n in range(1, tasks + 1)]
    charges = [made.charge(n) for n in range(1, 6)]
    number = f"{seed % 400 + 1}/KH-UBND"
    return {
        "schema_version": "1.1",
        "source": {
            "file": file or f"ke-hoach-{seed:05}.pdf",
            "sha256": hashlib.sha256(f"scan {seed}".encode()).hexdigest(),
            "pages": 6,
            "page_text": ["ocr"] * 6,
            "engine": {"kehoach": "0.1.0", "tesseract": "5.3.0"},
            "page_info": [
                {"page": n, "width": 595.4, "height": 842.0, "triage": "image", "triage_score": None, "error": None}
                for n in range(1, 7)
            ],
        },
        "header": {
            "parent_authority": None,
            "issuing_authority": f"UBND tỉnh {chance.choice(PLACES)}",
            "document_number": number,
            "place": chance.choice(PLACES),
            "issued_on": issued.isoformat(),
            "document_type": "Kế hoạch",
            "title": f"{chance.choice(VERBS)} {chance.choice(SUBJECTS)} {chance.choice(SCOPES)} năm {year}",
            "plan_years": [year],
        },
        "legal_bases": [
            {"text": f"Căn cứ {kind} số {cited};", "citations": [{"type": kind, "number": cited}]}
            for kind, cited in chance.sample(CITED, 2)
        ],
        "sections": sections,
        "objectives": objectives,
        "tasks": rows,
        "responsibilities": charges,
        "units": made.units(),
        "deadlines": made.register,
        "funding": "Từ nguồn ngân sách nhà nước được giao hằng năm.",
        "tables": [made.table(rows[tasks - in_table :])] if in_table else [],
        "recipients": [{"name": name, "purpose": "thực hiện"} for name in chance.sample(UNITS, 5)],
        "signature": {"capacity": "TM. ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Lê Văn Thử", "digital": None},
        "quality": {"ocr_confidence": 0.9, "syllables": 2400, "syllables_restored": 30, "syllables_doubtful": 4},
        "warnings": [{"code": "deadline_doubtful", "message": "read with confidence 0.42", "page": 2, "item_id": "t1"}],
    }  # fmt: skip


class _Maker:
    """Makes items and keeps the registers that name them."""

    def __init__(self, chance: random.Random, year: int) -> None:
        self.chance = chance
        self.year = year
        self.register: list[dict[str, Any]] = []
        self._named: dict[str, dict[str, Any]] = defaultdict(lambda: {"roles": set(), "item_ids": []})
        self._sections = 0
        self._duties = 0

    def place(self) -> dict[str, Any]:
        y = round(self.chance.uniform(60, 700), 1)
        return {"page": self.chance.randint(1, 6), "bbox": [85.4, y, 543.0, y + 28], "confidence": 0.93}

    def section(
        self, label: str, title: str, role: str, paragraphs: Sequence[str] = (), *, level: int = 1, below: bool = False
    ) -> dict[str, Any]:
        self._sections += 1
        own = {"id": f"s{self._sections}", "label": label, "title": title, "level": level, "role": role}
        children = [self.section(str(n), self.statement(), role, level=2) for n in range(1, 8)] if below else []
        return own | {"paragraphs": list(paragraphs), "children": children, "source": self.place()}

    def statement(self) -> str:
        chance = self.chance
        first = f"{chance.choice(VERBS)} {chance.choice(SUBJECTS)} {chance.choice(SCOPES)}"
        return f"{first}; {chance.choice(VERBS).lower()} {chance.choice(SUBJECTS)} {chance.choice(SCOPES)}"

    def objective(self, number: int) -> dict[str, Any]:
        share = self.chance.randint(50, 100)
        targets = [{"value": share, "unit": "%", "comparator": ">="}]
        item = {"id": f"o{number}", "text": f"{self.statement()} đạt tối thiểu {share}%.", "section": "I"}
        return item | {"targets": targets, "deadlines": [], "source": self.place()}

    def task(self, number: int, origin: str) -> dict[str, Any]:
        chance, name = self.chance, f"t{number}"
        leads = self._refer(1, "lead", name) if chance.random() < 0.9 else []
        others = self._refer(chance.randint(0, 3), "coordinate", name)
        cited = chance.choice(CITED)
        return {
            "id": name,
            "number": str(number),
            "text": self.statement() + ".",
            "section": "tb1" if origin == "table" else "II",
            "lead_units": leads,
            "coordinating_units": others,
            "deliverable": chance.choice(("Kế hoạch", "Báo cáo", "Văn bản chỉ đạo", None)),
            "deadlines": [self._due(name, "task")] if chance.random() < 0.85 else [],
            "budget_vnd": chance.choice((None, 50_000_000)),
            "citations": [{"type": cited[0], "number": cited[1]}] if chance.random() < 0.05 else [],
            "origin": origin,
            "source": self.place(),
        }

    def charge(self, number: int) -> dict[str, Any]:
        name = f"r{number}"
        (unit,) = self._refer(1, "implement", name)
        duties = []
        for _ in range(3):
            self._duties += 1
            duty = f"d{self._duties}"
            due = [self._due(duty, "duty")] if self.chance.random() < 0.3 else []
            duties.append({"id": duty, "text": self.statement() + ".", "deadlines": due, "source": self.place()})
        return {"id": name, "unit": unit, "label": str(number), "duties": duties, "source": self.place()}

    def units(self) -> list[dict[str, Any]]:
        return [
            {"id": f"u{n}", "name": name, "roles": sorted(seen["roles"]), "item_ids": seen["item_ids"]}
            for n, (name, seen) in enumerate(self._named.items(), 1)
        ]

    def table(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        cells = [
            [row["number"], row["text"], "; ".join(u["text"] for u in row["lead_units"]), row["deliverable"] or ""]
            for row in rows
        ]
        columns = ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Sản phẩm"]
        own = {"id": "tb1", "title": "DANH MỤC NHIỆM VỤ", "columns": columns, "rows": cells, "pages": [5, 6]}
        return own | {"role": "tasks", "source": self.place()}

    def _refer(self, count: int, role: str, owner: str) -> list[dict[str, Any]]:
        names = self.chance.sample(UNITS, count)
        for name in names:
            self._named[name]["roles"].add(role)
            self._named[name]["item_ids"].append(owner)
        return [{"name": name, "parent": None, "text": name} for name in names]

    def _due(self, owner: str, kind: str) -> dict[str, Any]:
        day = dt.date(self.year, self.chance.randint(1, 12), self.chance.randint(1, 28))
        quarter = {"kind": "recurring", "text": "Hằng quý", "rrule": "FREQ=MONTHLY;INTERVAL=3"}
        yearly = {
            "kind": "recurring",
            "text": "hằng năm trước ngày 15/11",
            "rrule": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15",
        }
        exact = {"kind": "date", "text": f"trước ngày {day:%d/%m/%Y}", "due": day.isoformat()}
        form = self.chance.choice((exact, exact, exact, quarter, yearly, {"kind": "ongoing", "text": "Thường xuyên"}))
        deadline = form | {"source": self.place()}
        self.register.append(deadline | {"id": f"dl{len(self.register) + 1}", "item_id": owner, "item_kind": kind})
        return deadline


def _dump(fields: dict[str, Any]) -> bytes:
    import json

    return json.dumps(fields, ensure_ascii=False).encode()
