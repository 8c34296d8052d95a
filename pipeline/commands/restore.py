"""``kehoach restore``: garbled Vietnamese text to Vietnamese, line for line."""

from __future__ import annotations

import codecs
import io
import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from pipeline.errors import InputError, SettingsError, printable

PASSAGE = 50_000
"""Characters that are restored together, from where the next blank line ends them."""
DOUBTFUL = 0.8
WRONG_FONT = 0.3
"""Share of valid tokens below which a text of some length is of a font that maps to wrong characters (as on pages)."""
FEWEST = 200
"""Characters from which the share is judged."""
FOREIGN = 0.05
"""Share of characters of other scripts (Greek, Cyrillic …) from which it is such a font, however short the text."""
_OTHER_SCRIPTS = re.compile(r"[\u0370-\u1dff]")
_PDF = b"%PDF-"


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
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads cost more than they save; read with the import
    from diacritics import restore as restored
    from diacritics.syllables import share_of_valid_tokens

    line, found, unread = 1, False, 0
    with _open_text(file) as data, io.TextIOWrapper(data, "utf-8", errors=_told_once(), newline="\n") as stream:
        for passage in _passages(stream):
            if explain:
                for change in _explained(passage, line):
                    typer.echo(json.dumps(change, ensure_ascii=False))
            else:
                text = restored(passage)
                typer.echo(text, nl=False)
                if not unread and _is_of_other_letters(text, share_of_valid_tokens):
                    unread = line
            line += passage.count("\n")
            found = found or not passage.isspace()
    if unread:
        message = f"kehoach: the text from line {unread} on does not read as Vietnamese, even restored"
        typer.echo(
            f"{message} – where a PDF's fonts map to wrong characters, kehoach convert reads the picture", err=True
        )
    if not found:
        message = "kehoach: there is no text in it to restore"
        typer.echo(f"{message} – of a scan without a text layer, kehoach convert reads the picture", err=True)


def _is_of_other_letters(text: str, valid: Callable[[str], float]) -> bool:
    """Whether restored text is none: "6Ӣ CÔNG 7+ѬѪ1*", or long and hardly a token of it ``valid`` (a share)."""
    if len(_OTHER_SCRIPTS.findall(text)) > FOREIGN * len(text):
        return True
    return len(text) >= FEWEST and valid(text) < WRONG_FONT


def _open_text(file: Path | None) -> io.BufferedReader:
    """Raises InputError for what cannot be read and SettingsError for a PDF, which is no text."""
    named = None if file is None or str(file) == "-" else file
    try:
        data = named.open("rb") if named else open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115 - returned
        is_pdf = data.peek(len(_PDF)).startswith(_PDF)
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", file=str(file), remedy="check the name and your rights"
        ) from None
    if is_pdf:
        name = shlex.quote(printable(str(named))) if named else "plan.pdf"
        data.close()
        remedy = f"convert it (kehoach convert {name}), or give its text: pdftotext {name} - | kehoach restore"
        raise SettingsError("is a PDF, not text", file=str(file or "standard input"), remedy=remedy)
    return data


def _told_once() -> str:
    """The name of a way to decode that puts a sign for each byte that is not UTF-8, and says so at the first."""
    told = False

    def replace(error: UnicodeError) -> tuple[str, int]:
        nonlocal told
        assert isinstance(error, UnicodeDecodeError)
        if not told:
            told = True
            message = (
                "kehoach: the text is not all valid UTF-8: what cannot be read is shown as \N{REPLACEMENT CHARACTER}"
            )
            typer.echo(f"{message} – save it as UTF-8", err=True)
        return "\N{REPLACEMENT CHARACTER}", error.end

    codecs.register_error("kehoach-restore", replace)
    return "kehoach-restore"


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
