"""Abbreviations of units, learned from the document itself and from the table ``units``; canonical names.

Reads whole documents for what they define ("… (sau đây gọi tắt là TTKSBT)", "tai nạn thương tích (TNTT)") or merely
show: an acronym that stands nowhere in brackets is matched by its initials with a phrase the document writes out
elsewhere ("Trung tâm BVSKLĐ" beside "Trung tâm Bảo vệ sức khỏe lao động").
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold
from pipeline.knowledge.labels import label_key

_CAPITAL = "A-ZĐƯƠÔÂĂÊ"
_ACRONYM = re.compile(
    rf"(?<![\w/-])[{_CAPITAL}][{_CAPITAL}a-zđ]*(?:[&.-][{_CAPITAL}][{_CAPITAL}a-zđ]*)*(?:\s?&\s?[{_CAPITAL}]{{2,}})*(?![\w/])"
)
_OWN_ACRONYM = re.compile(rf"\s*\([{_CAPITAL}&.-]{{2,}}\)")  # the abbreviation that the name defines
_DASH = re.compile(r"\s*[–—]\s*|\s+-\s*|\s*-\s+|(?<=[^\W\dA-ZĐ])-(?=[^\W\d])")
_TONES = dict.fromkeys((0x300, 0x301, 0x303, 0x309, 0x323))
_DEFINED = re.compile(
    r"\((?:(?:sau đây|dưới đây)[^()]{0,20}?(?:gọi|viết)(?: tắt)?(?: chung)? là:?\s*|(?:viết|gọi) tắt(?: là)?:?\s*)?"
    rf"[“\"']?((?:[^\W\d_]+ ){{0,3}})([{_CAPITAL}][{_CAPITAL}a-zđ&.-]{{1,15}})[”\"']?\)"
)
_KEPT = frozenset({"UBND", "HĐND", "VT", "AI", "IT"})
_LONGEST = 14  # words an acronym may stand for


@dataclass(frozen=True, slots=True)
class UnitLore:
    """What one document teaches about its units.

    ``issuer`` is the issuing body by its canonical name, ``learned`` maps acronyms to what they stand for.
    """

    issuer: str | None = None
    learned: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    """What :func:`canonical_name` made of printed names: a document names the same few again and again."""

    def is_body(self, word: str) -> bool:
        """Whether an acronym alone names a unit ("SYT", "KHTC", "CDC")."""
        if word in _KEPT or len(word) < 2:
            return False
        entry = load_table("units")["abbreviations"].get(word)
        if entry is not None:
            return "head" in entry or bool(_HEAD_START.match(entry["full"]))
        return bool(_HEAD_START.match(self.learned.get(word, "")))

    def completes(self, before: str, word: str) -> bool:
        """Whether an acronym is the rest of the name whose head stands before it ("Trung tâm KSBT"), no body above."""
        head = load_table("units")["abbreviations"].get(word, {}).get("head", "")
        return bool(head) and head.lower().split()[-1] == before


_HEAD_START = re.compile(
    r"(?:Sở|Bộ|Phòng|Ban |Trung tâm|Bệnh viện|Chi cục|Cục|Văn phòng|Thanh tra|Trạm|Ủy ban|Hội|Đoàn|Viện|Trường|"
    r"Công an|Bảo hiểm|Mặt trận|"
    r"Giám đốc|Liên đoàn|Đài|Tổ )"
)


def learn(text: str, issuer: str | None = None) -> UnitLore:
    """What ``text``, the whole document, teaches."""
    learned: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        words = text[: match.start()].split()[-_LONGEST:]
        head, acronym = match.group(1).strip(), match.group(2)
        expansion = _behind(words, acronym) or _whole_name(" ".join(words), head)
        if expansion:
            learned.setdefault(acronym, expansion)
    return UnitLore(issuer, learned, tuple(re.findall(r"[^\W\d_]+|&", text)))


def _letters(acronym: str) -> str:
    return "".join(c for c in acronym if c.isupper())


def _begins(word: str, letter: str) -> bool:
    """Whether the word begins with the letter, its tone aside: "Ứng" with Ư, and with U as acronyms often write it."""
    initial = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word[:1].upper()).translate(_TONES))
    return initial == letter or (bool(initial) and letter not in "ĐƯƠÔÂĂÊ" and fold(initial).upper() == letter)


def _behind(words: list[str], acronym: str) -> str | None:
    """The last of ``words`` whose initials are the acronym's letters, "và" and dashes passed over."""
    letters = list(_letters(acronym))
    taken: list[str] = []
    for word in reversed(words):
        if not letters:
            break
        bare = re.sub(r"^\W+|\W+$", "", word)
        if _begins(bare, letters[-1]):
            letters.pop()
            taken.append(word)
        elif (bare.lower() == "và" or not bare) and taken:
            taken.append(word)
        else:
            return None
    return " ".join(reversed(taken)).strip(" ,;:") if taken and not letters else None


def _whole_name(before: str, head: str) -> str | None:
    """ "Trung tâm Quy hoạch và Kiểm định … (viết tắt là Trung tâm QHKĐ)": all that stands behind the shared head."""
    place = before.rfind(head + " ") if head else -1
    rest = before[place + len(head) :].strip() if place >= 0 else ""
    return rest if rest and not re.search(r"[;:.,(]", rest) else None


def _by_initials(acronym: str, lore: UnitLore) -> str | None:
    """The most frequent phrase of the document with the acronym's initials, three letters at least."""
    groups = [_letters(g) for g in re.split(r"\s*[&]\s*", acronym)]
    letters = "".join(groups)
    if len(letters) < 3:
        return None
    found: Counter[tuple[str, ...]] = Counter()
    words = lore.words
    for i in range(len(words)):
        if words[i].isupper() or not _begins(words[i], letters[0]):
            continue
        taken: list[str] = []
        k = i
        for letter in letters:
            if k < len(words) and words[k].lower() in ("và", "&") and not _begins(words[k], letter):
                k += 1
            if k >= len(words) or not _begins(words[k], letter) or (len(words[k]) > 1 and words[k].isupper()):
                break
            taken.append(words[k])
            k += 1
        if len(taken) == len(letters):
            found[tuple(taken)] += 1
    if not found:
        return None
    best = max(found, key=lambda phrase: (found[phrase], phrase))
    parts = []
    at = 0
    for group in groups:
        parts.append(" ".join(best[at : at + len(group)]))
        at += len(group)
    return " và ".join(parts)


def canonical_name(printed: str, lore: UnitLore) -> str:
    """The unit's name by the contract: abbreviations written out, " - " for dashes, first letter upper case."""
    if printed not in lore.names:
        lore.names[printed] = _canonical(printed, lore)
    return lore.names[printed]


def _canonical(printed: str, lore: UnitLore) -> str:
    name = " ".join(printed.split()).strip(" .,;:-–•*+'\"’‘“”")
    name = _OWN_ACRONYM.sub("", name)
    name = _DASH.sub(" - ", name)
    name = _ACRONYM.sub(lambda m: _written_out(m, lore), name)
    name = " ".join(name.split()).strip(" .,;:-")
    name = name[:1].upper() + name[1:]
    words = name.split(" ")
    if len(words) > 2 and words[-1] in _tail_misprints():
        name = " ".join([*words[:-1], _tail_misprints()[words[-1]]])
    plain = label_key(name)
    return _misprints().get(name.lower(), _known_names().get(plain, name))


def _written_out(match: re.Match[str], lore: UnitLore) -> str:
    acronym = match.group()
    before = match.string[: match.start()].strip().split()
    head = before[-1].lower() if before else ""
    capitals = _letters(acronym)
    if len(capitals) < 2 or acronym in _KEPT or (capitals != re.sub(r"\W", "", acronym) and acronym not in ("TTr",)):
        return acronym
    table = load_table("units")
    compact = re.sub(r"\s", "", acronym)
    if head in ("sở", "phòng", "ngành") and compact in table["fields"]:
        return str(table["fields"][compact])
    entry = table["abbreviations"].get(compact)
    learned = lore.learned.get(compact)
    if learned is not None and (entry is None or "head" not in entry):
        return learned
    if entry is not None:
        full = str(entry["full"])
        wanted = entry.get("head")
        bare = not before or before[-1].lower() in ("các", "những")
        return f"{wanted} {full}" if wanted and bare else full
    return _by_initials(acronym, lore) or acronym


@cache
def _known_names() -> Mapping[str, str]:
    return {label_key(name): name for name in load_table("units")["names"]["canonical"]}


@cache
def _misprints() -> Mapping[str, str]:
    return dict(load_table("units")["misprints"])


@cache
def _tail_misprints() -> Mapping[str, str]:
    return dict(load_table("units")["tail_misprints"])
