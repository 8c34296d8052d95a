"""Vietnamese restored: text read with the wrong language back to Vietnamese, line for line."""

from __future__ import annotations

from diacritics.syllables import is_valid_syllable, share_of_valid_tokens

__all__ = ["is_valid_syllable", "share_of_valid_tokens"]
