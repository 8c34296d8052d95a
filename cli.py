"""The command ``kehoach``: parse what was typed, call, print. Exit codes: 0 all converted, 1 some not, 2 usage."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import IO, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.errors import InputError, KehoachError, SettingsError, printable
from pipeline.settings import load_settings

PASSAGE = 50_000
"""Characters that are restored together, from where the next blank line ends them."""
DOUBTFUL = 0.8
EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130

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


@app.command(no_args_is_help=True)
def convert(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            show_default=False,
            help="PDF, PNG, JPG, TIFF, text-layer dump (.txt); folders (with all below them); globs. "
            "[dim]Tệp hoặc thư mục cần đọc.[/dim]",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", file_okay=False, help="Folder for the results. [dim]Thư mục ghi kết quả.[/dim]"),
    ] = Path("out"),
    text: Annotated[
        bool,
        typer.Option("--text", help="Write the restored text too, as NAME.txt. [dim]Ghi thêm văn bản.[/dim]"),
    ] = False,
    pages: Annotated[
        str | None, typer.Option(help='Pages to read: "1-3,7,9-". [dim]Chỉ đọc các trang này.[/dim]')
    ] = None,
    text_layer: Annotated[
        str | None,
        typer.Option(
            metavar="auto|ignore|only",
            help="auto: use a text layer where it is Vietnamese, else OCR; ignore: always OCR; only: never OCR.",
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes; one for each CPU when not given.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Read all pages anew, whatever the cache knows. [dim]Đọc lại từ đầu.[/dim]")
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither use nor fill the cache of pages read.")] = False,
    debug: Annotated[
        Path | None, typer.Option(file_okay=False, help="Write step images and intermediate values here.")
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but errors. [dim]Chỉ báo lỗi.[/dim]")
    ] = False,
) -> None:
    """Convert plans to JSON: [b]OUT/NAME.json[/b] each, and [b]OUT/run.jsonl[/b] with a line on each input.

    [b]Examples[/b]

      kehoach convert plan.pdf                      one plan, to out/plan.json

      kehoach convert incoming/ --out results       all plans in a folder

      kehoach convert 'scans/*kh*.pdf' --text       a pattern; the text as well

      kehoach convert plan.pdf --pages 1-3          only some pages

    Exit code 0: all converted; 1: a document failed or lost pages; 2: wrong usage.

    [dim]Chuyển các bản Kế hoạch (PDF, ảnh scan) thành JSON. Tệp lỗi được nêu tên, lý do và cách xử lý.[/dim]
    """
    from pipeline.batch.inputs import expand_inputs
    from pipeline.batch.report import ProgressReport, consoles, print_failures, print_summary
    from pipeline.batch.run import convert_batch

    settings = load_settings(
        pages=pages, text_layer=text_layer, jobs=jobs, debug_dir=debug, cache_bytes=0 if no_cache else None
    )
    output, errors = consoles()
    found = expand_inputs(inputs, out)
    began = time.monotonic()
    with ProgressReport(errors, len(found), quiet=quiet) as progress:
        results = convert_batch(found, out, settings, progress, with_text=text, force=force)
    if not quiet:
        print_summary(output, results, time.monotonic() - began)
    print_failures(errors, results)
    raise typer.Exit(EXIT_OK if all(result.complete for result in results) else EXIT_FAILED)


@app.command()
def restore(
    file: Annotated[
        Path | None, typer.Argument(show_default=False, help="Text file, UTF-8; standard input when not given or -.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="A line of JSON for each word that was changed or is in doubt.")
    ] = False,
) -> None:
    """Restore garbled Vietnamese, line for line: "chuyén d6i s6 quéc gia" becomes "chuyển đổi số quốc gia".

    [b]Examples[/b]

      pdftotext scan.pdf - | kehoach restore

      kehoach restore garbled.txt > restored.txt

    [dim]Khôi phục chữ Việt bị máy scan đọc sai.[/dim]
    """
    from diacritics import restore as restored

    line = 1
    with _open_text(file) as stream:
        for passage in _passages(stream):
            if explain:
                for change in _explained(passage, line):
                    typer.echo(json.dumps(change, ensure_ascii=False))
            else:
                typer.echo(restored(passage), nl=False)
            line += passage.count("\n")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the results (draft 2020-12)."""
    from schemas import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@app.command()
def doctor() -> None:
    """Say what is installed, what is missing, and what to type. [dim]Kiểm tra máy đã cài đủ chưa.[/dim]"""
    from pipeline.doctor import examine

    colours = {"ok": "green", "missing": "red", "advice": "yellow"}
    table = Table(box=None, pad_edge=False, show_header=False)
    findings = examine()
    for finding in findings:
        detail = finding.detail + (f"\n-> {finding.remedy}" if finding.remedy else "")
        table.add_row(Text(finding.state, style=colours[finding.state]), finding.name, Text(printable_lines(detail)))
    Console().print(table)
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(EXIT_FAILED)


def printable_lines(text: str) -> str:
    """``text`` with its line breaks kept and every other control character escaped."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _open_text(file: Path | None) -> IO[str]:
    if file is None or str(file) == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="\n", closefd=False)
    try:
        return file.open(encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", file=str(file), remedy="check the name and your rights"
        ) from None


def _passages(stream: IO[str]) -> Iterator[str]:
    """Some paragraphs at a time: enough context to restore words from, few enough to hold in memory."""
    lines: list[str] = []
    letters = 0
    for line in stream:
        lines.append(line)
        letters += len(line)
        if (letters >= PASSAGE and not line.strip()) or letters >= 4 * PASSAGE:
            yield "".join(lines)
            lines.clear()
            letters = 0
    if lines:
        yield "".join(lines)


def _explained(passage: str, first_line: int) -> Iterator[dict[str, Any]]:
    """Words that were changed or are in doubt, with their line, confidence and other readings."""
    from diacritics import restore_tokens

    for token in restore_tokens(passage):
        if token.changed or token.confidence < DOUBTFUL:
            yield {
                "line": first_line + passage.count("\n", 0, token.start),
                "printed": token.printed,
                "text": token.text,
                "confidence": round(token.confidence, 3),
                "alternatives": [{"text": a.text, "score": round(a.score, 3)} for a in token.alternatives],
            }


def _stop(message: str, code: int) -> NoReturn:
    Console(stderr=True).print(Text(message), soft_wrap=True)
    sys.exit(code)


class StoppedError(BaseException):
    """Ctrl-C or a request to end, past every handler of ordinary errors."""


def _interrupt(*_: Any) -> NoReturn:
    raise StoppedError


def main() -> None:
    """Run the command; whatever goes wrong is told in a sentence."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except SettingsError as error:
        _stop(f"kehoach: {error}", EXIT_USAGE)
    except KehoachError as error:
        _stop(f"kehoach: {error}", EXIT_FAILED)
    except StoppedError:
        message = "kehoach: stopped. Run the same command again to go on: pages already read are in the cache."
        _stop(message, EXIT_INTERRUPTED)
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        _stop(f"kehoach: defect of the program, please report it: {type(error).__name__}: {error}", EXIT_FAILED)


if __name__ == "__main__":
    main()
