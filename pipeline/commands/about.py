"""``kehoach schema`` and ``kehoach doctor``: what the program writes, and what it needs."""

from __future__ import annotations

import json

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.commands.exits import EXIT_FAILED
from pipeline.errors import printable


def schema() -> None:
    """Print the JSON Schema of the results (draft 2020-12)."""
    from schemas import json_schema

    typer.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def doctor() -> None:
    """Say what is installed, what is missing, and what to type. [dim]Kiểm tra máy đã cài đủ chưa.[/dim]"""
    from pipeline.doctor import examine

    colours = {"ok": "green", "missing": "red", "wrong": "red", "advice": "yellow"}
    table = Table(box=None, pad_edge=False, show_header=False)
    findings = examine()
    for finding in findings:
        detail = finding.detail + (f"\n-> {finding.remedy}" if finding.remedy else "")
        table.add_row(Text(finding.state, style=colours[finding.state]), finding.name, Text(printable_lines(detail)))
    Console().print(table)
    if any(finding.state in {"missing", "wrong"} for finding in findings):
        raise typer.Exit(EXIT_FAILED)


def printable_lines(text: str) -> str:
    """``text`` with its line breaks kept and every other control character escaped."""
    return "\n".join(printable(line) for line in text.split("\n"))
