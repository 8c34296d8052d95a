"""``kehoach restore``: garbled Vietnamese text to Vietnamese, line for line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from pipeline.errors import InputError

PASSAGE = 50_000
"""Characters that are restored together, from where the next blank line ends them."""
DOUBTFUL = 0.8


def restore(
    file: Annotated[
        Path | None, typer.Argument(show_default=False, help="Text file, UTF-8; standard input when not given or -.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="A line of JSON for each word that was changed or is in doubt.")
    ] = False,
) -> None:
    """Restore garbled Vietnamese, line for line: "chuyén d6i s6 quéc gia" becomes "chuyển đổi số quốc gia".

    [b]Examples[/b]

      pdftotext scan.pdf - | kehoach restore

      kehoach restore garbled.txt > restored.txt

    [dim]Khôi phục chữ Việt bị máy scan đọc sai.[/dim]
    """
    from diacritics import restore as restored

    line = 1
    with _open_text(file) as stream:
        for passage in _passages(stream):
            if explain:
                for change in _explained(passage, line):
                    typer.echo(json.dumps(change, ensure_ascii=False))
            else:
                typer.echo(restored(passage), nl=False)
            line += passage.count("\n")


def _open_text(file: Path | None) -> IO[str]:
    if file is None or str(file) == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="\n", closefd=False)
    try:
        return file.open(encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", file=str(file), remedy="check the name and your rights"
        ) from None


def _passages(stream: IO[str]) -> Iterator[str]:
    """Some paragraphs at a time: enough context to restore words from, few enough to hold in memory."""
    lines: list[str] = []
    letters = 0
    for line in stream:
        lines.append(line)
        letters += len(line)
        if (letters >= PASSAGE and not line.strip()) or letters >= 4 * PASSAGE:
            yield "".join(lines)
            lines.clear()
            letters = 0
    if lines:
        yield "".join(lines)


def _explained(passage: str, first_line: int) -> Iterator[dict[str, Any]]:
    """Words that were changed or are in doubt, with their line, confidence and other readings."""
    from diacritics import restore_tokens

    for token in restore_tokens(passage):
        if token.changed or token.confidence < DOUBTFUL:
            yield {
                "line": first_line + passage.count("\n", 0, token.start),
                "printed": token.printed,
                "text": token.text,
                "confidence": round(token.confidence, 3),
                "alternatives": [{"text": a.text, "score": round(a.score, 3)} for a in token.alternatives],
            }
