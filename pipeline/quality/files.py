"""Reading the JSON of plans and what is kept beside it, and how both are written.

Reads UTF-8 JSON. Files of this folder may be edited by hand, so nothing is taken for granted but an object at the top.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from pipeline.atomic import unwritable
from pipeline.errors import InputError

PARTS_OF_A_PLAN = {"schema_version", "header", "sections", "objectives", "tasks", "responsibilities", "tables"}


def read_plan(path: Path) -> dict[str, Any]:
    """The JSON object in ``path``. Raises :class:`InputError` when it is none, or shares no part with a plan."""
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", file=str(path), remedy="check the name"
        ) from None
    except (ValueError, RecursionError):
        raise InputError("is no JSON", file=str(path), remedy="convert the document again") from None
    if not isinstance(document, dict) or not PARTS_OF_A_PLAN & document.keys():
        raise InputError("is JSON, but no plan", file=str(path), remedy="name a file that kehoach convert wrote")
    return document


def is_plan(path: Path) -> bool:
    """Whether ``path`` holds the JSON of a plan; other JSON may lie beside plans."""
    try:
        read_plan(path)
    except InputError:
        return False
    return True


def as_text(document: Mapping[str, Any]) -> str:
    """The JSON as kehoach writes it: readable, in Vietnamese letters, the same for the same document."""
    return to_json(document, indent=2).decode() + "\n"


def append_line(path: Path, entry: Mapping[str, Any]) -> None:
    """Add ``entry`` to a log of JSON lines, on disk before this returns. Raises :class:`OutputError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(str(path), error) from error


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The entries of a log of JSON lines; lines cut off or edited by hand beyond reading are passed over."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    entries = []
    for line in lines:
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                entries.append(entry)
    return entries


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one process at a time changes what lies in ``folder`` (an advisory lock, freed when the process ends)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / ".lock").open("w")
    except OSError as error:
        raise unwritable(str(folder), error) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def digest(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def now() -> str:
    """The time by the wall clock, ISO 8601 with its offset from UTC, to the second."""
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")
