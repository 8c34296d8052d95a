"""Looking only where words allow a match finds just what the Matcher finds everywhere."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.matcher import Matcher

from pipeline.extract.language import language
from pipeline.extract.time_matcher import time_finder
from pipeline.extract.time_patterns import time_patterns

WORDS = [
    *("ngày", "5", "05", "31", "tháng", "9", "12", "năm", "2025", "2026", "/", "-", "–", "đến", "tới", "hết", "quý"),
    *("II", "IV", "III/2026", "30/9/2025", "T6", "T6-T8/2026", ",", "và", ";", "tuần", "1", "thứ", "đầu", "cuối"),
    *("nửa", "trung", "của", "trong", "định", "kỳ", "6", "lần", "mỗi", "hằng", "một", "hai", "báo", "cáo", "trước"),
    *("Sở", "Y", "tế", "09/2025", "01", "06", "quý.", "xx"),
]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_the_same_matches_as_everywhere(words: list[str]) -> None:
    nlp = language()
    everywhere = Matcher(nlp.vocab)
    for label, patterns in time_patterns().items():
        everywhere.add(label, patterns)
    find = time_finder(nlp.vocab, time_patterns())
    doc = nlp.make_doc(" ".join(words))
    expected = {(s.label_, s.start, s.end) for s in everywhere(doc, as_spans=True)}
    assert {(s.label_, s.start, s.end) for s in find(doc, [token.text for token in doc])} == expected


def test_the_words_drawn_do_match() -> None:
    doc = language().make_doc("trước ngày 30/9/2025, quý II, III/2026, tuần 1 tháng 9 và 06 tháng một lần năm 2026")
    find = time_finder(language().vocab, time_patterns())
    labels = {span.label_ for span in find(doc, [token.text for token in doc])}
    assert {"date", "quarter_list", "week", "every", "year"} <= labels
