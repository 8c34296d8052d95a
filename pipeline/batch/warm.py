"""Imported once by the process that workers fork from: what every job needs is loaded here and shared by all."""

from __future__ import annotations

import contextlib

from pipeline.flow import interpret
from pipeline.intake.source import SourceFacts
from pipeline.values import Line, PageReading, Word

_PLAN = """\
ỦY BAN NHÂN DÂN
TỈNH TRƯỜNG SƠN ĐÔNG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/KH-UBND
Trường Sơn Đông, ngày 15 tháng 3 năm 2025
KẾ HOẠCH
Về việc triển khai công tác cải cách hành chính năm 2025
Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ về công tác văn thư;
I. MỤC TIÊU
1. Phấn đấu đến hết năm 2025, 95% hồ sơ được giải quyết đúng hạn.
II. NHIỆM VỤ
1. Tăng cường công tác tuyên truyên về chuyến đổi số.
- Đơn vị chủ trì: Sở Nội vụ.
- Đơn vị phối hợp: các sở, ban, ngành; Ủy ban nhân dân các xã, phường.
- Thời gian hoàn thành: trước ngày 30/9/2025.
III. TỔ CHỨC THỰC HIỆN
1. Giao Văn phòng Sở tổng hợp, báo cáo kết quả trước ngày 20 hằng tháng.
Nơi nhận:
- Như trên;
- Lưu: VT.
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Nguyễn Văn An
"""


def warm_up() -> None:
    """Interpret a short plan that has something of everything, two misread words included, so that the language model,
    the patterns of spaCy and the tables of restoration are in memory.

    Without it each worker would load them anew, a second or two and some 100 MB each.
    """
    lines = tuple(
        Line(1, tuple(Word(word, word) for word in line.split()), gap_before=0.0) for line in _PLAN.splitlines()
    )
    facts = SourceFacts("", "0" * 64, "text", 1, (1,))
    interpret(facts, [PageReading(1, 595.0, 842.0, (), method="text_layer", lines=lines)])


with contextlib.suppress(Exception):  # a defect shows in the document that meets it, not here
    warm_up()
