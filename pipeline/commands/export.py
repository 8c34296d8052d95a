"""``kehoach export``: results as sheets, calendars and tables for other programs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.exits import EXIT_FAILED, EXIT_OK
from pipeline.commands.parameters import DAY, Quiet, Results, read_day
from pipeline.errors import UsageError, counted, printable


def export(
    folder: Results,
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar="FILE",
            show_default=False,
            help="File to write; its suffix decides: .xlsx .csv .ics .md .jsonl .parquet. [dim]Tệp cần ghi.[/dim]",
        ),
    ],
    unit: Annotated[
        str | None, typer.Option(help="Only what this unit does: its name or how it begins, with or without marks.")
    ] = None,
    document: Annotated[str | None, typer.Option(help="Only this plan: its number or the name of its file.")] = None,
    due_from: Annotated[
        dt.date | None, typer.Option(parser=read_day, metavar=DAY, help="Only what is due on this day or later.")
    ] = None,
    due_to: Annotated[
        dt.date | None, typer.Option(parser=read_day, metavar=DAY, help="Only what is due on this day or before.")
    ] = None,
    scans: Annotated[
        Path | None,
        typer.Option(help="Folder with the scans, for the links; else where run.jsonl says that they were read."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write results as a workbook, a calendar or a table.

    [b]Examples[/b]

      kehoach export out --to phan-cong.xlsx                    sheets as offices print them

      kehoach export out --to lich.ics --unit "Sở Y tế"         deadlines of a unit, for any calendar

      kehoach export out --to quy-2.csv --due-from 2026-04-01 --due-to 2026-06-30

    [dim]Xuất bảng phân công (Excel), lịch thời hạn (ics), CSV, Markdown.[/dim]
    """
    from pipeline.settings import load_settings
    from pipeline.store.export import Filters
    from pipeline.store.export import export as write

    if due_from and due_to and due_to < due_from:
        raise UsageError(
            f"--due-to {due_to:%Y-%m-%d} lies before --due-from {due_from:%Y-%m-%d}", remedy="exchange the two days"
        )
    settings = load_settings()
    filters = Filters(unit, document, due_from, due_to)
    console = Console(stderr=True)
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if status:
            status.update(counted(done, "document"))

    status = console.status("exporting") if console.is_terminal and not quiet else None
    if status:
        status.start()
    try:
        result = write(folder, to, filters, max_bytes=settings.max_bytes, scans=scans, told=count)
    finally:
        if status:
            status.stop()
    if not quiet:
        rows = counted(result.rows, "deadline") if result.dated else _told(result.rows)
        typer.echo(f"{to}: {rows} of {counted(result.documents, 'document')}")
        for note in result.notes:
            typer.echo(f"  {note}")
    if result.taken_for:
        typer.echo(printable(result.taken_for), err=True)
    for error in result.failures:
        typer.echo(f"not exported: {error}", err=True)
    raise typer.Exit(EXIT_FAILED if result.failures else EXIT_OK)


def _told(assignments: int) -> str:
    return "1 task or duty" if assignments == 1 else f"{assignments} tasks and duties"
