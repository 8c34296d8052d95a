"""Vietnamese in encodings older than Unicode, read as Western European: an exact step, apart from OCR repair.

Reads text in which every character stands for one byte (of Windows-1252 or Latin-1), as old documents come out of
converters: "Céng hoµ x· héi" (TCVN3), "Coäng hoøa xaõ hoäi" (VNI). A whole text is decoded or none of it.

Tables: TCVN 5712:1993 (VN3, the "ABC" fonts), RFC 1456 (VISCII), Microsoft's code page 1258, and the published layouts
of VPS and VNI-Windows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import product
from typing import Literal

from diacritics.syllables import share_of_valid_tokens

Encoding = Literal["utf-8", "tcvn3", "vni", "viscii", "vps", "cp1258"]

LEAST_SHARE = 0.75
"""Least share of valid tokens a decoding must reach."""
LEAST_GAIN = 0.2
LEAST_LEAD = 0.05
"""By how much the best decoding must lead the second; where two are as likely, none is taken."""

# Upper halves, byte 0x80 to 0xFF; "?" where a table has no letter.
_TCVN3 = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "?ĂÂÊÔƠƯĐăâêôơưđẶ?????àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VPS = (
    "ÀẢÃẤẦẨọỗĂếềểệẮẰẲẾ??ỀỂỄỐỒỔỖýỷỵỚỜỞ"
    "?ắằẳẵặỠớÙờởỡŨỨợỪổỬỲỸÍÌộỈĨÓửữÒỎÕự"
    "ầÁÂấẩẫậđẻÉÊẹỉễịỹƯỦồốÔỏơÈừứÚũưÝẺ?"
    "àáâãảạă?èéêẽìí?ĩ?Đòóôõ?Ơụùúủ?ỶẼỳ"
)


def _bytes(text: str) -> bytes | None:
    """The bytes ``text`` was read from; None when some character stands for none."""
    result = bytearray()
    for character in text:
        code = ord(character)
        if code < 0x80:
            result.append(code)
            continue
        try:
            result += character.encode("cp1252")
        except UnicodeEncodeError:
            if code > 0xFF:
                return None
            result.append(code)
    return bytes(result)


def _by_table(table: str) -> Callable[[str], str | None]:
    high = {0x80 + i: c for i, c in enumerate(table) if c != "?"}

    def decode(text: str) -> str | None:
        raw = _bytes(text)
        return None if raw is None else "".join(high.get(b, chr(b)) for b in raw)

    return decode


def _utf_8(text: str) -> str | None:
    raw = _bytes(text)
    if raw is None:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _cp1258(text: str) -> str | None:
    raw = _bytes(text)
    return None if raw is None else unicodedata.normalize("NFC", raw.decode("cp1258", errors="replace"))


def _vni_table() -> dict[str, str]:
    """VNI-Windows writes a vowel, then a letter for its marks; ơ, ư, đ and the toned i have their own letters."""
    grave, acute, hook, tilde, dot = "̀", "́", "̉", "̃", "̣"
    circumflex, breve = "̂", "̆"
    plain = {"ù": acute, "ø": grave, "û": hook, "õ": tilde, "ï": dot}
    roofed = {"â": "", "á": acute, "à": grave, "å": hook, "ã": tilde, "ä": dot}
    bowed = {"ê": "", "é": acute, "è": grave, "ú": hook, "ü": tilde, "ë": dot}
    table = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    for base, (letter, tone) in product("aeouy", plain.items()):
        table[base + letter] = base + tone
    for base, (letter, tone) in product(("ô", "ö"), plain.items()):
        table[base + letter] = table[base] + tone
    for base, (letter, tone) in product("aeo", roofed.items()):
        table[base + letter] = base + circumflex + tone
    for letter, tone in bowed.items():
        table["a" + letter] = "a" + breve + tone
    lower = {k: unicodedata.normalize("NFC", v) for k, v in table.items()}
    upper = {k.upper(): v.upper() for k, v in lower.items()}
    mixed = {k[0].upper() + k[1:]: v.upper() for k, v in lower.items() if len(k) == 2}
    return lower | upper | mixed


_VNI = _vni_table()
_VNI_PIECE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def _vni(text: str) -> str | None:
    return _VNI_PIECE.sub(lambda match: _VNI[match[0]], text)


_DECODERS: dict[Encoding, Callable[[str], str | None]] = {
    "utf-8": _utf_8,
    "tcvn3": _by_table(_TCVN3),
    "vni": _vni,
    "viscii": _by_table(_VISCII),
    "vps": _by_table(_VPS),
    "cp1258": _cp1258,
}


def decode(text: str, encoding: Encoding) -> str:
    """``text`` decoded. Raises ValueError when it cannot have been written in ``encoding``."""
    decoded = _DECODERS[encoding](text)
    if decoded is None:
        raise ValueError(f"not {encoding} read as Western European: a character stands for no byte")
    return decoded


def detect_encoding(text: str) -> Encoding | None:
    """The legacy encoding ``text`` was written in; None when it is Unicode already or none stands out."""
    if text.isascii():
        return None
    as_it_is = share_of_valid_tokens(text)
    shares: list[tuple[float, Encoding]] = []
    for name, decoder in _DECODERS.items():
        decoded = decoder(text)
        if decoded is not None and decoded != text:
            shares.append((share_of_valid_tokens(decoded), name))
    shares.sort(key=lambda pair: -pair[0])
    if not shares or shares[0][0] < max(LEAST_SHARE, as_it_is + LEAST_GAIN):
        return None
    if len(shares) > 1 and shares[0][0] - shares[1][0] < LEAST_LEAD:
        return None
    return shares[0][1]
