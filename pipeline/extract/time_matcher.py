"""Finds the time patterns of a paragraph, looking only where its words allow one.

spaCy's Matcher tries every pattern at every token, and there are some two hundred: most of the time behind OCR went
there. All patterns speak of single words (text, spelling, digits), so that it is known of each word, once and for all,
whether any pattern has a place for it; a match lies wholly inside a run of such words, and runs come again ("năm 2026",
"tháng 9").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

Pattern = list[dict[str, Any]]
_OPTIONAL = {"?", "*"}


@dataclass(frozen=True, slots=True)
class _Places:
    """Where in a pattern a word may stand: anywhere, at its beginning, or as the whole of it."""

    anywhere: bool
    first: bool
    whole: bool


def time_finder(vocab: Vocab, patterns: dict[str, list[Pattern]]) -> Callable[[Doc, Sequence[str]], list[Span]]:
    """A function that finds all matches of ``patterns`` (by label) in a document of such words, as the Matcher does."""
    matcher = Matcher(vocab)
    for label, listed in patterns.items():
        matcher.add(label, listed)
    places = _word_judge(vocab, [pattern for listed in patterns.values() for pattern in listed])

    @lru_cache(maxsize=8192)
    def matches(run: tuple[str, ...]) -> tuple[tuple[int, int, int], ...]:
        return tuple(matcher(Doc(vocab, words=list(run))))

    def find(doc: Doc, words: Sequence[str]) -> list[Span]:
        found: list[Span] = []
        for start, end in _runs([places(word) for word in words]):
            found += (Span(doc, start + a, start + b, label=key) for key, a, b in matches(tuple(words[start:end])))
        return found

    return find


def _runs(words: list[_Places]) -> Iterator[tuple[int, int]]:
    """The stretches in which a match may lie."""
    start = 0
    while start < len(words):
        if not words[start].first:
            start += 1
            continue
        end = start + 1
        while end < len(words) and words[end].anywhere:
            end += 1
        if end > start + 1 or words[start].whole:
            yield start, end
        start = end


def _word_judge(vocab: Vocab, patterns: list[Pattern]) -> Callable[[str], _Places]:
    """What is known of a word, asked of the patterns once.

    Hundreds of patterns are made of a few dozen conditions on a single word: each is asked once.
    """
    conditions: dict[str, dict[str, Pattern]] = {"anywhere": {}, "first": {}, "whole": {}}
    for pattern in patterns:
        required = [k for k, token in enumerate(pattern) if token.get("OP") not in _OPTIONAL]
        for k, token in enumerate(pattern):
            alone = {name: value for name, value in token.items() if name != "OP"}
            conditions["anywhere"][repr(alone)] = [alone]
            if not required or k <= required[0]:
                conditions["first"][repr(alone)] = [alone]
            if not required or required == [k]:
                conditions["whole"][repr(alone)] = [alone]
    judge = Matcher(vocab)
    for name, known in conditions.items():
        judge.add(name, list(known.values()))

    @cache
    def places(word: str) -> _Places:
        fits = {vocab.strings[name] for name, _, _ in judge(Doc(vocab, words=[word]))}
        return _Places("anywhere" in fits, "first" in fits, "whole" in fits)

    return places
