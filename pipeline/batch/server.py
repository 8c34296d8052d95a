"""The process that workers fork from, as its owner sees it: see :mod:`pipeline.batch.forking`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from pipeline.batch.forking import FORK, MESSAGE, PREPARE, STATUS, UNKNOWN

FIRST = ("pipeline.batch.early", "pipeline.batch.installed")
"""What is needed to open documents and to read pages."""
THEN = ("pipeline.batch.work", "pipeline.batch.warm")
"""What is needed to interpret them, too."""
ONE_THREAD = {
    "OMP_THREAD_LIMIT": "1",  # Tesseract: four threads a page are slower than four pages at once
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}

KEPT_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 26),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 28),
}
"""glibc hands the memory of every picture back to the system and gets it anew, page by page (mallopt(3)). Below these
sizes in bytes, what is freed is kept for the next picture: an eighth of the image work's time, at the same peak."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A worker: its process, the pipe to it, and whether it has all modules or only the first ones."""

    pid: int
    pipe: Connection
    complete: bool


class ForkServer:
    """The process; it is started at once, and anew when it died. Threads take turns.

    It has the modules ``first`` when it forks the first worker, and the modules ``then`` some time after
    :meth:`prepare`.
    """

    def __init__(self, first: Sequence[str], then: Sequence[str]) -> None:
        self._modules = (",".join(first), ",".join(then))
        self._turn = threading.RLock()
        self._start()

    def _start(self) -> None:
        self._preparing = self._ready = not self._modules[1]
        self.channel, theirs = socket.socketpair()
        with theirs:
            # Environment: libraries read it before they start their threads. Group: Ctrl-C is for its owner alone.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pipeline.batch.forking", str(theirs.fileno()), *self._modules],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, **ONE_THREAD, **KEPT_MEMORY, **own_code()},
                process_group=0,
            )

    def _start_anew(self) -> None:
        self.close()
        self._start()
        self.prepare()

    def close(self) -> None:
        """End it; its workers live on."""
        self.channel.close()
        self._process.kill()
        self._process.wait()

    @property
    def closed(self) -> bool:
        """Whether a question to it was interrupted: it does not answer any more."""
        return self.channel.fileno() < 0

    def fork(self) -> Fork:
        """A new worker. Raises EOFError or OSError where no process can be started."""
        with self._turn:
            try:
                return self._fork()
            except (EOFError, OSError):
                self._start_anew()
                return self._fork()

    def _fork(self) -> Fork:
        ours, theirs = Pipe()
        with theirs:
            pid = self._ask(FORK, 0, theirs.fileno())
        return Fork(pid, ours, self._preparing)

    def prepare(self) -> None:
        """Have it import the modules ``then``, without waiting for it; nothing where it was told so before."""
        with self._turn:
            if not self._preparing:
                self._preparing = True
                self.channel.sendall(MESSAGE.pack(PREPARE, 0))

    @property
    def ready(self) -> bool:
        """Whether a worker that is forked now has all modules; ``channel`` can be waited for until it is so."""
        with self._turn:
            if self._preparing and not self._ready and wait([self.channel], 0):
                try:
                    self._answer(PREPARE)
                except (EOFError, OSError):
                    self._start_anew()
            return self._ready

    def exit_code(self, pid: int) -> int:
        """With which code a worker has ended (negative: by a signal), UNKNOWN where nobody knows."""
        with self._turn:
            try:
                return self._ask(STATUS, pid)
            except (EOFError, OSError):
                self._start_anew()
                return UNKNOWN

    def _ask(self, kind: bytes, number: int, *pipes: int) -> int:
        try:
            socket.send_fds(self.channel, [MESSAGE.pack(kind, number)], pipes)
            return self._answer(kind)
        except BaseException:
            self.channel.close()  # what is answered yet would be taken for the answer to the next question
            raise

    def _answer(self, kind: bytes) -> int:
        """The answer to a request of the ``kind``, and before it that the modules are there. Raises EOFError."""
        while True:
            message = self.channel.recv(MESSAGE.size, socket.MSG_WAITALL)
            if len(message) < MESSAGE.size:
                raise EOFError
            answered, number = MESSAGE.unpack(message)
            self._ready = self._ready or answered == PREPARE
            if answered == kind:
                return int(number)


_servers: dict[Any, ForkServer] = {}


def fork_server(first: Sequence[str], then: Sequence[str]) -> ForkServer:
    """The server of this process for these modules, which it imports while this process goes on."""
    key = (os.getpid(), tuple(first), tuple(then))
    if key not in _servers or _servers[key].closed:
        _servers[key] = ForkServer(first, then)
    return _servers[key]


def own_code() -> dict[str, str]:
    """The environment in which another Python imports the very code that runs here, wherever it was started from."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    return {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
