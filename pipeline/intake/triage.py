"""What a page is made of, decided before anything is read, from its text layer as it stands in the file.

A layer is used only when it is Vietnamese and was not written by an OCR program: its letters are then those of the
author. Whatever else there is gets read from the picture.
"""

from __future__ import annotations

from diacritics.encodings import detect_encoding
from diacritics.syllables import share_of_valid_tokens
from pipeline.intake.source import TextLayer
from pipeline.settings import TextLayer as LayerChoice
from pipeline.values import Triage

FEWEST_LETTERS = 30
"""Fewer letters (a signature field, a page number, a registry's stamp) are no text layer."""
GOOD = 0.85
"""Least share of valid tokens of a layer that is used. Born-digital plans have 0.93 and more (names and codes cost a
little); layers written by OCR in the wrong language stay below 0.5, wrong font mappings below 0.3."""


def triage(layer: TextLayer) -> Triage:
    """The kind of a PDF page or picture.

    Kinds: ``image`` (a scan without text), ``text`` (born digital, good), ``ocr_layer`` (a scan with a good hidden
    layer), ``garbled`` (a scan with a bad one), ``mojibake`` (UTF-8 read as Western European), ``legacy_encoding``
    (TCVN3, VNI, VISCII … read so), ``wrong_font`` (born digital, its fonts map to wrong characters), ``vector``
    (drawings without text), ``blank`` (nothing at all). The score is the share of valid Vietnamese tokens.
    """
    if layer.letters < FEWEST_LETTERS:
        if layer.has_picture:
            return Triage("image", None, "a picture without text")
        if layer.has_drawing or layer.letters:
            return Triage("vector", None, "drawings or too little text to judge")
        return Triage("blank", None, "nothing is drawn")
    score = round(share_of_valid_tokens(layer.text), 3)
    if score < GOOD and (encoding := detect_encoding(layer.text)) is not None:
        if encoding == "utf-8":
            return Triage("mojibake", score, "UTF-8 taken for Western European letters")
        return Triage("legacy_encoding", score, f"letters of {encoding.upper()} taken for Western European ones")
    if layer.has_picture or layer.invisible > layer.letters / 2:
        if score >= GOOD:
            return Triage("ocr_layer", score, "hidden text of an OCR program, mostly Vietnamese")
        return Triage("garbled", score, "hidden text of an OCR program, not Vietnamese")
    if score >= GOOD:
        return Triage("text", score, "born-digital text, Vietnamese")
    return Triage("wrong_font", score, "visible text that does not read as Vietnamese")


def uses_layer(kind: Triage, choice: LayerChoice) -> bool:
    """Whether the page's text layer is its reading, by its kind and ``--text-layer``."""
    if choice == "auto":
        return kind.kind == "text"
    return choice == "only"


def is_second_opinion(kind: Triage, choice: LayerChoice) -> bool:
    """Whether the page's text layer is asked about words that are read in its picture with doubt."""
    return choice == "auto" and kind.kind in {"garbled", "ocr_layer"}
