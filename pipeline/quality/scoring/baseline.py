"""What got better or worse since an earlier evaluation, and whether figures keep above what was asked for."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import InputError, SettingsError
from pipeline.quality.scoring.evaluation import FORMAT, Evaluation
from pipeline.quality.scoring.fields import FIELDS

NOTICEABLE = 0.00005
"""Figures are shown to four digits; what differs below them has not changed."""
ERROR_RATES = frozenset({"cer", "wer", "cer_no_marks"})


@dataclass(frozen=True)
class Move:
    """A figure of a document (or of the mean of all) that changed; None where it was not, or is no longer, judged."""

    document: str
    field: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float:
        """What it gained; negative when it got worse, whatever the figure."""
        gain = (self.after or 0.0) - (self.before or 0.0)
        return -gain if self.field in ERROR_RATES else gain


def read_baseline(path: Path) -> Mapping[str, Any]:
    """An evaluation that ``--json`` wrote. Raises :class:`InputError`."""
    try:
        earlier = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read: {error}", file=str(path), remedy="name a file made by --json") from None
    if not isinstance(earlier, dict) or earlier.get("format") != FORMAT:
        raise InputError("is no evaluation", file=str(path), remedy="make it with kehoach evaluate … --json > FILE")
    return earlier


def moves(earlier: Mapping[str, Any], evaluation: Evaluation) -> list[Move]:
    """What changed, worst first. Documents that only one evaluation has are not compared; the mean is."""
    found = [Move("mean", name, earlier["means"].get(name), value) for name, value in evaluation.means().items()]
    for document in evaluation.documents:
        before = earlier["documents"].get(document.name)
        if before is not None:
            known = before["figures"]
            found += [
                Move(document.name, name, known.get(name, {}).get("value"), figure.value)
                for name, figure in document.figures.items()
            ]
    changed = [m for m in found if (m.before is None) != (m.after is None) or abs(m.change) >= NOTICEABLE]
    return sorted(changed, key=lambda move: (move.document != "mean", move.change))


def parse_thresholds(wanted: Sequence[str]) -> dict[str, float]:
    """``FIELD=VALUE`` each, VALUE from 0 to 1. Raises :class:`SettingsError` naming what is wrong."""
    known = (*FIELDS, "grits", "exact", "syllables_of_text", "told")
    thresholds = {}
    for each in wanted:
        name, _, number = each.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1:
            raise SettingsError(f"--min {each!r}: a number from 0 to 1 must follow the =", remedy="--min tasks=0.95")
        if name not in known:
            raise SettingsError(f"--min {each!r}: there is no figure {name!r}", remedy=f"one of {', '.join(known)}")
        thresholds[name] = value
    return thresholds


def below(evaluation: Evaluation, thresholds: Mapping[str, float]) -> list[tuple[str, float | None, float]]:
    """Means that lie below what was asked for: name, mean, threshold. A figure that nobody could judge is below."""
    means = evaluation.means()
    rounded = {name: None if value is None else round(value, 4) for name, value in means.items()}
    return [
        (name, means[name], least)
        for name, least in thresholds.items()
        if (value := rounded[name]) is None or value < least
    ]
