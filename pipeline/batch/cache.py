"""Page readings kept between runs, so that a better parser re-reads a thousand plans without OCR.

A reading is found again only when file content, page, settings, programs, models and the code of page reading are all
the same. Entries are pickles: the folder must belong to this user alone, or it is not used.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import json
import os
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Protocol

import diskcache
import pytesseract

from pipeline.errors import SettingsError
from pipeline.settings import Settings
from pipeline.values import PageReading

LIBRARIES = ("numpy", "opencv-python-headless", "pdfplumber", "pypdfium2", "pytesseract")
ENTRY_MODULE = "pipeline.reading"
OWN_PACKAGES = ("pipeline", "schemas", "diacritics")
_CODE_ROOT = Path(__file__).resolve().parent.parent.parent


class ReadingCache(Protocol):
    """Page readings by content hash and page number."""

    def get(self, sha256: str, page: int) -> PageReading | None: ...

    def put(self, sha256: str, page: int, reading: PageReading) -> None: ...


class NoCache:
    """Keeps nothing."""

    def get(self, sha256: str, page: int) -> PageReading | None:
        return None

    def put(self, sha256: str, page: int, reading: PageReading) -> None:
        return None


class DiskCache:
    """Readings in ``folder`` under a fingerprint of everything but the file that they depend on.

    A cache that is broken, full or locked costs time, never a result: such errors count as "not found".
    """

    def __init__(self, folder: Path, size_limit: int, fingerprint: str) -> None:
        self._cache = diskcache.Cache(str(folder), size_limit=size_limit, timeout=5)
        self._fingerprint = fingerprint

    def get(self, sha256: str, page: int) -> PageReading | None:
        with contextlib.suppress(diskcache.Timeout, sqlite3.Error, OSError, EOFError, AttributeError, ImportError):
            found = self._cache.get((self._fingerprint, sha256, page))
            return found if isinstance(found, PageReading) else None
        return None

    def put(self, sha256: str, page: int, reading: PageReading) -> None:
        with contextlib.suppress(diskcache.Timeout, sqlite3.Error, OSError):
            self._cache.set((self._fingerprint, sha256, page), reading)


def open_cache(settings: Settings, fingerprint: str) -> ReadingCache:
    """The cache that ``settings`` name. Raises :class:`SettingsError` when its folder cannot be trusted or made."""
    if settings.cache_dir is None or settings.cache_bytes == 0:
        return NoCache()
    folder = settings.cache_dir.absolute() / "readings"
    secure_folder(folder)
    try:
        return DiskCache(folder, settings.cache_bytes, fingerprint)
    except (OSError, sqlite3.Error, diskcache.Timeout) as error:
        raise _unusable(folder, str(error)) from error


def secure_folder(folder: Path) -> None:
    """Make ``folder`` for this user alone; raise :class:`SettingsError` where others may write to it.

    Unpickling runs code, so whoever can write to the cache could run theirs as this user.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = folder.stat()
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from error
    if status.st_uid != os.getuid():
        raise _unusable(folder, "it belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise _unusable(folder, "other users may write to it")


def _unusable(folder: Path, reason: str) -> SettingsError:
    return SettingsError(
        f"cache folder cannot be used: {reason}",
        file=str(folder),
        remedy="set KEHOACH_CACHE_DIR to a folder of your own, or convert with --no-cache",
    )


def fingerprint(settings: Settings) -> str:
    """A hash of all that a page reading depends on besides the file: settings, programs, models, code."""
    known = {
        "settings": settings.reading_key(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "tesseract": _tesseract(),
        "code": code_hash(),
    }
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _tesseract() -> dict[str, str]:
    """Version of the program and hash of each Vietnamese model; empty where Tesseract is missing."""
    command = pytesseract.pytesseract.tesseract_cmd
    try:
        version = subprocess.run([command, "--version"], capture_output=True, timeout=30, check=True)
        models = subprocess.run([command, "--list-langs"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return {}
    known = {"version": version.stdout.decode("utf-8", "replace").partition("\n")[0]}
    head = models.stdout.decode("utf-8", "replace").partition("\n")[0]
    folder = Path(head.split('"')[1] if head.count('"') >= 2 else "")
    for model in ("vie", "Vietnamese", "script/Vietnamese", "osd"):
        with contextlib.suppress(OSError):
            known[model] = hashlib.sha256((folder / f"{model}.traineddata").read_bytes()).hexdigest()
    return known


@functools.cache
def code_hash(entry: str = ENTRY_MODULE) -> str:
    """A hash of the own modules that ``entry`` imports, directly or not, and of the tables beside them."""
    digest = hashlib.sha256()
    for path in sorted(_closure(entry)):
        digest.update(str(path.relative_to(_CODE_ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _closure(entry: str) -> set[Path]:
    """Source files that importing ``entry`` loads from the own packages, with the TOML tables in their folders."""
    found: set[Path] = set()
    waiting = [entry]
    while waiting:
        path = _module_file(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        found.update(path.parent.glob("*.toml"))
        waiting += _imports(path)
    return found


def _module_file(module: str) -> Path | None:
    base = _CODE_ROOT.joinpath(*module.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def _imports(path: Path) -> Iterator[str]:
    """Own modules that the file may import, functions' bodies included; packages above them are loaded too."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            if parts[0] in OWN_PACKAGES:
                yield from (".".join(parts[: k + 1]) for k in range(len(parts)))
