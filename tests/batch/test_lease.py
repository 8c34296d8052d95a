"""One run at a time holds a folder on storage: what shows is only an object that changes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.batch import lease
from pipeline.batch.lease import Lease
from pipeline.batch.output import open_output
from pipeline.errors import OutputError

BEAT = 0.08


class Object:
    """The one object, as storage keeps it."""

    def __init__(self) -> None:
        self.data: bytes | None = None

    def read(self) -> bytes | None:
        return self.data

    def write(self, text: str) -> None:
        self.data = text.encode()

    def remove(self) -> None:
        self.data = None

    def lease(self) -> Lease:
        return Lease(self.read, self.write, self.remove, beat=BEAT)


def test_the_second_learns_who_holds_it_and_may_when_it_is_let_go() -> None:
    storage = Object()
    first = storage.lease()
    assert first.take() is None
    owner = storage.lease().take()
    assert owner is not None
    assert owner.startswith("process ")
    first.release()
    assert storage.data is None
    third = storage.lease()
    assert third.take() is None
    third.release()


def test_a_run_that_was_killed_is_silent_and_loses_it() -> None:
    storage = Object()
    storage.write('{"host": "away", "process": 7, "run": "x", "sign": 3}')
    next_run = storage.lease()
    began = time.monotonic()
    assert next_run.take() is None
    assert time.monotonic() - began > 2 * BEAT
    next_run.release()


def test_of_two_that_begin_together_one_goes_on() -> None:
    storage = Object()
    first, second = storage.lease(), storage.lease()

    def overwritten(_: str) -> None:
        storage.write('{"host": "h", "process": 2, "run": "x"}')

    first.write = overwritten
    assert first.take() == "process 2 on h"
    first.release()
    assert storage.data is not None
    assert second.take() is None
    second.release()


def test_a_run_that_slept_while_another_took_over_writes_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BEAT", BEAT)
    with open_output(f"local://{tmp_path}/out") as output:
        output.write("a.json", "{}")
        held = tmp_path / "out" / ".kehoach" / "lock"
        held.write_text('{"host": "other", "process": 9, "run": "x", "sign": 0}')
        end = time.monotonic() + 10
        with pytest.raises(OutputError, match=r"another run is at work on this folder \(process 9 on other\)"):
            while time.monotonic() < end:
                output.write("a.json", "{}")
                time.sleep(BEAT)
    assert held.exists()


def test_what_lies_there_instead_of_a_lock_is_no_obstacle_for_long() -> None:
    storage = Object()
    storage.data = b"\xff no lock at all"
    holder = storage.lease()
    assert holder.take() is None
    holder.release()
