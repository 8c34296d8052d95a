"""What runs in the process that workers fork from: ``python -m pipeline.batch.forking SOCKET FIRST THEN``.

The fork server of the standard library forks nothing before it has imported everything, of which spaCy and the language
model take two seconds. This one imports the modules ``FIRST`` (names with commas between), forks as many workers as it
is asked for, and imports ``THEN`` when it is told to: pages are read meanwhile. What is imported is shared by all that
are forked afterwards.

Requests come one by one on the socket of the given number, each of a fixed size, and are answered in their order. It
ends with its owner, whose end closes the socket.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import socket
import struct
import sys
from collections.abc import Iterable
from multiprocessing.connection import Connection

from pipeline.batch.worker import serve

MESSAGE = struct.Struct("!cq")
"""A request, and its answer: what is wanted, and a number."""
FORK, PREPARE, STATUS = b"f", b"p", b"s"
"""Fork a worker on the pipe that comes along (answer: its process id); import what is imported then; with which code
the process of that number has ended (negative: by a signal)."""
UNKNOWN = 255
"""Exit code of a process that is not a child of this one."""
_ALLOCATIONS = 200_000  # between two looks for garbage: more than most documents leave at once, so none is made in them


def main() -> None:
    """Serve until the owner is gone."""
    number, first, then = sys.argv[1:]
    channel = socket.socket(fileno=int(number))
    _load(first.split(","))
    ended: dict[int, int] = {}
    while request := _request(channel):
        kind, process, pipes = request
        ended.update(_ended())
        if kind == FORK:
            answer = _fork(channel, pipes[0])
        elif kind == PREPARE:
            answer = 0
            _load(then.split(","))
        else:
            answer = ended.pop(process) if process in ended else _wait(process)
        with contextlib.suppress(OSError):  # the owner is gone: the next request tells
            channel.sendall(MESSAGE.pack(kind, answer))
    os._exit(0)  # nothing here needs taking down, which takes a tenth of a second


def _load(modules: Iterable[str]) -> None:
    """Import the modules without looking for garbage meanwhile, and leave what is loaded out of later searches.

    A document is some hundred thousand small immutable values without cycles: the search took a fifth of the time
    behind OCR and found nothing. A worker's memory is limited and it is recycled in any case.
    """
    gc.disable()
    for module in filter(None, modules):
        with contextlib.suppress(Exception):  # a defect shows in the job that needs it, not here
            importlib.import_module(module)
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 10, 10)
    gc.enable()


def _request(channel: socket.socket) -> tuple[bytes, int, list[int]] | None:
    """What is wanted, the number and the pipes that came with it; None when the owner is gone."""
    try:
        message, pipes, _, _ = socket.recv_fds(channel, MESSAGE.size, 1)
    except OSError:
        return None
    return (*MESSAGE.unpack(message), pipes) if message else None


def _fork(channel: socket.socket, pipe: int) -> int:
    process = os.fork()
    if process == 0:
        try:
            channel.close()
            serve(Connection(pipe))
        finally:
            os._exit(1)
    os.close(pipe)
    return process


def _ended() -> dict[int, int]:
    """Exit codes of the children that have ended since."""
    codes: dict[int, int] = {}
    with contextlib.suppress(ChildProcessError):
        while True:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                break
            codes[process] = os.waitstatus_to_exitcode(status)
    return codes


def _wait(process: int) -> int:
    try:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    except ChildProcessError:
        return UNKNOWN


if __name__ == "__main__":
    main()
