"""What a run tells people: progress while it goes on, a summary table and the failures at the end."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from pipeline.batch.run import Result
from pipeline.errors import printable

_COLOURS = {"ok": "green", "review": "yellow", "failed": "red"}
_COLUMNS = ("pages", "objectives", "tasks", "units", "deadlines", "warnings", "seconds")
_TEXT_WIDTH = 200  # columns of a table that goes to a file or a pipe, where nothing may be cut


def consoles() -> tuple[Console, Console]:
    """Where results go (standard output) and where progress and errors go (standard error)."""
    out, err = Console(), Console(stderr=True)
    if not out.is_terminal:
        out = Console(width=_TEXT_WIDTH)
    if not err.is_terminal:
        err = Console(stderr=True, soft_wrap=True)
    return out, err


class ProgressReport:
    """A bar of pages on a terminal, a line a document elsewhere, nothing when ``quiet``; a context manager."""

    def __init__(self, console: Console, documents: int, *, quiet: bool = False) -> None:
        self._console = console
        self._documents = documents
        self._quiet = quiet
        self._done = 0
        self._failed = 0
        self._pages = 0
        self._bar: Progress | None = None
        if console.is_terminal and not quiet:
            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("pages"),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            self._task = self._bar.add_task(self._state(), total=None)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def pages_found(self, pages: int) -> None:
        self._pages += pages
        if self._bar and self._pages:
            self._bar.update(self._task, total=self._pages)

    def page_done(self) -> None:
        if self._bar:
            self._bar.advance(self._task)

    def document_done(self, result: Result) -> None:
        self._done += 1
        self._failed += result.status == "failed"
        if self._bar:
            self._bar.update(self._task, description=self._state())
        elif not self._quiet:
            self._console.print(self._line(result), highlight=False, markup=False)

    def _state(self) -> str:
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._done} of {self._documents} documents{failed}"

    def _line(self, result: Result) -> str:
        place = f"[{self._done}/{self._documents}] {printable(result.input)}: {result.status}"
        if result.status == "failed":
            return f"{place} – {result.errors[0].reason}" if result.errors else place
        found = ", ".join(f"{n} {name}" for name, n in result.counts.items())
        return f"{place}, {result.pages_out} of {result.pages_in} pages, {found}, {result.seconds['total']:.1f} s"


def print_summary(console: Console, results: Sequence[Result], seconds: float) -> None:
    """A row a document: what was found in it, how many warnings, how long it took."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("document", overflow="fold", min_width=20)
    table.add_column("status")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for result in results:
        pages = f"{result.pages_out}/{result.pages_in}" if result.pages_failed else str(result.pages_in or "–")
        counts = [str(result.counts[name]) if name in result.counts else "–" for name in _COLUMNS[1:-1]]
        status = Text(result.status, style=_COLOURS[result.status])
        table.add_row(Text(printable(result.input)), status, pages, *counts, f"{result.seconds.get('total', 0):.1f}")
    console.print(table)
    console.print(_totals(results, seconds), highlight=False)


def _totals(results: Sequence[Result], seconds: float) -> str:
    by_status = {status: sum(r.status == status for r in results) for status in _COLOURS}
    parts = [f"{n} {status}" for status, n in by_status.items() if n]
    pages = sum(r.pages_out for r in results)
    rate = f" ({pages / seconds * 60:.0f} a minute)" if seconds > 0 and pages else ""
    documents = "document" if len(results) == 1 else "documents"
    return f"{len(results)} {documents}: {', '.join(parts)}. {pages} pages in {_duration(seconds)}{rate}."


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def print_failures(console: Console, results: Sequence[Result]) -> None:
    """Each failed document and page: why, and what to do."""
    errors = [error for result in results for error in result.errors]
    if not errors:
        return
    console.print(Text("Not converted:", style="bold red"))
    for error in errors:
        place = printable(error.file or "")
        if error.page is not None:
            place += f", page {error.page}"
        console.print(Text.assemble(("  " + place, "bold"), f": {printable(error.reason)}"), soft_wrap=True)
        if error.remedy:
            console.print(Text(f"    -> {error.remedy}"), soft_wrap=True)
