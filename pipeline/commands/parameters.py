"""Parameters that several commands share: one wording, one meaning."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

import typer

Results = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        show_default=False,
        help="Folder that kehoach convert wrote to, or one JSON file. [dim]Thư mục kết quả.[/dim]",
    ),
]
Out = Annotated[
    str,
    typer.Option(
        "--out", "-o", metavar="FOLDER", help="Folder (or URL) for the results. [dim]Thư mục ghi kết quả.[/dim]"
    ),
]
RestoredText = Annotated[
    bool, typer.Option("--text", help="Write the restored text too, as NAME.txt. [dim]Ghi thêm văn bản.[/dim]")
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes; one for each CPU when not given.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors. [dim]Chỉ báo lỗi.[/dim]")]

DAY = "YYYY-MM-DD|DD/MM/YYYY"
"""2026-03-01, or 01/03/2026 as in Vietnam: the day first."""
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4})")


def read_day(typed: str) -> dt.date:
    """The day that a ``DAY`` says. Raises typer.BadParameter."""
    found = _DAY.fullmatch(typed.strip())
    if found is None:
        raise typer.BadParameter(f"{typed!r} is no day: write 2026-03-01, or 01/03/2026 with the day first")
    year, month, day = found.groups()[:3] if found[1] else found.groups()[:2:-1]
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise typer.BadParameter(f"{typed!r} is no day of the calendar") from error
