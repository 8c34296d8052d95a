"""Numbered documents that a text refers to.

Form of text: running prose, "Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị", "Luật khám bệnh, chữa bệnh số
40/2009/QH12, ngày 23 tháng 11 năm 2009", "Kế hoạch 274/KH-UBND", nested ("… về việc thực hiện Nghị quyết số …"). The
number is what makes a citation: number and abbreviations, Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.3; party
documents write 57-NQ/TW, Hướng dẫn 36-HD/VPTW; laws 40/2009/QH12, Luật Ban hành văn bản quy phạm pháp luật.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.knowledge.folding import fold
from pipeline.knowledge.forms import document_types
from pipeline.values import Text
from schemas import Citation

_SIGN = r"[A-ZĐƯ][A-Za-zĐđƯư]*\d{0,2}(?:&[A-ZĐƯ]+)*"
_NUMBER = re.compile(
    r"(?<![\w/,-])(?<!\d\.)(?P<count>(?:(?<=số )\d{1,2}\s(?=\d{2,3}[-–/]))?\d{1,5}[a-zA-Z]?)"
    rf"\s?(?P<first>[-–/])\s?(?:(?P<year>(?:19|20)\d\d)\s?/\s?)?"
    rf"(?P<signs>{_SIGN}(?:\s?[-–/.]\s?{_SIGN}){{0,3}})(?![\w/])"
)
_SIGNED = re.compile(r"\d[a-zA-Z]?\s?[-–/]\s?[A-ZĐƯ]")  # in every number: most texts have none and need no more
_DATE = re.compile(
    r"[\s,.(]{0,3}(?:ký\s+|ban hành\s+)?(?:ng[aà]y\s+|(?<=[\s(])(?=\d{1,2}/\d{1,2}/\d{4}))"
    r"(?P<day>[\dIlÌÍìí|Oo]{1,2})\s*"
    r"(?:[/.\-]\s*(?P<month>\d{1,2})\s*[/.\-]\s*(?P<year>\d{4})"
    r"|th[aá]ng\W{1,4}(?P<month2>\d{1,2})\s*,?\s*n[aăâ]m\s+(?P<year2>\d{4}))(?!\d)",
    re.IGNORECASE,
)
_STROKES = str.maketrans("IlÌÍìí|Oo", "111111100")  # figures of a day read as letters
_OF = re.compile(r"[\s,.)]{0,3}(?P<of>của|do)?\s*(?=[A-ZĐỦ])")
_BODY = re.compile(
    r"(?:Bộ|Ban|Chính|Thủ|UBND|Ủy|Uỷ|Sở|Giám|Tỉnh|Thành|Huyện|Quốc|Hội|HĐND|Trung|Văn|Cục|Tổng|Chủ|Đảng|Bảo|Công|Phòng|Viện|Vụ|Liên|Ngân|Tòa|Kho|Đoàn|Trường|Bệnh|Chi|Phó|BYT|BCĐ|TW|Mặt|Quân)\b"
)
_LAWS = ("bo luat", "luat", "phap lenh")


@dataclass(frozen=True, slots=True)
class CitationSpan:
    """A citation and the characters it covers, from the kind of document to the issuer's name."""

    start: int
    end: int
    citation: Citation


def find_citations(text: Text) -> list[Citation]:
    """Each numbered document in ``text`` once, in order; a date or issuer printed with a later mention is kept."""
    found: dict[str, Citation] = {}
    for span in citation_spans(text.string):
        key = fold(span.citation.number).replace(" ", "")
        known = found.get(key)
        if known is None:
            found[key] = span.citation
        elif known.issued_on is None or known.issuer is None:
            found[key] = known.model_copy(
                update={
                    "issued_on": known.issued_on or span.citation.issued_on,
                    "issuer": known.issuer or span.citation.issuer,
                }
            )
    return list(found.values())


def citation_spans(string: str) -> list[CitationSpan]:
    """Every mention of a numbered document, in order."""
    return list(_spans(string))


def _spans(string: str) -> Iterator[CitationSpan]:
    if not _SIGNED.search(string):
        return
    before: CitationSpan | None = None
    for match in _NUMBER.finditer(string):
        head = string[before.end if before else 0 : match.start()]
        named = _kind_before(head)
        if not _is_number(match, named is not None, head):
            continue
        kind = named[0] if named else None
        if kind is None and before is not None and re.fullmatch(r"[\s,;]*(?:và|số)?\s*(?:số)?\s*", head):
            kind = before.citation.type  # "Nghị quyết số 18-NQ/TW, số 19-NQ/TW"
        kind = kind or _kind_of_number(match)
        end = match.end()
        date, end = _date_at(string, end)
        issuer, end = _issuer_at(string, end)
        if date is None:
            date, end = _date_at(string, end)
        start = match.start() - (len(head) - named[1] if named else 0)
        before = CitationSpan(start, end, Citation(type=kind, number=_number(match), issued_on=date, issuer=issuer))
        yield before


# --------------------------------------------------------------------------------------------------------- number, kind


def _is_number(match: re.Match[str], named: bool, head: str) -> bool:
    signs = match["signs"]
    if named or re.search(r"\bs[ốo6ó]\s*[:.]?\s*$", head, re.IGNORECASE):
        return True
    first = re.split(r"[-–/.]", signs)[0].strip()
    return first in _abbreviations() or bool(re.match(r"QH\d|UBTVQH", signs)) or bool(re.search(r"[-–/]", signs))


def _number(match: re.Match[str]) -> str:
    """The number as printed, without the blanks that a line break or OCR put into it."""
    number = re.sub(r"\s", "", match.group()).replace("–", "-")
    return re.sub(r"(?<=/)T[VYI]+W$|(?<=/)TW[VYI]+$", "TW", number)  # Trung ương, a stroke too many


def _kind_before(head: str) -> tuple[str, int] | None:
    """The kind of document right before a number, as the table writes it, and where it begins in ``head``."""
    folded = fold(head)
    tail = re.search(r"(?:\s*,?\s*s[o6]\s*[:.]?)?\s*$", folded)
    stop = tail.start() if tail else len(folded)
    for kind, bare in _kinds():
        if folded[:stop].endswith(bare) and _word_starts(folded, stop - len(bare)):
            return kind, stop - len(bare)
    if tail and tail.group().strip():  # "Luật khám bệnh, chữa bệnh số …": the law's name stands between
        for bare in _LAWS:
            place = folded.rfind(bare, max(0, stop - 90), stop)
            between = folded[place + len(bare) : stop] if place >= 0 else ""
            if place >= 0 and _word_starts(folded, place) and not re.search(r"[;.\d(]", between):
                return ("Bộ luật" if bare == "bo luat" else "Luật" if bare == "luat" else "Pháp lệnh"), place
    return None


def _word_starts(string: str, place: int) -> bool:
    return place >= 0 and (place == 0 or not string[place - 1].isalnum())


@cache
def _kinds() -> tuple[tuple[str, str], ...]:
    """Kinds with their folded names, longest first."""
    return tuple(sorted(((kind, fold(kind)) for kind in document_types().names), key=lambda k: -len(k[1])))


@cache
def _abbreviations() -> dict[str, str]:
    result: dict[str, str] = {}
    for kind, shorts in document_types().names.items():
        for short in shorts:
            result.setdefault(short, kind)
    return result


def _kind_of_number(match: re.Match[str]) -> str:
    """The kind that the abbreviation in the number stands for; "130/SYT-TCCB" is a letter."""
    signs = [sign.strip() for sign in re.split(r"[-–/.]", match["signs"])]
    if signs[0].startswith("QH"):
        return "Luật"
    for short, kind in _abbreviations().items():
        if fold(signs[0]) == fold(short):
            return "Chương trình hành động" if kind.startswith("Chương trình") and match["first"] != "/" else kind
    return "Công văn"


# --------------------------------------------------------------------------------------------------------- date, issuer


def _date_at(string: str, place: int) -> tuple[str | None, int]:
    """The date that stands at ``place``, and where it ends."""
    match = _DATE.match(string, place)
    if not match:
        return None, place
    day = match["day"].translate(_STROKES)
    month, year = match["month"] or match["month2"], match["year"] or match["year2"]
    try:
        return dt.date(int(year), int(month), int(day)).isoformat(), match.end()
    except ValueError:
        return None, match.end()


def _issuer_at(string: str, place: int) -> tuple[str | None, int]:
    """The issuer's name behind "của" (or behind nothing, where a body's name follows at once), and where it ends."""
    match = _OF.match(string, place)
    if (
        not match
        or not _BODY.match(string, match.end())
        or (not match["of"] and not string[place : match.end()].isspace())
    ):
        return None, place
    end = match.end()
    before = ""
    for word in re.finditer(r"\S+", string[match.end() :]):
        bare = word.group().rstrip(',;.:)/”"')
        if word.start() and (
            (bare in document_types().issuer_ends and not _goes_on(before, bare, string[match.end() + word.end() :]))
            or bare.startswith("(")
            or bare.lower() == "số"
        ):
            break
        if (
            bare == "và"
            and not _BODY.match(string, match.end() + word.end() + 1)
            and not _continues(string, match.end() + word.end())
        ):
            break
        if bare:
            end = match.end() + word.start() + len(bare)
        if bare != word.group() and not _named_with_comma(
            string[match.end() : match.end() + word.end()], string[match.end() + word.end() :]
        ):
            break
        before = bare
        if word.end() > 90:
            return None, place
    name = string[match.end() : end].strip()
    if not name or _kind_opens(name):
        return None, place
    return name, end


def _goes_on(before: str, word: str, rest: str) -> bool:
    """ "Ủy ban", "An toàn thực phẩm", "Công nghệ thông tin": small words that belong to the name."""
    following = fold(rest.split(None, 1)[0].strip(",;.:)”")) if rest.strip() else ""
    return (word == "ban" and before in ("Ủy", "Uỷ")) or f"{fold(word)} {following}" in document_types().issuer_pairs


def _named_with_comma(name: str, rest: str) -> bool:
    """Whether the comma that ``name`` ends with stands inside it ("Cục Quản lý Khám, chữa bệnh")."""
    if not name.endswith(","):
        return False
    before, behind = fold(name[:-1]), fold(rest.lstrip())
    return any(before.endswith(one) and behind.startswith(other) for one, other in document_types().issuer_commas)


def _continues(string: str, place: int) -> bool:
    """Behind "và" the name goes on with a capital ("Bộ Giáo dục và Đào tạo") unless a document's kind follows."""
    rest = string[place:].lstrip()
    return rest[:1].isupper() and not _kind_opens(rest)


def _kind_opens(text: str) -> bool:
    return fold(text).startswith(tuple(bare for _, bare in _kinds() if len(bare) > 4))
