"""Zones of a text without geometry, from what its lines say.

Form of text: dumps of text layers, where letterhead and signature block lost their columns: "UBND TỈNH TRƯỜNG SƠN CỘNG
HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" is one line, and so is "- Lưu: VT. Lê Văn A". Lines are told left from right by the
motto, the place and date, titles of signers and family names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from rapidfuzz import fuzz

from pipeline.knowledge.folding import LOWER, UPPER, find_phrase, fold, fold_words, starts_like_any
from pipeline.knowledge.forms import document_types, organ_words, signature_words
from pipeline.layout.markers import read_marker
from pipeline.values import Line, Zone

_HEAD_LINES = 24
_SIGNER_LINES = 8
_DATE = re.compile(r"\bng\w{1,3}\s+[\d.…\soil|]{0,8}\s*th\w{2,3}\s")
_NUMBER = re.compile(r"^\W{0,2}S\S{1,2}\s?[:.;]|^\W{0,2}Số\b|^S[oố6]\s*:", re.IGNORECASE)
_SUBJECT = re.compile(r"^\W*V\s?/\s?v?\b\W", re.IGNORECASE)
_NUMBER_CODE = re.compile(r"/\s?[A-ZĐ][\w\-&ĐƯ]*(?:-[\w&]+)*")
_RECIPIENTS = "nơi nhận"
_SIGN = re.compile(r"^(?:TM|T/M|KT|K/T|TL|T/L|TUQ)\.?$")
_STAMP = re.compile(r"^\W*(?P<field>[^:]{2,20}):")
_ATTACHED = re.compile(r"^\(\s*(?:ban hành )?kèm theo", re.IGNORECASE)
_APPENDIX = re.compile(r"^\W{0,2}ph[uụ]\s?l[uụ]c\b", re.IGNORECASE)


@lru_cache(maxsize=512)
def is_type_line(text: str) -> str | None:
    """The kind of document that ``text`` names and nothing else ("KẾ HOẠCH"), as the table writes it."""
    letters = list(filter(str.isalpha, text))
    if sum(map(str.isupper, letters)) < 0.7 * len(letters):
        return None
    words = fold_words(text)
    if not words or len(words) > 5:
        return None
    here = "".join(words)
    kinds = [kind for kind in document_types().titles if len(fold_words(kind)) >= len(words)]  # no label before it
    scored = [(fuzz.ratio(here, "".join(fold_words(kind))), kind) for kind in kinds]
    score, kind = max(scored, key=lambda entry: entry[0], default=(0.0, ""))
    return kind if score >= 84 else None


def heads_list(text: str, below: str) -> bool:
    """Whether ``text`` in capitals heads an attached list: "(Kèm theo Kế hoạch số …)" stands below it."""
    return text.isupper() and " " in text and _ATTACHED.match(below) is not None


def subject_lines(lines: Sequence[Line]) -> tuple[int, int]:
    """First and behind the last of the lines that state a letter's subject ("V/v …") over its body; (0, 0) without.

    Lines are those of the body; the subject ends at the addressee, at a gap or at the first indented line.
    """
    for start, line in enumerate(lines[:6]):
        if not _SUBJECT.match(line.text):
            continue
        end = start + 1
        while end < min(start + 6, len(lines)) and not _ends_subject(lines[end]):
            end += 1
        return start, end
    return 0, 0


def _ends_subject(line: Line) -> bool:
    return fold_words(line.text)[:1] == ("kinh",) or (line.gap_before or 0.0) > 1.3 or bool(line.fills)


def find_zones(lines: Sequence[Line]) -> list[Line]:
    """Lines without zones in their zones, lines of two columns split.

    A dump has no zones at all; on paper the letterhead or the signature block may have been missed: only what is
    missing is looked for.
    """
    zones = {line.zone for line in lines}
    if not zones & {Zone.LETTERHEAD_LEFT, Zone.LETTERHEAD_RIGHT}:
        start = _body_start(lines)
        lines = [*(part for line in lines[:start] for part in _split_head(line)), *lines[start:]]
    if not zones & {Zone.SIGNATURE_LEFT, Zone.SIGNATURE_RIGHT} and (close := _signature_start(lines)) is not None:
        end = _signature_end(lines, close)
        start = end + _body_start(lines[end:]) if end < len(lines) and _motto(lines[end].text.split()) else end
        head = [part for line in lines[end:start] for part in _split_head(line)]  # of a plan that a decision enacts
        lines = [*lines[:close], *_signature_block(lines[close:end]), *head, *lines[start:]]
    return list(lines)


def _body_start(lines: Sequence[Line]) -> int:
    """The type line, or behind the last line that belongs to a letterhead."""
    behind, subject = 0, False
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if line.page != lines[0].page:  # another document's letterhead
            break
        if is_type_line(line.text) and not _motto(line.text.split()):
            return index
        if _motto(line.text.split()) or _DATE.search(fold(line.text)) or _NUMBER.match(line.text):
            behind = index + 1
        elif index == behind and (_SUBJECT.match(line.text) or subject) and not line.text.startswith("Kính"):
            behind, subject = index + 1, not (subject and bool(line.gap_before))
    return min(behind, 10)


def _motto(words: list[str]) -> tuple[int, int] | None:
    known = signature_words()
    found = [place for phrase in known.motto if (place := find_phrase(words, phrase, 0.78))]
    found += [place for phrase in known.motto_right if (place := find_phrase(words, phrase, 0.78)) and place[0] > 0]
    return min(found) if found else None


def _split_head(line: Line) -> list[Line]:
    words = [word.text for word in line.words]
    if place := _motto(words):
        return _halves(line, next((k for k in range(*place) if any(map(str.isalnum, words[k]))), place[0]))
    string = line.text
    code = _NUMBER_CODE.search(string)
    date = _DATE.search(fold(string), code.end() if code else 0)
    if date:
        return _halves(line, _place_start(words, len(string[: date.start()].split())))
    return [replace(line, zone=Zone.LETTERHEAD_LEFT)]


def _place_start(words: list[str], date: int) -> int:
    """The first word of the place before the date at ``date``: words with capitals, not in capitals, no code."""
    start = date
    while start and words[start - 1][:1].isupper() and not words[start - 1].rstrip(",.;").isupper():
        start -= 1
    if start > 1 and words[start - 1].isupper() and words[start - 1] in organ_words().capitals:
        start -= 1
    return start


def _halves(
    line: Line, split: int, zones: tuple[Zone, Zone] = (Zone.LETTERHEAD_LEFT, Zone.LETTERHEAD_RIGHT)
) -> list[Line]:
    parts = [(line.words[:split], zones[0]), (line.words[split:], zones[1])]
    return [replace(line, words=words, zone=zone) for words, zone in parts if words]


def _signature_start(lines: Sequence[Line]) -> int | None:
    """The last line that opens with "Nơi nhận", or the first of the signer's lines right above it."""
    for index in range(len(lines) - 1, 0, -1):
        words = list(fold_words(lines[index].text)[:2])
        if (
            len(words) == 2
            and fuzz.ratio(" ".join(words), fold(_RECIPIENTS)) >= 80
            and _is_recipients_head(lines[index].text)
        ):
            return _signer_above(lines, index)
    return None


def _signer_above(lines: Sequence[Line], close: int) -> int:
    """Where the lines of one who signs above the recipients begin; ``close`` where none does."""
    start = titled = close
    while start > 1 and close - start < _SIGNER_LINES:
        words = [word.text for word in lines[start - 1].words]
        title = _title_start(words)
        if title is None and _name_start(words) > 0 and not (lines[start - 1].text.isupper() and len(words) < 10):
            break
        start -= 1
        if title == 0 or (title is not None and lines[start].text.isupper()):
            titled = start
    return titled


def _is_recipients_head(text: str) -> bool:
    return ":" in text[:14] or len(text.split()) <= 3 or text.rstrip().isupper()


def _signature_end(lines: Sequence[Line], close: int) -> int:
    for index in range(close + 1, len(lines)):
        text = lines[index].text
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        if read_marker(text) is None and (
            _APPENDIX.match(text) or is_type_line(text) or heads_list(text, below) or _motto(text.split())
        ):
            return index
    return len(lines)


def _signature_block(lines: Sequence[Line]) -> list[Line]:
    result: list[Line] = []
    stamped = False
    for line in lines:
        string = line.text
        if stamped or _is_stamp(string):
            stamped = True
            result.append(replace(line, zone=Zone.DIGITAL_SIGNATURE))
            continue
        split = _right_column(line)
        result += _halves(line, split, (Zone.SIGNATURE_LEFT, Zone.SIGNATURE_RIGHT))
    return result


def _is_stamp(text: str) -> bool:
    match = _STAMP.match(text)
    if read_marker(text):
        return False
    if fold_words(text)[:1] == ("ky",) and len(text) < 40:  # "Ký bởi …", however the rest was read
        return True
    if match is None:
        return False
    field = " ".join(fold_words(match["field"]))
    return any(fuzz.ratio(field, fold(word)) >= 82 for word in signature_words().digital if word != "cơ quan")


def _right_column(line: Line) -> int:
    """The first word that belongs to the signer's column; the number of words when none does."""
    words = [word.text for word in line.words]
    head = _recipients_head(words)
    if head and words[head:] and read_marker(" ".join(words[head:])) is None and words[head][:1].isalnum():
        return head  # nothing but the other column stands beside "Nơi nhận:"
    title = _title_start(words)
    if title is not None:
        return title
    return _with_degrees(words, _name_start(words))


def _recipients_head(words: list[str]) -> int:
    """The number of words that "Nơi nhận:" takes; 0 when the line does not open with it."""
    if len(words) < 2 or fuzz.ratio(" ".join(fold_words(" ".join(words[:2]))), fold(_RECIPIENTS)) < 80:
        return 0
    return 3 if len(words) > 2 and words[2] == ":" else 2


def _title_start(words: list[str]) -> int | None:
    """Where the signer's title at the end of the line begins; it is set in capitals."""
    for k in range(len(words) - 2, -1, -1):  # "TM. BAN VĂN HÓA - XÃ HỘI"
        if any(c.islower() for c in words[k + 1]):
            break
        if _SIGN.match(words[k]):
            return k
    if (run := _titled_run(words)) is not None:
        return run
    tails: dict[int, str | None] = {}
    for phrase, size in _signing():
        if size not in tails:
            tails[size] = _capital_tail(words, size)
        tail = tails[size]
        if tail is not None and fuzz.ratio(tail, phrase) >= 84:
            start = len(words) - size
            while start and _is_capacity(words[start - 1]):
                start -= 1
            return start
    return None


@cache
def _signing() -> tuple[tuple[str, int], ...]:
    """Titles and bodies of signers, levelled and without blanks, each with the number of its words."""
    listed = map(fold_words, (*signature_words().positions, *signature_words().bodies))
    return tuple(("".join(words), len(words)) for words in listed)


def _capital_tail(words: list[str], size: int) -> str | None:
    """The last words, so many, levelled and without blanks; None where they are not set in capitals."""
    tail = words[-size:]
    letters = [c for w in tail for c in w if c.isalpha()]
    if len(tail) < size or not letters or sum(map(str.isupper, letters)) < 0.8 * len(letters):
        return None
    return "".join(fold_words(" ".join(tail)))


def _titled_run(words: list[str]) -> int | None:
    """Where a title with what it heads begins, all in capitals: "TRƯỞNG PHÒNG NGHIỆP VỤ Y"."""
    start = len(words)
    while start and not any(c.islower() for c in words[start - 1]) and words[start - 1][-1:] not in ";:":
        start -= 1
    run = " ".join(words[start:])
    return start if starts_like_any(run, signature_words().positions, 0.92) else None


def _is_capacity(word: str) -> bool:
    bare = word.strip(".,: ").upper()
    return bare in signature_words().capacity or bare in ("Q", "PHÓ")


def _name_start(words: list[str]) -> int:
    """Where a person's name at the end of the line begins; the number of words when none stands there."""
    if words and words[-1][-1:] in ";,.:)":
        return len(words)
    for size in (5, 4, 3, 2):
        if len(words) < size or not _is_name(words[-size:]):
            continue
        before = words[-size - 1] if len(words) > size else ""
        if not before or (size > 2 and (before[:1].islower() or before[-1:] in ".;")):
            return len(words) - size
    return len(words)


def _is_name(words: list[str]) -> bool:
    """A family name and given names with capitals; one syllable may be torn by OCR ("LêH ồng Trung")."""
    surname = re.match(rf"[{UPPER}][{LOWER}]*", words[0])
    if surname is None or not _is_surname(surname.group()) or not words[-1][:1].isupper():
        return False
    if not all(word.isalpha() and len(word) < 8 for word in words) or all(word.isupper() for word in words):
        return False
    small = [word for word in words if word[:1].islower()]
    return not small or (len(small) == 1 and len(words) > 2 and len(small[0]) <= 4)


def _with_degrees(words: list[str], start: int) -> int:
    """The name's first word, degrees before it ("BS.CKII.") included."""
    degrees = signature_words().degrees
    while 0 < start < len(words):
        if all(d in degrees for d in re.findall(r"\w+", words[start - 1])):
            start -= 1
        elif start > 1 and f"{words[start - 2]} {words[start - 1]}" in degrees:  # "Thượng tá", "Bác sĩ"
            start -= 2
        else:
            break
    return start


def _is_surname(word: str) -> bool:
    """A family name, marks aside."""
    return any(fold(surname) == fold(word) for surname in signature_words().surnames)
