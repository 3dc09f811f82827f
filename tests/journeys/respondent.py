"""What a respondent does with a form: fill it in, send it, confirm it, keep the receipt."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Response, expect

SURVEY = "responsabili-comunita"
GROUP = "gruppo-community-manager"
PAGES = {
    (SURVEY, "it"): "/partecipa/sondaggio/",
    (SURVEY, "en"): "/en/take-part/survey/",
    (GROUP, "it"): "/partecipa/gruppo/",
    (GROUP, "en"): "/en/take-part/group/",
}
SEND = "button.form-button:not(.form-button--secondary)"
EACH_WAY = pytest.mark.parametrize(
    ("language", "script"), [("it", False), ("en", True)], ids=["it no script", "en script"]
)
"""Each language and each way of a page to work, once: neither knows of the other."""


@dataclass(frozen=True)
class Person:
    """Somebody who would join the group."""

    name: str
    email: str
    organisation: str = "Biblioteca dell'Orsa"
    phone: str = "+39 06 6982 1234"


def person(mark: str) -> Person:
    """Return somebody whose name and address hold the mark."""
    return Person(name=f"Ada {mark}", email=f"{mark}@example.org")


def answer_survey(page: Page, comment: str) -> None:
    """Answer two of the three questions; the third is left alone."""
    page.check("#f-struttura-marketing")
    page.fill("#f-criteri", comment)


def answer_group(page: Page, who: Person) -> None:
    """Fill in the whole sign-up form."""
    page.fill("#f-nome", who.name)
    page.fill("#f-organizzazione", who.organisation)
    page.fill("#f-email", who.email)
    page.fill("#f-telefono", who.phone)
    page.check("#f-consenso")


def send(page: Page) -> Response:
    """Press the primary button.

    Returns:
        The service's answer to the POST, before any redirect is followed.
    """
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        page.click(SEND)
    page.wait_for_load_state()
    return posted.value


def confirm(page: Page, letter: str) -> None:
    """Follow the link of a letter that asks for a confirmation, and press the button there."""
    found = re.search(r"\S+/confirm/\S+", letter)
    assert found, letter
    page.goto(found.group())
    assert send(page).status == 303
    expect(page).to_have_url(re.compile("/receipt/"))


def reference(page: Page, form: str) -> str:
    """Read the reference off the receipt, which has to be the page that is open."""
    expect(page).to_have_url(re.compile(rf"/forms/{form}/receipt/[^/]{{20,}}$"))
    text = page.locator(".form-reference").inner_text()
    assert re.search(r"\w{4}", text), text
    return text
