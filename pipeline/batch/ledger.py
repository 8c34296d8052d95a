"""What was done already: a note beside each result of what it was made from, so that a rerun does only what is new.

A note is one small file ``.kehoach/ledger/<stem>.json`` in the output folder, written after the result. One file each
needs no database and no lock, which network drives and object storage would not give; a run that is killed between
result and note does that document again. A note counts only while the result is there as it was written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pipeline.batch.output import PRIVATE, Output
from pipeline.batch.result import Result, reused_result


@dataclass(frozen=True, slots=True)
class Note:
    """From what a result was made (``key``), the hash of each file written, and the record of the run."""

    key: str
    files: dict[str, str]
    record: dict[str, Any]

    def result(self, name: str) -> Result:
        """The result, for the input that is now called ``name``."""
        return reused_result(name, self.record)


class Ledger:
    """The notes of one output folder."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def find(self, stem: str, name: str) -> Note | None:
        """The note on ``stem``, if what it tells of is still there as it was written."""
        data = self._output.read(_note(stem))
        if data is None:
            return None
        try:
            known = json.loads(data)
            note = Note(str(known["key"]), dict(known["files"]), dict(known["record"]))
            note.result(name)
        except (ValueError, KeyError, TypeError, AttributeError):  # half a file, or of another version
            return None
        intact = all(_hash(self._output.read(file)) == expected for file, expected in note.files.items())
        return note if intact else None

    def keep(self, stem: str, key: str, files: dict[str, str], result: Result) -> None:
        """Note that ``files`` (name -> text) hold the result. Raises OutputError."""
        known = {
            "key": key,
            "files": {file: _hash(text.encode()) for file, text in files.items()},
            "record": result.record(),
        }
        self._output.write(_note(stem), json.dumps(known, ensure_ascii=False) + "\n")


def _note(stem: str) -> str:
    return f"{PRIVATE}/ledger/{stem}.json"


def _hash(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()
