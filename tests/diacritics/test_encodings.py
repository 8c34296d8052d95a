"""Legacy encodings told and decoded exactly."""

from __future__ import annotations

import unicodedata

import pytest

from diacritics.encodings import _TCVN3, _VISCII, _VNI, _VPS, decode, detect_encoding

TRUE = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam. Ủy ban nhân dân tỉnh ban hành kế hoạch chuyển đổi số, "
    "giao các sở, ngành phối hợp thực hiện trước ngày 30 tháng 6, bảo đảm đúng tiến độ và chất lượng."
)


def _as_western(raw: bytes) -> str:
    return "".join(bytes([b]).decode("cp1252", errors="ignore") or chr(b) for b in raw)


def _by_table(table: str) -> str:
    codes = {c: 0x80 + i for i, c in reversed(list(enumerate(table))) if c != "?"}
    return _as_western(bytes(codes.get(c, ord(c) if ord(c) < 128 else 63) for c in TRUE))


def _in_vni() -> str:
    letters = {v: k for k, v in _VNI.items() if len(k) == 1 or k[1].islower() == k[0].islower()}
    return "".join(letters.get(c, c) for c in TRUE)


def _in_cp1258() -> str:
    raw = bytearray()
    for letter in TRUE:
        try:
            raw += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(c for c in parts if c in "̣̀́̃̉")
            raw += unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return _as_western(bytes(raw))


WRITTEN = {
    "tcvn3": _by_table(_TCVN3),
    "viscii": _by_table(_VISCII),
    "vps": _by_table(_VPS),
    "vni": _in_vni(),
    "cp1258": _in_cp1258(),
    "utf-8": _as_western(TRUE.encode("utf-8")),
}


@pytest.mark.parametrize("encoding", WRITTEN)
def test_each_encoding_is_told_and_decoded(encoding: str) -> None:
    assert WRITTEN[encoding] != TRUE
    assert detect_encoding(WRITTEN[encoding]) == encoding
    assert decode(WRITTEN[encoding], encoding) == TRUE  # type: ignore[arg-type]


def test_well_known_samples() -> None:
    assert decode("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "tcvn3") == "Cộng hoà xã hội chủ nghĩa Việt Nam"
    assert decode("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "vni") == "Cộng hòa xã hội chủ nghĩa Việt Nam"


@pytest.mark.parametrize("text", [TRUE, "", "plain ASCII", "Déclaration d'intérêt général à l'été", "\ud800 x"])
def test_other_text_is_left_alone(text: str) -> None:
    assert detect_encoding(text) is None


def test_what_stands_for_no_byte_is_refused() -> None:
    with pytest.raises(ValueError, match="stands for no byte"):
        decode("ế", "viscii")
