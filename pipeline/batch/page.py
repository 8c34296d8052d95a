"""The report of a run as a page: ``report.html`` and ``report.md`` in the output folder.

File names and reasons come from strangers: the HTML is escaped by Jinja2 and forbids scripts, the Markdown is escaped
so that no name can end a table cell or become a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.batch.output import Output
from pipeline.batch.report import totals
from pipeline.batch.result import Result
from pipeline.errors import printable

NAMES = ("report.html", "report.md")
_COLUMNS = ("pages", "objectives", "tasks", "units", "deadlines", "warnings", "seconds")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>()#+!|~&]")


def write_pages(output: Output, results: Sequence[Result], seconds: float) -> None:
    """Write both pages. Raises OutputError."""
    for name in NAMES:
        output.write(name, render(name, results, seconds))


def render(name: str, results: Sequence[Result], seconds: float) -> str:
    """The page called ``name`` (one of :data:`NAMES`)."""
    failures = [
        {
            "file": printable(error.file or ""),
            "page": error.page,
            "reason": printable(error.reason),
            "remedy": error.remedy,
        }
        for result in results
        for error in result.errors
    ]
    return (
        _environment()
        .get_template(f"{name}.j2")
        .render(
            sentence=totals(results, seconds).sentence(),
            failures=failures,
            columns=_COLUMNS,
            rows=[_row(result) for result in results],
        )
    )


def _row(result: Result) -> dict[str, Any]:
    pages = f"{result.pages_out}/{result.pages_in}" if result.pages_failed else str(result.pages_in or "–")
    counts = [str(result.counts.get(name, "–")) for name in _COLUMNS[1:-1]]
    return {
        "input": printable(result.input),
        "output": result.output,
        "status": result.status,
        "reused": result.reused,
        "cells": [pages, *counts, f"{result.seconds.get('total', 0):.1f}"],
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.batch"),
        autoescape=lambda name: name is not None and ".html" in name,  # noqa: S701 - Markdown has escapes of its own
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = lambda text: _MARKDOWN.sub(lambda sign: "\\" + sign.group(), str(text))
    return environment
