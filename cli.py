"""The command ``kehoach``: how any of its commands begins and ends. Exit codes: 0 all done, 1 some not, 2 usage.

Typer and the commands are imported last: pages can be read half a second earlier.
"""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from pipeline.batch.server import FIRST, THEN, fork_server
from pipeline.commands.exits import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, StoppedError
from pipeline.errors import KehoachError, SettingsError, UsageError


def _stop(message: str, code: int) -> NoReturn:
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True).print(Text(message), soft_wrap=True)
    sys.exit(code)


def _interrupt(*_: Any) -> NoReturn:
    raise StoppedError


def _reads_pages(arguments: Sequence[str]) -> bool:
    """Whether the command is one for which processes of this machine read pages. Where this is not sure the answer is
    no: the command starts them itself, only later."""
    return arguments[:1] == ["convert"] and not any(word.startswith(("--engine", "--help")) for word in arguments)


def main() -> None:
    """Run the command; whatever goes wrong is told in a sentence."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    atexit.register(gc.freeze)  # else the interpreter looks for garbage in all that was loaded: a tenth of a second
    try:
        if _reads_pages(sys.argv[1:]):
            fork_server(FIRST, THEN)  # it has as much to import as this process, which goes on meanwhile
        from pipeline.commands.app import app

        app()
    except (SettingsError, UsageError) as error:
        _stop(f"kehoach: {error}", EXIT_USAGE)
    except KehoachError as error:
        _stop(f"kehoach: {error}", EXIT_FAILED)
    except StoppedError as stop:
        message = str(stop) or (
            "kehoach: stopped. Run the same command again to go on: what is done is not done again, "
            "and pages already read are in the cache."
        )
        _stop(message, EXIT_INTERRUPTED)
    except ModuleNotFoundError as error:
        sys.exit(
            f"kehoach: the package {error.name} is missing in {sys.executable} – run `make run` once, then "
            "`. .venv/bin/activate`"
        )
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        _stop(f"kehoach: defect of the program, please report it: {type(error).__name__}: {error}", EXIT_FAILED)


if __name__ == "__main__":
    main()
