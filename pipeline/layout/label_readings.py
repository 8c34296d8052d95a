"""What label the beginning of a paragraph may be.

Form of text: "I. MỤC ĐÍCH", "2.1. Mục tiêu chung", "a) Về thể chế", "(1) Hạ tầng", "1/ Nội dung", "Phần thứ nhất",
"Điều 3."; or a token that might have been one before OCR broke it: "I11.", "|.", "HI", "233 Phấn đấu". Which reading
holds is decided by the sequence, in :mod:`pipeline.layout.numbering`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.knowledge.folding import fold
from pipeline.knowledge.forms import numbering_words
from pipeline.layout.labels import CAPITALS, LETTERS, ROMAN_VALUES, Label, Style


class Reading(NamedTuple):
    """A way to read the beginning of a paragraph: its label, where the text behind it starts, what it costs."""

    label: Label
    end: int
    cost: float = 0.0


class Opening(NamedTuple):
    """What the search needs to know of a paragraph."""

    readings: tuple[Reading, ...]  # labels as printed
    broken: tuple[str, int] | None  # a token that may be a broken label, and where the text behind it starts
    plain: float  # cost of taking it for no label
    opens_list: bool = False  # an un-numbered line ending with ":" stands right before
    opens_inner: bool = False  # a bullet ending with ":" does
    lost: bool = False  # nothing is left of a chapter's label, or letters that resemble none: the sequence must want it


_GARBAGE = r"[\s‘’'`“”„\"*.,·•_~^|¦‹›«»:;]{0,4}"
_WORDED = re.compile(
    rf"^{_GARBAGE}(?P<word>\w{{3,6}})\s+(?P<ordinal>th\w{{1,2}}\s+)?(?P<value>\w{{1,5}})\s*[.:\-–)]*\s*", re.IGNORECASE
)
_ROMAN = re.compile(rf"^{_GARBAGE}(?P<value>[IVX]{{1,6}})(?P<stop>\s?[.\-–/):,]+\s*|\s+)(?=\S|$)")
_CAPITAL = re.compile(rf"^{_GARBAGE}(?P<value>[A-HĐ])(?P<stop>\s?[.\-–/):]\s*|,\s+)(?=\S)")
_DECIMAL = re.compile(
    rf"^{_GARBAGE}(?P<value>\d{{1,2}}(?:\s?[.,]\s?\d{{1,2}}(?![\d%/])){{0,4}})"
    r"(?P<stop>\s?[.:]+(?:\s[.,:])*\s*|,\s+(?=[^\W\d_])|\s?[.]?-\s+|\s?/\s*(?=[^\W\d])|\s?\)[.:]?\s*|\s+)(?=\S)"
)
_LETTER = re.compile(rf"^{_GARBAGE}(?P<value>[a-zđ])(?P<stop>\s?[.)/]\s*|\)[.:]?\s*|,\s+)(?=\S)")
_BRACKETS = re.compile(rf"^{_GARBAGE}\(\s?(?P<value>\d{{1,2}}|[a-zđ])\s?\)[.:]?\s*(?=\S)")
_BROKEN = re.compile(r"^(?P<token>\S{1,9}(?:\s\d{1,2}[.)])?)\s*(?P<rest>\S.*)?$", re.DOTALL)
_WHOLE = re.compile(r"^(?=\S*\d|[Il|]\.)[\dIVXivxlL|!ZSO]{1,2}(?:[.,][\dIVXivxlL|!ZSO]{1,2}){1,4}[.,):\-]?\s")
_GLUED = re.compile(r"^(?P<token>[\dIVXivxlL|!.,]{1,8}[.,)])(?P<rest>[^\W\d_][^.]*)")
_GLUED_LETTER = re.compile(r"^(?P<token>[^\s)]{1,2}\)\.?)(?P<rest>[^\W\d_].*)", re.DOTALL)
_WILD = re.compile(
    r"^(?P<token>[^\W\d_A-ZĐ]{1,3})[.,]?\s+(?P<rest>[A-ZĐÂĂÊÔƠƯ][^.;:]{5,80})$"
)  # "ai Nâng cao năng lực" for "3."
_SPECK = re.compile(r"(?P<value>\d{1,2}(?:\.\d{1,2})*)\.\s+(?=[^\W\d_][^.;:]{3,80}$)")
_BEHIND_SPECK, _PLAIN_BEHIND_SPECK = 0.5, 2.0
_PLAIN_IF_LOST = 1.0
_LEVELLED = str.maketrans("⁄{}", "/()")
_STROKES = re.compile(r"[IVXHLl1|]{1,5}[.,]")
_FIGURE_LIKE = frozenset("ZSBAYTGTUNÂÄÓ€§?")
_DOUBTED = 0.35  # the confidence below which OCR's reading of a label is little more than a guess
_UNSURE = 0.8
_LABEL_LIKE = frozenset("0123456789IVXLHTJUivxl|!.,():;/-–'’‘`\"”“[]{}SsOoBZz¡†t¥Y")


def open_paragraph(
    text: str,
    *,
    opens_list: bool = False,
    opens_inner: bool = False,
    continues: bool = False,
    heading_like: bool = False,
    printed: str = "",
    confidence: float = 1.0,
    chapter: bool = False,
) -> Opening:
    """All that the beginning of ``text`` may be.

    ``continues``: the text before did not end its sentence, so a number here more likely belongs to it.
    ``heading_like``: capitals, bold type or centring speak for a heading.
    ``printed``: its first word before restoration, which may have made a word of a label ("HII." -> "HIỆN.").
    ``chapter``: capitals that are the heading of a chapter ("MỤC TIÊU"): its label may have been lost.
    ``confidence``: how sure OCR is of that word; labels bear no marks, so a marked one is not sure either.
    """
    worded = _worded(text)
    text = _label_as_printed(text, printed)
    text = text[:8].translate(_LEVELLED) + text[8:]
    marked, text = text, _unmarked_start(text)
    readings = (worded,) if worded else tuple(_printed_readings(text))
    doubted = confidence < _DOUBTED or marked[:2] != text[:2]
    if not worded and doubted:
        readings = tuple(r._replace(cost=r.cost + _UNSURE) for r in readings if r.label.style is not Style.LETTER)
    plain = 0.0
    for reading in readings:
        rest = text[reading.end :].lstrip("“\"'*_ ")
        doubt = reading.cost + (1.5 if continues else 0.0) - (0.5 if heading_like else 0.0)
        plain = max(plain, 5.0 - 1.6 * doubt if rest[:1].isupper() or rest[:1].isdigit() else 0.8)
    broken = _broken_token(text, doubted)
    lost = not readings and broken is None
    if lost and chapter:
        return Opening((), ("", 0), _PLAIN_IF_LOST, lost=True)
    if lost and (match := _WILD.match(text)):
        return Opening((), (match["token"], match.start("rest")), _PLAIN_IF_LOST, opens_list, lost=True)
    if broken and not readings:
        plain = 3.0 if heading_like else 2.6 if re.search(r"[\d|!.,)/-]", broken[0]) else 0.9
    return Opening(readings, broken, plain, opens_list, opens_inner)


NO_LABEL = Opening((), None, 0.0)
"""What begins with a bullet or a speck, and is no label for all that."""


def number_behind_bullet(text: str, start: int) -> str | None:
    """The number that stands behind a bullet or a speck, as printed: "2", "1.3"."""
    match = _SPECK.match(text, start)
    return match["value"] if match else None


def open_behind_speck(text: str, start: int, printed: str = "") -> Opening:
    """ "- 2. Mục tiêu cụ thể": a speck before a heading's number, or a bullet; a number that goes on says which."""
    match = _SPECK.match(text, start)
    if match is None and printed.isalpha() and _WILD.match(f"{printed} {text[start:]}"):
        return Opening((), (printed, start), _PLAIN_IF_LOST, lost=True)  # letters that were taken for a bullet
    if match is None or int(match["value"].rpartition(".")[2]) < 2:
        return NO_LABEL
    label = Label(Style.DECIMAL, tuple(map(int, match["value"].split("."))))
    return Opening((Reading(label, match.end(), _BEHIND_SPECK),), None, _PLAIN_BEHIND_SPECK)


def _label_as_printed(text: str, printed: str) -> str:
    """``text`` with its first word as OCR read it, where that is strokes and a point, a label rather than a word.

    The text behind the word must stay where it is, so the word is only put back at its own length or shorter.
    """
    first = text.split(" ", 1)[0]
    if printed == first or not first or len(printed) > len(first) or not _STROKES.fullmatch(printed):
        return text
    return printed + " " * (len(first) - len(printed)) + text[len(first) :]


def _unmarked_start(text: str) -> str:
    """OCR sets marks on strokes ("VỊ." for "VI."): the first letters without them, đ apart, as many as before."""
    start = unicodedata.normalize("NFC", text[:8])
    bare = "".join(unicodedata.normalize("NFD", c)[0] for c in start)
    return bare + text[8:] if len(bare) == len(text[:8]) else text


def _printed_readings(text: str) -> Iterator[Reading]:
    if match := _BRACKETS.match(text):
        value = match["value"]
        number = int(value) if value.isdigit() else LETTERS.index(value) + 1
        if number:
            yield Reading(Label(Style.BRACKETS, (number,)), match.end(), _behind(text, match.end()))
        return
    if (match := _ROMAN.match(text)) and match["value"] in ROMAN_VALUES:
        missing = 0.0 if match["stop"].strip() else 1.2
        yield Reading(
            Label(Style.ROMAN, (ROMAN_VALUES[match["value"]],)), match.end(), missing + _behind(text, match.end())
        )
    if match := _CAPITAL.match(text):
        number = CAPITALS.index(match["value"]) + 1
        comma = 0.8 if "," in match["stop"] else 0.2
        yield Reading(Label(Style.CAPITAL, (number,)), match.end(), comma + _behind(text, match.end()))
    if match := _DECIMAL.match(text):
        yield from _decimal(text, match)
    if match := _LETTER.match(text):
        missing = 0.0 if ")" in match["stop"] else 0.9 if "," in match["stop"] else 0.4
        yield Reading(
            Label(Style.LETTER, (LETTERS.index(match["value"]) + 1,)), match.end(), missing + _behind(text, match.end())
        )


def _worded(text: str) -> Reading | None:
    match = _WORDED.match(text)
    if not match:
        return None
    words = numbering_words()
    style = words.styles.get(fold(match["word"]))
    if style is None:
        return None
    rest = text[match.end() :]
    value = fold(match["value"])
    number = words.ordinals.get(value) if match["ordinal"] else None
    if number is None and match["value"].upper() in ROMAN_VALUES:
        number = ROMAN_VALUES[match["value"].upper()]
    if number is None and value.isdigit():
        number = int(value)
    if not number or (style != Style.ARTICLE and rest and not _capitals(rest) and not _short_title(match, rest)):
        return None
    printed = " ".join(text[match.start("word") : match.end("value")].split())
    if printed.isupper():  # "PHẦN THỨ NHẤT" -> "Phần thứ nhất", "CHƯƠNG II" -> "Chương II"
        word, _, rest = printed.partition(" ")
        printed = f"{word.capitalize()} {rest.lower() if match['ordinal'] else rest}"
    return Reading(Label(Style(style), (number,), printed), match.end())


def _short_title(match: re.Match[str], rest: str) -> bool:
    """ "Mục 1. Mục tiêu chung", "Phần II: Nhiệm vụ": a sign and a capital behind the number, no sentence."""
    stop = match.string[match.end("value") : match.end()].strip()
    written = match["word"][:1].isupper() and rest[:1].isupper()
    return written and stop[:1] in (".", ":") and len(rest) < 120 and not rest.rstrip().endswith((".", ";"))


def _decimal(text: str, match: re.Match[str]) -> Iterator[Reading]:
    value = tuple(int(part) for part in re.split(r"\s?[.,]\s?", match["value"]))
    if 0 in value:
        return
    stop = match["stop"].strip()
    end = match.end()
    after = text[end : end + 1]
    if len(value) == 1 and not stop and not (after.isupper() and not match["value"].startswith("0")):
        return
    if after.isdigit() and match["stop"] == ".":  # "2.3.100" is no label
        return
    cost = _behind(text, end)
    if len(value) == 1:
        cost += {"": 1.6, ",": 1.0, "/": 0.0, ")": 0.0}.get(stop, 0.0) + (3.0 if value[0] > 40 else 0.0)
        style = {"/": Style.SLASH, ")": Style.PAREN}.get(stop, Style.DECIMAL)
    else:
        style = Style.DECIMAL
        cost += 0.2 if not stop else 0.0
        cost += 0.6 if "," in match["value"] else 0.0
    yield Reading(Label(style, value), end, cost)


def _behind(text: str, end: int) -> float:
    """What follows a label begins with a capital or a figure; a small letter is doubtful, nothing at all more so."""
    rest = text[end:].lstrip("“\"'(*_ ")
    if not rest:
        return 0.6
    if rest[0].isupper() or rest[0].isdigit():
        return 0.0
    return 1.8


def _capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return not letters or sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _broken_token(text: str, doubted: bool) -> tuple[str, int] | None:
    """The first token when it might be a label that OCR broke: short, label-like, a capital behind it.

    A ``doubted`` one may be of any letters, if it is as short as a label and ends like one.
    """
    text_start = len(text) - len(text.lstrip(" ‘’'`“”\"_~^"))
    body = text[text_start:]
    whole = _WHOLE.match(body)  # "1.I. Nạo vét" is one label, not "1." before a word
    match = _BROKEN.match(body) if whole else _GLUED.match(body) or _GLUED_LETTER.match(body) or _BROKEN.match(body)
    if not match or not match["rest"]:
        return None
    token, rest = match["token"], match["rest"].lstrip("“\"' ‘’”:.")
    if not rest[:1].isupper() and not rest[:1].isdigit():
        return None
    like = sum(c in _LABEL_LIKE for c in token) / len(token)
    lettered = len(token) <= 4 and token.rstrip(".").endswith(")")
    lettered = lettered or (doubted and 2 <= len(token) <= 4 and token[-1] in ".,")
    stroke = any(c.isdigit() or c in "IVXLHl|!ivx" for c in token)
    figure = len(token) <= 3 and token[-1:] in ".,)/-–" and token[0] in _FIGURE_LIKE  # "Z." for "2.", "Y." for "V."
    if (not lettered and not figure and (like < 0.75 or not stroke)) or "%" in token:
        return None
    if re.fullmatch(r"[A-Za-z]{3,}", token) and not re.fullmatch(r"[IVXLHTl]+", token):
        return None
    return token, text_start + match.start("rest")
