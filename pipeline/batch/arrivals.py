"""Documents that arrive in a folder, as they arrive: ``kehoach watch``.

The folder is looked through every few seconds, which works on network drives as well. A file is taken when it looks
complete: its size and time have stayed the same since the last look, no program marks it as under way, and a PDF has
its end. A file that only pauses on its way is converted as it is, and again when it has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.batch.inputs import Input, expand_inputs, name_results

UNDER_WAY = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".~")
_TAIL = 2048
_PATIENCE = 5
"""Looks after which a PDF without an end is taken all the same: it will not come."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file at a look."""

    size: int
    changed: int  # ns
    looks: int = 0  # for how many looks it has stayed so


@dataclass(slots=True)
class Arrivals:
    """What arrives in ``folder``; results go to ``out``."""

    folder: Path
    out: Path | str
    _seen: dict[str, Seen] = field(default_factory=dict)
    _taken: dict[str, Seen] = field(default_factory=dict)

    def look(self) -> list[Input]:
        """Files that are complete and new, or changed since they were taken, named as one run over the folder would."""
        found = [item for item in expand_inputs([str(self.folder)], self.out) if item.error is None]
        present = {str(item.path) for item in found}
        for gone in (set(self._seen) | set(self._taken)) - present:
            self._seen.pop(gone, None)
            self._taken.pop(gone, None)
        return [item for item in name_results(found) if self._take(item.path)]

    @property
    def waiting(self) -> Iterator[str]:
        """Files that are not yet complete."""
        return (name for name, seen in self._seen.items() if not _same(seen, self._taken.get(name)))

    def _take(self, path: Path) -> bool:
        name = str(path)
        try:
            status = path.stat()
        except OSError:
            return False
        now = Seen(status.st_size, status.st_mtime_ns)
        before = self._seen.get(name)
        if _same(now, before):
            assert before is not None
            now = replace(now, looks=before.looks + 1)
        self._seen[name] = now
        if now.looks < 1 or _same(now, self._taken.get(name)) or not _is_whole(path, now):
            return False
        self._taken[name] = now
        return True


def _same(a: Seen, b: Seen | None) -> bool:
    return b is not None and (a.size, a.changed) == (b.size, b.changed)


def _is_whole(path: Path, seen: Seen) -> bool:
    if any((path.parent / f"{path.name}{mark}").exists() for mark in UNDER_WAY):
        return False
    if seen.size == 0:
        return seen.looks >= _PATIENCE
    if path.suffix.lower() != ".pdf" or seen.looks >= _PATIENCE:
        return True
    try:
        with path.open("rb") as file:
            file.seek(-min(_TAIL, seen.size), os.SEEK_END)
            return b"%%EOF" in file.read()
    except OSError:
        return False
