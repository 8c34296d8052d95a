"""From what the user named (files, folders, globs) to the documents to convert and the names of their results."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from pipeline.batch.remote import find_files, is_url
from pipeline.errors import InputError, KehoachError, unicode_name

SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".txt")
_LONGEST_NAME = 180  # bytes; file systems allow 255, suffixes and temporary names need room


@dataclass(frozen=True, slots=True)
class Input:
    """A document to convert: where it is, how the user knows it, the stem of its results. With ``error``, why not.

    What lies on storage has a ``url``; its ``path`` is then no place of this machine, but tells name and folder.
    """

    path: Path
    name: str
    stem: str = ""
    error: KehoachError | None = None
    url: str | None = None

    @property
    def place(self) -> str:
        """Where it is: a path or a URL."""
        return self.url or str(self.path)


def expand_inputs(named: Sequence[str], out: Path | str, others: dict[str, None] | None = None) -> list[Input]:
    """Documents in the order they were named, those of a folder sorted, each once, with a stem of its own.

    Folders are searched recursively for the kinds of files that kehoach reads; hidden files and the output folder are
    left out, links to folders are not followed. What cannot be found or opened stays in the list with its error. Names
    of files of other kinds in folders are put into ``others``, in their order.
    """
    passed_over: dict[str, None] = {} if others is None else others
    found: list[Input] = []
    seen: set[str] = set()
    for name in named:
        for item in _expand(name, out, passed_over):
            identity = item.url or os.path.realpath(item.path)
            if identity not in seen or item.error:
                seen.add(identity)
                found.append(item)
    return name_results(found)


def _expand(name: str, out: Path | str, others: dict[str, None]) -> list[Input]:
    if is_url(name):
        return _on_storage(name)
    path = Path(name)
    if path.is_dir():
        return _walk(path, out, others)
    if not os.path.lexists(path) and has_magic(name):
        matches = [m for match in sorted(glob(name, recursive=True)) for m in _expand(match, out, others)]  # noqa: PTH207
        return matches or [_refused(path, "no file matches this pattern", "check the folder and the pattern")]
    if not os.path.lexists(path):
        return [_refused(path, "does not exist", "check the path")]
    return [_file(path, unicode_name(name))]


def _file(path: Path, name: str) -> Input:
    try:
        path.stat()
    except FileNotFoundError:
        return _refused(path, "is a link to a file that does not exist", "mend the link, or remove it", name=name)
    except OSError:
        pass  # told when it is opened
    return Input(path, name)


def _on_storage(url: str) -> list[Input]:
    try:
        found = find_files(url, SUFFIXES)
    except InputError as error:
        return [Input(_url_path(url), url, error=error)]
    inputs = [Input(_url_path(file), file, url=file) for file in found]
    return inputs or [_refused(_url_path(url), "holds nothing to convert", "check the URL", name=url)]


def _url_path(url: str) -> Path:
    """The part of ``url`` that names folders and file."""
    return Path("/" + url.partition("://")[2])


def _walk(folder: Path, out: Path | str, others: dict[str, None]) -> list[Input]:
    """The readable kinds of files below ``folder``, sorted by path; names of the other kinds into ``others``."""
    found: list[Input] = []

    def refuse(error: OSError) -> None:
        reason = f"folder cannot be read: {error.strerror or error}"
        found.append(_refused(Path(error.filename or folder), reason, "ask for the right to read it"))

    own = os.path.realpath(out)
    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and os.path.realpath(Path(root, f)) != own)
        if os.path.realpath(root) == own:
            continue
        for file in sorted(files):
            if file.startswith("."):
                continue
            path = Path(root, file)
            name = unicode_name(str(path))
            if file.lower().endswith(SUFFIXES):
                found.append(_file(path, name))
            else:
                others[name] = None
    if not found:
        kinds = " ".join(SUFFIXES)
        return [_refused(folder, "folder holds nothing to convert", f"put files of these kinds into it: {kinds}")]
    return found


def _refused(path: Path, reason: str, remedy: str, *, name: str | None = None) -> Input:
    name = name or unicode_name(str(path))
    return Input(path, name, error=InputError(reason, file=name, remedy=remedy))


def name_results(inputs: Sequence[Input]) -> list[Input]:
    """Give each input a stem of its own.

    Inputs of the same stem are told apart by the first of these that does: kind of file (``plan-pdf``), folder
    (``plan-hue``), both, a hash of the path. The rule looks at paths only, so that a second run names alike.
    """
    groups: dict[str, list[Input]] = defaultdict(list)
    for item in inputs:
        groups[_stem(item).casefold()].append(item)
    stems: dict[int, str] = {}
    taken = {key for key, group in groups.items() if len(group) == 1}
    for group in groups.values():
        names = [_stem(group[0])] if len(group) == 1 else _told_apart(group, taken)
        taken.update(name.casefold() for name in names)
        stems.update((id(item), name) for item, name in zip(group, names, strict=True))
    return [replace(item, stem=stems[id(item)]) for item in inputs]


def _told_apart(group: Sequence[Input], taken: Iterable[str]) -> list[str]:
    schemes: tuple[Callable[[Input], str], ...] = (_kind, _folder, lambda i: f"{_folder(i)}-{_kind(i)}", _path_hash)
    names: list[str] = []
    for scheme in schemes:
        names = [f"{_stem(item)}-{_clean(scheme(item))}" for item in group]
        folded = {name.casefold() for name in names}
        if len(folded) == len(group) and not folded & set(taken):
            break
    return names


def _stem(item: Input) -> str:
    return _clean(item.path.stem)


def _kind(item: Input) -> str:
    return item.path.suffix.lstrip(".").lower()


def _folder(item: Input) -> str:
    return item.path.absolute().parent.name


def _path_hash(item: Input) -> str:
    return hashlib.sha256(os.fsencode(item.path.absolute())).hexdigest()[:10]


def _clean(text: str) -> str:
    """``text`` as part of a file name: no control characters, no separators, not hidden, not too long."""
    kept = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in text).strip()
    if kept.startswith("."):
        kept = "_" + kept[1:]
    while len(kept.encode()) > _LONGEST_NAME:
        kept = kept[:-1]
    return kept or "_"
