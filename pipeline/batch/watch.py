"""The endless run of ``kehoach watch``: one engine, one ledger, documents as they arrive; survives what goes wrong."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipeline.batch.arrivals import Arrivals
from pipeline.batch.cache import open_cache
from pipeline.batch.fingerprint import versions_of
from pipeline.batch.inputs import Input
from pipeline.batch.local import LocalEngine
from pipeline.batch.messages import Use
from pipeline.batch.output import Output, open_output
from pipeline.batch.page import Pages
from pipeline.batch.record import cannot_record
from pipeline.batch.result import Result
from pipeline.batch.run import Observer, Run
from pipeline.errors import KehoachError, SettingsError
from pipeline.results import LEDGER
from pipeline.settings import Settings

_KEPT = 10_000
"""Documents on which the report of a watch is: the latest. A watch has no end, its memory has; run.jsonl tells all."""


@dataclass(slots=True)
class Round:
    """What a round of :func:`watch_folder` tells: ``say`` a sentence on the way, ``done`` with a round's results."""

    say: Callable[[str], None]
    done: Callable[[Sequence[Result]], None]
    wait: Callable[[], None]
    """Called between two looks."""


def watch_folder(
    folder: Path,
    out: Path | str,
    settings: Settings,
    observer: Observer,
    rounds: Round,
    *,
    patience: int,
    with_text: bool = False,
    once: bool = False,
) -> bool:
    """Convert what arrives in ``folder`` into ``out`` until interrupted, or, with ``once``, until nothing is left.

    A file that stays empty or incomplete is named, and taken as it is after ``patience`` looks. Gives whether every
    document was converted with all its pages, the last time it was tried. Raises :class:`OutputError` when ``out``
    cannot be used at the start and :class:`SettingsError` when it is the folder itself; what goes wrong later costs the
    document only, and a folder that cannot be read for a while is looked at again.
    """
    if os.path.realpath(folder) == os.path.realpath(out):
        raise SettingsError("results cannot go to the watched folder itself", remedy="choose another folder with --out")
    with open_output(out) as output:
        use = Use(versions_of(settings), with_text=with_text)
        open_cache(settings.cache_dir, settings.cache_bytes, use.versions)
        watch = _Watch(Arrivals(folder, out, patience, bounded=once), output, rounds, once)
        while True:
            with LocalEngine(settings, use) as engine:
                run = Run(output, engine, settings, use, observer)
                try:
                    watch.serve(run)
                except KehoachError as error:  # no worker could be started, the disk is full: the next look tries again
                    if once:
                        raise
                    rounds.say(f"{error}; trying again")
                    rounds.wait()
                else:
                    return not watch.incomplete


@dataclass(slots=True)
class _Watch:
    """What lasts from round to round."""

    arrivals: Arrivals
    output: Output
    rounds: Round
    once: bool
    incomplete: set[str] = field(default_factory=set)
    """Documents that failed or lost pages when they were tried last."""
    _latest: dict[str, Result] = field(default_factory=dict)
    _pages: Pages = field(default_factory=Pages)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _named: set[str] = field(default_factory=set)
    _seconds: float = 0.0

    def serve(self, run: Run) -> None:
        """Look and convert; comes back when ``once`` and nothing is left."""
        while True:
            found = self.arrivals.look()
            self._name_held()
            if found:
                self._convert(found, run)
            if self.once and not found and not any(self.arrivals.waiting):
                return
            self.rounds.wait()

    def _name_held(self) -> None:
        self._named &= set(self.arrivals.waiting)
        for name, why in self.arrivals.held.items():
            if name not in self._named:
                self._named.add(name)
                self.rounds.say(f"waiting for {Path(name).name}: {why}")

    def _convert(self, found: Sequence[Input], run: Run) -> None:
        began = time.monotonic()
        left = {next(self._numbers): item for item in found}
        run.sources.update(os.path.realpath(item.path) for item in found)
        done: list[Result] = []
        try:
            for number, result in run.results(iter(list(left.items()))):
                _append(self.output, json.dumps(result.record(), ensure_ascii=False) + "\n")
                del left[number]
                self._note(result)
                done.append(result)
        finally:
            self.arrivals.release(left.values())
            self._seconds += time.monotonic() - began
            self.rounds.done(done)
        self._pages.write(self.output, list(self._latest.values()), self._seconds)

    def _note(self, result: Result) -> None:
        if result.complete:
            self.incomplete.discard(result.input)
        else:
            self.incomplete.add(result.input)
        self._latest.pop(result.input, None)
        self._latest[result.input] = result
        if len(self._latest) > _KEPT:
            del self._latest[next(iter(self._latest))]


def _ends_a_line(file: IO[bytes]) -> bool:
    """Whether the next line may follow; a full disk or a power cut leaves half a one."""
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read() == b"\n"


def _append(output: Output, line: str) -> None:
    path = output.path(LEDGER)
    if path is None:
        return  # storage of objects cannot append; the ledger has it
    try:
        with path.open("ab+") as file:
            if not _ends_a_line(file):
                file.write(b"\n")
            file.write(line.encode())
    except OSError as error:
        raise cannot_record(output, error) from error
