"""Edits of a plan's JSON: set, insert, remove at a path. Each says what it expects to find, so none goes astray.

A path is a list of field names and list indexes ("tasks", 3, "deadlines", 0, "due"). Edits are checked against the
contract as a whole after they are made: what breaks it is refused with the place and the reason.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json, to_json

from pipeline.quality.review.registers import with_registers
from schemas import PlanDocument, violations

Json = dict[str, Any]
Path = list[str | int]
EDITABLE = frozenset({
    "header", "legal_bases", "sections", "objectives", "tasks", "responsibilities", "funding", "tables", "recipients",
    "signature", "co_signers",
})  # fmt: skip
"""Parts that a person edits; the file's facts stay, registers are made from the rest."""


class Edit(BaseModel):
    """``was``: the value that is set over or removed; ``size``: length of the list that something is inserted into."""

    model_config = ConfigDict(extra="forbid", strict=True)

    op: Literal["set", "insert", "remove"]
    path: Annotated[Path, Field(min_length=1, max_length=40)]
    value: Any = None
    was: Any = None
    size: int | None = None


class StaleEditError(Exception):
    """The document no longer has at the path what the edit expects."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{'.'.join(map(str, path))} has been changed by somebody else")
        self.path = path


@dataclass(frozen=True)
class Fault:
    """Why an edit breaks the contract; ``path`` is [] where it is about the parts as a whole."""

    path: Path
    message: str


class RefusedEditError(Exception):
    """The document would break the contract."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


def edited(document: Json, edits: Sequence[Edit]) -> Json:
    """``document`` after all ``edits``, registers made anew. The document given is left as it is.

    Raises :class:`StaleEditError` and :class:`RefusedEditError`; then nothing is changed.
    """
    result: Json = from_json(to_json(document))  # a deep copy, ten times as fast as copy.deepcopy
    for edit in edits:
        _apply(result, edit)
    with contextlib.suppress(AttributeError, KeyError, TypeError):  # a part without the form of its kind; told below
        result = with_registers(result)
    found = faults(result)
    if found:
        raise RefusedEditError(found)
    return result


def _apply(document: Json, edit: Edit) -> None:
    if edit.path[0] not in EDITABLE:
        raise RefusedEditError([Fault(edit.path, "this part is not edited by hand")])
    holder: Any = document
    for step in edit.path[:-1]:
        holder = _child(holder, step, edit.path)
    last = edit.path[-1]
    if edit.op == "insert":
        whole = isinstance(holder, list) and isinstance(last, int) and 0 <= last <= len(holder)
        if not whole or (edit.size is not None and edit.size != len(holder)):
            raise StaleEditError(edit.path)
        holder.insert(last, copy.deepcopy(edit.value))
        return
    named = isinstance(holder, dict) and isinstance(last, str)
    before = holder.get(last) if named else _child(holder, last, edit.path)
    if before != edit.was:
        raise StaleEditError(edit.path)
    if edit.op == "set":
        holder[last] = copy.deepcopy(edit.value)
    elif isinstance(holder, list) and isinstance(last, int):
        del holder[last]
    else:
        raise StaleEditError(edit.path)


def _child(holder: Any, step: str | int, path: Path) -> Any:
    if isinstance(holder, dict) and isinstance(step, str) and step in holder:
        return holder[step]
    if isinstance(holder, list) and isinstance(step, int) and not isinstance(step, bool) and 0 <= step < len(holder):
        return holder[step]
    raise StaleEditError(path)


def faults(document: Json) -> list[Fault]:
    """Everything in which ``document`` breaks the contract."""
    try:
        plan = PlanDocument.model_validate_json(to_json(document))
    except ValidationError as error:
        return [
            Fault(list(each["loc"]), each["msg"].removeprefix("Value error, "))
            for each in error.errors(include_url=False, include_context=False, include_input=False)
        ]
    return [Fault([], sentence) for sentence in violations(plan)]
