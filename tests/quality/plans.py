# ruff: noqa: E501 - values of a JSON document, a part of it a line
"""Fictitious plans as JSON, with the PDF they were read from; no OCR is needed to make them."""

from __future__ import annotations

import copy
import hashlib
import io
import json
from pathlib import Path
from typing import Any

from reportlab.pdfgen import canvas

from pipeline.quality.review.registers import with_registers
from schemas import PlanDocument, check_document

Json = dict[str, Any]
SIZE = (595.0, 842.0)
LINES = 20


def place(page: int, line: int, confidence: float = 0.97) -> Json:
    """Line ``line`` (from 0) of a page."""
    top = 60.0 + 36 * line
    return {"page": page, "bbox": [60.0, top, 530.0, top + 26], "confidence": confidence}


def deadline(text: str, due: str, source: Json) -> Json:
    return {"source": source, "sources": [], "inferred": [], "text": text, "kind": "date", "subject": "item",
            "start": None, "due": due, "rrule": None, "condition": None}  # fmt: skip


def task(number: int, text: str, source: Json, **more: Any) -> Json:
    return {"source": source, "sources": [], "inferred": [], "id": f"t{number}", "number": str(number), "text": text,
            "section": "II", "group": "Nhiệm vụ", "context": None, "lead_units": [], "coordinating_units": [],
            "deliverable": None, "deadlines": [], "budget_vnd": None, "notes": None, "citations": [],
            "origin": "section", **more}  # fmt: skip


def unit(name: str, source: Json | None = None) -> Json:
    return {"name": name, "parent": None, "text": name, "source": source}


def pdf(pages: int, lines: dict[int, list[str]] | None = None) -> bytes:
    """A PDF with a text line for each line given, page by page."""
    buffer = io.BytesIO()
    drawn = canvas.Canvas(buffer, pagesize=SIZE, invariant=True)
    for number in range(1, pages + 1):
        drawn.drawString(270, 820, f"- {number} -")
        for n, text in enumerate((lines or {}).get(number, [])):
            drawn.drawString(62, SIZE[1] - 60 - 36 * n - 16, text)
        drawn.showPage()
    drawn.save()
    return buffer.getvalue()


def plan(data: bytes, *, tasks: int = 3, pages: int = 2, file: str = "ke-hoach.pdf") -> Json:
    """A plan with one objective, ``tasks`` tasks over ``pages`` pages, one duty; the second task's deadline is doubtful."""
    at = [place(1 + n * pages // max(1, tasks), n % LINES) for n in range(tasks)]
    items = [
        task(
            n + 1,
            f"Tổ chức lớp tập huấn kỹ năng số thứ {n + 1} cho cán bộ các xã, phường",
            at[n],
            lead_units=[unit("Văn phòng Sở" if n % 2 else "Phòng Tổ chức - Hành chính")],
            coordinating_units=[unit("Trung tâm Y tế")] if n % 3 == 0 else [],
            deadlines=[
                deadline(f"trước ngày {1 + n % 28}/9/2026", f"2026-09-{1 + n % 28:02d}", {**at[n], "confidence": 0.95})
            ],
        )
        for n in range(tasks)
    ]
    if tasks > 1:
        items[1]["deadlines"][0]["source"]["confidence"] = 0.4
    warnings = [
        {"code": "deadline_doubtful", "message": f"deadline '{items[1]['deadlines'][0]['text']}' was read with confidence 0.40",
         "page": at[1]["page"], "item_id": "t2"},
        {"code": "number_handwritten", "message": "the number '12/KH-SYT' may be handwritten", "page": 1, "item_id": None},
    ] if tasks > 1 else []  # fmt: skip
    section = {"source": place(1, 0), "sources": [], "inferred": [], "id": "s1", "label": "I", "title": "MỤC TIÊU", "level": 1,
               "role": "objectives", "paragraphs": ["Đoạn một. Đoạn hai."], "children": []}  # fmt: skip
    document = {
        "schema_version": "1.1",
        "source": {
            "file": file, "sha256": hashlib.sha256(data).hexdigest(), "pages": pages, "page_text": ["ocr"] * pages,
            "engine": {}, "language": "vi",
            "page_info": [{"page": n + 1, "width": SIZE[0], "height": SIZE[1], "triage": "image", "triage_score": None,
                           "error": None} for n in range(pages)],
        },
        "header": {
            "parent_authority": "UBND tỉnh Trường Sơn Đông", "issuing_authority": "Sở Y tế", "document_number": "12/KH-SYT",
            "place": "Trường Sơn Đông", "issued_on": "2026-01-15", "document_type": "Kế hoạch",
            "title": "Chuyển đổi số ngành y tế năm 2026", "plan_years": [2026],
            "sources": {"document_number": place(1, 1, 0.6), "title": place(1, 2)}, "inferred": [],
        },
        "legal_bases": [{"text": "Căn cứ Nghị quyết số 57-NQ/TW;", "citations": [{"type": "Nghị quyết", "number": "57-NQ/TW",
                         "issued_on": None, "issuer": None}], "source": place(1, 3), "sources": []}],
        "sections": [section, {**copy.deepcopy(section), "id": "s2", "label": "II", "title": "NHIỆM VỤ", "role": "tasks"}],
        "objectives": [{"source": place(1, 4), "sources": [], "inferred": [], "id": "o1", "text": "Phấn đấu 70% đơn vị hoàn thành",
                        "section": "I", "context": None, "scope": None, "horizon": 2026,
                        "targets": [{"value": 70, "unit": "%", "comparator": "="}], "deadlines": []}],
        "tasks": items,
        "responsibilities": [{"source": place(pages, 5), "sources": [], "inferred": [], "id": "r1", "unit": unit("Văn phòng Sở"),
                              "label": "1", "duties": [{"source": place(pages, 6), "sources": [], "inferred": [], "id": "d1",
                              "text": "Theo dõi, đôn đốc việc thực hiện", "context": None, "deadlines": []}]}],
        "units": [], "deadlines": [], "funding": None,
        "tables": [{"source": place(pages, 8), "sources": [], "inferred": [], "id": "tb1", "title": "Danh mục", "columns": ["TT", "Việc"],
                    "rows": [["1", "Họp"], ["2", "Báo cáo"]], "pages": [pages], "role": "other"}],
        "recipients": [{"name": "Như trên", "purpose": None, "source": place(pages, 10)}],
        "signature": {"capacity": None, "position": "GIÁM ĐỐC", "name": "Trần Văn Mẫu", "digital": None, "source": place(pages, 12)},
        "co_signers": [], "quality": {"ocr_confidence": 0.93, "ocr_confidence_p5": 0.6, "syllables": 100,
                                      "syllables_restored": 3, "syllables_doubtful": 1, "pages_failed": 0},
        "warnings": warnings,
    }  # fmt: skip
    return with_registers(document)


def put(folder: Path, name: str, document: Json, data: bytes) -> None:
    """Write the result and, in ``scans`` below the folder, the file it was read from."""
    check_document(PlanDocument.model_validate_json(json.dumps(document)))
    (folder / "scans").mkdir(parents=True, exist_ok=True)
    (folder / "scans" / document["source"]["file"]).write_bytes(data)
    (folder / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
