"""Files written whole or not at all: a temporary file beside the target, on disk, then renamed over it.

A rename within a file system is atomic (POSIX rename), and the data is synced before it, so that neither a kill nor a
loss of power leaves half a file under the target's name.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import OutputError

REMEDY = "check free space and rights"


@contextmanager
def replacing(target: Path, *, partial: Path | None = None, remedy: str = REMEDY) -> Iterator[Path]:
    """A temporary path to write to, which takes the place of ``target`` when the block ends well.

    It is hidden beside the target, or ``partial``, which must lie on the same file system. Folders that miss are made.
    Raises :class:`OutputError` with ``remedy`` when writing fails; the temporary file is gone in any case.
    """
    partial = partial or target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise unwritable(str(target), error, remedy) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def write_text(target: Path, text: str, *, partial: Path | None = None, remedy: str = REMEDY) -> None:
    """Write ``text`` as UTF-8, lines ended by a line feed. See :func:`replacing`."""
    with replacing(target, partial=partial, remedy=remedy) as place:
        place.write_text(text, encoding="utf-8", newline="\n")


def unwritable(file: str, error: OSError, remedy: str = REMEDY) -> OutputError:
    """Why ``file`` could not be written."""
    return OutputError(f"cannot be written: {error.strerror or error}", file=file, remedy=remedy)
