"""Errors that a user can act on: which file, which page, why, and what to do.

Everything that goes wrong because of an input, a tool or a limit is one of these; anything else that is raised is a
defect of the program. They cross process borders, so they pickle whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any


class KehoachError(Exception):
    """A file, or one page of it, could not be converted.

    ``file`` is a name for people (never used as a path), ``page`` counts from 1 and is None when the whole file is
    meant, ``reason`` says what is wrong and ``remedy`` what the user can do.
    """

    kind = "error"

    def __init__(self, reason: str, *, file: str | None = None, page: int | None = None, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.file = file
        self.page = page
        self.remedy = remedy

    def __str__(self) -> str:
        place = [printable(self.file)] if self.file else []
        if self.page is not None:
            place.append(f"page {self.page}")
        message = ", ".join(place) + (": " if place else "") + self.reason
        return f"{message} – {self.remedy}" if self.remedy else message

    def __reduce__(self) -> tuple[Callable[..., KehoachError], tuple[object, ...]]:
        return _restore, (type(self), self.reason, self.file, self.page, self.remedy)

    def at(self, file: str | None = None, page: int | None = None) -> KehoachError:
        """The same error with its place filled in where it was not known."""
        return type(self)(
            self.reason,
            file=self.file if self.file is not None else file,
            page=self.page if self.page is not None else page,
            remedy=self.remedy,
        )


class InputError(KehoachError):
    """The file is missing, empty, broken, encrypted or of a kind that kehoach does not read."""

    kind = "input"


class UsageError(InputError):
    """The command was given what it cannot be asked, or a name of what is not there: exit code 2."""


class ToolError(KehoachError):
    """A program or model that kehoach needs is missing or failed."""

    kind = "tool"


class LimitError(KehoachError):
    """A limit on time, memory, pages, pixels or bytes was passed."""

    kind = "limit"


class SettingsError(KehoachError):
    """A setting, option or configuration file is wrong."""

    kind = "settings"


class OutputError(KehoachError):
    """A result cannot be written: no permission, disk full, not a folder."""

    kind = "output"


class InternalError(KehoachError):
    """A defect of kehoach itself, caught at the border of a page or a document so that the others go on."""

    kind = "internal"


def _restore(kind: type[KehoachError], reason: str, file: str | None, page: int | None, remedy: str) -> KehoachError:
    return kind(reason, file=file, page=page, remedy=remedy)


def printable(text: str) -> str:
    """``text`` safe for a terminal and a log line: control characters and undecodable bytes are escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def unicode_name(name: str) -> str:
    """The name of a file as Unicode, which JSON can hold: bytes that are not UTF-8, as in names that come out of old
    archives, become ``\\xNN``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def counted(number: int, what: str) -> str:
    """ "1 document", "2 documents"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def error_record(error: KehoachError) -> dict[str, Any]:
    """The error as the fields of a JSON object."""
    return {
        "kind": error.kind,
        "file": error.file,
        "page": error.page,
        "reason": error.reason,
        "remedy": error.remedy,
    }


def error_from_record(record: Mapping[str, Any], file: str | None) -> KehoachError:
    """The error that :func:`error_record` described, on what is now called ``file``.

    Raises KeyError for a kind that no error has.
    """
    kinds = {kind.kind: kind for kind in (InputError, ToolError, LimitError, SettingsError, OutputError, InternalError)}
    return kinds[record["kind"]](
        str(record["reason"]), file=file, page=record["page"], remedy=str(record.get("remedy") or "")
    )
