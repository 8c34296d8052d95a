"""A review server in a process of its own, and Debian's Chromium to visit it with."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.faults.command import COMMAND, ROOT, environment

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
READY = "body[data-ready]"
expect.set_options(timeout=20_000)  # milliseconds; the machine may run other tests beside


@dataclass(frozen=True)
class Server:
    """Where a review can be visited: ``link`` with its token, ``base`` without."""

    link: str
    base: str

    def document(self, name: str) -> str:
        return f"{self.base}/documents/{name}"


@contextmanager
def reviewing(folder: Path, *options: str) -> Iterator[Server]:
    """``kehoach review FOLDER``, until the block ends."""
    command = [*COMMAND, "review", str(folder), "--name", "Người kiểm tra", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=environment()
    )
    try:
        told = ""
        assert process.stdout
        for line in process.stdout:
            told += line
            link = re.search(r"http://\S+", line)
            if link:
                parts = urlsplit(link[0])
                yield Server(link[0], f"http://{parts.netloc}")
                break
        else:
            raise AssertionError(f"the review did not start: {told}")
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest, rest


def chromium() -> str:
    """Where Chromium is. Skips the test where it cannot be had; in continuous integration that is a failure."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        message = "Chromium is not installed: .ci/setup/test-packages.sh installs it on Debian"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless browser."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def visit(browser: Browser, server: Server, name: str | None = None, **options: object) -> Page:
    """A new visitor with the link, at a document when named. Whatever a page complains of is in ``page.complaints``."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, "locale": "vi-VN", **options})  # type: ignore[arg-type]
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))  # type: ignore[attr-defined]
    page.goto(server.link)
    if name is not None:
        page.goto(server.document(name))
        page.wait_for_selector(READY)
    return page
