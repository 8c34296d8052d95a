"""A Tesseract that stays: started once, it reads picture after picture as long as its worker lives.

pytesseract starts Tesseract anew for each call. A start takes .12 s of processor time, most of it for tables of
ambiguous letters that the network never asks for: as long as a page's three lines take. So pictures are named to one
process on its standard input (``stream_filelist``); it answers in TSV on its standard output, flushed after each
picture. What it reads in one picture does not depend on those before it (tests/intake/test_engine.py).

The process ends when its input does, and so with the process that started it, however that one ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import selectors
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

RENEWED_AFTER = 1000
"""Pictures after which another process is started: what a library leaks goes with it."""
_BLANK = np.full((32, 32), 255, np.uint8)
_LAST = "last.bmp"
"""What is named last, a blank picture: its answer tells that all before it have been given."""
_CHATTER = (b"Page ", b"Detected ", b"Empty page", b"Estimating ", b"Image too small")
"""How lines begin that Tesseract writes to its standard error without complaining."""
_PIPE = 4096  # bytes that a pipe takes in one piece (pipe(7)); the answer to the blank picture has some hundred
_PIECE = 1 << 16
_MOST_SAID = 1 << 14  # bytes of the standard error that are kept


class EngineError(Exception):
    """Tesseract ended before it had read everything; the message is what it complained of."""


class EngineMissingError(Exception):
    """There is no such binary, or it cannot be run."""


class EngineTimeoutError(Exception):
    """Tesseract did not answer in time, and was ended."""


@dataclass(frozen=True, slots=True)
class Call:
    """How Tesseract is started: the binary, a model, a page segmentation mode, variables to set."""

    command: str
    model: str
    psm: int
    options: tuple[tuple[str, str], ...] = ()

    def arguments(self) -> list[str]:
        variables = (*self.options, ("stream_filelist", "1"), ("tessedit_create_tsv", "1"))
        settings = [word for name, value in variables for word in ("-c", f"{name}={value}")]
        return [self.command, "-", "stdout", "-l", self.model, "--psm", str(self.psm), *settings]


@dataclass(slots=True)
class Engine:
    """One Tesseract, started when it is first needed. Threads take turns."""

    call: Call
    _process: subprocess.Popen[bytes] | None = None
    _folder: str = ""
    """Where its pictures are, for this user alone, each in the place of one before: to make a file and remove it takes
    six times as long as to write a page's picture."""
    _read: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def read(self, pictures: Sequence[Grey], dpi: int, seconds: float) -> tuple[str, int]:
        """TSV of the pictures, none of them smaller than 3 x 3 pixels, and the number it gives the first as a page.

        ``seconds`` is what all of them may take. Raises EngineMissingError, EngineTimeoutError and EngineError; the
        process is gone then, and the next call starts another.
        """
        with self._turn:
            if self._read >= RENEWED_AFTER or (self._process is not None and self._process.poll() is not None):
                self.close()
            try:
                process = self._process or self._start()
                paths = [Path(self._folder, f"{k}.bmp") for k in range(len(pictures))]
                for path, picture in zip(paths, pictures, strict=True):
                    write_picture(path, picture, dpi)
                paths.append(Path(self._folder, _LAST))
                first, last = self._read + 1, self._read + len(paths)
                tsv = _ask(process, paths, last, time.monotonic() + seconds)
            except BaseException:
                self.close()
                raise
            self._read = last
            return tsv.decode("utf-8", "replace"), first

    def close(self) -> None:
        """End the process where there is one, and remove its pictures."""
        process, self._process, self._read = self._process, None, 0
        folder, self._folder = self._folder, ""
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not yet written has no reader
                    stream.close()

    def _start(self) -> subprocess.Popen[bytes]:
        # One thread: Tesseract's own threads spin more than they speed up, and pages are already read in parallel.
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        pipe = subprocess.PIPE
        self._folder = tempfile.mkdtemp(prefix="pictures-")
        write_picture(Path(self._folder, _LAST), _BLANK, 300)
        try:
            self._process = subprocess.Popen(
                self.call.arguments(), stdin=pipe, stdout=pipe, stderr=pipe, env=environment, bufsize=0
            )
        except OSError as error:
            raise EngineMissingError(str(error)) from error
        return self._process


_engines: dict[tuple[int, Call], Engine] = {}


def engine_of(call: Call) -> Engine:
    """The engine of this process that is called so; a fork does not share its parent's."""
    return _engines.setdefault((os.getpid(), call), Engine(call))


@atexit.register
def close_engines() -> None:
    """End the Tesseracts of this process."""
    for (process, _), engine in _engines.items():
        if process == os.getpid():
            engine.close()


def write_picture(path: Path, picture: Grey, dpi: int) -> None:
    """As BMP with its resolution: nothing to compress, and Leptonica reads it in one piece. Greymaps (PGM) it reads
    byte by byte, which takes as long as five lines of text take to recognise."""
    data = cv2.imencode(".bmp", picture)[1].data
    struct.pack_into("<ii", data, 38, *[round(dpi / 0.0254)] * 2)  # biXPelsPerMeter, biYPelsPerMeter
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(data)
        file.truncate()  # what was longer before


def _ask(process: subprocess.Popen[bytes], paths: Sequence[Path], last: int, deadline: float) -> bytes:
    """What the process answers to ``paths``, the last of which it counts as page ``last``."""
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    question = b"".join(os.fsencode(path) + b"\n" for path in paths)
    answer, said = bytearray(), bytearray()
    end = (
        b"\n1\t%d\t" % last
    )  # row of level 1, the page: what is read in the blank picture follows, in one piece with it
    os.set_blocking(process.stdin.fileno(), False)
    with selectors.DefaultSelector() as streams:
        streams.register(process.stdin, selectors.EVENT_WRITE)
        streams.register(process.stdout, selectors.EVENT_READ, answer)
        streams.register(process.stderr, selectors.EVENT_READ, said)
        while not (answer.endswith(b"\n") and answer.rfind(end, -_PIPE) >= 0):
            ready = streams.select(deadline - time.monotonic())
            if not ready or time.monotonic() > deadline:
                raise EngineTimeoutError
            for key, _ in ready:
                if key.fileobj is process.stdin:
                    try:
                        question = question[os.write(key.fd, question) :]
                    except BrokenPipeError:
                        question = b""  # its standard output tells
                    if not question:
                        streams.unregister(process.stdin)
                    continue
                piece = os.read(key.fd, _PIECE)
                key.data.extend(piece)
                if not piece and key.data is answer:
                    raise EngineError(_complaint(process, said))
                if not piece:
                    streams.unregister(key.fileobj)
            del said[:-_MOST_SAID]
    return bytes(answer)


def _complaint(process: subprocess.Popen[bytes], said: bytearray) -> str:
    """Why the process has ended: the first line that it complained in, or how it ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    if process.stderr is not None:
        os.set_blocking(process.stderr.fileno(), False)
        with contextlib.suppress(BlockingIOError):
            said.extend(os.read(process.stderr.fileno(), _PIECE))
    for line in bytes(said).splitlines():
        if line.strip() and not line.startswith(_CHATTER):
            return line.decode("utf-8", "replace").strip()[:200]
    code = process.returncode
    if code is not None and code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"ended with status {code}"
