"""The sign-up to the group: what goes wrong is said, nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.respondent import EACH_WAY, GROUP, PAGES, answer_group, person, reference, send
from tests.journeys.service import Service

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
TITLE = {"it": re.compile("^Errore: "), "en": re.compile("^Error: ")}
REQUIRED = ["#f-nome", "#f-email", "#f-consenso"]


@EACH_WAY
def test_an_empty_form_comes_back_with_every_problem_first(visit: Visit, script: bool, language: str) -> None:
    page = visit(PAGES[GROUP, language], script=script, width=320)
    assert send(page).status == 422
    expect(page).to_have_title(TITLE[language])
    assert page.get_attribute("html", "lang") == language
    summary = page.locator(".form-summary")
    expect(summary).to_be_focused()
    links = summary.get_by_role("link").all()
    assert [link.get_attribute("href") for link in links] == REQUIRED
    for link, field in zip(links, REQUIRED, strict=True):
        said = page.locator(".form-field--problem", has=page.locator(field)).locator(".form-problem")
        assert link.inner_text() in said.inner_text()
        expect(page.locator(field)).to_have_attribute("aria-invalid", "true")
        described = page.get_attribute(field, "aria-describedby") or ""
        assert said.get_attribute("id") in described.split()
    expect(page.locator(".form-field--problem")).to_have_count(len(REQUIRED))


@SCRIPT
def test_the_links_of_the_summary_reach_the_fields(visit: Visit, script: bool) -> None:
    page = visit(PAGES[GROUP, "it"], script=script)
    send(page)
    for field in REQUIRED:
        page.click(f".form-summary a[href='{field}']")
        expect(page.locator(field)).to_be_focused()
        expect(page.locator(field)).to_be_in_viewport()


@EACH_WAY
def test_answers_are_kept_and_can_be_mended(
    visit: Visit, service: Service, mark: str, script: bool, language: str
) -> None:
    who = person(mark)
    page = visit(PAGES[GROUP, language], script=script)
    answer_group(page, who)
    page.fill("#f-email", "senza chiocciola")
    assert send(page).status == 422
    assert service.stored(GROUP, mark) == []
    expect(page.locator(".form-summary").get_by_role("link")).to_have_count(1)
    expect(page.locator("#f-nome")).to_have_value(who.name)
    expect(page.locator("#f-organizzazione")).to_have_value(who.organisation)
    expect(page.locator("#f-email")).to_have_value("senza chiocciola")
    expect(page.locator("#f-telefono")).to_have_value(who.phone)
    expect(page.locator("#f-consenso")).to_be_checked()
    page.fill("#f-email", who.email)
    if send(page).status == 200:
        expect(page.locator("dl.form-answers")).to_contain_text(who.name)
        send(page)
    reference(page, GROUP)
    assert who.email not in page.content()
    rows = service.stored(GROUP, mark)
    assert [(row["nome"], row["email"], row["telefono"]) for row in rows] == [(who.name, who.email, "+390669821234")]
    assert mark not in service.log


@pytest.mark.parametrize("width", [320, 1280])
def test_the_receipt_says_what_happens_next_and_not_that_one_has_joined(
    visit: Visit, service: Service, mark: str, width: int
) -> None:
    page = visit(PAGES[GROUP, "it"], width=width)
    answer_group(page, person(mark))
    assert send(page).status == 303
    reference(page, GROUP)
    said = page.locator("main").inner_text().lower()
    assert "info@bacheca.example.org" in said
    assert not re.search(r"\bti sei iscritt|\bsei iscritt|\bora fai parte|\bbenvenut", said)
    assert len(service.stored(GROUP, mark)) == 1


def test_consent_is_never_ticked_beforehand(visit: Visit) -> None:
    page = visit(PAGES[GROUP, "it"])
    expect(page.locator("form.form input[type=checkbox]")).to_have_count(2)  # the group, and the letter
    for name in ("consenso", "lettera"):
        expect(page.locator(f"#f-{name}")).not_to_be_checked()
    for notice in page.locator(".form-notice").all():
        expect(notice).not_to_be_empty()
