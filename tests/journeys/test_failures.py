"""What somebody meets when a script, the service or another site misbehaves: a way on, always."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import Visit
from tests.journeys.respondent import GROUP, PAGES, SURVEY, answer_survey, reference, send
from tests.journeys.service import Service

FORM_SCRIPT = "**/form*.js"
BROKEN_BROWSERS = {
    "no randomness": "Crypto.prototype.getRandomValues = Crypto.prototype.randomUUID = () => { throw 1 }",
    "no storage": "Object.defineProperty(window, 'sessionStorage', {get() { throw 1 }})",
    "full storage": "Storage.prototype.setItem = () => { throw 1 }",
}


def not_delivered(route: Route) -> None:
    """Deliver no script at all."""
    route.abort()


def cut_short(route: Route) -> None:
    """Deliver the first half of a script, as a dropped connection would."""
    text = route.fetch().text()
    route.fulfill(body=text[: len(text) // 2], content_type="text/javascript")


def breaking_off(route: Route) -> None:
    """Deliver a script whose last act is a mistake."""
    route.fulfill(body=route.fetch().text() + ";throw new Error('rotto')", content_type="text/javascript")


@pytest.mark.parametrize("fault", [not_delivered, cut_short, breaking_off])
def test_a_form_script_that_fails_leaves_the_page_as_without_it(
    visit: Visit, service: Service, mark: str, fault: Callable[[Route], None]
) -> None:
    page = visit(watch=False)
    page.route(FORM_SCRIPT, fault)
    with page.expect_request(FORM_SCRIPT):
        page.goto(PAGES[SURVEY, "it"])
    answer_survey(page, mark)
    if send(page).status == 200:
        expect(page.locator("dl.form-answers")).to_contain_text(mark)
        send(page)
    reference(page, SURVEY)
    assert len(service.stored(SURVEY, mark)) == 1


@pytest.mark.parametrize("fault", BROKEN_BROWSERS)
def test_a_browser_that_refuses_the_script_something_still_sends(
    visit: Visit, service: Service, mark: str, fault: str
) -> None:
    page = visit(watch=False)
    page.add_init_script(BROKEN_BROWSERS[fault])
    page.goto(PAGES[SURVEY, "it"])
    answer_survey(page, mark)
    if send(page).status == 200:
        send(page)
    reference(page, SURVEY)
    assert len(service.stored(SURVEY, mark)) == 1


@pytest.mark.parametrize("form", [SURVEY, GROUP])
def test_with_service_down_and_no_script_the_page_itself_offers_the_mail(
    visit: Visit, own_service: Service, form: str
) -> None:
    page = visit(PAGES[form, "it"], script=False, base=own_service.url, width=320)
    own_service.stop()
    page.locator("details.form-mail summary").click()
    link = page.locator(".form-mail a[href^='mailto:']")
    expect(link).to_be_visible()
    address, _, query = (link.get_attribute("href") or "").partition("?")
    assert address == "mailto:info@bacheca.example.org"
    copy = page.locator("pre.form-mail-text")
    expect(copy).to_be_visible()
    for label in page.locator("form.form .form-label").all():
        question = " ".join((label.text_content() or "").split("(facoltativo)")[0].split())
        assert question in " ".join(copy.inner_text().split())
        assert question in " ".join(unquote(query).split())


def test_with_service_down_the_mail_holds_what_was_typed(visit: Visit, own_service: Service, mark: str) -> None:
    page = visit(PAGES[SURVEY, "it"], base=own_service.url, watch=False)
    answer_survey(page, f"{mark} & perché?\nseconda riga")
    own_service.stop()
    page.locator("details.form-mail summary").click()
    href = page.locator(".form-mail a[href^='mailto:']").get_attribute("href") or ""
    for text in (unquote(href), page.locator("pre.form-mail-text").inner_text()):
        assert f"{mark} & perché?" in text
        assert "seconda riga" in text
        assert "Marketing" in text
    assert "%0D%0Aseconda" in href


@pytest.mark.parametrize(
    ("policy", "status"), [("", 403), ("sandbox allow-forms", 200)], ids=["other origin", "null origin"]
)
def test_another_sites_page_cannot_post(visit: Visit, service: Service, mark: str, policy: str, status: int) -> None:
    page = visit()
    form = f"<form method=post action={service.url}/forms/{SURVEY}><input name=criteri value={mark}>"
    page.route(
        "http://altrove.example/",
        lambda route: route.fulfill(
            body=f"<!doctype html>{form}<button class=form-button>Invia</button></form>",
            content_type="text/html",
            headers={"Content-Security-Policy": policy} if policy else {},
        ),
    )
    page.goto("http://altrove.example/")
    assert send(page).status == status
    expect(page.locator("main h1")).to_be_visible()
    assert service.stored(SURVEY, mark) == []


def test_a_store_that_is_gone_never_gives_a_receipt(visit: Visit, own_service: Service, mark: str) -> None:
    page = visit(PAGES[SURVEY, "it"], base=own_service.url, watch=False)
    answer_survey(page, mark)
    own_service.stop()
    page.click("form.form button.form-button", no_wait_after=True)
    expect(page.locator("form.form")).to_have_count(0)  # from a page that is being left nobody can go back
    expect(page.locator(".form-reference")).to_have_count(0)
    page.go_back()
    expect(page.locator("#f-criteri")).to_have_value(mark)
