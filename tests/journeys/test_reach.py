"""Every page is reached, fits a small phone and says its language, with and without script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Picture, Visit
from tests.journeys.service import Service

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
SCROLLS_SIDEWAYS = """() => {
    window.scrollTo(1000, 0);
    const page = document.documentElement;
    return window.scrollX > 0 || page.scrollWidth > page.clientWidth;
}"""


def addresses(site: Path) -> list[str]:
    """Return the address of every page of the built portal."""
    pages = sorted(site.rglob("index.html"))
    return ["/" + page.relative_to(site).as_posix().removesuffix("index.html") for page in pages]


def unfit(page: Page, address: str) -> list[str]:
    """Open an address; tell where the page does not fit, has not one heading, or does not say its language."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    language = "en" if address.startswith("/en/") else "it"
    wrong = []
    # Without script the browser still evaluates what a test asks.
    if page.evaluate(SCROLLS_SIDEWAYS):
        wrong.append(f"{address} scrolls sideways")
    if page.get_attribute("html", "lang") != language:
        wrong.append(f"{address} does not say lang={language}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{address} has {page.locator('h1').count()} h1")
    return wrong


def test_every_page_fits_320_pixels_has_one_heading_and_says_its_language_without_script(
    visit: Visit, site: Path
) -> None:
    """With script, `test_axe` looks at every page."""
    page = visit(width=320, script=False)
    assert [line for address in addresses(site) for line in unfit(page, address)] == []


def open_menu_of(page: Page) -> None:
    """Open the menu when the page is so narrow that there is one."""
    button = page.locator("header .site-menu-button")
    if button.is_visible():
        button.click()


@SCRIPT
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_menu_and_language_switch_are_within_reach(visit: Visit, script: bool, width: int) -> None:
    page = visit("/profilo/", script=script, width=width)
    open_menu_of(page)
    page.locator("header nav").get_by_role("link", name="Glossario").click()
    expect(page).to_have_url(re.compile("/glossario/$"))
    switch = page.locator("header a[hreflang=en]")
    expect(switch).to_be_in_viewport()
    switch.click()
    expect(page).to_have_url(re.compile("/en/glossary/$"))
    assert page.get_attribute("html", "lang") == "en"
    page.locator("header a[hreflang=it]").click()
    expect(page).to_have_url(re.compile("/glossario/$"))


@SCRIPT
@pytest.mark.parametrize("width", [320, 1280])
def test_a_page_in_one_language_says_so_before_anybody_is_led_home(
    visit: Visit, script: bool, width: int, picture: Picture
) -> None:
    page = visit("/linee-guida/", script=script, width=width)
    note = page.locator(".page-languages__only")
    expect(note).to_have_text("Only in Italian. Home page in English")
    expect(note).to_be_visible()
    assert note.get_attribute("lang") == "en"
    picture(page, f"one-language-{width}")
    switch = page.get_by_role("link", name=re.compile("Only in Italian. Home page in English"))
    expect(switch).to_be_visible()
    note.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/en/$"))
    expect(page.locator(".page-languages")).to_have_count(0)


@SCRIPT
def test_the_footer_leads_to_privacy_and_accessibility(visit: Visit, script: bool) -> None:
    page = visit("/", script=script, width=320)
    for element, address in [("accessibility-link", "accessibilita"), ("privacy-policy-link", "privacy")]:
        page.goto("/")
        page.click(f"footer [data-element={element}]")
        expect(page).to_have_url(re.compile(f"/{address}/$"))


@SCRIPT
def test_the_home_page_leads_to_the_survey(visit: Visit, script: bool) -> None:
    page = visit("/", script=script, width=360)
    page.locator("main a[href$='partecipa/sondaggio/']:visible").first.click()
    expect(page.locator("form.form")).to_be_visible()


def test_an_unknown_page_is_404_in_the_portals_look(visit: Visit, service: Service) -> None:
    for address, language in [("/non-esiste/", "it"), ("/en/not-here/", "en")]:
        page = visit()
        answer = page.goto(service.url + address)
        assert answer is not None
        assert answer.status == 404
        assert page.get_attribute("html", "lang") == language
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator("footer [data-element=privacy-policy-link]")).to_be_visible()
