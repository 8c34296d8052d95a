"""What became of a document: as its engine hands it over, and as the run records it. Status is computed, never set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.batch.remote import is_url
from pipeline.errors import KehoachError, error_from_record, error_record

Status = Literal["ok", "review", "failed"]


@dataclass(frozen=True, slots=True)
class Retry:
    """An attempt that failed and was followed by another. ``page`` is None when the whole document was meant."""

    page: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as an engine leaves it: nothing is written yet. ``json`` is None when there is no result.

    ``unchanged`` stands for the result of an earlier run, which still holds; then nothing else is known but the hash.
    """

    index: int
    sha256: str | None = None
    key: str | None = None
    pages_in: int = 0
    pages_failed: int = 0
    json: str | None = None
    text: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    attempts: int = 1
    retries: tuple[Retry, ...] = ()
    errors: tuple[KehoachError, ...] = ()
    unchanged: bool = False
    pages_cached: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one input. ``output`` is the file name of its JSON, None when there is none.

    ``reused``: nothing was done, since an earlier run had done it. ``pages_cached`` were not read but known before.
    """

    input: str
    output: str | None
    sha256: str | None = None
    pages_in: int = 0
    pages_out: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    attempts: int = 1
    retries: tuple[Retry, ...] = ()
    errors: tuple[KehoachError, ...] = ()
    reused: bool = False
    pages_cached: int = 0

    @property
    def pages_failed(self) -> int:
        return self.pages_in - self.pages_out

    @property
    def status(self) -> Status:
        """Computed, so that it can never be ``ok`` while an error or a warning is recorded."""
        if self.output is None:
            return "failed"
        return "review" if self.errors or self.pages_failed or self.counts.get("warnings") else "ok"

    @property
    def complete(self) -> bool:
        """Converted with all its pages."""
        return self.status != "failed" and not self.errors and not self.pages_failed

    @property
    def settled(self) -> bool:
        """Whether the same file would fare the same again: it was read, or what is wrong lies in the file itself.

        A tool that failed, a limit that was passed and a disk that was full may be otherwise next time.
        """
        return all(error.kind == "input" for error in self.errors)

    def record(self) -> dict[str, Any]:
        """The line of ``run.jsonl``; ``path`` is where the input lay, for who reads the line in another folder."""
        errors = [error_record(error) for error in self.errors]
        return {
            "input": self.input,
            "path": None if is_url(self.input) else str(Path(self.input).absolute()),
            "output": self.output,
            "status": self.status,
            "reused": self.reused,
            "sha256": self.sha256,
            "pages": {"in": self.pages_in, "out": self.pages_out, "failed": self.pages_failed},
            "found": {name: n for name, n in self.counts.items() if name != "warnings"},
            "warnings": self.counts.get("warnings", 0),
            "seconds": dict(self.seconds),
            "attempts": self.attempts,
            "retries": [{"page": retry.page, "reason": retry.reason} for retry in self.retries],
            "error": errors[0] if errors else None,
            "errors": errors,
        }


def result_of(draft: Draft, name: str, output: str | None) -> Result:
    """The result of a draft that was written as ``output``, or that has no result."""
    return Result(
        input=name,
        output=output,
        sha256=draft.sha256,
        pages_in=draft.pages_in,
        pages_out=draft.pages_in - draft.pages_failed if output else 0,
        counts=dict(draft.counts) if output else {},
        seconds=dict(draft.seconds),
        attempts=draft.attempts,
        retries=draft.retries,
        errors=draft.errors,
        pages_cached=min(draft.pages_cached, draft.pages_in - draft.pages_failed) if output else 0,
    )


def reused_result(name: str, record: Mapping[str, Any]) -> Result:
    """The result that an earlier run recorded, for the input that is now called ``name``.

    Raises KeyError, TypeError or ValueError for a record that no run wrote.
    """
    return Result(
        input=name,
        output=record["output"],
        sha256=record["sha256"],
        pages_in=int(record["pages"]["in"]),
        pages_out=int(record["pages"]["out"]),
        counts={**{str(k): int(n) for k, n in record["found"].items()}, "warnings": int(record["warnings"])},
        seconds={"total": 0.0},
        attempts=int(record["attempts"]),
        retries=tuple(Retry(retry["page"], str(retry["reason"])) for retry in record["retries"]),
        errors=tuple(error_from_record(error, name) for error in record["errors"]),
        reused=True,
    )
