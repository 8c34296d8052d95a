"""What kehoach needs on this machine: what is there, what is missing, what to type."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from pipeline.errors import KehoachError
from pipeline.intake.ocr import LANGUAGE_MODELS, SCRIPT_MODELS, find_model, tesseract_version
from pipeline.settings import CONFIG_FILE, load_settings

State = Literal["ok", "missing", "wrong", "advice"]
OLDEST_TESSERACT = (4, 1)
DEBIAN = "sudo apt-get install"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``missing`` and ``wrong`` must be mended, ``advice`` only makes results better."""

    name: str
    state: State
    detail: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Look at everything; never raises."""
    return [_python(), *_tesseract(), *_packages(), *_settings()]


def _python() -> Finding:
    version = platform.python_version()
    state: State = "ok" if sys.version_info >= (3, 11) else "wrong"
    return Finding("Python", state, version, "" if state == "ok" else "kehoach needs Python 3.11 or later")


def _tesseract() -> Iterator[Finding]:
    try:
        version = tesseract_version()
    except KehoachError as error:
        yield Finding("Tesseract", "missing", error.reason, _install("tesseract-ocr", "tesseract"))
        version = ""
    if version:
        old = tuple(int(n) for n in version.split(".")[:2] if n.isdigit()) < OLDEST_TESSERACT
        where = shutil.which("tesseract") or ""
        if old:
            yield Finding("Tesseract", "wrong", f"{version}, too old", "kehoach needs Tesseract 4.1 or later")
        else:
            yield Finding("Tesseract", "ok", f"{version} {where}".strip())
    yield _model("model vie", LANGUAGE_MODELS, "tesseract-ocr-vie", "vie", bool(version), "missing")
    yield _model(
        "model script/Vietnamese",
        SCRIPT_MODELS,
        "tesseract-ocr-script-viet",
        "script/Vietnamese",
        bool(version),
        "advice",
    )


def _model(
    name: str, names: tuple[str, ...], package: str, upstream: str, has_program: bool, when_missing: State
) -> Finding:
    try:
        found = find_model(names) if has_program else None
    except KehoachError:
        found = None
    if found:
        return Finding(name, "ok", f"as {found!r}")
    return Finding(name, when_missing, "not installed", _install(package, upstream))


def _install(package: str, upstream: str) -> str:
    """What to type on this system for a Debian package or what it is elsewhere."""
    if shutil.which("apt-get"):
        return f"{DEBIAN} {package}"
    if sys.platform == "darwin":
        return "brew install tesseract tesseract-lang"
    if upstream == "tesseract":
        return "install Tesseract OCR 4.1 or later with the package manager of your system"
    return f"put {upstream}.traineddata of the tessdata_fast project into Tesseract's tessdata folder"


def _packages() -> Iterator[Finding]:
    """The Python packages that the distribution asks for."""
    try:
        wanted = metadata.requires("kehoach") or []
        yield Finding("kehoach", "ok", f"{metadata.version('kehoach')} {Path(__file__).parent.parent}")
    except metadata.PackageNotFoundError:
        yield Finding("kehoach", "advice", "runs from its source folder", "pip install . gives the command kehoach")
        return
    for requirement in wanted:
        if "extra ==" in requirement:
            continue
        name = requirement.split(";")[0]
        for character in "<>=!~ ([":
            name = name.split(character)[0]
        try:
            yield Finding(name, "ok", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, "missing", "not installed", f"pip install '{requirement}'")


def _settings() -> Iterator[Finding]:
    try:
        settings = load_settings()
    except KehoachError as error:
        yield Finding("settings", "wrong", error.reason, error.remedy)
        return
    source = f"defaults, environment, {CONFIG_FILE}" if Path(CONFIG_FILE).exists() else "defaults, environment"
    cache = settings.cache_dir or "none"
    yield Finding("settings", "ok", f"{source}; {settings.workers()} workers; cache {cache}")
