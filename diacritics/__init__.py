"""Vietnamese restored: text read with the wrong language back to Vietnamese, line for line.

>>> from diacritics import restore
>>> restore("Ké hoach chuyén d6i s6 quéc gia")
'Kế hoạch chuyển đổi số quốc gia'
"""

from __future__ import annotations

from diacritics.restoration import Channel, detect_channel, restore, restore_tokens
from diacritics.result import Alternative, Token
from diacritics.syllables import is_valid_syllable, share_of_valid_tokens

__all__ = [
    "Alternative",
    "Channel",
    "Token",
    "detect_channel",
    "is_valid_syllable",
    "restore",
    "restore_tokens",
    "share_of_valid_tokens",
]
