"""``kehoach golden``: the folder of golden files."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.commands.exits import EXIT_FAILED
from pipeline.errors import InputError, counted, printable

golden = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help=(
        "Golden files: results that a person has checked.\n\n"
        "They lie in ./golden unless --golden names another folder; kehoach review DIR approves into DIR/golden.\n\n"
        "[dim]Tệp mẫu chuẩn đã được người kiểm tra.[/dim]"
    ),
)
Folder = Annotated[
    Path,
    typer.Option(
        "--golden", "-g", file_okay=False, help="Folder of golden files; kehoach review DIR has them in DIR/golden."
    ),
]
Plans = Annotated[list[Path], typer.Argument(show_default=False, help="Results, or folders of results.")]
DEFAULT = Path("golden")


def user_name() -> str:
    """Who is at the keyboard, by the system's account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@golden.command(no_args_is_help=True)
def accept(
    plans: Plans,
    folder: Folder = DEFAULT,
    who: Annotated[str | None, typer.Option("--name", help="Who checked it; your account when not given.")] = None,
) -> None:
    """Make checked results golden files; who and when is kept in accepted.jsonl.

    [b]Example[/b]

      kehoach golden accept out/plan.json --golden golden --name "Nguyễn Văn A"

    [dim]Đưa kết quả đã kiểm tra vào thư mục tệp mẫu chuẩn.[/dim]
    """
    from pipeline.quality.files import read_plan
    from pipeline.quality.golden import accept as accepted

    for path in _plans(plans):
        replaced = (folder / path.name).exists()
        changed = accepted(path, folder, who or user_name())
        told = f"{counted(len(changed), 'difference')} from the one before" if replaced else "new"
        typer.echo(printable(f"{folder / path.name}: accepted, {told}"))
        warnings = len(read_plan(path).get("warnings") or ())
        if warnings:
            typer.echo(f"accepted; {counted(warnings, 'warning')} {'was' if warnings == 1 else 'were'} not resolved")


@golden.command(no_args_is_help=True)
def diff(
    plans: Plans,
    folder: Folder = DEFAULT,
) -> None:
    """Show how results differ from the golden files of their names; those without one are listed.

    [b]Example[/b]

      kehoach golden diff out/ --golden out/golden

    Exit code 1: something differs.

    [dim]Xem kết quả khác tệp mẫu chuẩn ở đâu.[/dim]
    """
    from pipeline.quality.golden import changes, require
    from pipeline.quality.scoring.report import difference_line

    console = Console()
    require(folder)
    compared, differing, without = 0, 0, []
    for path in _plans(plans):
        found = changes(path, folder)
        if found is None:
            without.append(path)
            continue
        compared += 1
        differing += bool(found)
        for difference in found:
            console.print(difference_line(path.stem, difference), soft_wrap=True)
    for path in without:
        typer.echo(printable(f"{path}: no golden file of this name in {folder}"))
    told = (
        f"{compared} compared, {differing} {'differs' if differing == 1 else 'differ'}"
        if differing
        else f"{compared} compared: no differences."
    )
    typer.echo(told if compared else "nothing to compare")
    if differing:
        raise typer.Exit(EXIT_FAILED)


@golden.command("list")
def show(folder: Folder = DEFAULT) -> None:
    """List the golden files: who accepted them, and when. [dim]Liệt kê tệp mẫu chuẩn.[/dim]"""
    from pipeline.quality.golden import entries

    table = Table(box=None, pad_edge=False)
    for head in ("golden file", "accepted by", "at", ""):
        table.add_column(head)
    for entry in entries(folder):
        note = "changed since" if entry.changed_since else "" if entry.accepted_at else "not by kehoach"
        cells = (entry.name, entry.accepted_by or "–", entry.accepted_at or "–", note)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    Console().print(table)


def _plans(paths: list[Path]) -> Iterator[Path]:
    from pipeline.quality.files import is_plan

    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.glob("*.json")) if is_plan(p)]
            if not inside:
                raise InputError("holds no plan", file=str(path), remedy="name a folder with results")
            yield from inside
        else:
            yield path
