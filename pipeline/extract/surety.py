"""How sure a value is that was taken over or concluded: never surer than that allows, however well it was read."""

from __future__ import annotations

from dataclasses import replace

from pipeline.values import Text


def no_surer(text: Text, than: float) -> Text:
    """The text with no word's confidence above ``than`` (0..1)."""
    return replace(text, words=tuple(w._replace(confidence=min(w.confidence, than)) for w in text.words))
