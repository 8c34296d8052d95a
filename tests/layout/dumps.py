"""Fictitious plans as text dumps, and as pages with a simple geometry."""

from __future__ import annotations

from pipeline.layout.blocks import assemble
from pipeline.layout.outline import build_outline
from pipeline.values import Box, DocumentLayout, Item, Line, Outline, PageLayout, Section, Word, Zone

PLAN = """\
UBND TỈNH TRƯỜNG SƠN ĐÔNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ DU LỊCH Độc lập - Tự do - Hạnh phúc
Số: 18/KH-SDL Trường Sơn Đông, ngày 04 tháng 02 năm 2026
KẾ HOẠCH

Phát triển du lịch cộng đồng gắn với bảo tồn văn hóa
trên địa bàn tỉnh năm 2026

Căn cứ Nghị quyết số 08-NQ/TW ngày 16/01/2017 của Bộ Chính trị về phát triển du
lịch trở thành ngành kinh tế mũi nhọn;

Thực hiện Kế hoạch số 15/KH-UBND ngày 10 tháng 01 năm 2026 của Ủy ban nhân dân
tỉnh Trường Sơn Đông về phát triển du lịch.

Sở Du lịch ban hành Kế hoạch với những nội dung sau:

I. MỤC ĐÍCH, YÊU CẦU

1. Mục đích
- Nâng cao nhận thức của người dân về du lịch cộng đồng, khai thác các giá trị
văn hóa bản địa một cách bền vững.

2. Yêu cầu
- Các hoạt động thiết thực, hiệu quả.

II. NHIỆM VỤ

1. Xây dựng sản phẩm du lịch mới gắn với làng nghề truyền thống của đồng bào các
dân tộc trong tỉnh

- Khảo sát 05 làng nghề, tập trung vào: (1) nghề dệt; (2) nghề gốm;
(3) nghề mây tre đan.

2. Đào tạo nguồn nhân lực

2

- Tổ chức 03 lớp tập huấn cho các hộ kinh
doanh lưu trú.

III. TỔ CHỨC THỰC HIỆN

1. Phòng Quản lý lữ hành

- Theo dõi, đôn đốc, tổng hợp kết quả.

2. Trung tâm Xúc tiến du lịch

Quảng bá sản phẩm trên các nền tảng số.

Trên đây là Kế hoạch phát triển du lịch cộng đồng năm 2026 của Sở Du lịch./.

Nơi nhận: GIÁM ĐỐC
- UBND tỉnh (để b/c);
- Các phòng, đơn vị thuộc Sở
(để thực hiện);
- Lưu: VT, QLLH. Trần Thị Mây
"""


def page_of_dump(text: str, number: int = 1) -> PageLayout:
    """A dump's lines as intake gives them: words, ``gap_before`` 1.0 behind a blank line."""
    lines = []
    gap = 1.0
    for printed in text.split("\n"):
        if not printed.strip():
            gap = 1.0
            continue
        words = tuple(Word(word, word) for word in printed.split())
        lines.append(Line(number, words, gap_before=gap))
        gap = 0.0
    return PageLayout(number, 595.0, 842.0, tuple(lines))


def layout_of(text: str) -> DocumentLayout:
    """A dump, form feeds between its pages, as a document."""
    return assemble([page_of_dump(page, number) for number, page in enumerate(text.split("\f"), 1)], [])


def outline_of(text: str) -> Outline:
    return build_outline(layout_of(text))


def printed_line(
    text: str,
    y: float,
    *,
    page: int = 1,
    indent: float = 0.0,
    zone: Zone = Zone.BODY,
    bold: bool = False,
    centred: bool = False,
    fills: bool = False,
    gap: float = 0.7,
    confidence: float = 0.95,
) -> Line:
    """A line on paper; ``y`` in points from the top, the text block's left edge at 90."""
    x0 = 90.0 + indent
    width = 453.0 - indent if fills else min(450.0 - indent, 6.0 * len(text))
    box = Box(x0, y, x0 + width, y + 13)
    words = tuple(Word(word, word, box, confidence, bold) for word in text.split())
    return Line(page, words, box, zone, indent, centred, bold, gap, fills)


def texts(section: Section) -> list[str]:
    """The texts of a section's items."""
    return [item.text.string for item in section.items]


def tree(sections: tuple[Section, ...]) -> list[tuple[str, str]]:
    """(path of labels, title) of every section, parents first."""

    def walk(section: Section, path: str) -> list[tuple[str, str]]:
        here = f"{path}/{section.label}" if path else section.label
        return [(here, section.title.string), *(pair for child in section.children for pair in walk(child, here))]

    return [pair for section in sections for pair in walk(section, "")]


def items(outline: Outline) -> list[Item]:
    return [item for section in outline.sections for part in section.walk() for item in part.items]
