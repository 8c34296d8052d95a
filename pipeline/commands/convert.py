"""``kehoach convert``: plans to JSON."""

from __future__ import annotations

import importlib
import json
import threading
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipeline.commands.exits import EXIT_FAILED, EXIT_OK, StoppedError
from pipeline.commands.parameters import Jobs, Out, Quiet, RestoredText

if TYPE_CHECKING:
    from pipeline.batch.output import Output
    from pipeline.batch.result import Result

_PAGES = "pipeline.batch.page"
"""The module of the report's pages: a tenth of a second to import, which neither the first page read waits for nor the
end of the run."""
_AT_WORK = 1.0  # seconds after which workers read and this process waits for them
_STOPPED_WITHOUT_CACHE = (
    "kehoach: stopped. Run the same command again to go on: documents that are done are not done again; of the others "
    "nothing was kept, since there is no cache."
)


class EngineName(StrEnum):
    """Where documents are converted."""

    LOCAL = "local"
    DASK = "dask"


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
    out: Out = "out",
    text: RestoredText = False,
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
    jobs: Jobs = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Do all anew, whatever was done or read before. [dim]Làm lại từ đầu.[/dim]"),
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither use nor fill the cache of pages read.")] = False,
    debug: Annotated[
        Path | None, typer.Option(file_okay=False, help="Write step images and intermediate values here.")
    ] = None,
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON, for programs.")] = False,
    engine: Annotated[
        EngineName, typer.Option(help="local: this machine; dask: the workers of a Dask cluster.")
    ] = EngineName.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Scheduler of the Dask cluster: tcp://host:8786.")
    ] = None,
) -> None:
    """Convert plans to JSON: [b]OUT/NAME.json[/b] each, [b]OUT/report.html[/b], [b]OUT/run.jsonl[/b] with a line each.

    What an earlier run has done is not done again, unless file, settings or program have changed.

    [b]Examples[/b]

      kehoach convert plan.pdf                      one plan, to out/plan.json

      kehoach convert incoming/ --out results       all plans in a folder

      kehoach convert 'scans/*kh*.pdf' --text       a pattern; the text as well

      kehoach convert plan.pdf --pages 1-3          only some pages

    Exit code 0: all converted; 1: a document failed or lost pages; 2: wrong usage.

    [dim]Chuyển các bản Kế hoạch (PDF, ảnh scan) thành JSON. Tệp lỗi được nêu tên, lý do và cách xử lý.[/dim]
    """
    from pipeline.batch.inputs import expand_inputs
    from pipeline.batch.server import FIRST, THEN, fork_server

    others: dict[str, None] = {}
    found = expand_inputs(inputs, out, others)
    if engine is EngineName.LOCAL and not all(item.error for item in found):
        fork_server(FIRST, THEN)  # where cli.py has not: it takes half a second, as do the imports here
    from pipeline.batch.engines import engine_maker
    from pipeline.batch.progress import ProgressReport
    from pipeline.batch.report import (
        consoles,
        others_sentence,
        print_failures,
        print_places,
        print_summary,
        run_record,
    )
    from pipeline.batch.run import convert_batch
    from pipeline.settings import load_settings

    settings = load_settings(
        pages=pages, text_layer=text_layer, jobs=jobs, debug_dir=debug, cache_bytes=0 if no_cache else None
    )
    make_engine = engine_maker(engine.value, scheduler)
    output, errors = consoles()
    at_hand = threading.Timer(_AT_WORK, importlib.import_module, [_PAGES])
    at_hand.daemon = True
    at_hand.start()

    def write_pages(output: Output, results: Sequence[Result], seconds: float) -> None:
        importlib.import_module(_PAGES).write_pages(output, results, seconds, list(others))

    began = time.monotonic()
    try:
        with ProgressReport(errors, len(found), quiet=quiet or as_json) as progress:
            results = convert_batch(
                found,
                out,
                settings,
                progress,
                with_text=text,
                force=force,
                make_engine=make_engine,
                at_end=write_pages,
            )
    except StoppedError:
        raise StoppedError("" if settings.cache_bytes else _STOPPED_WITHOUT_CACHE) from None
    seconds = time.monotonic() - began
    if as_json:
        typer.echo(json.dumps(run_record(results, seconds), ensure_ascii=False, indent=2))
    elif not quiet:
        print_summary(output, results, seconds)
        if others:
            output.print(Text(others_sentence(list(others))), soft_wrap=True)
    print_failures(errors, results)
    if not quiet and not as_json:
        print_places(output, str(out), debug=str(debug) if debug else None)
    raise typer.Exit(EXIT_OK if all(result.complete for result in results) else EXIT_FAILED)
