"""The report of a run as a page: ``report.html`` and ``report.md`` in the output folder, in Vietnamese and English.

File names and reasons come from strangers: the HTML is escaped by Jinja2 and forbids scripts, the Markdown is escaped
so that no name can end a table cell or become a link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.batch.failures import reason_words, remedy_words
from pipeline.batch.output import Output
from pipeline.batch.report import COUNTED, cells, first_names, others_sentence, totals
from pipeline.batch.result import Result, Status
from pipeline.errors import printable
from schemas import warning_words

NAMES = ("report.html", "report.md")
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
_WARNINGS = b'\n  "warnings": ['  # of the document itself: no line break stands inside a string
_SHOWN = 3
"""Warnings of a document that are told in words."""
ROWS = 2000
"""Documents that a page lists; of more, those that failed or are to be looked at go first."""
_NEED: tuple[Status, ...] = ("failed", "review", "ok")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>()#+!|~&]")


@dataclass(frozen=True, slots=True)
class Told:
    """A warning in Vietnamese (``words``) and as the result has it (``message``)."""

    words: str
    message: str


class Pages:
    """Writes both pages, again and again where documents come as they like: no result is read twice."""

    def __init__(self) -> None:
        self._known: dict[str | None, tuple[Result, list[Told]]] = {}

    def write(self, output: Output, results: Sequence[Result], seconds: float, others: Sequence[str] = ()) -> None:
        """Write both pages on ``results``, which took ``seconds``; ``others`` are names of files of other kinds.

        Raises OutputError.
        """
        listed = chosen(results)
        before, self._known = self._known, {}
        for result in listed:
            known = before.get(result.output)
            warnings = known[1] if known and known[0] is result else _first_warnings(output, result)
            self._known[result.output] = (result, warnings)
        told = {name: warnings for name, (_, warnings) in self._known.items()}
        for name in NAMES:
            output.write(name, render(name, results, seconds, listed, told, others))


def write_pages(output: Output, results: Sequence[Result], seconds: float, others: Sequence[str] = ()) -> None:
    """Write both pages once, as :meth:`Pages.write` does. Raises OutputError."""
    Pages().write(output, results, seconds, others)


def chosen(results: Sequence[Result]) -> list[Result]:
    """The results that a page lists, in their order: all, or those that need a look before the others."""
    if len(results) <= ROWS:
        return list(results)
    by_need = sorted(range(len(results)), key=lambda n: _NEED.index(results[n].status))
    return [results[n] for n in sorted(by_need[:ROWS])]


def _first_warnings(output: Output, result: Result) -> list[Told]:
    """The first few warnings of the result as it is written."""
    if result.output is None or not result.counts.get("warnings"):
        return []
    try:
        warnings = _warnings_of(output.read(result.output) or b"{}")
        return [_told(warning) for warning in warnings[:_SHOWN]]
    except (ValueError, KeyError, TypeError, AttributeError):  # changed by others meanwhile
        return []


def _warnings_of(written: bytes) -> list[Mapping[str, Any]]:
    """The warnings of a result as :func:`pipeline.batch.work.to_json` writes it: the last field, a line each.

    Without reading the rest, which takes a hundred times as long. Raises ValueError, KeyError or TypeError for what no
    run wrote.
    """
    place = written.rfind(_WARNINGS)
    found = json.loads(b"{" + written[place:] if place >= 0 else written)
    warnings: list[Mapping[str, Any]] = found.get("warnings", [])
    return warnings


def _told(warning: Mapping[str, Any]) -> Told:
    code, message, page = str(warning["code"]), str(warning["message"]), warning.get("page")
    place = f"trang {page}: " if page is not None else ""
    return Told(printable(place + warning_words(code, message)), printable(message))


def render(
    name: str,
    results: Sequence[Result],
    seconds: float,
    listed: Sequence[Result],
    warnings: Mapping[str | None, Sequence[Told]],
    others: Sequence[str],
) -> str:
    """The page called ``name`` (one of :data:`NAMES`) on ``results``, of which ``listed`` have a row; ``warnings`` of
    each output are the first few; ``others`` are names of files that were left out."""
    failures = [
        {
            "file": printable(error.file or ""),
            "page": error.page,
            "reason": printable(error.reason),
            "remedy": error.remedy,
            "reason_words": printable(reason_words(error)),
            "remedy_words": remedy_words(error),
        }
        for result in listed
        for error in result.errors
    ]
    summary = totals(results, seconds)
    return (
        _environment()
        .get_template(f"{name}.j2")
        .render(
            sentence=summary.sentence(),
            failures=failures,
            columns=COUNTED,
            rows=[_row(result, warnings.get(result.output, ())) for result in listed],
            left_out=len(results) - len(listed),
            summary=summary,
            vietnamese=_VIETNAMESE,
            others=first_names(others),
            others_number=len(others),
            others_sentence=others_sentence(others),
        )
    )


def _row(result: Result, warnings: Sequence[Told]) -> dict[str, Any]:
    return {
        "input": printable(result.input),
        "scan": printable(result.input.replace("\\", "/").rstrip("/").rpartition("/")[2]),
        "output": result.output,
        "link": None if result.output is None else f"./{quote(result.output)}",
        "warnings": warnings,
        "more": max(0, result.counts.get("warnings", 0) - len(warnings)),
        "status": result.status,
        "reused": result.reused,
        "cells": cells(result),
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
