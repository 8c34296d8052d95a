"""What the review page and the report need besides code is in the wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUALITY = Path("pipeline/quality")


def test_templates_scripts_and_words_are_in_the_wheel(tmp_path: Path) -> None:
    """Built from a copy with the review's own package alone: the wheel of the whole project takes long to pack."""
    source = tmp_path / "source"
    for name in ("pyproject.toml", "cli.py", "README.md", "LICENSE"):
        source.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / QUALITY, source / QUALITY, ignore=ignored)
    shutil.copy(ROOT / "pipeline" / "__init__.py", source / "pipeline" / "__init__.py")
    command = [sys.executable, "-c", "from setuptools.build_meta import build_wheel; print(build_wheel('wheel'))"]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (source / "wheel").glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / QUALITY).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - packed == set()
