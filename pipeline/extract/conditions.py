"""Terms and events: deadlines that hang on something that has no date yet.

Reads sentences ("trong vòng 05 ngày làm việc kể từ ngày …", "sau 05 ngày kết thúc mỗi lớp", "sau khi kết thúc đợt thi
05 ngày", "Khi có tin bão, …", "… sau khi được Hội đồng nhân dân tỉnh thông qua", "xong trước mùa mưa bão"). An event
counts where it opens the statement, or where it ends the statement and is an act of a body or asks for haste ("ngay sau
khi …"); "dữ liệu khi có sự cố" only says what for. Words: knowledge/deadlines.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.extract.sentences import Clause, Sentence
from pipeline.knowledge import load_table

_BEGINS = (
    "kể từ",
    "tính từ",
    "sau khi",
    "sau ngày",
    "sau mỗi",
    "sau",
    "trước khi",
    "trước ngày",
    "từ khi",
    "từ ngày",
)
_COUNT = re.compile(r"\d{1,3}")
_LONG_UNITS = frozenset({"tháng", "năm"})
_EVENT_LENGTH = 12  # tokens of an event in front of its term: "sau khi kết thúc đợt kiểm tra 05 ngày"


def conditions(sentence: Sentence) -> Iterator[Clause]:
    """Every term and event that says when the statement's own act is due."""
    taken = -1
    for clause in sorted(
        [*_terms(sentence), *_terms_behind(sentence), *_openings(sentence), *_endings(sentence), *_events(sentence)],
        key=_place,
    ):
        if clause.first >= taken:
            yield clause
            taken = clause.last


def _place(clause: Clause) -> tuple[int, int]:
    return clause.first, -clause.last


def duration_at(sentence: Sentence, i: int) -> int | None:
    """End of a duration that begins at token ``i``: "05 ngày làm việc", "03 (ba) ngày", "18 tháng"."""
    if not _COUNT.fullmatch(sentence.word(i)):
        return None
    k = i + 1
    if sentence.word(k) == "(":  # "15 (mười lăm) ngày"
        k = next((n + 1 for n in range(k, k + 6) if sentence.word(n) == ")"), k)
    for words in _duration_units().get(sentence.word(k), ()):
        if [sentence.word(k + n) for n in range(len(words))] == words:
            return k + len(words)
    return None


@cache
def _duration_units() -> dict[str, list[list[str]]]:
    """The words of each unit of time that a duration is told in, by the first of them."""
    found: dict[str, list[list[str]]] = {}
    for unit in load_table("deadlines")["conditional"]["duration_units"]:
        found.setdefault(unit.split()[0], []).append(unit.split())
    return found


def _terms(sentence: Sentence) -> Iterator[Clause]:
    """ "trong vòng 05 ngày làm việc kể từ …", "chậm nhất 24 giờ sau khi …", "sau 05 ngày kết thúc …"."""
    for i in sentence.figures:
        end = duration_at(sentence, i)
        if end is None:
            continue
        bound = _bound_before(sentence, i)
        hangs = _opens_event(sentence, end)
        if bound is None:
            if hangs and (sentence.behind_break(i) or _reports(sentence, i)):
                yield Clause(i, sentence.clause_end(end), "conditional")
            continue
        first, kind = bound
        if kind == "ahead" and sentence.word(end) != "trước":
            continue
        if hangs or (kind == "next" and _is_event(sentence, end) and sentence.word(end - 1) not in _LONG_UNITS):
            yield Clause(first, sentence.clause_end(end + 1), "conditional")
        elif (
            kind == "whole"
            or _ends_late(sentence, first, end)
            or (sentence.word(i - 1) == "trong" and sentence.word(end - 1) in ("giờ", "phút") and _reports(sentence, i))
        ):  # "báo cáo nhanh trong 24 giờ"
            yield Clause(first, end, "conditional")


def _ends_late(sentence: Sentence, first: int, end: int) -> bool:
    """ "thông báo kết quả chậm nhất 15 ngày làm việc.": a limit at the end of what is done."""
    late = sentence.words(first, 2) in ("chậm nhất", "muộn nhất") and sentence.texts[end - 1].isalpha()
    done = sentence.any("verb", sentence.sentence_start(first), first)
    return late and done and end == sentence.clause_end(end)


def _opens_event(sentence: Sentence, i: int) -> bool:
    """Whether the words behind a duration say from when it runs; a date or a figure behind them is no event."""
    if sentence.word(i) == "," and sentence.word(i + 1) in ("kể", "tính"):  # "15 ngày, kể từ ngày …"
        i += 1
    if sentence.word(i) == "khi":  # "trước 03 ngày khi tổ chức tiêm"
        return True
    begin = next((b for b in _BEGINS if sentence.words(i, len(b.split())) == b), None)
    return begin is not None and not sentence.word(i + len(begin.split())).isdigit()


def _is_event(sentence: Sentence, i: int) -> bool:
    return sentence.starting_at("event_verb", i) is not None


def _reports(sentence: Sentence, i: int) -> bool:
    return sentence.any("report", sentence.sentence_start(i), i)


def _bound_before(sentence: Sentence, i: int) -> tuple[int, str] | None:
    """First token of the longest word of limit right in front of a duration, and which list of them it is from."""
    table = load_table("deadlines")["conditional"]["bounds"]
    for length in (4, 3, 2, 1):
        words = sentence.words(i - length, length) if i >= length else ""
        for kind, listed in table.items():
            if words in listed:
                return i - length, kind
    return None


def _terms_behind(sentence: Sentence) -> Iterator[Clause]:
    """ "sau khi kết thúc chiến dịch 05 ngày", "trước khi kiểm tra ít nhất 03 ngày": the term ends the clause."""
    days = [  # "trước ngày kiểm tra 02 ngày"
        (i, i + 2)
        for i in sentence.places("trước")
        if sentence.word(i + 1) == "ngày" and sentence.texts[min(i + 2, len(sentence.texts) - 1)].isalpha()
    ]
    events = [*sentence.phrases.get("event_ending", []), *sentence.phrases.get("event_opening", [])]
    for a, b in [*(e for e in events if sentence.word(e[1] - 1) == "khi"), *days]:
        if sentence.opens(a):
            continue
        for k in range(b + 1, min(b + _EVENT_LENGTH, len(sentence.doc))):
            end = duration_at(sentence, k)
            if end is not None and end == sentence.clause_end(b):
                yield Clause(a, end, "conditional")


def _openings(sentence: Sentence) -> Iterator[Clause]:
    """ "Khi có tin bão gần bờ, …": in front of the statement, up to its comma."""
    for a, b in sentence.phrases.get("event_opening", []):
        if not (sentence.opens(a) or (sentence.word(a - 1) == ":" and sentence.texts[a][:1].isupper())):
            continue
        end = sentence.sentence_end(b)
        comma = next((k for k in range(b + 1, end) if sentence.word(k) == ","), None)
        if comma is not None and comma + 1 < end:
            yield Clause(a, comma, "conditional")


def _endings(sentence: Sentence) -> Iterator[Clause]:
    """ "… sau khi Bộ Y tế ban hành tài liệu", "… ngay khi phát hiện": behind the statement, to its end."""
    for a, b in sentence.phrases.get("event_ending", []):
        end = sentence.clause_end(b)
        if sentence.word(end) == "," and _bound_behind(sentence, end + 1) == sentence.sentence_end(a):
            end = sentence.sentence_end(a)  # "sau mỗi cuộc kiểm tra, chậm nhất 15 ngày"
        if sentence.sentence_end(a) != end or sentence.opens(a) or sentence.word(a - 1) in ("và", "hoặc"):
            continue  # "hằng tuần và ngay khi có ca bệnh": an occasion beside the rule
        if sentence.word(b - 1) == "mỗi":  # "báo cáo sau mỗi đợt giám sát"
            if _reports(sentence, a):
                yield Clause(a, end, "conditional")
            continue
        awaited = "được" in (sentence.word(b - 1), sentence.word(b)) or sentence.word(b) == "có"
        awaited = awaited or sentence.texts[min(b, len(sentence.texts) - 1)][:1].isupper()
        happens = sentence.word(b) == "có" or sentence.any("event_verb", b, end)
        hasty = sentence.word(a) == "ngay" and (happens or _reports(sentence, a))
        if hasty or (awaited and sentence.word(b - 2) != "ngay" and sentence.any("act", b, end)):
            yield Clause(a, end, "conditional")


def _bound_behind(sentence: Sentence, i: int) -> int | None:
    """End of a limit and its duration that begin at token ``i``: "chậm nhất 15 ngày"."""
    return next(
        (end for k in range(i + 1, i + 5) if _bound_before(sentence, k) and (end := duration_at(sentence, k))), None
    )


def _events(sentence: Sentence) -> Iterator[Clause]:
    """ "hoàn thành trước mùa mưa bão", "xong trước Tết Nguyên đán": before a season or feast."""
    for a, b in sentence.phrases.get("event", []):
        first = sentence.lead_in(a)
        while sentence.word(first - 1) in ("khi", "bước"):  # "trước khi bước vào năm học mới"
            first = sentence.lead_in(first - 1)
        if sentence.word(b) == "(" and any(b < t.first and sentence.lead_in(t.first) == b + 1 for t in sentence.times):
            continue  # "trước mùa dịch (trước ngày 30/4/2026)": the brackets say when that is
        if "trước" in [sentence.word(k) for k in range(first, a)]:
            end = sentence.clause_end(b)
            yield Clause(first, end if end - b <= 3 else b, "conditional")
