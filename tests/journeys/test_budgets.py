"""What a page costs somebody with a small phone: bytes, other hosts, cookies, shifts; what it tells search engines."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.service import Service
from tests.journeys.test_reach import addresses

LIMIT = 100_000
"""Bytes that a text or form page may transfer, all that it loads included; search comes when it is asked for."""

SHIFT_LIMIT = 0.01
"""A tenth of what Lighthouse calls good (cumulative layout shift); on a quiet machine it is nothing at all."""

KINDS = (
    "/",
    "/profilo/",
    "/linee-guida/",
    "/glossario/",
    "/domande/",
    "/articoli/",
    "/articoli/un-reclamo-in-pubblico/",
    "/articoli/numeri/1/",
    "/partecipa/",
    "/partecipa/sondaggio/",
    "/partecipa/gruppo/",
    "/privacy/",
    "/andamento/",
    "/nowhere/",
    "/en/",
    "/en/profile/",
    "/en/glossary/",
    "/en/take-part/survey/",
    "/forms/gruppo-community-manager",
)
SHIFT = """() => new Promise(resolve => {
    let shifted = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => { shifted += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    window.scrollTo(0, document.body.scrollHeight);
    requestAnimationFrame(() => setTimeout(() => resolve(shifted), 100));
})"""


class Load:
    """What a page loads: cold each time, however many addresses it opens one after the other."""

    def __init__(self, page: Page):
        self._page = page
        self._named: dict[str, str] = {}
        self.sizes: Counter[str] = Counter()
        self.urls: set[str] = set()
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.send("Network.setCacheDisabled", {"cacheDisabled": True})
        protocol.on("Network.requestWillBeSent", self._asked)
        protocol.on("Network.loadingFinished", self._loaded)

    def open(self, address: str) -> None:
        """Open an address and wait until nothing more comes."""
        self.sizes.clear()
        self.urls.clear()
        self._page.goto(address, wait_until="networkidle")

    @property
    def weight(self) -> int:
        """Bytes transferred for the address that is open, headers included."""
        return self.sizes.total()

    def _asked(self, event: dict[str, Any]) -> None:
        self._named[event["requestId"]] = event["request"]["url"]
        self.urls.add(event["request"]["url"])

    def _loaded(self, event: dict[str, Any]) -> None:
        self.sizes[self._named.get(event["requestId"], "")] += event["encodedDataLength"]


class Visited:
    """What a page loaded for somebody who was never there, at 360 pixels."""

    def __init__(self, browser: Browser, base: str, address: str):
        context = browser.new_context(base_url=base, viewport={"width": 360, "height": 740}, locale="it-IT")
        page = context.new_page()
        load = Load(page)
        load.open(address)
        self.sizes, self.urls, self.weight = load.sizes, load.urls, load.weight
        self.shift: float = page.evaluate(SHIFT)
        self.cookies = context.cookies()
        context.close()


@pytest.mark.parametrize("address", KINDS)
def test_a_page_is_light_asks_nobody_else_and_stays_where_it_is(
    browser: Browser, service: Service, address: str
) -> None:
    visited = Visited(browser, service.url, address)
    assert visited.weight <= LIMIT, visited.sizes.most_common()
    assert {urlsplit(url).netloc for url in visited.urls if not url.startswith("data:")} == {
        urlsplit(service.url).netloc
    }
    assert visited.cookies == []
    assert visited.shift <= SHIFT_LIMIT


LINK = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="([^"]*)")? href="([^"]*)">')


def test_every_page_names_itself_and_its_translation_to_search_engines(site: Path) -> None:
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    root = re.findall(r"<loc>(.*?)</loc>", sitemap)[0].rstrip("/")
    languages: dict[str, dict[str, str]] = {}
    for address in addresses(site):
        links = LINK.findall((site / address.lstrip("/") / "index.html").read_text(encoding="utf-8"))
        assert [target for rel, _, target in links if rel == "canonical"] == [root + address], address
        assert f"<loc>{root}{address}</loc>" in sitemap
        languages[address] = {language: target.removeprefix(root) for rel, language, target in links if language}
    for address, others in languages.items():
        for language, other in others.items():
            assert languages.get(other) == others, f"{address} and {other} ({language}) do not name each other"
    assert sum(len(others) > 1 for others in languages.values()) >= 18
    assert f"Sitemap: {root}/sitemap.xml" in (site / "robots.txt").read_text(encoding="utf-8")
