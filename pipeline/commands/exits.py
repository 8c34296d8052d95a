"""What every command keeps to: exit codes, how a stop that the user asks for arrives, and how days are typed."""

from __future__ import annotations

EXIT_OK = 0
"""All was done."""
EXIT_FAILED = 1
"""Some documents failed, or a figure lies below its threshold."""
EXIT_USAGE = 2
"""Wrong usage."""
EXIT_INTERRUPTED = 130
"""Stopped by the user."""
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
"""2026-03-01, or 01/03/2026 as in Vietnam: the day first."""


class StoppedError(BaseException):
    """Ctrl-C or a request to end, past every handler of ordinary errors.

    Its text, where it has one, is what the user is told in place of the usual.
    """
