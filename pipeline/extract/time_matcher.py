"""Finds the time patterns of a paragraph, looking only where its words allow one.

spaCy's Matcher tries every pattern at every token, and there are some two hundred: most of the time behind OCR went
there. All patterns speak of single words (text, spelling, digits), so that it is known of each word, once and for all,
whether any pattern has a place for it; a match lies wholly inside a run of such words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


def time_finder(vocab: Vocab, patterns: dict[str, list[Pattern]]) -> Callable[[Doc], list[Span]]:
    """A function that finds all matches of ``patterns`` (by label) in a document, as the Matcher would."""
    matcher = Matcher(vocab)
    for label, listed in patterns.items():
        matcher.add(label, listed)
    places = _word_judge(vocab, [pattern for listed in patterns.values() for pattern in listed])

    def find(doc: Doc) -> list[Span]:
        found: list[Span] = []
        for start, end in _runs([places(token.orth) for token in doc]):
            found += (Span(doc, start + a, start + b, label=key) for key, a, b in matcher(doc[start:end]))
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


def _word_judge(vocab: Vocab, patterns: list[Pattern]) -> Callable[[int], _Places]:
    """What is known of a word (its number in ``vocab``), asked of the patterns once."""
    judges = {name: Matcher(vocab) for name in ("anywhere", "first", "whole")}
    for pattern in patterns:
        required = [k for k, token in enumerate(pattern) if token.get("OP") not in _OPTIONAL]
        for k, token in enumerate(pattern):
            alone = [{name: value for name, value in token.items() if name != "OP"}]
            judges["anywhere"].add("anywhere", [alone])
            if not required or k <= required[0]:
                judges["first"].add("first", [alone])
            if not required or required == [k]:
                judges["whole"].add("whole", [alone])
    known: dict[int, _Places] = {}

    def places(word: int) -> _Places:
        found = known.get(word)
        if found is None:
            doc = Doc(vocab, words=[vocab.strings[word]])
            found = known[word] = _Places(**{name: bool(judge(doc)) for name, judge in judges.items()})
        return found

    return places
