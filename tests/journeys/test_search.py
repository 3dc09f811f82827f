"""The search: what comes first in both languages, where the keyboard goes, a copy from a disk, nothing found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.test_axe import AXE_SCRIPT, TAGS, VIOLATIONS

QUERIES = {
    "/": {
        "l’accessibilità": "/accessibilita/",
        "accessibilita": "/accessibilita/",
        "moderare di notte": "/articoli/moderare-di-notte/",
        "bannati": "/glossario/#bannare",
        "pseudonimo": "/glossario/#nickname",
        "competenz": "/profilo/#competenze",
        "privacy": "/privacy/",
        "reclamo": "/articoli/un-reclamo-in-pubblico/",
        "retribuzzione": "/profilo/#retribuzione",
        "iscriversi": "/partecipa/gruppo/",
    },
    "/en/": {"banned": "/en/glossary/#ban", "pay": "/en/profile/#pay", "accessibility": "/en/accessibility/"},
}
"""What people type, and what stands first."""


def ask(page: Page, query: str) -> None:
    """Type a query into the open search."""
    page.keyboard.press("Control+A")
    page.keyboard.type(query)


def found_otherwise(page: Page, queries: Mapping[str, str]) -> dict[str, str]:
    """Type each query; give those for which something else stands first, with what does."""
    page.click(".search-open")
    expect(page.locator("dialog.search[data-read]")).to_be_visible()
    wrong = {}
    for query, wanted in queries.items():
        ask(page, query)
        found = page.locator(".search__title")
        first = found.first.get_attribute("href") if found.count() else ""
        if not first or not first.endswith(wanted):
            wrong[query] = first or ""
    assert "§" not in page.locator(".search__output").inner_text()
    return wrong


@pytest.mark.parametrize("home", QUERIES)
def test_what_people_look_for_stands_first(visit: Visit, home: str) -> None:
    assert found_otherwise(visit(home), QUERIES[home]) == {}


def test_the_keyboard_moves_through_results_and_comes_back(visit: Visit) -> None:
    page = visit("/", width=360, scheme="dark")
    page.locator(".search-open").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#search-query")).to_be_focused()
    ask(page, "moder")
    expect(page.locator("dialog.search[data-read]")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(re.compile(r": \d+$"))
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(VIOLATIONS, TAGS) == []
    assert page.evaluate("document.querySelector('dialog').scrollWidth <= innerWidth")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search__title").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search-query")).to_be_focused()
    page.get_by_role("button", name="Pagine").click()
    assert {kind.inner_text() for kind in page.locator(".search__kind").all()} == {"Pagina"}
    page.locator("#search-query").focus()
    ask(page, "xyzzyq")
    expect(page.get_by_role("status")).to_have_text("Niente con «\u2068xyzzyq\u2069»")
    expect(page.locator(".search__none .scene")).to_have_css("position", "static")
    expect(page.locator(".search__sections a").first).to_have_text("Profilo")
    expect(page.locator(".search__sections a").last).to_have_attribute("href", re.compile("^mailto:"))
    ask(page, "moderatzoin")
    expect(page.locator(".search__near li").first).to_have_text(re.compile("Modera.* (Parola|Articolo)$"))
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(VIOLATIONS, TAGS) == []
    page.keyboard.press("Escape")
    expect(page.locator(".search-open")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("bannati")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("glossario/#bannare$"))


def test_a_copy_on_a_disk_can_be_searched(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(f"file://{site}/profilo/index.html")
    page.click(".search-open")
    expect(page.locator("#search-query")).to_be_focused()
    page.keyboard.type("bannati")
    expect(page.locator(".search__title").first).to_have_attribute(
        "href", f"file://{site}/glossario/index.html#bannare"
    )
    page.context.close()
