"""The report of a run as a page: ``report.html`` and ``report.md`` in the output folder.

File names and reasons come from strangers: the HTML is escaped by Jinja2 and forbids scripts, the Markdown is escaped
so that no name can end a table cell or become a link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.batch.output import Output
from pipeline.batch.report import totals
from pipeline.batch.result import Result
from pipeline.errors import printable

NAMES = ("report.html", "report.md")
_COLUMNS = ("pages", "objectives", "tasks", "units", "deadlines", "warnings", "seconds")
_VIETNAMESE = {
    "ok": "đạt",
    "review": "cần xem lại",
    "failed": "không chuyển được",
    "pages": "trang",
    "objectives": "mục tiêu",
    "tasks": "nhiệm vụ",
    "units": "đơn vị",
    "deadlines": "thời hạn",
    "warnings": "cảnh báo",
    "seconds": "giây",
}
_SHOWN = 3
"""Warnings of a document that are told in words."""
Warnings = dict[str, tuple[Result, list[str]]]
"""The first few warnings of each input, with the result that they belong to."""
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>()#+!|~&]")


def write_pages(output: Output, results: Sequence[Result], seconds: float, known: Warnings | None = None) -> None:
    """Write both pages. Raises OutputError. What is in ``known`` need not be read again; it is filled."""
    warnings = {} if known is None else known
    for result in results:
        if result.input not in warnings or warnings[result.input][0] is not result:
            warnings[result.input] = (result, _first_warnings(output, result))
    for name in NAMES:
        output.write(name, render(name, results, seconds, {name: told for name, (_, told) in warnings.items()}))


def _first_warnings(output: Output, result: Result) -> list[str]:
    """The first few warnings of the result as it is written."""
    if result.output is None or not result.counts.get("warnings"):
        return []
    try:
        warnings = json.loads(output.read(result.output) or b"{}").get("warnings", [])
        return [printable(str(warning["message"])) for warning in warnings[:_SHOWN]]
    except (ValueError, KeyError, TypeError, AttributeError):  # changed by others meanwhile
        return []


def render(name: str, results: Sequence[Result], seconds: float, warnings: Mapping[str, Sequence[str]]) -> str:
    """The page called ``name`` (one of :data:`NAMES`); ``warnings`` of each input are the first few."""
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
    summary = totals(results, seconds)
    return (
        _environment()
        .get_template(f"{name}.j2")
        .render(
            sentence=summary.sentence(),
            failures=failures,
            columns=_COLUMNS,
            rows=[_row(result, warnings.get(result.input, ())) for result in results],
            summary=summary,
            vietnamese=_VIETNAMESE,
        )
    )


def _row(result: Result, warnings: Sequence[str]) -> dict[str, Any]:
    pages = f"{result.pages_out}/{result.pages_in}" if result.pages_failed else str(result.pages_in or "–")
    counts = [str(result.counts.get(name, "–")) for name in _COLUMNS[1:-1]]
    return {
        "input": printable(result.input),
        "scan": printable(result.input.replace("\\", "/").rstrip("/").rpartition("/")[2]),
        "output": result.output,
        "link": None if result.output is None else f"./{quote(result.output)}",
        "warnings": warnings,
        "more": max(0, result.counts.get("warnings", 0) - len(warnings)),
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
