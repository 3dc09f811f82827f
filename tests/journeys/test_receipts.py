"""With the receipt's link alone a respondent sees, corrects and withdraws what was sent, with and without script."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.respondent import EACH_WAY, PAGES, SURVEY, answer_survey, reference, send
from tests.journeys.service import Service
from tests.journeys.test_axe import looks, violations

WORDS = {
    "it": {"correct": "Correggi", "withdraw": "Ritira", "gone": "Ritirato", "back": "senza cambiare niente"},
    "en": {"correct": "Correct", "withdraw": "Withdraw", "gone": "Withdrawn", "back": "changing nothing"},
}


def answered(visit: Visit, mark: str, language: str, script: bool, width: int = 1280) -> Page:
    """Answer the survey and stand on its receipt."""
    page = visit(PAGES[SURVEY, language], script=script, width=width)
    answer_survey(page, mark)
    if send(page).status == 200:
        send(page)
    reference(page, SURVEY)
    return page


def sound(page: Page, language: str) -> None:
    """See that a page is in the language and has one heading above the others."""
    assert page.get_attribute("html", "lang") == language
    expect(page.locator("main h1, [role=main] h1")).to_have_count(1)


@EACH_WAY
def test_answers_are_corrected_from_the_receipt(
    visit: Visit, service: Service, mark: str, script: bool, language: str
) -> None:
    page = answered(visit, mark, language, script, width=320)
    page.get_by_role("link", name=WORDS[language]["correct"], exact=True).click()
    sound(page, language)
    expect(page.locator("#f-struttura-marketing")).to_be_checked()
    expect(page.locator("#f-criteri")).to_have_value(mark)
    page.check("#f-struttura-vendite")
    page.fill("#f-criteri", f"{mark} corretto")
    assert send(page).status == 303
    reference(page, SURVEY)
    expect(page.locator("dl.form-answers")).to_contain_text(f"{mark} corretto")
    rows = service.stored(SURVEY, mark)
    assert [(row["struttura"], row["criteri"]) for row in rows] == [("vendite", f"{mark} corretto")]


@EACH_WAY
def test_answers_are_withdrawn_with_a_button_and_the_receipt_opens_no_more(
    visit: Visit, service: Service, mark: str, script: bool, language: str
) -> None:
    page = answered(visit, mark, language, script)
    receipt = page.url
    page.get_by_role("link", name=WORDS[language]["withdraw"], exact=True).click()
    sound(page, language)
    page.get_by_role("link", name=re.compile(WORDS[language]["back"])).click()
    assert len(service.stored(SURVEY, mark)) == 1
    page.get_by_role("link", name=WORDS[language]["withdraw"], exact=True).click()
    assert send(page).status == 303
    sound(page, language)
    expect(page.locator("h1")).to_have_text(WORDS[language]["gone"])
    assert page.reload() is not None
    assert service.stored(SURVEY, mark) == []
    answer = page.goto(receipt)
    assert answer is not None
    assert answer.status == 404
    page.go_back()
    assert mark not in page.content()
    assert mark not in service.log


def test_a_wrong_correction_is_shown_back_with_its_problem(visit: Visit, service: Service, mark: str) -> None:
    page = answered(visit, mark, "it", script=True)
    page.get_by_role("link", name="Correggi", exact=True).click()
    page.fill("#f-criteri", "x" * 2001)
    assert send(page).status == 422
    expect(page).to_have_title(re.compile("^Errore: "))
    expect(page.locator(".form-summary")).to_be_focused()
    expect(page.locator("#f-criteri")).to_have_value("x" * 2001)
    assert len(service.stored(SURVEY, mark)) == 1


def test_axe_finds_nothing_on_the_pages_of_a_receipt(visit: Visit, mark: str) -> None:
    page = answered(visit, mark, "it", script=True)
    receipt = page.url
    found = []
    for then in ("", "/correct", "/withdraw", "/correct?lang=en", "/withdraw?lang=en", "/withdrawn"):
        if then == "/withdrawn":
            page.goto(f"{receipt}/withdraw")
            send(page)
        else:
            page.goto(receipt + then)
        for width, scheme in looks(page):
            found += [f"{then} {width} {scheme} {line}" for line in violations(page)]
    assert found == []


def test_the_keyboard_alone_withdraws(visit: Visit, service: Service, mark: str) -> None:
    page = answered(visit, mark, "it", script=False)
    page.get_by_role("link", name="Ritira", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/withdraw"))
    page.get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/withdrawn"))
    assert service.stored(SURVEY, mark) == []
