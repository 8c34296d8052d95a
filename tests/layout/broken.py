"""Labels broken as OCR breaks them, and how much of an outline survives it."""

from __future__ import annotations

import random
import re
from collections import Counter

from rapidfuzz import fuzz

from pipeline.values import Item, Outline, Section

# What readings of scans made of labels; a label not listed is broken sign by sign.
WHOLE = {
    "I.": ("1.", "l.", "|.", "L.", "I,", "T."),
    "II.": ("Il.", "11.", "H.", "lI.", "I1.", "II,", "IL."),
    "III.": ("HI.", "I11.", "IlI.", "1II.", "HII.", "IIl."),
    "IV.": ("1V.", "lV.", "IY.", "IV,"),
    "V.": ("Y.", "v.", "V,"),
    "VI.": ("Vl.", "V1.", "YI."),
    "1.": ("l.", "I.", "1,", "|.", "1"),
    "2.": ("2,", "Z.", "2"),
    "3.": ("3,", "3:", "3"),
    "4.": ("A.", "Ạ.", "4,", "4"),
    "5.": ("S.", "5,", "5"),
    "a)": ("a}", "ạ)", "a.", "à)", "8)"),
    "b)": ("p)", "b.", "h)", "6)"),
    "c)": ("e)", "o)", "€)", "c."),
    "(1)": ("(l)", "(I)", "(1}", "1)"),
    "(2)": ("(2}", "2)", "(Z)"),
    "A.": ("Á.", "A,"),
    "B.": ("8.", "B,"),
    "C.": ("€.", "C,", "G."),
}
SIGNS = {"1": "lI|", "2": "Z", "5": "S", "8": "B", "0": "O", ".": ",", ")": "}", "I": "l1|", "V": "Y", "/": "⁄"}
BULLETS = {"-": ("¡", "~", "—", "¬", "_"), "•": ("·", "«"), "●": ("•", "·"), "*": ("«",), "+": ("4-", "†")}
LABEL = re.compile(
    r"^(?P<label>[IVX]{1,4}[.\-/]|[A-DĐ]\.|\d{1,2}(?:\.\d{1,2})*[.)\-/]|[a-dđ][).]|\(\d\))(?=\s*[^\W_])", re.MULTILINE
)
BULLET = re.compile(r"^(?P<sign>[-•●*+])(?=\s)", re.MULTILINE)


def broken(text: str, seed: int, rate: float) -> tuple[str, list[tuple[str, str]]]:
    """The text with about ``rate`` of its labels and a third as many bullets broken, and what was changed."""
    chance = random.Random(seed)
    changed: list[tuple[str, str]] = []
    head, mark, rest = text.partition("\n\n")  # the letterhead stays as it is
    body, nơi_nhận, tail = rest.partition("\nNơi nhận")

    def label(match: re.Match[str]) -> str:
        printed = match["label"]
        if chance.random() >= rate:
            return printed
        read = chance.choice(WHOLE[printed]) if printed in WHOLE else _sign_broken(printed, chance)
        changed.append((printed, read))
        return read

    def bullet(match: re.Match[str]) -> str:
        if chance.random() >= rate / 3:
            return match["sign"]
        read = chance.choice(BULLETS[match["sign"]])
        changed.append((match["sign"], read))
        return read

    body = BULLET.sub(bullet, LABEL.sub(label, body))
    return head + mark + body + nơi_nhận + tail, changed


def _sign_broken(printed: str, chance: random.Random) -> str:
    """One sign read as another, or a point between figures lost ("2.3." -> "23.")."""
    places = [k for k, sign in enumerate(printed) if sign in SIGNS]
    if not places:
        return printed
    place = chance.choice(places)
    if printed[place] == "." and 0 < place < len(printed) - 1 and chance.random() < 0.4:
        return printed[:place] + printed[place + 1 :]
    return printed[:place] + chance.choice(SIGNS[printed[place]]) + printed[place + 1 :]


def paths(outline: Outline) -> list[tuple[str, str]]:
    """(path of labels, head) of every section; a statement's head is its text."""

    def walk(section: Section, path: str) -> list[tuple[str, str]]:
        here = f"{path}/{section.label}" if path else section.label
        head = section.title.string or (section.items[0].text.string if section.items else "")
        return [(here, head[:40]), *(pair for child in section.children for pair in walk(child, here))]

    return [pair for section in outline.sections for pair in walk(section, "")]


def sections_f1(wanted: Outline, found: Outline) -> float:
    """F1 of the sections, each its path and the beginning of its text."""
    ours, theirs = Counter(paths(wanted)), Counter(paths(found))
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * sum((ours & theirs).values()) / total if total else 1.0


def surviving_items(wanted: Outline, found: Outline) -> float:
    """Share of the items that are still items of their own, broken signs before them aside."""
    have = [item.text.string for item in _items(found)]
    lines = [item.text.string for item in _items(wanted)]
    kept = sum(any(fuzz.ratio(line, other) >= 92 for other in have) for line in lines)
    return kept / len(lines) if lines else 1.0


def _items(outline: Outline) -> list[Item]:
    return [item for section in outline.sections for part in section.walk() for item in part.items]
