"""``kehoach watch``: plans to JSON as they arrive."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.exits import EXIT_FAILED, EXIT_OK, StoppedError
from pipeline.commands.parameters import Jobs, Out, Quiet, RestoredText

_LOOKS_ONCE = 3
"""Looks for which a file that stays empty or incomplete is waited for with --once."""
_PATIENCE = 180.0
"""Seconds for which it is waited for without."""


def watch(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", exists=True, file_okay=False, show_default=False, help="Folder in which plans arrive."
        ),
    ],
    out: Out,
    text: RestoredText = False,
    every: Annotated[float, typer.Option(min=0.2, metavar="SECONDS", help="Seconds between two looks.")] = 5.0,
    jobs: Jobs = None,
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is left to do.")] = False,
    quiet: Quiet = False,
) -> None:
    """Convert what arrives in a folder, until Ctrl-C. Nothing in the folder is moved or changed.

    A file is taken once it is complete; what was converted before, and has not changed, is not converted again.
    [b]OUT/run.jsonl[/b] gets a line for each document as it is done. One that stays empty or incomplete is named, and
    recorded as failed after some minutes (with --once after three looks); it is tried again when it changes.

    Ctrl-C and SIGTERM stop it at once: exit code 0, since that is how a watch ends. The next watch goes on where it
    stopped; of the documents in hand only the pages being read are read again.

    Exit code with --once 0: all converted; 1: a document failed or lost pages; 130: stopped before that.

    [dim]Theo dõi một thư mục: có tệp mới thì đọc, ghi kết quả; dừng bằng Ctrl-C.[/dim]
    """
    from pipeline.batch.progress import ProgressReport
    from pipeline.batch.report import consoles, print_failures, print_places
    from pipeline.batch.watch import Round, watch_folder
    from pipeline.settings import load_settings

    settings = load_settings(jobs=jobs)
    _, errors = consoles()
    patience = _LOOKS_ONCE if once else max(_LOOKS_ONCE, round(_PATIENCE / every))
    with ProgressReport(errors, None, quiet=quiet) as progress:
        progress.say(f"watching {folder}, every {every:g} s" + ("" if once else "; Ctrl-C stops"))
        rounds = Round(progress.say, lambda done: print_failures(errors, done), lambda: time.sleep(every))
        try:
            complete = watch_folder(
                folder, out, settings, progress, rounds, patience=patience, with_text=text, once=once
            )
        except StoppedError:
            if once:
                raise
            progress.stopped()
            raise typer.Exit(EXIT_OK) from None
        progress.finished()
    if not quiet:
        print_places(errors, str(out))
    raise typer.Exit(EXIT_OK if complete else EXIT_FAILED)
