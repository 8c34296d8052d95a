"""The endless run of ``kehoach watch``: one engine, one ledger, documents as they arrive; survives what goes wrong."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.batch.arrivals import Arrivals
from pipeline.batch.cache import open_cache
from pipeline.batch.fingerprint import versions_of
from pipeline.batch.inputs import Input
from pipeline.batch.local import LocalEngine
from pipeline.batch.messages import Use
from pipeline.batch.output import Output, open_output
from pipeline.batch.run import RECORD, Observer, Run, cannot_record
from pipeline.errors import KehoachError, SettingsError
from pipeline.settings import Settings


def watch_folder(
    folder: Path,
    out: Path | str,
    settings: Settings,
    observer: Observer,
    *,
    wait: Callable[[], None],
    with_text: bool = False,
    once: bool = False,
) -> None:
    """Convert what arrives in ``folder`` into ``out`` until interrupted, or, with ``once``, until nothing is left.

    ``wait`` is called between two looks. Raises :class:`OutputError` when ``out`` cannot be used at the start and
    :class:`SettingsError` when it is the folder itself; what goes wrong later costs the document only, and a folder
    that cannot be read for a while is looked at again.
    """
    if os.path.realpath(folder) == os.path.realpath(out):
        raise SettingsError("results cannot go to the watched folder itself", remedy="choose another folder with --out")
    arrivals = Arrivals(folder, out)
    numbers = itertools.count()
    with open_output(out) as output:
        use = Use(versions_of(settings), with_text=with_text)
        open_cache(settings.cache_dir, settings.cache_bytes, use.versions)
        while True:
            with LocalEngine(settings, use) as engine:
                run = Run(output, engine, settings, use, observer)
                try:
                    if _serve(arrivals, run, output, numbers, wait, once):
                        return
                except KehoachError:  # no worker could be started, the disk is full: the next look tries again
                    if once:
                        raise
                    wait()


def _serve(
    arrivals: Arrivals, run: Run, output: Output, numbers: Iterator[int], wait: Callable[[], None], once: bool
) -> bool:
    """Look and convert; True when ``once`` and nothing is left."""
    while True:
        found = arrivals.look()
        run.sources.update(os.path.realpath(item.path) for item in found)
        numbered: Iterator[tuple[int, Input]] = ((next(numbers), item) for item in found)
        for _, result in run.results(numbered):
            _append(output, json.dumps(result.record(), ensure_ascii=False) + "\n")
        if once and not found and not any(arrivals.waiting):
            return True
        wait()


def _append(output: Output, line: str) -> None:
    path = output.path(RECORD)
    if path is None:
        return  # storage of objects cannot append; the ledger has it
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise cannot_record(output, error) from error
