"""Which files of a folder are results: the one answer for all that reads what ``kehoach convert`` wrote.

A review keeps its working copies in ``review`` and approved documents in ``golden`` beside the results. These are no
further documents: an approved one stands for the result of its name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

APPROVED = "golden"
"""Folder beside results that a review puts approved documents into."""
WORKING_COPIES = "review"
"""Folder beside results with what a review has corrected so far."""
DATABASE = "sqlite:///plans.db"
"""Where results are loaded to and asked for when no other database is named."""
LEDGER = "run.jsonl"
"""What the conversion says of each document, in the folder that it wrote to."""


def result_files(folder: Path, *, approved: bool = False) -> Iterator[Path]:
    """The JSON files of ``folder`` and those below it, sorted within each; ``approved`` ones in place of raw results.

    Hidden files and what a review keeps are left out, links to folders not followed. An approved document of another
    scan (the file of that name was converted anew) stands for nothing.
    """
    for root, folders, files in os.walk(folder):
        place = Path(root)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _is_of_a_review(place / name))
        for name in sorted(files):
            if name.endswith(".json") and not name.startswith("."):
                raw, checked = place / name, place / APPROVED / name
                yield checked if approved and checked.is_file() and _same_scan(raw, checked) else raw


def _is_of_a_review(folder: Path) -> bool:
    """By its name, unless ``kehoach convert`` wrote there."""
    return folder.name in (APPROVED, WORKING_COPIES) and not (folder / LEDGER).exists()


def _same_scan(raw: Path, checked: Path) -> bool:
    return _scan(raw) == _scan(checked)


def _scan(path: Path) -> object:
    """The hash of the scan; None in a file that cannot be read, of which its reader will tell."""
    try:
        return json.loads(path.read_bytes())["source"]["sha256"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
