"""What was read, kept between runs, so that a better parser re-reads a thousand plans without OCR.

Two drawers: page readings (dear: seconds of OCR each), and the restored pages of whole documents (cheap, but half the
time behind OCR). An entry is found again only when the file and all that it depends on are the same
(:mod:`.fingerprint`). Entries are pickles: the folder must belong to this user alone, or it is not used.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import sqlite3
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import diskcache

from pipeline.batch.fingerprint import Versions
from pipeline.errors import SettingsError
from pipeline.settings import Settings
from pipeline.values import PageReading

if TYPE_CHECKING:
    from pipeline.flow import Restored

Drawer = Literal["readings", "restored"]
_SHARES: dict[Drawer, float] = {"readings": 0.8, "restored": 0.2}
_BROKEN = (diskcache.Timeout, sqlite3.Error, OSError)


class Cache:
    """The drawers in ``folder``; none with ``folder`` None, which keeps nothing.

    A cache that is broken, full or locked costs time, never a result: such errors count as "not found".
    """

    def __init__(self, folder: Path | None, size_limit: int, versions: Versions) -> None:
        """Raises :class:`SettingsError` when the folder cannot be trusted or made."""
        self._versions = versions
        self._drawers: dict[Drawer, Any] = {}
        if folder is not None and size_limit > 0:
            for drawer, share in _SHARES.items():
                self._drawers[drawer] = _open(folder, drawer, round(size_limit * share))

    def reading(self, sha256: str, page: int) -> PageReading | None:
        """What was read on a page of the file."""
        found = self._get("readings", (self._versions.reading, sha256, page))
        return found if isinstance(found, PageReading) else None

    def keep_reading(self, sha256: str, page: int, reading: PageReading) -> None:
        self._set("readings", (self._versions.reading, sha256, page), reading)

    def restored(self, sha256: str, pages: Sequence[int]) -> Restored | None:
        """The restored pages of the file."""
        from pipeline.flow import Restored  # loads spaCy, which the process that only runs the batch can do without

        found = self._get("restored", (self._versions.restored, sha256, _ranges(pages)))
        return found if isinstance(found, Restored) else None

    def holds(self, sha256: str, pages: Sequence[int]) -> bool:
        """Whether there are entries from which the file can be converted without reading a page; whether they are whole
        is not looked into."""
        readings = ((self._versions.reading, sha256, page) for page in pages)
        restored = (self._versions.restored, sha256, _ranges(pages))
        return self._has("restored", restored) or all(self._has("readings", key) for key in readings)

    def keep_restored(self, sha256: str, pages: Sequence[int], restored: Restored) -> None:
        self._set("restored", (self._versions.restored, sha256, _ranges(pages)), restored)

    def _get(self, drawer: Drawer, key: tuple[Any, ...]) -> object:
        if drawer not in self._drawers:
            return None
        try:
            data = self._drawers[drawer].get(key)
            return pickle.loads(data) if isinstance(data, bytes) else None  # noqa: S301 - the folder is ours alone
        except Exception:  # noqa: BLE001 - a broken entry may raise whatever unpickling raises
            return None

    def _has(self, drawer: Drawer, key: tuple[Any, ...]) -> bool:
        try:
            return drawer in self._drawers and key in self._drawers[drawer]
        except _BROKEN:
            return False

    def _set(self, drawer: Drawer, key: tuple[Any, ...], value: object) -> None:
        if drawer in self._drawers:
            with contextlib.suppress(*_BROKEN):
                self._drawers[drawer].set(key, pickle.dumps(value, protocol=5))


@functools.lru_cache(maxsize=4)
def open_cache(folder: Path | None, size_limit: int, versions: Versions) -> Cache:
    """The cache in ``folder``, opened once a process. Raises :class:`SettingsError`."""
    return Cache(folder, size_limit, versions)


@dataclass(frozen=True, slots=True)
class DrawerFacts:
    """How much a drawer holds: entries and bytes, and how many entries the versions at work can use."""

    drawer: Drawer
    entries: int
    bytes: int
    limit: int
    usable: int


def inspect_cache(settings: Settings, versions: Versions) -> list[DrawerFacts]:
    """What the cache holds, a drawer at a time. Raises :class:`SettingsError`."""
    facts = []
    for drawer in _kept(settings):
        limit = round(settings.cache_bytes * _SHARES[drawer])
        with _opened(settings, drawer) as kept:
            mine = _version(versions, drawer)
            usable = sum(1 for key in kept.iterkeys() if _is_of(key, mine))
            facts.append(DrawerFacts(drawer, len(kept), int(kept.volume()), limit, usable))
    return facts


def clear_cache(settings: Settings, keep: Versions | None = None) -> int:
    """Remove all entries, or with ``keep`` those that these versions cannot use; how many.

    Raises :class:`SettingsError`.
    """
    removed = 0
    for drawer in _kept(settings):
        with _opened(settings, drawer) as kept:
            if keep is None:
                removed += int(kept.clear())
            else:
                stale = [key for key in kept.iterkeys() if not _is_of(key, _version(keep, drawer))]
                removed += sum(bool(kept.delete(key)) for key in stale)
    return removed


def _kept(settings: Settings) -> list[Drawer]:
    """The drawers that are there."""
    folder = settings.cache_dir
    return [] if folder is None else [d for d in get_args(Drawer) if (folder.absolute() / d).is_dir()]


@contextlib.contextmanager
def _opened(settings: Settings, drawer: Drawer) -> Any:
    assert settings.cache_dir is not None
    kept = _open(settings.cache_dir, drawer, max(1, round(settings.cache_bytes * _SHARES[drawer])))
    try:
        yield kept
    except _BROKEN as error:
        raise _unusable(settings.cache_dir / drawer, str(error)) from error
    finally:
        kept.close()


def _version(versions: Versions, drawer: Drawer) -> str:
    return versions.reading if drawer == "readings" else versions.restored


def _is_of(key: object, version: str) -> bool:
    return isinstance(key, tuple) and key[:1] == (version,)


def _ranges(pages: Sequence[int]) -> str:
    return ",".join(map(str, pages)) if list(pages) != list(range(1, len(pages) + 1)) else f"1-{len(pages)}"


def _open(folder: Path, drawer: Drawer, size_limit: int) -> Any:
    folder = folder.absolute() / drawer
    secure_folder(folder)
    try:
        return diskcache.Cache(str(folder), size_limit=size_limit, timeout=5)
    except _BROKEN as error:
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
