"""What a run tells people on the terminal when it is over: a summary table, the failures and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.batch.failures import reason_words, remedy_words
from pipeline.batch.result import Result, Status
from pipeline.errors import counted, printable

_COLOURS: dict[Status, str] = {"ok": "green", "review": "yellow", "failed": "red"}
COUNTED = ("pages", "objectives", "tasks", "units", "deadlines", "warnings", "seconds")
"""Columns of figures that tables of documents have."""
_NAMED = 3
"""Files of other kinds that are named."""
_TEXT_WIDTH = 200  # columns of a table that goes to a file or a pipe, where nothing may be cut


def consoles() -> tuple[Console, Console]:
    """Where results go (standard output) and where progress and errors go (standard error)."""
    out, err = Console(), Console(stderr=True)
    if not out.is_terminal:
        out = Console(width=_TEXT_WIDTH)
    if not err.is_terminal:
        err = Console(stderr=True, soft_wrap=True)
    return out, err


def print_summary(console: Console, results: Sequence[Result], seconds: float) -> None:
    """A row a document: what was found in it, how many warnings, how long it took."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("document", overflow="fold", min_width=20)
    table.add_column("status")
    for name in COUNTED:
        table.add_column(name, justify="right")
    for result in results:
        status = Text(result.status + (", as before" if result.reused else ""), style=_COLOURS[result.status])
        table.add_row(Text(printable(result.input)), status, *cells(result))
    console.print(table)
    console.print(totals(results, seconds).sentence(), highlight=False)


def cells(result: Result) -> list[str]:
    """The figures of :data:`COUNTED`; a dash where nothing was counted."""
    pages = f"{result.pages_out}/{result.pages_in}" if result.pages_failed else str(result.pages_in or "–")
    counts = [str(result.counts.get(name, "–")) for name in COUNTED[1:-1]]
    return [pages, *counts, f"{result.seconds.get('total', 0):.1f}"]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over a run. ``pages_done`` were read in this run or taken from the cache (``pages_cached``); the others
    belong to whole results that were reused.
    """

    documents: int
    by_status: dict[Status, int]
    reused: int
    pages_in: int
    pages_out: int
    pages_failed: int
    pages_done: int
    pages_cached: int
    seconds: float

    @property
    def pages_read(self) -> int:
        return self.pages_done - self.pages_cached

    @property
    def pages_a_minute(self) -> float | None:
        return self.pages_read / self.seconds * 60 if self.pages_read and self.seconds > 0 else None

    def sentence(self) -> str:
        """The totals for people."""
        parts = [f"{n} {status}" for status, n in self.by_status.items() if n]
        unchanged = f" ({self.reused} unchanged since an earlier run)" if self.reused else ""
        rate = f" ({self.pages_a_minute:.0f} a minute)" if self.pages_a_minute else ""
        cached = f", {self.pages_cached} from the cache," if self.pages_cached else ""
        lost = f", {self.pages_failed} of them not read" if self.pages_failed else ""
        return (
            f"{counted(self.documents, 'document')}: {', '.join(parts) or 'none'}{unchanged}. "
            f"{counted(self.pages_in, 'page')}{lost}, {self.pages_read} read now{cached} "
            f"in {duration(self.seconds)}{rate}."
        )

    def record(self) -> dict[str, Any]:
        """The totals for machines."""
        return {
            "documents": self.documents,
            **{str(status): n for status, n in self.by_status.items()},
            "reused": self.reused,
            "pages": {
                "in": self.pages_in,
                "out": self.pages_out,
                "failed": self.pages_failed,
                "done": self.pages_done,
                "cached": self.pages_cached,
            },
            "seconds": round(self.seconds, 3),
            "pages_a_minute": None if self.pages_a_minute is None else round(self.pages_a_minute, 1),
        }


def totals(results: Sequence[Result], seconds: float) -> Totals:
    """The sums over ``results`` of a run that took ``seconds``."""
    return Totals(
        documents=len(results),
        by_status={status: sum(r.status == status for r in results) for status in _COLOURS},
        reused=sum(r.reused for r in results),
        pages_in=sum(r.pages_in for r in results),
        pages_out=sum(r.pages_out for r in results),
        pages_failed=sum(r.pages_failed for r in results),
        pages_done=sum(r.pages_out for r in results if not r.reused),
        pages_cached=sum(r.pages_cached for r in results if not r.reused),
        seconds=seconds,
    )


def run_record(results: Sequence[Result], seconds: float) -> dict[str, Any]:
    """The whole run as one JSON object, for ``--json``."""
    return {"totals": totals(results, seconds).record(), "documents": [result.record() for result in results]}


def first_names(files: Sequence[str]) -> str:
    """The names of the first few of ``files``, to be printed."""
    names = [printable(file.replace("\\", "/").rpartition("/")[2]) for file in files[:_NAMED]]
    return ", ".join(names) + (", …" if len(files) > _NAMED else "")


def others_sentence(files: Sequence[str]) -> str:
    """That ``files`` were left out, being of kinds that are not read; empty without any."""
    kind = "another kind" if len(files) == 1 else "other kinds"
    return f"{counted(len(files), 'file')} of {kind} left out: {first_names(files)}" if files else ""


def print_places(console: Console, out: str, *, debug: str | None = None) -> None:
    """Where the results are, and where ``--debug`` has put what it tells."""
    folder = printable(out.rstrip("/"))
    told = f"Results / Kết quả: {folder}/ (open / mở {folder}/report.html)"
    console.print(Text(told), soft_wrap=True)
    if debug is not None:
        console.print(
            Text(f"--debug: {printable(debug)}/NAME/page-001.json; of scans page-001.png, too / ảnh từng trang"),
            soft_wrap=True,
        )


def duration(seconds: float) -> str:
    """Seconds for people: "4.2 s", "12 min 05 s", "3 h 20 min"."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def print_failures(console: Console, results: Sequence[Result]) -> None:
    """Each failed document and page: why, and what to do; below in Vietnamese."""
    errors = [error for result in results for error in result.errors]
    if not errors:
        return
    console.print(Text("Not converted / Không chuyển được:", style="bold red"))
    for error in errors:
        place = printable(error.file or "")
        if error.page is not None:
            place += f", page {error.page}"
        console.print(Text.assemble(("  " + place, "bold"), f": {printable(error.reason)}"), soft_wrap=True)
        if error.remedy:
            console.print(Text(f"    -> {error.remedy}"), soft_wrap=True)
        words = " -> ".join(words for words in (reason_words(error), remedy_words(error)) if words)
        console.print(Text(f"    {printable(words)}", style="dim"), soft_wrap=True)
