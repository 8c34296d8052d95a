"""The commands of ``kehoach`` by their names, as they are typed."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.commands.about import doctor, schema
from pipeline.commands.cache import cache
from pipeline.commands.convert import convert
from pipeline.commands.evaluate import evaluate
from pipeline.commands.export import export
from pipeline.commands.golden import golden
from pipeline.commands.load import load
from pipeline.commands.query import query
from pipeline.commands.restore import restore
from pipeline.commands.review import review
from pipeline.commands.watch import watch

app = typer.Typer(
    name="kehoach",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help=(
        "Scanned Vietnamese administrative plans (Kế hoạch) to validated JSON: who must do what by when.\n\n"
        "[dim]Đọc các bản scan Kế hoạch, ghi ra JSON: ai làm gì, khi nào xong, chỗ nào cần người xem lại.[/dim]"
    ),
)


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata

        try:
            typer.echo(f"kehoach {metadata.version('kehoach')}")
        except metadata.PackageNotFoundError:
            typer.echo("kehoach (source folder, not installed)")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


app.command(no_args_is_help=True)(convert)
app.command(no_args_is_help=True)(watch)
app.command()(cache)
app.command(no_args_is_help=True)(load)
app.command()(query)
app.command(no_args_is_help=True)(export)
app.command()(restore)
app.command(no_args_is_help=True)(review)
app.command(no_args_is_help=True)(evaluate)
app.add_typer(golden, name="golden")
app.command()(schema)
app.command()(doctor)
