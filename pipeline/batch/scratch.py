"""Private temporary folders that do not outlive their process: what a killed one left is removed by the next.

Each folder is held by a lock that the kernel lets go of with the process, however it ends. A folder whose lock is free
belongs to nobody any more.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from functools import cache
from multiprocessing import util
from pathlib import Path

PREFIX = "kehoach-"
LOCK = ".lock"
_UNCLAIMED = 3600.0  # seconds after which a folder without a lock file is nobody's
_LONGEST_PATH = 54  # bytes; a socket's path has 103 at most (macOS; Linux 107), and 49 of them follow:
# /kehoach-12345678/pymp-12345678/listener-12345678, the latter two multiprocessing's own


@cache
def private_folder(base: str | None = None) -> Path:
    """This process's own folder below ``base`` (the temporary folder when not given), removed when it ends."""
    parent = Path(base or tempfile.gettempdir())
    remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    # After multiprocessing has removed its own folder, which lies in this one (it has priority -100).
    util.Finalize(None, _remove, args=(folder, os.getpid()), exitpriority=-200)
    return folder


def socket_folder() -> Path:
    """As :func:`private_folder`, with a path short enough for a socket in it."""
    short = len(os.fsencode(tempfile.gettempdir())) <= _LONGEST_PATH or not Path("/tmp").is_dir()  # noqa: S108
    return private_folder(None if short else "/tmp")  # noqa: S108 - a private folder is made in it


def remove_abandoned(parent: Path) -> list[Path]:
    """Remove this user's folders below ``parent`` whose process is gone; those that were removed."""
    removed = []
    with contextlib.suppress(OSError):
        for folder in sorted(parent.glob(f"{PREFIX}*")):
            if _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)
                removed.append(folder)
    return removed


def _is_abandoned(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False  # gone in the meantime
    if status.st_uid != os.getuid() or not folder.is_dir() or folder.is_symlink():
        return False
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return time.time() - status.st_mtime > _UNCLAIMED  # another process may be about to claim it
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(lock)


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
