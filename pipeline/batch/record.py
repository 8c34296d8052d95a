"""``run.jsonl``: a line for each result that lies in the output folder, those of this run in the order of its inputs.

Lines of earlier runs whose results this run does not write stay, first and with ``"earlier": true``, as long as the
result is there: who reads the folder finds each document's scan.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from pipeline.batch.output import Output
from pipeline.batch.result import Result, reused_result
from pipeline.errors import OutputError
from pipeline.results import LEDGER


@dataclass(frozen=True, slots=True)
class Earlier:
    """A result of an earlier run that still stands, and its line."""

    result: Result
    line: str


def standing(output: Output, written: Collection[str]) -> list[Earlier]:
    """What ``run.jsonl`` tells of results that are still there, of each the latest, but for the files ``written``."""
    found: dict[str, Earlier] = {}
    for line in _lines(output):
        try:
            record: dict[str, Any] = json.loads(line)
            result = reused_result(str(record["input"]), record)
        except (ValueError, KeyError, TypeError, AttributeError):  # half a line, or of another version
            continue
        if isinstance(result.output, str) and result.output not in written:
            found.pop(result.output, None)
            told = {**record, "reused": True, "earlier": True}
            found[result.output] = Earlier(result, json.dumps(told, ensure_ascii=False) + "\n")
    return [earlier for name, earlier in found.items() if _is_there(output, name)]


def _lines(output: Output) -> Iterator[str]:
    path = output.path(LEDGER)
    if path is None:
        yield from (output.read(LEDGER) or b"").decode("utf-8", "replace").split("\n")
        return
    with contextlib.suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:  # not there at first
        yield from file


def _is_there(output: Output, name: str) -> bool:
    path = output.path(name)
    return path.is_file() if path is not None else output.read(name) is not None


class RunRecord:
    """Writes ``run.jsonl`` anew, a line at a time where the folder is local, else at the end; a context manager."""

    def __init__(self, output: Output, earlier: Collection[Earlier]) -> None:
        """``earlier`` go first. Raises OutputError, as the methods do."""
        self._output = output
        self._lines: list[str] = []
        path = output.path(LEDGER)
        try:
            self._file = path.open("w", encoding="utf-8") if path else None
        except OSError as error:
            raise cannot_record(output, error) from error
        self._add("".join(each.line for each in earlier))

    def add(self, result: Result) -> None:
        """The line of ``result``."""
        self._add(json.dumps(result.record(), ensure_ascii=False) + "\n")

    def _add(self, lines: str) -> None:
        if self._file is None:
            self._lines.append(lines)
            return
        try:
            self._file.write(lines)
            self._file.flush()
        except OSError as error:
            raise cannot_record(self._output, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            self._output.write(LEDGER, "".join(self._lines))
            return
        try:
            self._file.close()
        except OSError as full:
            raise cannot_record(self._output, full) from full


def cannot_record(output: Output, error: OSError) -> OutputError:
    """Why ``run.jsonl`` could not be written."""
    return OutputError(
        f"cannot be written: {error.strerror or error}",
        file=f"{output.name}/{LEDGER}",
        remedy="check free space and rights, or choose another folder with --out",
    )
