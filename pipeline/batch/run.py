"""One run over many documents: the ledger says what is left to do, an engine does it, results are written and noted.

Results are recorded in the order of the inputs, one line of ``run.jsonl`` each; files appear as documents are done.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from pipeline.batch.cache import open_cache
from pipeline.batch.fingerprint import Versions, result_key, versions_of
from pipeline.batch.inputs import Input
from pipeline.batch.ledger import Ledger, Note
from pipeline.batch.local import LocalEngine, Watcher
from pipeline.batch.messages import Task, Use
from pipeline.batch.output import Output, open_output
from pipeline.batch.record import RunRecord, standing
from pipeline.batch.remote import is_url
from pipeline.batch.result import Draft, Result, result_of
from pipeline.errors import OutputError, unicode_name
from pipeline.intake.source import sha256_of
from pipeline.settings import Settings


class Observer(Protocol):
    """What is told of the progress of a run, by the names of its inputs."""

    def document_began(self, name: str) -> None: ...

    def pages_found(self, name: str, pages: int) -> None: ...

    def page_done(self, name: str) -> None: ...

    def document_done(self, result: Result) -> None: ...


class Engine(Protocol):
    """What converts documents; a context manager."""

    def drafts(self, more: Callable[[], Task | None], watcher: Watcher) -> Iterator[Draft]:
        """Drafts of the documents that ``more`` gives until it gives None, as they are done, in any order."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


MakeEngine = Callable[[Settings, Use], Engine]


def convert_batch(
    inputs: Sequence[Input],
    out: Path | str,
    settings: Settings,
    observer: Observer,
    *,
    with_text: bool = False,
    force: bool = False,
    make_engine: MakeEngine = LocalEngine,
    at_end: Callable[[Output, Sequence[Result], float], None] | None = None,
) -> list[Result]:
    """Convert ``inputs`` into ``out``: ``<stem>.json`` each, ``run.jsonl`` with a line each, in their order.

    Lines on results of earlier runs that lie there stay, before them. What an earlier run has done and nothing has
    changed since is not done again, unless ``force``. ``at_end`` is called with the folder, the results, then those of
    earlier runs that lie there, and the seconds that they took.

    Raises :class:`OutputError` when nothing can be written to ``out`` and :class:`SettingsError` when the cache cannot
    be trusted; what goes wrong with a document is in its :class:`Result`.
    """
    results: list[Result] = []
    began = time.monotonic()
    with open_output(out) as output:
        use = Use(_versions(inputs, settings), lookup=not force, with_text=with_text)
        earlier = standing(output, {f"{item.stem}.json" for item in inputs})
        with RunRecord(output, earlier) as record:
            for result in _results(inputs, output, settings, use, observer, make_engine):
                record.add(result)
                results.append(result)
        if at_end is not None:
            at_end(output, [*results, *(each.result for each in earlier)], time.monotonic() - began)
    return results


def _versions(inputs: Sequence[Input], settings: Settings) -> Versions:
    """The versions at work, with the cache made for them; empty ones where no input can be found to ask for them."""
    if all(item.error for item in inputs):
        return Versions("", "", "")
    versions = versions_of(settings)
    open_cache(settings.cache_dir, settings.cache_bytes, versions)  # made once, before the workers use it
    return versions


def _results(
    inputs: Sequence[Input], output: Output, settings: Settings, use: Use, observer: Observer, make_engine: MakeEngine
) -> Iterator[Result]:
    """Results in the order of the inputs. Nothing is started for inputs of which none can be found."""
    if all(item.error for item in inputs):
        for item in inputs:
            result = Result(item.name, None, errors=(item.error,) if item.error else ())
            observer.document_done(result)
            yield result
        return
    with make_engine(settings, use) as engine:
        run = Run(output, engine, settings, use, observer, {os.path.realpath(item.path) for item in inputs})
        yield from _in_order(run.results(enumerate(inputs)))


@dataclass(slots=True)
class Run(Watcher):
    """Documents between their inputs, the ledger, an engine and the output folder."""

    output: Output
    engine: Engine
    settings: Settings
    use: Use
    observer: Observer
    sources: set[str] = field(default_factory=set)
    """Real paths of the inputs: nothing is written over them."""
    _inputs: dict[int, Input] = field(default_factory=dict)
    _notes: dict[int, Note] = field(default_factory=dict)

    def results(self, numbered: Iterator[tuple[int, Input]]) -> Iterator[tuple[int, Result]]:
        """Results with the number of their input, as they are done."""
        reused: list[tuple[int, Result]] = []

        def more() -> Task | None:
            for index, item in numbered:
                self._inputs[index] = item
                result = self._known(index, item)
                if result is None:
                    return self._task(index, item)
                reused.append((index, result))
            return None

        for draft in self.engine.drafts(more, self):
            yield from reused
            reused.clear()
            yield draft.index, self._finish(draft)
        yield from reused

    def _known(self, index: int, item: Input) -> Result | None:
        """The result of an earlier run, where the ledger has it and the file is still the same."""
        if item.error is not None or not self.use.lookup or self.settings.debug_dir is not None:
            return None
        note = Ledger(self.output).find(item.stem, item.name)
        if note is None:
            return None
        if is_url(item.place):
            self._notes[index] = note  # its worker, which has to fetch it anyway, compares
            return None
        try:
            if not item.path.is_file():  # a pipe put in its place would be read for ever
                return None
            sha256 = sha256_of(item.path)
        except OSError:
            return None  # its worker will say why
        name = unicode_name(item.path.name)
        same = result_key(sha256, name, self.use.versions, with_text=self.use.with_text) == note.key
        return self._tell(index, note.result(item.name)) if same else None

    def _task(self, index: int, item: Input) -> Task:
        settings = self.settings
        if settings.debug_dir is not None:
            settings = settings.model_copy(update={"debug_dir": settings.debug_dir / item.stem})
        note = self._notes.get(index)
        done_key = note.key if note else None
        return Task(index, item.place, item.name, item.stem, settings, error=item.error, done_key=done_key)

    def _finish(self, draft: Draft) -> Result:
        item = self._inputs[draft.index]
        note = self._notes.pop(draft.index, None)
        if draft.unchanged and note is not None:
            return self._tell(draft.index, note.result(item.name))
        # Without a result, what an earlier run wrote under this name stays: it was whole.
        written = {f"{item.stem}.txt": draft.text, f"{item.stem}.json": draft.json}
        files = {name: text for name, text in written.items() if text is not None}
        try:
            for name, text in files.items():
                self._write(name, text)
            result = result_of(draft, item.name, f"{item.stem}.json" if files else None)
            if draft.key is not None and result.settled:
                Ledger(self.output).keep(item.stem, draft.key, files, result)
        except OutputError as error:
            failed = replace(draft, json=None, text=None, errors=(error, *draft.errors))
            result = result_of(failed, item.name, None)
        return self._tell(draft.index, result)

    def _write(self, name: str, text: str) -> None:
        path = self.output.path(name)
        if path is not None and os.path.realpath(path) in self.sources:
            raise OutputError("would overwrite an input", file=str(path), remedy="choose another folder with --out")
        self.output.write(name, text)

    def _tell(self, index: int, result: Result) -> Result:
        del self._inputs[index]
        self.observer.document_done(result)
        return result

    def began(self, index: int) -> None:
        self.observer.document_began(self._inputs[index].name)

    def pages_found(self, index: int, pages: int) -> None:
        self.observer.pages_found(self._inputs[index].name, pages)

    def page_done(self, index: int) -> None:
        self.observer.page_done(self._inputs[index].name)


def _in_order(numbered: Iterator[tuple[int, Result]]) -> Iterator[Result]:
    """Results by the number of their input."""
    early: dict[int, Result] = {}
    expected = 0
    for index, result in numbered:
        early[index] = result
        while expected in early:
            yield early.pop(expected)
            expected += 1
