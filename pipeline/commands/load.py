"""``kehoach load``: results into a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.commands.exits import EXIT_FAILED, EXIT_OK
from pipeline.commands.parameters import Jobs, Quiet, Results
from pipeline.errors import KehoachError, counted, printable
from pipeline.results import DATABASE

if TYPE_CHECKING:
    from pipeline.store.writing import Outcome

_EVERY = 500  # files behind which a line is written where there is no terminal
_MEANING = {
    "added": "added",
    "replaced": "replaced by a new version",
    "unchanged": "already there (copies of one scan are one document)",
    "superseded": "left out: an earlier version than the one loaded (--replace makes it current)",
}


def load(
    folder: Results,
    to: Annotated[
        str,
        typer.Option("--to", metavar="URL", help="sqlite:///FILE or postgresql://USER@HOST/DATABASE."),
    ] = DATABASE,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make an earlier version current again when it is loaded once more.")
    ] = False,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Load results into a database; the same again changes nothing, a new version replaces the old one.

    [b]Examples[/b]

      kehoach load out                                            into plans.db in this folder

      kehoach load out --to postgresql://kehoach@server/plans     into PostgreSQL

    Exit code 0: all loaded; 1: a file could not be, the others were.

    [dim]Nạp kết quả vào cơ sở dữ liệu. Nạp lại không tạo bản trùng.[/dim]
    """
    from pipeline.settings import load_settings
    from pipeline.store.loading import load as load_folder

    settings = load_settings(jobs=jobs)
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        counter = _Counter(bar, quiet=quiet)
        result = load_folder(
            folder, to, counter, max_bytes=settings.max_bytes, jobs=settings.workers(), replace=replace
        )
    if not quiet:
        if result.migrated:
            before, after = result.migrated
            typer.echo(
                f"tables brought from version {before} to {after}" if before else f"tables made, version {after}"
            )
        for name, meaning in _MEANING.items():
            count = result.counts[name]  # type: ignore[index]
            if count:
                typer.echo(f"{count} {meaning}")
        if not sum(result.counts.values()) and not result.failures:
            typer.echo("no JSON files in this folder: nothing to load – run kehoach convert first")
    for error in result.failures:
        typer.echo(f"not loaded: {error}", err=True)
    raise typer.Exit(EXIT_FAILED if result.failures else EXIT_OK)


class _Counter:
    """Tells how far the loading is: on the bar, or where there is none a line every so many files."""

    def __init__(self, bar: Progress, *, quiet: bool) -> None:
        self._bar = bar
        self._task = bar.add_task("loading", total=None)
        self._lines = bar.disable and not quiet
        self._done = 0
        self._failed = 0

    def file_done(self, name: str, outcome: Outcome | KehoachError) -> None:
        self._done += 1
        self._failed += isinstance(outcome, KehoachError)
        told = counted(self._done, "document") + (f", {self._failed} not loaded" if self._failed else "")
        self._bar.update(self._task, description=f"{told} – {printable(Path(name).name)}")
        if self._lines and self._done % _EVERY == 0:
            typer.echo(told, err=True)
