"""The review page's server: on this machine's own address only, until it is stopped."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from urllib.parse import quote

import uvicorn

from pipeline.errors import InputError
from pipeline.quality.review.app import Review, create_app
from pipeline.quality.review.readings import Reader, no_reader
from pipeline.quality.review.security import Door, new_token
from pipeline.quality.review.sources import SourceFinder
from pipeline.quality.review.workspace import Workspace

ADDRESS = "127.0.0.1"


def serve(
    workspace: Workspace,
    finder: SourceFinder,
    *,
    port: int = 0,
    language: str = "vi",
    read: Reader = no_reader,
    ready: Callable[[str], None],
) -> None:
    """Serve until Ctrl-C. ``port`` 0 takes a free one; ``ready`` is told the link. Raises :class:`InputError`."""
    with contextlib.closing(_listen(port)) as listening:
        port = listening.getsockname()[1]
        door = Door(new_token(), frozenset({f"{ADDRESS}:{port}", f"localhost:{port}"}))
        review = Review(workspace, finder, read, language)
        config = uvicorn.Config(
            create_app(review, door),
            log_level="critical",
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)

        def stop(*_: object) -> None:
            server.should_exit = True

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # which the process that draws inherits
        review.pictures.warm()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)  # before uvicorn has its own; it raises them once more behind its end
        ready(f"http://{ADDRESS}:{port}/?token={quote(door.token)}")
        try:
            server.run(sockets=[listening])
        finally:
            review.pictures.close()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
        listening.listen(64)  # whoever follows the link at once waits instead of being refused
    except OSError as error:
        listening.close()
        raise InputError(f"port {port} cannot be used: {error.strerror}", remedy="choose another with --port") from None
    return listening
