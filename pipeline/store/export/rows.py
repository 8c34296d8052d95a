"""Assignments in the columns that offices print: the sheet, the CSV file and the Markdown table share them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.store.export.records import Assignment, PlanRecords

Cell = str | int | float | dt.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and the width of its column in characters."""

    heading: str
    width: int


def _columns(**widths: int) -> tuple[Column, ...]:
    return tuple(Column(name.replace("_", " "), width) for name, width in widths.items())


_PLAN = {"Văn bản": 22, "Tệp": 26}
ASSIGNMENTS = _columns(
    STT=6, Nhiệm_vụ=48, Chủ_trì=20, Phối_hợp=22, Sản_phẩm=18, Thời_hạn=18, Ngày_đến_hạn=12, Căn_cứ=20, Trang=7, **_PLAN,
    Số_mục=8, Nhóm_nhiệm_vụ=30, Loại=12, Kinh_phí=16, Độ_tin_cậy=10,
)  # fmt: skip
PRINTED = 9
"""Columns of assignments that offices print; the others are for filters."""
SHEETS: dict[str, tuple[Column, ...]] = {
    "Phân công": ASSIGNMENTS,
    "Mục tiêu": _columns(STT=6, Mục_tiêu=60, Chỉ_tiêu=24, Mốc_năm=10, Thời_hạn=24, Mục=10, Trang=8, **_PLAN),
    "Đơn vị": _columns(STT=6, Đơn_vị=44, Trực_thuộc=30, Chủ_trì=10, Phối_hợp=10, Trách_nhiệm=13, **_PLAN),
    "Thời hạn": _columns(STT=6, Ngày_đến_hạn=13, Thời_hạn=30, Định_kỳ=32, Nội_dung=60, Chủ_trì=28, Trang=8, **_PLAN),
    "Cần xem lại": _columns(STT=6, Trang=8, Cần_xem_lại=60, Nội_dung=50, Mã=24, **_PLAN),
}
"""The sheets of a workbook and their columns."""
KINDS = {"task": "nhiệm vụ", "duty": "trách nhiệm"}
PAGE = 8
"""Index of the page's column, which carries the link to the scan."""


def assignment_cells(number: int, each: Assignment, plan: PlanRecords) -> list[Cell]:
    """The cells of one assignment; ``number`` counts through the whole file."""
    return [
        number,
        each.text,
        "; ".join(each.leads),
        "; ".join(each.others),
        each.deliverable,
        each.when,
        each.first_due,
        "; ".join(each.citations),
        each.page,
        plan.document.header.document_number,
        plan.document.source.file,
        each.number,
        each.group,
        KINDS[each.kind],
        each.budget_vnd,
        None if each.confidence is None else round(each.confidence, 3),
    ]


def numbered(plans: Iterator[PlanRecords]) -> Iterator[tuple[int, Assignment, PlanRecords]]:
    """All assignments of all plans, counted."""
    number = 0
    for plan in plans:
        for each in plan.assignments:
            number += 1
            yield number, each, plan
