"""The service and the browser that every journey starts from."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser import PATIENCE
from tests.journeys.service import ROOT, Service

Scheme = Literal["light", "dark"]
Visit = Callable[..., Page]
Picture = Callable[..., None]


@pytest.fixture(scope="session")
def service(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service a worker; a journey finds its own answers by its mark."""
    running = Service(site, tmp_path_factory.mktemp("data"))
    yield running
    running.stop()
    assert running.faults == []


@pytest.fixture
def own_service(site: Path, tmp_path: Path) -> Iterator[Service]:
    """A service and a store that no other journey uses."""
    running = Service(site, tmp_path)
    yield running
    running.stop()
    assert running.faults == []


@pytest.fixture
def visit(browser: Browser, service: Service) -> Iterator[Visit]:
    """Open an address as somebody would: how wide, with script or not, light or dark.

    A script that throws fails the journey, unless the page was opened with `watch=False`.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        address: str = "",
        *,
        width: int = 1280,
        script: bool = True,
        scheme: Scheme = "light",
        base: str = service.url,
        watch: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=base,
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            color_scheme=scheme,
            locale="it-IT",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if watch:
            page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        if address:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, f"{address}: {answer.status}"
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def mark() -> str:
    """A text that no other journey writes."""
    return f"segno{secrets.token_hex(6)}"


@pytest.fixture(scope="session")
def picture() -> Picture:
    """Take a picture of a page for people to look at, in `tests/screenshots`, where `BACHECA_PICTURES` is set."""

    def take(shown: Page | Locator, name: str, **options: bool) -> None:
        if os.environ.get("BACHECA_PICTURES"):
            shown.screenshot(path=ROOT / "tests" / "screenshots" / f"{name}.png", **options)  # type: ignore[arg-type]

    return take
