"""A process that runs the local engine for another process which may not fork itself, such as a worker of Dask.

``python -m pipeline.batch.host`` reads pickled documents from its standard input and answers pickled drafts on its
standard output, one at a time, until the input closes; then it ends with all that it started.
"""

from __future__ import annotations

import functools
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
from dataclasses import replace
from typing import IO, Any

from pipeline.batch.cache import open_cache
from pipeline.batch.fingerprint import Versions, versions_of
from pipeline.batch.local import LocalEngine, Watcher
from pipeline.batch.messages import Task, Use
from pipeline.batch.result import Draft
from pipeline.batch.server import own_code
from pipeline.errors import KehoachError, SettingsError, ToolError
from pipeline.settings import Settings

_LENGTH = struct.Struct("!Q")


class Host:
    """The host process as its owner sees it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.batch.host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **own_code()},
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def convert(self, task: Task, use: Use) -> Draft:
        """The draft of ``task``. Raises ToolError when the host dies, and what the host refuses."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            _send(self._process.stdin, (task, use))
            answer = _receive(self._process.stdout)
        except (OSError, EOFError) as error:
            self._process.kill()
            self._process.wait()
            raise ToolError("the process that worked on it died", remedy="free some memory and try again") from error
        if isinstance(answer, KehoachError):
            raise answer
        assert isinstance(answer, Draft)
        return answer

    def close(self) -> None:
        """End the process with all that it started."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _send(stream: IO[bytes], message: object) -> None:
    data = pickle.dumps(message, protocol=5)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    """Raises EOFError when the stream ends."""
    head = _exactly(stream, _LENGTH.size)
    return pickle.loads(_exactly(stream, _LENGTH.unpack(head)[0]))  # noqa: S301 - from our own process


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def main() -> None:
    """Serve until standard input closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write between the answers
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner ends us
    tasks: queue.SimpleQueue[tuple[Task, Use]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    engine: LocalEngine | None = None
    serves: tuple[Settings, Use] | None = None
    try:
        while True:
            task, use = tasks.get()
            try:
                _same_versions(task.settings, use.versions)
                settings = _cache_at_hand(task.settings, use.versions)
                if engine is None or serves != (settings, use):
                    if engine is not None:
                        engine.__exit__(None, None, None)
                    engine = LocalEngine(settings.model_copy(update={"jobs": 1}), use).__enter__()
                    serves = (settings, use)
                answer: Draft | KehoachError = _convert(engine, replace(task, settings=settings))
            except KehoachError as error:
                answer = error
            _send(answers, answer)
    finally:
        if engine is not None:
            engine.__exit__(None, None, None)


def _listen(tasks: queue.SimpleQueue[tuple[Task, Use]]) -> None:
    """Hand on what comes; when the owner is gone, end, even in the middle of a document."""
    try:
        while True:
            tasks.put(_receive(sys.stdin.buffer))
    except (EOFError, OSError):
        os.kill(os.getpid(), signal.SIGTERM)


def _convert(engine: LocalEngine, task: Task) -> Draft:
    waiting = [task]
    (draft,) = engine.drafts(lambda: waiting.pop() if waiting else None, Watcher())
    return draft


def _same_versions(settings: Settings, wanted: Versions) -> None:
    """Raises ToolError: another Tesseract, model or code would give other results than the ledger says."""
    here = _versions(settings)
    if here != wanted:
        part = "Tesseract, its models or packages" if here.reading != wanted.reading else "kehoach or its packages"
        raise ToolError(
            f"the worker has another version of {part} than the machine that runs the batch",
            remedy="install the same versions on all machines",
        )


@functools.lru_cache(maxsize=4)
def _versions(settings: Settings) -> Versions:
    return versions_of(settings)


def _cache_at_hand(settings: Settings, versions: Versions) -> Settings:
    """The settings without a cache where its folder cannot be used on this machine."""
    try:
        open_cache(settings.cache_dir, settings.cache_bytes, versions)
    except SettingsError:
        return settings.model_copy(update={"cache_bytes": 0})
    return settings


if __name__ == "__main__":
    main()
