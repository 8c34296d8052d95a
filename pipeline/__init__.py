"""From scanned Vietnamese plans to validated JSON: ``convert(path)`` reads one document in this process."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.flow import convert as convert

__all__ = ["convert"]


def __getattr__(name: str) -> Any:
    """``convert`` on first use: it loads OpenCV and spaCy, which settings and errors can do without."""
    if name == "convert":
        return importlib.import_module("pipeline.flow").convert
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
