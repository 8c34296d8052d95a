"""A folder of results under review: what is there, working copies, states, the log of corrections, golden files.

    DIR/NAME.json                       what kehoach convert wrote; never changed by a review
    DIR/review/NAME.json                the working copy, from the first correction on
    DIR/review/NAME.state               which doubtful values were confirmed, and what was approved
    DIR/review/corrections.jsonl        a line for each correction, for people and for training
    DIR/golden/NAME.json                the golden file, once approved

A document is found by listing the folder, never by putting a name that came over the network into a path.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.atomic import write_text
from pipeline.errors import InputError
from pipeline.quality import golden
from pipeline.quality.files import append_line, as_text, digest, is_plan, locked, now, read_plan
from pipeline.quality.review.doubts import doubts
from pipeline.quality.review.edits import Edit, edited
from pipeline.quality.review.folding import searchable, texts_of
from pipeline.results import APPROVED, WORKING_COPIES

Json = dict[str, Any]
CORRECTIONS = "corrections.jsonl"


class ConflictError(Exception):
    """The document is no longer the version that the change was made for."""


@dataclass(frozen=True)
class Summary:
    """A document in the list. ``left`` counts doubtful values that nobody has looked at."""

    name: str
    title: str
    number: str
    authority: str
    status: str
    confidence: float | None
    warnings: int
    doubts: int
    left: int
    folded: str = field(repr=False)


@dataclass(frozen=True)
class Version:
    """A document as it stands now. ``etag`` changes with its content; ``newer``: converted anew since the review."""

    name: str
    document: Json
    etag: str
    state: Json
    newer: bool


class Workspace:
    """Reads and writes one folder. Changes are whole, and refused when made for another version."""

    def __init__(self, folder: Path, golden_folder: Path | None = None, who: str = "unknown") -> None:
        """Raises :class:`InputError` when the folder does not exist or holds no plan."""
        self.folder = folder
        self.golden = golden_folder or folder / APPROVED
        self.who = who
        self._drafts = folder / WORKING_COPIES
        self._plans: dict[Path, tuple[object, bool]] = {}
        self._summaries: dict[str, tuple[object, Summary]] = {}
        self._versions: dict[str, tuple[object, Version]] = {}
        if not folder.is_dir():
            raise InputError("does not exist", file=str(folder), remedy="name the folder that kehoach convert wrote to")
        if not self.names():
            raise InputError("holds no plan", file=str(folder), remedy="convert some first: kehoach convert")

    def names(self) -> list[str]:
        """The documents, by name."""
        return [path.stem for path in sorted(self.folder.glob("*.json")) if self._is_plan(path)]

    def _is_plan(self, path: Path) -> bool:
        stamp = _stat(path)
        kept = self._plans.get(path)
        if kept is None or kept[0] != stamp:
            kept = self._plans[path] = (stamp, is_plan(path))
        return kept[1]

    def version(self, name: str) -> Version:
        """The document as it stands. Raises KeyError for a name that is not in the folder."""
        if name not in self.names():
            raise KeyError(name)
        stamp = self._stamp(name)
        kept = self._versions.get(name)
        if kept and kept[0] == stamp:
            return kept[1]
        original, draft = self.folder / f"{name}.json", self._drafts / f"{name}.json"
        data = original.read_bytes()
        state = self._state(name)
        newer = draft.exists() and state.get("base") not in (None, digest(data))
        current = draft if draft.exists() else original
        document = read_plan(current)
        version = Version(name, document, digest(current.read_bytes())[:32], state, newer)
        self._versions = {**dict(list(self._versions.items())[-20:]), name: (stamp, version)}
        return version

    def _stamp(self, name: str) -> object:
        """What changes when a file of the document does."""
        paths = (
            self.folder / f"{name}.json",
            self._drafts / f"{name}.json",
            self._drafts / f"{name}.state",
            self.golden / f"{name}.json",
        )
        return tuple(map(_stat, paths))

    def _state(self, name: str) -> Json:
        try:
            state = json.loads((self._drafts / f"{name}.state").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {"confirmed": {}}
        return state if isinstance(state, dict) and isinstance(state.get("confirmed"), dict) else {"confirmed": {}}

    def status(self, version: Version) -> str:
        """``new``, ``started``, ``approved``, or ``changed`` since it was approved."""
        approved = version.state.get("approved")
        if approved and (self.golden / f"{version.name}.json").exists():
            return "approved" if approved.get("etag") == version.etag else "changed"
        if not approved and self._accepted(version):
            return "approved"
        started = version.state["confirmed"] or (self._drafts / f"{version.name}.json").exists()
        return "started" if started else "new"

    def _accepted(self, version: Version) -> bool:
        """``kehoach golden accept`` made a golden file of the same scan, and nobody has worked on it here since."""
        target, state = self.golden / f"{version.name}.json", self._drafts / f"{version.name}.state"
        if not target.exists() or state.exists():
            return False
        try:
            accepted = read_plan(target).get("source") or {}
        except InputError:
            return False
        scan = (version.document.get("source") or {}).get("sha256")
        return bool(scan) and accepted.get("sha256") == scan

    def summary(self, name: str) -> Summary:
        """The document's line in the list."""
        stamp = self._stamp(name)
        kept = self._summaries.get(name)
        if kept and kept[0] == stamp:
            return kept[1]
        version = self.version(name)
        document, header = version.document, version.document.get("header") or {}
        stops = doubts(document)
        summary = Summary(
            name=name,
            title=header.get("title") or "",
            number=header.get("document_number") or "",
            authority=header.get("issuing_authority") or "",
            status=self.status(version),
            confidence=(document.get("quality") or {}).get("ocr_confidence"),
            warnings=len(document.get("warnings") or ()),
            doubts=len(stops),
            left=sum(stop.key not in version.state["confirmed"] for stop in stops),
            folded=searchable(" ".join([name, *texts_of(document)])),
        )
        self._summaries[name] = (stamp, summary)
        return summary

    def edit(self, name: str, etag: str, edits: Sequence[Edit], *, settled: Sequence[str] = ()) -> Version:
        """Make ``edits``, keep them on disk, and take ``settled`` (keys of doubts) as looked at.

        Raises :class:`ConflictError`, :class:`~pipeline.quality.review.edits.StaleEditError` and
        :class:`~pipeline.quality.review.edits.RefusedEditError`; then nothing is written.
        """
        with locked(self._drafts):
            version = self._current(name, etag)
            changed = edited(version.document, edits)
            state = version.state
            if not (self._drafts / f"{name}.json").exists():
                state = {**state, "base": digest((self.folder / f"{name}.json").read_bytes())}
            confirmed = {**state["confirmed"], **{key: self._signed() for key in settled}}
            write_text(self._drafts / f"{name}.json", as_text(changed))
            self._write_state(name, {**state, "confirmed": confirmed})
            for edit in edits:
                append_line(self._drafts / CORRECTIONS, self._correction(version, edit))
        return self.version(name)

    def confirm(self, name: str, key: str, *, right: bool) -> Version:
        """Keep that a person looked at a doubtful value and found it right, or take that back."""
        with locked(self._drafts):
            state = self.version(name).state
            confirmed = {k: v for k, v in state["confirmed"].items() if k != key}
            if right:
                confirmed[key] = self._signed()
            self._write_state(name, {**state, "confirmed": confirmed})
        return self.version(name)

    def approve(self, name: str, etag: str) -> Path:
        """Make the document as it stands the golden file. Raises :class:`ConflictError` and InputError."""
        target = self.golden / f"{name}.json"
        with locked(self._drafts):
            version = self._current(name, etag)
            golden.store(version.document, target, self.who, taken_from=f"{name}.json, reviewed")
            self._write_state(name, {**version.state, "approved": {"etag": version.etag, **self._signed()}})
        return target

    def discard(self, name: str, etag: str) -> Version:
        """Give up the working copy for what was converted; it is kept beside it as ``NAME.json.old``."""
        with locked(self._drafts):
            self._current(name, etag)
            draft = self._drafts / f"{name}.json"
            if draft.exists():
                draft.replace(draft.with_suffix(".json.old"))
            self._write_state(name, {"confirmed": {}})
        return self.version(name)

    def _current(self, name: str, etag: str) -> Version:
        version = self.version(name)
        if version.etag != etag:
            raise ConflictError(name)
        return version

    def _signed(self) -> Json:
        return {"who": self.who, "at": now()}

    def _write_state(self, name: str, state: Json) -> None:
        write_text(self._drafts / f"{name}.state", json.dumps(state, ensure_ascii=False, indent=1) + "\n")

    def _correction(self, version: Version, edit: Edit) -> Json:
        """A line of the log: what was read, what a person made of it, where it stands on paper, how sure it was."""
        holder: Any = version.document
        source: Json | None = None
        item: str | None = None
        for step in edit.path:
            if isinstance(holder, dict):
                source = holder.get("source") or (holder.get("sources") or {}).get(step) or source if holder else source
                item = holder.get("id") or item
            try:
                holder = holder[step]
            except (KeyError, IndexError, TypeError):
                break
        return {
            **self._signed(),
            "document": version.name,
            "source_sha256": (version.document.get("source") or {}).get("sha256"),
            "op": edit.op,
            "path": edit.path,
            "item": item,
            "before": edit.was,
            "after": edit.value,
            "place": source,
        }


def _stat(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does; None for no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
