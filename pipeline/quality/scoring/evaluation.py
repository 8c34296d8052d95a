"""Golden files against predictions: which belongs to which, all figures of each, and of all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import InputError, UsageError
from pipeline.quality.files import is_plan, read_plan
from pipeline.quality.scoring.calibration import Calibration, calibrate
from pipeline.quality.scoring.differences import Difference, differences
from pipeline.quality.scoring.fields import FIELDS, document_figures, subfield_figures
from pipeline.quality.scoring.figures import Figure, mean, pooled
from pipeline.quality.scoring.leaves import Leaf, judged
from pipeline.quality.scoring.levelling import Node
from pipeline.quality.scoring.tables import mean_grits
from pipeline.quality.scoring.texts import TextFigures, text_figures
from pipeline.results import result_files

FORMAT = 1


@dataclass(frozen=True)
class Pair:
    """A golden file and its prediction; None where there is none. Texts are given where the true text is known."""

    name: str
    gold: Path
    prediction: Path | None
    true_text: Path | None = None
    found_text: Path | None = None


@dataclass(frozen=True)
class DocumentEvaluation:
    """All that is known of one document."""

    name: str
    predicted: bool
    figures: dict[str, Figure]
    subfields: dict[str, Figure]
    grits: float | None
    text: TextFigures | None
    leaves: tuple[Leaf, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def calibration(self) -> Calibration:
        """The reliability of this document's confidences."""
        return calibrate(self.leaves)

    def as_json(self) -> dict[str, Any]:
        """Figures, not the differences."""
        return {
            "predicted": self.predicted,
            "figures": {name: figure.as_json() for name, figure in self.figures.items()},
            "subfields": {name: figure.as_json() for name, figure in self.subfields.items()},
            "grits": self.grits,
            "text": self.text.as_json() if self.text else None,
            "calibration": self.calibration.as_json(),
            "differences": [difference.as_json() for difference in self.differences],
        }


@dataclass(frozen=True)
class Evaluation:
    """All documents. ``spare`` are predictions without a golden file."""

    documents: tuple[DocumentEvaluation, ...]
    spare: tuple[str, ...] = ()
    leaves: tuple[Leaf, ...] = field(default=(), repr=False)

    def means(self) -> dict[str, float | None]:
        """Mean of each headline figure, and of GriTS and the text's figures, over the documents that have it."""
        means = {name: mean(d.figures[name].value for d in self.documents) for name in FIELDS}
        means["grits"] = mean(d.grits for d in self.documents)
        for name in ("syllables_of_text", "exact", "cer", "wer", "cer_no_marks"):
            key = name.removesuffix("_of_text")
            means[name] = mean(d.text.as_json()[key] for d in self.documents if d.text)
        means["told"] = calibrate(self.leaves).told
        return means

    def pooled(self) -> dict[str, Figure]:
        """Each headline figure over all documents' counts taken together."""
        sums = {name: pooled(d.figures[name] for d in self.documents) for name in FIELDS if name != "mission"}
        return {name: figure for name, figure in sums.items() if figure is not None}

    def subfields(self) -> dict[str, Figure]:
        """Each sub-field over all documents' counts taken together."""
        names = dict.fromkeys(name for document in self.documents for name in document.subfields)
        sums = {name: pooled(d.subfields[name] for d in self.documents if name in d.subfields) for name in names}
        return {name: figure for name, figure in sums.items() if figure is not None}

    @property
    def calibration(self) -> Calibration:
        """The reliability of the confidences over all documents."""
        return calibrate(self.leaves)

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` prints and ``--baseline`` reads."""
        return {
            "format": FORMAT,
            "means": self.means(),
            "pooled": {name: figure.as_json() for name, figure in self.pooled().items()},
            "subfields": {name: figure.as_json() for name, figure in self.subfields().items()},
            "calibration": self.calibration.as_json(),
            "documents": {document.name: document.as_json() for document in self.documents},
            "spare_predictions": list(self.spare),
        }


def pair_files(gold: Path, prediction: Path, texts: Path | None = None) -> tuple[list[Pair], list[str]]:
    """Golden files with their predictions, matched by name, and the names of predictions without a golden file.

    True texts are ``NAME.txt`` in ``texts``, or beside the golden file; found texts lie beside the prediction. Raises
    :class:`InputError` when a path does not exist or no file is a plan.
    """
    golds, found = _plans(gold), _plans(prediction)
    if gold.is_file() and prediction.is_file():
        golds, found = {gold.stem: gold}, {gold.stem: prediction}
    pairs = []
    for name, path in golds.items():
        match = found.get(name) or found.get(path.stem)
        true = next((p for p in (_text_of(texts, path), path.with_suffix(".txt")) if p and p.is_file()), None)
        own = match.with_suffix(".txt") if match else None
        pairs.append(Pair(name, path, match, true, own if own and own.is_file() else None))
    used = {pair.prediction for pair in pairs}
    return pairs, sorted({str(path.name) for path in found.values() if path not in used})


def _plans(path: Path) -> dict[str, Path]:
    """Plans by their name in the folder, and by their bare name where only one has it."""
    if path.is_file():
        read_plan(path)
        return {path.stem: path}
    if not path.is_dir():
        raise UsageError("does not exist", file=str(path), remedy="name a file or folder of plans")
    plans = {str(p.relative_to(path).with_suffix("")): p for p in sorted(result_files(path)) if is_plan(p)}
    if not plans:
        raise InputError("holds no plan", file=str(path), remedy="name a folder with results of kehoach convert")
    return plans


def _text_of(texts: Path | None, gold: Path) -> Path | None:
    if texts is None or texts.is_file():
        return texts
    return texts / f"{gold.stem}.txt"


def evaluate(pairs: Sequence[Pair], spare: Sequence[str] = ()) -> Evaluation:
    """All figures. A document without a prediction counts as nothing found."""
    documents = tuple(_evaluate(pair) for pair in pairs)
    return Evaluation(documents, tuple(spare), tuple(leaf for document in documents for leaf in document.leaves))


def _evaluate(pair: Pair) -> DocumentEvaluation:
    gold = read_plan(pair.gold)
    found: Node = read_plan(pair.prediction) if pair.prediction else {}
    text = None
    if pair.true_text and pair.found_text:
        text = text_figures(*(_read_text(path) for path in (pair.true_text, pair.found_text)))
    try:
        return DocumentEvaluation(
            name=pair.name,
            predicted=pair.prediction is not None,
            figures=document_figures(gold, found),
            subfields=subfield_figures(gold, found),
            grits=mean_grits(gold, found),
            text=text,
            leaves=tuple(judged(gold, found)) if pair.prediction else (),
            differences=tuple(differences(gold, found)),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"does not have the form of a plan ({error})", file=pair.name, remedy="check it against kehoach schema"
        ) from error


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read as UTF-8 text: {error}", file=str(path), remedy="check the file") from None
