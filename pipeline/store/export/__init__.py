"""Results as files that offices and other programs work with; the suffix of the file decides which.

Documents are read and written one by one, so that thousands fit. The same results give the same file, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import chain, islice
from pathlib import Path

from pipeline.atomic import REMEDY as CHECK
from pipeline.atomic import replacing
from pipeline.errors import InputError, KehoachError, OutputError, SettingsError, counted
from pipeline.store.export.files import Links
from pipeline.store.export.records import Filters, PlanRecords, records_of
from pipeline.store.naming import no_such_unit
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
    """What was written. ``notes`` tell what the format could not hold."""

    documents: int = 0
    assignments: int = 0
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
    result = Exported()
    files = find_plans(folder)
    first = list(islice(files, 1))  # before anything is written
    if not first:
        raise InputError("no plan in this folder", file=str(folder), remedy=REMEDY)

    units: set[str] = set()

    def records() -> Iterator[PlanRecords]:
        for path in chain(first, files):
            try:
                plan = read_plan(path, max_bytes)
            except KehoachError as error:
                result.failures.append(error)
                continue
            units.update(unit.name for unit in plan.document.units)
            found = records_of(plan, filters)
            if found is not None:
                result.documents += 1
                result.assignments += len(found.assignments)
                yield found
            told()

    with replacing(to, remedy=f"{CHECK}, or choose another file with --to") as partial:
        links = Links(folder, to, scans)
        result.notes = write(records(), partial, links)
        if not result.documents:
            wanted = " of that name or number" if filters.document else ""
            raise InputError(f"no plan{wanted} in this folder", file=str(folder), remedy="see what --document names")
        if filters.unit and not filters.wants_units(tuple(units)):
            raise no_such_unit(filters.unit, units, "this folder")
    if links.missing:
        where = "there" if scans else "where they were read; --scans names another folder"
        result.notes.append(f"{counted(links.missing, 'document')} without links: scans not found {where}")
    return result
