"""Kinds of pages by what their text layers hold."""

from __future__ import annotations

import pytest

from pipeline.intake.source import TextLayer
from pipeline.intake.triage import triage, uses_layer
from pipeline.values import Triage
from tests.intake.pages import PARAGRAPH

GOOD = " ".join(PARAGRAPH)
GARBLED = (
    "C6c don vi trtrc thuOc chri dOng xdy dgng k6 hopch chi ti6t cria don vf minh, phdn c6ng 16 ngudi chiu tr6ch nhiOm"
)
WRONG_FONT = "6Ӣ CÔNG 7+ѬѪ1* 7+Ӄ7,1+ &Ӝ1* +Ñ$ ;­ +Ӝ, &+Ӫ 1*+Ƭ$ 9,Ӌ7 1$0 ĈӝF OұS 7ӵ GR +ҥQK SK~F"

MOJIBAKE = GOOD.encode().decode("latin-1")
TCVN3 = "C¸c ®¬n vÞ trùc thuéc chñ ®éng x©y dùng kÕ ho¹ch chi tiÕt cña ®¬n vÞ m×nh, ph©n c«ng râ ng­êi chÞu tr¸ch nhiÖm"


def layer(text: str, *, hidden: bool = False, picture: bool = False, drawing: bool = False) -> TextLayer:
    letters = sum(not c.isspace() for c in text)
    return TextLayer(text, letters, letters if hidden else 0, picture, drawing)


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (layer(GOOD), "text"),
        (layer(GOOD, hidden=True, picture=True), "ocr_layer"),
        (layer(GARBLED, hidden=True, picture=True), "garbled"),
        (layer(GARBLED, picture=True), "garbled"),
        (layer(WRONG_FONT), "wrong_font"),
        (layer(MOJIBAKE), "mojibake"),
        (layer(MOJIBAKE, hidden=True, picture=True), "mojibake"),
        (layer(TCVN3), "legacy_encoding"),
        (layer(TCVN3, hidden=True, picture=True), "legacy_encoding"),
        (layer("", picture=True), "image"),
        (layer("3", picture=True), "image"),
        (layer("", drawing=True), "vector"),
        (layer(""), "blank"),
    ],
)
def test_kinds(found: TextLayer, kind: str) -> None:
    assert triage(found).kind == kind


def test_the_score_that_decided_is_kept() -> None:
    good = triage(layer(GOOD)).score
    assert good is not None and good > 0.9
    for text in (WRONG_FONT, MOJIBAKE, TCVN3, GARBLED):
        bad = triage(layer(text)).score
        assert bad is not None and bad < 0.5


def test_only_born_digital_text_is_used_unless_told_otherwise() -> None:
    assert uses_layer(Triage("text", 0.98), "auto")
    assert not uses_layer(Triage("ocr_layer", 0.98), "auto")
    assert not uses_layer(Triage("text", 0.98), "ignore")
    assert uses_layer(Triage("garbled", 0.1), "only")
