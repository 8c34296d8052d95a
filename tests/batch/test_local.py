"""The order in which pages are read, and what an idle worker does meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.batch import local
from pipeline.batch.fingerprint import Versions
from pipeline.batch.local import LocalEngine, Watcher
from pipeline.batch.messages import Task, Use
from pipeline.batch.pool import Job, Outcome, WorkerPool
from pipeline.batch.result import Draft
from pipeline.settings import Settings

SAMPLE = Path(__file__).parent.parent.parent / "samples" / "cai-cach-hanh-chinh.pdf"


def converted(path: Path, **settings: object) -> Draft:
    chosen = Settings(cache_dir=None, **settings)  # type: ignore[arg-type]
    waiting = [Task(0, str(path), path.name, path.stem, chosen)]
    with LocalEngine(chosen, Use(Versions("reading", "restored", "whole"))) as engine:
        [draft] = engine.drafts(lambda: waiting.pop() if waiting else None, Watcher())
    return draft


def test_pages_are_read_from_the_last_and_looked_into_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = []
    submit = WorkerPool.submit

    def noted(pool: WorkerPool, job: Job, *, first: bool = False) -> None:
        steps.append(job.key[1])
        submit(pool, job, first=first)

    monkeypatch.setattr(WorkerPool, "submit", noted)
    alone = converted(SAMPLE, jobs=1, pages="1-3")
    assert steps == ["open", 3, 2, 1, "interpret"]
    steps.clear()
    together = converted(SAMPLE, jobs=2, pages="1-3")
    assert steps == ["open", 3, 2, 1, "ahead", "interpret"]
    assert together.json == alone.json
    assert together.json is not None


@pytest.mark.parametrize("instead", ["look_ahead_slowly", "look_ahead_and_die"])
def test_the_plan_is_made_when_the_look_ahead_is_over_however_it_ends(
    instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []
    submit, outcomes = WorkerPool.submit, WorkerPool.outcomes

    def noted(pool: WorkerPool, job: Job, *, first: bool = False) -> None:
        steps.append(f"submit {job.key[1]}")
        submit(pool, job, first=first)

    def told(pool: WorkerPool) -> Iterator[Outcome]:
        for outcome in outcomes(pool):
            steps.append(f"done {outcome.key[1]}")
            yield outcome

    monkeypatch.setattr(WorkerPool, "submit", noted)
    monkeypatch.setattr(WorkerPool, "outcomes", told)
    monkeypatch.setattr(local, "LOOK_AHEAD", f"tests.batch.jobs:{instead}")
    draft = converted(SAMPLE, jobs=2, pages="1-3")
    assert draft.json is not None
    assert steps.count("submit interpret") == 1
    assert steps.index("submit interpret") > steps.index("done 1")
    if instead == "look_ahead_slowly":
        assert steps.index("submit interpret") > steps.index("done ahead")
