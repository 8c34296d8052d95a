"""Results as files that offices and other programs work with; the suffix of the file decides which.

Documents are read and written one by one, so that thousands fit. The same results give the same file, byte for byte.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import chain, islice
from pathlib import Path

from pipeline.atomic import REMEDY as CHECK
from pipeline.atomic import replacing
from pipeline.errors import InputError, KehoachError, OutputError, SettingsError, counted
from pipeline.store import folding
from pipeline.store.export.files import Links
from pipeline.store.export.records import Filters, PlanRecords, records_of
from pipeline.store.naming import begins, no_such_unit, taken_for
from pipeline.store.plans import REMEDY, find_plans, read_plan

FORMATS = {
    ".xlsx": "sheets",
    ".csv": "delimited",
    ".parquet": "parquet",
    ".jsonl": "jsonlines",
    ".ics": "calendar",
    ".md": "markdown",
}
"""Suffixes and the modules that write them: ``write(records, path, links)``, which returns notes for the user."""

__all__ = ["FORMATS", "Exported", "Filters", "export"]

Writer = Callable[[Iterator[PlanRecords], Path, Links], list[str]]


@dataclass(slots=True)
class Exported:
    """What was written: how many ``rows`` of how many ``documents`` that gave any.

    Rows are tasks and duties, in a calendar deadlines (``dated``). ``notes`` tell what the format could not hold,
    ``taken_for`` which units were taken for the one that was asked for, where none is called just that.
    """

    rows: int = 0
    documents: int = 0
    dated: bool = False
    taken_for: str | None = None
    notes: list[str] = field(default_factory=list)
    failures: list[KehoachError] = field(default_factory=list)


def export(
    folder: Path, to: Path, filters: Filters, *, max_bytes: int, scans: Path | None = None, told: Callable[[], None]
) -> Exported:
    """Write every plan below ``folder`` into the file ``to``; ``told`` is called behind each document.

    Raises :class:`KehoachError` when nothing can be read or written; a file that is no plan is in the result.
    """
    module = FORMATS.get(to.suffix.lower())
    if module is None:
        raise SettingsError(
            f"no export to files of kind {to.suffix or to.name!r}", remedy=f"one of: {' '.join(FORMATS)}"
        )
    if not to.parent.is_dir():
        raise OutputError("folder does not exist", file=str(to.parent), remedy="make the folder first")
    write: Writer = import_module(f"{__name__}.{module}").write
    result = Exported(dated=module == "calendar")
    if filters.unit:
        filters = replace(filters, anywhere=not _begins(folder, filters.unit, max_bytes))
    files = find_plans(folder)
    first = list(islice(files, 1))  # before anything is written
    if not first:
        raise InputError("no plan in this folder", file=str(folder), remedy=REMEDY)

    units: set[str] = set()
    wanted = 0

    def records() -> Iterator[PlanRecords]:
        nonlocal wanted
        for path in chain(first, files):
            try:
                plan = read_plan(path, max_bytes)
            except KehoachError as error:
                result.failures.append(error)
                continue
            units.update(unit.name for unit in plan.document.units)
            found = records_of(plan, filters)
            if found is not None:
                wanted += 1
                rows = found.deadlines if result.dated else len(found.assignments)
                result.rows += rows
                result.documents += rows > 0
                yield found
            told()

    with replacing(to, remedy=f"{CHECK}, or choose another file with --to") as partial:
        links = Links(folder, to, scans)
        result.notes = write(records(), partial, links)
        if not wanted:
            named = " of that name or number" if filters.document else ""
            raise InputError(f"no plan{named} in this folder", file=str(folder), remedy="see what --document names")
        if filters.unit:
            taken = sorted(name for name in units if filters.wants_units((name,)))
            if not taken:
                raise no_such_unit(filters.unit, units, "this folder")
            if folding.key(filters.unit) not in map(folding.key, taken):
                result.taken_for = taken_for(filters.unit, taken, len(taken))
    if links.missing:
        where = "there" if scans else "where they were read; --scans names another folder"
        result.notes.append(f"{counted(links.missing, 'document')} without links: scans not found {where}")
    return result


def _begins(folder: Path, unit: str, max_bytes: int) -> bool:
    """Some plan names a unit that begins with what was typed; mostly one of the first, where this ends."""
    for path in find_plans(folder):
        with contextlib.suppress(KehoachError):  # told of when it is its turn
            if any(begins(unit, folding.key(each.name)) for each in read_plan(path, max_bytes).document.units):
                return True
    return False
