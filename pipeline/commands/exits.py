"""Exit codes that every command keeps to."""

from __future__ import annotations

EXIT_OK = 0
"""All was done."""
EXIT_FAILED = 1
"""Some documents failed, or a figure lies below its threshold."""
EXIT_USAGE = 2
"""Wrong usage."""
EXIT_INTERRUPTED = 130
"""Stopped by the user."""
