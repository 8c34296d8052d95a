"""``kehoach watch``: plans to JSON as they arrive."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from pipeline.settings import load_settings


def watch(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", exists=True, file_okay=False, show_default=False, help="Folder in which plans arrive."
        ),
    ],
    out: Annotated[
        str, typer.Option("--out", "-o", metavar="OUT", help="Folder for the results. [dim]Thư mục ghi kết quả.[/dim]")
    ],
    text: Annotated[bool, typer.Option("--text", help="Write the restored text too, as NAME.txt.")] = False,
    every: Annotated[float, typer.Option(min=0.2, metavar="SECONDS", help="Seconds between two looks.")] = 5.0,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes; one for each CPU when not given.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is left to do.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Convert what arrives in a folder, until Ctrl-C. Nothing in the folder is moved or changed.

    A file is taken once it is complete; what was converted before, and has not changed, is not converted again.
    [b]OUT/run.jsonl[/b] gets a line for each document as it is done.

    [dim]Theo dõi một thư mục: có tệp mới thì đọc, ghi kết quả; dừng bằng Ctrl-C.[/dim]
    """
    from pipeline.batch.progress import ProgressReport
    from pipeline.batch.report import consoles
    from pipeline.batch.watch import watch_folder

    settings = load_settings(jobs=jobs)
    _, errors = consoles()
    with ProgressReport(errors, None, quiet=quiet) as progress:
        watch_folder(folder, out, settings, progress, with_text=text, once=once, wait=lambda: time.sleep(every))
