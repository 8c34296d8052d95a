"""An evaluation in the terminal, and as a page of HTML that shows each difference word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

import jinja2
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from pipeline.atomic import write_text
from pipeline.errors import printable
from pipeline.quality.scoring.baseline import Move
from pipeline.quality.scoring.calibration import Calibration
from pipeline.quality.scoring.differences import Difference
from pipeline.quality.scoring.evaluation import DocumentEvaluation, Evaluation
from pipeline.quality.scoring.fields import FIELDS
from pipeline.quality.scoring.figures import Figure

HEADLINES = {
    "mission": "mission", "tasks": "tasks", "lead_units": "lead units", "responsible_units": "resp. units",
    "deadlines": "deadlines", "header": "header",
}  # fmt: skip
"""Figures of a document where there is no room for all, and their headings."""
ORDER = ("mission", *(name for name in FIELDS if name != "mission"))
AROUND = 4
"""Words shown before and after what differs."""
_ANY_WIDTH = 10_000
_STYLES = {"same": "", "gone": "red strike", "new": "green"}


def show(console: Console, evaluation: Evaluation, *, shown: int = 0, moved: Sequence[Move] | None = None) -> None:
    """All tables; ``shown`` differences of each document; what moved since the baseline, when one was given."""
    console.print(_documents(console, evaluation))
    console.print()
    console.print(_fields(evaluation))
    for table in (_subfields(evaluation), _texts(evaluation), _reliability(evaluation.calibration)):
        if table is not None:
            console.print()
            console.print(table)
    if evaluation.calibration.leaves:
        console.print(_told(evaluation.calibration))
    if shown:
        for document in evaluation.documents:
            for difference in document.differences[:shown]:
                console.print(difference_line(document.name, difference), soft_wrap=True)
            if len(document.differences) > shown:
                console.print(f"[dim]{len(document.differences) - shown} more of {printable(document.name)}[/dim]")
    for name in evaluation.spare:
        console.print(Text(f"{printable(name)}: no golden file of this name, not judged", style="dim"))
    if moved is not None:
        console.print()
        console.print(_moved(moved))


def _number(value: float | None, digits: int = 4) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _plain_table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for k, head in enumerate(heads):
        table.add_column(Text(head), justify="left" if k == 0 else "right", no_wrap=k > 0, overflow="fold")
    return table


def _documents(console: Console, evaluation: Evaluation) -> Table:
    """A row a figure and the documents across; where they do not fit, a row a document with the headline figures."""
    table = _figures_down(evaluation)
    fits = Measurement.get(console, console.options.update(width=_ANY_WIDTH), table).maximum <= console.width
    return table if fits else _documents_down(evaluation)


def _label(document: DocumentEvaluation) -> str:
    return printable(document.name) + ("" if document.predicted else " (no prediction)")


def _figures_down(evaluation: Evaluation) -> Table:
    documents, means = evaluation.documents, evaluation.means()
    several = len(documents) > 1
    table = _plain_table("figure", *map(_label, documents), *(["mean"] if several else []))
    for name in ORDER:
        values = [document.figures[name].value for document in documents]
        if any(value is not None for value in values):
            table.add_row(name, *(_number(value, 2) for value in [*values, *([means[name]] if several else [])]))
    return table


def _documents_down(evaluation: Evaluation) -> Table:
    table = _plain_table("document", *HEADLINES.values())
    for document in evaluation.documents:
        table.add_row(Text(_label(document)), *(_number(document.figures[name].value, 2) for name in HEADLINES))
    if len(evaluation.documents) > 1:
        means = evaluation.means()
        table.add_row("mean", *(_number(means[name], 2) for name in HEADLINES), style="bold")
    return table


def _fields(evaluation: Evaluation) -> Table:
    means, sums = evaluation.means(), evaluation.pooled()
    heads = ("precision", "recall", "F1 / share", "right", "golden", "found")
    table = _plain_table("over all documents", "mean", *heads)
    for name in ORDER:
        if name == "mission":
            table.add_row(name, _number(means[name]), *[""] * 6)
        elif (figure := sums.get(name)) is not None:
            found = "" if figure.found is None else f"{figure.found:g}"
            exact = "" if figure.found is None else _number(figure.precision)
            recall = "" if figure.found is None else _number(figure.recall)
            counts = (f"{figure.hits:g}", f"{figure.gold:g}", found)
            table.add_row(name, _number(means[name]), exact, recall, _number(figure.value), *counts)
    if means["grits"] is not None:
        table.add_row("tables: GriTS", _number(means["grits"]), *[""] * 6)
    return table


def _subfields(evaluation: Evaluation) -> Table | None:
    figures = {name: figure for name, figure in evaluation.subfields().items() if figure.gold}
    if not figures:
        return None
    table = _plain_table("part of what was found", "right", "judged", "share")
    for name, figure in figures.items():
        table.add_row(name, f"{figure.hits:g}", f"{figure.gold:g}", _number(figure.value))
    return table


def _texts(evaluation: Evaluation) -> Table | None:
    rows = [(document.name, document.text) for document in evaluation.documents if document.text]
    if not rows:
        return None
    table = _plain_table("text", "syllables", "exact words", "CER", "WER", "CER without marks")
    for name, text in rows:
        values = (text.syllables, text.exact, text.cer, text.wer, text.cer_no_marks)
        table.add_row(Text(printable(name)), *map(_number, values))
    return table


def _reliability(calibration: Calibration) -> Table | None:
    if not calibration.leaves:
        return None
    table = _plain_table("confidence", "values", "right")
    for band in calibration.bands:
        table.add_row(f"{band.low:.2f} to {band.high:.2f}", str(band.leaves), _number(band.accuracy))
    return table


def _told(calibration: Calibration) -> str:
    told, missing = (
        f"{part} of {whole} told" + (f" ({part / whole:.0%})" if whole else "")
        for part, whole in (
            (calibration.wrong_told, calibration.wrong),
            (calibration.missing_told, calibration.missing),
        )
    )
    error = _number(calibration.error)
    return f"wrong values: {told}; missing values: {missing}; expected calibration error {error}"


def difference_line(document: str, difference: Difference) -> Text:
    """A difference in one line: what is gone with a minus, what is new with a plus, what stayed cut short."""
    line = Text(f"{printable(document)}  {difference.verdict} {difference.field}  ", style="dim")
    line.append(f"{printable(difference.place)}: ", style="bold")
    for piece in difference.pieces():
        words = piece.text.split()
        if piece.change == "same" and len(words) > 2 * AROUND:
            words = [*words[:AROUND], "…", *words[-AROUND:]]
        mark = {"same": "", "gone": "-", "new": "+"}[piece.change]
        line.append(f"{mark}{printable(' '.join(words))} ", style=_STYLES[piece.change] or "default")
    return line


def _moved(moved: Sequence[Move]) -> Table | Text:
    if not moved:
        return Text("Nothing changed since the baseline.")
    table = _plain_table("since the baseline", "figure", "before", "now", "change")
    for move in moved:
        style = "green" if move.change > 0 else "red"
        change = Text(f"{move.change:+.4f} {'better' if move.change > 0 else 'worse'}", style=style)
        table.add_row(Text(printable(move.document)), move.field, _number(move.before), _number(move.after), change)
    return table


def write_html(path: Path, evaluation: Evaluation, moved: Sequence[Move] | None = None) -> None:
    """The evaluation as one HTML file without scripts; everything from documents is escaped."""
    write_text(path, render_html(evaluation, moved))


def render_html(evaluation: Evaluation, moved: Sequence[Move] | None = None) -> str:
    """The page of :func:`write_html`."""
    template = _environment().get_template("evaluation.html")
    return template.render(
        evaluation=evaluation,
        means=evaluation.means(),
        pooled=evaluation.pooled(),
        order=ORDER,
        calibration=evaluation.calibration,
        subfields=evaluation.subfields(),
        moved=moved,
        by_field=_by_field,
        figures=_with_value,
    )


def _with_value(figures: Mapping[str, Figure]) -> Iterator[tuple[str, Figure]]:
    return ((name, figures[name]) for name in ORDER if name in figures and figures[name].value is not None)


def _by_field(differences: Sequence[Difference]) -> dict[str, list[Difference]]:
    groups: dict[str, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(difference.field, []).append(difference)
    return groups


def _environment() -> jinja2.Environment:
    folder = resources.files("pipeline.quality") / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = _number
    return environment
