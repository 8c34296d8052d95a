"""Private temporary folders that do not outlive their process: what a killed one left is removed by the next.

Each folder is held by a lock that the kernel lets go of with the process, however it ends. A folder whose lock is free
belongs to nobody any more.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

PREFIX = ".kehoach-"
"""Hidden, so that no folder that somebody made for results has such a name."""
LOCK = ".lock"


@cache
def private_folder() -> Path:
    """This process's own folder below the temporary folder, removed when it ends."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        if _claim(folder):
            atexit.register(_remove_own, folder, os.getpid())
            return folder


def _claim(folder: Path) -> bool:
    """Lock a new folder for as long as this process lives; false where another took it for one left over."""
    try:
        lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return False
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        if os.path.samestat(os.fstat(lock), os.lstat(folder / LOCK)):
            return True  # the descriptor stays open, and with it the lock
    except FileNotFoundError:
        pass
    os.close(lock)
    return False


def remove_abandoned(parent: Path) -> list[Path]:
    """Remove this user's folders below ``parent`` whose process is gone; those that were removed."""
    with contextlib.suppress(OSError):
        return [folder for folder in sorted(parent.glob(f"{PREFIX}*")) if _remove_if_abandoned(folder)]
    return []


def _remove_if_abandoned(folder: Path) -> bool:
    """Whether the folder was nobody's, and is gone."""
    try:
        status = folder.lstat()
        if status.st_uid != os.getuid() or not stat.S_ISDIR(status.st_mode):
            return False
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return _remove_if_empty(folder)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return _remove(folder)
    except OSError:
        return False
    finally:
        os.close(lock)


def _remove_if_empty(folder: Path) -> bool:
    """For one that was left before it had its lock, or when that was gone. Who is about to claim it makes another; with
    anything in it, it is not ours."""
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _remove(folder: Path) -> bool:
    """Remove the folder, its lock last: one that is killed on the way leaves a folder that the next can tell. Whether
    it is gone."""
    for path in folder.iterdir():
        if path.name == LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if [path.name for path in folder.iterdir()] != [LOCK]:
        return False  # somebody still writes there
    (folder / LOCK).unlink()
    folder.rmdir()
    return True


def _remove_own(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        with contextlib.suppress(OSError):
            _remove(folder)
