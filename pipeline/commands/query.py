"""``kehoach query``: what is in a database, as tables or JSON."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.commands.parameters import DAY, read_day
from pipeline.errors import UsageError, printable
from pipeline.results import DATABASE

if TYPE_CHECKING:
    from pipeline.store.packing import Dialect
    from pipeline.store.queries import Answer, Asked

_TEXT_WIDTH = 180
_LONG = 240


def query(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", show_default=False, help="Which question; without a name, all are listed."),
    ] = None,
    what: Annotated[
        str | None,
        typer.Argument(metavar="[WHAT]", show_default=False, help="Words to search for, or the number cited."),
    ] = None,
    database: Annotated[str, typer.Option("--db", metavar="URL", help="The database.")] = DATABASE,
    unit: Annotated[
        str | None, typer.Option(help="Only this unit: its name or how it begins, with or without marks.")
    ] = None,
    document: Annotated[str | None, typer.Option(help='Only this plan: its number, its file, or "#id".')] = None,
    days: Annotated[int, typer.Option(min=0, max=36_500, help="How far upcoming looks.")] = 30,
    today: Annotated[
        dt.date | None,
        typer.Option(parser=read_day, metavar=DAY, show_default=False, help="As if today were this day."),
    ] = None,
    from_version: Annotated[int | None, typer.Option("--from", min=1, help="changes: from this version …")] = None,
    to_version: Annotated[int | None, typer.Option("--to", min=1, help="… to this one.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Most rows; 0 for all.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="All columns, as a JSON list.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL instead, for use in other tools.")] = False,
) -> None:
    """Ask a database that [b]kehoach load[/b] filled.

    [b]Examples[/b]

      kehoach query                                    which questions there are

      kehoach query tasks --unit "So Y te"             what a unit has to do

      kehoach query upcoming --days 14                 what is due in two weeks

      kehoach query search "benh an dien tu"           full text, with or without marks

    [dim]Hỏi cơ sở dữ liệu: việc của đơn vị, việc sắp đến hạn, quá hạn, tìm không cần gõ dấu.[/dim]
    """
    from pipeline.store.queries import QUERIES, Asked, query_of, sql_of

    if name is None:
        table = Table(box=None, pad_edge=False, show_header=False)
        for each, known in QUERIES.items():
            table.add_row(Text(each, style="bold"), Text(known.summary))
        Console().print(table)
        return
    if (from_version is None) != (to_version is None):
        raise UsageError("--from and --to go together", remedy="name two versions")
    versions = (from_version, to_version) if from_version and to_version else None
    asked = Asked(name, what, unit, document, today, days, versions, limit)
    query_of(asked)  # before a database is looked for
    if sql:
        dialect: Dialect = "postgresql" if database.startswith("postgres") else "sqlite"
        statement, values = sql_of(asked, dialect=dialect)
        typer.echo(statement)
        for key, value in values.items():
            typer.echo(f"-- :{key} = {value}")
        return
    found = _answer(database, asked)
    if found.note:
        typer.echo(printable(found.note), err=True)
    if as_json:
        typer.echo(json.dumps(found.rows, ensure_ascii=False, indent=2, default=str))
    else:
        _print(found, limit)


def _answer(database: str, asked: Asked) -> Answer:
    from sqlalchemy.exc import DBAPIError

    from pipeline.store.engine import open_engine, store_error
    from pipeline.store.migrating import require_current
    from pipeline.store.queries import answer

    engine = open_engine(database, writing=False)
    try:
        with engine.connect() as connection:
            require_current(connection)
            return answer(connection, asked)
    except DBAPIError as error:
        raise store_error(error, engine.url.render_as_string(hide_password=True)) from None
    finally:
        engine.dispose()


def _print(found: Answer, limit: int) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=_TEXT_WIDTH)
    if not found.rows:
        console.print("nothing found")
        return
    table = Table(pad_edge=False, header_style="bold", row_styles=["", "dim"] if console.is_terminal else None)
    for name in found.shown:
        table.add_column(name.replace("_", " "), overflow="fold", ratio=4 if name in ("text", "plan") else None)
    for row in found.rows:
        table.add_row(*(Text(_cell(row[name])) for name in found.shown))
    console.print(table)
    if found.more:
        console.print(f"There are more; these are the first {limit}. --limit 0 prints all.", highlight=False)


def _cell(value: object) -> str:
    if value is None or value is False:
        return ""
    text = "yes" if value is True else printable(str(value))
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
