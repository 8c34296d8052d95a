"""Letterhead and title of a plan.

Form of text: the letterhead's two columns line by line and the title lines (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục
II.1 to II.5; party documents write "Số 12-KH/TU" under "TỈNH ỦY …"). Numbers may be handwritten or blank, days blank.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache

from pipeline.extract.citations import citation_spans
from pipeline.extract.organs import join_bodies, normal_case
from pipeline.knowledge.folding import fold, fold_words, starts_like
from pipeline.knowledge.forms import document_types, organ_words
from pipeline.values import DocumentLayout, Outline, Paragraph, Text
from schemas import Header, Source

_NUMBER_LINE = re.compile(r"^\W{0,3}s[o6óôốồổ0éèeaâ]\s*[:;.,?]{0,2}\s*(?=\S)", re.IGNORECASE)
_CODE = re.compile(
    r"(?P<count>[^\s/–-]{0,7}(?:\s\d{1,4})?)\s*(?P<first>[-–/])\s*(?P<signs>[A-ZĐƯa-zđ][\w&]*(?:\s?[-–/.]\s?[A-ZĐƯ][\w&]*){0,3})"
)
_STROKES = r"|!\[\]"  # signs that a 1 is read as
_DATE = re.compile(
    rf"(?P<place>[^\d:]*?)\W*\bng[a-z]{{1,3}}[\s.,:;…·_-]*(?P<day>[^\s]{{0,5}}?)[\s.,:;…·_-]*\bth\w{{2,3}}h?[^\w{_STROKES}]*"
    rf"(?P<month>[\doli{_STROKES}]{{0,2}})\W*n\w{{2}}\W*(?P<year>\d{{4}})"
)
_FOUR_FIGURES = re.compile(r"\d{4}")  # the year of a date: a line without it need not be searched
_ISSUED_IN = re.compile(r"\bth\w{2,4}\b.*\bn\w{1,2}m\W+(20\d\d)")
_SLASH_AS_FIGURE = re.compile(r"(\d)[17Il]([A-ZĐ]{2,4}-)")  # "46457QĐ-SYT"
_SUBJECT = re.compile(r"^\W*V\s?/\s?v?\s*[:.]?\s+(?=\S)", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:giai đoạn|thời kỳ|các năm|năm học|năm)\s*(?:từ\s+)?(?:năm\s+)?(20\d\d)\s*(?:[-–—]|đến(?:\s+năm)?)\s*(20\d\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"năm(?:\s+học)?\s+(20\d\d)(?!\s*[-–]\s*20)", re.IGNORECASE)
# The plan's own enacting clause: "Sở Du lịch ban hành Kế hoạch …"; a plan it cites has a number behind its name.
_ENACTS = re.compile(
    r"(?:ban hành|xây dựng|thống nhất|triển khai|đề ra|lập|tổ chức|thực hiện)\s+(?:\S+\s+){0,3}?"
    r"(?:kế hoạch|chương trình|phương án|đề án|hướng dẫn)(?!\s+số)",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"(?:so với|so|cùng kỳ|bằng|như)(?:\s+(?:với|cùng kỳ|cả))*\s*$", re.IGNORECASE)
_JOINED = re.compile(r"(?:đến|tới|tầm nhìn|định hướng|và|[,;–-])\s*$", re.IGNORECASE)
_JOINTLY = re.compile(r"liên tịch|liên ngành|phối hợp")
_RULE = re.compile(r"^[\W_]+$")


def read_header(layout: DocumentLayout, outline: Outline) -> Header:
    """The header as the contract wants it; what had to be concluded rather than read is named in ``inferred``."""
    text = "\n".join([*(line.string for line in layout.letterhead_right), _body_text(layout)])
    sources: dict[str, Source] = {}
    inferred: list[str] = []
    number_at = next((k for k, t in enumerate(layout.letterhead_left) if _is_number_line(t.string)), None)
    subject_at = next((k for k, t in enumerate(layout.letterhead_left) if _SUBJECT.match(t.string)), None)
    ends = [place for place in (number_at, subject_at) if place is not None]
    names = layout.letterhead_left[: min(ends)] if ends else layout.letterhead_left
    place, issued_on = _place_and_date(layout, sources)
    numbered: dict[str, Source] = {}
    number = _number(layout, number_at, numbered)
    parent, issuer = _parent_and_issuer(join_bodies(names, place), _issuers_of(number), text, sources)
    sources |= numbered
    kind, title = _kind_and_title(layout, number_at, number, sources)
    if issuer is None and number is not None:
        parent, issuer = _from_number(number, place, text)
        inferred += [field for field, value in (("issuing_authority", issuer), ("parent_authority", parent)) if value]
    if place is None and parent and (match := re.search(r"(?:tỉnh|thành phố)\s+(.+)$", parent)):
        place = match[1]
        inferred.append("place")
    years = _plan_years(title, outline, issued_on or _year_of_issue(layout))
    if not years[1]:
        inferred.append("plan_years")
    return Header(
        parent_authority=parent,
        issuing_authority=issuer,
        document_number=number,
        place=place,
        issued_on=issued_on,
        document_type=kind,
        title=title,
        plan_years=years[0],
        sources=sources,
        inferred=inferred,
    )


def _body_text(layout: DocumentLayout) -> str:
    return "\n".join(block.text.string for block in layout.body if isinstance(block, Paragraph))


def _keep(field: str, text: Text, sources: dict[str, Source]) -> None:
    found = text.sources()
    if found:
        sources[field] = found[0]


# --------------------------------------------------------------------------------------------------------------- bodies


def _issuers_of(number: str | None) -> int:
    """How many bodies the number of a joint plan names ("05/KHLT-CAT-LĐLĐ": two); one for any other number."""
    kind, *issuers = re.split(r"[-–]", (number or "").rpartition("/")[2])
    return max(1, len(issuers)) if kind in _joint_kinds() else 1


@cache
def _joint_kinds() -> frozenset[str]:
    """Abbreviations of kinds of documents that several bodies issue together: "KHLT", "KHLN", "CTrPH"."""
    return frozenset(a for kind, short in document_types().names.items() if _JOINTLY.search(kind) for a in short)


def _parent_and_issuer(
    bodies: Sequence[Text], count: int, text: str, sources: dict[str, Source]
) -> tuple[str | None, str | None]:
    """The last bodies issue, ``count`` of them or more that are equals; the one over them is their parent."""
    if not bodies:
        return None, None
    joined = bool(re.search(r"\s[-–]\s", bodies[-1].string))  # by a printed dash
    first = len(bodies) - 1 if joined else max(0, len(bodies) - count)
    while first and _equals(bodies[first - 1], bodies[first]):
        first -= 1
    _keep("issuing_authority", Text.join(bodies[first:]), sources)
    issuer = " - ".join(normal_case(body.string, text) for body in bodies[first:])
    if not first:
        return None, issuer
    _keep("parent_authority", bodies[first - 1], sources)
    return normal_case(bodies[first - 1].string, text), issuer


def _equals(one: Text, other: Text) -> bool:
    """Departments and ministries stand beside each other, never under one another; military commands do not."""
    words = [fold_words(body.string)[:2] for body in (one, other)]
    commands = (("bo", "chi"), ("bo", "tu"))  # bộ chỉ huy, bộ tư lệnh
    return len({w[:1] for w in words}) == 1 and words[0][:1] in (("so",), ("bo",)) and not set(words) & set(commands)


def _from_number(number: str, place: str | None, text: str) -> tuple[str | None, str | None]:
    """Issuer and parent of a letterhead that is lost, from the number's ending, the place and the preamble."""
    ending = re.split(r"[-/]", number)[-1]
    issuer = organ_words().abbreviations.get(ending)
    if issuer is None:
        return None, None
    if issuer == "Ủy ban nhân dân" or not issuer.startswith("Sở"):
        return None, issuer
    if place and re.search(rf"(?:Ủy ban nhân dân|UBND)\s+(?:tỉnh|thành phố)\s+{re.escape(place)}", text, re.IGNORECASE):
        level = "thành phố" if re.search(rf"thành phố\s+{re.escape(place)}", text) else "tỉnh"
        return f"UBND {level} {place}", issuer
    return None, issuer


# --------------------------------------------------------------------------------------------------------------- number


def _is_number_line(string: str) -> bool:
    match = _NUMBER_LINE.match(string)
    return bool(
        match and ("/" in string[match.end() :] or re.search(r"\d", string[match.end() :]) or ":" in match.group())
    )


def _number(layout: DocumentLayout, line: int | None, sources: dict[str, Source]) -> str | None:
    if line is None:
        return None
    text = layout.letterhead_left[line]
    head = _NUMBER_LINE.match(text.string)
    rest = text.string[head.end() :] if head else text.string
    match = _CODE.search(rest if "/" in rest or "-" not in rest else _SLASH_AS_FIGURE.sub(r"\1/\2", rest))
    if match is None and line + 1 < len(layout.letterhead_left):
        text = Text.join([text, layout.letterhead_left[line + 1]])
        rest = text.string[head.end() :] if head else text.string
        match = _CODE.search(rest)
    if match is None:
        return None
    _keep("document_number", text, sources)
    if re.search(r"\d\s+\d", match["count"]) and "document_number" in sources:  # gaps are those of a pen
        known = sources["document_number"]
        sources["document_number"] = known.model_copy(update={"confidence": round(known.confidence / 2, 3)})
    return _count(match["count"]) + match["first"].replace("–", "-") + _signs(match["signs"], layout)


def _count(printed: str) -> str:
    """The number's figures; handwriting is often read as letters that look like them."""
    digits = (
        printed.translate(str.maketrans("OoQlI|!SsBZzAbgq", "0001111558224699"))
        if re.search(r"\d", printed)
        else printed
    )
    return "".join(c for c in digits if c.isdigit())


def _signs(printed: str, layout: DocumentLayout) -> str:
    """The signs behind the figures, the abbreviation of the kind mended where OCR broke it ("KlI-SYT")."""
    signs = re.sub(r"\s", "", printed).replace("–", "-")
    parts = re.split(r"([-/])", signs)
    kind = document_type(layout.title[0].string) if layout.title else None
    wanted = document_types().names.get(kind or "", ())
    if wanted and parts[0] not in wanted and len(parts) > 1:
        near = [short for short in wanted if fold(short) == fold(parts[0]) or _one_letter_off(short, parts[0])]
        if near and parts[0] not in {s for shorts in document_types().names.values() for s in shorts}:
            parts[0] = near[0]
    return "".join(parts)


def _one_letter_off(one: str, other: str) -> bool:
    return (
        abs(len(one) - len(other)) <= 1
        and sum(a != b for a, b in zip(one, other, strict=False)) <= 1
        and one[0] == other[0]
    )


# ------------------------------------------------------------------------------------------------------- place and date


def _place_and_date(layout: DocumentLayout, sources: dict[str, Source]) -> tuple[str | None, str | None]:
    """Place and date, "2026-03" where the day is blank."""
    first = [block.text for block in layout.body[:3] if isinstance(block, Paragraph) and len(block.text.string) < 60]
    for text in (*layout.letterhead_right, *layout.letterhead_left, Text.join(layout.letterhead_right), *first):
        match = _DATE.search(fold(text.string)) if _FOUR_FIGURES.search(text.string) else None
        if match is None or len(match["place"]) > 40:
            continue
        _keep("issued_on", text.slice(match.start("day"), match.end("year")), sources)
        if _concluded(text.slice(match.start("day"), match.end("year"))) and "issued_on" in sources:
            known = sources["issued_on"]
            sources["issued_on"] = known.model_copy(update={"confidence": round(known.confidence / 2, 3)})
        place = text.string[match.start("place") : match.end("place")].strip(" .,:;-_|'’‘`")
        if place:
            _keep("place", text, sources)
        return normal_case(place) or None, _iso(match)
    return None, None


def _concluded(figures: Text) -> bool:
    """Whether figures were made of letters that look like them ("0S" is 05 or 08)."""
    return any(
        re.search(r"\d", figures.string[word.start : word.end]) and re.search(r"[A-Za-z]", word.printed)
        for word in figures.words
    )


def _iso(match: re.Match[str]) -> str | None:
    day, figures = _figures(match["day"]), _figures(match["month"])
    if not figures:
        return None
    year, month = int(match["year"]), int(figures)
    try:
        return dt.date(year, month, int(day)).isoformat() if day else dt.date(year, month, 1).isoformat()[:7]
    except ValueError:
        return f"{year:04d}-{month:02d}" if 1 <= month <= 12 else None


# ------------------------------------------------------------------------------------------------------- kind and title


def _figures(printed: str) -> str:
    """Figures of a date; strokes and rings are 1 and 0, and anything else makes the reading worthless."""
    figures = printed.translate(str.maketrans("oli|![]", "0111111")).strip(" .,…_-")
    return figures if figures.isdigit() else ""


def document_type(line: str) -> str | None:
    """The kind of document a type line names, as the table writes it."""
    here = "".join(fold_words(line))
    if here in _titles():
        return _titles()[here]
    best = [(kind, starts_like(line, kind, 0.8)) for kind in document_types().titles]
    kind, score = max(best, key=lambda entry: (entry[1], len(entry[0])))
    return kind if score else None


@cache
def _titles() -> dict[str, str]:
    """The kinds of document that may head a text, by their folded letters."""
    return {"".join(fold_words(kind)): kind for kind in document_types().titles}


def _kind_and_title(
    layout: DocumentLayout, number_at: int | None, number: str | None, sources: dict[str, Source]
) -> tuple[str | None, str | None]:
    if layout.title:
        lines = [_without_dash(line) for line in layout.title[1:] if not _RULE.match(line.string)]
        _keep("document_type", layout.title[0], sources)
        if lines:
            _keep("title", Text.join(lines), sources)
        return document_type(layout.title[0].string), _hyphens_joined(lines) or None
    subject = [k for k, text in enumerate(layout.letterhead_left) if _SUBJECT.match(text.string)]
    if subject:
        lines = list(layout.letterhead_left[subject[0] :])
        head = _SUBJECT.match(lines[0].string)
        lines[0] = lines[0].slice(head.end() if head else 0)
        _keep("title", Text.join(lines), sources)
        return "Công văn", _hyphens_joined(lines) or None
    if number is not None:
        short = re.split(r"[-/]", number)[1]
        kinds = [kind for kind, shorts in document_types().names.items() if short in shorts]
        return (kinds[-1] if kinds else "Công văn"), None
    return None, None


def _without_dash(line: Text) -> Text:
    """A speck at the margin is read as a dash or a quotation mark that none closes."""
    match = re.match(r"^[-–—_'’‘`.,]\s*(?=[^\W\d_])", line.string)
    return line.slice(match.end()) if match else line


def _hyphens_joined(lines: Sequence[Text]) -> str:
    result = ""
    for line in lines:
        string = line.string.strip(" _*")
        broken = len(result) > 1 and result[-1] in "-/" and result[-2].isalnum() and string[:1].isalnum()
        result += string if broken or not result else " " + string
    return result.strip()


# ---------------------------------------------------------------------------------------------------------------- years


def _year_of_issue(layout: DocumentLayout) -> str | None:
    """The year beside a day or month that could not be read ("ngày0} thángh năm 2026")."""
    found = (_ISSUED_IN.search(fold(text.string)) for text in layout.letterhead_right)
    return next((match[1] for match in found if match), None)


def _plan_years(title: str | None, outline: Outline, issued_on: str | None) -> tuple[list[int], bool]:
    """The years the title or the enacting clause says the plan is for, else the year of issue (then derived)."""
    clause = _without_citations(outline.preamble[-1].text.string) if outline.preamble else ""
    enacted = [*_ENACTS.finditer(clause)]
    for text in (_without_citations(title or ""), clause[enacted[-1].end() :] if enacted else ""):
        if years := _years(text):
            return years, True
    return ([int(issued_on[:4])] if issued_on else []), False


def _years(text: str) -> list[int]:
    """The years of a period, or the years named one by one.

    A year beside a period it lies in is the plan's own, the period that of a programme it carries out; not where both
    are joined ("năm 2026 và giai đoạn 2026-2030") or the year ends the period ("đến năm 2030").
    """
    named = [match for match in _YEAR.finditer(text) if not _COMPARED.search(text[: match.start()])]
    if period := _PERIOD.search(text):
        first, last = int(period[1]), int(period[2])
        own = {int(m[1]) for m in named if not _JOINED.search(text[: m.start()]) and first <= int(m[1]) <= last}
        if len(own) == 1 and not _JOINED.search(text[: period.start()]):
            return sorted(own)
        if first <= last <= first + 30:
            return list(range(first, last + 1))
    return sorted({int(match[1]) for match in named})


def _without_citations(text: str) -> str:
    for span in reversed(citation_spans(text)):
        text = text[: span.start] + text[span.end :]
    return text
