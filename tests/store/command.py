"""The command in this process: what a user sees, without starting Python and its libraries for each call."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from unittest.mock import patch

import cli
from tests.faults.command import Run, environment


def kehoach(*arguments: object) -> Run:
    """Call ``kehoach ARGUMENTS`` as :func:`tests.faults.command.kehoach` does in another process."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        patch.object(sys, "argv", ["kehoach", *map(str, arguments)]),
        patch.dict(os.environ, environment()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
    return Run(code, out.getvalue(), err.getvalue())
