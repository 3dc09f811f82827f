"""axe-core finds nothing on any kind of page, in both themes, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Picture, Scheme, Visit
from tests.journeys.respondent import GROUP, PAGES, SURVEY, answer_survey, send
from tests.journeys.test_reach import addresses, unfit

pytestmark = pytest.mark.long

AXE_SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PAPER = {"light": "rgb(251, 248, 242)", "dark": "rgb(23, 24, 27)"}
PAPER_OF_THE_PAGE = """() => {
    const clear = 'rgba(0, 0, 0, 0)', of = element => getComputedStyle(element).backgroundColor;
    return of(document.body) === clear ? of(document.documentElement) : of(document.body);
}"""
VIOLATIONS = """async tags => {
    const found = await axe.run({ runOnly: tags, resultTypes: ["violations"] });
    return found.violations.flatMap(
        rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.html} ${node.failureSummary}`)
    );
}"""
"""Told by the page itself: all that axe returns takes longer to hand over than to find."""


def at(address: str) -> Callable[[Page, Path], int]:
    """Return a step that opens an address."""

    def go(page: Page, _: Path) -> int:
        answer = page.goto(address)
        assert answer is not None
        return answer.status

    return go


def an_article(page: Page, site: Path) -> int:
    """Open the newest article."""
    page.goto("/articoli/")
    with page.expect_navigation() as opened:
        page.locator("main .entry__title a").first.click()
    return opened.value.status


def problems(page: Page, _: Path) -> int:
    """Send the sign-up empty."""
    page.goto(PAGES[GROUP, "it"])
    return send(page).status


def check_page(page: Page, _: Path) -> int:
    """Send the survey while no script arrives (axe needs script, so it cannot be off)."""
    page.route("**/*.js", lambda route: route.abort())
    page.goto(PAGES[SURVEY, "it"])
    answer_survey(page, "Leggiamo tutto e contiamo i temi.")
    status = send(page).status
    expect(page.locator("dl.form-answers")).to_be_visible()
    return status


def receipt(page: Page, _: Path) -> int:
    """Send the survey."""
    page.goto(PAGES[SURVEY, "it"])
    answer_survey(page, "Leggiamo tutto e contiamo i temi.")
    status = send(page).status
    expect(page.locator(".form-reference")).to_be_visible()
    return status


KINDS: dict[str, tuple[int, Callable[[Page, Path], int]]] = {
    "home": (200, at("/")),
    "profile": (200, at("/profilo/")),
    "glossary": (200, at("/glossario/")),
    "articles": (200, at("/articoli/")),
    "article": (200, an_article),
    "issue": (200, at("/articoli/numeri/1/")),
    "take-part": (200, at("/partecipa/")),
    "survey": (200, at(PAGES[SURVEY, "it"])),
    "group": (200, at(PAGES[GROUP, "it"])),
    "problems": (422, problems),
    "check": (200, check_page),
    "receipt": (303, receipt),
    "missing": (404, at("/non-esiste/")),
    "unknown-form": (404, at("/forms/non-esiste")),
}


LOOKED_AT = {"/", "/profilo/", "/glossario/", "/articoli/", "/articoli/numeri/1/", "/partecipa/"}
LOOKED_AT |= {PAGES[SURVEY, "it"], PAGES[GROUP, "it"]}
"""The pages of `KINDS`, at which axe looks in both themes already."""


def violations(page: Page) -> list[str]:
    """Run axe-core on the page.

    Returns:
        One line an element that breaks a rule.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(VIOLATIONS, TAGS)
    return found


def in_colours(page: Page, scheme: Scheme) -> None:
    """Let somebody's machine turn to other colours while the page is open."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(f"paper => ({PAPER_OF_THE_PAGE})() === paper", arg=PAPER[scheme])
    # Not waited for: in closed details, which nobody sees, colours never finish fading.
    page.evaluate("() => document.getAnimations().forEach(fading => fading.finish())")


def looks(page: Page) -> Iterator[tuple[int, Scheme]]:
    """Show the open page as it is on a desk and on a phone, by day and by night."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("() => document.fonts.ready.then(() => true)")
        for scheme in SCHEMES:
            in_colours(page, scheme)
            yield width, scheme


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(visit: Visit, site: Path, picture: Picture, kind: str) -> None:
    status, walk = KINDS[kind]
    page = visit()
    assert walk(page, site) == status
    expect(page.locator("main h1, [role=main] h1")).to_have_count(1)
    found = []
    for width, scheme in looks(page):
        picture(page, f"{kind}-{width}-{scheme}", full_page=True)
        found += [f"{width} {scheme}: {line}" for line in violations(page)]
    assert found == []


def test_axe_finds_nothing_on_any_page_and_each_fits_320_pixels_with_script(visit: Visit, site: Path) -> None:
    found_here = addresses(site)
    assert len(set(found_here) - LOOKED_AT) > 20
    page = visit(width=320)
    found = []
    for address in found_here:
        found += unfit(page, address)
        if address not in LOOKED_AT:
            found += [f"{address} {line}" for line in violations(page)]
        if address not in LOOKED_AT and not address.startswith("/en/"):  # colours are the same in any language
            page.set_viewport_size({"width": 1280, "height": 800})
            in_colours(page, "dark")
            found += [f"{address} in the dark: {line}" for line in violations(page)]
            page.set_viewport_size({"width": 320, "height": 800})
            in_colours(page, "light")
    assert found == []


def test_axe_would_find_something(visit: Visit) -> None:
    page = visit("/")
    page.evaluate("() => document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x>')")
    assert any(line.startswith("image-alt") for line in violations(page))
