"""What every command keeps to: exit codes, and how a stop that the user asks for arrives."""

from __future__ import annotations

EXIT_OK = 0
"""All was done."""
EXIT_FAILED = 1
"""Some documents failed, or a figure lies below its threshold."""
EXIT_USAGE = 2
"""Wrong usage."""
EXIT_INTERRUPTED = 130
"""Stopped by the user."""


class StoppedError(BaseException):
    """Ctrl-C or a request to end, past every handler of ordinary errors.

    Its text, where it has one, is what the user is told in place of the usual.
    """
