"""The search in both languages: elisions, accents, inflections, other names, slips, and what comes first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit

QUERIES = {
    "/": {
        "un’organizzazione": "/profilo/",
        "accessibilita": "/accessibilita/",
        "moderare di notte": "/articoli/moderare-di-notte/",
        "bannati": "/glossario/#bannare",
        "pseudonimo": "/glossario/#nickname",
        "competenz": "/profilo/#competenze",
        "privacy": "/privacy/",
        "reclamo": "/articoli/un-reclamo-in-pubblico/",
        "retribuzzione": "/profilo/#retribuzione",
    },
    "/en/": {"banned": "/en/glossary/#ban", "pay": "/en/profile/#pay", "accessibility": "/en/accessibility/"},
}
"""What people type, and the page or the section that stands first."""


def first_hits(page: Page) -> list[str]:
    """The addresses of the first page found and of its first section."""
    links = page.locator(".md-search-result__item").first.locator("a")
    return [
        re.sub(r"\?[^#]*", "", links.nth(place).get_attribute("href") or "") for place in range(min(2, links.count()))
    ]


def found_otherwise(page: Page, queries: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    """Type each query; give those for which something else stands first, with what does."""
    page.click(".search-open")
    field, meta = page.locator("#search-query"), page.locator(".md-search-result__meta")
    asked = meta.inner_text()
    wrong = []
    for query, wanted in queries.items():
        field.press("Control+A")
        field.press("Backspace")
        expect(meta).to_have_text(asked)
        page.keyboard.type(query)
        expect(meta).not_to_have_text(asked)
        page.wait_for_timeout(150)  # the last letter's answer
        hits = [hit.partition("//")[2].partition("/")[2] for hit in first_hits(page)]
        if f"{wanted}".lstrip("/") not in hits:
            wrong.append((query, wanted, hits))
        found = page.locator(".md-search-result__list")
        assert "§" not in found.inner_text(), query
        assert found.locator("mark mark").count() == 0, query
    return wrong


@pytest.mark.parametrize("home", QUERIES)
def test_what_people_look_for_stands_first(visit: Visit, home: str) -> None:
    assert found_otherwise(visit(home), QUERIES[home]) == []


def test_a_result_says_which_typed_words_it_lacks(visit: Visit) -> None:
    page = visit("/")
    page.click(".search-open")
    page.keyboard.type("reclami xyzzy")
    lacking = page.locator(".md-search-result__terms").first
    expect(lacking).to_contain_text("xyzzy")
    expect(lacking).not_to_contain_text("reclami")
