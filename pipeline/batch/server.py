"""The process that workers fork from: it imports once what all of them need."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import forkserver, get_context
from pathlib import Path

from pipeline.batch.scratch import socket_folder

PRELOAD = ("pipeline.batch.work", "pipeline.batch.warm")
"""What workers that convert documents need."""
ONE_THREAD = {
    "OMP_THREAD_LIMIT": "1",  # Tesseract: four threads a page are slower than four pages at once
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def start_server(preload: Sequence[str]) -> None:
    """Start the process, which imports the modules ``preload`` while this one goes on; nothing where it runs already.

    It ends with this process.
    """
    get_context("forkserver").set_forkserver_preload(list(preload))
    # Set before libraries start their threads, and before the fork server imports what it is told to.
    with _environment({**ONE_THREAD, **own_code()}), _temporary_folder(socket_folder()), _deaf_to_ctrl_c():
        forkserver.ensure_running()


def own_code() -> dict[str, str]:
    """The environment in which another Python imports the very code that runs here, wherever it was started from.

    The fork server does not take over the search path of its parent: without this it imports what is installed.
    """
    root = str(Path(__file__).resolve().parent.parent.parent)
    return {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started meanwhile leaves Ctrl-C to this process: the fork server does so only behind its imports."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """``variables`` set for the time of the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _temporary_folder(folder: Path) -> Iterator[None]:
    """Temporary files go to ``folder`` for the time of the block: the socket of the fork server."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
