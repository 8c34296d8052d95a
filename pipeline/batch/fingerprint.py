"""What a result depends on besides the file: settings, programs, models and the code itself, each as a hash.

Three depths, so that as little as possible is done again: what a page reads as, what its restored text is, and what is
found in it. A change of the parser leaves the first two as they are.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from pipeline.settings import Settings

READING = ("pipeline.reading",)
RESTORING = ("pipeline.restoration", "pipeline.layout.lines", "pipeline.values", "pipeline.provenance")
WHOLE = ("pipeline.flow", "schemas", "pipeline.batch.work")
READING_LIBRARIES = ("numpy", "opencv-python-headless", "pdfplumber", "pypdfium2", "pytesseract", "pillow")
WHOLE_LIBRARIES = (*READING_LIBRARIES, "rapidfuzz", "spacy", "pydantic", "kehoach")
OWN_PACKAGES = ("pipeline", "schemas", "diacritics")
MODELS = ("*.npz", "*.tsv")
_OWN = rf"(?:{'|'.join(OWN_PACKAGES)})\b"
_NAMES = r"(?:\([^)]*\)|[^\n]*)"
_IMPORT = re.compile(rf"^[ \t]*(import[ \t]+{_OWN}[^\n]*|from[ \t]+{_OWN}[\w.]*[ \t]+import[ \t]*{_NAMES})", re.M)
_IGNORED = re.compile(r"#[^\n]*|^([ \t]*)if TYPE_CHECKING:\n(?:\1[ \t]+[^\n]*\n|[ \t]*\n)+", re.M)
_TABLE = re.compile(r"""load_table\("(\w+)"\)""")
_FILE = re.compile(r'"(\w+\.toml)"')
_CODE_ROOT = Path(__file__).resolve().parent.parent.parent
_LIMITS = ("pages", "max_pages", "max_bytes", "worker_bytes")


@dataclass(frozen=True, slots=True)
class Versions:
    """Hashes of all that page readings, restored pages and whole results depend on besides the file."""

    reading: str
    restored: str
    whole: str


def versions_of(settings: Settings) -> Versions:
    """The versions at work under ``settings``."""
    asked = _asked("--version"), _asked("--list-langs")  # they answer while the code is looked through
    code = code_hash(READING), code_hash(RESTORING, models=True), code_hash(WHOLE, models=True)
    libraries = {name: _version(name) for name in WHOLE_LIBRARIES}
    reading = {
        "settings": settings.reading_key(),
        "libraries": {name: libraries[name] for name in READING_LIBRARIES},
        "tesseract": _tesseract(*map(_first_line, asked)),
        "code": code[0],
    }
    restored = {"reading": _hash(reading), "code": code[1]}
    whole = {
        "restored": _hash(restored),
        "libraries": libraries,
        "limits": {name: getattr(settings, name) for name in _LIMITS},
        "code": code[2],
    }
    return Versions(_hash(reading), _hash(restored), _hash(whole))


def result_key(sha256: str, name: str, versions: Versions, *, with_text: bool) -> str:
    """The key of a result in the ledger. ``name`` is the file name that the result tells."""
    return _hash([sha256, name, versions.whole, with_text])


def _hash(known: Any) -> str:
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


@functools.cache
def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _asked(option: str) -> subprocess.Popen[bytes] | None:
    """Tesseract, asked with ``option``; None where it is missing."""
    command = "tesseract"  # as pytesseract calls it; loading that takes longer than asking
    nothing = subprocess.DEVNULL
    try:
        return subprocess.Popen([command, option], stdin=nothing, stdout=subprocess.PIPE, stderr=nothing)
    except OSError:
        return None


def _first_line(process: subprocess.Popen[bytes] | None) -> str | None:
    """The first line of what the process prints; None where it fails."""
    if process is None:
        return None
    try:
        answer, _ = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    return None if process.returncode else answer.decode("utf-8", "replace").partition("\n")[0]


def _tesseract(version: str | None, models: str | None) -> dict[str, str]:
    """Version of the program and hash of each Vietnamese model; empty where Tesseract is missing. ``models`` names
    their folder in quotes."""
    if version is None or models is None:
        return {}
    known = {"version": version}
    folder = Path(models.split('"')[1] if models.count('"') >= 2 else "")
    for model in ("vie", "Vietnamese", "script/Vietnamese", "osd"):
        with contextlib.suppress(OSError):
            known[model] = _digest(folder / f"{model}.traineddata").hex()
    return known


@functools.cache
def code_hash(entries: tuple[str, ...], *, models: bool = False) -> str:
    """A hash of the own modules that ``entries`` import, directly or not, and of tables (and models) beside them."""
    digest = hashlib.sha256()
    found = closure(entries)
    if models:
        found |= {file for path in found for pattern in MODELS for file in _data(path.parent, pattern)}
    for path in sorted(found):
        digest.update(str(path.relative_to(_CODE_ROOT)).encode())
        digest.update(_digest(path))
    return digest.hexdigest()


@functools.cache
def _digest(path: Path) -> bytes:
    """The hash of a file: models are large, and most files stand behind several entries."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def closure(entries: Iterable[str]) -> set[Path]:
    """Source files that ``entries`` depend on in the own packages, the tables they name, and word lists beside them.

    A package on the way to a module counts with its own code only: what else it gathers for others is not followed.
    """
    found: set[Path] = set()
    followed: set[Path] = set()
    waiting = list(entries)
    while waiting:
        module = waiting.pop()
        path = _module_file(module)
        if path is None or path in followed:
            continue
        followed.add(path)
        found.update(file for parent in _parents(module) if (file := _module_file(parent)))
        found.update((path, *_tables(path), *_data(path.parent, "*.txt")))
        waiting += _imports(path)
    return found


@functools.cache
def _data(folder: Path, pattern: str) -> tuple[Path, ...]:
    return tuple(folder.glob(f"data/{pattern}"))


def _parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


@functools.cache
def _module_file(module: str) -> Path | None:
    base = _CODE_ROOT.joinpath(*module.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


@functools.cache
def _tables(path: Path) -> tuple[Path, ...]:
    """The tables that the module names: those of :mod:`pipeline.knowledge`, and files beside it."""
    code = path.read_text(encoding="utf-8")
    known = [_CODE_ROOT / "pipeline" / "knowledge" / f"{name}.toml" for name in _TABLE.findall(code)]
    return (*known, *(file for name in _FILE.findall(code) if (file := path.parent / name).is_file()))


@functools.cache
def _imports(path: Path) -> tuple[str, ...]:
    """Own modules that the file imports, functions' bodies included, imports for type checkers not.

    Only the statements that import are parsed: parsing all code took a second of every run.
    """
    code = _IGNORED.sub("", path.read_text(encoding="utf-8"))
    found: list[str] = []
    for node in ast.parse("\n".join(_IMPORT.findall(code))).body:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            submodules = [name for alias in node.names if _module_file(name := f"{node.module}.{alias.name}")]
            names = submodules if len(submodules) == len(node.names) else [node.module, *submodules]
        found += [name for name in names if name.partition(".")[0] in OWN_PACKAGES]
    return tuple(found)
