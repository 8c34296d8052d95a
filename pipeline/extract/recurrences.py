"""Repetition: days that come back every year, quarter or month, and repetitions that govern an item's verb.

Reads sentences ("báo cáo định kỳ hằng năm trước ngày 15/11", "Hằng quý đánh giá …"). Normal form: RFC 5545, 3.3.10.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.repetitions import MONTHS_OF, Recurrence, listed_unit, monthly
from pipeline.extract.sentences import STOPS, Clause, Sentence
from pipeline.extract.times import Time

_PLACES = frozenset(
    {"trên", "cho", "tại", "với", "đến", "ở", "bằng", "về", "gửi", "theo", "vào", "trước", "để", "và", "nhằm"}
)
_FILLERS = frozenset({"(", ",", ":", "vào", "gửi", "hoàn", "thành", "xong", "chậm", "nhất", "định", "kỳ"})
_LIMITS = frozenset({"trước", "vào", "cuối", "đầu", "giữa", "hết", "sau"})
_LIST_WORDS = frozenset({",", "và", "trước", "ngày", "hoặc", "tháng"})
_NOUN_BEFORE = frozenset({"độ", "mẫu", "các", "những", "lịch", "biểu", "dung", "loại"})  # "các báo cáo quý, năm"
_WHOLE = frozenset({"cả", "một"})  # "6 tháng (trước ngày 15/6) và cả năm (trước ngày 20/12)"
_REPORTED = 5  # tokens between "báo cáo" and the word of repetition: what is reported
_ACTED = 6  # tokens between a verb and the word of repetition: what is done
_NEAR = 4  # tokens between a word of repetition and its date


def recurring_with_date(sentence: Sentence, time: Time) -> Clause | None:
    """A day without a year beside a word of repetition: "hằng năm trước ngày 15/11", "trước ngày 20 hằng tháng"."""
    printed = time.until or time
    if printed.year is not None or printed.kind not in ("date", "day", "month", "quarter"):
        return None
    first = sentence.lead_in(time.first)
    if time.until is not None:  # "từ ngày 15/5 đến ngày 30/11 hằng năm": due by its end, every year
        near = _neighbour(sentence, first, time.last)
        return _clause(first, time.last, near, _yearly(printed)) if near is not None and not near.bound else None
    near = (
        _neighbour(sentence, first, time.last)
        or _shared(sentence, time)
        or _of_report(sentence, time)
        or _of_report_behind(sentence, time)
    )
    if time.kind == "day":
        quarter_end = _quarter_month(sentence, time.last)
        if quarter_end is not None:
            rule = f"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY={time.day}"
            return _clause(first, quarter_end, near if near and near.last <= first else None, rule)
        month_end = _month_behind(sentence, time.last)
        near = near or _earlier(sentence, time)
        if near is not None and near.rrule.startswith("FREQ=MONTHLY"):
            return _clause(first, month_end or time.last, near, f"{near.rrule};BYMONTHDAY={time.day}")
        return _clause(first, month_end, None, f"FREQ=MONTHLY;BYMONTHDAY={time.day}") if month_end else None
    if near is not None and near.rrule.startswith(("FREQ=WEEKLY", "FREQ=DAILY")):
        return None  # "Chủ nhật hằng tuần trong tháng 6": the month does not come back with the week
    if near is not None:
        return _clause(first, time.last, near, _yearly(time))
    if time.kind == "date" and sentence.words(time.last, 2) == "năm trước":  # "dự toán trước ngày 15/12 năm trước"
        return Clause(first, time.last + 2, "recurring", rrule=_yearly(time))
    begin = sentence.sentence_start(time.first)
    periodic = [p for p in sentence.phrases.get("periodic", []) if begin <= p[0] < first]
    if time.kind == "date" and periodic:
        word, end = periodic[-1]
        return Clause(word if first - end <= _NEAR else first, time.last, "recurring", rrule=_yearly(time))
    return None


def _yearly(time: Time) -> str:
    return f"FREQ=YEARLY;BYMONTH={time.month}" + (f";BYMONTHDAY={time.day}" if time.day else "")


def _clause(first: int, last: int, near: Recurrence | None, rule: str) -> Clause:
    if near is not None and first - near.last <= _NEAR and near.first - last <= _NEAR:
        first, last = min(first, near.first), max(last, near.last)
    return Clause(first, last, "recurring", rrule=rule)


def _shared(sentence: Sentence, time: Time) -> Recurrence | None:
    """ "trước ngày 31/5 và 30/11 hằng năm": the word of repetition at either end of the list goes for all its days."""
    listed = [time]
    for other in sentence.times:
        between = [sentence.word(k) for k in range(listed[-1].last, other.first)]
        if other.first > listed[-1].first and other.kind == time.kind and other.year is None:
            if len(between) > 3 or not all(w in _LIST_WORDS for w in between):
                break
            listed.append(other)
    found = _neighbour(sentence, sentence.lead_in(listed[-1].first), listed[-1].last)
    if len(listed) > 1 and found is not None and found.first >= listed[-1].last:
        return found
    for other in reversed(sentence.times):
        between = [sentence.word(k) for k in range(other.last, listed[0].first)]
        if other.last <= listed[0].first and other.kind == time.kind and other.year is None:
            if len(between) > 3 or not all(w in _LIST_WORDS for w in between):
                break
            listed.insert(0, other)
    if listed[0] is time:
        return None
    found = _neighbour(sentence, sentence.lead_in(listed[0].first), listed[0].last)
    return found if found is not None and found.last <= listed[0].first else None


def _neighbour(sentence: Sentence, first: int, last: int) -> Recurrence | None:
    """A recurrence right before or right behind a date, brackets, commas and words of finishing aside."""
    for recurrence in sentence.recurrences:
        before = [sentence.word(k) for k in range(recurrence.last, first)]
        behind = [sentence.word(k) for k in range(last, recurrence.first)]
        if recurrence.last <= first and len(before) <= 3 and all(w in _FILLERS for w in before):
            return recurrence
        if (
            recurrence.first >= last
            and len(behind) <= 1
            and all(w in (",", "của", "(") for w in behind)
            and not recurrence.bound
        ):
            return recurrence
    return None


def _earlier(sentence: Sentence, time: Time) -> Recurrence | None:
    """ "hằng tháng tổng hợp, báo cáo trước ngày 25": a word of repetition earlier in the sentence."""
    begin = sentence.sentence_start(time.first)
    earlier = [r for r in sentence.recurrences if begin <= r.first and r.last <= time.first and not r.bound]
    return max(earlier, key=lambda r: r.first, default=None)


def _of_report(sentence: Sentence, time: Time) -> Recurrence | None:
    """ "báo cáo quý gửi trước ngày …", "báo cáo năm (trước ngày 15/12)": the unit of time behind "báo cáo"."""
    begin = max([sentence.sentence_start(time.first), *(t.last for t in sentence.times if t.last <= time.first)])
    first = sentence.lead_in(time.first)
    if not sentence.any("report", sentence.sentence_start(time.first), first):
        return None
    for k in range(first - 1, begin - 1, -1):
        unit, behind = sentence.word(k), sentence.word(k + 1)
        before = sentence.word(k - 2 if sentence.word(k - 1) in _WHOLE else k - 1)
        if (
            unit not in MONTHS_OF
            or behind.isdigit()
            or (behind in ("học", "đầu", "cuối", "sau", "trước") and k + 1 < first)
        ):
            continue
        in_brackets = behind == "(" or k + 1 == first
        if before == "cáo" or (before in (",", "và") and in_brackets):
            return Recurrence(k, k + 1, monthly(MONTHS_OF[unit]), bound=True)
        counted = next((r for r in sentence.recurrences if r.last == k + 1 and r.bound), None)
        if counted is not None and sentence.word(counted.first - 1) in ("cáo", "kết", ",", "và"):
            return counted
    return None


def _of_report_behind(sentence: Sentence, time: Time) -> Recurrence | None:
    """ "trước ngày 15/6 (báo cáo 6 tháng)", "trước ngày 15/12 đối với báo cáo năm": the report named behind its day."""
    i = time.last
    if sentence.word(i) == "(":
        i += 1
    if sentence.words(i, 2) == "đối với":
        i += 2
    if i == time.last or sentence.words(i, 2) != "báo cáo":
        return None
    i += 2
    unit = sentence.word(i)
    if unit in MONTHS_OF and not sentence.word(i + 1).isdigit():
        return Recurrence(i, i + 1, monthly(MONTHS_OF[unit]), bound=True)
    return next((r for r in sentence.recurrences if r.first == i and r.bound), None)


def _quarter_month(sentence: Sentence, i: int) -> int | None:
    """Behind a day: "(của) tháng cuối quý", "tháng đầu tiên của mỗi quý", "tháng đầu quý sau"; end of these words."""
    k = i + 1 if sentence.word(i) == "của" else i
    if sentence.word(k) != "tháng" or sentence.word(k + 1) not in ("cuối", "đầu", "thứ"):
        return None
    k += 2
    while sentence.word(k) in ("cùng", "tiên", "nhất", "hai", "ba", "của", "mỗi", "hằng", "từng"):
        k += 1
    return k + 1 + (sentence.word(k + 1) in ("sau", "đó")) if sentence.word(k) == "quý" else None


def _month_behind(sentence: Sentence, i: int) -> int | None:
    """Behind a day: "của tháng", "tháng sau", "của tháng kế tiếp", "tháng báo cáo"; the end of these words."""
    k = i + 1 if sentence.word(i) == "của" else i
    if sentence.word(k) != "tháng":
        return None
    if sentence.word(k + 1) in ("sau", "tới"):
        return k + 2
    if sentence.word(k + 1) in ("kế", "tiếp", "liền", "báo"):
        return k + 3
    return k + 1 if k > i and not sentence.word(k + 1).isdigit() else None


# --- repetitions without a date ---------------------------------------------------------------------------------------


def unbound(sentence: Sentence) -> Iterator[Clause]:
    """Recurrences without a date that govern the item's verb ("Hằng quý đánh giá …"), not a noun."""
    yield from _listed_reports(sentence)
    if not sentence.recurrences:
        return
    dated = [c for t in sentence.times if (c := recurring_with_date(sentence, t)) is not None]
    governs = False
    previous: Recurrence | None = None
    for recurrence in sorted(sentence.recurrences, key=lambda r: r.first):
        if recurrence.bound or is_taken(sentence, recurrence, dated) or _is_amount(sentence, recurrence):
            continue
        listed = (
            previous is not None
            and governs
            and all(sentence.word(k) in (",", "và", "/", "hoặc") for k in range(previous.last, recurrence.first))
        )
        governs = listed or recurrence.counted or _governs(sentence, recurrence)
        previous = recurrence
        if governs:
            first = _limit_before(sentence, recurrence.first)
            while [sentence.word(first - 2), sentence.word(first - 1)] in (["định", "kỳ"], ["thường", "xuyên"]):
                first -= 2
            yield Clause(first, recurrence.last, "recurring", rrule=recurrence.rrule, sure=recurrence.sure)


def _listed_reports(sentence: Sentence) -> Iterator[Clause]:
    """ "tổng hợp báo cáo quý, 6 tháng, năm gửi …": bare units of time behind the verb, no day beside them."""
    for _, end in sentence.phrases.get("report", []):
        if sentence.word(end - 1) != "cáo" or sentence.word(end - 3) in _NOUN_BEFORE:
            continue
        found: list[Recurrence] = []
        k = end
        while (unit := listed_unit(sentence, k)) is not None:
            found.append(unit)
            k = unit.last + 1 if sentence.word(unit.last) in (",", "và", "/") else len(sentence.doc)
        last = found[-1].last if found else end
        dated = any(end <= t.first < sentence.sentence_end(end) for t in sentence.times)
        follows = last >= len(sentence.doc) or sentence.word(last) in STOPS | {",", ")"} | _PLACES
        if len(found) > 1 and follows and not dated:
            yield from (Clause(r.first, r.last, "recurring", rrule=r.rrule) for r in found)


def is_taken(sentence: Sentence, recurrence: Recurrence, dated: list[Clause]) -> bool:
    """Whether a dated rule of the same sentence says when the repetition is due."""
    begin = sentence.sentence_start(recurrence.first)
    end = sentence.sentence_end(recurrence.first)
    for clause in dated:
        if clause.first < recurrence.last and recurrence.first < clause.last:
            return True
        if sentence.word(recurrence.last) == "(" and recurrence.counted and 0 < clause.first - recurrence.last <= 2:
            return True  # "định kỳ 06 tháng (trước ngày 20 tháng 6 hằng năm)"
        same = begin <= clause.first < end and (clause.rrule or "").startswith(f"{recurrence.rrule};BY")
        if same and recurrence.first < clause.first:
            return True
    return False


def _limit_before(sentence: Sentence, i: int) -> int:
    """First token of the words that set a limit in front of a repetition: "trước 16 giờ", "vào tuần đầu", "cuối"."""
    k = sentence.lead_in(i)
    while [sentence.word(k - 2), sentence.word(k - 1)] in (["tuần", "đầu"], ["tuần", "cuối"], ["ngày", "cuối"]):
        k = sentence.lead_in(k - 2)
    return k if any(sentence.word(j) in _LIMITS for j in range(k, i)) else i


def _governs(sentence: Sentence, recurrence: Recurrence) -> bool:
    first, last = recurrence.first, recurrence.last
    begin = sentence.sentence_start(first)
    while last < len(sentence.doc) and sentence.word(last) in (",", "và", "/", "hoặc"):
        following = next((r for r in sentence.recurrences if r.first == last + 1), None)
        if following is None:
            break
        last = following.last
    at_end = last >= len(sentence.doc) or sentence.word(last) in STOPS | {",", ")", "/"} or _or_when(sentence, last)
    verb_behind = sentence.starting_at("verb", last) is not None
    periodic = [sentence.word(first - 2), sentence.word(first - 1)] == ["định", "kỳ"]
    if sentence.opens(first) or _limit_before(sentence, first) < first or _since_when(sentence, first):
        return True
    if periodic and sentence.opens(first - 2):
        return True
    if sentence.word(first - 1) == "," and sentence.word(last) == "," and last == recurrence.last:
        return True  # "…, hằng năm, Sở Nội vụ xây dựng …"
    if sentence.word(first - 1) in (",", ":", "("):
        return verb_behind or _counts_behind(sentence, last) or (sentence.word(first - 1) == "(" and at_end)
    if periodic and not sentence.any("document", max(begin, first - 6), first - 2):
        return at_end or verb_behind or sentence.word(last) in _PLACES
    if verb_behind or _is_reported(sentence, begin, first, last):
        return True
    named = sentence.any("document", begin, first)
    if not named and any(end == first for _, end in sentence.phrases.get("verb", [])):
        return True  # "đăng tải hằng tuần tin, bài": right behind the verb, in front of its object
    near = max(sentence.clause_start(first), first - _ACTED)
    if not named and sentence.word(last) in _PLACES and sentence.any("verb", near, first):
        return True  # "giao ban chuyên môn hằng quý với các trạm": behind the verb, in front of with whom or where
    return at_end and not sentence.any("document", begin, first) and sentence.any("verb", begin, first)


def _is_amount(sentence: Sentence, recurrence: Recurrence) -> bool:
    """ "thành lập đoàn kiểm tra 02 đợt/năm", "04 cuộc/năm": how many there are to be in a year, not when one is due."""
    words = [sentence.word(k) for k in range(recurrence.first, recurrence.last)]
    return (
        words[-2:] == ["/", "năm"] and bool({"đợt", "cuộc", "buổi"} & set(words)) and words[0] not in ("1", "01", "một")
    )


def _since_when(sentence: Sentence, first: int) -> bool:
    """ "; từ năm 2026 hằng năm điều động …", "Từ năm 2026, mỗi quý …": behind the time from which it holds."""
    behind = first - (sentence.word(first - 1) == ",")
    return any(
        t.last == behind and sentence.word(t.first - 1) == "từ" and sentence.behind_break(sentence.lead_in(t.first))
        for t in sentence.times
    )


def _is_reported(sentence: Sentence, begin: int, first: int, last: int) -> bool:
    """ "báo cáo kết quả tiêm hằng ngày (trước 16h30)", "báo cáo số liệu hằng tuần về Sở": behind what is reported."""
    behind = sentence.word(last)
    ends = last >= len(sentence.doc) or behind in STOPS | {",", ")", "("} or behind in _PLACES
    named = [
        p
        for p in sentence.phrases.get("document", [])
        if p[1] == first and p not in sentence.phrases.get("measured", [])
    ]
    return (
        ends
        and not named
        and any(
            begin <= a
            and b <= first
            and sentence.clause_start(first) <= a
            and first - b <= _REPORTED
            and sentence.word(a - 1) not in _NOUN_BEFORE
            for a, b in sentence.phrases.get("report", [])
        )
    )


def _or_when(sentence: Sentence, i: int) -> bool:
    """ "hằng tuần và ngay khi có ca bệnh", "hằng quý hoặc đột xuất": the repetition ends, an occasion follows."""
    return sentence.word(i) in ("và", "hoặc") and sentence.starting_at("condition", i + 1) is not None


def _counts_behind(sentence: Sentence, i: int) -> bool:
    """ ", mỗi tháng ít nhất 02 tin", ", mỗi quý 01 bài": how much is to be done each time."""
    words = (sentence.word(i), sentence.word(i + 1))
    return words[0].isdigit() or words in {
        ("ít", "nhất"),
        ("tối", "thiểu"),
        ("có", "ít"),
        ("có", "tối"),
        ("không", "dưới"),
    }
