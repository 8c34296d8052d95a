"""The recipients of a plan.

Form of text: the lines under "Nơi nhận:", one entry a bullet, wrapped entries without one: "- UBND tỉnh (để b/c);",
"- Lưu: VT, NVY." (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.9).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.knowledge.folding import UPPER, fold, fold_words
from pipeline.knowledge.forms import recipient_purposes
from pipeline.values import Text
from schemas import Recipient

_HEAD = re.compile(r"^\W{0,2}n[oơ]i\s+nh[aậâ]n\s*[:;.]?\s*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[-–—−+*•·_~]+\s*")
_PURPOSE = re.compile(r"\s*\(\s*(?P<inside>[^()]{2,30})\s*\)\s*$")
_BARE_PURPOSE = re.compile(r"\s+(?:để|đề)\s+(?P<inside>(?:báo cáo|b/c|thực hiện|t/h|phối hợp|p/h))\s*$", re.IGNORECASE)
_END = " ;.,:/"
# Strokes of the seal or the signature behind an entry's semicolon.
_TRAIL = re.compile(r";\s*(?!l[uư]u)[^;]{1,10}$", re.IGNORECASE)
_OFFICE = re.compile(rf"(?<!\w)[{UPPER}]{{2,}}(?!\w)")  # "Lưu: VT; NVY": where copies are kept, not strokes


def read_recipients(lines: Sequence[Text]) -> list[Recipient]:
    """One recipient a printed entry, purpose in brackets expanded, the "Lưu" line last with purpose "lưu"."""
    entries: list[Text] = []
    for line in lines:
        text = _without_head(line)
        if not text:
            continue
        bullet = _BULLET.match(text.string)
        if bullet and not text.string[bullet.end() :].strip():
            continue
        new = bool(bullet) or not entries or entries[-1].string.rstrip()[-1:] in ";." or _is_archive(text.string)
        piece = text.slice(bullet.end()) if bullet else text
        if new:
            entries.append(piece)
        else:
            entries[-1] = Text.join([entries[-1], piece])
    return [recipient for entry in entries if (recipient := _recipient(entry)) is not None]


def _without_head(line: Text) -> Text:
    match = _HEAD.match(line.string)
    return line.slice(match.end()) if match else line.slice()


def _is_archive(string: str) -> bool:
    return fold_words(string)[:1] == ("luu",)


def _recipient(entry: Text) -> Recipient | None:
    trail = _TRAIL.search(entry.string)
    if trail and _is_archive(entry.string) and _OFFICE.search(trail[0]):
        trail = None
    name = entry.string[: trail.start() if trail else None].rstrip(_END)
    if not any(c.isalpha() for c in name):
        return None
    purpose = "lưu" if _is_archive(name) else None
    if purpose is None:
        match = _PURPOSE.search(name) or _BARE_PURPOSE.search(name)
        meant = _meant(match["inside"]) if match else None
        if match and meant:
            name, purpose = name[: match.start()].rstrip(_END), meant
    sources = entry.sources()
    return Recipient(name=name, purpose=purpose, source=sources[0] if sources else None)


def _meant(inside: str) -> str | None:
    """The purposes meant, in the table's words; None where a part of ``inside`` is none of them ("để t/h và b/c")."""
    parts = [part for part in re.split(r",|;|\+|\bvà\b", inside) if part.strip()]
    meant = [_purpose(re.sub(r"^\s*để\b", "", part, flags=re.IGNORECASE)) for part in parts]
    known = [purpose for purpose in meant if purpose is not None]
    return ", ".join(dict.fromkeys(known)) if known and len(known) == len(meant) else None


def _purpose(printed: str) -> str | None:
    key = re.sub(r"[\s.;:]", "", fold(printed).replace("€", "c").replace("⁄", "/"))
    known = recipient_purposes()
    found = known.get(key) or known.get(key.removeprefix("de"))
    if found is not None or "/" not in key:
        return found
    cut = key.split("/")
    for purpose in dict.fromkeys(known.values()):
        syllables = fold_words(purpose)
        if len(syllables) == len(cut) and all(c and s.startswith(c) for c, s in zip(cut, syllables, strict=True)):
            return purpose
    return None
