"""A sealed sign-up from its page to its withdrawal: each page sound in both languages, with and without script."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from forms_server.crypto.sealing import make_key
from tests.journeys.conftest import Visit
from tests.journeys.respondent import GROUP, answer_group, confirm, person, reference, send
from tests.journeys.service import Service
from tests.journeys.test_axe import violations
from tests.portal import PORTAL

SEALED = {"it": "è sigillato", "en": "is sealed"}
WITHDRAWN = {"it": "Ritirato", "en": "Withdrawn"}


@pytest.fixture(scope="module")
def sealed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose sign-up form is sealed to two editors' keys."""
    folder = tmp_path_factory.mktemp("sealed")
    content = folder / "forms"
    shutil.copytree(PORTAL / "content/forms", content)
    form = content / f"{GROUP}.yaml"
    form.write_text(form.read_text(encoding="utf-8").replace("fields:\n", "form:seal: true\nfields:\n", 1), "utf-8")
    for name in ("ada", "eva"):
        make_key(folder / f"{name}.txt", name, content)
    running = Service(site, folder, FORMS_CONTENT=str(content))
    yield running
    running.stop()
    assert running.faults == []


def exported(service: Service, *options: str) -> list[dict[str, str]]:
    path = service.export(*options) / GROUP / "responses.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("language", "script"), [("it", False), ("en", True)])
def test_a_sealed_sign_up_is_sound_from_the_form_to_the_withdrawal(
    visit: Visit, sealed: Service, mark: str, language: str, script: bool
) -> None:
    who = person(mark)
    page = visit(base=sealed.url, width=1280 if script else 360)
    if not script:  # axe needs script, so that of the pages does not arrive
        page.route("**/*.js", lambda route: route.abort())
    found: list[str] = []

    def look(name: str) -> None:
        assert page.get_attribute("html", "lang") == language
        assert mark not in page.content() or name in ("form", "check"), name
        found.extend(f"{name}: {line}" for line in violations(page))

    page.goto(f"/forms/{GROUP}?lang={language}")
    look("form")
    answer_group(page, who)
    if send(page).status == 200:
        look("check")
        send(page)
    reference(page, GROUP)
    look("pending")
    letter = sealed.letter_to(who.email)
    links = re.search(r"\S+/confirm/\S+", letter)
    assert links
    page.goto(links.group())
    look("confirm")
    confirm(page, letter)
    expect(page.locator("main, [role=main]").first).to_contain_text(SEALED[language])
    look("receipt")
    receipt = page.url
    assert mark not in str(sealed.stored(GROUP))
    assert [row["email"] for row in exported(sealed, "--identity", str(sealed.data / "eva.txt"))] == [who.email]
    at(page, receipt, "correct", language)
    expect(page.locator("#f-nome")).to_have_value("")
    look("correct")
    at(page, receipt, "withdraw", language)
    look("withdraw")
    send(page)
    expect(page.locator("h1")).to_have_text(WITHDRAWN[language])
    look("withdrawn")
    assert sealed.stored(GROUP) == []
    assert not list((sealed.data / "outbox").glob("*.eml"))
    assert found == []


def at(page: Page, receipt: str, then: str, language: str) -> None:
    """Open a page of the receipt."""
    page.goto(f"{receipt.partition('?')[0]}/{then}?lang={language}")
