"""A lock for storage that has none: an object which the run at work writes anew every few seconds.

No clocks are compared, since those of two machines differ: who finds the object looks whether it still changes. A run
that was killed holds its folder for as long as that takes. Two runs that begin in the same moment both write, and the
one whose object was overwritten leaves. Storage may be slow or away for a while, so this is an effort, no proof:
results are written whole in any case.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.errors import KehoachError

BEAT = 10.0
"""Seconds between two signs of life."""
_MISSED = 2.5  # beats without a sign after which the run is taken for dead
_SETTLING = 0.1  # beats between writing one's own and looking whether it has stayed


@dataclass(slots=True)
class Lease:
    """The right to write to a folder of a storage, through the ways to read, write and remove its one object."""

    read: Callable[[], bytes | None]
    write: Callable[[str], None]
    remove: Callable[[], None]
    beat: float = field(default_factory=lambda: BEAT)
    lost_to: str = ""
    """The run that took the folder while this one gave no sign, such as in a computer that slept."""
    _token: str = field(default_factory=lambda: uuid.uuid4().hex)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def take(self) -> str | None:
        """Hold the folder from now on; or who holds it. Raises what ``write`` raises."""
        before = self.read()
        if before is not None and (changed := self._next(before)) is not None:
            return _owner(changed)
        self._sign(0)
        time.sleep(self.beat * _SETTLING)
        if other := self._other():
            return other
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()
        return None

    def release(self) -> None:
        """Let go of the folder."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            if not self._other():
                self.remove()

    def _next(self, before: bytes) -> bytes | None:
        """What the object says after a sign of life of its owner; None when there is none, or the object goes."""
        end = time.monotonic() + self.beat * _MISSED
        while time.monotonic() < end:
            time.sleep(self.beat / 4)
            now = self.read()
            if now != before:
                return now
        return None

    def _live(self) -> None:
        number = 0
        while not self._ended.wait(self.beat):
            if other := self._other():
                self.lost_to = other
                return
            number += 1
            with contextlib.suppress(KehoachError):  # the next sign may come through
                self._sign(number)

    def _sign(self, number: int) -> None:
        run = {"host": socket.gethostname(), "process": os.getpid(), "run": self._token, "sign": number}
        self.write(json.dumps(run) + "\n")

    def _other(self) -> str:
        """The owner, when it is another run; nothing where the object cannot be read."""
        data = self.read()
        return "" if data is None or self._token.encode() in data else _owner(data)


def _owner(data: bytes) -> str:
    try:
        known = json.loads(data)
        return f"process {int(known['process'])} on {str(known['host'])[:100]}"
    except (ValueError, KeyError, TypeError):
        return "unknown"
