"""The browser is started once for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    from tests.quality.browser import browsing

    with browsing() as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Results of two fictitious plans, with their sources below in ``scans``."""
    from tests.quality.plans import pdf, plan, put

    data = pdf(2, {1: ["Trang mot"], 2: ["Trang hai"]})
    put(tmp_path, "ke-hoach", plan(data), data)
    other = pdf(1)
    document = plan(other, tasks=1, pages=1, file="khac.pdf")
    document["header"]["title"] = "Phòng, chống bệnh dại trên động vật năm 2026"
    put(tmp_path, "khac", document, other)
    return tmp_path
