"""A folder of golden files: what a person has checked, who did, and when.

The folder holds ``NAME.json`` each, and ``accepted.jsonl`` with a line for each time that one was accepted. The hash in
that line tells later whether the file is still what was accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.atomic import write_text
from pipeline.errors import InputError
from pipeline.quality.files import (
    append_line,
    as_text,
    digest,
    is_plan,
    locked,
    now,
    read_lines,
    read_plan,
)
from pipeline.quality.scoring.differences import Difference, differences
from schemas import InconsistentDocumentError, PlanDocument, check_document

LOG = "accepted.jsonl"


@dataclass(frozen=True)
class Entry:
    """A golden file and the last line of the log on it; None for files that were put there by hand."""

    name: str
    path: Path
    accepted_by: str | None
    accepted_at: str | None
    changed_since: bool


def checked(document: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` as a person vouches for it: what the machine warned of is settled, every reading is sure."""
    return {**_sure(dict(document)), "warnings": []}


def _sure(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: 1.0 if name == "confidence" else _sure(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_sure(part) for part in value]
    return value


def accept(prediction: Path, folder: Path, who: str, *, name: str | None = None) -> list[Difference]:
    """Make ``prediction`` the golden file ``NAME.json``; returns how it differs from the golden file before.

    Raises :class:`InputError` when it breaks the contract: a golden file must be valid beyond doubt.
    """
    document = read_plan(prediction)
    target = folder / f"{name or prediction.stem}.json"
    return store(document, target, who, taken_from=str(prediction))


def store(document: Mapping[str, Any], target: Path, who: str, *, taken_from: str) -> list[Difference]:
    """Write ``document``, checked, as golden file ``target``, and the line on it. See :func:`accept`."""
    golden = checked(document)
    validate(golden, target.name)
    text = as_text(golden)
    with locked(target.parent):
        before = read_plan(target) if target.exists() else {}
        changed = differences(golden, before)
        write_text(target, text)
        entry = {
            "file": target.name,
            "accepted_at": now(),
            "accepted_by": who,
            "sha256": digest(text.encode()),
            "source_sha256": (golden.get("source") or {}).get("sha256"),
            "taken_from": taken_from,
            "replaced": bool(before),
            "differences": len(changed) if before else None,
        }
        append_line(target.parent / LOG, entry)
    return changed


def validate(document: Mapping[str, Any], name: str) -> PlanDocument:
    """The document as its model. Raises :class:`InputError` naming the first field that is wrong."""
    try:
        plan = PlanDocument.model_validate_json(as_text(document))
        check_document(plan)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"breaks the contract at {place}: {first['msg']}", file=name, remedy="correct it") from None
    except InconsistentDocumentError as error:
        raise InputError(f"breaks the contract: {error}", file=name, remedy="correct it") from None
    return plan


def changes(prediction: Path, folder: Path) -> list[Difference] | None:
    """How ``prediction`` differs from the golden file of its name; None where there is none."""
    golden = folder / prediction.name
    if not golden.is_file():
        return None
    return differences(read_plan(golden), read_plan(prediction))


def require(folder: Path) -> None:
    """Raises :class:`InputError` when there is no such folder of golden files."""
    if not folder.is_dir():
        remedy = "name the folder with --golden (kehoach review DIR approves into DIR/golden), or accept a result first"
        raise InputError("does not exist", file=str(folder), remedy=remedy)


def entries(folder: Path) -> Iterator[Entry]:
    """Golden files by name. Raises :class:`InputError` when the folder does not exist."""
    require(folder)
    last = {entry.get("file"): entry for entry in read_lines(folder / LOG)}
    for path in sorted(folder.glob("*.json")):
        if is_plan(path):
            entry = last.get(path.name, {})
            changed = bool(entry) and digest(path.read_bytes()) != entry.get("sha256")
            yield Entry(path.stem, path, entry.get("accepted_by"), entry.get("accepted_at"), changed)
