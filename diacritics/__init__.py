"""Vietnamese restored: text read with the wrong language back to Vietnamese, line for line.

>>> from diacritics import restore
>>> restore("Ké hoach chuyén d6i s6 quéc gia")
'Kế hoạch chuyển đổi số quốc gia'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from diacritics.result import Alternative, Token
from diacritics.syllables import is_valid_syllable, share_of_valid_tokens

if TYPE_CHECKING:
    from diacritics.restoration import Channel as Channel
    from diacritics.restoration import detect_channel as detect_channel
    from diacritics.restoration import restore as restore
    from diacritics.restoration import restore_tokens as restore_tokens

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


def __getattr__(name: str) -> Any:
    """What restores, on first use: who only asks for syllables loads no models."""
    if name in __all__:
        return getattr(importlib.import_module("diacritics.restoration"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
