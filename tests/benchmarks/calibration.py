"""Does the product know where it is wrong? Wrong values of a prediction, and whether a person is pointed at them.

    python -m tests.benchmarks.calibration GOLD PRED [GOLD PRED ...] [--show N]
    python -m tests.benchmarks.calibration --shared FOLDER [--out score-out] [--samples out] [GOLD PRED ...]

Predictions of the shared cases are those that ``make score`` left in ``score-out/``, of the samples those that ``make
run`` left in ``out/``.

Each value of the predictions (a leaf) is judged against the golden answer, items matched by text as ``make score``
does. A wrong leaf is *told* when a warning names its item, its table or its header field, or when it lies among the
15 % of the document's leaves with the lowest confidence (the nearest source's). Wanted: 80 % of the wrong leaves.
Values that the golden answer has and the prediction leaves out of a matched item, of header or signature, are counted
apart as *missing*; they are told by warnings alone, for there is no value whose confidence could be low.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from pipeline.quality.scoring.leaves import Leaf, judged
from tests.benchmarks.score_cases import OUT, cases

SAMPLES = Path("samples/golden")
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.001)

__all__ = ["judged"]


def report(rows: dict[str, list[Leaf]], show: int) -> None:
    """The table by document, the table by kind of leaf, the reliability table."""
    print(f"{'':34}{'leaves':>8}{'wrong':>7}{'told':>7}{'missing':>9}{'told':>7}")
    for name, found in rows.items():
        print(f"{name[:33]:<34}" + _figures(found))
        for leaf in [x for x in found if not x.right and not x.told][:show]:
            print(f"      {leaf.confidence:.2f} {leaf.kind}: {(leaf.value or '')[:100]!r}")
    every = [leaf for found in rows.values() for leaf in found]
    print(f"{'all':<34}{_figures(every)}")
    print(f"{'all but cells of tables':<34}{_figures([leaf for leaf in every if leaf.kind != 'cell'])}\n")
    kinds = dict.fromkeys(leaf.kind.partition(",")[0] for leaf in every)
    for kind in kinds:
        print(f"{kind:<34}" + _figures([x for x in every if x.kind.partition(",")[0] == kind]))
    values = [leaf for leaf in every if leaf.value is not None]
    warned = sum(leaf.warned for leaf in values)
    print(
        f"\n{warned} of {len(values)} leaves carry a warning, {sum(x.warned and x.right for x in values)} of them right"
    )
    print("\nconfidence       leaves   right")
    for low, high in pairwise(BANDS):
        band = [leaf for leaf in values if low <= leaf.confidence < high]
        if band:
            print(f"{low:.2f} .. {min(high, 1):.2f} {len(band):>9} {sum(x.right for x in band) / len(band):>7.3f}")


def _figures(found: Sequence[Leaf]) -> str:
    values = [leaf for leaf in found if leaf.value is not None]
    wrong = [leaf for leaf in values if not leaf.right]
    missing = [leaf for leaf in found if leaf.value is None]

    def share(part: Sequence[Leaf]) -> str:
        return f"{sum(x.told for x in part) / len(part):.2f}" if part else "-"

    return f"{len(values):>8}{len(wrong):>7}{share(wrong):>7}{len(missing):>9}{share(missing):>7}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pairs", type=Path, nargs="*", metavar="GOLD PRED")
    parser.add_argument("--shared", type=Path, help="folder with cases/, whose predictions lie in --out")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--samples", type=Path, default=Path("out"), help="folder with the samples converted")
    parser.add_argument("--show", type=int, default=0, help="wrong leaves a document that nothing tells of")
    options = parser.parse_args()
    if len(options.pairs) % 2:
        parser.error("golden answers and predictions come in pairs")
    pairs = list(zip(options.pairs[::2], options.pairs[1::2], strict=True))
    if options.shared:
        for case in cases(options.shared / "cases"):
            prediction = options.out / f"{case.name.replace('/', '-')}.json"
            if prediction.exists():
                pairs.append((case.gold, prediction))
    for gold in sorted(SAMPLES.glob("*.json")):
        pairs += [(gold, prediction) for prediction in sorted(options.samples.glob(f"{gold.stem}*.json"))]
    if not pairs:
        print("nothing to judge: name pairs of files, or run `make run`, or `make score` and name --shared")
        return 2
    rows: dict[str, list[Leaf]] = {}
    for gold, prediction in pairs:
        answer, found = (json.loads(path.read_text(encoding="utf-8")) for path in (gold, prediction))
        rows[prediction.name.removesuffix(".json")] = judged(answer, found)
    report(rows, options.show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
