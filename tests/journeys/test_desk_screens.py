"""Every screen of the desk in a real browser: axe finds nothing, none is wider than a phone, none is refused anything.

One service, one session; half of the screens are read in Italian and half in English.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import make_url

from forms_server.app import is_quick, make_wsgi
from forms_server.crypto.sealing import make_key
from forms_server.serving.server import listen, make_server
from tests.browser import PATIENCE
from tests.forms_server.desk.keeper import Keeper, keeper
from tests.forms_server.desk.screens.decisions.test_mail import dead
from tests.forms_server.desk.screens.decisions.test_quarantine import doubt
from tests.forms_server.samples import Respondent, running
from tests.forms_server.test_places import SESSIONS, Crowd
from tests.forms_server.test_posting import KEY
from tests.forms_server.test_results import FORM, answer
from tests.journeys.conftest import Picture
from tests.journeys.test_axe import looks, violations

pytestmark = pytest.mark.long

LONG = "Donaudampfschifffahrtsgesellschaftskapitän"
NAMES = ("ada", "bea", "cleo")
SEALED = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: sportello
title: Sportello
form:kind: survey
form:seal: true
fields:
- {name: nome, title: Nome, type: string, form:privacy: personal}
"""

IN_VIEW = """() => {
    const open = document.querySelector(".rail [aria-current]");
    if (!open) return true;
    const [place, strip] = [open.getBoundingClientRect(), open.closest("ul").getBoundingClientRect()];
    return place.left >= strip.left - 1 && place.right <= strip.right + 1;
}"""

LOOKED_AT = {(1280, "light"), (360, "dark")}
"""Where axe looks: each width and each theme once."""


@dataclass(frozen=True)
class Screen:
    """A screen, how it is come to, and what it is called in pictures.

    Args:
        name: what it is called.
        address: where one begins, below `/desk/`.
        press: the button that leads to it from there; empty where that is it.
        types: what is typed first.
    """

    name: str
    address: str
    press: str = ""
    types: tuple[tuple[str, str], ...] = ()


WHOSE = (("input[type=email]", "ada@example.org"),)
LETTER = (("#subject", f"Ci vediamo {LONG}"), ("#text", "Ciao,\n\nvedi [il programma](https://example.org/p).\n"))
ITALIAN = (
    Screen("home", ""),
    Screen("answers", "forms/sondaggio/"),
    Screen("sign-ups", "sign-ups/gruppo"),
    Screen("sign-ups-list", "sign-ups/gruppo", "form.search button"),
    Screen("sheet", "sign-ups/gruppo", "form[action$='/sheet'] button"),
    Screen("person", "people/", "main form[action$='find'] button", WHOSE),
    Screen("comments", "comments/"),
    Screen("comments-read", "comments/", "form[action$='/read'] button"),
    Screen("month", "month/"),
    Screen("quarantine", "quarantine/"),
    Screen("preview", "sign-ups/gruppo/letters/", "form[action$='/preview'] button", LETTER),
)
ENGLISH = (
    Screen("forms", "forms/"),
    Screen("opened", "forms/gruppo/", "form[action$='/open'] button"),
    Screen("downloads", "forms/sondaggio/downloads/"),
    Screen("results", "forms/voto/results/"),
    Screen("dates", "forms/sondaggio/dates/"),
    Screen("sealed", "forms/sportello/sealed"),
    Screen("people", "people/"),
    Screen("requests", "people/requests/"),
    Screen("mail", "mail/", "form[action$='/open'] button"),
    Screen("quarantine-read", "quarantine/", "form[action$='/read'] button"),
    Screen("letters", "sign-ups/gruppo/letters/"),
    Screen("on-paper", "sign-ups/gruppo/add"),
)


@dataclass(frozen=True)
class Desk:
    """A desk with something on every screen, and the session of somebody who may do everything."""

    url: str
    somebody: Keeper


@pytest.fixture(scope="module")
def desk(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    content = folder / "forms"
    content.mkdir()
    (content / "voto.yaml").write_text(
        FORM.format(name="voto", kind="poll", publish="results", disclosure="suppression"), "utf-8"
    )
    (content / "sportello.yaml").write_text(SEALED, "utf-8")
    for name in ("ada", "eva"):
        make_key(folder / f"{name}.txt", name, content)

    def edit(form: str) -> str:
        if "form:kind: signup" not in form:
            return form
        head = "form:places: 13\nform:waiting: 3\n"
        return form.replace("fields:\n", f"{head}fields:\n").replace("- name: consenso", f"{SESSIONS}- name: consenso")

    now = datetime.now(UTC)
    url = make_url(f"sqlite:///{folder}/forms.db")
    with running(folder, url, lambda: now, edit, FORMS_SITE=str(site)) as service:
        dead(service, _key=f"{KEY}-dead", sessione="sera")
        people = Crowd(service, [now])
        for name in NAMES:
            people.send(name)
            people.press(name)
        Respondent(service).sign_up(_key=f"{KEY}-long", nome=f"{LONG} ليلى", email="l@example.org", sessione="sera")
        Respondent(service).answer_survey(commento=f"{LONG} – Chiedete a Mario Rossi"[:50])
        Respondent(service).post("/forms/sportello", {"_lang": "it", "_key": f"{KEY}-sealed", "nome": LONG})
        doubt(service, key=f"{KEY}-doubt")
        answer(service, "voto", 12)
        answer(service, "voto", 2, come=f"Chiedete a Mario Rossi, {LONG}@example.org", citami="true")
        server = make_server(make_wsgi(service), partial(is_quick, service))
        listening = listen("127.0.0.1", 0)
        base = f"http://localhost:{listening.getsockname()[1]}"
        somebody = keeper(service, "administrator", base=base)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield Desk(base, somebody)
        server.should_exit = True
        thread.join(30)


def come_to(page: Page, screen: Screen) -> None:
    """Open a screen as somebody does."""
    answered = page.goto(f"/desk/{screen.address}")
    assert answered is not None
    assert answered.status == 200, (screen.name, answered.status)
    for selector, text in screen.types:
        page.fill(selector, text)
    if screen.press:
        with page.expect_navigation() as opened:
            page.locator(screen.press).first.click()
        assert opened.value.status == 200, (screen.name, opened.value.status)


@pytest.mark.parametrize(("language", "screens"), [("it", ITALIAN), ("en", ENGLISH)], ids=["it", "en"])
def test_axe_finds_nothing_on_any_screen_and_each_fits_a_phone(
    browser: Browser, desk: Desk, picture: Picture, language: str, screens: tuple[Screen, ...]
) -> None:
    context = browser.new_context(base_url=desk.url, locale=language, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    encrypted = desk.url.replace("http:", "https:")  # which a browser asks for from whoever sets such a cookie
    context.add_cookies([{"name": "__Host-desk", "value": desk.somebody.cookie, "url": encrypted, "secure": True}])
    desk.somebody.post("/desk/me/language", {"language": language})
    page = context.new_page()
    wrong: list[tuple[object, ...]] = []
    page.on("console", lambda said: wrong.append((page.url, said.type, said.text)))
    page.on("pageerror", lambda error: wrong.append((page.url, str(error))))
    for screen in screens:
        come_to(page, screen)
        expect(page.locator("h1")).to_have_count(1)
        for width, scheme in looks(page):
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wrong.append((screen.name, width, "scrolls sideways"))
            if not page.evaluate(IN_VIEW):
                wrong.append((screen.name, width, "the open screen is out of sight in the rail"))
            if (width, scheme) in LOOKED_AT:
                wrong += [(screen.name, width, scheme, line) for line in violations(page)]
            picture(page, f"desk-{screen.name}-{width}-{scheme}", full_page=True)
    context.close()
    assert wrong == [], "\n".join(map(str, wrong))
