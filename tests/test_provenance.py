"""What is told of pages by how they were read."""

from __future__ import annotations

import pytest

from pipeline.provenance import page_warnings
from pipeline.values import PageReading, Triage


@pytest.mark.parametrize(
    ("method", "kind", "codes"),
    [
        ("text_layer", "wrong_font", ["layer_unreadable"]),
        ("text_layer", "text", []),
        ("text_layer", "garbled", []),  # that is restored
        ("ocr", "wrong_font", []),  # its picture was read
    ],
)
def test_a_text_layer_that_is_asked_for_but_is_no_vietnamese_is_told(method: str, kind: str, codes: list[str]) -> None:
    reading = PageReading(3, 595, 842, (), method=method, triage=Triage(kind, 0.2, "visible text of another script"))
    assert [(w.code, w.page) for w in page_warnings([reading])] == [(code, 3) for code in codes]


def test_a_page_that_failed_is_told_with_its_reason() -> None:
    (warning,) = page_warnings([PageReading(2, 595, 842, (), method="none", triage=Triage("failed"), error="torn")])
    assert warning.code == "page_failed" and "torn" in warning.message
