"""Jobs for the worker pool under test: good ones and every kind of bad one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from pipeline.errors import InputError, ToolError


def double(number: int) -> int:
    return 2 * number


def group() -> tuple[int, int]:
    return os.getpid(), os.getpgrp()


def parent() -> int:
    return os.getppid()


def loaded(module: str) -> tuple[int, bool]:
    """This process, and whether the module is there."""
    return os.getpid(), module in sys.modules


def code() -> str:
    """Where the program that works here was imported from."""
    import pipeline

    return str(pipeline.__file__)


def refuse() -> None:
    raise InputError("is no good", file="x.pdf", remedy="take another")


def look_ahead_slowly(*_: object) -> None:
    time.sleep(8)  # longer than another worker takes for the last page


def look_ahead_and_die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def blunder() -> None:
    raise ZeroDivisionError("a defect")


def hang() -> None:
    time.sleep(600)


def hang_with_child(note: Path) -> None:
    """Wait for a child that never ends, as for a Tesseract that hangs; its process id goes to ``note``."""
    child = subprocess.Popen(["sleep", "600"])
    note.write_text(str(child.pid))
    child.wait()


def die(log: Path, number: int = signal.SIGKILL) -> None:
    with log.open("a") as file:
        file.write("tried\n")
    os.kill(os.getpid(), number)


def die_once(log: Path) -> str:
    if log.exists():
        return "second attempt"
    die(log)
    return "unreachable"


def fail_once(log: Path) -> str:
    if log.exists():
        return "second attempt"
    log.write_text("tried\n")
    raise ToolError("Tesseract crashed")


def swell() -> int:
    return len(bytearray(8_000_000_000))


def write_to_terminal() -> str:
    os.write(1, b"noise of a C library\n")
    os.write(2, b"noise of a C library\n")
    return "quiet"


def leave_scratch() -> str:
    import tempfile

    folder = tempfile.mkdtemp()
    Path(folder, "page.pgm").write_bytes(b"private")
    return folder
