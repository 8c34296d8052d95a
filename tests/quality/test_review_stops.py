"""Ctrl-C, which a terminal sends to all processes of the command, ends a review whenever it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.command import COMMAND, ROOT, environment


@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.0])
def test_ctrl_c_ends_the_review_without_a_traceback(folder: Path, seconds: float) -> None:
    process = subprocess.Popen(
        [*COMMAND, "review", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=environment(),
        start_new_session=True,
    )
    assert process.stdout
    told = ""
    for line in process.stdout:
        told += line
        if "http://" in line:
            break
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    told += process.communicate(timeout=20)[0]
    assert process.returncode == 0, told
    assert "Traceback" not in told
