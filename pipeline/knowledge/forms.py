"""Typed readers of the tables about the form of documents: numbering, headings, closing, signature, kinds.

Keys that are matched against text are folded (:func:`pipeline.knowledge.folding.fold`), so that marks lost by OCR do
not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold, fold_words


@dataclass(frozen=True, slots=True)
class NumberingWords:
    """Folded words for divisions ("phan" -> "part") and ordinals ("nhat" -> 1)."""

    styles: dict[str, str]
    ordinals: dict[str, int]


@cache
def numbering_words() -> NumberingWords:
    data = load_table("numbering")
    return NumberingWords(
        {fold(word): style for word, style in data["styles"].items()},
        {fold(word): number for word, number in data["ordinals"].items()},
    )


@dataclass(frozen=True, slots=True)
class HeadingRoles:
    """Folded phrases that headings begin with, by how many words they have, each with the role it gives."""

    phrases: dict[int, dict[tuple[str, ...], str]]  # the longest first
    passed_over: tuple[tuple[str, ...], ...]


@cache
def heading_roles() -> HeadingRoles:
    data = load_table("headings")
    phrases = {fold_words(phrase): role for role, listed in data["roles"].items() for phrase in listed}
    by_length: dict[int, dict[tuple[str, ...], str]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        by_length.setdefault(len(phrase), {})[phrase] = phrases[phrase]
    return HeadingRoles(
        by_length,
        tuple(fold_words(words) for words in data["passed_over"]),
    )


@cache
def sentence_openings() -> tuple[str, ...]:
    """Verbs that open sentences, with their capital and the blank or comma behind them."""
    return tuple(opening + sign for opening in load_table("headings")["sentence_openings"] for sign in (" ", ","))


@dataclass(frozen=True, slots=True)
class ClosingOpenings:
    """Openings of paragraphs that close a plan: formulas, and addresses to units in general; words of the last one."""

    formula: tuple[str, ...]
    address: tuple[str, ...]
    exhortations: tuple[str, ...]  # folded


@cache
def closing_openings() -> ClosingOpenings:
    data = load_table("closing")
    formula = [*data["formula"], *(f"{d} này {said}" for d in data["documents"] for said in data["said_of_it"])]
    formula += [f"{received} {d} này" for received in data["received"] for d in data["documents"]]
    exhortations = tuple(" ".join(fold_words(words)) for words in data["exhortations"])
    return ClosingOpenings(tuple(formula), tuple(data["address"]), exhortations)


@cache
def recipient_purposes() -> dict[str, str]:
    """Ways to write a recipient's purpose (folded, without blanks and "để") and what they mean."""
    return {way: purpose for purpose, ways in load_table("recipients")["purposes"].items() for way in ways}


@dataclass(frozen=True, slots=True)
class SignatureWords:
    """Set phrases of letterhead and signature block."""

    motto: tuple[str, ...]
    motto_right: tuple[str, ...]
    capacity: tuple[str, ...]
    positions: tuple[str, ...]
    bodies: tuple[str, ...]
    digital: tuple[str, ...]
    degrees: frozenset[str]
    surnames: tuple[str, ...]  # by frequency


@cache
def signature_words() -> SignatureWords:
    data = load_table("signature")
    return SignatureWords(
        tuple(data["motto"]),
        tuple(data["motto_right"]),
        tuple(data["capacity"]),
        tuple(sorted(data["positions"], key=len, reverse=True)),
        tuple(data["bodies"]),
        tuple(data["digital"]),
        frozenset(data["degrees"]),
        tuple(data["surnames"]),
    )


@dataclass(frozen=True, slots=True)
class DocumentTypes:
    """Kinds of documents: those that may head a text, and all with the abbreviations in their numbers."""

    titles: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    issuer_ends: frozenset[str]
    issuer_pairs: frozenset[str]  # folded
    issuer_commas: frozenset[tuple[str, str]]  # folded, what stands before and behind the comma


@cache
def document_types() -> DocumentTypes:
    data = load_table("document_types")
    return DocumentTypes(
        tuple(data["titles"]),
        {name: tuple(short) for name, short in data["names"].items()},
        frozenset(data["issuer_ends"]),
        frozenset(fold(pair) for pair in data["issuer_pairs"]),
        frozenset((fold(pair).partition(", ")[0], fold(pair).partition(", ")[2]) for pair in data["issuer_commas"]),
    )


@dataclass(frozen=True, slots=True)
class OrganWords:
    """How names of bodies begin, go on and are written."""

    kinds: tuple[tuple[str, ...], ...]
    levels: frozenset[str]
    small: frozenset[str]
    capitals: frozenset[str]
    names: tuple[str, ...]
    abbreviations: dict[str, str]


@cache
def organ_words() -> OrganWords:
    data = load_table("organs")
    return OrganWords(
        tuple(fold_words(kind) for kind in data["kinds"]),
        frozenset(data["levels"]),
        frozenset(data["small"]),
        frozenset(data["capitals"]),
        tuple(sorted(data["names"], key=lambda name: (-len(name), name))),
        dict(data["abbreviations"]),
    )
