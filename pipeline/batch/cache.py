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
        try:
            found = self._cache.get((self._fingerprint, sha256, page))
        except Exception:  # noqa: BLE001 - a broken entry may raise whatever unpickling raises
            return None
        return found if isinstance(found, PageReading) else None

    def put(self, sha256: str, page: int, reading: PageReading) -> None:
        with contextlib.suppress(diskcache.Timeout, sqlite3.Error, OSError):
            self._cache.set((self._fingerprint, sha256, page), reading)


def open_cache(folder: Path | None, size_limit: int, fingerprint: str) -> ReadingCache:
    """The cache in ``folder``; none without a folder or with a limit of 0 bytes.

    Raises :class:`SettingsError` when the folder cannot be trusted or made.
    """
    if folder is None or size_limit == 0:
        return NoCache()
    folder = folder.absolute() / "readings"
    secure_folder(folder)
    try:
        return DiskCache(folder, size_limit, fingerprint)
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
    """Source files that ``entry`` depends on in the own packages, with the tables and word lists beside them.

    A package on the way to a module counts with its own code only: what else it gathers for others is not followed.
    """
    found: set[Path] = set()
    followed: set[Path] = set()
    waiting = [entry]
    while waiting:
        module = waiting.pop()
        path = _module_file(module)
        if path is None or path in followed:
            continue
        followed.add(path)
        found.update(file for parent in _parents(module) if (file := _module_file(parent)))
        found.update((path, *path.parent.glob("*.toml"), *path.parent.glob("data/*.txt")))
        waiting += _imports(path)
    return found


def _parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _module_file(module: str) -> Path | None:
    base = _CODE_ROOT.joinpath(*module.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def _imports(path: Path) -> Iterator[str]:
    """Own modules that the file imports, functions' bodies included, imports for type checkers not."""
    waiting: list[ast.AST] = [ast.parse(path.read_bytes())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        waiting += ast.iter_child_nodes(node)
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            submodules = [name for alias in node.names if _module_file(name := f"{node.module}.{alias.name}")]
            names = submodules if len(submodules) == len(node.names) else [node.module, *submodules]
        yield from (name for name in names if name.partition(".")[0] in OWN_PACKAGES)
