"""Inputs and results on shared or object storage, by URL ("s3://…", "hdfs://…", "file://…"), through fsspec.

Storage is reached with the rights of the user who started the run; fsspec and the package of the storage come with the
extra ``cluster`` and its own documentation.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.batch.lease import Lease
from pipeline.errors import InputError, OutputError, SettingsError

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(::[A-Za-z][A-Za-z0-9+.-]+)*://")
_PIECE = 1 << 20


def is_url(name: str) -> bool:
    """Whether ``name`` is a URL and no path."""
    return _URL.match(name) is not None


def local_path(url: str) -> Path | None:
    """The path that a file:// URL names."""
    return Path(url.partition("://")[2]) if url.lower().startswith("file://") else None


def file_system(url: str) -> tuple[Any, str]:
    """The file system of ``url`` and its path there. Raises SettingsError when it is of no kind that is installed."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise SettingsError(
            "storage by URL needs fsspec",
            file=url,
            remedy="install it: pip install '.[cluster]' in the folder of kehoach",
        ) from None
    try:
        return url_to_fs(url)  # type: ignore[no-any-return]
    except (ImportError, ValueError) as error:
        raise SettingsError(
            f"storage cannot be reached: {_said(error)}", file=url, remedy="check the URL and install what it needs"
        ) from error


def find_files(url: str, suffixes: tuple[str, ...]) -> list[str]:
    """URLs of the readable kinds of files at or below ``url``, or that match it as a pattern, sorted.

    Raises InputError when the storage does not answer.
    """
    files, root = file_system(url)
    try:
        if any(sign in root for sign in "*?["):
            found = [path for path in files.glob(root) if files.isfile(path)]
        elif files.isdir(root):
            found = [p for p in files.find(root) if p.lower().endswith(suffixes) and "/." not in p[len(root) :]]
        else:
            return [url]
        return sorted(str(files.unstrip_protocol(path)) for path in found)
    except Exception as error:  # each storage has exceptions of its own
        raise InputError(
            f"storage cannot be read: {_said(error)}", file=url, remedy="check the URL and your rights"
        ) from error


def fetch(url: str, target: Path, most_bytes: int) -> None:
    """Copy ``url`` to ``target``, as far as ``most_bytes`` and one piece more. Raises InputError."""
    files, path = file_system(url)
    try:
        with files.open(path, "rb") as source, target.open("wb") as copy:
            while copy.tell() <= most_bytes and (piece := source.read(_PIECE)):
                copy.write(piece)
    except FileNotFoundError:
        raise InputError("does not exist", file=url, remedy="check the URL") from None
    except Exception as error:  # each storage has exceptions of its own
        raise InputError(f"cannot be read: {_said(error)}", file=url, remedy="check the URL and your rights") from error


class RemoteFolder:
    """A folder of a storage that fsspec reaches. Storages of objects put a file whole or not at all."""

    def __init__(self, url: str, lock: str) -> None:
        """``lock`` is the name of the object that holds the folder for one run."""
        self.name = url
        self._files, self._root = file_system(url.rstrip("/"))
        self._lease = Lease(lambda: self.read(lock), lambda text: self._put(lock, text), lambda: self._remove(lock))

    def __enter__(self) -> Self:
        """Raises OutputError when the folder cannot be written to, or when another run is at work on it."""
        owner = self._lease.take()
        if owner is not None:
            raise occupied(self.name, owner)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lease.release()

    def write(self, name: str, text: str) -> None:
        if self._lease.lost_to:
            raise occupied(self.name, self._lease.lost_to)
        self._put(name, text)

    def _put(self, name: str, text: str) -> None:
        path = f"{self._root}/{name}"
        try:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, text.encode())
        except Exception as error:  # each storage has exceptions of its own
            raise OutputError(
                f"cannot be written: {_said(error)}", file=f"{self.name}/{name}", remedy="check the URL and your rights"
            ) from error

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._files.cat_file(f"{self._root}/{name}"))
        except Exception:  # noqa: BLE001 - what cannot be read is done anew
            return None

    def path(self, name: str) -> Path | None:
        return None

    def _remove(self, name: str) -> None:
        with contextlib.suppress(Exception):  # each storage has exceptions of its own; a later run finds it silent
            self._files.rm_file(f"{self._root}/{name}")


def occupied(folder: str, owner: str) -> OutputError:
    """That the run ``owner`` is at work on ``folder``."""
    remedy = "wait until it is done, or choose another folder with --out"
    return OutputError(f"another run is at work on this folder{owner and f' ({owner})'}", file=folder, remedy=remedy)


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
