"""Money and quantified targets.

Reads statements ("Tối thiểu 40% hệ thống thông tin …", "Tổ chức 01 hội nghị …", "kinh phí 3,5 tỷ đồng") and cells of
money columns, whose heading may give the unit ("Kinh phí (triệu đồng)"). Vietnamese figures: a dot between
thousands, a comma before decimals. Rules: contract.md, "Targets"; words: knowledge/quantities.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, cast

from pipeline.extract.language import level
from pipeline.knowledge import load_table
from schemas import Target

Comparator = Literal["=", ">=", "<=", ">", "<"]

_FIGURE = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_DIGIT = re.compile(r"\d")
_PERCENT = re.compile(rf"(?<![\d/,])(?<!\d[.\-–])({_FIGURE})\s*(?:[-–]\s*({_FIGURE})\s*)?([%‰])")
_COUNT = re.compile(rf"(?<![\w/.,])(?<!\w[-–])({_FIGURE})(?:/\d+)?\s+(?=[^\W\d_])")  # "12/15 chỉ tiêu" is 12
_SPAN = re.compile(rf"(?<![\w/.,])(?<!\w[-–])({_FIGURE})\s*(?:[-–]|đến|tới)\s*({_FIGURE})\s+(?=[^\W\d_])")
_PER_HEAD = re.compile(
    rf"(?<![\w/.,])({_FIGURE})\s?(/\s?(?:1\.000|10\.000|100\.000|một nghìn|vạn)\s(?:dân|người|trẻ)[^\W\d_]*)"
)
# a score without a noun behind it: "Điểm trung bình … đạt từ 3,5 trở lên", "chỉ số … đạt 0,75"
_SCORE = re.compile(
    rf"(?:điểm|chỉ số)\b[^.;%]*?\b(?:đạt|từ|trên|tối thiểu|ít nhất)\s+({_FIGURE})"
    r"(?=\s+trở lên\b(?!\s*%)|\s*(?:[.;,]\s|[.;,]?$))",
    re.IGNORECASE,
)
# a span of life: "Tuổi thọ trung bình đạt trên 75 tuổi", "số năm sống khỏe tối thiểu 68 năm"
_YEARS = re.compile(rf"(?<![\w/.,\-–])({_FIGURE})\s+(tuổi|năm)(?!\w)(?!\s+\d)")
_LIFE = re.compile(r"tuổi thọ|năm sống|sống kh(?:ỏe|oẻ)")
_AGE_OF_GROUP = re.compile(r"(?:trẻ|trẻ em|người|phụ nữ|dân số)\s+(?:(?:từ|đủ|trên|dưới|hơn)\s+)+$")
# what a rate is counted on: "35 giường bệnh trên 10.000 dân", "số ca mắc trên 1.000 trẻ"
_BASE = re.compile(r"(?:trên|trong|mỗi|/)\s*$")
_ROUND = re.compile(r"10{0,2}(?:\.000)+|10{2,6}")
_RAISED = re.compile(r"\s*(?:lên|xuống)\s")
_ZEROES = str.maketrans("OoQ", "000")
# thousands with a nought read as a letter, or parted by a blank: "1.26O", "45.O00.000", "1 260"
_BROKEN_FIGURE = re.compile(r"(?<![\w.,])\d[\dOoQ]{0,2}(?:\.[\dOoQ]{3})+(?!\w)|(?<![\w.,])\d{1,3}(?: \d{3})+(?![\w.,])")
_DATE_WORDS = frozenset({
    "ngày", "tháng", "năm", "quý", "số", "điều", "khoản", "điểm", "mục", "phụ lục", "biểu", "mẫu", "án", "tuần", "cấp",
    "loại", "lần",
})  # fmt: skip


# --- money ------------------------------------------------------------------------------------------------------------


def read_number(figure: str) -> float:
    """A Vietnamese figure: "11.500.000" -> 11500000, "3,5" -> 3.5, "95.5" -> 95.5. Raises ValueError for no figure."""
    figure = figure.strip()
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", figure):
        return float(figure.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", figure):
        return float(figure.replace(",", ""))
    return float(figure.replace(",", "."))


def find_money(string: str, unit: str | None = None) -> list[int]:
    """Sums of money in đồng, in printed order. ``unit`` is that of the column, for bare figures of a cell."""
    string = _BROKEN_FIGURE.sub(lambda m: re.sub(r"\s", ".", m.group().translate(_ZEROES)), string)
    sums = list(_stated_sums(string))
    if (
        not sums
        and unit is not None
        and (bare := re.fullmatch(rf"\s*({_FIGURE}|\d{{1,3}}(?:,\d{{3}})+)\s*\.?\s*", string))
    ):
        figure = re.sub(r",(?=\d{3}(?:,|$))", ".", bare[1])  # no sum has three decimals: OCR took the dot for a comma
        sums.append(round(read_number(figure) * _money_units().get(_levelled(unit), 1)))
    return sums


def _stated_sums(string: str) -> Iterator[int]:
    """Figures with their units; "1 tỷ 200 triệu đồng" is one sum, "từ 100 đến 200 triệu đồng" two."""
    total, factor, end = 0, 0, -1
    for match in _money_pattern().finditer(string):
        own = _money_units()[_levelled(match["unit"])]
        amount = round(read_number(match["figure"]) * own)
        if end >= 0 and own < factor and not string[end : match.start()].strip():
            total += amount
        else:
            if end >= 0:
                yield total
            total = amount
        factor, end = own, match.end()
    if end >= 0:
        yield total


@lru_cache(maxsize=256)
def money_unit(heading: str) -> str | None:
    """The unit a column heading gives: "Kinh phí (triệu đồng)", "ĐVT: 1.000 đồng"; đồng where it names none."""
    levelled = _levelled(heading)
    found = [unit for unit in _money_units() if re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", levelled)]
    return max(found, key=len, default=None)


def read_budget(string: str, unit: str | None = None) -> int | None:
    """The sum a budget line or cell states: the total where it says so first, else its only or first sum."""
    sums = find_money(string, unit)
    return sums[0] if sums else None


@cache
def _money_units() -> dict[str, int]:
    return {_levelled(unit): int(factor) for unit, factor in load_table("quantities")["money"].items()}


@cache
def _money_pattern() -> re.Pattern[str]:
    units = "|".join(re.escape(u).replace(r"\ ", r"\s+") for u in sorted(_money_units(), key=len, reverse=True))
    return re.compile(rf"(?<![\d/])(?P<figure>{_FIGURE})\s*(?P<unit>{units})(?!\w)", re.IGNORECASE)


def _levelled(string: str) -> str:
    return " ".join(level(w) for w in string.split())


# --- targets ----------------------------------------------------------------------------------------------------------


def find_targets(string: str) -> list[Target]:
    """Quantified targets of an objective, in printed order: percentages, and counts of things from the table."""
    if not _DIGIT.search(string):
        return []
    found = sorted([*_percentages(string), *_counts(string)], key=lambda entry: entry[0])
    targets: list[Target] = []
    end = 0
    for start, target in found:
        before = string[end:start].strip()
        comparator = target.comparator
        if (
            targets
            and comparator == "="
            and re.fullmatch(rf"(?:{_FIGURE})?\s*{re.escape(targets[-1].unit)}\s*(?:,|và)", before)
        ):
            comparator = targets[-1].comparator  # "ít nhất 45 mô hình, 120 hộ": the comparison goes for the list
        elif (
            targets
            and re.search(r"(?:đến|tới|[-–])$", before)
            and targets[-1].comparator == ">="
            and len(before.split()) <= 4
        ):
            comparator = "<="  # "từ 5% đến 7%"
        targets.append(target.model_copy(update={"comparator": comparator}))
        end = start
    return targets


def _percentages(string: str) -> Iterator[tuple[int, Target]]:
    for match in _PERCENT.finditer(string):
        if _RAISED.match(string, match.end()) and re.search(r"từ\s+$", string[: match.start()]):
            continue  # "từ 70% lên 85%": where it stands now
        comparator = _comparator(string, match.start(), match.end())
        unit = match[3] + _rate_behind(string, match.end())
        if match[2] is not None:
            yield match.start(), _target(match[1], unit, ">=")
            yield match.start(2), _target(match[2], unit, "<=")
        else:
            yield match.start(), _target(match[1], unit, comparator)


def _counts(string: str) -> Iterator[tuple[int, Target]]:
    for match in _SPAN.finditer(string):  # "10 - 15 mô hình", "từ 10 đến 15 mô hình"
        noun = _noun_at(string, match.end())
        if noun is not None and not _is_name(string, match.start()) and not _in_enumeration(string, match.start()):
            yield match.start(), _target(match[1], noun, ">=")
            if string[match.start(2) - 1] in "-–":  # else the count below sees it
                yield match.start(2), _target(match[2], noun, "<=")
    for match in _PER_HEAD.finditer(string):
        yield match.start(), _target(match[1], match[2], _comparator(string, match.start(), match.end()))
    for match in _YEARS.finditer(string):
        comparator = _comparator(string, match.start(), match.end())
        if _is_span_of_life(_clause_before(string, match.start()), comparator):
            yield match.start(), _target(match[1], match[2], comparator)
    for match in _SCORE.finditer(string):
        yield match.start(1), _target(match[1], "điểm", _comparator(string, match.start(1), match.end(1)))
    for match in _COUNT.finditer(string):
        comparator = _comparator(string, match.start(), match.end())
        noun = (
            _scaled(string, match.end())
            or _noun_at(string, match.end())
            or _unlisted_noun(string, match.end(), comparator)
            or _span_aimed_at(string, match.start(), match.end())
        )
        if noun is not None and (
            _is_share(string, match.start(), noun) or _is_base(_clause_before(string, match.start()), match[1], noun)
        ):
            continue
        if noun is None or _is_name(string, match.start()) or _in_enumeration(string, match.start()):
            continue
        yield match.start(), _target(match[1], noun, comparator)


def _is_share(string: str, start: int, noun: str) -> bool:
    """ "95% trẻ … được tiêm 01 mũi": what each one gets, behind the percentage of those who do."""
    shares = load_table("quantities")["counted"]["shares"]
    return noun.partition("/")[0] in shares and re.search(r"%[^.;]*$", string[:start]) is not None


def _clause_before(string: str, end: int) -> str:
    """What stands in front of the character ``end`` since the last semicolon or the last full stop before a capital."""
    return re.split(r";|\.(?=\s+[^\W\da-zà-ỹđ])", string[:end])[-1].lower()


def _is_span_of_life(clause: str, comparator: Comparator) -> bool:
    """Whether years behind these words are how long people live, not the age of those who are meant."""
    stated = comparator != "=" or re.search(r"(?:đạt|là|khoảng|lên|mức|thọ|bình|quân|khỏe|khoẻ)\s+$", clause)
    return bool(_LIFE.search(clause) and stated and not _AGE_OF_GROUP.search(clause))


def _is_base(clause: str, figure: str, noun: str) -> bool:
    """ "trên 10.000 dân": so many heads a rate is counted on, behind what is counted."""
    if not (_BASE.search(clause) and _ROUND.fullmatch(figure)):
        return False
    if noun.split()[0] == "dân":
        return True
    bases = load_table("quantities")["counted"]["bases"]
    rate = re.search(r"(?:tỷ|tỉ) (?:lệ|suất|số)|mật độ|\d\s+[^\d%,]+$", clause)
    return noun.split()[0] in bases and rate is not None


def _span_aimed_at(string: str, start: int, end: int) -> str | None:
    """ "rút ngắn tối thiểu 02 ngày làm việc", "thời gian chờ khám không quá 90 phút/lượt": a span of time aimed at."""
    if not _span_pattern().search(_levelled(string[:start])):
        return None
    behind = _levelled(string[end : end + 30])
    spans = load_table("quantities")["counted"]["spans"]
    span = next((s for s in spans if re.match(rf"{s}(?!\w)", behind)), None)
    return span and span + _rate_behind(string, end + len(span))


@cache
def _span_pattern() -> re.Pattern[str]:
    counted = load_table("quantities")["counted"]
    words = "|".join(map(re.escape, [*counted["cut"], *counted["lengths"]]))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)[^.;]*$")


def _target(figure: str, unit: str, comparator: Comparator) -> Target:
    value = read_number(figure)
    return Target(value=int(value) if value.is_integer() else value, unit=unit, comparator=comparator)


def _noun_at(string: str, start: int) -> str | None:
    """The longest counted noun that begins at ``start``, with its acronym and its rate: "cuốn sách/năm"."""
    words = list(re.finditer(r"[^\W_]\w*", string[start : start + 60]))[:4]
    for length in range(len(words), 0, -1):
        phrase = " ".join(level(w.group()) for w in words[:length])
        if phrase in _nouns():
            end = start + words[length - 1].end()
            return phrase + (_listed_places(string, end, phrase) or _behind_noun(string, end))
    return None


def _listed_places(string: str, start: int, phrase: str) -> str:
    """ "12 huyện, thị xã, thành phố tổ chức …": places of one level are counted together, as printed."""
    places = load_table("quantities")["counted"]["places"]
    if phrase not in places:
        return ""
    one = "|".join(re.escape(p) for p in sorted(places, key=len, reverse=True))
    listed = re.match(rf"(?:(?:,| và|, và) (?:{one})(?!\w)(?!\s+[A-ZĐ]))+", string[start:])
    return listed.group() if listed else ""


def _behind_noun(string: str, start: int) -> str:
    """What belongs to the noun in front: an acronym ("sản phẩm OCOP"), a rate ("/năm", "/vạn dân")."""
    acronym = re.match(r"\s[A-ZĐƯ]{3,}(?![\w-])", string[start:])
    behind = acronym.group() if acronym else ""
    return behind + _rate_behind(string, start + len(behind))


def _rate_behind(string: str, start: int) -> str:
    """ "/năm", "/vạn dân" right behind a unit; "" where no rate stands there."""
    rate = _rate_pattern().match(string, start)
    return rate.group().replace(" /", "/").replace("/ ", "/") if rate else ""


@cache
def _rate_pattern() -> re.Pattern[str]:
    """ "/vạn dân", "/đơn vị", "/trạm y tế xã": a unit of a rate, or any counted thing with the level it belongs to."""
    counted = load_table("quantities")["counted"]
    rates = "|".join(re.escape(r) for r in sorted({*counted["rates"], *counted["nouns"]}, key=len, reverse=True))
    levels = "|".join(re.escape(p) for p in sorted(counted["levels"], key=len, reverse=True))
    of_level = rf"(?:\s(?:cấp\s)?(?:{levels})(?!\w)(?:,\s(?:{levels})(?!\w))*)?"
    return re.compile(rf"(?:\s?/\s?(?:{rates})(?!\w){of_level})+", re.IGNORECASE)


def _scaled(string: str, start: int) -> str | None:
    """ "3,2 triệu lượt khách", "4.500 tỷ đồng", "5,5 triệu đồng/người/tháng": the scale belongs to the unit."""
    scale = re.match(r"(nghìn|ngàn|triệu|tỷ|tỉ)\s+", string[start:], re.IGNORECASE)
    if scale is None:
        return None
    rest = string[start + scale.end() :]
    money = re.match(r"đồng(?:/[^\W\d_]+)*", rest)
    noun = money.group() if money else _noun_at(string, start + scale.end())
    return f"{scale[1].lower()} {noun}" if noun else None


def _unlisted_noun(string: str, start: int, comparator: Comparator) -> str | None:
    """A noun that is not in the table: an acronym ("45 HTX"), or any behind a comparison ("ít nhất 3.000 trang")."""
    acronym = re.match(r"[A-ZĐƯ]{2,}(?![\w/-])", string[start:])
    if acronym is not None:
        return acronym.group() + _behind_noun(string, start + acronym.end())
    if comparator == "=":
        return None
    word = re.match(r"[^\W\d_]+", string[start:])
    if word is None or word.group()[:1].isupper() or level(word.group()) in _not_counted():
        return None
    second = re.match(r"\s[^\W\d_]+", string[start + word.end() :])
    counted = load_table("quantities")["counted"]
    end = word.end()
    if (
        second is not None
        and second.group().strip().islower()
        and level(second.group().strip()) not in counted["no_second"]
    ):
        end += second.end()
    return string[start : start + end] + _behind_noun(string, start + end)


@cache
def _not_counted() -> frozenset[str]:
    return frozenset(w for unit in (*_money_units(), *load_table("quantities")["counted"]["not"]) for w in unit.split())


@cache
def _nouns() -> frozenset[str]:
    return frozenset(_levelled(n) for n in load_table("quantities")["counted"]["nouns"])


def _is_name(string: str, start: int) -> bool:
    """Whether the number is part of a name: "Đề án 06", "Phụ lục 1", "năm 2026", "số 57"."""
    before = [level(w) for w in re.findall(r"[^\W\d_]+", string[max(0, start - 24) : start])]
    gap = string[:start].rstrip()
    return bool(before) and before[-1] in _DATE_WORDS and gap[-1:].isalpha()


def _in_enumeration(string: str, start: int) -> bool:
    """Whether the number stands in a list behind a colon inside brackets: its members are no targets of their own."""
    opened = string.rfind("(", 0, start)
    return opened >= 0 and ")" not in string[opened:start] and ":" in string[opened:start]


def _comparator(string: str, start: int, end: int) -> Comparator:
    before = _levelled(re.sub(r"[(“\"]", " ", string[max(0, start - 40) : start]))
    behind = _levelled(string[end : end + 60])
    for sign, pattern in _comparators_behind():
        if pattern.match(behind):
            return sign
    best: tuple[int, Comparator] = (0, "=")
    for sign, words, pattern in _comparators_before():
        length = len(words)
        if length > best[0] and words in before and pattern.search(before):
            best = (length, sign)
    return best[1]


@cache
def _comparators_behind() -> tuple[tuple[Comparator, re.Pattern[str]], ...]:
    """Words of comparison that stand behind the figure ("trở lên")."""
    return tuple(
        (cast(Comparator, sign), re.compile(rf"(?:[^\W\d]+\s+){{0,2}}(?:{'|'.join(map(re.escape, phrases))})(?!\w)"))
        for sign, phrases in load_table("quantities")["comparators_behind"].items()
    )


@cache
def _comparators_before() -> tuple[tuple[Comparator, str, re.Pattern[str]], ...]:
    """Words of comparison in front of the figure: the longest counts."""
    return tuple(
        (
            cast(Comparator, sign),
            levelled,
            re.compile(rf"(?<!\w){re.escape(levelled)}(?:\s+(?:là|đạt|khoảng|có|số))?$"),
        )
        for sign, phrases in load_table("quantities")["comparators"].items()
        for levelled in map(_levelled, phrases)
    )
