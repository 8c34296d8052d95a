"""The command ``kehoach``: its commands, and how any of them ends. Exit codes: 0 all done, 1 some not, 2 usage."""

from __future__ import annotations

import signal
import sys
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from pipeline.commands.about import doctor, schema
from pipeline.commands.cache import cache
from pipeline.commands.convert import convert
from pipeline.commands.evaluate import evaluate
from pipeline.commands.exits import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, StoppedError
from pipeline.commands.export import export
from pipeline.commands.golden import golden
from pipeline.commands.load import load
from pipeline.commands.query import query
from pipeline.commands.restore import restore
from pipeline.commands.review import review
from pipeline.commands.watch import watch
from pipeline.errors import KehoachError, SettingsError, UsageError

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


def _stop(message: str, code: int) -> NoReturn:
    Console(stderr=True).print(Text(message), soft_wrap=True)
    sys.exit(code)


def _interrupt(*_: Any) -> NoReturn:
    raise StoppedError


def main() -> None:
    """Run the command; whatever goes wrong is told in a sentence."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except (SettingsError, UsageError) as error:
        _stop(f"kehoach: {error}", EXIT_USAGE)
    except KehoachError as error:
        _stop(f"kehoach: {error}", EXIT_FAILED)
    except StoppedError as stop:
        message = str(stop) or (
            "kehoach: stopped. Run the same command again to go on: what is done is not done again, "
            "and pages already read are in the cache."
        )
        _stop(message, EXIT_INTERRUPTED)
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        _stop(f"kehoach: defect of the program, please report it: {type(error).__name__}: {error}", EXIT_FAILED)


if __name__ == "__main__":
    main()
