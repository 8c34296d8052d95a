"""What a run tells while it goes on: how far it is, how fast, how long still, what it has in hand, what has failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from pipeline.batch.report import duration
from pipeline.batch.result import Result
from pipeline.errors import counted, printable

EVERY = 60.0
"""Seconds between two lines on the state of a run where there is no terminal to draw a bar on."""
_SHOWN = 3  # names of files in hand


@dataclass(slots=True)
class Tally:
    """Counts of a run and what follows from them. ``documents`` is None where nobody knows how many will come."""

    documents: int | None
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    reused: int = 0
    failed: int = 0
    pages: int = 0
    pages_done: int = 0
    opened: int = 0
    in_hand: dict[str, None] = field(default_factory=dict)
    began: float = field(default=0.0)

    def __post_init__(self) -> None:
        self.began = self.clock()

    @property
    def pages_a_minute(self) -> float | None:
        """Pages read a minute since the beginning; None before the first."""
        seconds = self.clock() - self.began
        return self.pages_done / seconds * 60 if self.pages_done and seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Time for the pages that are known to wait, and for documents not yet opened as many pages as the others had.

        None when nothing is known to tell it from.
        """
        rate = self.pages_a_minute
        if self.documents is None or rate is None or not self.opened:
            return None
        unopened = max(0, self.documents - self.done - len(self.in_hand))
        return (self.pages - self.pages_done + unopened * self.pages / self.opened) / rate * 60

    def sentence(self) -> str:
        """The state for people."""
        if self.documents is None:
            return self._watching()
        parts = [f"{self.done} of {self.documents} documents" if self.documents else f"{self.done} documents"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.reused:
            parts.append(f"{self.reused} unchanged")
        if self.pages_a_minute:
            parts.append(f"{self.pages_a_minute:.0f} pages a minute")
        if self.seconds_left:
            parts.append(f"about {duration(self.seconds_left)} left")
        return ", ".join([*parts, *self._now()])

    def since_the_beginning(self) -> str:
        """How many documents are done, and how they fared."""
        of_them = {"failed": self.failed, "unchanged": self.reused}
        told = ", ".join(f"{number} {how}" for how, number in of_them.items() if number)
        return f"{counted(self.done, 'document')} done" + (f" ({told})" if told else "")

    def _watching(self) -> str:
        """The state where documents come as they like: what is in hand, and what was done since the beginning."""
        if not self.in_hand:
            return f"waiting for documents; {self.since_the_beginning()}"
        pages = [f"{self.pages_done} of {counted(self.pages, 'page')} read"] if self.pages else []
        return ", ".join([*self._now(), *pages, self.since_the_beginning()])

    def _now(self) -> list[str]:
        if self.in_hand:
            names = [printable(name.replace("\\", "/").rpartition("/")[2]) for name in self.in_hand]
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            return [f"now {', '.join(names[:_SHOWN])}{more}"]
        return []


class ProgressReport:
    """A bar of pages on a terminal, a line a document elsewhere, nothing when ``quiet``; a context manager."""

    def __init__(self, console: Console, documents: int | None, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._tally = Tally(documents)
        self._told = time.monotonic()
        self._unchanged_told = documents is None
        self._bar: Progress | None = None
        if console.is_terminal and not quiet:
            pages = () if documents is None else (BarColumn(), MofNCompleteColumn(), TextColumn("pages,"))
            self._bar = Progress(
                SpinnerColumn(),
                *pages,
                TextColumn("{task.description}", markup=False),
                console=console,
                transient=True,
            )
            self._task = self._bar.add_task(self._tally.sentence(), total=None)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()
        self._tell_unchanged()

    def stopped(self) -> None:
        """Told at the end that the user asked for."""
        self.say(f"stopped: {self._tally.since_the_beginning()}; the next watch goes on from here")

    def finished(self) -> None:
        """Told at the end of a watch that had one."""
        self.say(f"nothing left to do: {self._tally.since_the_beginning()}")

    def say(self, text: str) -> None:
        """A line of its own."""
        if not self._quiet:
            self._console.print(Text(printable(text)), soft_wrap=True)

    def _tell_unchanged(self) -> None:
        """Once, before the first document that is new: how many before it are as an earlier run left them."""
        if not self._unchanged_told and self._tally.reused:
            self._unchanged_told = True
            self.say(f"{counted(self._tally.reused, 'document')} unchanged since an earlier run")

    def document_began(self, name: str) -> None:
        self._tell_unchanged()
        self._tally.in_hand[name] = None
        self._show()

    def pages_found(self, name: str, pages: int) -> None:
        self._tally.pages += pages
        self._tally.opened += 1
        self._show()

    def page_done(self, name: str) -> None:
        self._tally.pages_done += 1
        self._show()

    def document_done(self, result: Result) -> None:
        tally = self._tally
        tally.done += 1
        tally.failed += result.status == "failed"
        tally.reused += result.reused
        tally.in_hand.pop(result.input, None)
        if tally.documents is None and not tally.in_hand:
            tally.pages = tally.pages_done = tally.opened = 0  # the next to come are counted from the start
        if not (self._bar and tally.documents is not None) and not self._quiet and not result.reused:
            self._console.print(self._line(result), highlight=False, markup=False)
        self._show()

    def _show(self) -> None:
        if self._bar:
            tally = self._tally
            self._bar.update(
                self._task, description=tally.sentence(), completed=tally.pages_done, total=tally.pages or None
            )
        elif not self._quiet and time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            self._console.print(Text(self._tally.sentence()), highlight=False, soft_wrap=True)

    def _line(self, result: Result) -> str:
        documents = self._tally.documents
        count = f"[{self._tally.done}/{documents}]" if documents else f"[{self._tally.done}]"
        place = f"{count} {printable(result.input)}: {result.status}"
        if result.status == "failed":
            return f"{place} – {result.errors[0].reason}" if result.errors else place
        found = ", ".join(counted(n, name.removesuffix("s")) for name, n in result.counts.items())
        return f"{place}, {result.pages_out} of {result.pages_in} pages, {found}, {result.seconds['total']:.1f} s"
