"""The house stands as designed: import directions, sizes, nothing that ties it to one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("pipeline", "diacritics", "schemas")
SOURCES = sorted([ROOT / "cli.py", *(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))])
LONGEST_MODULE = 400


def tracked() -> list[Path]:
    """Files under version control; all files of the tree where there is none."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_import_directions() -> None:
    """The contracts stand in pyproject.toml."""
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_are_short_and_say_what_they_do(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_MODULE
    if text.strip() and path.name != "__init__.py":
        assert ast.get_docstring(ast.parse(text)), "no module docstring"


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_below_imports_the_command_line(package: str) -> None:
    """Only the commands, which are the command line's own, know Typer."""
    for path in (ROOT / package).rglob("*.py"):
        if path.parent == ROOT / "pipeline" / "commands":
            continue
        assert not re.search(r"^\s*(import|from) (cli|typer)\b", path.read_text(encoding="utf-8"), re.MULTILINE), path


def test_no_file_of_the_project_names_a_package_registry() -> None:
    hosts = re.compile(r"py" + r"pi\.org|python" + r"hosted|--(extra-)?index-url")
    named = [path for path in tracked() if path.suffix in {"", ".txt", ".toml", ".lock", ".md", ".sh", ".py", ".cfg"}]
    assert [path.name for path in named if hosts.search(path.read_text(encoding="utf-8", errors="ignore"))] == []


def test_the_lock_files_name_versions_only() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
        assert lines
        assert [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*", line)] == []


def test_the_lock_holds_every_dependency() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = {line.partition("==")[0] for name in ("requirements.lock", "requirements-dev.lock")
              for line in (ROOT / name).read_text().splitlines()}  # fmt: skip
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    wanted = [name for name in wanted if not name.startswith("kehoach[")]
    assert {re.match(r"[\w-]+", name)[0].lower() for name in wanted} <= locked  # type: ignore[index]


def test_all_modules_are_packaged() -> None:
    """A folder without __init__.py would be missing from the installed package."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            assert (path.parent / "__init__.py").exists(), path
