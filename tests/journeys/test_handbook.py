"""A handbook: its sections within reach, its tabs, tasks and code for everybody, with script and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

from tests.journeys.conftest import Scheme, Visit
from tests.journeys.handbook import DIAGRAMS, build_handbook
from tests.journeys.service import Service
from tests.journeys.test_axe import violations
from tests.journeys.test_budgets import LIMIT, SHIFT_LIMIT, Visited


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The handbook, as the service shows it, with its policies."""
    folder = tmp_path_factory.mktemp("manuale")
    site = build_handbook(folder)
    running = Service(site, tmp_path_factory.mktemp("dati"))
    yield running.url
    running.stop()
    assert running.faults == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark"), (1600, "light")])
def test_whatever_markdown_brings_is_for_everybody(visit: Visit, handbook: str, width: int, scheme: Scheme) -> None:
    refused: list[str] = []
    page = visit(width=width, scheme=scheme, base=handbook)
    page.on("console", lambda message: refused.append(message.text) if is_refusal(message) else None)
    for address in ("/guide/tutto/", "/guide/debian/"):
        page.goto(address)
        for label in page.locator(".tabbed-labels label, h1").all():
            label.click()
            assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert refused == []


def is_refusal(message: ConsoleMessage) -> bool:
    """Tell whether a browser says that a policy kept something from the page."""
    return "Content Security Policy" in message.text


def test_a_phone_without_script_opens_the_section_and_goes_on(visit: Visit, handbook: str) -> None:
    page = visit("/guide/tutto/", width=360, script=False, base=handbook)
    here = page.locator(".section-nav").get_by_role("link", name="Tutto")
    expect(here).to_be_hidden()
    page.locator(".section-nav summary").focus()
    page.keyboard.press("Enter")
    expect(here).to_have_attribute("aria-current", "page")
    page.locator(".section-nav").get_by_role("link", name="Server").click()
    expect(page.locator("h1")).to_contain_text("Debian")
    expect(page.locator(".trail")).to_contain_text("Server")


def test_a_desk_shows_the_section_and_the_keyboard_passes_it_before_the_text(visit: Visit, handbook: str) -> None:
    page = visit("/guide/tutto/", script=False, base=handbook)
    expect(page.locator(".section-nav").get_by_role("link", name="Server")).to_be_visible()
    expect(page.locator(".section-nav summary")).to_be_hidden()
    page.locator(".section-nav").get_by_role("link", name="Ultima").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".trail a").first).to_be_focused()


def test_tabs_are_changed_with_the_arrows_and_code_that_scrolls_can_be_reached(visit: Visit, handbook: str) -> None:
    page = visit("/guide/tutto/", width=360, base=handbook)
    expect(page.locator(".tabbed-block code")).to_have_attribute("tabindex", "0")
    page.locator(".tabbed-set input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Per macOS.")).to_be_visible()
    expect(page.get_by_text("Per Linux.")).to_be_hidden()
    ring = page.locator(".tabbed-labels label").nth(1).evaluate("label => getComputedStyle(label).outlineColor")
    assert ring == "rgb(164, 60, 23)"
    page.get_by_label("Fatto bene").wait_for()


def test_paper_has_every_tab_and_no_navigation(visit: Visit, handbook: str) -> None:
    page = visit("/guide/tutto/", base=handbook)
    page.emulate_media(media="print")
    for text in ("Per Linux.", "Per macOS."):
        expect(page.get_by_text(text)).to_be_visible()
    for part in (".section-nav", ".trail", ".neighbours", ".site-menu"):
        expect(page.locator(part)).to_be_hidden()


def test_the_page_with_everything_is_light_and_stays_where_it_is(browser: Browser, handbook: str) -> None:
    visited = Visited(browser, handbook, "/guide/tutto/")
    assert visited.weight <= LIMIT, visited.sizes.most_common()
    assert visited.shift <= SHIFT_LIMIT


def test_diagrams_are_drawn_within_the_policy_and_stand_as_words_without_script(visit: Visit, handbook: str) -> None:
    refused: list[str] = []
    page = visit(base=handbook, scheme="dark")
    page.on("console", lambda message: refused.append(message.text) if is_refusal(message) else None)
    page.goto("/guide/diagrammi/")
    expect(page.locator("html[data-diagrams=drawn]")).to_be_attached()
    expect(page.locator(".diagram svg")).to_have_count(len(DIAGRAMS))
    assert refused == []
    assert violations(page) == []
    for diagram in page.locator(".diagram svg").all():
        box = diagram.bounding_box()
        assert box
        assert min(box["width"], box["height"]) > 40
    expect(page.get_by_text("Una bozza").first).to_be_visible()
    chosen = page.locator(".diagram .node path, .diagram .node polygon").first
    assert chosen.evaluate("shape => getComputedStyle(shape).fill") != "rgb(0, 0, 0)"  # its styles hold
    expect(page.locator("pre.mermaid:visible")).to_have_text("nessun diagramma")
    bare = visit("/guide/diagrammi/", base=handbook, script=False)
    expect(bare.locator("pre.mermaid:visible")).to_have_count(len(DIAGRAMS) + 1)


def test_a_page_without_diagrams_fetches_nothing_for_them(visit: Visit, handbook: str) -> None:
    page = visit(base=handbook)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/guide/tutto/", wait_until="networkidle")
    assert not [url for url in asked if "mermaid" in url or "diagrams" in url]


def test_what_is_folded_is_read_on_paper_with_script_and_without(visit: Visit, handbook: str) -> None:
    bare = visit("/guide/tutto/", base=handbook, script=False)
    hidden = bare.locator("details", has_text="Si apre").get_by_text("Dentro.")
    height = "node => node.getBoundingClientRect().height"
    assert hidden.evaluate("node => node.checkVisibility({ contentVisibilityAuto: true })") is False
    bare.emulate_media(media="print")
    assert hidden.evaluate("node => node.checkVisibility({ contentVisibilityAuto: true })") is True
    assert hidden.evaluate(height) > 5
    page = visit("/guide/tutto/", base=handbook)
    folded = page.locator("details", has_text="Si apre").last
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(folded).to_have_attribute("open", "")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(folded).not_to_have_attribute("open", "")


def test_a_second_title_doubles_neither_the_contents_nor_any_id(visit: Visit, handbook: str) -> None:
    page = visit("/guide/ultima/", base=handbook, script=False)
    expect(page.locator("h1")).to_have_count(2)
    expect(page.locator(".page-toc")).to_have_count(1)
    names = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
    assert len(names) == len(set(names))
