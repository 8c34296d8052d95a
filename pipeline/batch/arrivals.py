"""Documents that arrive in a folder, as they arrive: ``kehoach watch``.

The folder is looked through every few seconds, which works on network drives as well. A file is taken when it looks
complete: its size and time have stayed the same since the last look, no program marks it as under way, and a PDF has
its end. A file that only pauses on its way is converted as it is, and again when it has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.batch.inputs import Input, expand_inputs, name_results
from pipeline.errors import InputError

UNDER_WAY = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".~")
_TAIL = 2048


@dataclass(frozen=True, slots=True)
class Seen:
    """A file at a look."""

    size: int
    changed: int  # ns
    looks: int = 0  # for how many looks it has stayed so


@dataclass(slots=True)
class Arrivals:
    """What arrives in ``folder``; results go to ``out``.

    A file that stays empty, or a PDF without its end, is taken after ``patience`` looks all the same: more will not
    come. With ``bounded``, one that a program marks as under way is then given up, with its error.
    """

    folder: Path
    out: Path | str
    patience: int = 5
    bounded: bool = False
    held: dict[str, str] = field(default_factory=dict)
    """Files that have stayed the same since the look before and are not taken yet: why not."""
    _seen: dict[str, Seen] = field(default_factory=dict)
    _taken: dict[str, Seen] = field(default_factory=dict)

    def look(self) -> list[Input]:
        """Files that are complete and new, or changed since they were taken, named as one run over the folder would."""
        found = [item for item in expand_inputs([str(self.folder)], self.out) if item.error is None]
        present = {str(item.path) for item in found}
        for gone in (set(self._seen) | set(self._taken)) - present:
            self._seen.pop(gone, None)
            self._taken.pop(gone, None)
        self.held.clear()
        return [replace(item, error=taken[1]) for item in name_results(found) if (taken := self._take(item.path))[0]]

    def release(self, items: Iterable[Input]) -> None:
        """Take these again at the next look: nothing became of them."""
        for item in items:
            self._taken.pop(str(item.path), None)

    @property
    def waiting(self) -> Iterator[str]:
        """Files that are not yet complete."""
        return (name for name, seen in self._seen.items() if not _same(seen, self._taken.get(name)))

    def _take(self, path: Path) -> tuple[bool, InputError | None]:
        """Whether to take the file now, and the error with which it is given up."""
        name = str(path)
        try:
            status = path.stat()
        except OSError:
            return False, None
        now = Seen(status.st_size, status.st_mtime_ns)
        before = self._seen.get(name)
        if _same(now, before):
            assert before is not None
            now = replace(now, looks=before.looks + 1)
        self._seen[name] = now
        if now.looks < 1 or _same(now, self._taken.get(name)):
            return False, None
        patient = now.looks < self.patience
        mark = _mark(path)
        if mark is not None and (patient or not self.bounded):
            self.held[name] = f"not complete: {mark} lies beside it"
            return False, None
        if mark is None and patient and (lack := _lack(path, now)):
            self.held[name] = lack
            return False, None
        self._taken[name] = now
        if mark is None:
            return True, None
        remedy = "wait until it has arrived, or remove the other file"
        return True, InputError(f"is not complete: {mark} lies beside it", file=name, remedy=remedy)


def _same(a: Seen, b: Seen | None) -> bool:
    return b is not None and (a.size, a.changed) == (b.size, b.changed)


def _mark(path: Path) -> str | None:
    """The name of the file by which a program marks this one as under way."""
    return next((name for mark in UNDER_WAY if (path.parent / (name := f"{path.name}{mark}")).exists()), None)


def _lack(path: Path, seen: Seen) -> str | None:
    """What a file lacks to be whole."""
    if seen.size == 0:
        return "empty"
    if path.suffix.lower() != ".pdf":
        return None
    try:
        with path.open("rb") as file:
            file.seek(-min(_TAIL, seen.size), os.SEEK_END)
            return None if b"%%EOF" in file.read() else "not complete"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
