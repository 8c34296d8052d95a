"""A page's text layer as a second opinion: what it settles, what it must not touch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.flow import convert, plain_text, restore
from pipeline.fusion import fused
from pipeline.intake.source import SourceFacts, source_facts
from pipeline.layout.lines import lay_out
from pipeline.reading import read_page
from pipeline.restoration import DOUBTFUL, RestoredPages, restore_pages
from pipeline.settings import Settings
from pipeline.values import Box, Line, PageReading, Word, Zone

SAMPLES = Path(__file__).parent.parent / "samples"
GARBLED = [
    "Thuc hién Ké hoach cua Uy ban nhan dan tinh vé viéc trién khai chuyén d6i",
    "s6 trong linh vuc y té, S& Y té ban hanh Ké hoach thuc hién nhu sau:",
    "II. MUC TIEU",
]
READ = [
    "Thực hiện Kế hoạch của Ủy ban nhân dân tỉnh về việc triển khai chuyển đổi",
    "số trong lĩnh vực y tế, Sở Y tế ban hành Kế hoạch thực hiện như sau:",
    "II. MỤC TIÊU",
]


def _words(lines: list[str], sure: float) -> list[Word]:
    """Words of 30 points, 40 apart, lines 20 apart."""
    return [
        Word(piece, piece, Box(60.0 + 40 * i, 100.0 + 20 * k, 90.0 + 40 * i, 110.0 + 20 * k), sure)
        for k, line in enumerate(lines)
        for i, piece in enumerate(line.split())
    ]


def _page(words: list[Word], layer: list[Word] | None = None) -> PageReading:
    own = _words(GARBLED, 1.0) if layer is None else layer
    return PageReading(1, 842, 595, tuple(words), method="fused", layer=tuple(own))


def _fused(reading: PageReading) -> RestoredPages:
    return fused(restore_pages([lay_out(reading)]), [reading])


def _all(result: RestoredPages) -> list[Word]:
    return [word for page in result.pages for line in page.lines for word in line.words]


def _text(result: RestoredPages) -> str:
    return " ".join(line.text for page in result.pages for line in page.lines)


def test_a_word_in_doubt_is_settled_by_the_layer_and_stays_in_doubt() -> None:
    words = _words(READ, 0.96)
    place = next(k for k, word in enumerate(words) if word.text == "II.")
    words[place] = words[place]._replace(text="H.", printed="H.", confidence=0.4)
    result = _fused(_page(words))
    assert _text(result) == " ".join(READ)
    [settled] = [word for word in _all(result) if word.text == "II."]
    assert settled.printed == "H." and settled.confidence < DOUBTFUL


def test_a_word_read_without_doubt_stands_against_the_layer() -> None:
    words = _words(READ, 0.96)
    layer = _words([GARBLED[0].replace("hoach", "thuc"), *GARBLED[1:]], 1.0)
    assert _text(_fused(_page(words, layer))) == " ".join(READ)


def test_what_both_say_is_surer_than_what_one_says() -> None:
    words = _words(READ, 0.7)
    alone = restore_pages([lay_out(_page(words))])
    together = _fused(_page(words))
    assert together.doubtful < alone.doubtful
    assert all(b.confidence >= a.confidence for a, b in zip(_all(alone), _all(together), strict=True))


def test_a_word_left_out_is_put_in_where_it_stands_and_is_told_as_doubtful() -> None:
    words = [word for word in _words(READ, 0.96) if word.text != "hành"]
    result = _fused(_page(words))
    assert _text(result) == " ".join(READ)
    [put_in] = [word for word in _all(result) if word.text == "hành"]
    assert put_in.confidence < DOUBTFUL and put_in.printed == "hanh"


def test_nothing_is_put_in_beyond_the_line_or_over_other_words() -> None:
    words = _words(READ, 0.96)
    stray = Word("hién", "hién", Box(700.0, 100.0, 730.0, 110.0), 1.0)
    over = Word("hién", "hién", Box(65.0, 103.0, 85.0, 113.0), 1.0)
    result = _fused(_page(words, [*_words(GARBLED, 1.0), stray, over]))
    assert _text(result) == " ".join(READ)


def test_nothing_is_put_into_a_signature() -> None:
    """There the layer has what stands on the seal, which was taken off the picture."""
    reading = _page(_words(["Nơi nhận: Như trên"], 0.96), _words(["Noi nhan: ban hanh Nhu trén"], 1.0))
    gap = _words(["Nơi nhận:"], 0.96) + [w._replace(box=Box(300, 100, 330, 110)) for w in _words(["trên"], 0.96)]
    page = replace(lay_out(reading), lines=(Line(1, tuple(gap), Box(60, 100, 330, 110), zone=Zone.SIGNATURE_LEFT),))
    assert _text(fused(restore_pages([page]), [reading])) == "Nơi nhận: trên"


def test_a_layer_that_stands_beside_its_words_is_not_asked() -> None:
    """Shifted by a word, as when the picture was cut after the layer was written."""
    words = [w._replace(confidence=0.4) if w.text == "chuyển" else w for w in _words(READ, 0.96)]
    layer = [w._replace(box=w.box._replace(x0=w.box.x0 + 40, x1=w.box.x1 + 40)) for w in _words(GARBLED, 1.0) if w.box]
    reading = _page(words, layer)
    assert fused(restore_pages([lay_out(reading)]), [reading]) == restore_pages([lay_out(reading)])


def test_a_page_on_its_side_keeps_the_order_of_its_words() -> None:
    words = [w._replace(confidence=0.4) if w.text == "chuyển" else w for w in _words(READ, 0.96)]
    reading = _page(words)
    aside = restore_pages([replace(lay_out(reading), turns=1)])
    assert fused(aside, [reading]) == aside


def test_pages_without_a_layer_are_left_alone() -> None:
    reading = replace(_page(_words(READ, 0.7)), layer=())
    before = restore_pages([lay_out(reading)])
    assert fused(before, [reading]) is before


@pytest.mark.slow
def test_the_layer_of_a_scan_helps_and_is_named() -> None:
    """The layered sample: nothing that was right is lost, fewer words are left in doubt."""
    path, settings = SAMPLES / "chuyen-doi-so-layered.pdf", Settings(cache_dir=None, pages="1")
    facts = source_facts(path, settings)
    reading = read_page(path, 1, settings)
    assert reading.method == "fused" and reading.layer
    with_layer, without = _restored(facts, reading), _restored(facts, replace(reading, layer=()))
    gold = " ".join(word.text for word in read_page(SAMPLES / "chuyen-doi-so.pdf", 1, settings).words)
    right = [word for word in without[0].split() if word in gold]
    assert [word for word in right if word not in with_layer[0].split()] == []
    assert with_layer[1] <= without[1]
    assert read_page(path, 1, Settings(cache_dir=None, text_layer="ignore")).layer == ()
    assert convert(path, settings).source.page_text[0] == "fused"


def _restored(facts: SourceFacts, reading: PageReading) -> tuple[str, int]:
    result = restore(facts, [reading])
    return plain_text(result.pages), sum(
        word.confidence < DOUBTFUL for line in result.pages[0].lines for word in line.words
    )
