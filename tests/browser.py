"""The real browser of the tests: Debian's Chromium without a window, which takes half the time of the one with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # it takes as long to load as all of the portal, and most runs of some tests open no browser
    from playwright.sync_api import Browser, Playwright

CHROMIUM = "/usr/bin/chromium-headless-shell"
PATIENCE = 30_000  # milliseconds, for a browser on a busy machine
QUIET = ["disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"]
QUIET += ["no-sandbox", "disable-component-update", "disable-sync"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself, started once a worker."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser a worker, calling nobody."""
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[f"--{flag}" for flag in QUIET])
    yield chromium
    chromium.close()
