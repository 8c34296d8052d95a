"""The engine of a cluster: documents as tasks of Dask distributed, each converted by the local engine on its worker.

A worker of the cluster hands its document to a host process of its own (:mod:`.host`), in which the local engine works
as it does on one machine, with its limits and killable processes: a hostile page costs a page, not a worker of the
cluster. Dask gives the documents of a worker that dies to another.
"""

from __future__ import annotations

import functools
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.batch.host import Host
from pipeline.batch.local import Watcher, placed
from pipeline.batch.messages import Task, Use
from pipeline.batch.remote import is_url
from pipeline.batch.result import Draft, Retry
from pipeline.errors import InternalError, KehoachError, LimitError, SettingsError, ToolError
from pipeline.settings import Settings

ATTEMPTS = 2
_AHEAD = 2  # documents a thread of the cluster that are handed out at a time: one in work, one waiting
_PATIENCE = 30  # seconds for the scheduler to answer
_own = threading.local()


def convert_document(task: Task, use: Use) -> Draft:
    """The document function that runs on the workers of a cluster; each thread of a worker keeps one host process."""
    host: Host | None = getattr(_own, "host", None)
    if host is None or not host.alive:
        host = _own.host = Host()
    return host.convert(task, use)


def dask_engine(address: str) -> Callable[[Settings, Use], DaskEngine]:
    """What makes the engine of the cluster whose scheduler is at ``address``."""
    return functools.partial(DaskEngine, address)


class DaskEngine:
    """A cluster that is there already; nothing is started or stopped on it but documents."""

    def __init__(self, address: str, settings: Settings, use: Use) -> None:
        self._address = address
        self._use = use
        self._client: Any = None

    def __enter__(self) -> Self:
        """Raises SettingsError without Dask and ToolError when no scheduler answers at the address."""
        try:
            import distributed
        except ImportError:
            raise SettingsError(
                "--engine dask needs Dask", remedy="install it: pip install '.[cluster]' in the folder of kehoach"
            ) from None
        try:
            connect: Any = distributed.Client
            self._client = connect(self._address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ToolError(
                f"no Dask scheduler answers at {self._address}: {error}", remedy="start it: dask scheduler"
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()

    def drafts(self, more: Callable[[], Task | None], watcher: Watcher) -> Iterator[Draft]:
        """As the local engine; raises ToolError when the scheduler is lost."""
        import distributed

        run = uuid.uuid4().hex
        tasks: dict[str, tuple[Task, int]] = {}
        gather: Any = distributed.as_completed
        finished = gather(loop=self._client.loop)

        def submit(task: Task, attempt: int) -> None:
            key = f"kehoach-{run}-{task.index}-{attempt}"
            tasks[key] = (task, attempt)
            finished.add(self._client.submit(convert_document, task, self._use, key=key, pure=False))

        def fill() -> Iterator[Draft]:
            threads = max(1, sum(self._client.nthreads().values()))
            while len(tasks) < _AHEAD * threads:
                task = more()
                if task is None:
                    return
                watcher.began(task.index)
                if task.error is not None:
                    error = placed(task.error, task.name, None)
                    yield Draft(task.index, errors=(error,), seconds={"total": 0.0})
                else:
                    submit(_for_workers(task), 1)

        yield from fill()
        for future in finished:
            task, attempt = tasks.pop(future.key)
            draft = self._draft(future, task, attempt)
            future.release()
            if draft is None:
                submit(task, attempt + 1)
                continue
            watcher.pages_found(task.index, draft.pages_in)
            for _ in range(draft.pages_in):
                watcher.page_done(task.index)
            yield draft
            yield from fill()

    def _draft(self, future: Any, task: Task, attempt: int) -> Draft | None:
        """What a document's task ended with; None when it may be tried again."""
        from distributed import KilledWorker

        if future.status == "finished":
            draft: Draft = future.result()
            if attempt == 1:
                return draft
            return replace(draft, attempts=attempt, retries=(Retry(None, _killed(task).reason), *draft.retries))
        error = future.exception() if future.status == "error" else None
        if error is None or self._client.status != "running":
            raise ToolError(
                f"the Dask scheduler at {self._address} was lost", remedy="start it and run the same command again"
            )
        if isinstance(error, KilledWorker):
            if attempt < ATTEMPTS:
                return None
            told: KehoachError = _killed(task)
        elif isinstance(error, KehoachError):
            told = placed(error, task.name, None)
        else:
            told = InternalError(
                f"{type(error).__name__}: {error}"[:300],
                file=task.name,
                remedy="compare the versions of Python and of the packages on the workers with those here",
            )
        return Draft(task.index, errors=(told,), attempts=attempt, seconds={"total": 0.0})


def _killed(task: Task) -> KehoachError:
    return LimitError(
        "the workers of the cluster that had it in hand were lost",
        file=task.name,
        remedy="give the workers more memory, and run the same command again",
    )


def _for_workers(task: Task) -> Task:
    """The task with paths that mean the same in any working folder."""
    settings = task.settings
    if settings.debug_dir is not None:
        settings = settings.model_copy(update={"debug_dir": settings.debug_dir.absolute()})
    place = task.place if is_url(task.place) else str(Path(task.place).absolute())
    return replace(task, place=place, settings=settings)
