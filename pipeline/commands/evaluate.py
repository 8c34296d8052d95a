"""``kehoach evaluate``: predictions against golden files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipeline.commands.exits import EXIT_FAILED
from pipeline.errors import printable


def evaluate(
    gold: Annotated[Path, typer.Argument(show_default=False, help="Golden file or folder. [dim]Tệp mẫu chuẩn.[/dim]")],
    pred: Annotated[Path, typer.Argument(show_default=False, help="Result or folder of results. [dim]Kết quả.[/dim]")],
    text: Annotated[
        Path | None,
        typer.Option(help="True texts NAME.txt, for error rates; beside the golden files when not given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write a page that shows each difference word by word.")
    ] = None,
    least: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="FIELD=VALUE", help="Exit code 1 when this mean is lower; may be repeated."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(dir_okay=False, help="An earlier --json: show what got better or worse since.")
    ] = None,
    show: Annotated[int, typer.Option(min=0, help="Print so many differences of each document.")] = 0,
) -> None:
    """Measure results against golden files: precision, recall, F1, tables, text, confidences.

    Files are matched by name; a golden file without a result counts as nothing found.

    [b]Columns[/b]

      precision    share of what was found that is right
      recall       share of what is golden that was found
      F1 / share   both in one; of header and signature the share right
      mean         of the documents' own figures; the others pool all items
      mission      mean of tasks, objectives, units, duties, dates, tables

    [b]Examples[/b]

      kehoach evaluate golden/ out/

      kehoach evaluate golden/plan.json out/plan.json --show 10

      kehoach evaluate golden/ out/ --html report.html

      kehoach evaluate golden/ out/ --json > before.json, later --baseline before.json

      kehoach evaluate golden/ out/ --min tasks=0.95 --min deadlines=0.9

    [dim]So kết quả với tệp mẫu chuẩn: đúng bao nhiêu, sai ở đâu.[/dim]
    """
    from pipeline.quality.scoring.baseline import below, moves, parse_thresholds, read_baseline
    from pipeline.quality.scoring.evaluation import evaluate as evaluated
    from pipeline.quality.scoring.evaluation import pair_files
    from pipeline.quality.scoring.report import show as show_report
    from pipeline.quality.scoring.report import write_html

    thresholds = parse_thresholds(least or [])
    earlier = read_baseline(baseline) if baseline else None
    pairs, spare = pair_files(gold, pred, text)
    evaluation = evaluated(pairs, spare)
    moved = None if earlier is None else moves(earlier, evaluation)
    if html:
        write_html(html, evaluation, moved)
    if as_json:
        typer.echo(json.dumps(evaluation.as_json(), ensure_ascii=False, indent=1))
    else:
        show_report(Console(), evaluation, shown=show, moved=moved)
    failed = below(evaluation, thresholds)
    for name, value, wanted in failed:
        found = "nothing to judge" if value is None else f"{value:.4f}"
        typer.echo(printable(f"{name}: {found}, wanted at least {wanted:g}"), err=True)
    if failed:
        raise typer.Exit(EXIT_FAILED)
