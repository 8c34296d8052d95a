"""Lines to paragraphs, over line and page breaks.

Form of text: the body lines of a plan in reading order. Each break between two lines is weighed by what is known of
it: bullets and labels, white space, indents, how far the line before runs, how its sentence ends, capitals. Geometry
helps where there is any; a dump of a text layer has only its words, its blank lines and the width it was wrapped at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.knowledge.attributes import attribute_of
from pipeline.knowledge.folding import UPPER, fold_words
from pipeline.knowledge.forms import organ_words, sentence_openings
from pipeline.layout.closing import opens_closing
from pipeline.layout.markers import read_marker
from pipeline.values import Line, Paragraph, Text

_LABEL = re.compile(
    r"^\W{0,2}(?:[IVXivxl|1]{1,6}\s?[.,\-–/⁄)]\s*"  # I. II- lI, 1/
    r"|\d{1,2}(?:[.,]\d{1,2}){1,4}\s?[.):\-]?\s+|[\dIl|Z]{1,2}(?:[.,][\dIl|ZSO]{1,2}){1,4}[.,):\-]\s+"  # 1.1. 1.I.
    r"|\d{1,2}(?:\s?[./⁄)}]\s*|,\s+|\s?-\s+)"  # 1. 2} 3, 1-
    rf"|[a-zđạàáả]\s?[.)}}]\s*|[a-eđ][,/]\s+(?=[{UPPER}])|\(\s?(?:\d{{1,2}}|[a-zđIZ|])\s?[)}}]\s*"  # a) b, c/ (1} (l)
    r")(?=[^\W_])"
)
_FIRM_LABEL = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})+\.|[IVX]{1,5}\.)$")
_GLUED_LABEL = re.compile(r"^[-–—_~·]{1,3}(?=[\dIVX])(?:\d{1,2}[.,)]|\d{1,2}(?:\.\d{1,2})+\.?|[IVX]{1,5}\.)$")
# A chapter's label, whole or broken ("HI." for "III."), behind the signs that stick to it.
_CHAPTER = re.compile(r"^(?P<specks>[^\w\s(\[“”\"«»]{0,3})(?P<label>[IVX]|[IVXHLTl1|]{2,5})[.,]$")
_CLOSING = "Trên đây là "
_CAPITAL_LABEL = re.compile(rf"^\W{{0,2}}(?:[A-HĐ]|[{UPPER}€8|l]{{1,4}}(?=[.,]\s))\s?[.,/⁄)]\s*(?=[{UPPER}])")
_WORDED = re.compile(r"^(?:PHẦN|CHƯƠNG|MỤC|Phần|Chương|Mục|Điều)\s+(?:th|Th|TH|[IVX\d])")
_STEP = re.compile(r"^(?:Bước|Giai đoạn|Đợt|Phương án|Trường hợp|Phần)\s+(?:\d{1,2}|[IVX]{1,4})\s?[:.]\s")
_APPENDIX = re.compile(
    r"^[\W_]{0,2}(?:PHỤ LỤC|Phụ lục)(?:\s+(?:số\s+)?(?:\d{1,2}|[IVX]{1,4}|[A-H]))?\W*$"
)  # on a line of its own
_ENACTED = re.compile(r"\(\s?(?:ban hành )?kèm theo", re.IGNORECASE)  # below the title of what is enacted
_BROKEN = re.compile(rf"^[\dIl|!]{{2,4}}\s+[{UPPER}]")
_BARE_NUMBER = re.compile(rf"^(?:\d{{1,2}}|[ZSBA][.,])\s+[{UPPER}]")  # "3 Tổ chức", "Z. Nội dung" below a heading
_FIRST = re.compile(
    rf"^(?:[aạàá]\s?[.)}}]|\(\s?[1lI]\s?[)}}]|(?:\d{{1,2}}\.)+[1lI][.\-–]?)\s+(?=[{UPPER}])"
)  # a list begins
_COUNTED = re.compile(rf"^(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{0,4}})(?P<sign>[.)/-]?)\s+(?=[{UPPER}])")
_NEXT_CHAPTER = re.compile(rf"^[IVX]{{1,5}}\.\s+(?=[{UPPER}])[^.;,]{{2,60}}$")  # a heading on one line
_LEGAL_BASIS = re.compile(r"^(?:Căn cứ|Thực hiện|Theo|Xét|Trên cơ sở|Để)\s+\S")
_ENACTS = re.compile(r"\bsau(?: đây)?\s?:$")
_CLOSED = re.compile(r"[.;:!?…]\W*$")
_OPEN_END = re.compile(
    r"(?:[,\-–/(&]|\b(?:(?i:và|của|các|số|ngày|tháng|năm|về|cho|với|tại|theo|trong|để|là|được)|Bộ|Ủy|Sở|Tỉnh))$"
)
_SPECK_CONFIDENCE = 0.5  # a letter or figure of no more may be a speck
_OPEN_END_LETTERS = 8  # more than the longest of these words has
_BULLET_LOOKS = frozenset({"¡", "¬", "=", "~", "_", "«", "»", "·", "…", "¡-", "--", "->", "¡¬", "-¡", "°"})
_INLINE = re.compile(r"\((\d{1,2})\)")


@dataclass(frozen=True, slots=True)
class Setting:
    """How lines are set: a dump's wrap in characters (None: a paragraph a line), the usual gap on paper."""

    width: int | None = None
    gap: float | None = None


def measure_setting(lines: Sequence[Line]) -> Setting:
    """Wrap and line gap, from all lines of the body."""
    gaps = sorted(line.gap_before for line in lines if line.box is not None and line.gap_before is not None)
    gaps = [gap for gap in gaps if gap >= 0.0]
    gap = gaps[len(gaps) * 2 // 5] if len(gaps) > 4 else None
    lengths = sorted(len(line.text) for line in lines if len(line.words) > 3)
    if len(lengths) < 8:
        return Setting(None, gap)
    high = lengths[int(0.9 * (len(lengths) - 1))]
    return Setting(high if lengths[-1] <= 1.5 * high and high <= 150 else None, gap)


def paragraphs(lines: Sequence[Line], setting: Setting | None = None) -> list[Paragraph]:
    """The paragraphs that ``lines`` make, in order."""
    setting = setting or measure_setting(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if not line.words:
            continue
        line = _without_speck_before_chapter(line)
        line = _with_bullet(line, groups[-1][-1] if groups else None)
        if groups and break_weight(groups[-1], line, setting) <= 0:
            groups[-1].append(_without_stray_dash(groups[-1], line))
        else:
            groups.append([_without_dash_before_label(line)])
    return [make_paragraph(part) for group in groups for part in _enactment_apart(group)]


def _enactment_apart(group: list[Line]) -> list[list[Line]]:
    """The enacting clause ("Sở Y tế ban hành … như sau:") apart from the legal basis before it.

    It begins a line with the name of a body behind the sign that ends the basis. Without indents only its end
    tells it from a basis that goes on.
    """
    if _ENACTS.search(group[-1].text) and _LEGAL_BASIS.match(group[0].text):
        for k in range(len(group) - 1, 0, -1):
            if group[k - 1].text.endswith((";", ".")):
                return [group[:k], group[k:]] if _names_body(group[k].text) else [group]
    return [group]


def _names_body(text: str) -> bool:
    words = fold_words(text[:60])
    return text[:1].isupper() and any(words[: len(kind)] == kind for kind in organ_words().kinds)


def _without_stray_dash(group: Sequence[Line], line: Line) -> Line:
    """A speck at the margin is read as a dash: it stands outside the text, or sticks to a small letter."""
    first = line.words[0]
    if line.box is None or first.text[:1] not in "-–—_":
        return line
    if len(first.text) > 1 and first.text[1].islower():
        return replace(line, words=(first._replace(text=first.text[1:]), *line.words[1:]))
    edges = [other.box.x0 for other in group[1:] if other.box is not None]
    if len(first.text) == 1 and len(line.words) > 1 and edges and line.box.x0 < min(edges) - 5:
        return replace(line, words=line.words[1:])
    return line


def _without_speck_before_chapter(line: Line) -> Line:
    """A chapter's label without what dirt left before it: "-HI. KINH PHÍ", "· III. KINH PHÍ"; capitals stand behind it.

    A sign may always be dirt, a letter or a figure only if OCR doubts it.
    """
    first = line.words[0]
    if (glued := _specks_before_chapter(first.text)) is not None and _capitals(_behind(line, 1)):
        return replace(line, words=(first._replace(text=first.text[glued:]), *line.words[1:])) if glued else line
    if len(first.text) > 1 or len(line.words) < 3 or (first.text.isalnum() and first.confidence > _SPECK_CONFIDENCE):
        return line
    chapter = _specks_before_chapter(line.words[1].text) == 0 and _capitals(_behind(line, 2))
    return replace(line, words=line.words[1:]) if chapter else line


@lru_cache(maxsize=1024)
def _specks_before_chapter(word: str) -> int | None:
    """How many signs stick to a chapter's label; None for another word. Marks set on strokes do not count ("VỊ.")."""
    bare = "".join(unicodedata.normalize("NFD", c)[0] for c in unicodedata.normalize("NFC", word))
    match = _CHAPTER.match(bare)
    return len(match["specks"]) if match else None


def _behind(line: Line, count: int) -> str:
    """The line's text behind its first words."""
    return " ".join(word.text for word in line.words[count:])


def _without_dash_before_label(line: Line) -> Line:
    """No bullet stands before a label or the closing formula: a dash there is a speck ("- 3.2. Tiếp tục …")."""
    if len(line.words) < 3 or line.words[0].text[:1] not in "-–—_":
        return line
    first, second = line.words[0], line.words[1]
    if len(first.text) == 1 and (_FIRM_LABEL.match(second.text) or line.text.startswith(_CLOSING, 2)):
        return replace(line, words=line.words[1:])
    if _GLUED_LABEL.match(first.text) and second.text[:1].isupper():
        return replace(line, words=(first._replace(text=first.text.lstrip("-–—_~·")), *line.words[1:]))
    return line


def _with_bullet(line: Line, before: Line | None) -> Line:
    """A bullet that OCR took for a short word ("nà Trên 85% …"): a capitalised word stands right behind it.

    It stands at the indent of a paragraph; or a little left of it, when OCR doubts the word and the line before ends a
    sentence without reaching the edge.
    """
    if line.box is None or len(line.words) < 3:
        return line
    first, second = line.words[0].text, line.words[1].text
    if not (second[:1].isupper() and second[1:].islower() and len(first) <= 2):
        return line
    indent = line.indent or 0.0
    ended = before is not None and before.fills is False and bool(_CLOSED.search(before.text))
    doubted = indent > 6 and ended and line.words[0].confidence < 0.5
    word = first.isalpha() and first.islower()
    sign = first in _BULLET_LOOKS and (indent >= 15 or doubted)
    if (word and (indent >= 15 or doubted)) or sign:
        return replace(line, words=(line.words[0]._replace(text="-"), *line.words[1:]))
    return line


def make_paragraph(group: Sequence[Line]) -> Paragraph:
    """One paragraph; what is written behind the closing sign "./." (initials) is no text."""
    bold = [line.bold for line in group if line.bold is not None]
    return Paragraph(
        _without_initials(Text.of_lines(group)),
        group[0].indent,
        all(line.centred for line in group),
        sum(bold) * 2 > len(bold) if bold else None,
    )


def _without_initials(text: Text) -> Text:
    """The typist's or drafter's initials behind "./." are often handwritten."""
    place = text.string.rfind("./.")
    return text.slice(0, place + 3) if place > 0 and len(text.string) - place <= 14 else text


def break_weight(group: Sequence[Line], line: Line, setting: Setting) -> float:
    """Evidence (log odds, by judgement) that ``line`` begins a paragraph behind ``group``; above 0 it does."""
    before = group[-1]
    text, last = line.text, before.text
    fullness = _fullness(before, line, setting)
    runs_on = fullness > 0.5
    closed = bool(_CLOSED.search(last)) or (last.endswith(")") and group[0].text.startswith("("))
    open_end = bool(_OPEN_END.search(last, max(0, len(last) - _OPEN_END_LETTERS)))
    starts_low = text.lstrip("“\"'(")[:1].islower()
    if marker := read_marker(text):
        goes_on = runs_on and not closed and (open_end or text[marker.end : marker.end + 1].islower())
        goes_on = goes_on or (runs_on and not closed and _ends_name(group, marker.sign, text[marker.end :]))
        return -1.0 if goes_on and not _indented(before, line) else 6.0
    weight = 0.0
    labelled = _labelled(text) and not _inline_list(group, text)
    short_heading = len(group) == 1 and _labelled(last) and fullness == 0.0 and (labelled or not starts_low)
    if labelled:
        weight += 4.0 if closed or not runs_on else 1.0
        weight += 2.5 if _capitals(text) else -4.0 if open_end and not short_heading else 0.0
    broken = not labelled and bool(_BROKEN.match(text)) and (closed or (line.box is None and bool(line.gap_before)))
    broken = broken or ((short_heading or closed) and not labelled and bool(_BARE_NUMBER.match(text)))
    weight += 3.0 if broken else 0.0
    if starts_low and not labelled:
        weight -= 2.5 if _indented(before, line) else 6.0
    weight += 1.0 if closed else -3.0 if open_end and not short_heading else -0.5
    weight += 2.5 - 4.0 * fullness
    if not labelled and not broken and text[:1].isdigit() and not closed:
        weight -= 3.0
    weight += _space(before, line, setting) + _typography(group, line)
    heads = len(group) == 1 and _labelled(last) and not open_end and last.split()[-1].islower()
    if (
        labelled
        and len(group) == 1
        and _FIRST.match(text)
        and _labelled(last)
        and not _FIRST.match(last)
        and not open_end
    ):
        weight += 2.5
    if _succeeds(group[0], line) and not open_end:
        weight += 5.0
    if (closed and (_STEP.match(text) or attribute_of(text))) or (heads and _opens_sentence(text)):
        weight += 4.0
    if last.endswith("./.") or _APPENDIX.match(text) or (_APPENDIX.match(last) and len(group) == 1):
        weight += 6.0
    if text.startswith("(") and _ENACTED.match(text):
        weight += 4.0
    if closed and (_LEGAL_BASIS.match(text) or opens_closing(text)):
        weight += 1.5
    return weight


def _succeeds(first: Line, line: Line) -> bool:
    """Whether a line bears the number behind that of the paragraph before it, at its indent ("4. Ông …", "5. Bà …";
    "1.2. …", "1.3. …"), or the one behind that of a heading above ("1.3. …", "2. …", "II. …")."""
    ours, theirs = _COUNTED.match(line.text), _COUNTED.match(first.text)
    if theirs is None:
        return False
    if ours is None:
        return _NEXT_CHAPTER.match(line.text) is not None
    number, before = _levels(ours["number"]), _levels(theirs["number"])
    if [*number[:-1], number[-1] - 1] != before[: len(number)]:
        return False
    if len(number) < len(before):
        return ours["sign"] == "."
    level = line.indent is None or first.indent is None or abs(line.indent - first.indent) < 6
    return level and ours["sign"] == theirs["sign"] and (len(number) > 1 or ours["sign"] != "")


def _levels(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


def _indented(before: Line, line: Line) -> bool:
    return line.indent is not None and line.indent > 15 and before.fills is False


@lru_cache(maxsize=512)
def _labelled(text: str) -> bool:
    """Whether the line begins with a label; each is asked as the one that follows and as the one before."""
    return bool(_LABEL.match(text) or _WORDED.match(text) or (_CAPITAL_LABEL.match(text) and _capitals(text)))


def _ends_name(group: Sequence[Line], sign: str, rest: str) -> bool:
    """A dash inside a unit's name at the start of a line: "… Trung tâm Văn hóa" / "- Thể thao huyện."

    The line before is an attribute line that has no dash itself, and only a few words end its list.
    """
    begins = group[0].text
    marker = read_marker(begins)
    return (
        sign == "-"
        and (marker is None or marker.sign != sign)
        and len(rest.split()) <= 5
        and bool(_CLOSED.search(rest))
        and attribute_of(begins) is not None
    )


def _opens_sentence(text: str) -> bool:
    """Verbs that open sentences are not written with capitals inside a heading that wraps."""
    return text.startswith(sentence_openings())


def _inline_list(group: Sequence[Line], text: str) -> bool:
    """ "(3) …" at the start of a line goes on with "(1) … (2) …" inside the sentence before."""
    match = _INLINE.match(text)
    if not match:
        return False
    whole = " ".join(line.text for line in group)
    return any(int(m[1]) == int(match[1]) - 1 and m.start() > 3 for m in _INLINE.finditer(whole))


def _fullness(before: Line, line: Line, setting: Setting) -> float:
    """How full the line before is, so that its sentence may go on in the next: 0 it is short, 1 it is full.

    In a dump, where the sentence has ended, a next word that would have had room begins a paragraph.
    """
    if before.fills is not None:
        return 1.0 if before.fills else 0.0
    if setting.width is None:
        return 0.0
    first = line.words[0].text if line.words else ""
    share = (len(before.text) + 1 + len(first)) / setting.width
    return min(1.0, max(0.0, (share - 0.84) / 0.1 if before.text.endswith(".") else (share - 0.7) / 0.15))


def _space(before: Line, line: Line, setting: Setting) -> float:
    if before.page != line.page:
        return -0.5
    if line.gap_before is None:
        return 0.0
    if line.box is None:
        return 1.0 if line.gap_before >= 1.0 else -0.5
    usual = setting.gap if setting.gap is not None else 0.6
    return 1.5 if line.gap_before > usual + 0.25 else -0.5 if line.gap_before < usual + 0.1 else 0.0


def _typography(group: Sequence[Line], line: Line) -> float:
    before = group[-1]
    weight = 0.0
    if line.indent is not None and before.indent is not None and not line.centred:
        step = line.indent - before.indent
        if len(group) == 1:
            weight += 1.0 if step > 12 else -1.0 if step < -12 else 0.8
        else:
            weight += 2.0 if step > 12 else -0.5
    if line.centred != before.centred and line.box is not None:
        weight += 1.5
    if line.bold is not None and before.bold is not None and line.bold != before.bold:
        weight += 1.2
    if _capitals(before.text) and not _capitals(line.text):
        weight += 3.0
    elif _capitals(before.text) and _capitals(line.text):
        weight -= 2.5
    return weight


@lru_cache(maxsize=256)
def _capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and sum(map(str.isupper, letters)) > 0.85 * len(letters)
