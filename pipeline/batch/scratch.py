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
import tempfile
import time
from functools import cache
from pathlib import Path

PREFIX = "kehoach-"
LOCK = ".lock"
_UNCLAIMED = 3600.0  # seconds after which a folder without a lock file is nobody's


@cache
def private_folder() -> Path:
    """This process's own folder below the temporary folder, removed when it ends."""
    parent = Path(tempfile.gettempdir())
    remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    atexit.register(_remove, folder, os.getpid())
    return folder


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
