"""The figures of restoration on real plans, held; skipped where the cases are not at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from diacritics import restore, restore_tokens
from tests.benchmarks.bench_restore import accuracy, calibration

CASES = Path(os.environ.get("KEHOACH_SHARED", "../shared")) / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"no real plans in {CASES}")

LAYERS = {"an-giang": (0.995, 0.004), "vinh-phuc": (0.993, 0.006), "dong-thap": (0.9993, 0.002)}


def _texts(name: str) -> tuple[str, str]:
    folder = CASES / name
    return (folder / "text.txt").read_text(encoding="utf-8"), (folder / "text-layer.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_restored(name: str) -> None:
    true, layer = _texts(name)
    once = restore(layer)
    share, cer = accuracy(true, once)
    least, most = LAYERS[name]
    assert share >= least
    assert cer <= most
    assert restore(once) == once


@pytest.mark.parametrize("name", LAYERS)
def test_wrong_words_are_doubtful(name: str) -> None:
    assert calibration(*_texts(name)) >= 0.8


@pytest.mark.parametrize("name", ["*/text.txt", "real/*.txt"])
def test_true_texts_stay(name: str) -> None:
    paths = sorted(CASES.glob(name))
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8")
        changed = [(t.printed, t.text) for t in restore_tokens(text) if t.changed]
        assert len(changed) <= len(text.split()) * 5 / 10_000, (path, changed)
