"""What was read at a place before restoration, and its other readings: the review page's window on how plans are read.

Words come from the cache of page readings that a conversion left; where a page is not there, only restoration speaks.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence

from diacritics import Token, restore_tokens
from pipeline.batch.cache import Cache, open_cache
from pipeline.batch.fingerprint import versions_of
from pipeline.errors import KehoachError
from pipeline.quality.review.readings import Box, Doubted, Reading
from pipeline.settings import Settings
from pipeline.values import Word

DOUBTFUL = 0.95
"""Confidence below which a piece is offered with its other readings: generous, for whoever asks is in doubt already."""
MOST_OFFERED = 4
LONGEST = 1500
"""Letters of a text that restoration is asked about."""
_OVERLAP = 0.5
_SAME_LINE = 0.5


class CachedReader:
    """A reader for the review page."""

    def __init__(self, settings: Settings) -> None:
        """A cache that cannot be used costs the printed words, not the review."""
        self._turn = threading.Lock()
        self._closed = False
        self._cache: Cache | None = None
        with contextlib.suppress(KehoachError):
            self._cache = open_cache(settings.cache_dir, settings.cache_bytes, versions_of(settings))
        threading.Thread(target=restore_tokens, args=("thời hạn",), daemon=True).start()  # the model takes a second

    def __call__(self, sha256: str, page: int | None, box: Box | None, text: str) -> Reading:
        """See :class:`pipeline.quality.review.readings.Reader`."""
        with self._turn:  # restoration takes a whole core: questions are answered one by one
            if self._closed:
                return Reading(None, ())
            printed = self._printed(sha256, page, box) if page and box else None
            tokens = restore_tokens(text[:LONGEST])
            if printed is not None and printed != text:
                tokens = [*restore_tokens(printed[:LONGEST]), *tokens]
            return Reading(printed, tuple(_doubted(tokens, text)))

    def close(self) -> None:
        """Questions that still wait get no answer."""
        self._closed = True

    def _printed(self, sha256: str, page: int, box: Box) -> str | None:
        reading = self._cache.reading(sha256, page) if self._cache else None
        if reading is None:
            return None
        inside = [word for word in reading.words if word.printed.strip() and _within(word, box)]
        for table in reading.tables:
            for cell in table.cells:
                inside += [word for line in cell.lines for word in line.words if _within(word, box)]
        return " ".join(word.printed for word in in_reading_order(inside)) or None


def _within(word: Word, box: Box) -> bool:
    """Most of the word lies in the box."""
    if word.box is None:
        return False
    across = min(word.box.x1, box[2]) - max(word.box.x0, box[0])
    down = min(word.box.y1, box[3]) - max(word.box.y0, box[1])
    size = (word.box.x1 - word.box.x0) * (word.box.y1 - word.box.y0)
    return across > 0 and down > 0 and across * down >= _OVERLAP * size


def in_reading_order(words: Sequence[Word]) -> list[Word]:
    """Lines from the top, words from the left: a word belongs to the line whose middle it covers."""
    lines: list[list[Word]] = []
    for word in sorted((w for w in words if w.box), key=lambda w: w.box.y0 + w.box.y1 if w.box else 0.0):
        last = lines[-1][-1].box if lines else None
        if last and word.box and word.box.y0 < last.y0 + _SAME_LINE * (last.y1 - last.y0) + 0.5:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in lines for word in sorted(line, key=lambda w: w.box.x0 if w.box else 0.0)]


def _doubted(tokens: Sequence[Token], text: str) -> Iterator[Doubted]:
    """Pieces of ``text`` with other readings, each once; what was printed there is one of them where it differs."""
    seen: set[str] = set()
    for token in tokens:
        if token.text in seen or token.text not in text or not (token.changed or token.confidence < DOUBTFUL):
            continue
        others = [other.text for other in token.alternatives if other.text != token.text]
        if token.changed and token.printed not in others:
            others.append(token.printed)
        if others:
            seen.add(token.text)
            yield Doubted(token.printed, token.text, round(token.confidence, 3), tuple(others[:MOST_OFFERED]))
