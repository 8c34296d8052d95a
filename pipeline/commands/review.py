"""``kehoach review``: the page in the browser where a person checks and corrects results."""

from __future__ import annotations

import contextlib
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.exits import StoppedError
from pipeline.commands.golden import user_name
from pipeline.errors import InputError, counted
from pipeline.results import LEDGER


def review(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", show_default=False, help="Folder with results. [dim]Thư mục kết quả.[/dim]"),
    ],
    source: Annotated[
        list[Path] | None,
        typer.Option("--source", file_okay=False, help="Folder with the scans; may be repeated. [dim]Bản scan.[/dim]"),
    ] = None,
    golden: Annotated[
        Path | None,
        typer.Option(
            "--golden",
            "-g",
            file_okay=False,
            help="Approved documents go here; else to DIR/golden, where export and load find them.",
        ),
    ] = None,
    who: Annotated[str | None, typer.Option("--name", help="Who checks; your account when not given.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes a free one.")] = 0,
    language: Annotated[str, typer.Option("--language", metavar="vi|en", help="Language of the page.")] = "vi",
    browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Check results in the browser: scan and fields side by side, doubtful values first; approve to golden files.

    Prints a link for this machine's browser only; nothing leaves it. Ctrl-C ends it, nothing is lost. Results stay as
    they are: corrections go to DIR/review, approved documents to DIR/golden.
    kehoach export and load take those for the results of the same name; kehoach golden needs --golden DIR/golden.

    [b]Examples[/b]

      kehoach review out --source scans

      kehoach review out --source scans --name "Nguyễn Văn A" --open

    [dim]Kiểm tra, sửa và duyệt kết quả trên trình duyệt của máy này.[/dim]
    """
    from pipeline.commands.printed import CachedReader
    from pipeline.quality.review.server import serve
    from pipeline.quality.review.sources import SourceFinder
    from pipeline.quality.review.words import LANGUAGES
    from pipeline.quality.review.workspace import Workspace
    from pipeline.settings import load_settings

    if language not in LANGUAGES:
        raise typer.BadParameter("vi or en", param_hint="--language")
    for scans in source or []:
        if not scans.is_dir():
            raise InputError("no such folder", file=str(scans), remedy="name the folder with the scans")
    workspace = Workspace(folder, golden, who or user_name())

    def ready(link: str) -> None:
        typer.echo(f"{counted(len(workspace.names()), 'document')}. Open this link (mở đường dẫn này):\n\n  {link}\n")
        typer.echo("Ctrl-C ends the review; everything is kept (dữ liệu đã lưu).")
        if browser:
            webbrowser.open(link)

    read = CachedReader(load_settings())
    finder = SourceFinder([*(source or []), folder], converted_files(folder))
    with contextlib.closing(read):
        try:
            serve(workspace, finder, port=port, language=language, read=read, ready=ready)
        except StoppedError:
            typer.echo("Review ended; the same command goes on with it (chạy lại lệnh này để tiếp tục).")


def converted_files(folder: Path) -> list[Path]:
    """The inputs that the ledger of the conversion names."""
    from pipeline.quality.files import read_lines

    lines = read_lines(folder / LEDGER)
    places = dict.fromkeys(str(line.get("path") or line["input"]) for line in lines if "input" in line)
    return [Path(name) for name in places]
