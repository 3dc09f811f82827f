"""A sign-up is pending until the button of the page is pressed that its mail opens, with and without script."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.respondent import EACH_WAY, GROUP, PAGES, answer_group, confirm, person, reference, send
from tests.journeys.service import Service
from tests.journeys.test_axe import violations

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
PENDING = {"it": "in attesa", "en": "pending"}
CLOSED = {"it": "Confermato", "en": "Confirmed"}
DONE = {"it": "Abbiamo registrato i tuoi dati", "en": "We have your details"}


def signed_up(visit: Visit, mark: str, language: str, script: bool) -> Page:
    """Sign up and stand on the receipt."""
    page = visit(PAGES[GROUP, language], script=script, width=360)
    answer_group(page, person(mark))
    if send(page).status == 200:
        send(page)
    reference(page, GROUP)
    return page


def exported(service: Service, mark: str) -> list[dict[str, str]]:
    """Export, and read the members that hold the mark."""
    with (service.export() / GROUP / "responses.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if mark in row["nome"]]


@EACH_WAY
def test_a_sign_up_is_pending_until_the_button_is_pressed(
    visit: Visit, service: Service, mark: str, script: bool, language: str
) -> None:
    who = person(mark)
    page = signed_up(visit, mark, language, script)
    receipt = page.url
    expect(page.locator("strong", has_text=PENDING[language])).to_be_visible()
    assert who.email not in page.content()
    letter = service.letter_to(who.email)
    found = re.search(r"\S+/confirm/\S+", letter)
    assert found
    page.goto(found.group())  # as a program that looks through mail would
    assert exported(service, mark) == []
    confirm(page, letter)
    assert page.get_attribute("html", "lang") == language
    expect(page.locator("h1")).to_have_text(DONE[language])
    assert [row["email"] for row in exported(service, mark)] == [who.email]
    page.goto(receipt)
    expect(page.locator("h1")).to_have_text(CLOSED[language])
    assert who.email[0] + "•••" not in page.content()
    assert mark not in service.log


@SCRIPT
def test_the_mail_takes_a_sign_up_back(visit: Visit, service: Service, mark: str, script: bool) -> None:
    page = signed_up(visit, mark, "it", script)
    letter = service.letter_to(person(mark).email)
    found = re.search(r"\S+/withdraw\S*", letter)
    assert found
    page.goto(found.group())
    send(page)
    expect(page.locator("h1")).to_have_text("Ritirato")
    confirming = re.search(r"\S+/confirm/\S+", letter)
    assert confirming
    answer = page.goto(confirming.group())
    assert answer is not None
    assert answer.status == 404


def test_axe_finds_nothing_on_the_pages_of_a_confirmation(visit: Visit, service: Service, mark: str) -> None:
    page = signed_up(visit, mark, "it", script=True)
    found = [f"pending {line}" for line in violations(page)]
    letter = service.letter_to(person(mark).email)
    links = re.search(r"\S+/confirm/\S+", letter)
    assert links
    for address in (links.group(), links.group().replace("lang=it", "lang=en"), links.group()[:-12]):
        page.goto(address)
        found += [f"{address} {line}" for line in violations(page)]
    confirm(page, letter)
    page.goto(links.group())
    found += [f"again {line}" for line in violations(page)]
    assert found == []
