"""The forms in which Vietnamese plans print times, as token patterns of spaCy's Matcher, by label.

Sources: Nghị định 30/2020/NĐ-CP, Phụ lục I ("ngày 05 tháng 01 năm 2020"); provincial plans of many fields for the
short forms ("30/9/2025", "Quý II, III/2026", "tuần 1 tháng 3", "T6/2025"). :mod:`.times` turns matches into values.
"""

from __future__ import annotations

from typing import Any

from spacy.tokens import Doc, Span

from pipeline.knowledge import load_table

TokenPattern = dict[str, Any]
Pattern = list[TokenPattern]

_DAY_WORD: TokenPattern = {"NORM": "ngay"}
_MONTH_WORD: TokenPattern = {"NORM": "thang"}
_YEAR_WORD: TokenPattern = {"NORM": "nam"}
_QUARTER_WORD: TokenPattern = {"LOWER": {"IN": ["quý", "qúy"]}}
_DAY: TokenPattern = {"TEXT": {"REGEX": r"^(0?[1-9]|[12]\d|3[01])$"}}
_MONTH: TokenPattern = {"TEXT": {"REGEX": r"^(0?[1-9]|1[0-2])$"}}
_YEAR: TokenPattern = {"TEXT": {"REGEX": r"^(19|20)\d\d$"}}
_QUARTER: TokenPattern = {"TEXT": {"REGEX": r"^([IlL1|]{1,3}|[IlL1|]V|0?[1-4])$"}}
_SLASH: TokenPattern = {"TEXT": {"IN": ["/", "-", "–"]}}
_TO: Pattern = [{"LOWER": {"IN": ["-", "–", "—", "đến", "tới"]}}]
_AND: TokenPattern = {"LOWER": {"IN": [",", "và", ";", "&", "hoặc"]}}
_COUNT = r"^(0?[1-9]|1[0-2]|một|hai|ba|bốn|sáu|chín)$"
_MOST = 5  # months or quarters in one list

_ORDINALS = frozenset(
    {"tuần", "thứ", "đợt", "lần", "kỳ", "quý", "bước", "tháng", "khóa", "lớp", "điều", "khoản", "mục", "mức", "cấp"}
)
"""Words whose number belongs to them, not to the month behind: "tuần 1 tháng 3", "đợt 2 tháng 5"."""


def _maybe(token: TokenPattern) -> TokenPattern:
    return {**token, "OP": "?"}


def _of_year(pattern: Pattern) -> list[Pattern]:
    """The pattern followed by its year in each form: "… năm 2026", "…/2026", "… 2026"."""
    return [[*pattern, _YEAR_WORD, _YEAR], [*pattern, _SLASH, _YEAR], [*pattern, _YEAR]]


def _with_or_without_year(pattern: Pattern) -> list[Pattern]:
    return [pattern, *_of_year(pattern)]


def _lists(word: TokenPattern, element: TokenPattern) -> list[Pattern]:
    """ "tháng 3, 6, 9 và tháng 12/2026": up to five elements, the word before each or before the first only."""
    return [
        p
        for count in range(1, _MOST)
        for p in _with_or_without_year([word, element, *(count * [_AND, _maybe(_AND), _maybe(word), element])])
    ]


def time_patterns() -> dict[str, list[Pattern]]:
    """Every pattern by its label; a longer match wins over the shorter ones inside it."""
    day: Pattern = [_maybe(_DAY_WORD), _DAY]
    month: Pattern = [_MONTH_WORD, _MONTH]
    quarter: Pattern = [_QUARTER_WORD, _QUARTER]
    words = [w for w in load_table("deadlines")["month_words"] if w != "năm"]
    month_in_words: Pattern = [_MONTH_WORD, {"LOWER": {"IN": words}}]
    short_month: TokenPattern = {"TEXT": {"REGEX": r"^T\.?(0?[1-9]|1[0-2])$"}}
    more_days: Pattern = [_AND, _maybe(_DAY_WORD), _DAY]
    day_lists: list[Pattern] = [[_DAY_WORD, _DAY, *(count * more_days)] for count in range(1, _MOST)]
    return {
        "date": [
            [*day, _SLASH, _MONTH, _SLASH, _YEAR],
            [*day, {"TEXT": "/"}, _MONTH, _YEAR_WORD, _YEAR],
            *_of_year([*day, *month]),
            [_maybe(_DAY_WORD), {"TEXT": {"REGEX": r"^\d{1,2}\.\d{1,2}\.(19|20)\d\d$"}}],
        ],
        "short_date": [[_DAY_WORD, _DAY, {"TEXT": "/"}, _MONTH, {"TEXT": "/"}, {"TEXT": {"REGEX": r"^[2-4]\d$"}}]],
        "day_month": [
            [*day, {"TEXT": "/"}, _MONTH],
            [_DAY_WORD, _DAY, {"TEXT": "-"}, _MONTH],
            [*day, *month],
            [_DAY_WORD, {"TEXT": {"REGEX": r"^(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])$"}}],
        ],
        "day": [[_DAY_WORD, _DAY]],
        "day_list": [
            p
            for days in day_lists
            for p in (
                days,
                *([*days, {"TEXT": "/"}, _MONTH, *year] for year in ([], [{"TEXT": "/"}, _YEAR], [_YEAR_WORD, _YEAR])),
                *_with_or_without_year([*days, *month]),
            )
        ],
        "day_range": [
            [*day, *_TO, *day, _SLASH, _MONTH],
            [*day, *_TO, *day, _SLASH, _MONTH, _SLASH, _YEAR],
            *_of_year([*day, *_TO, *day, *month]),
            [*day, *_TO, *day, *month],
        ],
        "month_year": [
            *_of_year(month),
            [_MONTH, {"TEXT": "/"}, _YEAR],
            *_of_year(month_in_words)[:2],
            [short_month, {"TEXT": "/"}, _YEAR],
        ],
        "month": [month, month_in_words],
        "week": [[*week, *p] for week in _weeks() for p in (*_with_or_without_year(month), month_in_words)],
        "month_range": [
            *(p for to in ([*_TO], [*_TO, _MONTH_WORD]) for p in _with_or_without_year([*month, *to, _MONTH])),
            *(p for end in (short_month, _MONTH) for p in _with_or_without_year([short_month, *_TO, end])),
        ],
        "month_list": _lists(_MONTH_WORD, _MONTH),
        "quarter_year": [
            *_of_year(quarter),
            *_of_year([{"LOWER": "quy"}, {"TEXT": {"REGEX": r"^(I{1,3}|IV)$"}}]),
            [{"TEXT": {"REGEX": r"^Q\.?(I{1,3}|IV|[1-4])$"}}, {"TEXT": "/"}, _YEAR],
        ],
        "quarter": [quarter, [{"LOWER": "quy"}, {"TEXT": {"REGEX": r"^(I{1,3}|IV)$"}}]],
        "quarter_range": [
            p for to in ([*_TO], [*_TO, _QUARTER_WORD]) for p in _with_or_without_year([*quarter, *to, _QUARTER])
        ],
        "quarter_list": _lists(_QUARTER_WORD, _QUARTER),
        "part_of_year": [
            [*part, {"LOWER": {"IN": ["đầu", "cuối"]}}, _YEAR_WORD, *year]
            for part in ([{"LOWER": {"REGEX": _COUNT}}, _MONTH_WORD], [{"LOWER": "nửa"}])
            for year in ([], [_YEAR], [_YEAR_WORD, _YEAR])
        ],
        "year": [[_YEAR_WORD, _YEAR], [_YEAR]],
        "year_range": [
            [_maybe(_YEAR_WORD), _YEAR, *to, _maybe(_YEAR_WORD), _YEAR]
            for to in ([*_TO], [{"LOWER": "đến"}, {"LOWER": "hết"}])
        ],
        **_repetitions(),
    }


def _weeks() -> list[Pattern]:
    """Parts of a month: "tuần 1", "tuần lễ thứ hai của", "tuần 3, 4", "trung tuần", "10 ngày đầu", "nửa cuối"."""
    ordinal: TokenPattern = {
        "LOWER": {"REGEX": r"^(0?[1-5]|i{1,3}|iv|đầu|cuối|giữa|một|nhất|hai|ba|tư|bốn|tiên|cùng)$"}
    }
    of: TokenPattern = {"LOWER": {"IN": ["của", "trong"]}, "OP": "?"}
    begin: Pattern = [{"LOWER": "tuần"}, {"LOWER": {"IN": ["lễ", "thứ"]}, "OP": "*"}, ordinal]
    return [
        [*begin, _maybe(ordinal), of],
        [*begin, {"LOWER": {"IN": ["-", "–", ",", "và", "đến"]}}, {"LOWER": "tuần", "OP": "?"}, ordinal, of],
        [{"LOWER": {"IN": ["thượng", "trung", "hạ"]}}, {"LOWER": "tuần"}, of],
        [{"IS_DIGIT": True}, {"LOWER": "ngày"}, {"LOWER": {"IN": ["đầu", "cuối"]}}, of],
        [{"LOWER": "nửa"}, {"LOWER": {"IN": ["đầu", "cuối"]}}, of],
    ]


def _repetitions() -> dict[str, list[Pattern]]:
    """ "6 tháng/lần", "01 lần/tháng", "quý một lần"; "6 tháng (trước ngày …)" is told from "18 tháng" later."""
    units = {"LOWER": {"IN": ["ngày", "tuần", "tháng", "quý", "năm"]}}
    number = {"LOWER": {"REGEX": r"^(\d+|một|hai|ba|bốn|sáu|chín)$"}}
    once = {"LOWER": {"IN": ["1", "01", "một"]}}
    times: TokenPattern = {"LOWER": {"IN": ["lần", "đợt", "kỳ", "cuộc", "buổi", "phiên", "số", "tin", "bài"]}}
    least: Pattern = [{"LOWER": {"IN": ["ít", "tối"]}}, {"LOWER": {"IN": ["nhất", "thiểu"]}}]
    return {
        "every": [
            [number, units, {"TEXT": "/"}, _maybe(once), times],
            [number, units, once, times],
            [units, {"TEXT": "/"}, _maybe(once), times],
            [units, once, times],
            [{"LOWER": "định"}, {"LOWER": "kỳ"}, number, {"LOWER": {"IN": ["tháng", "năm"]}}],
        ],
        "times_per": [
            [number, times, {"LOWER": {"IN": ["/", "mỗi", "trong", "một"]}}, _maybe(once), units],
            [once, units, number, times],
            [units, number, {"LOWER": {"IN": ["lần", "buổi"]}}],  # "phát thanh ngày 02 lần"
            *(
                [
                    {"LOWER": {"IN": ["mỗi", "hằng"]}},
                    units,
                    *filler,
                    {"LOWER": {"REGEX": r"^(\d+|một|hai|ba|bốn)$"}},
                    times,
                ]
                for filler in ([], least)
            ),
        ],
        "months": [
            [{"LOWER": {"IN": ["6", "06", "sáu", "3", "03", "ba", "9", "09", "chín"]}}, {"LOWER": "tháng"}],
            [{"LOWER": {"IN": ["1", "01", "một"]}}, {"LOWER": "năm"}],
        ],
    }


def is_torn(doc: Doc, span: Span) -> bool:
    """Whether the match takes a number from its neighbour.

    That is so inside a date ("10 đến 03/11" in "30/10 đến 03/11"), behind a word that counts ("1 tháng 3" in "tuần 1
    tháng 3"), and where a list runs into a count ("tháng 6, 10" in "trong tháng 6, 10 đơn vị").
    """
    start, end = span.start, span.end
    if doc[start].is_digit and start > 0:
        if start > 1 and doc[start - 1].text == "/" and doc[start - 2].is_digit:
            return True
        if span.label_ in ("date", "day_month", "day_range") and doc[start - 1].lower_ in _ORDINALS:
            return True
    if span.label_ in ("month_list", "quarter_list", "day_list") and end < len(doc) and end - start > 2:
        counted = doc[end].is_alpha and doc[end].lower_ not in ("hằng", "mỗi", "năm", "và", "hoặc", "của", "tháng")
        return counted and doc[end - 2].lower_ in (",", "và", ";", "&", "hoặc")
    return False
