"""One browser for all tests of a process, one review server for all tests of a module that can share it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.quality.browser import Server

Desk = tuple["Server", Path]


@pytest.fixture(scope="session")
def chromium_process() -> Iterator[Browser]:
    """Headless Chromium."""
    from tests.quality.browser import browsing

    with browsing() as started:
        yield started


@pytest.fixture
def browser(chromium_process: Browser) -> Iterator[Browser]:
    """The browser; every visitor of a test is gone with it."""
    yield chromium_process
    for context in chromium_process.contexts:
        context.close()


def fill(folder: Path) -> None:
    """Results of two fictitious plans, with their sources below in ``scans``."""
    from tests.quality.plans import pdf, plan, put

    data = pdf(2, {1: ["Trang mot"], 2: ["Trang hai"]})
    put(folder, "ke-hoach", plan(data), data)
    other = pdf(1)
    document = plan(other, tasks=1, pages=1, file="khac.pdf")
    document["header"]["title"] = "Phòng, chống bệnh dại trên động vật năm 2026"
    put(folder, "khac", document, other)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two results that nobody has reviewed."""
    fill(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A server, and the folder that it serves."""
    from tests.quality.browser import chromium, reviewing

    chromium()
    folder = tmp_path_factory.mktemp("desk")
    fill(folder)
    with reviewing(folder) as server:
        yield server, folder


@pytest.fixture
def desk(running: Desk) -> Desk:
    """The server, its folder as if nobody had reviewed anything."""
    _, folder = running
    for name in ("review", "golden"):
        shutil.rmtree(folder / name, ignore_errors=True)
    fill(folder)
    return running
