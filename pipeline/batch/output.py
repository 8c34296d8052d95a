"""The folder that results go to: on this machine, or anywhere that fsspec reaches.

A file appears whole or not at all. One run at a time writes to a folder; in a local one it holds a lock that the kernel
lets go of with the process. What a killed run left half written is removed by the next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from pipeline.atomic import REMEDY, unwritable, write_text
from pipeline.batch.remote import RemoteFolder, is_url, local_path, occupied
from pipeline.errors import OutputError

PRIVATE = ".kehoach"
"""Folder inside the output folder for what is the program's own: ledger, lock, files on their way."""
LOCK = f"{PRIVATE}/lock"
_OTHER = "choose another folder with --out"
_REMEDY = f"{REMEDY}, or {_OTHER}"


class Output(Protocol):
    """Where results go; a context manager that holds the folder for one run."""

    name: str

    def write(self, name: str, text: str) -> None:
        """Write the file ``name``, whole or not at all. Raises OutputError."""
        ...

    def read(self, name: str) -> bytes | None:
        """What the file ``name`` holds; None when it is not there or cannot be read."""
        ...

    def path(self, name: str) -> Path | None:
        """Where the file lies on this machine; None elsewhere."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_output(out: Path | str) -> Output:
    """The folder ``out``, a path or a URL."""
    if is_url(str(out)):
        local = local_path(str(out))
        return LocalFolder(local) if local is not None else RemoteFolder(str(out), LOCK)
    return LocalFolder(Path(out))


class LocalFolder:
    """A folder of this machine, or one that is mounted here."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder
        self._partial = folder / PRIVATE / "partial"
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        """Raises OutputError when the folder cannot be written to, or when another run is at work on it."""
        try:
            (self._folder / PRIVATE).mkdir(parents=True, exist_ok=True)
            self._lock = (self._folder / LOCK).open("a+", encoding="ascii")
        except OSError as error:
            raise unwritable(self.name, error, _REMEDY) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise self._busy() from None
        except OSError:  # a file system without locks: then it is for the user to start one run only
            pass
        try:
            self._lock.truncate(0)
            self._lock.write(str(os.getpid()))
            self._lock.flush()
            shutil.rmtree(self._partial, ignore_errors=True)
            self._partial.mkdir(mode=0o700)
        except OSError as error:
            self._lock.close()
            raise unwritable(self.name, error, _REMEDY) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._partial, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()

    def _busy(self) -> OutputError:
        assert self._lock is not None
        self._lock.seek(0)
        owner = self._lock.read(20).strip()
        self._lock.close()
        return occupied(self.name, f"process {owner}" if owner.isdigit() else "")

    def write(self, name: str, text: str) -> None:
        target = self._folder / name
        write_text(target, text, partial=self._partial / target.name, remedy=_REMEDY)

    def read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None

    def path(self, name: str) -> Path | None:
        return self._folder / name
