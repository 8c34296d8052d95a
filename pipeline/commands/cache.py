"""``kehoach cache``: what is kept of pages once read."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove everything. [dim]Xóa toàn bộ.[/dim]")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what this version, with these settings, cannot use.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures as JSON, for programs.")] = False,
) -> None:
    """Say where pages once read are kept, how many and how large; clear them.

    [dim]Xem hoặc xóa bộ nhớ đệm các trang đã đọc.[/dim]
    """
    from pipeline.batch.cache import clear_cache, inspect_cache
    from pipeline.batch.fingerprint import versions_of
    from pipeline.settings import load_settings

    settings = load_settings()
    versions = versions_of(settings)
    removed = clear_cache(settings, None if clear else versions) if clear or prune else 0
    facts = inspect_cache(settings, versions)
    if as_json:
        drawers = {fact.drawer: {k: v for k, v in asdict(fact).items() if k != "drawer"} for fact in facts}
        typer.echo(json.dumps({"folder": str(settings.cache_dir), "removed": removed, "drawers": drawers}, indent=2))
        return
    console = Console()
    if clear or prune:
        console.print(f"{removed} entries removed.", highlight=False)
    console.print(f"Cache in {settings.cache_dir}", highlight=False, markup=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("holds", "entries", "usable now", "size", "limit"):
        table.add_column(name, justify="left" if name == "holds" else "right")
    for fact in facts:
        table.add_row(
            fact.drawer, str(fact.entries), str(fact.usable), f"{fact.bytes / 1e6:.1f} MB", f"{fact.limit / 1e6:.0f} MB"
        )
    console.print(table)
