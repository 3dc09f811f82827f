"""The pages of this community as they are published: links, figures, HTML, weight, reach, paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.bacheca.portal.test_site import Reader, dead_links, pages_of
from tests.browser import PATIENCE
from tests.journeys.service import ROOT, Service
from tests.journeys.test_axe import violations
from tests.journeys.test_budgets import LIMIT, Load
from tests.journeys.test_reach import SCROLLS_SIDEWAYS
from tests.journeys.test_search import found_otherwise
from tests.web.judges import html_problems

pytestmark = pytest.mark.long

QUERIES = {
    "/": {
        "l'utente": "/glossario/#ugc",
        "dell’organizzazione": "/articoli/una-giornata-nel-mestiere/",
        "indagini": "/domande/#quanto-guadagna",
        "comunita online": "/glossario/#community",
        "accessibilita": "/accessibilita/",
        "moderare di notte": "/articoli/moderare-di-notte/",
        "quanto guadagna": "/domande/#quanto-guadagna",
        "stipendi": "/profilo/#retribuzione",
        "formazio": "/profilo/#formazione",
        "bannati": "/glossario/#bannare",
        "uplodare": "/glossario/#caricare",
        "customer service": "/glossario/#servizio-clienti",
        "scala della moderazione": "/linee-guida/#r-scala",
        "iscrizione al gruppo": "/partecipa/gruppo/",
        "privacy": "/privacy/",
        "reclamo": "/articoli/un-reclamo-in-pubblico/",
        "retribuzzione": "/profilo/#retribuzione",
    },
    "/en/": {
        "banned": "/en/glossary/#ban",
        "uploading": "/en/glossary/#upload",
        "pay": "/en/profile/#pay",
        "trainings": "/en/profile/#training",
        "accessibility": "/en/accessibility/",
        "galateo": "/en/glossary/#netiquette",
    },
}
"""What people type, and the page or the section that stands first."""


@pytest.fixture(scope="module")
def pages(community_site: Path) -> dict[str, Reader]:
    return pages_of(community_site)


@pytest.fixture(scope="module")
def service(community_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("community")
    running = Service(community_site, folder, FORMS_CONTENT=str(ROOT / "content/forms"))
    yield running
    running.stop()
    assert running.faults == []


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    context = browser.new_context(base_url=service.url, viewport={"width": 320, "height": 800}, locale="it-IT")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_every_link_leads_somewhere(pages: dict[str, Reader], community_site: Path) -> None:
    assert len(pages) > 20
    assert dead_links(community_site, pages) == []


def test_every_page_is_valid_html(community_site: Path) -> None:
    assert html_problems([page for page in community_site.rglob("*.html") if page.name != "shell.html"]) == []


ALIKE = 4
"""How many pages of a folder axe looks at: they share a template, and `check` has read what differs."""


def test_axe_finds_nothing_and_every_page_is_light_and_fits_a_phone(page: Page, pages: dict[str, Reader]) -> None:
    load = Load(page)
    wrong = []
    looked_at: Counter[str] = Counter()
    for address in pages:
        load.open(address)
        assert load.weight > 1000, address
        if load.weight > LIMIT and not re.search("/(temi|archivio|numeri|pagina)/", address):
            wrong.append(f"{address} weighs {load.weight} bytes")
        folder = address.rstrip("/").rpartition("/")[0]
        looked_at[folder] += 1
        if looked_at[folder] <= ALIKE:
            wrong += [f"{address} {line}" for line in violations(page)]
        if page.evaluate(SCROLLS_SIDEWAYS):
            wrong.append(f"{address} scrolls sideways")
    assert wrong == []


@pytest.mark.parametrize("address", ["/partecipa/sondaggio/", "/partecipa/gruppo/", "/en/take-part/survey/"])
def test_a_form_begins_on_the_first_screen(page: Page, address: str) -> None:
    page.goto(address)
    for width, height, screens in ((1280, 800, 1), (360, 780, 1.5)):
        page.set_viewport_size({"width": width, "height": height})
        question = page.locator(".form-field").first.bounding_box()
        assert question
        assert question["y"] < height * screens, width


def test_the_job_profile_prints_on_two_sheets(page: Page) -> None:
    for address in ("/profilo/", "/en/profile/"):
        page.goto(address)
        page.evaluate("document.fonts.ready.then(() => true)")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 2, address


def test_the_moderation_ladder_is_a_figure_with_its_words_and_every_rule_can_be_quoted(
    pages: dict[str, Reader],
) -> None:
    guidelines = pages["/linee-guida/"]
    (drawing,) = (svg for svg in guidelines.all("svg", role="img"))
    named = {found.get("id") for _, found in guidelines.elements}
    assert set(drawing["aria-labelledby"].split()) <= named
    rules = [found["id"] for found in guidelines.all("h3")]
    assert len(rules) > 20
    assert all(rule.startswith("r-") for rule in rules)
    assert guidelines.all("a", href="mailto:segnalazioni@bacheca.example.org")


@pytest.mark.parametrize("home", QUERIES)
def test_what_people_look_for_stands_first(page: Page, home: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(home)
    assert found_otherwise(page, QUERIES[home]) == {}


def test_what_the_readme_shows_of_the_content_is_there() -> None:
    shown = re.findall(r"\]\((content/[^)#\s]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown
    assert all((ROOT / target).exists() for target in shown)
