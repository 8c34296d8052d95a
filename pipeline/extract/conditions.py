"""Terms and events: deadlines that hang on something that has no date yet.

Reads sentences ("trong vòng 05 ngày làm việc kể từ ngày …", "Khi có tin bão, …", "… sau khi được Hội đồng nhân dân
tỉnh thông qua", "xong trước mùa mưa bão"). An event counts where it opens the statement, or where it ends the
statement and is an act of a body; "dữ liệu khi có sự cố" only says what for. Words: knowledge/deadlines.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.sentences import Clause, Sentence
from pipeline.knowledge import load_table

_TERM_WORDS = frozenset({"sau", "kể", "trước", "tính", "từ", "khi"})
_TERMS = frozenset({"trong vòng", "trong thời hạn"})  # a term of their own, whatever follows
_BOUND = _TERMS | {"chậm nhất", "chậm nhất là", "muộn nhất", "muộn nhất là", "không quá", "tối đa", "tối đa là"}


def conditions(sentence: Sentence) -> Iterator[Clause]:
    """Every term and event that says when the statement's own act is due."""
    taken = -1
    for clause in sorted(
        [*_terms(sentence), *_openings(sentence), *_endings(sentence), *_events(sentence)], key=_place
    ):
        if clause.first >= taken:
            yield clause
            taken = clause.last


def _place(clause: Clause) -> tuple[int, int]:
    return clause.first, -clause.last


def duration_at(sentence: Sentence, i: int) -> int | None:
    """End of a duration that begins at token ``i``: "05 ngày làm việc", "18 tháng"."""
    if not re.fullmatch(r"\d{1,3}", sentence.word(i)):
        return None
    for unit in load_table("deadlines")["conditional"]["duration_units"]:
        words = unit.split()
        if [sentence.word(i + 1 + k) for k in range(len(words))] == words:
            return i + 1 + len(words)
    return None


def _terms(sentence: Sentence) -> Iterator[Clause]:
    """ "trong vòng 05 ngày làm việc kể từ …", "chậm nhất 24 giờ sau khi …", "10 ngày sau mỗi đợt …"."""
    doc = sentence.doc
    for i in range(len(doc)):
        end = duration_at(sentence, i)
        if end is None:
            continue
        first = _bound_before(sentence, i)
        at_once = sentence.word(i - 1) == "trong" and sentence.word(end - 1) in ("giờ", "phút")
        if at_once and sentence.any("report", sentence.sentence_start(i), i):  # "báo cáo nhanh trong 24 giờ"
            yield Clause(i - 1, end, "conditional")
            continue
        hangs = sentence.word(end) in _TERM_WORDS and not sentence.word(end + 1).isdigit()
        if first is None and not (hangs and sentence.behind_break(i)):
            continue
        if (
            first is not None
            and not hangs
            and sentence.doc[first:i].text.lower() not in ("trong vòng", "trong thời hạn")
        ):
            continue
        stop = _clause_end(sentence, end if hangs else i)
        yield Clause(i if first is None else first, stop if hangs else end, "conditional")


def _bound_before(sentence: Sentence, i: int) -> int | None:
    """First token of a word of limit right in front of a duration."""
    for length in (4, 3, 2):
        if " ".join(sentence.word(k) for k in range(i - length, i)) in _BOUND:
            return i - length
    return None


def _openings(sentence: Sentence) -> Iterator[Clause]:
    """ "Khi có tin bão gần bờ, …": in front of the statement, up to its comma."""
    for a, b in sentence.phrases.get("event_opening", []):
        if not (sentence.opens(a) or (sentence.word(a - 1) == ":" and sentence.doc[a].text[:1].isupper())):
            continue
        end = sentence.sentence_end(b)
        comma = next((k for k in range(b + 1, end) if sentence.word(k) == ","), None)
        if comma is not None and comma + 1 < end:
            yield Clause(a, comma, "conditional")


def _endings(sentence: Sentence) -> Iterator[Clause]:
    """ "… sau khi Bộ Y tế ban hành tài liệu": behind the statement, where a body's act is awaited."""
    for a, b in sentence.phrases.get("event_ending", []):
        end = _clause_end(sentence, b)
        awaited = sentence.word(b) in ("được", "có") or sentence.doc[min(b, len(sentence.doc) - 1)].text[:1].isupper()
        closes = sentence.sentence_end(a) == end
        if closes and not sentence.opens(a) and awaited and sentence.any("act", b, end):
            yield Clause(a, end, "conditional")


def _events(sentence: Sentence) -> Iterator[Clause]:
    """ "hoàn thành trước mùa mưa bão", "xong trước Tết Nguyên đán": before a season or feast."""
    for a, b in sentence.phrases.get("event", []):
        first = sentence.lead_in(a)
        if "trước" in [sentence.word(k) for k in range(first, a)]:
            end = _clause_end(sentence, b)
            yield Clause(first, end if end - b <= 3 else b, "conditional")


def _clause_end(sentence: Sentence, i: int) -> int:
    end = sentence.sentence_end(i)
    return next((k for k in range(i, end) if sentence.word(k) in (",", ")")), end)
