"""Convert every scan and text dump of the cases and score each: ``make score``.

    python -m tests.benchmarks.score_cases [--shared FOLDER] [--only PATTERN] [--jobs N] [--show N]

FOLDER holds ``cases/`` and ``score.py``; without it there is nothing to do. Results stay in ``score-out/``: the JSON
of each document, ``scores.json``, ``scores.txt``; the table is followed by what changed since the run before.
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib.util
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from pipeline.batch.inputs import Input
from pipeline.batch.progress import ProgressReport
from pipeline.batch.report import consoles, print_failures
from pipeline.batch.run import convert_batch
from pipeline.settings import load_settings

Scores = dict[str, float | None]
OUT = Path("score-out")
GROUPS = ("typeset scans", "real scans", "text dumps")
NOTICEABLE = 0.005
SHORT = {
    "citations": "cites",
    "objectives": "object",
    "objective_horizon": "horizon",
    "lead_units": "lead",
    "coordinating_units": "coord",
    "deliverable": "deliver",
    "responsible_units": "r.units",
    "deadlines": "deadl",
    "recipients": "recip",
    "signature": "sign",
    "syllables": "syllab",
}

README_FIELDS = {
    "mission", "header", "sections", "objectives", "tasks", "lead_units", "coordinating_units", "responsible_units",
    "duties", "deadlines", "tables", "syllables",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A document with its golden answer."""

    name: str
    group: str
    document: Path
    gold: Path


def cases(folder: Path) -> list[Case]:
    """All documents under ``folder`` that have an answer, scans before dumps."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".pdf" or path.name == "text-layer.txt":
            own, common = path.with_suffix(".json"), path.parent / "plan.json"
            gold = own if own.exists() else common
            if gold.exists():
                group = "text dumps" if path.suffix == ".txt" else "real scans" if gold is own else "typeset scans"
                name = path.stem if gold is own else f"{path.parent.name}/{path.stem}"
                found.append(Case(name, group, path, gold))
    return sorted(found, key=lambda case: (GROUPS.index(case.group), case.name))


def load_scorer(shared: Path) -> ModuleType:
    """The module ``score.py`` that lies beside the cases."""
    spec = importlib.util.spec_from_file_location("score", shared / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mean(values: list[float | None]) -> float | None:
    """Mean of what is known."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def with_means(rows: dict[str, Scores], chosen: list[Case]) -> dict[str, Scores]:
    """The rows, each group followed by its mean. A document that failed counts as nothing found."""
    result: dict[str, Scores] = {}
    fields = list(dict.fromkeys(field for row in rows.values() for field in row))
    for group in GROUPS:
        members = [case.name for case in chosen if case.group == group]
        result.update({name: rows[name] for name in members})
        if members:
            result[f"mean of {group}"] = {field: mean([rows[name].get(field) for name in members]) for field in fields}
    return result


def render(rows: dict[str, Scores]) -> str:
    """A table in plain text, narrow enough to read."""
    fields = list(dict.fromkeys(field for row in rows.values() for field in row))
    heads = [SHORT.get(field, field)[:7] for field in fields]
    width = max(len(name) for name in rows) + 1
    lines = [" " * width + "".join(f"{head:>8}" for head in heads)]
    for name, row in rows.items():
        cells = ("–" if row.get(field) is None else f"{row[field]:.2f}" for field in fields)
        lines.append(f"{name:<{width}}" + "".join(f"{cell:>8}" for cell in cells))
        if name.startswith("mean of"):
            lines.append("")
    return "\n".join(lines)


def as_markdown(rows: dict[str, Scores]) -> str:
    """The means as a table for the README."""
    fields = [field for field in next(iter(rows.values())) if field in README_FIELDS]
    lines = [
        f"| mean of | {' | '.join(field.replace('_', ' ') for field in fields)} |",
        "|---" * (len(fields) + 1) + "|",
    ]
    for name, row in rows.items():
        if name.startswith("mean of"):
            cells = ("–" if row.get(field) is None else f"{row[field]:.2f}" for field in fields)
            lines.append(f"| {name.removeprefix('mean of ')} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def changes(before: dict[str, Scores], after: dict[str, Scores]) -> list[str]:
    """What differs noticeably from the run before."""
    lines = []
    for name, row in after.items():
        for field, new in row.items():
            old = before.get(name, {}).get(field, new)
            if (old or 0) != (new or 0) and abs((new or 0) - (old or 0)) >= NOTICEABLE:
                lines.append(
                    f"{name:<24} {field:<20} {old or 0:.3f} -> {new or 0:.3f} ({(new or 0) - (old or 0):+.3f})"
                )
    return lines


def score(scorer: ModuleType, case: Case, prediction: Path | None) -> Scores:
    """Figures of one document, the mission first; of a document that failed, zero for whatever its gold has."""
    gold = json.loads(case.gold.read_text(encoding="utf-8"))
    found = json.loads(prediction.read_text(encoding="utf-8")) if prediction else {}
    figures: Scores = scorer.score(gold, found)
    return {"mission": figures["mission"], **figures}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("KEHOACH_SHARED", "../shared")))
    parser.add_argument("--only", default="*", help="documents to take, such as 'an-giang*' or '*dump*'")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--text-layer", choices=("auto", "ignore", "only"))
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    if not (options.shared / "cases").is_dir():
        print(f"no cases in {options.shared}: nothing to score (name the folder with --shared or KEHOACH_SHARED)")
        return 0
    pattern = options.only if any(c in options.only for c in "*?[") else f"*{options.only}*"
    chosen = [case for case in cases(options.shared / "cases") if fnmatch.fnmatch(case.name, pattern)]
    if not chosen:
        print(f"no case is named like {options.only}")
        return 2
    scorer = load_scorer(options.shared)
    settings = load_settings(jobs=options.jobs, text_layer=options.text_layer)
    inputs = [Input(case.document, case.name, case.name.replace("/", "-")) for case in chosen]
    _, errors = consoles()
    began = time.monotonic()
    with ProgressReport(errors, len(inputs)) as progress:
        results = convert_batch(inputs, options.out, settings, progress, with_text=True)
    print_failures(errors, results)
    rows = {
        case.name: score(scorer, case, options.out / result.output if result.output else None)
        for case, result in zip(chosen, results, strict=True)
    }
    report(options.out, with_means(rows, chosen))
    print(f"\n{len(chosen)} documents in {time.monotonic() - began:.0f} s")
    return 0 if all(result.complete for result in results) else 1


def report(out: Path, rows: dict[str, Scores]) -> None:
    """Print the table and the changes; keep both with the figures of documents not run this time."""
    kept = out / "scores.json"
    before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    table = render(rows)
    print(table)
    (out / "scores.txt").write_text(table + "\n", encoding="utf-8")
    (out / "scores.md").write_text(as_markdown(rows), encoding="utf-8")
    for line in changes(before, rows):
        print(line)
    kept.write_text(json.dumps({**before, **rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
