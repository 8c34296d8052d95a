"""What packages need beside code (tables, words, templates, models) is named in the packaging: wheels have it."""

from __future__ import annotations

import tomllib
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("pipeline", "diacritics", "schemas")


def _packed(path: Path, patterns: list[str]) -> bool:
    """Whether a pattern fits the path as seen from one of the packages above it; a pattern's star crosses no folder."""
    for package in path.parents:
        if (package / "__init__.py").is_file():
            seen = PurePosixPath(path.relative_to(package).as_posix())
            if any(len(seen.parts) == len(PurePosixPath(each).parts) and seen.match(each) for each in patterns):
                return True
    return False


@pytest.mark.parametrize("name", PACKAGES)
def test_all_data_files_are_packed(name: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    files = [path for path in (ROOT / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    data = [path for path in files if path.suffix not in (".py", ".pyc")]
    assert [str(path) for path in data if not _packed(path, settings["package-data"]["*"])] == []
    assert f"{name}*" in settings["packages"]["find"]["include"]
    assert [str(path) for path in files if path.suffix == ".py" and not (path.parent / "__init__.py").is_file()] == []


def test_a_file_of_a_folder_that_is_not_named_is_found_missing() -> None:
    assert _packed(ROOT / "pipeline" / "quality" / "review" / "strings.toml", ["*.toml"])
    assert not _packed(ROOT / "pipeline" / "quality" / "review" / "elsewhere" / "page.html", ["*.toml", "templates/*"])
