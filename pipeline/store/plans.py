"""Plans as files: the JSON documents of a folder, each read, validated and told apart by its content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import to_json

from pipeline.errors import InputError, LimitError, UsageError
from pipeline.results import result_files
from pipeline.store import folding
from schemas import InconsistentDocumentError, PlanDocument, check_document

LONGEST_ID = 200
"""Characters of an item's id, which is a key of the database."""
REMEDY = "name the folder that kehoach convert wrote to"
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")  # an escaped NUL, not an escaped backslash before "u0000"
_REDO = "convert the document again with kehoach convert"


@dataclass(frozen=True, slots=True)
class Plan:
    """A validated document: its JSON in one form, the hash of it, and what tells that it is a version of another."""

    name: str
    document: PlanDocument
    json: bytes
    content_sha256: str
    identity: str | None


def find_plans(folder: Path) -> Iterator[Path]:
    """The results of a folder, approved ones in place of raw ones; a file that is named itself.

    See :func:`pipeline.results.result_files`. Raises :class:`UsageError` when there is no such folder.
    """
    if folder.is_file():
        yield folder
        return
    if not folder.is_dir():
        raise UsageError("no such folder", file=str(folder), remedy=REMEDY)
    yield from result_files(folder, approved=True)


def read_plan(path: Path, max_bytes: int) -> Plan:
    """One plan from its file. Raises :class:`InputError` or :class:`LimitError`, naming the file and what to do."""
    name = str(path)
    try:
        if path.stat().st_size > max_bytes:
            raise LimitError(f"larger than {max_bytes} bytes", file=name, remedy="raise the setting max_bytes")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", file=name, remedy="check the name and your rights"
        ) from None
    try:
        document = PlanDocument.model_validate_json(content)
        json = to_json(document)
        if b"\\u0000" in json:  # no text of PostgreSQL may hold it
            json = _NUL.sub(lambda found: found[1] + "\N{REPLACEMENT CHARACTER}".encode(), json)
            document = PlanDocument.model_validate_json(json)
        check_document(document)
        _check_ids(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = f"{place}: {first['msg']}" if place else first["msg"]
        raise InputError(f"not a plan: {reason}", file=name, remedy=_REDO) from None
    except InconsistentDocumentError as error:
        raise InputError(f"contradicts itself: {error}", file=name, remedy=_REDO) from None
    except RecursionError:
        raise InputError("not a plan: nested too deep", file=name, remedy=_REDO) from None
    return Plan(name, document, json, _content_hash(document, json), _identity(document))


def _check_ids(document: PlanDocument) -> None:
    ids = [section.id for section in document.walk_sections()]
    ids += [table.id for table in document.tables]
    ids += [charge.id for charge in document.responsibilities]
    ids += [item.id for _, item in document.items()]
    ids += [unit.id for unit in document.units]
    ids += [deadline.id for deadline in document.deadlines]
    if any(len(each) > LONGEST_ID for each in ids):
        raise InconsistentDocumentError([f"an id is longer than {LONGEST_ID} characters"])


def _content_hash(document: PlanDocument, json: bytes) -> str:
    """Of everything but the file's name: a copy under another name is the same document."""
    before, _, after = json.partition(b'"file":' + to_json(document.source.file))
    content = hashlib.sha256(before)
    content.update(after)
    return content.hexdigest()


def _identity(document: PlanDocument) -> str | None:
    """What a corrected scan of the same plan shares with the first: file name, letterhead, number, year.

    None where any of these is missing: two plans taken for one would lose one of them.
    """
    header = document.header
    number = header.document_number or ""
    parts = [document.source.file, header.issuing_authority or "", number, (header.issued_on or "")[:4]]
    if not all(parts) or not re.match(r"\s*\d", number):
        return None
    parts += [header.parent_authority or "", header.place or "", header.document_type or ""]
    return hashlib.sha256("\n".join(map(folding.fold, parts)).encode()).hexdigest()
