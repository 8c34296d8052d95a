"""Runs the command as a user would: another process, its own environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = (sys.executable, str(ROOT / "cli.py"))


@dataclass(frozen=True)
class Run:
    """What a call of the command did."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


def environment(**changes: str) -> dict[str, str]:
    """This environment with ``changes``; COLUMNS wide enough that nothing is folded."""
    return {**os.environ, "COLUMNS": "200", **changes}


def kehoach(*arguments: object, timeout: float = 120, stdin: str | None = None, **changes: str) -> Run:
    """Call ``kehoach ARGUMENTS`` with the environment ``changes``."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        input=stdin or "",
        env=environment(**changes),
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def ledger(out: Path) -> list[dict[str, Any]]:
    """The lines of run.jsonl."""
    return [json.loads(line) for line in (out / "run.jsonl").read_text(encoding="utf-8").splitlines()]


def results(out: Path) -> dict[str, bytes]:
    """The documents in the output folder."""
    return {path.name: path.read_bytes() for path in out.glob("*.json")}
