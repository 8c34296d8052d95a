"""A job whose module takes a while to import, as the language model does; see test_pool.py."""

from __future__ import annotations

import os
import time

time.sleep(1.5)


def process() -> int:
    return os.getpid()
