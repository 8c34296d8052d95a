"""The files that plans were read from, found again, and their pages as pictures or text.

A file is taken for the source only when its SHA-256 is the one in the JSON. Pages are rendered in a process of their
own: a page that crashes or hangs the renderer costs its picture, not the review.
"""

from __future__ import annotations

import io
import itertools
import multiprocessing
import os
import signal
import stat
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from pipeline.quality.files import digest

WIDTHS = (240, 900, 1400, 2200)
"""Widths in pixels in which pages are served: a thumbnail, and three steps of zoom."""
SECONDS = 30.0
CACHE_BYTES = 200_000_000
MOST_FILES = 100_000
LOOK_AGAIN = 20.0
"""Seconds until a file that was not found is looked for once more."""
MOST_PIXELS = 60_000_000
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff"})
_QUALITY = 80


class NoPictureError(Exception):
    """There is no picture of the page; the message says why."""


class SourceFinder:
    """Files by content hash: those that are ``listed``, then all in ``folders`` and below them.

    Hashes are kept as long as a file's time and size do not change, places found as long as the file is there.
    """

    def __init__(self, folders: Iterable[Path], listed: Iterable[Path] = ()) -> None:
        self._folders = tuple(folders)
        self._listed = tuple(listed)
        self._hashes: dict[Path, tuple[tuple[int, int], str]] = {}
        self._found: dict[str, Path] = {}
        self._missed: dict[str, float] = {}
        self._lock = threading.Lock()

    def find(self, file: str, sha256: str) -> Path | None:
        """The file called ``file`` with this hash; else one of any name and the same kind with this hash."""
        with self._lock:
            kept = self._found.get(sha256)
            if kept and self._hash(kept) == sha256:
                return kept
            if time.monotonic() - self._missed.get(sha256, -LOOK_AGAIN) < LOOK_AGAIN:
                return None
            inside = list(itertools.islice(self._files(Path(file).suffix.lower()), MOST_FILES))
            inside.sort(key=lambda path: path.name != file)
            found = next((path for path in inside if self._hash(path) == sha256), None)
            if found:
                self._found[sha256] = found
            else:
                self._missed[sha256] = time.monotonic()
        return found

    def _files(self, kind: str) -> Iterator[Path]:
        yield from (path for path in self._listed if path.suffix.lower() == kind)
        for folder in self._folders:
            for place, below, names in os.walk(folder):
                below.sort()
                yield from (Path(place, name) for name in sorted(names) if Path(name).suffix.lower() == kind)

    def _hash(self, path: Path) -> str | None:
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return None
            stamp = (status.st_mtime_ns, status.st_size)
            kept = self._hashes.get(path)
            if kept is None or kept[0] != stamp:
                kept = self._hashes[path] = (stamp, digest(path.read_bytes()))
        except OSError:
            return None
        return kept[1]


def _leave_ctrl_c() -> None:
    """Of a process that draws: who started it is told, and ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class PagePictures:
    """Pages as JPEG, rendered once: the last ones are kept in memory up to a limit of bytes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def picture(self, path: Path, page: int, width: int) -> bytes:
        """Page ``page`` (from 1), ``width`` pixels wide. Raises :class:`NoPictureError`."""
        key = (str(path), page, width)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            data = self._render(path, page, width)
            self._kept[key] = data
            while sum(map(len, self._kept.values())) > CACHE_BYTES:
                self._kept.popitem(last=False)
        return data

    def _render(self, path: Path, page: int, width: int) -> bytes:
        try:
            return self._started().submit(render, path, page, width).result(SECONDS)
        except (BrokenProcessPool, TimeoutError):
            self.close()
            raise NoPictureError("the page could not be drawn") from None

    def warm(self) -> None:
        """Start the process that draws, so that the first page does not wait for it."""
        with self._lock:
            self._started().submit(int)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _leave_ctrl_c)
        return self._pool

    def close(self) -> None:
        """End the process that draws."""
        if self._pool is not None:
            for process in list((getattr(self._pool, "_processes", None) or {}).values()):
                process.kill()
            # Waited for: Python 3.11 ends with a traceback where the pool's thread closes its pipes while the
            # interpreter is about to write into them.
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def render(path: Path, page: int, width: int) -> bytes:
    """The page as JPEG. Raises :class:`NoPictureError` for whatever is wrong with it."""
    try:
        picture = _pdf_page(path, page, width) if path.suffix.lower() == ".pdf" else _picture_page(path, page, width)
        data = io.BytesIO()
        picture.convert("RGB").save(data, "JPEG", quality=_QUALITY)
    except Exception as error:  # noqa: BLE001 - libraries for pictures raise whatever a broken file makes them
        raise NoPictureError(f"the page could not be drawn ({type(error).__name__})") from None
    return data.getvalue()


def _pdf_page(path: Path, page: int, width: int) -> Any:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        drawn = document[page - 1]
        across, down = drawn.get_size()
        scale = min(width / across, (MOST_PIXELS / (across * down)) ** 0.5)
        return drawn.render(scale=scale).to_pil().copy()


def _picture_page(path: Path, page: int, width: int) -> Any:
    from PIL import Image, ImageOps

    with Image.open(path) as picture:
        picture.seek(page - 1)
        if picture.width * picture.height > 4 * MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((width, 10 * width))
    return upright


def text_pages(path: Path) -> list[str]:
    """The pages of a text dump, as kehoach parts them: at form feeds."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1258", errors="replace")
    return text.removesuffix("\f").split("\f")
