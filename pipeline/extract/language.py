"""The Vietnamese text machine: tokens by rule, then components that mark times, document codes and set phrases.

Reads one paragraph, line or cell at a time. spaCy has no trained Vietnamese pipeline and splits at blanks only
("trì," would be one token), so a blank ``vi`` pipeline gets a rule tokenizer of its own. What :func:`read` gives is
asked for its marks, each of which is looked for when it is asked for first:

``code_places(doc)``       numbers of documents ("57-NQ/TW", "181/KH-UBND", "40/2009/QH12")
``time_spans(doc)``        dates, months, quarters, years and ranges of them, labelled by their form
``marks(doc, "phrases")``  words of deadlines from the table ``deadlines``, by the label of their part
``marks(doc, "units")``    words of unit names from the table ``units``, by the label of their part

Two views of a token serve the patterns: ``lower_`` is its levelled form (lower case, one spelling of "hằng" and "quý",
tone placement levelled), ``norm_`` is the same without marks, for words that OCR often strips ("ngay", "thang").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

import spacy
from spacy.attrs import LOWER, NORM
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, filter_spans
from spacy.vocab import Vocab

from pipeline.extract.time_matcher import time_finder
from pipeline.extract.time_patterns import is_torn, time_patterns
from pipeline.knowledge import load_table
from pipeline.knowledge.folding import fold

# --- words ----------------------------------------------------------------------------------------------------------

_TONE_PLACEMENT = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)
_OLD_TONE = re.compile(r"(?<!q)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])$")
_SPELLINGS = {"hàng": "hằng", "hăng": "hằng", "qui": "quy", "quí": "quý", "kì": "kỳ", "tuỳ": "tùy"}


@lru_cache(maxsize=65536)
def level(word: str) -> str:
    """Lower case, tone on the usual vowel ("hoá" -> "hóa"), one spelling of words with two ("hàng" -> "hằng",
    of which a mark is lost at times: "hăng")."""
    lowered = word.lower()
    placed = _OLD_TONE.sub(lambda m: _TONE_PLACEMENT[m.group()], lowered)
    return _SPELLINGS.get(placed, placed)


_CODE = re.compile(
    r"^(?!I-[IV]+(?:/\d{4})?$)\d*[A-ZĐ]?[/-](?=[\w&./-]*[A-ZĐ]{2})[A-ZĐa-zđ\d][\w&./-]*\w$|^\d+/\d{4}/[A-ZĐ][\w-]*$"
)
_CODE_OR_WEB = re.compile(rf"{_CODE.pattern}|^\w+@[\w.]+\w$|^(?:https?://|www\.)\S+\w$")
_PUNCTUATION = [
    r"\(",
    r"\)",
    r"\[",
    r"\]",
    r"\{",
    r"\}",
    '"',
    "“",
    "”",
    "„",
    "'",
    "’",
    "‘",
    ";",
    ",",
    ":",
    r"\?",
    "!",
    "…",
]
_SIGNS = ["-", "–", "—", r"\+", "•", r"\*", "/", "≤", "≥", "<", ">", "=", "~", "%", "&"]
_INFIXES = [
    r"(?<=\d)[/\-–—](?=\d)",  # 30/9/2025, 2025-2027
    r"(?<=T\d)[\-–—](?=T\d)",  # T6-T8/2026
    r"(?<=[^\W\d])[/–—](?=[^\W])",  # chủ trì/phối hợp
    r"(?<=[^\W\d])-(?=[^\W\d])",  # Kế hoạch-Tài chính
    r"(?<=\d)/(?=[^\W\d])",  # 02 lần/năm has a letter before; 6/năm a digit
    r"(?<=[^\W\d])[,;:()](?=\w)",  # a blank lost by OCR: "hợp,Sở"
    r"\.\.\.+",
    "…",
]


def rule_tokenizer(vocab: Vocab) -> Tokenizer:
    """Syllables, numbers and signs apart; numbers of documents and money stay whole, dates fall into their numbers."""
    return Tokenizer(
        vocab,
        prefix_search=compile_prefix_regex([*_PUNCTUATION, *_SIGNS, r"\.\.\.+", r"\."]).search,
        suffix_search=compile_suffix_regex([*_PUNCTUATION, *_SIGNS, r"\.+"]).search,
        infix_finditer=compile_infix_regex(_INFIXES).finditer,
        token_match=_CODE_OR_WEB.match,
    )


# --- marks ----------------------------------------------------------------------------------------------------------

Part = Literal["phrases", "units"]
Marks = dict[str, list[tuple[int, int]]]


def code_places(doc: Doc) -> list[int]:
    """The tokens that are numbers of documents."""
    return [
        i for i, word in enumerate(printed_words(doc)) if ("/" in word or "-" in word) and _CODE.match(word) is not None
    ]


def time_spans(doc: Doc) -> list[Span]:
    """The times of a text that was :func:`read`, in order, labelled by their form; none overlap."""
    if "times" not in doc.user_data:
        doc.user_data["times"] = filter_spans(
            [span for span in _find_times()(doc, printed_words(doc)) if not is_torn(doc, span)]
        )
    found: list[Span] = doc.user_data["times"]
    return found


@cache
def _find_times() -> Callable[[Doc, Sequence[str]], list[Span]]:
    return time_finder(language().vocab, time_patterns())


def marks(doc: Doc, part: Part) -> Marks:
    """The set phrases of a text that was :func:`read`: label -> first token and behind the last, in order."""
    if part not in doc.user_data:
        doc.user_data[part] = _marker(part)(doc)
    found: Marks = doc.user_data[part]
    return found


def deadline_phrases() -> dict[str, list[str]]:
    """The words of deadlines of the table, by the label of their part."""
    table = load_table("deadlines")
    return {
        "before": table["before"]["phrases"],
        "during": table["during"]["phrases"],
        "recurrence": list(table["recurrence"]),
        "periodic": table["periodic"]["phrases"],
        "report": table["report"]["phrases"],
        "document": table["document"]["nouns"],
        "dated": table["document"]["dated"],
        "scope": table["scope"]["phrases"],
        "commemoration": table["commemoration"]["phrases"],
        "verb": table["verbs"]["phrases"],
        "condition": table["conditional"]["openings"],
        "event_opening": table["conditional"]["event_openings"],
        "event_ending": table["conditional"]["event_endings"],
        "act": table["conditional"]["acts"],
        "event_verb": table["conditional"]["event_verbs"],
        "measured": table["report"]["measured"],
        "event": table["conditional"]["events"],
        "this_year": table["this_year"]["phrases"],
        "ongoing": [*table["ongoing"]["values"], *table["ongoing"]["openings"]],
    }


def _unit_phrases() -> dict[str, list[str]]:
    table = load_table("units")
    return {
        "internal": table["heads"]["internal"],
        "body": table["heads"]["bodies"],
        "collective": table["heads"]["collective"],
        "set": table["set_phrases"]["phrases"],
        "not_head": table["not_heads"]["phrases"],
        "tail": table["tails"]["verbs"],
        "list_tail": table["tails"]["list_verbs"],
        "lead": table["tails"]["leads"],
        "list_lead": table["tails"]["list_leads"],
        "determiner": table["tails"]["determiners"],
        "name": table["names"]["canonical"],
        "modifier": table["tails"]["modifiers"],
    }


@cache
def unit_openings() -> frozenset[str]:
    """The first words, levelled, of all that a unit's name may open with, and of the words that lead to one."""
    phrases = _unit_phrases()
    openings = ("lead", "determiner", "set", "internal", "body", "collective")
    make = language().make_doc
    return frozenset(level(make(phrase)[0].text) for label in openings for phrase in phrases[label])


@cache
def _marker(part: Part) -> Callable[[Doc], Marks]:
    """What marks the phrases of a part, some of them whatever the marks of their letters."""
    if part == "phrases":
        return _phrase_marker(deadline_phrases(), {"ongoing": load_table("deadlines")["ongoing"]["openings"]})
    tails = load_table("units")["tails"]
    folded = {"tail_folded": tails["verbs"], "list_tail_folded": tails["list_verbs"]}
    return _phrase_marker(_unit_phrases(), {label: [t for t in listed if " " in t] for label, listed in folded.items()})


def _phrase_marker(phrases: dict[str, list[str]], folded: dict[str, list[str]]) -> Callable[[Doc], Marks]:
    """A function that marks the listed phrases, longest first within a label; ``folded`` ones whatever their marks.

    The marks are plain numbers of tokens: a paragraph has many, and spaCy's spans are dear.
    """
    nlp = language()
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    unmarked = PhraseMatcher(nlp.vocab, attr="NORM")
    for target, listed in ((matcher, phrases), (unmarked, folded)):
        for label, strings in listed.items():
            target.add(label, [nlp.make_doc(s) for s in strings])

    labels = {nlp.vocab.strings[label]: label for label in (*phrases, *folded)}

    def mark(doc: Doc) -> Marks:
        found: Marks = {}
        for label, first, last in (*matcher(doc), *unmarked(doc)):
            found.setdefault(labels[label], []).append((first, last))
        return {label: _longest(spans) for label, spans in found.items()}

    return mark


def _longest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, of those that overlap the longest, of equals the first."""
    if len(spans) == 1:
        return spans
    spans.sort()
    if all(one[1] <= other[0] for one, other in pairwise(spans)):
        return spans
    kept: list[tuple[int, int]] = []
    for first, last in sorted(set(spans), key=lambda span: (span[0] - span[1], span[0])):
        if all(last <= a or b <= first for a, b in kept):
            kept.append((first, last))
    return sorted(kept)


@cache
def language() -> Language:
    """The tokenizer with its vocabulary, built once (pyvi off: it needs a model of its own and parts units of time)."""
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"use_pyvi": False}}})
    getters: dict[int, Callable[[str], str]] = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
    getters[LOWER] = level
    getters[NORM] = lambda word: fold(level(word))
    nlp.tokenizer = rule_tokenizer(nlp.vocab)
    return nlp


@lru_cache(maxsize=128)
def read(string: str) -> Doc:
    """The string as tokens; ``token.idx`` counts characters of the string. Not to be changed.

    A statement is read by the steps for units, deadlines and checks: about twice in a document.
    """
    doc = language().make_doc(string)
    doc.user_data["printed"] = [token.text for token in doc]
    doc.user_data["words"] = [level(word) for word in doc.user_data["printed"]]
    return doc


def printed_words(doc: Doc) -> list[str]:
    """The tokens of a text that was :func:`read`, as they are printed."""
    found: list[str] = doc.user_data["printed"]
    return found


def levelled_words(doc: Doc) -> list[str]:
    """The levelled form of each token of a text that was :func:`read`."""
    found: list[str] = doc.user_data["words"]
    return found
