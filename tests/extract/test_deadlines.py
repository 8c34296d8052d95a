from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.deadline_values import find_recurring_deliverables, read_deadline_value
from pipeline.extract.deadlines import find_deadlines
from pipeline.values import Line, Text, Word
from schemas import Deadline

YEAR = 2025


def forms(deadlines: list[Deadline]) -> list[tuple[str, str | None]]:
    """Kind and normal form: the due day, "start..due", the rule or the condition."""
    return [
        (d.kind, f"{d.start}..{d.due}" if d.kind == "period" else d.due or d.rrule or d.condition) for d in deadlines
    ]


def found(text: str) -> list[tuple[str, str | None]]:
    return forms(find_deadlines(Text(text), YEAR))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoàn thành trước ngày 30/9/2025", ("date", "2025-09-30")),
        ("hoàn thành trước ngày 05 tháng 12 năm 2025", ("date", "2025-12-05")),
        ("hoàn thành trước 30.9.2025", ("date", "2025-09-30")),
        ("chậm nhất là ngày 15/11", ("date", "2025-11-15")),
        ("hạn chót 13/10/2025, theo mẫu", ("date", "2025-10-13")),
        ("Ngày 16/11/2025: Họp đoàn kiểm tra", ("date", "2025-11-16")),
        ("Hoàn thành trong tháng 3/2026.", ("month", "2026-03-31")),
        ("thực hiện trong tháng 6", ("month", "2025-06-30")),
        ("xong trong quý II/2026", ("quarter", "2026-06-30")),
        ("Đến năm 2030 có 70% cán bộ", ("year", "2030-12-31")),
        ("Triển khai Đề án tại một đơn vị, nhân rộng toàn tỉnh trong năm 2026", ("year", "2026-12-31")),
        ("hoàn thiện, trình ban hành tháng 5/2026.", ("month", "2026-05-31")),
        ("100% lãnh đạo được tập huấn vào năm 2027.", ("year", "2027-12-31")),
        ("Từ nay đến năm 2030 tất cả các huyện", ("year", "2030-12-31")),
        ("Từ ngày 20/11/2025 đến ngày 15/12/2025: Kiểm tra", ("period", "2025-11-20..2025-12-15")),
        ("dự kiến từ ngày 30/10 đến 03/11/2025", ("period", "2025-10-30..2025-11-03")),
        ("tổ chức ngày 20 – 21/11/2025", ("period", "2025-11-20..2025-11-21")),
        ("từ tháng 11 đến tháng 3 năm 2026", ("period", "2025-11-01..2026-03-31")),
        ("từ tháng 11 đến tháng 02", ("period", "2025-11-01..2026-02-28")),
        ("từ tháng 3 đến hết tháng 6 năm 2025", ("period", "2025-03-01..2025-06-30")),
        ("báo cáo định kỳ hàng năm trước ngày 15/11", ("recurring", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=15")),
        ("gửi trước ngày 20 hằng tháng", ("recurring", "FREQ=MONTHLY;BYMONTHDAY=20")),
        ("gửi trước ngày 15 của tháng cuối quý", ("recurring", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15")),
        ("sinh hoạt chuyên môn (01 lần/tháng) tại đơn vị", ("recurring", "FREQ=MONTHLY")),
        ("kiểm tra 6 tháng/lần", ("recurring", "FREQ=MONTHLY;INTERVAL=6")),
        ("giao ban 02 lần/năm", ("recurring", "FREQ=MONTHLY;INTERVAL=6")),
        ("Hằng năm tổ chức hội thi", ("recurring", "FREQ=YEARLY")),
        ("báo cáo trước 17 giờ 00 ngày 15/6/2025", ("date", "2025-06-15")),
        ("gửi trước 17h00 ngày 10/9", ("date", "2025-09-10")),
        ("nộp trước ngày 25/6/26", ("date", "2026-06-25")),
        ("nộp trước ngày 15/11 năm 2025", ("date", "2025-11-15")),
        ("gửi quyết toán trước ngày 15/01 năm sau", ("date", "2026-01-15")),
        ("rà soát trong tuần đầu tháng 9", ("month", "2025-09-30")),
        ("Hoàn thành trong tuần 1 tháng 3", ("month", "2025-03-31")),
        ("ra mắt vào trung tuần tháng 5/2026", ("month", "2026-05-31")),
        ("khai giảng trong đợt 2 vào tháng 5/2026", ("month", "2026-05-31")),
        ("trong tháng 6, 10 đơn vị hoàn thành", ("month", "2025-06-30")),
        ("nghiệm thu trong nửa đầu năm 2026", ("period", "2026-01-01..2026-06-30")),
        ("Hoàn thành cắm mốc trong 9 tháng đầu năm", ("period", "2025-01-01..2025-09-30")),
        ("lắp đặt trạm đo mưa, hoàn thành trong năm", ("year", "2025-12-31")),
        ("thu gom rác từ năm 2026 trở đi", ("ongoing", None)),
        ("báo cáo trước 15 giờ thứ Năm hằng tuần", ("recurring", "FREQ=WEEKLY;BYDAY=TH")),
        ("Thứ Hai, thứ Năm hằng tuần giao ban", ("recurring", "FREQ=WEEKLY;BYDAY=MO,TH")),
        ("giao ban hằng tuần vào sáng thứ 2", ("recurring", "FREQ=WEEKLY;BYDAY=MO")),
        ("ra quân dọn bãi biển vào sáng Chủ nhật hằng tuần", ("recurring", "FREQ=WEEKLY;BYDAY=SU")),
        ("báo cáo mực nước hồ trước 16 giờ hằng ngày", ("recurring", "FREQ=DAILY")),
        ("họp tổ vào tuần đầu hằng tháng", ("recurring", "FREQ=MONTHLY")),
        ("báo cáo hằng tháng trước ngày 05 của tháng sau", ("recurring", "FREQ=MONTHLY;BYMONTHDAY=5")),
        ("hằng tháng tổng hợp, báo cáo trước ngày 25", ("recurring", "FREQ=MONTHLY;BYMONTHDAY=25")),
        ("gửi trước ngày 05 tháng đầu tiên của quý sau", ("recurring", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5")),
        ("kê khai hằng năm hoàn thành trước ngày 31/12", ("recurring", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31")),
        ("trực ban từ ngày 15/5 đến ngày 30/11 hằng năm", ("recurring", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30")),
        ("diễn tập vào quý IV hằng năm", ("recurring", "FREQ=YEARLY;BYMONTH=12")),
        ("viết bài về vườn chè cổ, mỗi tháng ít nhất 02 bài", ("recurring", "FREQ=MONTHLY")),
        ("khử khuẩn đồ chơi định kỳ hằng tuần và ngay khi có ca bệnh", ("recurring", "FREQ=WEEKLY")),
        ("Quý một lần đối thoại với hộ trồng sâm", ("recurring", "FREQ=MONTHLY;INTERVAL=3")),
        ("giao ban 02 lần/tháng", ("recurring", "FREQ=WEEKLY;INTERVAL=2")),
        ("soát xét định kỳ 02 năm/lần", ("recurring", "FREQ=YEARLY;INTERVAL=2")),
        ("tổng kết 05 năm thực hiện Đề án vào cuối năm 2025", ("year", "2025-12-31")),
        ("Tháng hành động vì dòng sông sạch từ ngày 01/6 đến 30/6", ("period", "2025-06-01..2025-06-30")),
        ("quan trắc nước giếng 01 tháng 02 lần", ("recurring", "FREQ=WEEKLY;INTERVAL=2")),
        ("báo cáo nhanh trong 24 giờ", ("conditional", "trong 24 giờ")),
        ("trả lời không quá 05 ngày kể từ ngày nhận đơn", ("conditional", "không quá 05 ngày kể từ ngày nhận đơn")),
        ("Thường xuyên phối hợp các đơn vị", ("ongoing", None)),
        ("Tư vấn lập hợp tác xã; thường xuyên nắm tình hình", ("ongoing", None)),
        ("Khi có tin lũ, ban trực phát loa báo động", ("conditional", "Khi có tin lũ")),
        ("Trước khi bão vào bờ 12 giờ, sơ tán dân", ("conditional", "Trước khi bão vào bờ 12 giờ")),
        ("Chậm nhất 24 giờ sau khi lũ rút, thôn báo thiệt hại", ("conditional", "Chậm nhất 24 giờ sau khi lũ rút")),
        (
            "thông báo kết quả chậm nhất 10 ngày sau mỗi đợt giám sát",
            ("conditional", "chậm nhất 10 ngày sau mỗi đợt giám sát"),
        ),
        (
            "khởi công đường tuần tra sau khi được HĐND tỉnh thông qua",
            ("conditional", "sau khi được HĐND tỉnh thông qua"),
        ),
        ("nạo vét kênh Ba Làng, hoàn thành trước mùa mưa bão", ("conditional", "trước mùa mưa bão")),
        (
            "gửi trong vòng 05 ngày làm việc kể từ ngày nhận được Kế hoạch",
            ("conditional", "trong vòng 05 ngày làm việc kể từ ngày nhận được Kế hoạch"),
        ),
    ],
)
def test_a_deadline_in_a_sentence(text: str, expected: tuple[str, str | None]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Triển khai Nghị quyết số 12-NQ/TU ngày 22/12/2024 của Tỉnh ủy",
        "theo Nghị định số 109/2016/NĐ-CP, ngày 01/7/2016, của Chính phủ",
        "theo Quyết định 234/2016/QĐ-TTg ngày 05 tháng 02 năm 2016",
        "ban hành ngày 05/6/2025",
        "xây dựng cơ chế giai đoạn 2026-2030",
        "thực hiện Chương trình chuyển đổi số đến năm 2030, định hướng đến năm 2045",
        "bố trí vốn phù hợp kế hoạch hoạt động của mình trong năm 2026",
        "tổng hợp kết quả tháng 5/2025.",
        "Xác định năm 2026 là năm chuyển trọng tâm",
        "lập danh sách sáng kiến năm 2025",
        "xây dựng kế hoạch hằng năm của đơn vị",
        "tiêu chí thi đua, khen thưởng hàng năm của các đơn vị",
        "phong trào học tập thường xuyên, liên tục",
        "bảo đảm cập nhật kịp thời, thường xuyên",
        "báo cáo định kỳ theo quy định",
        "hưởng ứng Ngày Thế giới 25/4",
        "kỷ niệm ngày 27/2",
        "đạt tỷ lệ 50/50, giảm 1/3 thời gian",
        "Triển khai Đề án 06 tại 04 đơn vị",
        "chăm sóc bà mẹ sau khi sinh",
        "sơ tán an toàn khi có lệnh",
        "diễn tập khôi phục dữ liệu khi có sự cố",
        "bảo đảm giá dịch vụ trong mùa cao điểm",
        "mỗi suất trị giá 500.000 đồng",
        "đổi mới sinh hoạt chi bộ hằng tháng",
        "hoàn thành trước ngày 31/4/2025",  # no such day
        "",
    ],
)
def test_other_times_are_no_deadlines(text: str) -> None:
    assert found(text) == []


def test_several_deadlines_in_one_clause() -> None:
    assert found("Định kỳ trước ngày 25/5 và 10/11 báo cáo kết quả") == [
        ("recurring", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=25"),
        ("recurring", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=10"),
    ]
    assert found("báo cáo sáu tháng (trước ngày 05 tháng 7), một năm (trước ngày 05 tháng 12)") == [
        ("recurring", "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=5"),
        ("recurring", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5"),
    ]
    assert found("báo cáo kết quả 6 tháng (trước ngày 10/6) và cả năm (trước ngày 05/12)") == [
        ("recurring", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=10"),
        ("recurring", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5"),
    ]
    assert found("gửi trước ngày 31/5 và 30/11 hằng năm") == [
        ("recurring", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31"),
        ("recurring", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=30"),
    ]
    assert found("Hằng quý, hằng năm đánh giá kết quả") == [
        ("recurring", "FREQ=MONTHLY;INTERVAL=3"),
        ("recurring", "FREQ=YEARLY"),
    ]


def test_lists_of_times() -> None:
    assert found("Kiểm tra vào tháng 12/2024 và tháng 5/2025") == [("month", "2024-12-31"), ("month", "2025-05-31")]
    assert [form for _, form in found("Họp vào các tháng 3, 6, 9 và 12")] == [
        "2025-03-31",
        "2025-06-30",
        "2025-09-30",
        "2025-12-31",
    ]
    assert [form for _, form in found("Quý II, quý III và quý IV năm 2026 tổ chức lớp")] == [
        "2026-06-30",
        "2026-09-30",
        "2026-12-31",
    ]
    assert found("họp vào ngày 10, 20 hằng tháng") == [
        ("recurring", "FREQ=MONTHLY;BYMONTHDAY=10"),
        ("recurring", "FREQ=MONTHLY;BYMONTHDAY=20"),
    ]
    assert found("hội thi các ngày 25, 26/6/2025") == [("date", "2025-06-25"), ("date", "2025-06-26")]


def test_a_goal_for_each_year() -> None:
    assert found("năm 2025 đạt 70%, năm 2026 đạt 80%, đến năm 2030 đạt 100%") == [
        ("year", "2025-12-31"),
        ("year", "2026-12-31"),
        ("year", "2030-12-31"),
    ]


def test_reports_that_come_back_by_their_name() -> None:
    quarterly = ("recurring", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15")
    yearly = ("recurring", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=15")
    assert found("Báo cáo quý trước ngày 15 tháng cuối quý; báo cáo năm trước ngày 15/12") == [quarterly, yearly]
    assert found("Báo cáo tháng gửi về Sở trước ngày 20, báo cáo quý trước ngày 15 của tháng cuối mỗi quý") == [
        ("recurring", "FREQ=MONTHLY;BYMONTHDAY=20"),
        quarterly,
    ]
    assert found("báo cáo năm 2025 trước ngày 15/12/2025") == [("date", "2025-12-15")]
    assert found("Định kỳ hằng quý, 6 tháng, năm báo cáo kết quả") == [
        ("recurring", "FREQ=MONTHLY;INTERVAL=3"),
        ("recurring", "FREQ=MONTHLY;INTERVAL=6"),
        ("recurring", "FREQ=YEARLY"),
    ]


def test_a_beginning_is_no_sure_deadline() -> None:
    line = Line(1, tuple(Word(w, w, None, 0.99) for w in ("áp", "dụng", "từ", "ngày", "01/7/2025")))
    (deadline,) = find_deadlines(Text.of_lines([line]), YEAR)
    assert deadline.source is not None
    assert deadline.source.confidence < 0.6


def test_what_is_due_may_be_a_report() -> None:
    report, item = (
        find_deadlines(Text(t), YEAR)[0]
        for t in ("gửi báo cáo về Sở trước ngày 09/4/2025", "lắp đặt xong trước ngày 09/4/2025")
    )
    assert (report.subject, item.subject) == ("report", "item")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Lập kế hoạch của trường, gửi về Phòng Văn hóa - Xã hội trước ngày 20/3/2025", "item"),
        ("Gửi số liệu về Phòng Văn hóa - Xã hội trước ngày 20/3/2025", "report"),
        ("Báo cáo gửi về Phòng Văn hóa - Xã hội trước ngày 20/3/2025", "report"),
    ],
)
def test_what_is_sent_in_is_a_report_only_where_it_reports(text: str, subject: str) -> None:
    (deadline,) = find_deadlines(Text(text), 2025)
    assert deadline.subject == subject


def test_a_year_that_is_not_printed_is_marked() -> None:
    with_year, without = (find_deadlines(Text(t), YEAR)[0] for t in ("trước ngày 30/9/2026", "trước ngày 30/9"))
    assert (with_year.inferred, without.inferred) == ([], ["due"])


def test_days_before_the_plan_are_memories() -> None:
    text = Text("số liệu đến ngày 31/12/2024; hoàn thành trước ngày 30/6/2025")
    assert forms(find_deadlines(text, YEAR, earliest=dt.date(2025, 3, 1))) == [("date", "2025-06-30")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Thường xuyên.", [("ongoing", None)]),
        ("Tháng 6", [("month", "2025-06-30")]),
        ("6/2026", [("month", "2026-06-30")]),
        ("Quý I, II", [("quarter", "2025-03-31"), ("quarter", "2025-06-30")]),
        ("Quý III - IV/2026", [("period", "2026-07-01..2026-12-31")]),
        ("2025-2027", [("period", "2025-01-01..2027-12-31")]),
        ("Năm 2026", [("year", "2026-12-31")]),
        ("Trong năm", [("year", "2025-12-31")]),
        ("Cả năm", [("year", "2025-12-31")]),
        ("Cả năm 2026", [("year", "2026-12-31")]),
        ("Tuần 2, 3 tháng 9/2026", [("month", "2026-09-30")]),
        ("Quý I-II/2026", [("period", "2026-01-01..2026-06-30")]),
        ("Quý 11/2026", [("quarter", "2026-06-30")]),
        ("Quý II và Quý IH/2026", [("quarter", "2026-06-30"), ("quarter", "2026-09-30")]),
        ("T9/2026", [("month", "2026-09-30")]),
        ("Q3/2026", [("quarter", "2026-09-30")]),
        ("Quý IV hằng năm", [("recurring", "FREQ=YEARLY;BYMONTH=12")]),
        ("Thứ Sáu hằng tuần", [("recurring", "FREQ=WEEKLY;BYDAY=FR")]),
        ("Hằng năm, hoàn thành trước ngày 31/12", [("recurring", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31")]),
        ("Trước 30/6 và 30/12", [("date", "2025-06-30"), ("date", "2025-12-30")]),
        ("6 tháng đầu năm 2026", [("period", "2026-01-01..2026-06-30")]),
        ("6 tháng/lần", [("recurring", "FREQ=MONTHLY;INTERVAL=6")]),
        (
            "Hằng tháng, quý, năm",
            [("recurring", r) for r in ("FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=YEARLY")],
        ),
        ("≤ 20 ngày làm việc", [("conditional", "≤ 20 ngày làm việc")]),
        ("18 tháng", [("conditional", "18 tháng")]),
        ("30/6/2026 (18 tháng)", [("date", "2026-06-30"), ("conditional", "18 tháng")]),
        ("Thường xuyên, hàng năm", [("ongoing", None), ("recurring", "FREQ=YEARLY")]),
        ("Thường xuyên, hăng năm", [("ongoing", None), ("recurring", "FREQ=YEARLY")]),
        (
            "Thường xuyên, sau khi có hướng dẫn của tỉnh.",
            [("ongoing", None), ("conditional", "sau khi có hướng dẫn của tỉnh")],
        ),
        (
            "Thường xuyên. Sau khi Luật Đất đai (sửa đổi) được thông qua",
            [("ongoing", None), ("conditional", "Sau khi Luật Đất đai (sửa đổi) được thông qua")],
        ),
        ("Sau khi có quyết định, trước 30/6/2026", [("date", "2026-06-30")]),
        ("Theo Kế hoạch số 12/KH-UBND ngày 03/3/2026", [("conditional", "Theo Kế hoạch số 12/KH-UBND ngày 03/3/2026")]),
        ("Thường ˆ Xuyên", [("ongoing", None)]),
        ("Quý II/⁄2026", [("quarter", "2026-06-30")]),
        ("", []),
        ("-", []),
    ],
)
def test_a_value_is_a_deadline_as_a_whole(value: str, expected: list[tuple[str, str | None]]) -> None:
    assert forms(read_deadline_value(Text(value), YEAR)) == expected


def test_products_that_come_back() -> None:
    (deadline,) = find_recurring_deliverables(Text("Báo cáo kết quả hằng tháng"))
    assert (deadline.rrule, deadline.subject) == ("FREQ=MONTHLY", "report")
    assert find_recurring_deliverables(Text("Kho dữ liệu số")) == []


def test_a_deadline_knows_its_place() -> None:
    words = tuple(Word(w, w, None, c) for w, c in (("xong", 0.9), ("trước", 1.0), ("ngày", 1.0), ("30/9/2025", 0.5)))
    (deadline,) = find_deadlines(Text.of_lines([Line(3, words)]), YEAR)
    assert deadline.source is not None
    assert deadline.source.page == 3
    assert deadline.source.confidence < 0.8  # the doubtful figure counts


@settings(deadline=None)  # the first example loads the tables
@given(st.dates(dt.date(2020, 1, 1), dt.date(2099, 12, 31)), st.integers(0, 3))
def test_every_day_comes_back_from_every_form(day: dt.date, form: int) -> None:
    printed = [
        f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02} tháng {day.month:02} năm {day.year}",
        f"{day.day:02}.{day.month:02}.{day.year}",
    ][form]
    assert found(f"hoàn thành trước ngày {printed}") == [("date", day.isoformat())]


@given(st.text(max_size=120))
def test_any_text_is_read_without_error(text: str) -> None:
    for deadline in [*find_deadlines(Text(text), YEAR), *read_deadline_value(Text(text), YEAR)]:
        assert deadline.text


FRAGMENTS = (
    *(
        "trước",
        "ngày",
        "từ",
        "đến",
        "hết",
        "hằng",
        "năm",
        "quý",
        "tháng",
        "định",
        "kỳ",
        "thường",
        "xuyên",
        "báo",
        "cáo",
    ),
    *(
        "kế",
        "hoạch",
        "sau",
        "khi",
        "lần",
        "lần/năm",
        "tuần",
        "đầu",
        "cuối",
        "làm",
        "việc",
        "và",
        "II",
        "IV",
        "2025",
        "2026",
    ),
    *(
        "0",
        "6",
        "13",
        "29",
        "31",
        "02",
        "30/9",
        "31/4/2026",
        "29/02/2025",
        "/",
        "-",
        ",",
        ";",
        ".",
        "(",
        ")",
        ":",
        "%",
        "≤",
    ),
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14))
def test_words_of_time_in_any_order_are_read_without_error(words: list[str]) -> None:
    text = Text(" ".join(words))
    for deadline in [*find_deadlines(text, YEAR), *read_deadline_value(text, YEAR), *find_recurring_deliverables(text)]:
        assert deadline.text
        assert deadline.start is None or deadline.due is None or deadline.start <= deadline.due


@pytest.mark.parametrize("repeated", ["trước ngày 15/12/2025 và ", "ngay khi có ", "khi được "])
def test_a_sentence_without_end_takes_time_by_its_length(repeated: str) -> None:
    begin = time.process_time()
    find_deadlines(Text.of_lines([Line(1, tuple(Word(w, w) for w in (repeated * 3000).split()))]), YEAR)
    assert time.process_time() - begin < 20  # two minutes when the ends of sentences were looked for word by word
