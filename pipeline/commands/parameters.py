"""Parameters that several commands share: one wording, one meaning."""

from __future__ import annotations

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
