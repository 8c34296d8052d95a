"""Who signed a plan, in what capacity.

Form of text: the lines of the signature column, "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn A" (Nghị định
30/2020/NĐ-CP, Phụ lục I, mục II.7: TM., KT., TL., TUQ., Q.), seal noise between them; a stamp of a digital signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from pipeline.extract.signer_titles import deputy_of, known_exactly, known_title, read_position
from pipeline.knowledge.folding import LOWER, UPPER, fold, fold_words
from pipeline.knowledge.forms import organ_words, signature_words
from pipeline.values import Text
from schemas import Signature

_CAPACITY = re.compile(r"^\W*(?P<sign>KT|TM|TL|TUQ|T/M|K/T|T/L)\b[.,:;\s]*(?=\S)")
_BROKEN_SIGN = re.compile(r"^\W*(?:[A-Z1l|]T|K[A-Z1l|])\W{1,2}(?=\S)")  # "ET.", "VT.", "KI." for "KT."
_GLUED = re.compile(rf"[{UPPER}]+(?=[{UPPER}][{LOWER}])|[{UPPER}][{LOWER}]+")  # "HàĐứcThạch"
_GLUED_CAPITAL = re.compile(rf"[{LOWER}][{UPPER}]|^[{UPPER}]{{2,}}[{LOWER}]")
_PIECE = 0.7  # confidence below which a word of two letters or less in a name's line is a piece of the seal
_LEAST_NAME = 3  # syllables that a name must have to be believed behind mending
_CAPITALS = {"7": "T", "8": "B", "6": "G", "0": "O", "5": "S"}
_FIGURE_FOR_CAPITAL = re.compile(r"^[78605](?=[^\W\d_]{2})")
_MIDDLE = "Thị"  # by far the commonest middle name; a stroke of the pen leaves "T1", "Th1", "T|" of it
_BROKEN_MIDDLE = re.compile(r"T[hH]?[1l|!]{1,2}")
_VOWEL = re.compile(r"[aeiouy]")
_COMMON_TITLES = ("GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "CHỦ TỊCH", "PHÓ CHỦ TỊCH")


@dataclass(slots=True)
class _Signer:
    capacity: list[Text] = field(default_factory=list)
    positions: list[tuple[str, Text]] = field(default_factory=list)
    name: Text | None = None
    broken: list[Text] = field(default_factory=list)  # lines below a title that end like it: a deputy's under the seal


def read_signature(lines: Sequence[Text], digital: Text | None = None, issuer: str | None = None) -> Signature | None:
    """The issuing authority's signer; None where nothing of a signature was read."""
    signatures = read_signatures(lines, digital, issuer=issuer)
    return signatures[0] if signatures else None


def read_signatures(
    lines: Sequence[Text], digital: Text | None = None, beside: Sequence[Text] = (), issuer: str | None = None
) -> list[Signature]:
    """All signers in printed order, the issuing authority's first; the digital stamp goes with the first.

    ``beside`` is the other column's text: a joint signer stands there above the recipients. Where several sign, the
    body under each one's title belongs to it ("KT. GIÁM ĐỐC" / "SỞ Y TẾ"); one signer's is of the seal.
    ``issuer`` tells which titles are likely where the print is broken. What was concluded has half its confidence.
    """
    joint = joint_signers(beside)
    signers = [*_signers(lines, None if joint else issuer, joint=bool(joint)), *_signers(joint, None, joint=True)]
    for signer in signers:
        _complete(signer)
    result = [_signature(signer) for signer in signers]
    if digital is not None:
        first = result[0] if result else Signature()
        result[:1] = [first.model_copy(update={"digital": digital.string})]
    return result


def joint_signers(lines: Sequence[Text]) -> Sequence[Text]:
    """The lines of a signer above "Nơi nhận" in the recipients' column; none where there is no title among them."""
    head = next((k for k, line in enumerate(lines) if fold_words(line.string)[:2] == ("noi", "nhan")), 0)
    titled = any(_CAPACITY.match(line.string) or read_position(line.string.strip()) for line in lines[:head])
    return lines[:head] if titled else ()


def _signers(lines: Sequence[Text], issuer: str | None, *, joint: bool) -> list[_Signer]:
    signers: list[_Signer] = []
    titled: list[Text] | list[tuple[str, Text]] | None = None  # what the line before stated: capacities or positions
    for line in lines:
        string = line.string.strip()
        capacity, position = _CAPACITY.match(string), read_position(string, issuer)
        if joint and titled and not capacity and not position and _names_body(string):
            _join_body(signers[-1], line, to_capacity=titled is signers[-1].capacity)
            titled = None
            continue
        titled = None
        if capacity or position:
            if not signers or signers[-1].name is not None:
                signers.append(_Signer())
            if position and not known_exactly(string, position):
                line = _doubted(line)
            if capacity:
                signers[-1].capacity.append(line)
                titled = signers[-1].capacity
            elif position:
                signers[-1].positions.append((position, line))
                titled = signers[-1].positions
        elif (name := read_name(line) or _name_under_seal(line)) is not None:
            if not signers:
                signers.append(_Signer())
            if signers[-1].name is None or _surname(name.string):
                signers[-1].name = name
        elif signers and signers[-1].name is None and _ends_like_title(string, signers[-1]):
            signers[-1].broken.append(_doubted(line))
    if not any(signer.positions for signer in signers):
        _guess_position(signers, lines)
    return signers


def _doubted(line: Text) -> Text:
    """The line with half its confidence: it was concluded from what is left of it."""
    return Text(line.string, tuple(word._replace(confidence=word.confidence / 2) for word in line.words))


def _ends_like_title(string: str, signer: _Signer) -> bool:
    """Whether a line in capitals has the last word of the head's title right above it ("ĐỚC" under "GIÁM ĐỐC")."""
    above = [title for title, _ in signer.positions[-1:]] or [line.string for line in signer.capacity[-1:]]
    words = string.split()
    if not above or not words or not words[-1].isupper():
        return False
    return len(words[-1]) > 2 and fuzz.ratio(fold(words[-1]), fold(above[0].split()[-1])) >= 66


def _names_body(string: str) -> bool:
    """A body's name in capitals on a line of its own."""
    words = fold_words(string)
    return string.isupper() and any(words[: len(kind)] == kind for kind in organ_words().kinds)


def _join_body(signer: _Signer, body: Text, *, to_capacity: bool) -> None:
    if to_capacity:
        signer.capacity[-1] = Text.join([signer.capacity[-1], body])
    else:
        position, line = signer.positions[-1]
        signer.positions[-1] = (f"{position} {body.string}", Text.join([line, body]))


def _guess_position(signers: list[_Signer], lines: Sequence[Text]) -> None:
    """A title under a seal may keep few letters ("e ASFAM ĐỌC"): the likeliest of the common ones, if any is likely."""
    best: tuple[float, str, Text] | None = None
    for line in lines:
        if _CAPACITY.match(line.string):
            continue
        words = [w for w in line.string.split() if w.isupper() and w.isalpha()]
        for title in _COMMON_TITLES:
            here = "".join(fold_words(" ".join(words[-len(title.split()) :])))
            score = fuzz.ratio(here, "".join(fold_words(title)))
            if score >= 62 and (best is None or score > best[0]):
                best = (score, title, line)
    if best is not None:
        if not signers:
            signers.append(_Signer())
        signers[0].positions.append((best[1], _doubted(best[2])))


def _complete(signer: _Signer) -> None:
    """A deputy signs for the head (KT.): the head's title over the deputy's is the capacity, however the sign was read.

    The sign is often written by hand ("VT. GIÁM ĐỐC"), or not read at all.
    """
    if signer.positions and (sign := _BROKEN_SIGN.match(signer.positions[0][1].string)) and not signer.capacity:
        (head, line), signer.positions = signer.positions[0], signer.positions[1:]
        if deputy_of(head) is None or known_title(line.string[sign.end() :]) != head:
            signer.positions.insert(0, (head, line))
        else:
            signer.capacity.append(Text("KT. " + head, line.words))
    if signer.capacity and signer.positions:
        head = re.sub(r"^K/?T\W*", "", _tidy_capacity(signer.capacity[-1].string))
        position, line = signer.positions[-1]
        if head == position and head != _tidy_capacity(signer.capacity[-1].string):
            signer.positions[-1] = (f"PHÓ {position}", line)  # the head does not sign for himself
    if not signer.capacity:
        _head_above_deputy(signer)
    deputy = deputy_of(signer.positions[-1][0]) if signer.positions else None
    if signer.broken and not signer.positions and signer.capacity and _for_head(signer.capacity[-1].string):
        deputy = deputy_of(_tidy_capacity(signer.capacity[-1].string).split(" ", 1)[-1].removeprefix("KT."))
        signer.positions = [(deputy, signer.broken[-1])] if deputy else []
    elif signer.broken and deputy and not signer.capacity:
        head, line = signer.positions[-1]
        signer.capacity.append(Text("KT. " + head, line.words))
        signer.positions[-1] = (deputy, signer.broken[-1])


def _for_head(capacity: str) -> bool:
    """Whether a deputy signs below such a line; by order (TL., TUQ.) the head of a part of the body does."""
    sign = _CAPACITY.match(capacity)
    return sign is not None and sign["sign"].replace("/", "") == "KT"


def _head_above_deputy(signer: _Signer) -> None:
    if len(signer.positions) < 2:
        return
    (head, line), (deputy, below) = signer.positions[-2:]
    if deputy == head and deputy_of(head):  # two lines alike: "PHÓ" or "KT." was lost
        deputy = deputy_of(head) or deputy
        below = _doubted(below)
    if deputy == deputy_of(head) or (deputy.startswith("PHÓ ") and not head.startswith("PHÓ ")):
        signer.capacity.append(Text("KT. " + head, tuple(w for w in line.words)))
        signer.positions = [(deputy, below)]


def _signature(signer: _Signer) -> Signature:
    parts = [*signer.capacity, *(line for _, line in signer.positions), *([signer.name] if signer.name else [])]
    sources = Text.join(parts).sources()
    return Signature(
        capacity=_tidy_capacity(signer.capacity[0].string) if signer.capacity else None,  # TM. stands above KT.
        position=signer.positions[-1][0] if signer.positions else None,
        name=signer.name.string if signer.name else None,
        source=sources[0] if sources else None,
    )


def _tidy_capacity(string: str) -> str:
    """The line as printed; the title in it written as the table has it where OCR broke a letter."""
    match = _CAPACITY.match(string)
    assert match is not None
    title = string[match.end() :].strip(" .,:;-")
    known = known_title(title) or _known_body(title)
    return string[: match.end()].lstrip(" .,:;-'’‘`*") + (known or title)


def _known_body(string: str) -> str | None:
    """The body of the table in whose name one signs, where ``string`` is it but for broken letters."""
    folded = "".join(fold_words(string))
    scored = [(fuzz.ratio(folded, "".join(fold_words(body))), body.upper()) for body in signature_words().bodies]
    score, body = max(scored, default=(0.0, ""))
    return body if score >= 82 else None


def read_name(line: Text) -> Text | None:
    """A person's name standing alone on a line: two to five words with capitals, degrees before it taken off."""
    text = line.slice(_degrees_end(line.string))
    string = text.string.strip(" .,:;'’‘`\"-_|")
    begin = text.string.find(string)
    if any(_GLUED_CAPITAL.search(word) for word in string.split()):
        string = " ".join(_GLUED.findall(string.replace(" ", "")))
    words = string.split()
    surnames = signature_words().surnames
    if len(words) > 2 and words[0].islower() and words[1][:1].isupper() and words[0].capitalize() in surnames:
        string, words[0] = string[0].upper() + string[1:], words[0].capitalize()  # "nguyễn Minh Tâm"
    if not 2 <= len(words) <= 5 or not all(w[:1].isupper() and w.replace("-", "").isalpha() for w in words):
        return None
    if all(w.isupper() for w in words) and not _surname(string):
        return None
    if any(len(w) > 7 for w in words) or len(string) < 5:
        return None
    if not all(len(w) == 1 or _VOWEL.search(fold(w)) for w in words):  # a piece of a title under a seal
        return None
    name = _with_surname(string)
    if begin < 0 or text.string[begin : begin + len(string)] != string:
        return Text(name, text.words)
    found = text.slice(begin, begin + len(string))
    if not _surname(name):
        found = _doubted(found)  # family names are few: the first syllable was misread, or another one is lost
    return found if name == string else Text(name, found.words)


def _name_under_seal(line: Text) -> Text | None:
    """A name whose line holds pieces of the seal or the pen ("Lâm ai Quốc Z Trạch", "Cao T1 Mỹ Duyên").

    Short words that OCR doubts go, a figure in front of small letters becomes the capital it looks like; what is left
    must open with a family name. It is concluded, so it has half its confidence.
    """
    parts = [line.slice(word.start, word.end) for word in line.words]
    parts = [p for p in parts if p.words[0].confidence >= _PIECE or sum(map(str.isalpha, p.string)) > 2]
    if len(parts) < _LEAST_NAME:
        return None
    strings = [_FIGURE_FOR_CAPITAL.sub(lambda figure: _CAPITALS[figure[0]], part.string) for part in parts]
    strings[1:-1] = [_MIDDLE if _BROKEN_MIDDLE.fullmatch(string) else string for string in strings[1:-1]]
    mended = " ".join(strings)
    if (
        mended == line.string
        or any(s.isupper() for s in strings)
        or not _surname(mended)
        or (name := read_name(Text(mended))) is None
    ):
        return None
    return _doubted(Text(name.string, Text.join(parts).words))


def _degrees_end(string: str) -> int:
    """Where the degrees before a name end: "PGS.TS. ", "BS.CKII "."""
    end = 0
    for match in re.finditer(r"([^\W_]+(?:\s(?:sĩ|tá|úy|tướng))?)[.,\s]+", string):
        if match.start() != end or match[1] not in signature_words().degrees:
            break
        end = match.end()
    return end


def _with_surname(name: str) -> str:
    """Family names are few: one whose marks were misread is written as the table has it."""
    first, _, given = name.partition(" ")
    if first in signature_words().surnames:
        return name
    known = next((surname for surname in signature_words().surnames if fold(surname) == fold(first)), None)
    return f"{known} {given}" if known else name


def _surname(string: str) -> bool:
    first = fold(string.split()[0])
    return any(fold(name) == first for name in signature_words().surnames)
