"""What files for people and other programs hold: links to scans, cells that are no formulas."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from urllib.parse import quote

from pipeline.results import APPROVED, LEDGER

_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST_LEDGER = 200_000_000  # bytes


def clean(text: str) -> str:
    """``text`` without the characters that sheets and calendars cannot hold."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def harmless(text: str) -> str:
    """``text`` that a spreadsheet program takes for text when it opens a CSV file: an apostrophe before = + - @."""
    return f"'{text}" if _FORMULA.match(text) else text


class Links:
    """Where the scans are, as seen from the file that is written.

    A scan lies in ``scans`` when given; else where ``run.jsonl`` beside the results says that kehoach convert read it;
    else beside the file that is written. Documents whose scan is nowhere get no link and are counted in ``missing``.
    """

    def __init__(self, results: Path, target: Path, scans: Path | None) -> None:
        self._base = target.parent.resolve()
        self._scans = scans
        folder = results if results.is_dir() else results.parent
        ledger_beside = folder.parent if folder.name == APPROVED and not (folder / LEDGER).exists() else folder
        self._inputs = {} if scans else _inputs(ledger_beside)
        self._last: tuple[Path, str | None] | None = None
        self.missing = 0

    def to(self, result: Path, file: str, page: int | None) -> str | None:
        """A relative link to a page of a scan; every part is escaped, so that no name becomes another scheme.

        None when the scan is not found. A document's links are asked for in a row.
        """
        if self._last is None or self._last[0] != result:
            scan = self._scan(result, file)
            self.missing += scan is None
            self._last = (result, quote(clean(self._relative(scan)), safe="/") if scan else None)
        link = self._last[1]
        return f"{link}#page={page}" if link and page else link

    def _relative(self, scan: Path) -> str:
        return Path(os.path.relpath(scan.resolve(), self._base)).as_posix()

    def _scan(self, result: Path, file: str) -> Path | None:
        name = file.replace("\\", "/").rsplit("/", 1)[-1] or "scan.pdf"
        read = self._inputs.get(result.name)
        places = [self._scans / name] if self._scans else [*([read] if read else []), self._base / name]
        for place in places:
            with contextlib.suppress(OSError, ValueError):
                if place.is_file():
                    return place
        return None


def _inputs(folder: Path) -> dict[str, Path]:
    """Which input each result was made of, as the ledger of the conversion has it."""
    inputs: dict[str, Path] = {}
    ledger = folder / LEDGER
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if ledger.stat().st_size > _LONGEST_LEDGER:
            return {}
        with ledger.open(encoding="utf-8") as lines:
            for line in lines:
                with contextlib.suppress(ValueError, AttributeError):
                    record = json.loads(line)
                    source, output = record.get("path") or record.get("input"), record.get("output")
                    if isinstance(source, str) and isinstance(output, str):
                        inputs[output] = Path(source)
    return inputs
